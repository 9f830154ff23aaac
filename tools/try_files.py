"""Run a folder of anybody's PDFs, pictures and Word files through check and build, veraPDF and a comparison, one by one.

    .venv/bin/python tools/try_files.py FOLDER RESULTS.jsonl [--again OUTCOME]
    .venv/bin/python tools/try_files.py --table RESULTS.jsonl ...

Each file goes through the functions behind ``check`` (inspection, in its sandbox) and, if no error is found, through
those behind ``build`` (cleaning or typesetting, placing, joining). Pages of a PDF are compared as pictures, before and after;
a Word file by its pages and characters, with what LibreOffice prints; a picture is bound and judged only. The results are a line each, so that a run that was stopped goes on
where it was; the last line of a file counts. The table is what ``docs/corpora.md`` shows.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TypedDict

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from try_word_file import bind_word, compare_words  # noqa: E402

from bundler.errors import BundlerError  # noqa: E402 (the path comes first)
from bundler.file_inspection_record import PDF, WORD, FileRecord  # noqa: E402
from bundler.fonts.coverage import find_missing_glyphs  # noqa: E402
from bundler.materials.file_inspection import detect_media_type, explain_rejection, inspect_bytes  # noqa: E402
from bundler.materials.rasterise import mark_rasterised_pages  # noqa: E402
from bundler.process_limits import Limits  # noqa: E402
from bundler.regulation.rule_codes import Severity, severity_of  # noqa: E402
from bundler.sandbox import LimitExceededError, SandboxWorker, WorkFailedError  # noqa: E402
from tests.support import page_pictures, run_cache  # noqa: E402
from tests.support.bind_file import bind_file  # noqa: E402
from tests.support.verapdf import VeraPdf  # noqa: E402

SUFFIXES = frozenset({".pdf", ".docx", ".jpg", ".jpeg", ".png", ".tif", ".tiff"})
COMPARED_PAGES = 3
"""Pages of each file that are rendered before and after binding."""
_BUILD_LIMITS = Limits(seconds=600, file_bytes=1 << 30)

REFUSED, FAILED, INVALID, DIFFERENT, BOUND = "refused", "build failed", "invalid", "different", "bound"


class Result(TypedDict):
    """What came out for one file.

    Attributes:
        file: its path below the folder.
        outcome: one of the five above.
        detail: the codes it was refused with, or what is wrong.
        pictured: how many of its pages were bound as images.
    """

    file: str
    outcome: str
    detail: str
    pictured: int


def main() -> None:
    """Run a folder, or print the table of runs."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--table", nargs="+", type=Path, metavar="RESULTS")
    options.add_argument("--again", default="", help="run files with this outcome once more")
    options.add_argument("--named", default="", help="run only files whose path contains this")
    options.add_argument("folder", nargs="?", type=Path)
    options.add_argument("results", nargs="?", type=Path)
    chosen = options.parse_args()
    if chosen.table:
        for results in chosen.table:
            print_table(results)
        return
    if chosen.results is None:
        options.error("FOLDER and RESULTS.jsonl are missing")
    run(chosen.folder, chosen.results, chosen.again, chosen.named)


def run(folder: Path, results: Path, again: str, named: str) -> None:
    """Try each file below a folder that has no result yet, or the outcome `again`."""
    known = read_results(results)
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    with tempfile.TemporaryDirectory() as scratch, SandboxWorker() as checker, SandboxWorker(_BUILD_LIMITS) as binder:
        run_cache.set_folder(Path(scratch))
        judge = VeraPdf(Path(scratch), os.getpid())
        for path in files:
            name = str(path.relative_to(folder))
            wanted = name not in known or (again and known[name]["outcome"] == again)
            if not wanted or named not in name:
                continue
            result = _Trial(path, name, Path(scratch), checker, binder, judge).run()
            with results.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(result, ensure_ascii=False) + "\n")
            print(f"{result['outcome']:13} {name}  {result['detail'][:200]}", flush=True)


def read_results(path: Path) -> dict[str, Result]:
    """Return the last result of each file."""
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    found: list[Result] = [json.loads(line) for line in lines]
    return {result["file"]: result for result in found}


class _Trial:
    """One file on its way."""

    def __init__(  # noqa: PLR0913, PLR0917 (the tools of a run)
        self, path: Path, name: str, scratch: Path, checker: SandboxWorker, binder: SandboxWorker, judge: VeraPdf
    ) -> None:
        self._path, self._name, self._target = path, name, scratch / "bound.pdf"
        self._checker, self._binder, self._judge = checker, binder, judge

    def run(self) -> Result:
        record = self._inspect(self._path.read_bytes())
        codes = sorted({one.rule for one in record.problems if severity_of(one.rule) is Severity.ERROR})
        pictured = record.pictured_pages
        missing = find_missing_glyphs(record.characters) if record.characters else []
        if missing:  # the gate's rule, which no inspection knows
            return self._result(REFUSED, f"{' '.join((*codes, 'FONT-GLYPH'))}: {''.join(missing[:8])}")
        if codes:
            messages = "; ".join(one.message for one in record.problems if one.rule in codes)
            return self._result(REFUSED, f"{' '.join(codes)}: {messages}")
        data = self._path.read_bytes()
        is_word = record.media_type == WORD
        try:
            self._binder.run(*((bind_word, data) if is_word else (bind_file, data, record)), self._target)
        except (WorkFailedError, LimitExceededError, BundlerError) as error:
            return self._result(FAILED, f"{type(error).__name__} {error}", pictured)
        # veraPDF is a process of its own, so it judges while the pages are compared.
        with ThreadPoolExecutor(1) as thread:
            judged = thread.submit(self._judge.failed_rules, self._target)
            compared = compare_words(self._path, self._target) if is_word else self._compare(record)
            differences = ", ".join(compared if is_word or record.media_type == PDF else ())
            verdict = judged.result()
        if verdict != "ok":
            return self._result(INVALID, verdict, pictured)
        return self._result(DIFFERENT if differences else BOUND, differences, pictured)

    def _inspect(self, data: bytes) -> FileRecord:
        media_type = detect_media_type(data)
        if media_type is None:
            return FileRecord("", problems=(explain_rejection(data),))
        record = replace(inspect_bytes(data, media_type, self._checker), media_type=media_type)
        return mark_rasterised_pages(record)

    def _result(self, outcome: str, detail: str, pictured: frozenset[int] = frozenset()) -> Result:
        return Result(file=self._name, outcome=outcome, detail=detail, pictured=len(pictured))

    def _compare(self, record: FileRecord) -> Iterator[str]:
        """Yield each page that looks different once it is bound; an image of a page is what pdfium shows."""
        for number, page in enumerate(record.pages[:COMPARED_PAGES], start=1):
            both = (page_pictures.render_with_pdfium, page_pictures.render_with_poppler)
            for renderer in both[:1] if number in record.pictured_pages else both:
                try:
                    before, after = renderer(self._path, number - 1), renderer(self._target, number)
                except Exception as error:  # noqa: BLE001 (whatever a renderer raises over a file is a result)
                    yield f"page {number} {renderer.__name__} {type(error).__name__}"
                    continue
                share = page_pictures.differing_share(before, after, band=not page.free_corner)
                if share >= page_pictures.MAX_DIFFERING_SHARE:
                    yield f"page {number} {renderer.__name__} {share:.4f}"


def print_table(path: Path) -> None:
    """Print the counts of a run as a table in Markdown."""
    results = read_results(path).values()
    outcomes = Counter(result["outcome"] for result in results)
    print(f"\n| {path.stem} | files |\n|---|---:|")
    for outcome in (BOUND, REFUSED, FAILED, INVALID, DIFFERENT):
        print(f"| {outcome} | {outcomes[outcome]} |")
    print(f"| all | {outcomes.total()} |\n")
    print(f"{sum(1 for one in results if one['pictured'])} files have pages that are bound as images.\n")
    print("| refused by | files |\n|---|---:|")
    for code, count in Counter(_codes(results)).most_common():
        print(f"| {code} | {count} |")


def _codes(results: Iterable[Result]) -> Iterator[str]:
    for result in results:
        if result["outcome"] == REFUSED:
            yield from result["detail"].partition(":")[0].split()


if __name__ == "__main__":
    main()
