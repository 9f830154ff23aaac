"""``bundler read``: read the scans of cases with an engine for text recognition, and write a record for each file."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bundler.commands import signal_handling
from bundler.commands.console import print_json, print_message, print_result
from bundler.commands.progress import Progress, show_progress
from bundler.commands.shared_options import common_options, json_option
from bundler.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from bundler.text_recognition.case_reading import CaseState, SubmitFunction

_LINE_SECONDS = 2.0
"""Seconds between two lines of progress."""


@click.command("read")
@click.argument("cases", metavar="CASE…", nargs=-1, required=True)
@click.option("--jobs", type=click.IntRange(1, 256), help="同时识读几页，默认为处理器核数；每页约占 0.7 GB 内存。")
@click.option(
    "--scheduler", metavar="ADDR", help="交给 Dask 集群识读，如 tcp://10.0.0.5:8786；各工作机须看得到同一个共享文件夹。"
)
@click.option("--progress", "print_progress", is_flag=True, help="把进度逐行写到标准错误，供别的程序读。")
@json_option
@common_options
def command(
    cases: tuple[str, ...],
    jobs: int | None,
    scheduler: str | None,
    print_progress: bool,
    as_json: bool,
    profile_path: Path | None,
    templates_path: Path | None,
) -> int:
    """识读扫描件上的文字、印章和方向，不用联网。CASE 是案件文件夹，或者放着许多案件的文件夹，可以给多个。

    每个文件的结果写在案件文件夹的 .readings 里，检查和成卷时采用；识读结果只用于提醒，不改动案件。读过的不再读；中断以后再次运行，会接着读完。
    """
    del profile_path, templates_path
    from bundler.text_recognition.case_reading import read_planned
    from bundler.text_recognition.model_files import find_models

    if scheduler and jobs:
        raise UsageError("--jobs 和 --scheduler 只能写一个。", fix="集群上同时读几页，由工作机的数目决定。")
    if scheduler is None:
        find_models()
    planned, unreadable = _plan(cases)
    submitter = _on_this_machine(jobs) if scheduler is None else _on_cluster(scheduler, planned)
    with submitter as submit, show_progress("识读", _print_lines() if print_progress else None) as watch:
        read_planned(planned, submit, watch)
    if as_json:
        print_json({"cases": [_as_json(case) for case in planned], "unreadable": unreadable})
    else:
        _print_summary(planned, unreadable)
    if not planned:
        return ExitCode.UNREADABLE
    is_whole = not unreadable and not any(source.problem for case in planned for source in case.sources)
    return ExitCode.OK if is_whole else ExitCode.INCOMPLETE


@contextmanager
def _on_this_machine(jobs: int | None) -> Iterator[SubmitFunction]:
    from bundler.text_recognition.local_readers import LocalReaders

    threads = jobs or len(os.sched_getaffinity(0))
    with LocalReaders() as readers, ThreadPoolExecutor(threads, thread_name_prefix="read") as executor:
        yield lambda task, known: executor.submit(readers.read, task, known)


@contextmanager
def _on_cluster(address: str, planned: list[CaseState]) -> Iterator[SubmitFunction]:
    try:
        from bundler.batch.dask_page_reading import ClusterReaders
    except ModuleNotFoundError as error:
        raise UsageError("没有安装集群所需的程序库。", fix="请运行：pip install 'petition-bundler[dask]'。") from error
    readers = ClusterReaders(address)
    try:
        readers.check_workers([case.folder.absolute() for case in planned])
        yield readers.submit
    finally:
        readers.close()


def _plan(cases: tuple[str, ...]) -> tuple[list[CaseState], list[str]]:
    """The cases that can be read, and those that cannot; each once."""
    from bundler.case.reader import read_case
    from bundler.text_recognition.case_reading import plan_case

    planned, unreadable = [], []
    for given in dict.fromkeys(each for case in cases for each in _folders(case)):
        signal_handling.raise_if_interrupted()
        reading = read_case(given)
        if reading.case is None:
            unreadable.append(given)
        else:
            planned.append(plan_case(reading))
    return planned, unreadable


def _folders(given: str) -> Iterator[str]:
    """The case itself, or the cases below a folder."""
    from bundler.case.find_case_folders import find_cases

    path = Path(given)
    if path.is_dir() and not (path / "case.json").exists():
        found = [str(folder) for folder in find_cases(path)]
        yield from found or [given]
    else:
        yield given


def _as_json(case: CaseState) -> dict[str, Any]:
    from bundler.scan_reading.case_readings import record_name

    return {
        "case": case.given,
        "files": [
            {
                "file": source.name,
                "sha256": source.record.sha256,
                "record": record_name(source.record.sha256),
                "read": sorted(source.numbers),
                "kept": source.kept,
                "unclear": sorted(source.unclear),
                "problem": source.problem or None,
            }
            for source in case.sources
        ],
    }


def _print_summary(planned: list[CaseState], unreadable: list[str]) -> None:
    for case in planned:
        for source in case.sources:
            if source.unclear:
                unclear = "、".join(map(str, sorted(source.unclear)))
                print_result(f"看不清　{case.given}　“{source.name}”第 {unclear} 页")
            if source.problem:
                print_result(f"没有读完　{case.given}　“{source.name}”{source.problem}，请再运行一次。")
    for given in unreadable:
        print_result(f"没有读　{given}　案件读不出来，请用 bundler check 查看。")
    sources = [source for case in planned for source in case.sources]
    pages, kept = sum(len(one.numbers) for one in sources), sum(one.kept for one in sources)
    print_result(f"共 {len(planned)} 件，扫描页 {pages} 页：这次读了 {pages - kept} 页，以前读过 {kept} 页。")


def _print_lines() -> Progress:
    """Print lines with the time left, which another program such as the desk reads."""
    begun = printed = time.monotonic()

    def watch(done: int, total: int) -> None:
        nonlocal printed
        now = time.monotonic()
        if done in {0, total} or now - printed >= _LINE_SECONDS:
            printed = now
            left = round((now - begun) / done * (total - done)) if done else None
            print_message(f"进度 {done}/{total}" + (f"　约剩 {left} 秒" if left is not None else ""))

    return watch
