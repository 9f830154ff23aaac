"""One process that runs batch after batch for twenty minutes, and the curve of its memory.

Usage: python benchmarks/soak.py [--minutes N] [--cases N]

Each round is a batch of mixed cases (complete, incomplete, broken, hostile) into an empty folder, by warm workers, within one
process that never ends between the rounds: what a round leaves behind in it would show. Every second the resident memory
of that process and of all below it is read. It writes SOAK.md and soak.svg beside this file, and ends with status 1 where
the curve is not flat: where the process itself, or the highest sum, stands higher in the last quarter of the time
than in the second by more than a fiftieth, or where a round gave other results than the first.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))

SEED = 20
GROWTH = 1.02
_PAGE = os.sysconf("SC_PAGE_SIZE")
_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Sample:
    """Memory at a moment, in MiB: of the process alone, and with all below it."""

    second: float
    alone: float
    together: float


def main() -> int:
    """Start the process, watch it, judge it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--cases", type=int, default=24)
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work:
        _go_on(given.work, given.minutes * 60)
        return 0
    with tempfile.TemporaryDirectory(prefix="soak-") as name:
        work = Path(name)
        from tests.support.case_folders import make_mixed_cases

        make_mixed_cases(work / "cases", given.cases, SEED)
        samples = _watch(work, given.minutes)
        rounds = [json.loads(line) for line in (work / "rounds").read_text(encoding="utf-8").splitlines()]
    faults = list(_faults(samples, rounds))
    (HERE / "soak.svg").write_text(_curve(samples), encoding="utf-8")
    (HERE / "SOAK.md").write_text("\n".join(_report(samples, rounds, faults, given.cases)), encoding="utf-8")
    print("\n".join(faults) or f"flat over {len(rounds)} rounds")
    return 1 if faults else 0


def _go_on(work: Path, seconds: float) -> None:
    """Batch after batch in this process, each into an empty folder; a line for each of what became of the cases."""
    from bundler.batch.local_executor import LocalExecutor
    from bundler.batch.run import make_settings, run_batch
    from bundler.documents.definitions import find_templates_folder
    from bundler.profile import load_profile

    out = work / "out"
    settings = make_settings(
        out, today=date(2021, 12, 20), kind=None, profile=load_profile(None), templates=find_templates_folder(None)
    )
    executor = LocalExecutor(2)
    until = time.monotonic() + seconds
    with (work / "rounds").open("w", encoding="utf-8") as told:
        while time.monotonic() < until:
            done = run_batch(work / "cases", settings, executor)
            what = {one.place: [one.bundled, sorted({finding.rule for finding in one.errors})] for one in done.results}
            print(json.dumps(what, sort_keys=True), file=told, flush=True)
            shutil.rmtree(out)
    executor.shutdown()


def _watch(work: Path, minutes: float) -> list[Sample]:
    command = [sys.executable, __file__, "--work", str(work), "--minutes", str(minutes)]
    process = subprocess.Popen(command, env={**os.environ, "XDG_CACHE_HOME": str(work / "cache")})
    began, samples = time.monotonic(), []
    while process.poll() is None:
        alone = _resident(process.pid)
        samples.append(Sample(time.monotonic() - began, alone, alone + sum(map(_resident, _below(process.pid)))))
        time.sleep(1)
    if process.returncode:
        raise RuntimeError(f"the process ended with {process.returncode}")
    return [sample for sample in samples if sample.alone]


def _resident(process: int) -> float:
    try:
        return int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]) * _PAGE / _MIB
    except (OSError, IndexError):  # it ended meanwhile
        return 0.0


def _below(process: int) -> Iterator[int]:
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children = [int(word) for word in task.read_text(encoding="ascii").split()]
        except OSError:
            continue
        for child in children:
            yield child
            yield from _below(child)


def _faults(samples: Sequence[Sample], rounds: Sequence[object]) -> Iterator[str]:
    if any(one != rounds[0] for one in rounds):
        yield "a round gave other results than the first"
    for name, second, last in _quarters(samples):
        if last > second * GROWTH:
            yield f"{name}: {second:.1f} MiB in the second quarter, {last:.1f} MiB in the last"


def _quarters(samples: Sequence[Sample]) -> list[tuple[str, float, float]]:
    """The second and the last quarter: the process by its median, the sum of all by its highest twentieth."""
    quarter = len(samples) // 4
    second, last = samples[quarter : 2 * quarter], samples[-quarter:]
    medians = [statistics.median(one.alone for one in part) for part in (second, last)]
    heights = [_high([one.together for one in part]) for part in (second, last)]
    return [("process", medians[0], medians[1]), ("with its workers", heights[0], heights[1])]


def _high(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def _report(samples: Sequence[Sample], rounds: Sequence[object], faults: Sequence[str], cases: int) -> Iterator[str]:
    minutes = samples[-1].second / 60
    yield "# Soak"
    yield ""
    yield (
        f"By `python benchmarks/soak.py` on {datetime.now(UTC):%Y-%m-%d}: one process, {minutes:.0f} minutes, {len(rounds)} "
        f"batches of {cases} mixed cases each, two workers. {'Not flat: ' + '; '.join(faults) if faults else 'Flat.'}"
    )
    yield ""
    yield "![Memory over the time](soak.svg)"
    yield ""
    yield "| resident memory, MiB | second quarter | last quarter |"
    yield "|---|---|---|"
    for name, second, last in _quarters(samples):
        yield f"| {name} | {second:.1f} | {last:.1f} |"
    yield ""


def _curve(samples: Sequence[Sample]) -> str:
    """Both curves, as an SVG drawn by hand."""
    width, height, left, foot = 760, 260, 60, 30
    top = max(sample.together for sample in samples) * 1.1
    end = samples[-1].second

    def line(values: Sequence[float], colour: str) -> str:
        points = " ".join(
            f"{left + sample.second / end * (width - left - 10):.1f},{height - foot - value / top * (height - foot - 10):.1f}"
            for sample, value in zip(samples, values, strict=True)
        )
        return f'<polyline fill="none" stroke="{colour}" points="{points}"/>'

    marks = "".join(
        f'<text x="4" y="{height - foot - share * (height - foot - 10):.0f}">{top * share:.0f} MiB</text>'
        for share in (0, 0.5, 1)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="11">'
        f'<rect width="100%" height="100%" fill="white"/>{marks}'
        f'<text x="{left}" y="{height - 8}">0</text><text x="{width - 70}" y="{height - 8}">{end / 60:.0f} min</text>'
        f'<text x="{left + 60}" y="{height - 8}" fill="#1f5fa8">the process itself</text>'
        f'<text x="{left + 200}" y="{height - 8}" fill="#8a919b">with its workers</text>'
        f"{line([sample.together for sample in samples], '#8a919b')}{line([sample.alone for sample in samples], '#1f5fa8')}</svg>\n"
    )


if __name__ == "__main__":
    sys.exit(main())
