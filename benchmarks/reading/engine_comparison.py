"""Compare `bundler read` with tesseract and OCRmyPDF on the scans of the samples, in one run: character errors, CPU, memory.

Usage: python benchmarks/reading/engine_comparison.py [--samples NAME,NAME] [--peer-pages N]

Prints a table. Needs `make setup-read`, tesseract with its model chi_sim, and ocrmypdf (Debian: tesseract-ocr-chi-sim, ocrmypdf).
The scans are drawn, and their handwriting is a typeface: real hands and bad copies are read worse by every engine.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

import numpy as np  # noqa: E402 (needs the line above, as do the next)
from PIL import Image  # noqa: E402
from process_timing import time_command  # noqa: E402

from bundler.materials.file_inspection import detect_media_type  # noqa: E402
from bundler.scan_reading.case_readings import FOLDER, parse_record  # noqa: E402
from bundler.text_recognition.page_picture import SourcePages  # noqa: E402
from tests.support.paths import SAMPLES  # noqa: E402
from tests.support.sample_scans import SAMPLE_NAMES, read_scanned_files  # noqa: E402

_ONE_THREAD = {"OMP_THREAD_LIMIT": "1"}
_FOOT = re.compile(r"(第\d+页)?共\d+页(第\d+页)?|\d")
"""The foot of a page, whose numbers are not among the words of the paper."""
_USED = 0.01
"""Added for a character of the paper that an earlier line was matched with, so that a line that comes twice is found twice."""


@dataclass
class Score:
    """What an engine did.

    Attributes:
        cpu: seconds.
        memory: MiB of the largest process.
    """

    pages: int = 0
    characters: int = 0
    errors: int = 0
    cpu: float = 0.0
    memory: float = 0.0
    worst: list[tuple[float, str]] = field(default_factory=list)

    def add(self, name: str, words: str, lines: Iterable[str], pages: int) -> None:
        """Count the errors of a file."""
        errors = count_errors(words, lines)
        self.pages += pages
        self.characters += len(words)
        self.errors += errors
        self.worst.append((errors / max(len(words), 1), name))


def plain(text: str) -> str:
    """Letters, figures and characters in one width; marks are not counted."""
    return "".join(character for character in unicodedata.normalize("NFKC", text) if character.isalnum())


def count_errors(words: str, lines: Iterable[str]) -> int:
    """Characters that are wrong, too many or missing, wherever on the page a line stands.

    Each line is matched with the part of the paper that it resembles most; what no line is matched with is missing.
    """
    target = np.frombuffer(words.encode("utf-32-le"), np.uint32)
    used = np.zeros(len(target))
    wrong = 0.0
    for line in sorted((plain(one) for one in lines), key=len, reverse=True):
        if line and not _FOOT.fullmatch(line):
            wrong += _match(np.frombuffer(line.encode("utf-32-le"), np.uint32), target, used)
    return round(wrong) + int((used == 0).sum())


def _match(line: np.ndarray, target: np.ndarray, used: np.ndarray) -> float:
    """Find the part of the target that a line resembles most, mark it as used, and return the edits between them."""
    count = len(target)
    steps = np.zeros((len(line) + 1, count + 1))
    for row, character in enumerate(line, start=1):
        differs = np.where(target == character, used * _USED, 1.0)
        best = np.minimum(steps[row - 1, :-1] + differs, steps[row - 1, 1:] + 1)
        # A character of the target that the line lacks: the smallest sum of what stands before it.
        steps[row, 0] = row
        chain = np.concatenate(([float(row)], best)) - np.arange(count + 1)
        steps[row] = np.minimum.accumulate(chain) + np.arange(count + 1)
    end = int(steps[-1].argmin())
    edits = float(steps[-1, end])
    place, row = end, len(line)
    while row and place:
        differs = used[place - 1] * _USED if target[place - 1] == line[row - 1] else 1.0
        if abs(steps[row, place] - steps[row - 1, place - 1] - differs) < 1e-6:
            used[place - 1] = 1
            row, place = row - 1, place - 1
        elif abs(steps[row, place] - steps[row - 1, place] - 1) < 1e-6:
            row -= 1
        else:
            used[place - 1] = 1  # a character that the line lacks is counted in `steps` already
            place -= 1
    return edits


def measure_own(samples: Sequence[str], folder: Path) -> Score:
    """`bundler read` over whole cases, with its start and the loading of its models."""
    score = Score()
    for sample in samples:
        case = shutil.copytree(SAMPLES / sample, folder / sample, ignore=shutil.ignore_patterns(FOLDER))
        command = [sys.executable, "-m", "bundler", "read", str(case), "--jobs", "1"]
        _, cpu, memory = time_command(command, {"PYTHONPATH": str(ROOT)})
        score.cpu, score.memory = score.cpu + cpu, max(score.memory, memory)
        readings = {one.source: one for one in map(parse_record, (p.read_bytes() for p in (case / FOLDER).iterdir()))}
        for name, words, digest, _ in scans_of(sample):
            reading = readings[digest]
            lines = [block for page in reading.pages for block in page.blocks]
            score.add(f"{sample}/{name}", words, lines, len(reading.pages))
    return score


def scans_of(sample: str) -> list[tuple[str, str, str, bytes]]:
    """The scanned files of a sample: name, words, digest, bytes."""
    from bundler.digest import sha256_of

    found = []
    for name, words in read_scanned_files(sample).items():
        data = (SAMPLES / sample / name).read_bytes()
        found.append((name, plain(re.sub(r"第?\{page\}页?|共?\{pages\}页?", "", words)), sha256_of(data), data))
    return found


def measure_peers(samples: Sequence[str], folder: Path, most: int) -> tuple[Score, Score]:
    """Tesseract and OCRmyPDF over the same pages at 200 dpi, until they had enough of them."""
    tesseract, ocrmypdf = Score(), Score()
    for sample in samples:
        for name, words, _, data in scans_of(sample):
            if tesseract.pages >= most:
                return tesseract, ocrmypdf
            pictures = _pictures(data, folder)
            lines: list[str] = []
            for picture in pictures:
                target = folder / "read"
                command = ["tesseract", str(picture), str(target), "-l", "chi_sim", "--dpi", "200"]
                _, cpu, memory = time_command(command, _ONE_THREAD)
                tesseract.cpu, tesseract.memory = tesseract.cpu + cpu, max(tesseract.memory, memory)
                lines += target.with_suffix(".txt").read_text("utf-8").splitlines()
            tesseract.add(f"{sample}/{name}", words, lines, len(pictures))
            source, target = folder / "pages.pdf", folder / "read.pdf"
            images = [Image.open(picture).convert("RGB") for picture in pictures]
            images[0].save(source, save_all=True, append_images=images[1:], resolution=200)
            command = ["ocrmypdf", "--quiet", "--jobs", "1", "-l", "chi_sim", "--sidecar", str(folder / "read.txt")]
            _, cpu, memory = time_command([*command, str(source), str(target)], _ONE_THREAD)
            ocrmypdf.cpu, ocrmypdf.memory = ocrmypdf.cpu + cpu, max(ocrmypdf.memory, memory)
            lines = (folder / "read.txt").read_text("utf-8").splitlines()
            ocrmypdf.add(f"{sample}/{name}", words, lines, len(pictures))
    return tesseract, ocrmypdf


def _pictures(data: bytes, folder: Path) -> list[Path]:
    """The pages of a file as pictures, in the size at which all engines get them."""
    media_type = detect_media_type(data)
    assert media_type is not None  # noqa: S101 (the samples hold known types)
    pages = SourcePages(data, media_type)
    found = []
    for number in range(1, pages.count() + 1):
        pixels = pages.picture(number).pixels
        path = folder / f"page-{number}.png"
        Image.fromarray(pixels if pixels.ndim == 2 else pixels[:, :, ::-1]).save(path, dpi=(200, 200))
        found.append(path)
    return found


def main() -> int:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--samples", type=lambda text: text.split(","), default=list(SAMPLE_NAMES))
    parser.add_argument("--peer-pages", type=int, default=12)
    options = parser.parse_args()
    samples = [name for name in options.samples if scans_of(name)]
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        scores = {"bundler read": measure_own(samples, Path(scratch))}
        if shutil.which("tesseract") and shutil.which("ocrmypdf"):
            peers = measure_peers(samples, Path(scratch), options.peer_pages)
            scores |= dict(zip(("tesseract chi_sim", "OCRmyPDF chi_sim"), peers, strict=True))
    print("| engine | pages | characters | errors | CPU s a page | MiB |")
    print("|---|---|---|---|---|---|")
    for name, score in scores.items():
        share = 100 * score.errors / score.characters
        cpu = score.cpu / score.pages
        print(f"| {name} | {score.pages} | {score.characters} | {share:.2f} % | {cpu:.1f} | {score.memory:.0f} |")
    for share, name in sorted(scores["bundler read"].worst, reverse=True)[:5]:
        print(f"worst of bundler read: {100 * share:.1f} % {name}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
