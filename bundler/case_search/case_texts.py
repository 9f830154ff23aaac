"""The texts of one case that are searched: its case.json, its Word files, PDF files with text, and what was read on its scans."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bundler.case.json_pointer import parse_pointer
from bundler.case.model import Case
from bundler.case.reader import CASE_FILE, ReadResult, read_case
from bundler.case.validation import labels_at
from bundler.digest import sha256_of_stream
from bundler.file_inspection_record import PDF, WORD
from bundler.file_reading import file_stamp
from bundler.materials.file_inspection import detect_media_type
from bundler.materials.safe_opening import OpeningError, open_file, read_file
from bundler.sandbox import LimitExceededError, SandboxWorker, WorkFailedError
from bundler.scan_reading.case_readings import FOLDER, RecordError, parse_record, record_name
from bundler.scan_reading.record import ScanReading

_MAX_TEXT = 20_000
"""Characters of a page that are searched; the densest page has a tenth of them."""
_MAX_PAGES = 2000
_CODE = re.compile("[a-z][a-z_]*")
_ENDS_WITH_TEXT = (".pdf", ".docx")
"""Files that may have text of their own; a picture has none."""


@dataclass(frozen=True, slots=True)
class CaseText:
    """A text of a case: a page of a file, or a whole file that has no pages.

    Attributes:
        file: relative to the case folder.
        page: of the file, from 1; None where it has no pages.
        text: its lines.
        is_read: it was read on a scan.
        labels: by the number of a line, from 0, the Chinese word for the code of case.json that the line is.
    """

    file: str
    page: int | None
    text: str
    is_read: bool = False
    labels: Mapping[int, str] = field(default_factory=dict)

    @property
    def labelled(self) -> str:
        """The text as a clerk reads it: each code of case.json in Chinese."""
        if not self.labels:
            return self.text
        return "\n".join(self.labels.get(number, line) for number, line in enumerate(self.text.split("\n")))


@dataclass(frozen=True, slots=True)
class CaseTexts:
    """All texts of a case.

    Attributes:
        registration_no: its number; empty where it has none.
        files: the files that it names, by which its stamp is made the next time.
        stamp: its stamp before anything was opened, so that what changes meanwhile is read again.
        texts: what is searched.
    """

    registration_no: str
    files: tuple[str, ...]
    stamp: str
    texts: tuple[CaseText, ...]


def stamp_case(folder: str, files: Sequence[str]) -> str:
    """A text that changes when case.json, a record of reading or a named file changes; no file is opened.

    Args:
        folder: the case folder, as text: this is called for thousands of cases at every search.
        files: the files that the case named when it was read.
    """
    return file_stamp(f"{folder}/{CASE_FILE}") + _stamp_files(folder, files)


def _stamp_files(folder: str, files: Sequence[str]) -> str:
    records: list[str] = []
    with suppress(OSError):
        records = sorted(os.listdir(f"{folder}/{FOLDER}"))  # noqa: PTH208 (as above, thousands of folders)
    named = (*files, *(f"{FOLDER}/{record}" for record in records))
    return "".join(file_stamp(f"{folder}/{name}") for name in named)


def read_case_texts(folder: Path, worker: SandboxWorker) -> CaseTexts:
    """Read the texts of a case; what cannot be read is left out, since the check of the case tells it.

    Args:
        folder: the case folder.
        worker: opens the files, which are not trusted.
    """
    before = file_stamp(f"{folder}/{CASE_FILE}")
    reading = read_case(folder)
    files = _named_files(reading.case)
    stamp = before + _stamp_files(os.fspath(folder), files)
    texts = [*_case_text(reading), *(text for name in files for text in _file_texts(folder, name, worker))]
    number = reading.case.registration.no if reading.case else None
    return CaseTexts(number or "", files, stamp, tuple(texts))


def _named_files(case: Case | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(material.file for material in case.materials)) if case else ()


def _case_text(reading: ReadResult) -> Iterator[CaseText]:
    if reading.values:
        lines = {path: " ".join(value.splitlines()) for path, value in reading.values.items()}
        codes = {number: path for number, path in enumerate(lines) if _CODE.fullmatch(lines[path])}
        labels = {number: labels_at(parse_pointer(path)).get(lines[path]) for number, path in codes.items()}
        known = {number: label for number, label in labels.items() if label}
        yield CaseText(CASE_FILE, None, "\n".join(lines.values()), labels=known)


def _file_texts(folder: Path, name: str, worker: SandboxWorker) -> Iterator[CaseText]:
    """The texts of a file: what was read on its scans, and the text that it has itself."""
    reading = read_scan_reading(folder, name)
    scans = frozenset(reading.scans) if reading else frozenset()
    for page in reading.pages if reading else ():
        text = "\n".join(line.text for line in page.lines)
        if text:
            yield CaseText(name, page.number, text, is_read=True)
    if name.lower().endswith(_ENDS_WITH_TEXT):
        with suppress(OpeningError, LimitExceededError, WorkFailedError):
            data = read_file(folder, name)
            media_type = detect_media_type(data)
            if media_type == WORD:
                yield CaseText(name, None, worker.run(_word_text, data))
            elif media_type == PDF:
                for number, text in worker.run(_pdf_texts, data, scans):
                    yield CaseText(name, number, text)


def read_scan_reading(folder: Path, name: str) -> ScanReading | None:
    """What was read on a file of a case; None where there is no record, or one that is not that of the file."""
    if not os.path.isdir(f"{folder}/{FOLDER}"):  # noqa: PTH112 (as in `stamp_case`)
        return None
    with suppress(OpeningError, RecordError):
        with open_file(folder, name) as file:
            digest = sha256_of_stream(file)
        reading = parse_record(read_file(folder, record_name(digest)))
        return reading if reading.source == digest else None
    return None


def _word_text(data: bytes) -> str:
    """The text of a Word file; runs in the sandbox."""
    from bundler.word.docx_reader import read_blocks
    from bundler.word.printed_and_unseen_text import printed_text

    return printed_text(read_blocks(data))[: _MAX_TEXT * 10]


def _pdf_texts(data: bytes, scans: frozenset[int]) -> list[tuple[int, str]]:
    """The text of each page of a PDF file that has text and is no scan that was read; runs in the sandbox."""
    import pypdfium2 as pdfium

    found = []
    with closing(pdfium.PdfDocument(io.BytesIO(data))) as document:
        for number in range(1, min(len(document), _MAX_PAGES) + 1):
            if number not in scans:
                text = document[number - 1].get_textpage().get_text_bounded()[:_MAX_TEXT]
                if text.strip():
                    found.append((number, text))
    return found
