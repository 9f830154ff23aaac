"""A batch of 300 mixed cases, judged against what the generator of the cases knows of each.

Usage: python benchmarks/mixed_batch.py [COUNT]

Makes complete, incomplete, broken and hostile cases from a seed, runs `bundler batch` over them, compares every result
with the generator's own truth, runs it again with nothing changed, kills a run into another folder twenty times at random
moments and lets it end, has the bag judged, and prints one line of JSON. It ends with status 1 where a case went where it
does not belong, where the second run wrote a bundle again, where the killed run ended with other bytes, or where the
bag does not hold.
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

from tests.support.case_folders import ExpectedResult, make_mixed_cases  # noqa: E402 (the tests' own generator, found through the line above)

SEED = 300
KILLS = 20


def batch(root: Path, out: Path) -> list[str]:
    """The command line of a batch."""
    return [sys.executable, "-m", "bundler", "batch", str(root), "-o", str(out), "--today", "2021-12-20"]


def run(root: Path, out: Path) -> float:
    """One batch; the seconds it took."""
    began = time.monotonic()
    subprocess.run(batch(root, out), check=False, stdout=subprocess.DEVNULL, cwd=ROOT)
    return round(time.monotonic() - began, 1)


def killed(root: Path, out: Path, whole: float) -> int:
    """A batch that is killed again and again and then left alone; how often it was killed while it ran.

    Args:
        root: the cases.
        out: where it writes.
        whole: seconds that it takes undisturbed, from which the moments are drawn.
    """
    chance, kills = random.Random(SEED), 0  # noqa: S311 (moments, no secrets)
    for _ in range(KILLS):
        process = subprocess.Popen(batch(root, out), stdout=subprocess.DEVNULL, cwd=ROOT, start_new_session=True)
        try:
            process.wait(chance.uniform(0.5, max(whole / KILLS * 2, 1.0)))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            kills += 1
    run(root, out)
    return kills


def digests(out: Path) -> dict[str, str]:
    """Every file that a batch leaves for people, by its name."""
    files = (path for path in sorted(out.rglob("*")) if path.is_file())
    named = {path.relative_to(out).as_posix(): path for path in files}
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in named.items()
        if not any(part.startswith(".") for part in name.split("/"))
    }


def bag_holds(out: Path) -> bool:
    """What the reference reader of bags says of the submission."""
    command = [sys.executable, "-m", "bagit", "--validate", "--quiet", str(out / "submission")]
    return subprocess.run(command, check=False).returncode == 0


def misplaced(truths: dict[str, ExpectedResult], out: Path) -> list[str]:
    """The cases that went where they do not belong."""
    found = {case["case"]: case for case in json.loads((out / "report.json").read_text(encoding="utf-8"))["cases"]}
    wrong = [place for place in truths if place not in found]
    for place, case in found.items():
        rules = {finding["rule"] for finding in case["findings"] if finding["severity"] == "error"}
        truth = truths[place]
        told = truth.rule in rules if truth.rule else not rules
        if case["status"] != truth.status or not told or not (out / case["output"]).is_file():
            wrong.append(place)
    return wrong


def main(count: int) -> int:
    """Run, judge, run again."""
    with tempfile.TemporaryDirectory() as name:
        root, out = Path(name) / "cases", Path(name) / "out"
        os.environ["XDG_CACHE_HOME"] = f"{name}/cache"
        truths = make_mixed_cases(root, count, SEED)
        first = run(root, out)
        stamps = {path: path.stat().st_mtime_ns for path in (out / "bundles").iterdir()}
        again = run(root, out)
        rewritten = [path.name for path, stamp in stamps.items() if path.stat().st_mtime_ns != stamp]
        wrong = misplaced(truths, out)
        kills = killed(root, Path(name) / "killed", first)
        undisturbed, ended = digests(out), digests(Path(name) / "killed")
        other = sorted(file for file in undisturbed.keys() | ended.keys() if undisturbed.get(file) != ended.get(file))
        holds = bag_holds(out)
    told = {
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
    print(json.dumps(told, ensure_ascii=False))
    return 1 if wrong or rewritten or other or not holds else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 300))
