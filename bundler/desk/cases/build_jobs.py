"""Build bundles in the background: a few at a time, the others queued; each job keeps its progress for those who watch."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bundler.bind.join_types import BoundFile
from bundler.bind.volume_scope import VolumeScope
from bundler.bundle.build import STEPS_BESIDES_PAPERS, BuildRequest, build_bundle
from bundler.bundle.output_path_checks import bundle_file_name
from bundler.bundle.read_and_check_case import CheckedCase
from bundler.errors import BundlerError
from bundler.ledger.case_change_log import append_history
from bundler.ledger.history_entry import FileDigest, HistoryError

MAX_CONCURRENT_BUILDS = 2
_NICENESS = 10
"""Builds yield to the work that a page waits for."""


class JobState(StrEnum):
    """The state of a build job."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"


@dataclass
class BuildJob:
    """A bundle that is being built, or was.

    Attributes:
        scope: the volume to build.
        state: the job's state.
        step: the step in progress, or the last one.
        steps_done: the steps that were reported.
        steps_total: the number of steps; 0 while it is unknown.
        error: the message and the fix of what made the job fail.
        bound: the files that were written.
        left_out: how many papers the volume leaves out.
        note: what could not be recorded, though the bundle was built.
        revision: rises with each change, so that a watcher notices one.
    """

    scope: VolumeScope = VolumeScope.WHOLE
    state: JobState = JobState.WAITING
    step: str = ""
    steps_done: int = 0
    steps_total: int = 0
    error: tuple[str, str] = ("", "")
    bound: tuple[BoundFile, ...] = ()
    left_out: int = 0
    note: str = ""
    revision: int = 0

    @property
    def is_finished(self) -> bool:
        """Whether the job is done or failed."""
        return self.state in {JobState.DONE, JobState.FAILED}

    def report_progress(self, progress: str | int) -> None:
        """Take a progress report: the name of the next step, or the number of papers to join."""
        if isinstance(progress, int):
            self.steps_total = progress + STEPS_BESIDES_PAPERS
        else:
            self.step, self.steps_done = progress, self.steps_done + 1
        self.revision += 1


class BuildQueue:
    """The latest build job of each case, by the case's key."""

    def __init__(self, threads: int = MAX_CONCURRENT_BUILDS) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="desk-build")
        self._jobs: dict[str, BuildJob] = {}
        self._lock = threading.Lock()

    def job(self, case_key: str) -> BuildJob | None:
        """The latest job of a case; None where it was not built yet."""
        return self._jobs.get(case_key)

    def jobs_ahead(self, case_key: str) -> int:
        """How many waiting jobs come before that of a case."""
        waiting = [key for key, job in self._jobs.items() if job.state is JobState.WAITING]
        return waiting.index(case_key) if case_key in waiting else 0

    def start(self, case_key: str, scope: VolumeScope, build: Callable[[BuildJob], None]) -> BuildJob:
        """Queue a job; while the case has an unfinished one, that one is returned instead."""
        with self._lock:
            current = self._jobs.get(case_key)
            if current is not None and not current.is_finished:
                return current
            self._jobs.pop(case_key, None)
            job = self._jobs[case_key] = BuildJob(scope)
        self._threads.submit(_run_job, job, build)
        return job

    def close(self) -> None:
        """Start no more jobs."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _run_job(job: BuildJob, build: Callable[[BuildJob], None]) -> None:
    job.state = JobState.WORKING
    job.revision += 1
    try:
        build(job)
        job.state = JobState.DONE
    except BundlerError as error:
        job.error, job.state = (error.message, error.fix), JobState.FAILED
    except Exception:
        job.error, job.state = ("出错了，没有成卷。", "请告诉管理员。"), JobState.FAILED
        raise
    finally:
        job.revision += 1


def build_in_folder(checked: CheckedCase, templates: Path, job: BuildJob, actor: str) -> None:
    """Build the bundle of a complete case into its folder, as ``build`` does, and record it in the case's history.

    Args:
        checked: the case.
        templates: the folder of templates.
        job: receives the progress and the result.
        actor: the account that asked for it.

    Raises:
        BundlerError: as in `build_bundle`.
    """
    folder, number = checked.reading.folder, checked.check_result.registration_no or ""
    target = folder / bundle_file_name(number, job.scope)
    request = BuildRequest(templates, target, protected=(), scope=job.scope, niceness=_NICENESS)
    built = build_bundle(checked, request, job.report_progress)
    job.bound, job.left_out = built.bound, built.left_out
    try:
        append_history(folder, "build", [FileDigest(one.path.name, one.sha256) for one in built.bound], actor=actor)
    except HistoryError as error:
        job.note = f"没有写入案件历史（{error}）；卷宗不受影响。"
