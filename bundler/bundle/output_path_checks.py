"""Where an output may be written, and what it is called: never over a file that it is made from, or over other work."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from bundler.bind.pdf_writer import TOOL_MARK
from bundler.bind.volume_scope import VolumeScope
from bundler.case.model import Case
from bundler.case.reader import CASE_FILE
from bundler.errors import OutputError, UsageError
from bundler.reproducible_zip import is_zip_of_another_program

_HEADER_BYTES = 64
_READ_BYTES = 1 << 20
"""The size of the pieces in which a bundle is searched."""
_OVERLAP = 1024
"""Bytes that are searched again with the next piece; what is searched for is shorter."""
_MANIFEST_START = re.compile(rb'\{\s*"version": [0-9]+,\s*"registration_no": "([^"]{1,300})"')


def bundle_file_name(registration_no: str, scope: VolumeScope, supplement: int = 0) -> str:
    """The file name of a bundle where the user gives none.

    Args:
        registration_no: the case's 登记号.
        scope: the whole or the 正卷.
        supplement: which supplement of the bundle it is, from 1; 0 for the bundle itself.
    """
    if supplement:
        return f"{registration_no}-补充{supplement}.pdf"
    return f"{registration_no}-{scope.label}.pdf" if scope is VolumeScope.MAIN else f"{registration_no}.pdf"


def case_inputs(folder: Path, case: Case | None) -> tuple[Path, ...]:
    """The files of a case: case.json and, where it could be read, the attached files."""
    return (folder / CASE_FILE, *(folder / name for name in (case.named_files if case else ())))


def check_target(target: Path, inputs: Sequence[Path], templates: Path, *, has_books: bool = False) -> None:
    """Refuse an output that is a folder, no regular file, or one of the inputs, under whatever name.

    Args:
        target: the file to write.
        inputs: the files that must not be replaced.
        templates: the templates' folder, in which nothing may be written.
        has_books: the books (册) of the target must not replace an input either.

    Raises:
        UsageError: it is one of them.
        OutputError: it exists and is no regular file.
    """
    if target.is_dir():
        raise UsageError(f"“{target}”是文件夹。", fix=f"请在文件夹后面写上文件名，如 -o {target / '文件名'}。")
    if target.exists() and not target.is_file():
        raise OutputError(f"“{target}”不是普通文件，不能写。", fix="请用 -o 换一个文件名。")
    if any(_is_same_file(target, path) for path in inputs):
        raise UsageError(f"“{target}”是本案的材料或者配置，不能覆盖。", fix="请用 -o 换一个文件名。")
    if target.resolve().is_relative_to(templates.resolve()):
        raise UsageError(f"“{target}”在模板文件夹里，不能写。", fix="请用 -o 换一个文件名。")
    if has_books:
        _check_book_names(target, inputs)


def check_replaced_bundle(target: Path, registration_no: str | None) -> None:
    """Refuse to replace the bundle of another case.

    Args:
        target: the PDF to write.
        registration_no: the 登记号 of the case whose bundle it will be.

    Raises:
        UsageError: the file there is the bundle of a case with another number.
    """
    found = _registration_no_of_bundle(target)
    if found is not None and found != registration_no:
        raise UsageError(f"“{target}”是另一件案件（{found}）的卷宗，不能覆盖。", fix="请用 -o 换一个文件名。")


def check_replaced_word_file(target: Path) -> None:
    """Refuse to replace a Word file that a person has edited: one that another program than this tool has saved.

    Raises:
        UsageError: it is one.
    """
    if target.is_file() and is_zip_of_another_program(target):
        raise UsageError(
            f"“{target}”已经用 Word、WPS 等改过，没有覆盖。",
            fix="要保留它的，请用 -o 换一个文件名或者文件夹；不要它的，请先删除再生成。",
        )


def _registration_no_of_bundle(path: Path) -> str | None:
    """The 登记号 in the manifest of a bundle, which is stored as it is; None for any other file."""
    with suppress(OSError, ValueError), path.open("rb") as file:
        if TOOL_MARK not in file.read(_HEADER_BYTES):
            return None
        before = b""
        while read := file.read(_READ_BYTES):
            found = _MANIFEST_START.search(before + read)
            if found:
                return found[1].decode()
            before = (before + read)[-_OVERLAP:]
    return None


def _is_same_file(one: Path, other: Path) -> bool:
    """Whether two paths name the same file, also through a link or another spelling."""
    with suppress(OSError, ValueError):
        if one.samefile(other):
            return True
    return one.resolve() == other.resolve()


def _check_book_names(target: Path, inputs: Sequence[Path]) -> None:
    for path in inputs:
        head, tail = f"{target.stem}-第", "册"
        is_named = path.stem.startswith(head) and path.stem.endswith(tail)
        book = path.stem.removeprefix(head).removesuffix(tail)
        if (
            is_named
            and book.isdecimal()
            and path.suffix == target.suffix
            and path.resolve().parent == target.resolve().parent
        ):
            raise UsageError(f"“{path}”是本案的材料，可能被分册覆盖。", fix="请用 -o 换一个文件名。")
