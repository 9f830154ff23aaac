"""Pictures: broken, odd, and far too large."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from functools import partial

from PIL import Image, ImageCms, ImageDraw

from tests.support.hostile import Hostile, hostile

SIZE = (830, 1170)


def drawn(mode: str = "L", size: tuple[int, int] = SIZE) -> Image.Image:
    """A page with a mark on it."""
    image = Image.new("L", size, 235)
    ImageDraw.Draw(image).rectangle([size[0] // 8, size[1] // 8, size[0] // 2, size[1] // 4], fill=20)
    return image.convert(mode) if mode != "L" else image


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    """A picture's file."""
    target = io.BytesIO()
    image.save(target, kind, **{"dpi": (200, 200), **options})
    return target.getvalue()


def jpeg(**options: object) -> bytes:
    """A sound scan."""
    return saved(drawn(), "JPEG", **options)


def claiming(side: int) -> bytes:
    """A JPEG that claims a size in its header."""
    data = jpeg()
    place = data.index(b"\xff\xc0") + 5
    return data[:place] + struct.pack(">HH", side, side) + data[place + 4 :]


def chunk(kind: bytes, data: bytes) -> bytes:
    """A part of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(side: int) -> bytes:
    """A black PNG of one bit to the pixel."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(bytes(side // 8 + 1) * side, 1))
    return b"\x89PNG\r\n\x1a\n" + head + pixels + chunk(b"IEND", b"")


def tiff(tags: dict[int, int], data: bytes, following: int = 0) -> bytes:
    """A TIFF of one strip, its tags as given."""
    entries = {273: 8, 278: tags[257], 279: len(data), **tags}
    head = struct.pack("<HI", 42, 8 + len(data))
    rows = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in sorted(entries.items()))
    return b"II" + head + data + struct.pack("<H", len(entries)) + rows + struct.pack("<I", following)


def looping() -> bytes:
    """Pages that follow one another in a circle."""
    data = bytes(100 * 80 // 8)
    tags = {256: 80, 257: 100, 258: 1, 259: 1, 262: 0, 277: 1}
    return tiff(tags, data, 8 + len(data))


def frames() -> bytes:
    """Three pages in G4."""
    pages = [drawn("1"), drawn("1"), drawn("1")]
    return saved(pages[0], "TIFF", save_all=True, append_images=pages[1:], compression="group4", dpi=(100, 100))


def turned(orientation: int, kind: str = "JPEG", **options: object) -> bytes:
    """A picture whose file says how it is to be turned."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    return saved(drawn("1" if kind == "TIFF" else "L"), kind, exif=exif, **options)


def transparent() -> bytes:
    """All black; the writing is in the alpha."""
    image = Image.new("RGBA", SIZE, (0, 0, 0, 0))
    image.putalpha(drawn().point(lambda value: 255 - value))
    return saved(image, "PNG")


def animated(kind: str) -> bytes:
    """Three pictures in one."""
    others = [drawn().rotate(90), drawn().rotate(180)]
    return saved(drawn(), kind, save_all=True, append_images=others)


def noisy() -> bytes:
    """A white scan with dust."""
    image = Image.new("L", SIZE, 252)
    for place in range(0, 800, 97):
        image.putpixel((place, place), 90)
    return saved(image, "JPEG")


def profiled(data: bytes) -> bytes:
    """A grey JPEG with a profile that is not one for grey, or none at all."""
    return jpeg(icc_profile=data)


def cut(make: Callable[[], bytes], share: float) -> bytes:
    """The first share of a file."""
    data = make()
    return data[: int(len(data) * share)]


SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

FILES: tuple[Hostile, ...] = (
    hostile("pic/自称亿万像素.jpg", "文件头自称 65500 见方", partial(claiming, 65_500), "FILE-TOO-LARGE"),
    hostile("pic/黑图.png", "20000 见方的黑图", partial(png, 20_000), "FILE-TOO-LARGE"),
    hostile("pic/白传真.tif", "40000 见方的 G4 图，只有几千字节", lambda: tiff(
        {256: 40_000, 257: 40_000, 258: 1, 259: 4, 262: 0, 277: 1}, b"\xff" * 5000), "FILE-TOO-LARGE"),
    hostile("pic/截断.jpg", "只有前一半", partial(cut, jpeg, 0.5), "FILE-DAMAGED"),
    hostile("pic/截断.png", "只有前一半", partial(cut, lambda: saved(drawn(), "PNG"), 0.5), "FILE-DAMAGED"),
    hostile("pic/截断.tif", "只有前三分之二", partial(cut, lambda: saved(drawn(), "TIFF"), 0.66), "FILE-DAMAGED"),
    hostile("pic/循环.tif", "下一页又是第一页", looping, "bind", "FILE-DAMAGED", "FILE-EMPTY"),
    hostile("pic/压缩数据乱.tif", "压缩数据是乱码", lambda: tiff(
        {256: 200, 257: 200, 258: 8, 259: 5, 262: 1, 277: 1}, b"\xde\xad" * 60), "FILE-DAMAGED"),
    hostile("pic/坏特性.jpg", "颜色特性文件不是特性文件", partial(profiled, b"no profile"), "bind", "FILE-DAMAGED"),
    hostile("pic/字在透明层.png", "像素全黑，字在透明层里", transparent, "bind"),
    hostile("pic/动图.png", "三帧的动图", partial(animated, "PNG"), "bind"),
    hostile("pic/印刷四色.jpg", "CMYK 的 JPEG", lambda: saved(drawn().convert("RGB").convert("CMYK"), "JPEG"), "bind"),
    hostile("pic/方向99.jpg", "EXIF 方向写成 99", partial(turned, 99), "bind"),
    hostile("pic/方向6.jpg", "EXIF 方向 6，要转 90 度", partial(turned, 6), "bind"),
    hostile("pic/方向3.png", "PNG 写着方向 3", partial(turned, 3, "PNG"), "bind"),
    hostile("pic/方向5.tif", "G4 图又转又翻", partial(turned, 5, "TIFF", compression="group4"), "bind"),
    hostile("pic/十六位.png", "每点 16 位", lambda: saved(drawn("I").point(lambda v: v * 257).convert("I;16"), "PNG"), "bind"),
    hostile("pic/Lab.tif", "L*a*b* 颜色", lambda: saved(drawn("RGB").convert("RGB"), "TIFF").replace(
        b"\x06\x01\x03\x00\x01\x00\x00\x00\x02", b"\x06\x01\x03\x00\x01\x00\x00\x00\x08"), "bind"),
    hostile("pic/TIFF里的JPEG.tif", "TIFF 里是 JPEG", lambda: saved(drawn("RGB"), "TIFF", compression="jpeg"), "bind"),
    hostile("pic/三页传真.tif", "三页 G4，100 dpi", frames, "SCAN-DPI"),
    hostile("pic/尾随压缩包.jpg", "图片后面接着一个压缩包", lambda: jpeg(progressive=True) + b"PK\x03\x04" + bytes(100),
            "bind"),
    hostile("pic/没有分辨率.jpg", "没有写分辨率", lambda: saved(drawn(), "JPEG", dpi=(0, 0)), "SCAN-DPI"),
    hostile("pic/灰图彩色特性.jpg", "灰度图带着彩色特性文件", partial(profiled, SRGB), "bind"),
    hostile("pic/白页.png", "白页", lambda: saved(Image.new("L", SIZE, 255), "PNG"), "FILE-EMPTY"),
    hostile("pic/有灰尘的白页.jpg", "白页上有灰尘", noisy, "FILE-EMPTY"),
)  # fmt: skip
