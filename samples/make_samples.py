# ruff: noqa: INP001 (a script next to its data, no package)
"""Make the sample cases: case folders with invented papers that look like scans. The output is the same in every run."""

from __future__ import annotations

import argparse
import shutil
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from making.archive import ARCHIVE
from making.declined import DECLINED
from making.file_writer import write_case, write_file
from making.in_progress import IN_PROGRESS
from making.incomplete import INCOMPLETE
from making.other_regulation import OTHER_REGULATION
from making.paper_model import Scan, WordFile
from making.write_off import WRITE_OFF

SAMPLES = (WRITE_OFF, ARCHIVE, INCOMPLETE, DECLINED, IN_PROGRESS, OTHER_REGULATION)


def _write_file(work: tuple[Path, Scan | WordFile]) -> int:
    return write_file(*work)


def main() -> None:
    """Write every sample to the folder given with --out; by default to this script's folder."""
    parser = argparse.ArgumentParser(description="Make the sample case folders.")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="the folder to write to")
    out: Path = parser.parse_args().out
    work = [(out / sample.folder, file) for sample in SAMPLES for file in sample.files]
    for sample in SAMPLES:
        shutil.rmtree(out / sample.folder / "materials", ignore_errors=True)
        write_case(out / sample.folder, sample)
    with ProcessPoolExecutor() as pool:
        pages = list(pool.map(_write_file, work))
    for sample in SAMPLES:
        scanned = sum(count for (folder, _), count in zip(work, pages, strict=True) if folder == out / sample.folder)
        sys.stdout.write(f"{sample.folder}: {len(sample.files)} files, {scanned} scanned pages\n")


if __name__ == "__main__":
    main()
