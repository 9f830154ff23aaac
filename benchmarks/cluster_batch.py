"""Start a Dask cluster on this machine, run a command on it, and stop it.

Usage: python benchmarks/cluster_batch.py RESULT.json WORKERS [COMMAND…]

Without a command the cluster is started and stopped with nothing done: what it costs by itself. The command gets
``--scheduler ADDRESS`` added to its end. RESULT.json gets the seconds of the command alone.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_START_SECONDS = 60


def main(result: str, workers: str, *command: str) -> int:
    """Run the command on a cluster; return its exit status."""
    with tempfile.TemporaryDirectory(prefix="dask-") as name:
        notes = Path(name)
        running = [_start(notes, "scheduler", "--host", "127.0.0.1", "--port", "0")]
        try:
            address = _wait_for_address(notes / "scheduler.json", running[0])
            options = ("--nthreads", "1", "--host", "127.0.0.1", "--no-nanny", "--local-directory", name)
            running += [_start(notes, "worker", *options) for _ in range(int(workers))]
            _wait_for_workers(address, int(workers))
            started = time.perf_counter()
            status = subprocess.run([*command, "--scheduler", address], check=False).returncode if command else 0
            Path(result).write_text(json.dumps(time.perf_counter() - started), encoding="ascii")
        finally:
            for process in reversed(running):
                process.send_signal(signal.SIGTERM)
                process.wait()
    return status


def _start(notes: Path, kind: str, *options: str) -> subprocess.Popen[bytes]:
    """Start a scheduler or a worker."""
    file = str(notes / "scheduler.json")
    command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", "--scheduler-file", file, "--no-dashboard"]
    with (notes / f"{kind}.log").open("ab") as log:
        return subprocess.Popen([*command, *options], stdout=log, stderr=log, cwd=notes, env=dict(os.environ))


def _wait_for_address(file: Path, scheduler: subprocess.Popen[bytes]) -> str:
    """Wait until the scheduler has written its address.

    Raises:
        RuntimeError: it has not.
    """
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and scheduler.poll() is None:
        if file.exists() and file.read_bytes().rstrip().endswith(b"}"):
            return str(json.loads(file.read_text(encoding="utf-8"))["address"])
        time.sleep(0.02)
    raise RuntimeError("the scheduler does not start")


def _wait_for_workers(address: str, workers: int) -> None:
    from distributed import Client

    with Client(address, timeout=_START_SECONDS, set_as_default=False) as client:
        client.wait_for_workers(workers, timeout=_START_SECONDS)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
