"""The order of a batch: look for the cases, hand each to a worker, tidy up, report, submit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, as_completed
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bundler.batch.build_cache import compute_environment_digest
from bundler.batch.case_processing import return_case, process_case
from bundler.batch.discovery import find_tasks
from bundler.batch.output_folder import move_aside, create_output_folders, refuse_foreign_folder, remove_partial_files
from bundler.batch.output_lock import hold_output_lock
from bundler.batch.publish import publish_reports
from bundler.batch.task import STATE_FOLDER, WorkerLostError, BatchSettings, CaseTask, worker_lost_finding
from bundler.errors import CaseUnreadableError, OutputError
from bundler.profile import Profile
from bundler.regulation.papers import BundleKind
from bundler.reports.case_result import CaseResult, Removed

CaseFunction = Callable[[CaseTask], CaseResult]
ProgressCallback = Callable[[int, CaseResult | None], None]
"""Told how many cases there are, at first, and of each case that is done."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What a batch did.

    Attributes:
        results: every case, by place.
        removed: outputs that belong to no case of now.
        submitted: how many cases the submission holds.
    """

    results: tuple[CaseResult, ...]
    removed: tuple[Removed, ...]
    submitted: int


def make_settings(out: Path, *, today: date, kind: BundleKind | None, profile: Profile, templates: Path) -> BatchSettings:
    """What all cases have in common."""
    return BatchSettings(out, today, kind, profile, templates, compute_environment_digest(profile, templates))


def run_batch(
    root: Path,
    settings: BatchSettings,
    executor: Executor,
    *,
    do: CaseFunction = process_case,
    watch: ProgressCallback = lambda *_: None,
) -> Batch:
    """Work on every case below a folder.

    Args:
        root: the folder.
        settings: what the cases have in common.
        executor: who does the work; any that gives futures, here or on a cluster.
        do: the work on one case.
        watch: told of the progress.

    Raises:
        CaseUnreadableError: there is no case.
        OutputError: OUT cannot be written, or another batch is writing it.
    """
    tasks = find_tasks(root, settings)
    if not tasks:
        raise CaseUnreadableError(f"“{root}”里没有案件。", fix="案件文件夹里要有 case.json；新建用 bundler new。")
    refuse_foreign_folder(settings.out)
    create_output_folders(settings.out)
    with hold_output_lock(settings.out / STATE_FOLDER):
        remove_partial_files(settings.out)
        try:
            watch(len(tasks), None)
            results = _process_all(tasks, executor, do, watch)
            removed = move_aside(settings.out, results)
            return Batch(results, removed, _publish_in_worker(results, removed, root, settings, executor))
        except BaseException:
            # Whoever is still at work is stopped first, while the lock is held; then nothing half-made is left.
            executor.shutdown(cancel_futures=True)
            remove_partial_files(settings.out)
            raise


def _publish_in_worker(
    results: tuple[CaseResult, ...], removed: tuple[Removed, ...], root: Path, settings: BatchSettings, executor: Executor
) -> int:
    """The reports and the submission, made by a worker as the cases were: it has everything loaded."""
    try:
        return executor.submit(publish_reports, results, removed, root, settings).result()
    except (WorkerLostError, MemoryError) as error:
        raise OutputError(
            "汇总报告没有写成：超过了时间或者内存上限，或者程序出错。", fix="卷宗和通知单已经写好；请再运行一次。"
        ) from error


def _process_all(
    tasks: Sequence[CaseTask], executor: Executor, do: CaseFunction, watch: ProgressCallback
) -> tuple[CaseResult, ...]:
    """Every case's result, by place; what a lost worker leaves open is told as its case's finding."""
    futures: dict[Future[CaseResult], CaseTask] = {executor.submit(do, task): task for task in tasks}
    results: list[CaseResult] = []
    for future in as_completed(futures):
        try:
            result = future.result()
        except WorkerLostError as lost:
            result = return_case(futures[future], worker_lost_finding(lost.rule))
        except MemoryError:
            result = return_case(futures[future], worker_lost_finding("CASE-MEMORY"))
        results.append(result)
        watch(len(tasks), result)
    return tuple(sorted(results, key=lambda result: result.place))
