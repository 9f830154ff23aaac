"""Write the table of hostile files into docs/archive.md: how the commands handled each."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.support.hostile.run_all import MARKS, markdown_table, run_all  # noqa: E402 (the tests are no installed package)


def main() -> None:
    """Run the commands on every file, then write the table between its marks."""
    document = ROOT / "docs" / "archive.md"
    written = document.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = str(Path(folder) / "cache")  # without the results of earlier runs
        made = markdown_table(run_all(Path(folder)))
    begin, end = (written.index(mark) for mark in MARKS)
    document.write_text(f"{written[:begin]}{MARKS[0]}\n{made}\n{written[end:]}", encoding="utf-8")


if __name__ == "__main__":
    main()
