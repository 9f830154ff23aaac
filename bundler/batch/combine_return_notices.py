"""The notices of returned cases as one PDF for each handler, to be printed in one go."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from bundler.atomic_write import write_atomic
from bundler.batch.find_tasks import safe_file_name
from bundler.documents.documents_with_own_view import BATCH_DOCUMENTS
from bundler.errors import BundlerError
from bundler.ledger.case_deadlines import handler_of
from bundler.reports.case_result import CaseResult
from bundler.reports.sort_cases import by_urgency
from bundler.reports.statistics import NO_OFFICER
from bundler.typeset.typesetter import Typesetter
from bundler.word.docx_reader import read_blocks

NOTICES_FOLDER = "notices"
"""The folder of these files in the output folder."""


def write_printed_notices(results: Iterable[CaseResult], out: Path, today: date) -> tuple[str, ...]:
    """Write the notices of each handler as one PDF, the urgent cases first; files of handlers without one are deleted.

    Returns:
        the registration numbers of cases whose notice cannot be typeset, for example for want of a character; their Word
        files are complete.

    Raises:
        OutputError: a file cannot be written.
    """
    by_handler: dict[str, list[CaseResult]] = defaultdict(list)
    for result in by_urgency(results):
        if result.status == "returned" and result.output:
            handler = handler_of(result.case) if result.case else result.path_handler
            by_handler[handler or NO_OFFICER].append(result)
    folder, left_out, written = out / NOTICES_FOLDER, [], set()
    folder.mkdir(exist_ok=True)
    for handler, own in sorted(by_handler.items()):
        data, failed = _typeset(own, out, f"{handler}：{BATCH_DOCUMENTS['return_notice'].title}", today)
        left_out += failed
        if data:
            name = f"{safe_file_name(handler)}.pdf"
            write_atomic(folder / name, data)
            written.add(name)
    for path in folder.glob("*.pdf"):
        if path.name not in written:
            path.unlink()
    return tuple(left_out)


def _typeset(results: Sequence[CaseResult], out: Path, title: str, today: date) -> tuple[bytes, list[str]]:
    """The notices of one handler as a PDF, empty for none; and the cases whose notice cannot be typeset."""
    papers: dict[str, bytes] = {result.output: (out / result.output).read_bytes() for result in results}
    try:
        return _write(papers, title, today), []
    except BundlerError:
        # One notice cannot be typeset: find it, and print the others.
        fitting = {name: data for name, data in papers.items() if _can_be_typeset(data)}
        failed = [Path(name).stem for name in papers if name not in fitting]
        return _write(fitting, title, today) if fitting else b"", failed


def _can_be_typeset(data: bytes) -> bool:
    try:
        Typesetter().typeset_papers([("notice", read_blocks(data))])
    except BundlerError:
        return False
    return True


def _write(papers: Mapping[str, bytes], title: str, today: date) -> bytes:
    setter = Typesetter()
    keyed = {f"notice{number}": read_blocks(data) for number, data in enumerate(papers.values())}
    setter.typeset_papers(list(keyed.items()))
    identifier = hashlib.sha256(b"".join(papers.values())).digest()[:16]
    return setter.write(list(keyed), title, identifier, today)[0]
