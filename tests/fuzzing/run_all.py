"""Fuzz targets one after the other for a given time, and say what was tried and found; ``make fuzz`` runs this.

    .venv/bin/python -m tests.fuzzing.run_all [--seconds 600] [--folder out/fuzz] [TARGET ...]

The folder keeps the files that were found to matter, so that the next run goes on where this one ended.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from pathlib import Path

from tests.fuzzing.targets import TARGETS
from tests.support.paths import ROOT

_OPTIONS = (
    "-timeout=120",
    "-rss_limit_mb=0",
    "-print_final_stats=1",
    "-verbosity=1",
    "-len_control=0",
    "-report_slow_units=60",
)
_EXECUTIONS = re.compile(rb"stat::number_of_executed_units: (\d+)|^#(\d+)\t", re.MULTILINE)
_COVERAGE = re.compile(rb"cov: (\d+)")
_LEAST_SECONDS = 5


def main() -> int:
    """Fuzz; the exit status is 1 where anything was found."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=int, default=600, help="time for each target")
    options.add_argument("--folder", type=Path, default=ROOT / "out" / "fuzz")
    options.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)}; all if none is given")
    chosen = options.parse_args()
    unknown = set(chosen.targets) - set(TARGETS)
    if unknown:
        options.error(f"no target {', '.join(sorted(unknown))}")
    return max(fuzz(name, chosen.folder / name, chosen.seconds) for name in chosen.targets or TARGETS)


def fuzz(name: str, folder: Path, seconds: int) -> int:
    """Fuzz one target, again and again where its process dies, and print a line about it."""
    corpus, finds, log = folder / "corpus", folder / "finds", folder / "log"
    corpus.mkdir(parents=True, exist_ok=True)
    finds.mkdir(exist_ok=True)
    for number, data in enumerate(TARGETS[name].seeds()):
        (corpus / f"seed-{number:02}").write_bytes(data)
    end, executions, coverage, deaths = time.monotonic() + seconds, 0, 0, 0
    while (left := int(end - time.monotonic())) >= _LEAST_SECONDS:
        arguments = [
            name,
            str(corpus),
            str(finds),
            *_OPTIONS,
            f"-max_total_time={left}",
            f"-artifact_prefix={finds}/",
        ]
        with log.open("wb") as output:
            done = subprocess.run(
                [sys.executable, "-m", "tests.fuzzing.fuzz", *arguments],
                cwd=ROOT,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
                env={**os.environ, "XDG_CACHE_HOME": str(folder / "cache")},
            )
        text = log.read_bytes()
        executions += max((int(one or other) for one, other in _EXECUTIONS.findall(text)), default=0)
        coverage = max([coverage, *map(int, _COVERAGE.findall(text))])
        deaths += done.returncode != 0
        if done.returncode != 0:
            log.rename(folder / f"log-{deaths}")
    found = sorted(path.name for path in finds.iterdir() if path.suffix != ".bin" and not path.name.startswith("slow"))
    print(
        f"{name}: {seconds} s, {executions} executions, coverage {coverage}, {deaths} deaths, found {found}", flush=True
    )
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
