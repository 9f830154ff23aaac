"""Pages turned by a quarter, without loss: what is seen lies otherwise, and nothing is encoded anew that would lose by it."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator

from bundler.file_record import JPEG, PDF, TIFF

_ORIENTATION = 0x0112
_RIGHT = {1: 6, 6: 3, 3: 8, 8: 1, 2: 7, 7: 4, 4: 5, 5: 2}
"""What an orientation becomes when the picture is turned to the right."""
_LEFT = {after: before for before, after in _RIGHT.items()}
_SEGMENT_APP1 = 0xE1
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers of a JPEG that carry nothing."""
_SCAN = 0xDA


def rotate_pages(data: bytes, media_type: str, pages: Collection[int], degrees: int) -> bytes:
    """A file some of whose pages lie otherwise.

    Args:
        data: the file.
        media_type: told by its content; no Word file.
        pages: which, from 1.
        degrees: 90 to the right, or -90 to the left.
    """
    if media_type == PDF:
        return _pdf(data, pages, degrees)
    if media_type == JPEG:
        return _jpeg(data, degrees)
    return _picture(data, media_type, pages, degrees)


def _pdf(data: bytes, pages: Collection[int], degrees: int) -> bytes:
    import pikepdf

    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for number in pages:
            pdf.pages[number - 1].rotate(degrees, relative=True)
        pdf.save(target, deterministic_id=True)
    return target.getvalue()


def _jpeg(data: bytes, degrees: int) -> bytes:
    """The same JPEG with another orientation in its Exif; not a pixel is touched."""
    from PIL import Image

    with Image.open(io.BytesIO(data)) as image:
        exif = image.getexif()
        now = exif.get(_ORIENTATION, 1)
        exif[_ORIENTATION] = (_RIGHT if degrees > 0 else _LEFT).get(now, 1)
        told = exif.tobytes()
    segment = bytes((0xFF, _SEGMENT_APP1)) + (len(told) + 2).to_bytes(2) + told
    return data[:2] + segment + b"".join(_without_exif(data))


def _without_exif(data: bytes) -> Iterator[bytes]:
    """What stands behind the start of a JPEG, without an Exif of its own."""
    place = 2
    while place + 4 <= len(data) and data[place] == 0xFF:  # noqa: PLR2004 (a marker's first byte)
        marker = data[place + 1]
        if marker == _SCAN or marker in _ALONE:
            break
        end = place + 2 + int.from_bytes(data[place + 2 : place + 4])
        if not (marker == _SEGMENT_APP1 and data[place + 4 : place + 10] == b"Exif\0\0"):
            yield data[place:end]
        place = end
    yield data[place:]


def _picture(data: bytes, media_type: str, pages: Collection[int], degrees: int) -> bytes:
    from PIL import Image

    how = Image.Transpose.ROTATE_270 if degrees > 0 else Image.Transpose.ROTATE_90
    target = io.BytesIO()
    with Image.open(io.BytesIO(data)) as image:
        dpi = image.info.get("dpi")
        keep = {"dpi": dpi} if dpi else {}
        frames = []
        for number in range(1, int(getattr(image, "n_frames", 1)) + 1):
            image.seek(number - 1)
            frames.append(image.transpose(how) if number in pages else image.copy())
        if media_type != TIFF:
            frames[0].save(target, "PNG", **keep)
            return target.getvalue()
        packing = "group4" if all(frame.mode == "1" for frame in frames) else "tiff_adobe_deflate"
        frames[0].save(target, "TIFF", save_all=True, append_images=frames[1:], compression=packing, **keep)
    return target.getvalue()
