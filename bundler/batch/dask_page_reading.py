"""Reading pages on the workers of a Dask cluster, which all see the case folders; only this machine writes the records.

Each worker reads in processes with limits, as on one machine. When a worker is lost, the scheduler gives its page to another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from functools import cache
from pathlib import Path

from distributed import KilledWorker

from bundler.batch.cluster_executor import allow_child_processes, connect
from bundler.errors import BundlerError, OutputError
from bundler.scan_reading.record import ReadPage
from bundler.text_recognition.local_readers import LocalReaders
from bundler.text_recognition.model_files import find_models
from bundler.text_recognition.page_worker import PageTask, make_unclear_page


class ClusterReaders:
    """Hands out pages to a cluster."""

    def __init__(self, address: str) -> None:
        """Connect to the scheduler.

        Raises:
            UsageError: there is no scheduler at the address, or it has no worker.
        """
        self._client = connect(address)
        self._executor = self._client.get_executor(pure=False)

    def check_workers(self, folders: Sequence[Path]) -> None:
        """Check that every worker has the engine with its models, and sees the case folders.

        Raises:
            OutputError: one does not.
        """
        for worker, problem in self._client.run(_inspect_worker, list(folders)).items():
            if problem:
                raise OutputError(f"工作机 {worker}：{problem}", fix="请让所有工作机用同样的安装和同一个共享文件夹。")

    def submit(self, task: PageTask, _known: Mapping[str, ReadPage]) -> Future[ReadPage | None]:
        """Queue a page; what was read before stays on the machine that writes the records."""
        outer: Future[ReadPage | None] = Future()
        self._executor.submit(_read, task).add_done_callback(lambda done: _copy_outcome(done, outer, task))
        return outer

    def close(self) -> None:
        """Cancel what is queued, and leave the cluster."""
        self._executor.shutdown(wait=False)
        self._client.close()


def _copy_outcome(done: Future[ReadPage | None], outer: Future[ReadPage | None], task: PageTask) -> None:
    """Pass on the outcome of a page; one with which several workers were lost is unclear."""
    if outer.cancelled():
        return
    if done.cancelled():
        # Dask cancels every call when the scheduler is gone.
        fix = "请确认调度器在运行，再运行一次；已经读过的不再读。"
        outer.set_exception(OutputError("与调度器的连接断开了（--scheduler），没有读完。", fix=fix))
        return
    error = done.exception()
    if error is None:
        outer.set_result(done.result())
    elif isinstance(error, KilledWorker):
        outer.set_result(make_unclear_page(task))
    else:
        outer.set_exception(error)


def _read(task: PageTask) -> ReadPage | None:
    """On a worker: read a page."""
    return _readers().read(task, {})


def _inspect_worker(folders: list[Path]) -> str:
    """On a worker: what it lacks, in Chinese; empty where it lacks nothing."""
    try:
        find_models()
    except BundlerError as error:
        return error.message
    return "" if all(folder.is_dir() for folder in folders) else "看不到案件文件夹。"


@cache
def _readers() -> LocalReaders:
    """The readers of a worker, kept between pages."""
    allow_child_processes()
    return LocalReaders()
