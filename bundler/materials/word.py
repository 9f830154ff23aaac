"""Inspecting a Word file: what of it can be set, and which characters it needs."""

from __future__ import annotations

import io
from collections.abc import Iterator

from bundler.file_record import FileProblem, FileRecord

_PICTURE_PIXELS = 4_000_000


def inspect_word(data: bytes) -> FileRecord:
    """The Word file's problems and characters; its pages are known once it is set."""
    from bundler.word.docx_check import read_docx

    document = read_docx(data)
    problems = document.problems or tuple(_unset(data))
    return FileRecord("", problems=problems, characters="".join(sorted(set(document.text()))))


def _unset(data: bytes) -> Iterator[FileProblem]:
    """What would stop the setting of a file whose words can be read."""
    from bundler.word.docx_reader import read_blocks
    from bundler.word.layout_limits import check_limits, header_images

    blocks = read_blocks(data)
    yield from check_limits(blocks)
    if not all(map(_is_whole_picture, header_images(blocks))):
        yield FileProblem("FILE-DAMAGED", "页眉里的图片已损坏，或者过大。", "请删去这张图片，或者打印后扫描成 PDF。")


def _is_whole_picture(data: bytes) -> bool:
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=("PNG",)) as picture:
            if picture.width * picture.height > _PICTURE_PIXELS:
                return False
            picture.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return False
    return True
