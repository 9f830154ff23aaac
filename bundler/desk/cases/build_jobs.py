"""Bundles being made: a few at a time, the others in a queue; each step told to whoever watches."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from bundler.bind.parts import BoundFile
from bundler.bind.volume_scope import VolumeScope
from bundler.bundle.check import CheckedCase
from bundler.bundle.outputs import bundle_file_name
from bundler.bundle.sandboxed import STEPS_BESIDES_PAPERS, BuildRequest, build_bundle
from bundler.errors import BundlerError
from bundler.ledger.case_history import FileDigest, HistoryError, append_history

MAX_CONCURRENT_BUILDS = 2
_NICENESS = 10
"""A bundle lets the pages go first that somebody waits for."""


class JobState(StrEnum):
    """How far it is."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"


@dataclass
class BuildJob:
    """A bundle on its way.

    Attributes:
        state: how far it is.
        doing: what is being done, or was done last.
        done: steps that are behind it.
        steps: how many there are; 0 as long as nobody knows.
        fault: why it failed, and what to do.
        bound: the files that were made.
        note: what could not be done besides.
    """

    scope: VolumeScope = VolumeScope.WHOLE
    state: JobState = JobState.WAITING
    doing: str = ""
    done: int = 0
    steps: int = 0
    fault: tuple[str, str] = ("", "")
    bound: tuple[BoundFile, ...] = ()
    left_out: int = 0
    note: str = ""
    change: int = field(default=0)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.state in {JobState.DONE, JobState.FAILED}

    def hear(self, news: str | int) -> None:
        """One step more; a number says how many papers are to be joined."""
        if isinstance(news, int):
            self.steps = news + STEPS_BESIDES_PAPERS
        else:
            self.doing, self.done = news, self.done + 1
        self.change += 1


class BuildQueue:
    """Where bundles are made, by the case's key."""

    def __init__(self, number: int = MAX_CONCURRENT_BUILDS) -> None:
        self._pool = ThreadPoolExecutor(number, thread_name_prefix="desk-bench")
        self._makings: dict[str, BuildJob] = {}
        self._lock = threading.Lock()

    def making(self, key: str) -> BuildJob | None:
        """The bundle of a case that is being made, or was made last."""
        return self._makings.get(key)

    def before(self, key: str) -> int:
        """How many wait before this one."""
        waiting = [one for one, making in self._makings.items() if making.state is JobState.WAITING]
        return waiting.index(key) if key in waiting else 0

    def begin(self, key: str, scope: VolumeScope, work: Callable[[BuildJob], None]) -> BuildJob:
        """Have a bundle made; one that is under way already is not begun again."""
        with self._lock:
            now = self._makings.get(key)
            if now is not None and not now.is_over:
                return now
            self._makings.pop(key, None)
            making = self._makings[key] = BuildJob(scope)
        self._pool.submit(_watched, making, work)
        return making

    def close(self) -> None:
        """Begin no more of them."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _watched(making: BuildJob, work: Callable[[BuildJob], None]) -> None:
    making.state = JobState.WORKING
    making.change += 1
    try:
        work(making)
        making.state = JobState.DONE
    except BundlerError as error:
        making.fault, making.state = (error.message, error.fix), JobState.FAILED
    except Exception:
        making.fault, making.state = ("出错了，没有成卷。", "请告诉管理员。"), JobState.FAILED
        raise
    finally:
        making.change += 1


def bundle(checked: CheckedCase, templates: Path, making: BuildJob, actor: str) -> None:
    """Build the bundle of a complete case into its folder, as ``build`` does, and record it in the case's history.

    Raises:
        BundlerError: as `build_bundle` says.
    """
    folder, number = checked.reading.folder, checked.check_result.registration_no or ""
    target = folder / bundle_file_name(number, making.scope)
    request = BuildRequest(templates, target, protected=(), scope=making.scope, niceness=_NICENESS)
    built = build_bundle(checked, request, making.hear)
    making.bound, making.left_out = built.bound, built.left_out
    try:
        append_history(folder, "build", [FileDigest(one.path.name, one.sha256) for one in built.bound], actor=actor)
    except HistoryError as error:
        making.note = f"没有写入案件历史（{error}）；卷宗不受影响。"
