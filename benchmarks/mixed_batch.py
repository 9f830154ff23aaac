"""Run a batch of 300 mixed cases and compare the results with those that the case generator expects.

Usage: python benchmarks/mixed_batch.py [COUNT]

Generates complete, incomplete, broken and hostile cases from a seed, runs `bundler batch` on them and compares every
result with the expected one; runs it again without changes; kills a run into another folder twenty times at random moments
and lets it finish; validates the bag; and prints one line of JSON. The exit status is 1 if a result is not the expected
one, if the second run rewrote a bundle, if the killed run gave other bytes, or if the bag is not valid.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.support.case_folders import ExpectedResult, make_mixed_cases  # noqa: E402 (needs the line above)

SEED = 300
KILLS = 20


def batch_command(root: Path, out: Path) -> list[str]:
    """Return the command line of a batch."""
    return [sys.executable, "-m", "bundler", "batch", str(root), "-o", str(out), "--today", "2021-12-20"]


def run_batch(root: Path, out: Path) -> float:
    """Run one batch, and return its wall seconds."""
    began = time.monotonic()
    subprocess.run(batch_command(root, out), check=False, stdout=subprocess.DEVNULL, cwd=ROOT)
    return round(time.monotonic() - began, 1)


def run_with_kills(root: Path, out: Path, duration: float) -> int:
    """Kill a batch again and again, then let it finish; return how often it was killed while it ran.

    Args:
        root: the folder of cases.
        out: the output folder.
        duration: seconds of an undisturbed run, from which the moments are derived.
    """
    rng, kills = random.Random(SEED), 0  # noqa: S311 (moments, no secrets)
    for _ in range(KILLS):
        process = subprocess.Popen(
            batch_command(root, out), stdout=subprocess.DEVNULL, cwd=ROOT, start_new_session=True
        )
        try:
            process.wait(rng.uniform(0.5, max(duration / KILLS * 2, 1.0)))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            kills += 1
    run_batch(root, out)
    return kills


def digest_files(out: Path) -> dict[str, str]:
    """Return the digest of every visible file of an output folder by its relative path."""
    files = (path for path in sorted(out.rglob("*")) if path.is_file())
    named = {path.relative_to(out).as_posix(): path for path in files}
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in named.items()
        if not any(part.startswith(".") for part in name.split("/"))
    }


def is_valid_bag(out: Path) -> bool:
    """Whether bagit.py validates the submission."""
    command = [sys.executable, "-m", "bagit", "--validate", "--quiet", str(out / "submission")]
    return subprocess.run(command, check=False).returncode == 0


def find_misplaced(expected: dict[str, ExpectedResult], out: Path) -> list[str]:
    """Return the cases whose result is not the expected one."""
    found = {case["case"]: case for case in json.loads((out / "report.json").read_text(encoding="utf-8"))["cases"]}
    wrong = [place for place in expected if place not in found]
    for place, case in found.items():
        rules = {finding["rule"] for finding in case["findings"] if finding["severity"] == "error"}
        case_expected = expected[place]
        has_rule = case_expected.rule in rules if case_expected.rule else not rules
        if case["status"] != case_expected.status or not has_rule or not (out / case["output"]).is_file():
            wrong.append(place)
    return wrong


def main(count: int) -> int:
    """Run the batches and print the results."""
    with tempfile.TemporaryDirectory() as name:
        root, out = Path(name) / "cases", Path(name) / "out"
        os.environ["XDG_CACHE_HOME"] = f"{name}/cache"
        expected = make_mixed_cases(root, count, SEED)
        first = run_batch(root, out)
        stamps = {path: path.stat().st_mtime_ns for path in (out / "bundles").iterdir()}
        again = run_batch(root, out)
        rewritten = [path.name for path, stamp in stamps.items() if path.stat().st_mtime_ns != stamp]
        wrong = find_misplaced(expected, out)
        kills = run_with_kills(root, Path(name) / "killed", first)
        undisturbed, ended = digest_files(out), digest_files(Path(name) / "killed")
        other = sorted(file for file in undisturbed.keys() | ended.keys() if undisturbed.get(file) != ended.get(file))
        holds = is_valid_bag(out)
    summary = {
        "cases": count,
        "bundled": len(stamps),
        "misplaced": wrong,
        "rewritten": rewritten,
        "first_s": first,
        "again_s": again,
        "kills": kills,
        "files": len(undisturbed),
        "other_bytes": other,
        "bag_holds": holds,
    }
    print(json.dumps(summary, ensure_ascii=False))
    return 1 if wrong or rewritten or other or not holds else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 300))
