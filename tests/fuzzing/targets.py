"""What is fuzzed: each reader of untrusted files, with what it promises of any bytes whatever.

A target raises nothing for bytes that the software reads or refuses as it should. Any other error is a find: a traceback
that a user would see, a good file called damaged because the code fails over it, or a file that passes the check and
cannot be bound.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

from bundler.bundle.read_and_check_case import CheckedCase
from bundler.case.reader import ReadResult, read_case, read_data
from bundler.commands.check_report import report_lines
from bundler.documents.definitions import DOCUMENTS, find_missing_fields, find_moment, list_copies
from bundler.documents.drafting import draft_document
from bundler.documents.views.case_view import build_case_view
from bundler.errors import CaseUnreadableError
from bundler.file_inspection_record import PDF, WORD, FileRecord
from bundler.fonts.coverage import find_missing_glyphs
from bundler.gate.check import apply_rules, kind_of
from bundler.gate.rule_input import GateContext
from bundler.intake import import_register, read_register_worksheet
from bundler.manifest.model import Manifest
from bundler.manifest.serialization import ManifestError, is_paper_manifest, manifest_bytes, read_manifest
from bundler.materials.file_inspection import detect_media_type, inspect_bytes
from bundler.materials.rasterise import mark_rasterised_pages
from bundler.regulation.rule_codes import Severity
from bundler.sandbox import LimitExceededError, WorkFailedError
from bundler.typeset.typesetter import Typesetter
from bundler.verification import manifest_comparison
from bundler.verification.inspection_result import Observation, ObservedEntry, ObservedFile, ObservedPage
from bundler.word.docx_reader import read_blocks
from bundler.word.unsupported_constructs import check_docx
from tests.fuzzing import mutators, seeds
from tests.fuzzing.described_registers import description_seeds, mutate_description, workbook_of
from tests.fuzzing.direct_worker import DirectWorker
from tests.fuzzing.register_promises import check_import
from tests.fuzzing.zip_parts import zip_of
from tests.support import cases
from tests.support.bind_file import bind_file
from tests.support.documents import PROFILE, TEMPLATES
from tests.support.regulations import REGULATION, RULES


@dataclass(frozen=True, slots=True)
class Target:
    """A reader of untrusted files.

    Attributes:
        run: reads bytes, and raises where a promise is broken.
        seeds: makes the files to begin with.
        mutator: makes, of these files, a function that changes a file by its structure.
        max_bytes: the size of the largest file that is tried.
    """

    run: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]]
    mutator: Callable[[list[bytes]], mutators.Mutator]
    max_bytes: int


def _errors(record: FileRecord) -> list[str]:
    return [problem.rule for problem in record.problems if RULES[problem.rule].severity is Severity.ERROR]


def run_pdf(data: bytes) -> None:
    """Inspect a PDF; one without an error is bound."""
    if detect_media_type(data) != PDF:
        return
    try:
        record = mark_rasterised_pages(inspect_bytes(data, PDF, DirectWorker()))
    except LimitExceededError:
        return
    assert record.pages or record.problems
    if not _errors(record):
        with tempfile.TemporaryDirectory() as folder:
            bind_file(data, record, Path(folder) / "bound.pdf")


def run_word(data: bytes) -> None:
    """Inspect a Word file; one without an error is typeset."""
    data = zip_of(data)
    if detect_media_type(data) != WORD:
        return
    try:
        record = inspect_bytes(data, WORD, DirectWorker())
    except LimitExceededError:
        return
    if not _errors(record) and not find_missing_glyphs(record.characters):
        typesetter = Typesetter()
        typesetter.typeset_papers([("p", read_blocks(data))])
        typesetter.write(["p"], "题", b"0" * 16, None)


def run_case(data: bytes) -> None:
    """Read, check and report a case, build the view of each document, and draft one of a case that is complete."""
    reading = read_data(data, Path("/nowhere"), "案")
    if reading.case is None:
        _require_messages(CheckedCase(reading, PROFILE, {}, _check(reading, {})) if reading.findings else None)
        return
    records = {material.file: cases.record(material.file) for material in reading.case.materials}
    checked = CheckedCase(reading, PROFILE, records, _check(reading, records))
    _require_messages(checked)
    case = reading.case
    fillable = [document for document in DOCUMENTS if not find_missing_fields(document, case)]
    for document in fillable:
        for copy in list_copies(DOCUMENTS[document], case):
            build_case_view(case, PROFILE, find_moment(case, document), copy)
    if checked.complete and fillable:
        document = fillable[sum(data) % len(fillable)]
        drafted = draft_document(case, DOCUMENTS[document], PROFILE, TEMPLATES)
        assert check_docx(drafted).problems == ()


def _check(reading: ReadResult, records: dict[str, FileRecord]) -> Any:  # noqa: ANN401 (a CheckResult)
    from bundler.gate.check_result import CheckResult
    from bundler.regulation.papers import BundleKind

    if reading.case is None:
        return CheckResult(None, BundleKind.ARCHIVE, findings=reading.findings)
    kind = kind_of(reading.case, None)
    context = GateContext(reading.case, PROFILE, kind, cases.TODAY, records, reading.values)
    return apply_rules(reading, context)


def _require_messages(checked: CheckedCase | None) -> None:
    """Every finding has a known rule and says in Chinese what is wrong."""
    assert checked is not None
    list(report_lines(checked))
    for found in json.loads(json.dumps(checked.as_json()))["findings"]:
        assert found["rule"] in RULES
        assert re.search("[\u4e00-\u9fff]", found["message"])


def run_manifest(data: bytes) -> None:
    """Read a manifest; one that is accepted is written and read again, and compared with the file that it describes."""
    is_paper_manifest(data)
    try:
        manifest = read_manifest(data)
    except ManifestError:
        return
    assert read_manifest(manifest_bytes(manifest)) == manifest
    for observed in (Observation(0, "0" * 64), _observed(manifest)):
        list(manifest_comparison.completeness(observed, manifest, REGULATION))
        list(manifest_comparison.fixity(observed, manifest))
        list(manifest_comparison.agreement(observed, manifest))
    list(manifest_comparison.source_files(manifest, _empty_case()))


def _observed(manifest: Manifest) -> Observation:
    """Return what a file would look like that is as a manifest says, with one page more."""
    pages = tuple(ObservedPage(page.label, page.sha256, page.links) for page in manifest.page_digests)
    return Observation(
        size=0,
        sha256="0" * 64,
        manifest=manifest,
        pages=(*pages, ObservedPage("", None, ())),
        outline=tuple(ObservedEntry(paper.title, str(paper.first_page)) for paper in manifest.papers),
        embedded=(ObservedFile("case.json", "0" * 64, 0),),
    )


@cache
def _empty_case() -> ReadResult:
    return read_data(b"{}", Path("/nowhere"), "案")


def run_register(data: bytes) -> None:
    """Import a register; each case that it makes can be read."""
    with tempfile.TemporaryDirectory(dir=_memory_folder()) as folder:
        path, root = Path(folder) / "a.xlsx", Path(folder) / "cases"
        path.write_bytes(zip_of(data))
        with mock.patch.object(read_register_worksheet, "run_sandboxed", _run_like_the_sandbox):
            try:
                result = import_register.import_register(path, root, PROFILE)
            except CaseUnreadableError:
                return
        for one in result.created:
            assert one.folder is not None
            reading = read_case(one.folder)
            assert [found.rule for found in reading.findings if found.severity is Severity.ERROR] == []


def run_register_rows(data: bytes) -> None:
    """Import the register that a description describes; whatever its cells are, `check_import` says what is promised."""
    try:
        workbook = workbook_of(data)
    except ValueError:
        return
    with mock.patch.object(read_register_worksheet, "run_sandboxed", _run_like_the_sandbox):
        check_import(workbook, PROFILE)


def _memory_folder() -> str | None:
    """Return a folder in memory where there is one: each file that is tried writes and syncs whole cases."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 (the folder made in it is private)


def _run_like_the_sandbox(work: Callable[..., Any], data: bytes, *arguments: object, limits: object) -> Any:  # noqa: ANN401
    """Run in this process; whatever the library of workbooks raises means a damaged workbook."""
    del limits
    try:
        return work(data, *arguments)
    except MemoryError:
        raise LimitExceededError from None
    except Exception as error:
        raise WorkFailedError(type(error).__name__) from error


TARGETS: dict[str, Target] = {
    "pdf": Target(run_pdf, seeds.pdf_seeds, mutators.mutate_pdf, 200_000),
    "word": Target(run_word, seeds.word_seeds, mutators.mutate_xml_parts, 60_000),
    "case": Target(run_case, seeds.case_seeds, mutators.mutate_json, 60_000),
    "manifest": Target(run_manifest, seeds.manifest_seeds, mutators.mutate_json, 60_000),
    "register": Target(run_register, seeds.register_seeds, mutators.mutate_xml_parts, 100_000),
    "register-rows": Target(run_register_rows, description_seeds, mutate_description, 40_000),
}
