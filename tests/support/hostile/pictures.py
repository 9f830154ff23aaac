"""Image files: damaged, unusual, and far too large."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from functools import partial

from PIL import Image, ImageCms, ImageDraw

from tests.support.hostile import Hostile, hostile

SIZE = (830, 1170)


def make_page_image(mode: str = "L", size: tuple[int, int] = SIZE) -> Image.Image:
    """Draw a page with a black bar."""
    image = Image.new("L", size, 235)
    ImageDraw.Draw(image).rectangle([size[0] // 8, size[1] // 8, size[0] // 2, size[1] // 4], fill=20)
    return image.convert(mode) if mode != "L" else image


def encode_image(image: Image.Image, kind: str, **options: object) -> bytes:
    """Return an image as a file."""
    target = io.BytesIO()
    image.save(target, kind, **{"dpi": (200, 200), **options})
    return target.getvalue()


def jpeg(**options: object) -> bytes:
    """Make an intact scan."""
    return encode_image(make_page_image(), "JPEG", **options)


def jpeg_with_claimed_size(side: int) -> bytes:
    """Make a JPEG whose header states another size."""
    data = jpeg()
    offset = data.index(b"\xff\xc0") + 5
    return data[:offset] + struct.pack(">HH", side, side) + data[offset + 4 :]


def png_chunk(kind: bytes, data: bytes) -> bytes:
    """Make a chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(side: int) -> bytes:
    """Make a black PNG with one bit per pixel."""
    head = png_chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
    pixels = png_chunk(b"IDAT", zlib.compress(bytes(side // 8 + 1) * side, 1))
    return b"\x89PNG\r\n\x1a\n" + head + pixels + png_chunk(b"IEND", b"")


def tiff(tags: dict[int, int], data: bytes, following: int = 0) -> bytes:
    """Make a TIFF of one strip with these tags."""
    entries = {273: 8, 278: tags[257], 279: len(data), **tags}
    head = struct.pack("<HI", 42, 8 + len(data))
    rows = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in sorted(entries.items()))
    return b"II" + head + data + struct.pack("<H", len(entries)) + rows + struct.pack("<I", following)


def looping_tiff() -> bytes:
    """Make a TIFF whose pages form a loop."""
    data = bytes(100 * 80 // 8)
    tags = {256: 80, 257: 100, 258: 1, 259: 1, 262: 0, 277: 1}
    return tiff(tags, data, 8 + len(data))


def multipage_tiff() -> bytes:
    """Make a TIFF of three pages, compressed with G4."""
    pages = [make_page_image("1"), make_page_image("1"), make_page_image("1")]
    return encode_image(pages[0], "TIFF", save_all=True, append_images=pages[1:], compression="group4", dpi=(100, 100))


def image_with_orientation(orientation: int, kind: str = "JPEG", **options: object) -> bytes:
    """Make an image with an Exif orientation."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encode_image(make_page_image("1" if kind == "TIFF" else "L"), kind, exif=exif, **options)


def transparent_png() -> bytes:
    """Make a black PNG whose content is in the alpha channel."""
    image = Image.new("RGBA", SIZE, (0, 0, 0, 0))
    image.putalpha(make_page_image().point(lambda value: 255 - value))
    return encode_image(image, "PNG")


def animated_image(kind: str) -> bytes:
    """Make an animation of three frames."""
    others = [make_page_image().rotate(90), make_page_image().rotate(180)]
    return encode_image(make_page_image(), kind, save_all=True, append_images=others)


def dusty_scan() -> bytes:
    """Make a white scan with specks of dust."""
    image = Image.new("L", SIZE, 252)
    for position in range(0, 800, 97):
        image.putpixel((position, position), 90)
    return encode_image(image, "JPEG")


def jpeg_with_profile(data: bytes) -> bytes:
    """Make a grey JPEG with these bytes as its ICC profile."""
    return jpeg(icc_profile=data)


def truncate(make: Callable[[], bytes], share: float) -> bytes:
    """Return the first part of a file, by its share."""
    data = make()
    return data[: int(len(data) * share)]


SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

FILES: tuple[Hostile, ...] = (
    hostile("pic/自称亿万像素.jpg", "文件头自称 65500 见方", partial(jpeg_with_claimed_size, 65_500), "FILE-TOO-LARGE"),
    hostile("pic/黑图.png", "20000 见方的黑图", partial(png, 20_000), "FILE-TOO-LARGE"),
    hostile("pic/白传真.tif", "40000 见方的 G4 图，只有几千字节", lambda: tiff(
        {256: 40_000, 257: 40_000, 258: 1, 259: 4, 262: 0, 277: 1}, b"\xff" * 5000), "FILE-TOO-LARGE"),
    hostile("pic/截断.jpg", "只有前一半", partial(truncate, jpeg, 0.5), "FILE-DAMAGED"),
    hostile("pic/截断.png", "只有前一半", partial(truncate, lambda: encode_image(make_page_image(), "PNG"), 0.5), "FILE-DAMAGED"),
    hostile("pic/截断.tif", "只有前三分之二", partial(truncate, lambda: encode_image(make_page_image(), "TIFF"), 0.66), "FILE-DAMAGED"),
    hostile("pic/循环.tif", "下一页又是第一页", looping_tiff, "bind", "FILE-DAMAGED", "FILE-EMPTY"),
    hostile("pic/压缩数据乱.tif", "压缩数据是乱码", lambda: tiff(
        {256: 200, 257: 200, 258: 8, 259: 5, 262: 1, 277: 1}, b"\xde\xad" * 60), "FILE-DAMAGED"),
    hostile("pic/坏特性.jpg", "颜色特性文件不是特性文件", partial(jpeg_with_profile, b"no profile"), "bind", "FILE-DAMAGED"),
    hostile("pic/字在透明层.png", "像素全黑，字在透明层里", transparent_png, "bind"),
    hostile("pic/动图.png", "三帧的动图", partial(animated_image, "PNG"), "bind"),
    hostile("pic/印刷四色.jpg", "CMYK 的 JPEG", lambda: encode_image(make_page_image().convert("RGB").convert("CMYK"), "JPEG"), "bind"),
    hostile("pic/方向99.jpg", "EXIF 方向写成 99", partial(image_with_orientation, 99), "bind"),
    hostile("pic/方向6.jpg", "EXIF 方向 6，要转 90 度", partial(image_with_orientation, 6), "bind"),
    hostile("pic/方向3.png", "PNG 写着方向 3", partial(image_with_orientation, 3, "PNG"), "bind"),
    hostile("pic/方向5.tif", "G4 图又转又翻", partial(image_with_orientation, 5, "TIFF", compression="group4"), "bind"),
    hostile("pic/十六位.png", "每点 16 位", lambda: encode_image(make_page_image("I").point(lambda v: v * 257).convert("I;16"), "PNG"), "bind"),
    hostile("pic/Lab.tif", "L*a*b* 颜色", lambda: encode_image(make_page_image("RGB").convert("RGB"), "TIFF").replace(
        b"\x06\x01\x03\x00\x01\x00\x00\x00\x02", b"\x06\x01\x03\x00\x01\x00\x00\x00\x08"), "bind"),
    hostile("pic/TIFF里的JPEG.tif", "TIFF 里是 JPEG", lambda: encode_image(make_page_image("RGB"), "TIFF", compression="jpeg"), "bind"),
    hostile("pic/三页传真.tif", "三页 G4，100 dpi", multipage_tiff, "SCAN-DPI"),
    hostile("pic/尾随压缩包.jpg", "图片后面接着一个压缩包", lambda: jpeg(progressive=True) + b"PK\x03\x04" + bytes(100),
            "bind"),
    hostile("pic/没有分辨率.jpg", "没有写分辨率", lambda: encode_image(make_page_image(), "JPEG", dpi=(0, 0)), "SCAN-DPI"),
    hostile("pic/灰图彩色特性.jpg", "灰度图带着彩色特性文件", partial(jpeg_with_profile, SRGB), "bind"),
    hostile("pic/白页.png", "白页", lambda: encode_image(Image.new("L", SIZE, 255), "PNG"), "FILE-EMPTY"),
    hostile("pic/有灰尘的白页.jpg", "白页上有灰尘", dusty_scan, "FILE-EMPTY"),
)  # fmt: skip
