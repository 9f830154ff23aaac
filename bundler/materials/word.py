"""Inspect an attached Word file: what in it cannot be typeset, and which characters it uses."""

from __future__ import annotations

import io
from collections.abc import Iterator

from bundler.file_record import FileProblem, FileRecord

_MAX_PICTURE_PIXELS = 4_000_000


def inspect_word(data: bytes) -> FileRecord:
    """Inspect a Word file; its record has no pages, since they are known only after typesetting."""
    from bundler.word.docx_check import read_docx

    document = read_docx(data)
    problems = document.problems or tuple(_check_blocks(data))
    return FileRecord("", problems=problems, characters="".join(sorted(set(document.text()))))


def _check_blocks(data: bytes) -> Iterator[FileProblem]:
    """Find what would stop the typesetting of a file whose text can be read."""
    from bundler.word.docx_reader import read_blocks
    from bundler.word.layout_limits import check_limits, header_images

    blocks = read_blocks(data)
    yield from check_limits(blocks)
    if not all(map(_is_intact_picture, header_images(blocks))):
        yield FileProblem("FILE-DAMAGED", "页眉里的图片已损坏，或者过大。", "请删去这张图片，或者打印后扫描成 PDF。")


def _is_intact_picture(data: bytes) -> bool:
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=("PNG",)) as picture:
            if picture.width * picture.height > _MAX_PICTURE_PIXELS:
                return False
            picture.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return False
    return True
