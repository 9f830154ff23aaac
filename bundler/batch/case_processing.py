"""The work on one case: a plain function of a task, the same whoever runs it, here or on another machine."""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path

from bundler.atomic_write import write_atomic
from bundler.batch.build_cache import CachedBuild, write_entry, compute_inputs_digest, read_entry, is_output_unchanged
from bundler.batch.task import CaseTask, error_finding, worker_lost_finding
from bundler.bundle.check import CheckedCase, check_case
from bundler.case.model import Case
from bundler.errors import BundlerError, OutputError, TemplateError
from bundler.gate.check_result import CheckResult
from bundler.regulation.papers import BundleKind
from bundler.regulation.rules import Finding, finding, sort_key
from bundler.reports.case_result import BUNDLES, RETURNED, CaseResult
from bundler.text import map_strings, replace_unsafe


def process_case(task: CaseTask) -> CaseResult:
    """Check a case, then bundle it or write the notice that returns it.

    Raises:
        OutputError: OUT cannot be written, which is no fault of the case.
    """
    try:
        return _check_and_process(task)
    except OutputError:
        raise
    except MemoryError:
        return return_case(task, worker_lost_finding("CASE-MEMORY"))
    except Exception as error:  # noqa: BLE001 (whatever one case brings about, it stops no other)
        return return_case(task, worker_lost_finding("CASE-CRASH", type(error).__name__))


def return_case(task: CaseTask, found: Finding) -> CaseResult:
    """Return a case of which nothing is known but what went wrong over it."""
    check_result = CheckResult(task.number, task.settings.kind or BundleKind.ARCHIVE, findings=(found,))
    return _write_notice(task, None, check_result)


def _check_and_process(task: CaseTask) -> CaseResult:
    settings = task.settings
    examined = check_case(str(task.folder), kind=settings.kind, today=settings.today, profile=settings.profile)
    check_result, case = examined.check_result, examined.reading.case
    extra = tuple(_find_batch_problems(task, check_result))
    if check_result.complete and case is not None and not extra:
        try:
            return _bundle_case(task, examined)
        except OutputError:
            raise
        except BundlerError as error:
            return _write_notice(task, case, check_result, error_finding(error), broken=isinstance(error, TemplateError))
    return _write_notice(task, case, check_result, *extra, unreadable=examined.reading.unreadable)


def _find_batch_problems(task: CaseTask, check_result: CheckResult) -> list[Finding]:
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
    elif check_result.complete and check_result.registration_no != task.number:
        message = "case.json 的登记号在批处理过程中被改动了。"
        found.append(
            finding("FILE-CHANGED", message=message, fix="请等文件不再变动后重新运行。", path="/registration/no")
        )
    return found


def _bundle_case(task: CaseTask, examined: CheckedCase) -> CaseResult:
    """The bundle, made or kept: what is unchanged is not made again."""
    out, name = task.settings.out, f"{BUNDLES}/{task.stem}.pdf"
    source = compute_inputs_digest(examined, task.settings.made_with)
    kept = read_entry(out, task.stem)
    made = kept is None or kept.made_of != source or not is_output_unchanged(out, task.stem, kept)
    if kept is None or made:
        sha256, pages = _build(examined, out / name, task.settings.templates)
        kept = CachedBuild(task.place, task.number or "", source, sha256, pages)
        write_entry(out, task.stem, kept)
        _record_in_history(task.folder, name, sha256)
    elif kept.case != task.place:
        write_entry(out, task.stem, CachedBuild(task.place, kept.registration_no, source, kept.sha256, kept.pages))
    check_result = examined.check_result
    return CaseResult(
        place=task.place,
        registration_no=check_result.registration_no,
        kind=check_result.kind,
        output=name,
        sha256=kept.sha256,
        findings=check_result.findings,
        pages=kept.pages,
        case=examined.reading.case,
        checklist=check_result.checklist,
        deadlines=check_result.deadlines,
        made=made,
    )


def _build(examined: CheckedCase, target: Path, templates: Path) -> tuple[str, int]:
    from bundler.bundle.sandboxed import BuildRequest, build_bundle

    # One file for each case, as the folder and the report have it, whatever the length of a book.
    built = build_bundle(examined, BuildRequest(templates, target, divided=False), lambda _: None)
    return built.bound[0].sha256, built.volume.pages


def _record_in_history(folder: Path, name: str, sha256: str) -> None:
    """A line in the case's own history; a case folder that cannot be written is no fault."""
    from bundler.ledger.case_history import FileDigest, HistoryError, append

    with contextlib.suppress(HistoryError):
        append(folder, "batch", [FileDigest(Path(name).name, sha256)])


def _write_notice(
    task: CaseTask,
    case: Case | None,
    check_result: CheckResult,
    *more: Finding,
    unreadable: bool = False,
    broken: bool = False,
) -> CaseResult:
    """The notice that returns a case, with everything that was found."""
    findings = tuple(sorted((*check_result.findings, *more), key=sort_key))
    data = _draft_notice(task, case, check_result.kind, findings)
    name = f"{RETURNED}/{task.stem}.docx"
    write_atomic(task.settings.out / name, data)
    return CaseResult(
        place=task.place,
        registration_no=check_result.registration_no,
        kind=check_result.kind,
        output=name,
        sha256=hashlib.sha256(data).hexdigest(),
        findings=findings,
        case=case,
        checklist=check_result.checklist,
        deadlines=check_result.deadlines,
        unreadable=unreadable,
        broken_template=broken,
    )


def _draft_notice(task: CaseTask, case: Case | None, kind: BundleKind, findings: tuple[Finding, ...]) -> bytes:
    from bundler.documents.drafting import fill_return_notice
    from bundler.documents.views.return_notice import build_return_view

    number = task.number if task.number == task.stem else None
    profile, day, folder = task.settings.profile, task.settings.today, Path(task.place).name
    view = build_return_view(case, findings, kind, profile, day, number=number, folder=folder)
    return fill_return_notice(map_strings(view, lambda text: replace_unsafe(text, "\ufffd")), task.settings.templates)
