"""Typeset a page in this process, and then do whatever starts other processes.

Since 1.52 Pango keeps a thread of its own from its first use on: a process forked from this one would wait for it forever.

Usage: python -m tests.support.work_after_typesetting CASE OUT
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from bundler import build, check, render, verify
from bundler.bundle.typesetter_process import preload_typesetter
from bundler.commands import run
from tests.support.hostile.run_all import DAY


def main() -> None:
    """Do one thing after the other; the caller limits the time."""
    case, out = Path(sys.argv[1]), Path(sys.argv[2])
    preload_typesetter()
    checked = check(case, today=date.fromisoformat(DAY))
    assert checked.complete
    assert all(paper.data for paper in render(case, "explanation_notice", format="pdf"))
    build(checked, out / "one.pdf")
    assert verify(out / "one.pdf").ok
    assert run(["batch", str(case.parent), "-o", str(out / "batch"), "--today", DAY, "--jobs", "2"]) == 0


if __name__ == "__main__":
    main()
