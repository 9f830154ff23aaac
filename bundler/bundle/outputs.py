"""Where an output may be written: never over what it was made from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from bundler.case.model import Case
from bundler.case.reader import CASE_FILE
from bundler.errors import OutputError, UsageError


def case_inputs(folder: Path, case: Case | None) -> tuple[Path, ...]:
    """The files that a case is made of, as far as it can be read."""
    return (folder / CASE_FILE, *(folder / material.file for material in (case.materials if case else ())))


def check_target(target: Path, inputs: Iterable[Path], profile: Path | None, templates: Path) -> None:
    """Refuse an output that is a folder, no regular file, or one of the inputs, under whatever name.

    Raises:
        UsageError: it is one of them.
        OutputError: it is there and no regular file.
    """
    if target.is_dir():
        raise UsageError(f"“{target}”是文件夹。", fix="请用 -o 给出文件名。")
    if target.exists() and not target.is_file():
        raise OutputError(f"“{target}”不是普通文件，不能写。", fix="请用 -o 换一个文件名。")
    if any(_is_same(target, path) for path in (*inputs, *((profile,) if profile else ()))):
        raise UsageError(f"“{target}”是本案的材料或者配置，不能覆盖。", fix="请用 -o 换一个文件名。")
    if target.resolve().is_relative_to(templates.resolve()):
        raise UsageError(f"“{target}”在模板文件夹里，不能写。", fix="请用 -o 换一个文件名。")


def _is_same(one: Path, other: Path) -> bool:
    """Whether two paths are one file, through a link of either kind or another spelling too."""
    with suppress(OSError, ValueError):
        if one.samefile(other):
            return True
    return one.resolve() == other.resolve()


def check_book_names(target: Path, inputs: Sequence[Path]) -> None:
    """Refuse an output whose book (册) would take an input's name; only its number tells a book's name from the target's.

    Raises:
        UsageError: it would.
    """
    for path in inputs:
        book = path.stem.removeprefix(f"{target.stem}-第").removesuffix("册")
        if book.isdecimal() and path.suffix == target.suffix and path.resolve().parent == target.resolve().parent:
            raise UsageError(f"“{path}”是本案的材料，可能被分册覆盖。", fix="请用 -o 换一个文件名。")
