"""Run a command from a small process and write its resource use; the memory of a large parent would count as its own.

Usage: python benchmarks/run_measured.py RESULT.json COMMAND…
"""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path


def main(result: str, *command: str) -> int:
    """Write wall seconds, CPU seconds and the peak memory in MiB of the largest process as JSON; return the exit status."""
    started = time.perf_counter()
    status = subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode
    wall, used = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    Path(result).write_text(json.dumps([wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]), encoding="ascii")
    return status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
