"""The order of a batch: look for the cases, hand each to a worker, tidy up, report, submit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, as_completed
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bundler.batch.build_cache import made_with
from bundler.batch.case_processing import return_case, work
from bundler.batch.discovery import survey
from bundler.batch.output_folder import move_aside, prepare_out, refuse_foreign_folder, remove_partial_files
from bundler.batch.output_lock import hold_output_lock
from bundler.batch.publish import publish
from bundler.batch.task import STATE, CaseLostError, Settings, Task, lost_finding
from bundler.errors import CaseUnreadableError, OutputError
from bundler.profile import Profile
from bundler.regulation.papers import BundleKind
from bundler.reports.case_result import CaseResult, Removed

CaseFunction = Callable[[Task], CaseResult]
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


def settings_for(out: Path, *, today: date, kind: BundleKind | None, profile: Profile, templates: Path) -> Settings:
    """What all cases have in common."""
    return Settings(out, today, kind, profile, templates, made_with(profile, templates))


def run_batch(
    root: Path,
    settings: Settings,
    executor: Executor,
    *,
    do: CaseFunction = work,
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
    tasks = survey(root, settings)
    if not tasks:
        raise CaseUnreadableError(f"“{root}”里没有案件。", fix="案件文件夹里要有 case.json；新建用 bundler new。")
    refuse_foreign_folder(settings.out)
    prepare_out(settings.out)
    with hold_output_lock(settings.out / STATE):
        remove_partial_files(settings.out)
        try:
            watch(len(tasks), None)
            results = _all(tasks, executor, do, watch)
            removed = move_aside(settings.out, results)
            return Batch(results, removed, _published(results, removed, root, settings, executor))
        except BaseException:
            # Whoever is still at work is stopped first, while the lock is held; then nothing half-made is left.
            executor.shutdown(cancel_futures=True)
            remove_partial_files(settings.out)
            raise


def _published(
    results: tuple[CaseResult, ...], removed: tuple[Removed, ...], root: Path, settings: Settings, executor: Executor
) -> int:
    """The reports and the submission, made by a worker as the cases were: it has everything loaded."""
    try:
        return executor.submit(publish, results, removed, root, settings).result()
    except (CaseLostError, MemoryError) as error:
        raise OutputError(
            "汇总报告没有写成：超过了时间或者内存上限，或者程序出错。", fix="卷宗和通知单已经写好；请再运行一次。"
        ) from error


def _all(
    tasks: Sequence[Task], executor: Executor, do: CaseFunction, watch: ProgressCallback
) -> tuple[CaseResult, ...]:
    """Every case's result, by place; what a lost worker leaves open is told as its case's finding."""
    futures: dict[Future[CaseResult], Task] = {executor.submit(do, task): task for task in tasks}
    results: list[CaseResult] = []
    for future in as_completed(futures):
        try:
            result = future.result()
        except CaseLostError as lost:
            result = return_case(futures[future], lost_finding(lost.rule))
        except MemoryError:
            result = return_case(futures[future], lost_finding("CASE-MEMORY"))
        results.append(result)
        watch(len(tasks), result)
    return tuple(sorted(results, key=lambda result: result.place))
