"""Run a batch: find the cases, process each in a worker, clean up the output folder, have reports and submission written.

Nothing here loads the libraries of typesetting: only workers need them, and have them from their server.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, as_completed
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bundler.batch.build_cache import compute_environment_digest
from bundler.batch.case_processing import process_case, return_case
from bundler.batch.find_tasks import find_tasks
from bundler.batch.output_folder import create_output_folders, move_aside, refuse_foreign_folder, remove_partial_files
from bundler.batch.output_lock import hold_output_lock
from bundler.batch.worker_tasks import (
    STATE_FOLDER,
    BatchSettings,
    CaseTask,
    Published,
    WorkerLostError,
    worker_lost_finding,
)
from bundler.errors import CaseUnreadableError, OutputError
from bundler.profile import Profile
from bundler.regulation.papers import BundleKind
from bundler.reports.case_result import CaseResult, Removed
from bundler.reports.reporting_period import Period

CaseFunction = Callable[[CaseTask], CaseResult]
ProgressCallback = Callable[[int, CaseResult | None], None]
"""Called with the number of cases and None at the start, and with each result."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The result of a batch.

    Attributes:
        results: the results of all cases, sorted by place.
        removed: outputs of earlier runs that belong to no case any more.
        submitted: the number of cases in the submission.
        unprinted: the registration numbers of cases whose notice is in no PDF, though these were asked for.
    """

    results: tuple[CaseResult, ...]
    removed: tuple[Removed, ...]
    submitted: int
    unprinted: tuple[str, ...] = ()


def make_settings(  # noqa: PLR0913 (the options of a batch)
    out: Path,
    *,
    today: date,
    kind: BundleKind | None,
    profile: Profile,
    templates: Path,
    period: Period | None = None,
    print_notices: bool = False,
) -> BatchSettings:
    """Return the settings of a batch, with the digest of its environment."""
    environment_digest = compute_environment_digest(profile, templates)
    return BatchSettings(out, today, kind, profile, templates, environment_digest, period, print_notices)


def run_batch(
    root: Path,
    settings: BatchSettings,
    executor: Executor,
    *,
    process: CaseFunction = process_case,
    report_progress: ProgressCallback = lambda *_: None,
) -> Batch:
    """Process every case below a folder.

    Args:
        root: the folder.
        settings: the settings that the cases share.
        executor: runs the calls, on this machine or on a cluster.
        process: processes one case.
        report_progress: called for each result.

    Raises:
        CaseUnreadableError: there is no case.
        OutputError: the output folder cannot be written, or another batch is writing it.
    """
    tasks = find_tasks(root, settings)
    if not tasks:
        raise CaseUnreadableError(f"“{root}”里没有案件。", fix="案件文件夹里要有 case.json；新建用 bundler new。")
    refuse_foreign_folder(settings.out)
    create_output_folders(settings.out)
    with hold_output_lock(settings.out / STATE_FOLDER):
        remove_partial_files(settings.out)
        try:
            report_progress(len(tasks), None)
            results = _process_all(tasks, executor, process, report_progress)
            removed = move_aside(settings.out, results)
            published = _publish_in_worker(results, removed, root, settings, executor)
            return Batch(results, removed, published.submitted, published.unprinted)
        except BaseException:
            # Workers are stopped while the lock is held, so that no partial file is left.
            executor.shutdown(cancel_futures=True)
            remove_partial_files(settings.out)
            raise


def _publish_in_worker(
    results: tuple[CaseResult, ...],
    removed: tuple[Removed, ...],
    root: Path,
    settings: BatchSettings,
    executor: Executor,
) -> Published:
    """Write the reports and the submission in a worker, which has all libraries loaded and the limits of a case."""
    try:
        return executor.submit(_publish, results, removed, root, settings).result()
    except (WorkerLostError, MemoryError) as error:
        raise OutputError(
            "汇总报告没有写成：超过了时间或者内存上限，或者程序出错。", fix="卷宗和通知单已经写好；请再运行一次。"
        ) from error


def _publish(
    results: tuple[CaseResult, ...], removed: tuple[Removed, ...], root: Path, settings: BatchSettings
) -> Published:
    from bundler.batch.publish_reports import publish_reports

    return publish_reports(results, removed, root, settings)


def _process_all(
    tasks: Sequence[CaseTask], executor: Executor, process: CaseFunction, report_progress: ProgressCallback
) -> tuple[CaseResult, ...]:
    """Return the results of all cases, sorted by place; a lost worker becomes a finding of its case."""
    futures: dict[Future[CaseResult], CaseTask] = {executor.submit(process, task): task for task in tasks}
    results: list[CaseResult] = []
    for future in as_completed(futures):
        try:
            result = future.result()
        except WorkerLostError as lost:
            result = return_case(futures[future], worker_lost_finding(lost.rule))
        except MemoryError:
            result = return_case(futures[future], worker_lost_finding("CASE-MEMORY"))
        results.append(result)
        report_progress(len(tasks), result)
    return tuple(sorted(results, key=lambda result: result.folder))
