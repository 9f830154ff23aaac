"""Process one case of a batch: bundle it or write the notice that returns it; runs in a worker, local or remote."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path

from bundler.atomic_write import write_atomic
from bundler.batch.build_cache import CachedBuild, compute_inputs_digest, is_output_unchanged, read_entry, write_entry
from bundler.batch.worker_tasks import CaseTask, error_finding, worker_lost_finding
from bundler.bundle.read_and_check_case import CheckedCase, check_case
from bundler.case.model import Case
from bundler.digest import sha256_of
from bundler.errors import BundlerError, OutputError, TemplateError
from bundler.gate.case_in_progress import find_next_limit
from bundler.gate.check_result import CheckResult, Deadline
from bundler.printable_text import map_strings, replace_unsafe
from bundler.regulation.findings import Finding, finding
from bundler.regulation.papers import BundleKind
from bundler.reports.case_result import BUNDLES, RETURNED, CaseResult


def process_case(task: CaseTask) -> CaseResult:
    """Check a case, then bundle it or write the notice that returns it.

    Raises:
        OutputError: the output folder cannot be written, which is no problem of the case.
    """
    try:
        return _check_and_process(task)
    except OutputError:
        raise
    except MemoryError:
        return return_case(task, worker_lost_finding("CASE-MEMORY"))
    except Exception as error:  # noqa: BLE001 (an error in one case must not stop the others)
        return return_case(task, worker_lost_finding("CASE-CRASH", type(error).__name__))


def return_case(task: CaseTask, found: Finding) -> CaseResult:
    """Return a case whose processing failed, with that finding as the only one."""
    check_result = CheckResult(task.number, task.settings.kind or BundleKind.ARCHIVE, findings=(found,))
    return _write_notice(task, None, check_result)


def _check_and_process(task: CaseTask) -> CaseResult:
    settings = task.settings
    checked = check_case(str(task.folder), kind=settings.kind, today=settings.today, profile=settings.profile)
    check_result, case = checked.check_result, checked.reading.case
    batch_findings = tuple(_find_batch_problems(task, check_result))
    if check_result.complete and case is not None and not batch_findings:
        try:
            return _bundle_case(task, checked)
        except OutputError:
            raise
        except BundlerError as error:
            return _write_notice(
                task, case, check_result, error_finding(error), broken=isinstance(error, TemplateError)
            )
    next_limit = (
        find_next_limit(check_result, case, settings.profile.regulation)
        if case is not None and not batch_findings
        else None
    )
    if case is not None and next_limit is not None:
        return _leave_open(task, case, check_result, next_limit)
    return _write_notice(task, case, check_result, *batch_findings, unreadable=checked.reading.unreadable)


def _leave_open(task: CaseTask, case: Case, check_result: CheckResult, next_limit: Deadline) -> CaseResult:
    """Report a case in progress; nothing is written for it."""
    return CaseResult(
        folder=task.place,
        registration_no=check_result.registration_no,
        kind=check_result.kind,
        output="",
        sha256="",
        findings=check_result.findings,
        case=case,
        checklist=check_result.checklist,
        deadlines=check_result.deadlines,
        next_limit=next_limit,
        stem=task.stem,
    )


def _find_batch_problems(task: CaseTask, check_result: CheckResult) -> list[Finding]:
    """Return findings that only a batch can have: a number used twice, or changed since the start of the batch."""
    found = []
    if task.duplicates:
        others = "、".join(f"“{place}”" for place in task.duplicates)
        found.append(
            finding(
                "DATA-DUPLICATE",
                message=f"登记号与{others}的相同（全半角、横线的写法不同也算相同）。",
                fix="请核对登记簿，改正其中一件的登记号。",
                path="/registration/no",
            )
        )
    elif check_result.complete and check_result.registration_no != task.number:
        message = "case.json 的登记号在批处理过程中被改动了。"
        found.append(
            finding("FILE-CHANGED", message=message, fix="请等文件不再变动后重新运行。", path="/registration/no")
        )
    return found


def _bundle_case(task: CaseTask, checked: CheckedCase) -> CaseResult:
    """Bundle a case, unless the bundle of an earlier run is still valid."""
    out, name = task.settings.out, f"{BUNDLES}/{task.stem}.pdf"
    inputs_digest = compute_inputs_digest(checked, task.settings.environment_digest)
    entry = read_entry(out, task.stem)
    made = entry is None or entry.made_of != inputs_digest or not is_output_unchanged(out, task.stem, entry)
    if entry is None or made:
        sha256, pages, file_pages = _build(checked, out / name, task.settings.templates)
        entry = CachedBuild(task.place, task.number or "", inputs_digest, sha256, pages, file_pages)
        write_entry(out, task.stem, entry)
        _record_in_history(task.folder, name, sha256)
    elif entry.case != task.place:
        write_entry(out, task.stem, replace(entry, case=task.place, made_of=inputs_digest))
    check_result = checked.check_result
    return CaseResult(
        folder=task.place,
        registration_no=check_result.registration_no,
        kind=check_result.kind,
        output=name,
        sha256=entry.sha256,
        findings=check_result.findings,
        pages=entry.pages,
        file_pages=entry.file_pages,
        case=checked.reading.case,
        checklist=check_result.checklist,
        deadlines=check_result.deadlines,
        made=made,
        is_unsealed=_is_unsealed(task, check_result),
        is_sending_recorded=_is_sending_recorded(task.folder, checked.case),
    )


def _is_unsealed(task: CaseTask, check_result: CheckResult) -> bool:
    """Whether the profile submits only sealed write-offs, and a paper of this one has no stamped copy."""
    is_unsealed = any(found.rule == "ART16-UNSEALED" for found in check_result.findings)
    is_write_off = check_result.kind is BundleKind.WRITE_OFF
    return task.settings.profile.switches.submission_sealed and is_write_off and is_unsealed


def _is_sending_recorded(folder: Path, case: Case) -> bool:
    """Whether `bundler submitted` recorded the day of the report, which a clerk may also have filled in beforehand."""
    from bundler.ledger.case_change_log import is_recorded

    return bool(case.write_off and case.write_off.reported_on) and is_recorded(folder, "submit")


def _build(checked: CheckedCase, target: Path, templates: Path) -> tuple[str, int, int]:
    """Build the bundle; return its digest, the number of its numbered pages, and that of all its pages."""
    from bundler.bundle.build import BuildRequest, build_bundle
    from bundler.bundle.kept_typesetter import workers_with_kept_typesetter

    # A batch writes one file for each case, however many books it has, because reports and cache refer to one file.
    request = BuildRequest(templates, target, divided=False)
    with workers_with_kept_typesetter(checked) as workers:
        built = build_bundle(checked, request, lambda _: None, workers)
    return built.bound[0].sha256, built.volume.pages, built.bound[0].pages


def _record_in_history(folder: Path, name: str, sha256: str) -> None:
    """Record the bundle in the history of the case; a case folder that cannot be written is no problem."""
    from bundler.ledger.case_change_log import append_history
    from bundler.ledger.history_entry import FileDigest, HistoryError

    with contextlib.suppress(HistoryError):
        append_history(folder, "batch", [FileDigest(Path(name).name, sha256)])


def _write_notice(
    task: CaseTask,
    case: Case | None,
    check_result: CheckResult,
    *more: Finding,
    unreadable: bool = False,
    broken: bool = False,
) -> CaseResult:
    """Write the notice that returns a case, with all findings."""
    key = task.settings.profile.regulation.sort_key(check_result.kind)
    findings = tuple(sorted((*check_result.findings, *more), key=key))
    data = _draft_notice(task, case, check_result.kind, findings)
    name = f"{RETURNED}/{task.stem}.docx"
    write_atomic(task.settings.out / name, data)
    return CaseResult(
        folder=task.place,
        registration_no=check_result.registration_no,
        kind=check_result.kind,
        output=name,
        sha256=sha256_of(data),
        findings=findings,
        case=case,
        checklist=check_result.checklist,
        deadlines=check_result.deadlines,
        unreadable=unreadable,
        broken_template=broken,
        path_handler="" if case else task.handler,
    )


def _draft_notice(task: CaseTask, case: Case | None, kind: BundleKind, findings: tuple[Finding, ...]) -> bytes:
    from bundler.documents.drafting import fill_return_notice
    from bundler.documents.views.case_return_notice import build_return_view

    number = task.number if task.number == task.stem else None
    profile, day, folder = task.settings.profile, task.settings.today, Path(task.place).name
    view = build_return_view(
        case, findings, kind, profile, day, number=number, folder=folder, handler=task.handler or None
    )
    return fill_return_notice(map_strings(view, lambda text: replace_unsafe(text, "\ufffd")), task.settings.templates)
