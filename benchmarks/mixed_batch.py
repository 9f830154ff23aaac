"""A batch of 300 mixed cases, judged against what the generator of the cases knows of each.

Usage: python benchmarks/mixed_batch.py [COUNT]

Makes complete, incomplete, broken and hostile cases from a seed, runs `bundler batch` over them, compares every result
with the generator's own truth, runs it again with nothing changed, and prints one line of JSON. It ends with status 1
where a case went where it does not belong, or where the second run wrote a bundle again.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.many import Truth, make_cases  # noqa: E402 (the tests' own generator, found through the line above)

SEED = 300


def run(root: Path, out: Path) -> float:
    """One batch; the seconds it took."""
    began = time.monotonic()
    command = [sys.executable, "-m", "bundler", "batch", str(root), "-o", str(out), "--today", "2021-12-20"]
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, cwd=ROOT)
    return round(time.monotonic() - began, 1)


def misplaced(truths: dict[str, Truth], out: Path) -> list[str]:
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
        truths = make_cases(root, count, SEED)
        first = run(root, out)
        stamps = {path: path.stat().st_mtime_ns for path in (out / "bundles").iterdir()}
        again = run(root, out)
        rewritten = [path.name for path, stamp in stamps.items() if path.stat().st_mtime_ns != stamp]
        wrong = misplaced(truths, out)
    told = {
        "cases": count,
        "bundled": len(stamps),
        "misplaced": wrong,
        "rewritten": rewritten,
        "first_s": first,
        "again_s": again,
    }
    print(json.dumps(told, ensure_ascii=False))
    return 1 if wrong or rewritten else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 300))
