"""The work on one case: a plain function of a task, the same whoever runs it, here or on another machine."""

from __future__ import annotations

import contextlib
import hashlib
import unicodedata
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from bundler.assembly.examine import examine_case
from bundler.assembly.examined import Examined
from bundler.batch.store import Kept, keep, made_of, recall, still_there
from bundler.batch.task import Task, error_finding, lost_finding
from bundler.case.model import Case
from bundler.errors import BundlerError, OutputError, TemplateError
from bundler.files import write_whole
from bundler.gate.verdict import Verdict
from bundler.regulation.kinds import Kind
from bundler.regulation.rules import Finding, finding, sort_key
from bundler.reports.results import BUNDLES, RETURNED, CaseResult


def work(task: Task) -> CaseResult:
    """Check a case, then bundle it or write the notice that returns it.

    Raises:
        OutputError: OUT cannot be written, which is no fault of the case.
    """
    try:
        return _bundle_or_return(task)
    except OutputError:
        raise
    except MemoryError:
        return give_back(task, lost_finding("CASE-MEMORY"))
    except Exception as error:  # noqa: BLE001 (whatever one case brings about, it stops no other)
        return give_back(task, lost_finding("CASE-CRASH", type(error).__name__))


def give_back(task: Task, found: Finding) -> CaseResult:
    """Return a case of which nothing is known but what went wrong over it."""
    verdict = Verdict(task.number, task.settings.kind or Kind.ARCHIVE, findings=(found,))
    return _returned(task, None, verdict)


def _bundle_or_return(task: Task) -> CaseResult:
    settings = task.settings
    examined = examine_case(str(task.folder), kind=settings.kind, today=settings.today, profile=settings.profile)
    verdict, case = examined.verdict, examined.reading.case
    extra = tuple(_of_the_batch(task, verdict))
    if verdict.complete and case is not None and not extra:
        try:
            return _bundled(task, examined)
        except OutputError:
            raise
        except BundlerError as error:
            return _returned(task, case, verdict, error_finding(error), broken=isinstance(error, TemplateError))
    return _returned(task, case, verdict, *extra, unreadable=examined.reading.unreadable)


def _of_the_batch(task: Task, verdict: Verdict) -> list[Finding]:
    """What is wrong with a case only beside others, or since it was found."""
    found = []
    if task.twins:
        others = "、".join(f"“{place}”" for place in task.twins)
        found.append(
            finding(
                "DATA-DUPLICATE",
                message=f"登记号与{others}的相同（全半角、横线的写法不同也算相同）。",
                fix="请核对登记簿，改正其中一件的 registration.no。",
                path="/registration/no",
            )
        )
    elif verdict.complete and verdict.registration_no != task.number:
        message = "case.json 的登记号在批处理过程中被改动了。"
        found.append(
            finding("FILE-CHANGED", message=message, fix="请等文件不再变动后重新运行。", path="/registration/no")
        )
    return found


def _bundled(task: Task, examined: Examined) -> CaseResult:
    """The bundle, made or kept: what is unchanged is not made again."""
    out, name = task.settings.out, f"{BUNDLES}/{task.stem}.pdf"
    source = made_of(examined, task.settings.made_with)
    kept = recall(out, task.stem)
    made = kept is None or kept.made_of != source or not still_there(out, task.stem, kept)
    if kept is None or made:
        sha256, pages = _build(examined, out / name, task.settings.templates)
        kept = Kept(task.place, task.number or "", source, sha256, pages)
        keep(out, task.stem, kept)
        _remember(task.folder, name, sha256)
    elif kept.case != task.place:
        keep(out, task.stem, Kept(task.place, kept.registration_no, source, kept.sha256, kept.pages))
    verdict = examined.verdict
    return CaseResult(
        place=task.place,
        registration_no=verdict.registration_no,
        kind=verdict.kind,
        output=name,
        sha256=kept.sha256,
        findings=verdict.findings,
        pages=kept.pages,
        case=examined.reading.case,
        checklist=verdict.checklist,
        deadlines=verdict.deadlines,
        made=made,
    )


def _build(examined: Examined, target: Path, templates: Path) -> tuple[str, int]:
    from bundler.assembly.limited import Order, Wish, make

    # One file for each case, as the folder and the report have it, whatever the length of a book.
    made = make(Order(examined, templates, target, Wish(divided=False)), lambda _: None)
    return made.bound[0].sha256, made.volume.pages


def _remember(folder: Path, name: str, sha256: str) -> None:
    """A line in the case's own history; a case folder that cannot be written is no fault."""
    from bundler.ledger.history import HistoryError, Output, append

    with contextlib.suppress(HistoryError):
        append(folder, "batch", [Output(Path(name).name, sha256)])


def _returned(
    task: Task, case: Case | None, verdict: Verdict, *more: Finding, unreadable: bool = False, broken: bool = False
) -> CaseResult:
    """The notice that returns a case, with everything that was found."""
    findings = tuple(sorted((*verdict.findings, *more), key=sort_key))
    data = _notice(task, case, verdict.kind, findings)
    name = f"{RETURNED}/{task.stem}.docx"
    write_whole(task.settings.out / name, data)
    return CaseResult(
        place=task.place,
        registration_no=verdict.registration_no,
        kind=verdict.kind,
        output=name,
        sha256=hashlib.sha256(data).hexdigest(),
        findings=findings,
        case=case,
        checklist=verdict.checklist,
        deadlines=verdict.deadlines,
        unreadable=unreadable,
        broken_template=broken,
    )


def _notice(task: Task, case: Case | None, kind: Kind, findings: tuple[Finding, ...]) -> bytes:
    from bundler.documents.batch import draft_return
    from bundler.documents.view.returning import return_view

    number = task.number if task.number == task.stem else None
    profile, day, folder = task.settings.profile, task.settings.today, Path(task.place).name
    view = return_view(case, findings, kind, profile, day, number=number, folder=folder)
    return draft_return(printable(view), task.settings.templates)


def printable(value: Any) -> Any:  # noqa: ANN401 (any record of a view)
    """The same record without the characters that a paper cannot hold; a returned case is full of what is wrong."""
    if isinstance(value, str):
        return "".join(c if c == "\n" or unicodedata.category(c) not in _UNFIT else "\ufffd" for c in value)
    if isinstance(value, tuple):
        return tuple(map(printable, value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: printable(getattr(value, field.name)) for field in fields(value)})
    return value


_UNFIT = frozenset({"Cc", "Cf", "Cn", "Co", "Cs"})
