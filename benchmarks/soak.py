"""Soak test: run batches in one process for twenty minutes and record its memory.

Usage: python benchmarks/soak.py [--minutes N] [--cases N]

Each round is a batch of mixed cases (complete, incomplete, broken, hostile) into an empty folder, within one process, so
that memory that a round does not free adds up. Every second the resident memory of that process and of its descendants is
read. Writes SOAK.md and soak.svg next to this file; the exit status is 1 if memory grows, that is, if the process itself or
the 95th percentile of the sum is more than 2 % higher in the last quarter of the time than in the second, or if a round
gave other results than the first.
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
    """Memory at one moment in MiB: of the process alone, and together with its descendants."""

    second: float
    alone: float
    together: float


def main() -> int:
    """Start the process, sample its memory, and write the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--cases", type=int, default=24)
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        _run_batches(options.work, options.minutes * 60)
        return 0
    with tempfile.TemporaryDirectory(prefix="soak-") as name:
        work = Path(name)
        from tests.support.case_folders import make_mixed_cases

        make_mixed_cases(work / "cases", options.cases, SEED)
        samples = _sample_memory(work, options.minutes)
        rounds = [json.loads(line) for line in (work / "rounds").read_text(encoding="utf-8").splitlines()]
    problems = list(_find_problems(samples, rounds))
    (HERE / "soak.svg").write_text(_draw_chart(samples), encoding="utf-8")
    (HERE / "SOAK.md").write_text("\n".join(_format_report(samples, rounds, problems, options.cases)), encoding="utf-8")
    print("\n".join(problems) or f"flat over {len(rounds)} rounds")
    return 1 if problems else 0


def _run_batches(work: Path, seconds: float) -> None:
    """Run batches in this process, each into an empty folder; write a line with the results of each."""
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
    with (work / "rounds").open("w", encoding="utf-8") as results:
        while time.monotonic() < until:
            done = run_batch(work / "cases", settings, executor)
            summary = {
                result.folder: [result.bundled, sorted({finding.rule for finding in result.errors})]
                for result in done.results
            }
            print(json.dumps(summary, sort_keys=True), file=results, flush=True)
            shutil.rmtree(out)
    executor.shutdown()


def _sample_memory(work: Path, minutes: float) -> list[Sample]:
    command = [sys.executable, __file__, "--work", str(work), "--minutes", str(minutes)]
    process = subprocess.Popen(command, env={**os.environ, "XDG_CACHE_HOME": str(work / "cache")})
    began, samples = time.monotonic(), []
    while process.poll() is None:
        alone = _resident_mib(process.pid)
        samples.append(
            Sample(time.monotonic() - began, alone, alone + sum(map(_resident_mib, _descendants(process.pid))))
        )
        time.sleep(1)
    if process.returncode:
        raise RuntimeError(f"the process ended with {process.returncode}")
    return [sample for sample in samples if sample.alone]


def _resident_mib(process_id: int) -> float:
    try:
        return int(Path(f"/proc/{process_id}/statm").read_text(encoding="ascii").split()[1]) * _PAGE / _MIB
    except (OSError, IndexError):  # it has ended meanwhile
        return 0.0


def _descendants(process_id: int) -> Iterator[int]:
    for task in Path(f"/proc/{process_id}/task").glob("*/children"):
        try:
            children = [int(word) for word in task.read_text(encoding="ascii").split()]
        except OSError:
            continue
        for child in children:
            yield child
            yield from _descendants(child)


def _find_problems(samples: Sequence[Sample], rounds: Sequence[object]) -> Iterator[str]:
    if any(one != rounds[0] for one in rounds):
        yield "a round gave other results than the first"
    for name, second, last in _compare_quarters(samples):
        if last > second * GROWTH:
            yield f"{name}: {second:.1f} MiB in the second quarter, {last:.1f} MiB in the last"


def _compare_quarters(samples: Sequence[Sample]) -> list[tuple[str, float, float]]:
    """Return the memory of the second and the last quarter: the median of the process, the 95th percentile of the sum."""
    quarter = len(samples) // 4
    second, last = samples[quarter : 2 * quarter], samples[-quarter:]
    medians = [statistics.median(one.alone for one in part) for part in (second, last)]
    heights = [_percentile_95([one.together for one in part]) for part in (second, last)]
    return [("process", medians[0], medians[1]), ("with its workers", heights[0], heights[1])]


def _percentile_95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def _format_report(
    samples: Sequence[Sample], rounds: Sequence[object], problems: Sequence[str], cases: int
) -> Iterator[str]:
    minutes = samples[-1].second / 60
    yield "# Soak"
    yield ""
    yield (
        f"By `python benchmarks/soak.py` on {datetime.now(UTC):%Y-%m-%d}: one process, {minutes:.0f} minutes, {len(rounds)} "
        f"batches of {cases} mixed cases each, two workers. {'Not flat: ' + '; '.join(problems) if problems else 'Flat.'}"
    )
    yield ""
    yield "![Memory over the time](soak.svg)"
    yield ""
    yield "| resident memory, MiB | second quarter | last quarter |"
    yield "|---|---|---|"
    for name, second, last in _compare_quarters(samples):
        yield f"| {name} | {second:.1f} | {last:.1f} |"
    yield ""


def _draw_chart(samples: Sequence[Sample]) -> str:
    """Return both curves as SVG."""
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
