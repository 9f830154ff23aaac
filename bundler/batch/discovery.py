"""Which cases there are, what their output is called, and which of them bear one registration number."""

from __future__ import annotations

import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bundler.batch.task import Settings, Task
from bundler.case.discovery import find_cases
from bundler.case.identifiers import fold_registration_no, registration_no_fault
from bundler.case.reader import read_number
from bundler.text import replace_unsafe

_UNFIT = re.compile(r'[\\/:*?"<>|%~$]')
_NAME_BYTES = 120
_NO_NAME = "案件"


@dataclass(frozen=True, slots=True)
class _Seen:
    """A case folder; its number where it may name a file, and folded however it is written."""

    folder: Path
    place: str
    number: str | None
    folded: str


def survey(root: Path, settings: Settings) -> tuple[Task, ...]:
    """A task for each case below a folder, sorted by place; every output's name is its own."""
    seen = [_look(folder, root) for folder in find_cases(root, skip=settings.out)]
    seen.sort(key=lambda one: one.place)
    sharing: dict[str, list[str]] = defaultdict(list)
    for one in seen:
        if one.folded:
            sharing[one.folded].append(one.place)
    taken = {one.folded for one in seen if one.number and len(sharing[one.folded]) == 1}
    return tuple(_task(one, sharing[one.folded] if one.folded else (), taken, settings) for one in seen)


def _look(folder: Path, root: Path) -> _Seen:
    number = read_number(folder)
    place = shown_path(folder.relative_to(root)) if folder != root else shown_path(Path(folder.resolve().name))
    valid = number if number is not None and registration_no_fault(number) is None else None
    # A number that is written wrongly may still be another case's: 钢信执２０２１—０００１.
    return _Seen(folder, place, valid, fold_registration_no(number) if number else "")


def _task(one: _Seen, sharing: Sequence[str], taken: set[str], settings: Settings) -> Task:
    """The task of a case; `taken` holds the names in use, folded, and gets another."""
    if len(sharing) == 1 and one.number:
        return Task(one.folder, one.place, one.number, one.number, (), settings)
    twins = tuple(place for place in sharing if place != one.place)
    return Task(one.folder, one.place, _own_name(one.folder, taken), one.number, twins, settings)


def _own_name(folder: Path, taken: set[str]) -> str:
    """The folder's name as a file's, numbered where another output is called so."""
    base = file_name(folder.resolve().name)
    name, number = base, 1
    while fold_registration_no(name) in taken:
        number += 1
        name = f"{base}-{number}"
    taken.add(fold_registration_no(name))
    return name


def file_name(text: str) -> str:
    """A name that any disk or network share takes: no control or reserved character, not hidden, not too long."""
    kept = replace_unsafe(unicodedata.normalize("NFC", shown(text)), "_", keep="")
    name = _UNFIT.sub("_", kept).strip(" .-")
    while len(name.encode()) > _NAME_BYTES:
        name = name[:-1]
    return name or _NO_NAME


def shown_path(path: Path) -> str:
    """A path with ``/`` that can be written as UTF-8."""
    return shown(path.as_posix())


def shown(text: str) -> str:
    """A file's name that can be written as UTF-8: bytes that are none are shown as �."""
    return os.fsencode(text).decode("utf-8", "replace")
