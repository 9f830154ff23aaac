"""A Dask cluster's workers: the same work as this machine's, on cases and an output that all workers see.

Each Dask worker hands a case on to a process of its own with the same limits as here, so that what one case does to a
library reaches neither the worker nor the next case. A worker that is lost is no case's fault: the scheduler gives its
cases to another.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import cache
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from distributed import Client, KilledWorker

from bundler.batch.build_cache import compute_environment_digest
from bundler.batch.local_executor import LocalExecutor
from bundler.batch.task import WorkerLostError, BatchSettings
from bundler.errors import OutputError, UsageError

Result = TypeVar("Result")
Given = ParamSpec("Given")

CONNECT_SECONDS = 15


class ClusterExecutor(Executor):
    """Runs each call on a worker of a cluster."""

    def __init__(self, address: str) -> None:
        """Connect.

        Raises:
            UsageError: there is no scheduler at the address, or it has no worker.
        """
        try:
            self._client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
            self._client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except (OSError, ValueError, TimeoutError) as error:
            raise UsageError(
                "连不上调度器，或者它没有工作机（--scheduler）。",
                fix="请核对地址（如 tcp://10.0.0.5:8786），并确认调度器和工作机已经启动。",
            ) from error
        self._executor = self._client.get_executor(pure=False)

    def agree(self, root: Path, settings: BatchSettings) -> None:
        """See that every worker has the same tool, fonts and templates, and the same folders.

        Raises:
            OutputError: one has not, so that its bundles would be others or lie elsewhere.
        """
        told = self._client.run(_inspect_worker, root, settings)
        for worker, (sees, digest) in told.items():
            if not sees:
                what = "看不到案件文件夹或者输出文件夹"
            elif digest != settings.made_with:
                what = "的工具版本、字体、模板或者配置与本机不同"
            else:
                continue
            raise OutputError(f"工作机 {worker} {what}。", fix="请让所有工作机用同样的安装和同一个共享文件夹。")

    def submit(self, fn: Callable[Given, Result], /, *args: Given.args, **kwargs: Given.kwargs) -> Future[Result]:
        """Queue a call; its result, or CaseLostError when worker after worker was lost over it."""
        outer: Future[Result] = Future()
        inner = self._executor.submit(_run_in_own_process, fn, args, kwargs)
        inner.add_done_callback(lambda done: _copy_outcome(done, outer))
        return outer

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 (Executor's)
        """End; with `cancel_futures` what is queued is taken back."""
        self._executor.shutdown(wait=wait and not cancel_futures)
        self._client.close()


def _copy_outcome(done: Future[Any], outer: Future[Any]) -> None:
    if done.cancelled():
        outer.cancel()
        return
    error = done.exception()
    if error is None:
        outer.set_result(done.result())
    else:
        outer.set_exception(WorkerLostError("CASE-CRASH") if isinstance(error, KilledWorker) else error)


def _inspect_worker(root: Path, settings: BatchSettings) -> tuple[bool, str]:
    """On a worker: whether it sees the folders, and what its bundles would be made with."""
    sees = root.is_dir() and settings.out.parent.is_dir()
    return sees, compute_environment_digest(settings.profile, settings.templates) if settings.templates.is_dir() else ""


def _run_in_own_process(fn: Callable[..., Result], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Result:
    """On a worker: the call in a process of its own."""
    return _local_executor().submit(fn, *args, **kwargs).result()


@cache
def _local_executor() -> LocalExecutor:
    """The worker's own executor, which stays warm; a nanny's worker counts as a daemon, which may start no process."""
    vars(multiprocessing.current_process())["_config"]["daemon"] = False
    return LocalExecutor(jobs=64)
