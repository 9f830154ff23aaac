"""A batch on a Dask cluster gives the same bytes as on this machine, even if a worker is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bundler.commands import run
from tests.batch.test_batch import TODAY
from tests.support.case_folders import write_complete_cases
from tests.support.paths import read_files

BATCH_SECONDS = 600
"""After which a batch that has not ended waits forever."""
NUMBERS = tuple(f"样信执2021-{number:04}" for number in range(1, 10))


def start_process(kind: str, notes: Path, *options: str) -> subprocess.Popen[bytes]:
    """Start a scheduler or a worker in a process group of its own."""
    module = f"distributed.cli.dask_{kind}"
    command = [sys.executable, "-m", module, "--scheduler-file", str(notes / "scheduler.json"), *options]
    with (notes / f"{kind}.log").open("ab") as log:
        return subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, cwd=notes)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and the processes it started, like a power failure."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def run_cluster(notes: Path, workers: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Run a scheduler on the loopback interface and its workers; yields its address, and its process before theirs."""
    running = [start_process("scheduler", notes, "--host", "127.0.0.1", "--port", "0", "--no-dashboard")]
    try:
        while not (notes / "scheduler.json").exists():
            assert running[0].poll() is None, (notes / "scheduler.log").read_text()
            time.sleep(0.05)
        options = ("--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1", "--local-directory", str(notes))
        running += [start_process("worker", notes, *options) for _ in range(workers)]
        yield read_address(notes), running
    finally:
        for process in running:
            if process.poll() is None:
                kill_group(process)


def read_address(notes: Path) -> str:
    """Return the scheduler's address from its scheduler file."""
    import json

    return str(json.loads((notes / "scheduler.json").read_text(encoding="utf-8"))["address"])


def wait_for_first_bundle(batch: subprocess.Popen[Any], out: Path) -> None:
    """Wait until a running batch has written its first bundle."""
    while batch.poll() is None and not any((out / "bundles").glob("*.pdf")):
        time.sleep(0.02)
    assert batch.poll() is None, "the batch was over before anything could be lost"


@pytest.mark.slow
def test_a_cluster_that_loses_a_worker_gives_the_same_bytes(tmp_path: Path) -> None:
    """One of three workers is killed when the first bundle is written."""
    cases, here, there, notes = (tmp_path / name for name in ("cases", "here", "there", "notes"))
    notes.mkdir()
    write_complete_cases(cases, *NUMBERS)
    command = ["batch", str(cases), "--today", TODAY, "-o"]
    assert run([*command, str(here)]) == 0
    with run_cluster(notes, workers=3) as (address, (_, worker, *_)):
        batch = subprocess.Popen([sys.executable, "-m", "bundler", *command, str(there), "--scheduler", address])
        wait_for_first_bundle(batch, there)
        kill_group(worker)

        assert batch.wait(BATCH_SECONDS) == 0
    assert read_files(there) == read_files(here)


@pytest.mark.slow
def test_a_lost_scheduler_ends_the_batch_with_a_message(tmp_path: Path) -> None:
    """Instead of waiting forever; what was done stays, and a second run does the rest."""
    cases, out, notes = (tmp_path / name for name in ("cases", "out", "notes"))
    notes.mkdir()
    write_complete_cases(cases, *NUMBERS)
    command = [sys.executable, "-m", "bundler", "batch", str(cases), "--today", TODAY, "-o", str(out)]
    with run_cluster(notes, workers=1) as (address, (scheduler, _)):
        batch = subprocess.Popen([*command, "--scheduler", address], stderr=subprocess.PIPE, text=True)
        wait_for_first_bundle(batch, out)
        kill_group(scheduler)

        _, printed = batch.communicate(timeout=BATCH_SECONDS)
    assert (batch.returncode, "与调度器的连接断开了" in printed) == (5, True), printed
    assert run([*command[3:]]) == 0


def test_an_address_without_a_scheduler_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As a usage error, and nothing is written."""
    monkeypatch.setattr("bundler.batch.cluster_executor.CONNECT_SECONDS", 0.2)
    write_complete_cases(tmp_path / "cases", NUMBERS[0])
    out = tmp_path / "out"

    assert run(["batch", str(tmp_path / "cases"), "-o", str(out), "--scheduler", "tcp://127.0.0.1:9"]) == 2
    assert "连不上调度器" in capsys.readouterr().err
    assert not out.exists()
