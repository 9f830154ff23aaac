"""Run a command from a small process and write its resource use; the memory of a large parent would count as its own.

Processes that outlive the command, such as the server from which a batch forks its workers, are waited for and counted.

Usage: python benchmarks/run_measured.py RESULT.json COMMAND…
"""

import ctypes
import json
import os
import resource
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

_ADOPT_ORPHANS = 36
"""``PR_SET_CHILD_SUBREAPER`` of prctl(2)."""


def main(result: str, *command: str) -> int:
    """Write wall seconds, CPU seconds and the peak memory in MiB of the largest process as JSON; return the exit status."""
    ctypes.CDLL(None).prctl(_ADOPT_ORPHANS, 1)
    started = time.perf_counter()
    status = subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode
    wall = time.perf_counter() - started
    with suppress(ChildProcessError):
        while True:
            os.wait()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    Path(result).write_text(json.dumps([wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]), encoding="ascii")
    return status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
