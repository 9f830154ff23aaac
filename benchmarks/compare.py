"""How long the tool takes beside what a user would pick instead, on the same work, in the same run.

Usage: python benchmarks/compare.py [ROUNDS]

Prints the median of CPU seconds (the process and its children) and the ratio; needs soffice and qpdf for the second part.
Nothing here is a test: machines differ, and only ratios within one run mean anything.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "samples" / "write-off-complete"
BUNDLER = [sys.executable, "-m", "bundler"]
TODAY = ["--today", "2021-12-20"]

# What a user would write: the filled Word files through LibreOffice, the pictures through img2pdf, all joined by qpdf.
PEER = """
import subprocess, sys, pathlib, img2pdf
work, sample = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
words = sorted(str(path) for path in work.glob("*.docx"))
subprocess.run(["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(work), *words], check=True)
parts = sorted(str(path) for path in work.glob("*.pdf"))
for number, path in enumerate(sorted(sample.rglob("*"))):
    if path.suffix in {".jpg", ".png", ".tif"}:
        target = work / f"scan-{number}.pdf"
        target.write_bytes(img2pdf.convert(path.read_bytes()))
        parts.append(str(target))
    elif path.suffix == ".pdf":
        parts.append(str(path))
subprocess.run(["qpdf", "--empty", "--pages", *parts, "--", str(work / "all.out")], check=True)
"""


def cpu_seconds(work: Callable[[], object]) -> float:
    """The CPU time of the processes that some work starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def quiet(*command: str) -> None:
    """Run a command to its end."""
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)


def compared(name: str, ours: Callable[[], object], theirs: Callable[[], object], rounds: int) -> dict[str, object]:
    """Both, in turn, so that a busy moment of the machine falls on both."""
    ours(), theirs()
    pairs = [(cpu_seconds(ours), cpu_seconds(theirs)) for _ in range(rounds)]
    mine, other = (statistics.median(values) for values in zip(*pairs, strict=True))
    return {"work": name, "ours_s": round(mine, 3), "peer_s": round(other, 3), "ratio": round(mine / other, 2)}


def main(rounds: int) -> None:
    """Print one line of JSON for each comparison."""
    print(
        json.dumps(
            compared(
                "check, beside importing pydantic and click",
                lambda: quiet(*BUNDLER, "check", str(SAMPLE), *TODAY),
                lambda: quiet(sys.executable, "-c", "import pydantic, click"),
                rounds * 5,
            )
        )
    )
    if not (shutil.which("soffice") and shutil.which("qpdf")):
        print("soffice or qpdf is not here: no comparison of build", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        quiet(*BUNDLER, "render", str(SAMPLE), "--all", "-o", str(folder))
        os.environ["HOME"] = name
        print(
            json.dumps(
                compared(
                    "build, beside LibreOffice and qpdf with the Word files already filled",
                    lambda: quiet(*BUNDLER, "build", str(SAMPLE), "-o", str(folder / "ours.out"), *TODAY),
                    lambda: quiet(sys.executable, "-c", PEER, name, str(SAMPLE / "materials")),
                    rounds,
                )
            )
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
