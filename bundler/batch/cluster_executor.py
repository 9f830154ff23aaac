"""An executor that runs each call on a worker of a Dask cluster; all workers share the case and output folders.

Each Dask worker runs cases in processes with the same limits as on this machine, so that a case that fails affects
neither the worker nor another case. When a worker is lost, the scheduler gives its cases to another one.
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
from bundler.batch.worker_tasks import BatchSettings, WorkerLostError
from bundler.errors import OutputError, UsageError

Result = TypeVar("Result")
Given = ParamSpec("Given")

CONNECT_SECONDS = 15


def connect(address: str) -> Client:
    """Connect to a scheduler.

    Raises:
        UsageError: there is no scheduler at the address, or it has no worker.
    """
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
    except (OSError, ValueError, TimeoutError) as error:
        raise UsageError(
            "连不上调度器，或者它没有工作机（--scheduler）。",
            fix="请核对地址（如 tcp://10.0.0.5:8786），并确认调度器和工作机已经启动。",
        ) from error
    return client


def allow_child_processes() -> None:
    """On a worker: let it start processes; under a Dask nanny it is a daemonic process, which may not."""
    vars(multiprocessing.current_process())["_config"]["daemon"] = False


class ClusterExecutor(Executor):
    """Runs each call on a worker of a cluster."""

    def __init__(self, address: str) -> None:
        """Connect to the scheduler.

        Raises:
            UsageError: there is no scheduler at the address, or it has no worker.
        """
        self._client = connect(address)
        self._executor = self._client.get_executor(pure=False)

    def check_workers(self, root: Path, settings: BatchSettings) -> None:
        """Check that every worker has the same tool, fonts, templates and folders as this machine.

        Raises:
            OutputError: one differs, so that its bundles would differ or be written elsewhere.
        """
        answers = self._client.run(_inspect_worker, root, settings)
        for worker, (sees_folders, digest) in answers.items():
            if not sees_folders:
                problem = "看不到案件文件夹或者输出文件夹"
            elif digest != settings.environment_digest:
                problem = "的工具版本、字体、模板或者配置与本机不同"
            else:
                continue
            raise OutputError(f"工作机 {worker} {problem}。", fix="请让所有工作机用同样的安装和同一个共享文件夹。")

    def submit(self, fn: Callable[Given, Result], /, *args: Given.args, **kwargs: Given.kwargs) -> Future[Result]:
        """Queue a call; the future raises WorkerLostError if several workers are lost with it.

        It raises OutputError when the connection to the scheduler is lost.
        """
        outer: Future[Result] = Future()
        inner = self._executor.submit(_run_in_other_process, fn, args, kwargs)
        inner.add_done_callback(lambda done: _copy_outcome(done, outer))
        return outer

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 (Executor's)
        """Shut down; with `cancel_futures`, queued calls are cancelled."""
        self._executor.shutdown(wait=wait and not cancel_futures)
        self._client.close()


def _copy_outcome(done: Future[Any], outer: Future[Any]) -> None:
    if done.cancelled():
        # Dask cancels every call when the scheduler is gone.
        outer.set_exception(
            OutputError(
                "与调度器的连接断开了（--scheduler），没有做完的案件还没有结果。",
                fix="请确认调度器在运行，再运行一次；已经做好的不会重做。",
            )
        )
        return
    error = done.exception()
    if error is None:
        outer.set_result(done.result())
    else:
        outer.set_exception(WorkerLostError("CASE-CRASH") if isinstance(error, KilledWorker) else error)


def _inspect_worker(root: Path, settings: BatchSettings) -> tuple[bool, str]:
    """On a worker: return whether it sees the folders, and its environment digest."""
    sees_folders = root.is_dir() and settings.out.parent.is_dir()
    if not settings.templates.is_dir():
        return sees_folders, ""
    return sees_folders, compute_environment_digest(settings.profile, settings.templates)


def _run_in_other_process(fn: Callable[..., Result], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Result:
    """On a worker: run a call in another process."""
    return _local_executor().submit(fn, *args, **kwargs).result()


@cache
def _local_executor() -> LocalExecutor:
    """Return the worker's local executor, kept between calls."""
    allow_child_processes()
    return LocalExecutor(jobs=64)
