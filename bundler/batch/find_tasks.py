"""Find the cases below a folder, name their outputs, and detect registration numbers used twice."""

from __future__ import annotations

import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bundler.batch.worker_tasks import BatchSettings, CaseTask
from bundler.case.find_case_folders import find_cases
from bundler.case.identifiers import fold_registration_no, registration_no_fault
from bundler.case.reader import read_number_and_handler
from bundler.printable_text import replace_unsafe

_RESERVED = re.compile(r'[\\/:*?"<>|%~$]')
_MAX_NAME_BYTES = 120
_FALLBACK_NAME = "案件"
_SHORTEST_NAME = 2
"""Of a person, in characters."""


@dataclass(frozen=True, slots=True)
class _FoundCase:
    """A case folder.

    Attributes:
        place: the folder as the reports name it.
        number: its registration number if it is valid.
        folded: the number in one notation, valid or not; empty if there is none.
        handler: the handler's name; empty if the case gives none.
    """

    folder: Path
    place: str
    number: str | None
    folded: str
    handler: str


def find_tasks(root: Path, settings: BatchSettings) -> tuple[CaseTask, ...]:
    """Return a task for each case below a folder, sorted by place; each output has a unique name."""
    found = [_identify(folder, root) for folder in find_cases(root, skip=settings.out)]
    found.sort(key=lambda case: case.place)
    sharing: dict[str, list[str]] = defaultdict(list)
    for case in found:
        if case.folded:
            sharing[case.folded].append(case.place)
    taken = {case.folded for case in found if case.number and len(sharing[case.folded]) == 1}
    handlers = sorted({case.handler for case in found if len(case.handler) >= _SHORTEST_NAME}, key=len, reverse=True)
    tasks = (_make_task(case, sharing[case.folded] if case.folded else (), taken, settings) for case in found)
    return tuple(
        replace(task, handler=case.handler or _handler_in_path(case.place, handlers))
        for task, case in zip(tasks, found, strict=True)
    )


def _handler_in_path(place: str, handlers: Sequence[str]) -> str:
    """The handler of other cases whose name stands in the path of a case, in the folder nearest to it; empty for none."""
    names = (name for folder in reversed(place.split("/")) for name in handlers if name in folder)
    return next(names, "")


def _identify(folder: Path, root: Path) -> _FoundCase:
    number, handler = read_number_and_handler(folder)
    place = path_to_utf8(folder.relative_to(root)) if folder != root else path_to_utf8(Path(folder.resolve().name))
    valid = number if number is not None and registration_no_fault(number) is None else None
    # An invalid number may still be the number of another case in another notation: 钢信执２０２１—０００１.
    return _FoundCase(folder, place, valid, fold_registration_no(number) if number else "", handler or "")


def _make_task(found: _FoundCase, sharing: Sequence[str], taken: set[str], settings: BatchSettings) -> CaseTask:
    """Return the task of a case.

    Args:
        found: the case.
        sharing: the places of all cases with its registration number.
        taken: the output names in use, folded; the new name is added.
        settings: the settings of the batch.
    """
    if len(sharing) == 1 and found.number:
        return CaseTask(found.folder, found.place, found.number, found.number, (), settings)
    duplicates = tuple(place for place in sharing if place != found.place)
    return CaseTask(found.folder, found.place, _unique_name(found.folder, taken), found.number, duplicates, settings)


def _unique_name(folder: Path, taken: set[str]) -> str:
    """Return the folder's name as a file name, with a number appended if it is taken."""
    base = safe_file_name(folder.resolve().name)
    name, number = base, 1
    while fold_registration_no(name) in taken:
        number += 1
        name = f"{base}-{number}"
    taken.add(fold_registration_no(name))
    return name


def safe_file_name(text: str) -> str:
    """Return a file name that any file system accepts: no control or reserved character, not hidden, not too long."""
    kept = replace_unsafe(unicodedata.normalize("NFC", to_utf8(text)), "_", keep="")
    name = _RESERVED.sub("_", kept).strip(" .-")
    while len(name.encode()) > _MAX_NAME_BYTES:
        name = name[:-1]
    return name or _FALLBACK_NAME


def path_to_utf8(path: Path) -> str:
    """Return a path with ``/`` that can be encoded as UTF-8."""
    return to_utf8(path.as_posix())


def to_utf8(text: str) -> str:
    """Return a file name that can be encoded as UTF-8: undecodable bytes become �."""
    return os.fsencode(text).decode("utf-8", "replace")
