"""Inspect an attached Word file: what in it cannot be typeset, and which characters it uses."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bundler.file_inspection_record import FileProblem, FileRecord

if TYPE_CHECKING:
    from bundler.word.block_model import Blocks

_MAX_PICTURE_PIXELS = 4_000_000
_DAMAGED = FileProblem(
    "FILE-DAMAGED", "里应当写数字的地方不是数字，读不出来。", "请用 WPS 或者 Word 打开后另存一份，再放入。"
)


def inspect_word(data: bytes) -> FileRecord:
    """Inspect a Word file; its record has no pages, since they are known only after typesetting."""
    from bundler.word.docx_package import NumberError

    try:
        return _inspect(data)
    except NumberError:
        return FileRecord("", problems=(_DAMAGED,))


def _inspect(data: bytes) -> FileRecord:
    from bundler.word.unsupported_constructs import check_docx

    document = check_docx(data)
    if document.problems:
        return FileRecord("", problems=document.problems, characters="".join(sorted(set(document.text()))))
    from bundler.word.docx_reader import read_blocks
    from bundler.word.printed_and_unseen_text import printed_text, unseen_text

    blocks = read_blocks(data)
    problems = tuple(_check_blocks(blocks))
    notes = list(document.notes)
    if unseen_text(blocks):
        notes.append("有看不见的文字（颜色和底色一样，或者极小），装订后也看不见，请核对是否故意隐去")
    characters = "".join(sorted({*document.text(), *printed_text(blocks)}))
    return FileRecord("", problems=problems or tuple(_adapted(notes)), characters=characters)


def _adapted(notes: list[str]) -> Iterator[FileProblem]:
    """Yield one info that names what is set otherwise than Word shows it."""
    if notes:
        fix = "请看一看装订后的这几页；要和原样一样的，请在 WPS 里“输出为 PDF”再放入。"
        yield FileProblem("DOCX-ADAPTED", f"装订后和 Word 里不同：{'；'.join(notes)}。", fix)


def _check_blocks(blocks: Blocks) -> Iterator[FileProblem]:
    """Find what would stop the typesetting of a file whose text can be read."""
    from bundler.word.input_size_limits import check_limits, header_images
    from bundler.word.printed_and_unseen_text import has_seen_text

    yield from check_limits(blocks)
    if not has_seen_text(blocks):
        yield FileProblem(
            "FILE-EMPTY", "没有看得见的文字（文字的颜色和底色一样，或者极小）。", "请核对文件，改成看得见的文字。"
        )
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
