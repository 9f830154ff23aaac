"""Rotate pages of an attached file by quarter turns without loss: no image is compressed again by a lossy method."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator

from bundler.file_inspection_record import JPEG, PDF, TIFF

_EXIF_ORIENTATION = 0x0112
_CLOCKWISE = {1: 6, 6: 3, 3: 8, 8: 1, 2: 7, 7: 4, 4: 5, 5: 2}
"""The Exif orientation after a clockwise quarter turn, by the one before."""
_COUNTERCLOCKWISE = {after: before for before, after in _CLOCKWISE.items()}
_SEGMENT_APP1 = 0xE1
_MARKERS_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})
"""JPEG markers that are not followed by a segment."""
_START_OF_SCAN = 0xDA


def rotate_pages(data: bytes, media_type: str, pages: Collection[int], degrees: int) -> bytes:
    """Rotate some pages of a file.

    Args:
        data: the file.
        media_type: its type by content; not a Word file.
        pages: the pages, from 1.
        degrees: 90 for clockwise, -90 for counterclockwise, 180 or -180 for half a turn.
    """
    if media_type == PDF:
        return _rotate_pdf(data, pages, degrees)
    if media_type == JPEG:
        return _rotate_jpeg(data, degrees)
    return _rotate_frames(data, media_type, pages, degrees)


def _rotate_pdf(data: bytes, pages: Collection[int], degrees: int) -> bytes:
    import pikepdf

    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for number in pages:
            pdf.pages[number - 1].rotate(degrees, relative=True)
        pdf.save(target, deterministic_id=True)
    return target.getvalue()


def _rotate_jpeg(data: bytes, degrees: int) -> bytes:
    """Change only the Exif orientation of a JPEG; its pixels stay as they are."""
    from PIL import Image

    with Image.open(io.BytesIO(data)) as image:
        exif = image.getexif()
        orientation = exif.get(_EXIF_ORIENTATION, 1)
        for _ in range(abs(degrees) // 90):
            orientation = (_CLOCKWISE if degrees > 0 else _COUNTERCLOCKWISE).get(orientation, 1)
        exif[_EXIF_ORIENTATION] = orientation
        content = exif.tobytes()
    segment = bytes((0xFF, _SEGMENT_APP1)) + (len(content) + 2).to_bytes(2) + content
    return data[:2] + segment + b"".join(_parts_without_exif(data))


def _parts_without_exif(data: bytes) -> Iterator[bytes]:
    """Yield the parts of a JPEG after its start marker, except its Exif segments."""
    start = 2
    while start + 4 <= len(data) and data[start] == 0xFF:  # noqa: PLR2004 (a marker's first byte)
        marker = data[start + 1]
        if marker == _START_OF_SCAN or marker in _MARKERS_WITHOUT_LENGTH:
            break
        end = start + 2 + int.from_bytes(data[start + 2 : start + 4])
        if not (marker == _SEGMENT_APP1 and data[start + 4 : start + 10] == b"Exif\0\0"):
            yield data[start:end]
        start = end
    yield data[start:]


def _rotate_frames(data: bytes, media_type: str, pages: Collection[int], degrees: int) -> bytes:
    """Rotate frames of a PNG or TIFF, which is saved again with lossless compression."""
    from PIL import Image

    turns = (Image.Transpose.ROTATE_270, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_90)
    transposition = turns[degrees % 360 // 90 - 1]
    target = io.BytesIO()
    with Image.open(io.BytesIO(data)) as image:
        dpi = image.info.get("dpi")
        options = {"dpi": dpi} if dpi else {}
        frames = []
        for number in range(1, int(getattr(image, "n_frames", 1)) + 1):
            image.seek(number - 1)
            frames.append(image.transpose(transposition) if number in pages else image.copy())
        if media_type != TIFF:
            frames[0].save(target, "PNG", **options)
            return target.getvalue()
        compression = "group4" if all(frame.mode == "1" for frame in frames) else "tiff_adobe_deflate"
        frames[0].save(target, "TIFF", save_all=True, append_images=frames[1:], compression=compression, **options)
    return target.getvalue()
