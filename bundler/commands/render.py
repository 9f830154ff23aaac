"""``bundler render``: one document of a case, or every one that the case can fill."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bundler.atomic_write import write_atomic
from bundler.bundle.outputs import case_inputs, check_target
from bundler.case.model import Case
from bundler.case.reader import ReadResult, read_case
from bundler.commands.console import print_message, print_result
from bundler.commands.options import common_options, profile_from
from bundler.errors import UsageError, output_error
from bundler.regulation.papers import SERVICE_RECEIPTS, Item
from bundler.sandbox import SandboxWorker

if TYPE_CHECKING:
    from bundler.bundle.paper import PaperDrafter
    from bundler.documents.definitions import DocumentDefinition
    from bundler.ledger.case_history import FileDigest


@click.command("render")
@click.argument("case_path", metavar="CASE")
@click.option("--doc", "document_id", help="文书代号，如 acceptance_notice；写错时会列出可用的代号。")
@click.option("--all", "every", is_flag=True, help="生成本案能够生成的全部文书。")
@click.option(
    "--item",
    type=click.Choice([item.value for item in SERVICE_RECEIPTS]),
    help="送达回证：只生成这一次送达的；不写则生成应送达的各次。",
)
@click.option("--format", "file_format", type=click.Choice(["docx", "pdf"]), default="docx", help="格式，默认 docx。")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="输出文件，默认 ./登记号-代号.docx；用 --all 时是文件夹；一种文书有几份时，文件名后加区别。",
)
@common_options
def command(
    case_path: str,
    document_id: str | None,
    every: bool,
    item: str | None,
    file_format: str,
    output: Path | None,
    profile_path: Path | None,
    templates_path: Path | None,
) -> None:
    """生成文书：可以编辑的 Word 文件，或者由它排成的 PDF。"""
    from bundler.bundle.paper import DRAFT_LIMITS, PaperDrafter, require_printable_case
    from bundler.commands.case_history import record_history
    from bundler.documents.definitions import DOCUMENTS, find_templates_folder

    if every == (document_id is not None):
        raise UsageError("请写 --doc 代号（一份文书）或者 --all（全部文书），二者写一个。")
    if item and document_id != "service_receipt":
        raise UsageError("--item 只用于送达回证。", fix="请写 --doc service_receipt。")
    wanted = list(DOCUMENTS.values()) if document_id is None else [_document(document_id)]
    with SandboxWorker(DRAFT_LIMITS) as worker:
        drafter = PaperDrafter(profile_from(profile_path), find_templates_folder(templates_path), worker)
        reading = read_case(case_path)
        inputs = (*case_inputs(reading.folder, reading.case), *((profile_path,) if profile_path else ()))
        place = _Place(
            file_format,
            output,
            every,
            lambda target: check_target(target, inputs, drafter.templates),
            reading,
        )
        if document_id == "return_notice":
            place.write(drafter, wanted[0], *_return_notice(case_path, drafter))
            return
        case = require_printable_case(reading)
        made = [
            place.write(drafter, document, case.registration.no or "", data, ending)
            for document in (_possible(case, wanted) if every else wanted)
            for ending, data in drafter.papers(case, document, Item(item) if item else None)
        ]
    if made:
        record_history(reading.folder, "render", made)


@dataclass(frozen=True, slots=True)
class _Place:
    """In which format papers are made, and where they go."""

    file_format: str
    output: Path | None
    every: bool
    check: Callable[[Path], None]
    """Refuses an output that is an input."""
    reading: ReadResult

    def write(
        self, drafter: PaperDrafter, document: DocumentDefinition, number: str, data: bytes, ending: str = ""
    ) -> FileDigest:
        """Write one paper; the ending tells it from others of the same document."""
        data = drafter.pdf(self.reading, document, data) if self.file_format == "pdf" else data
        if ending and self.output and not self.every:
            return self._checked(self.output.with_stem(self.output.stem + ending), data)
        name = f"{number}-{document.id}{ending}.{self.file_format}"
        return self._checked(_target(self.output, name, every=self.every), data)

    def _checked(self, target: Path, data: bytes) -> FileDigest:
        self.check(target)
        return _write(target, data)


def _return_notice(path: str, drafter: PaperDrafter) -> tuple[str, bytes]:
    """The case examined as of today, and the notice that would return it."""
    from bundler.bundle.check import check_case
    from bundler.bundle.paper import make_return_notice
    from bundler.commands.options import today_in_shanghai

    today = today_in_shanghai()
    return make_return_notice(
        check_case(path, kind=None, today=today, profile=drafter.profile), drafter.templates, today
    )


def _document(document_id: str) -> DocumentDefinition:
    from bundler.documents.definitions import BATCH_DOCUMENTS, DOCUMENTS

    if document_id == "submission_letter":
        raise UsageError("请示汇总一批案件，由 bundler batch 生成。", fix="请用 bundler batch 文件夹 -o 输出文件夹。")
    known = {**DOCUMENTS, **BATCH_DOCUMENTS}
    document = known.get(document_id)
    if document is None:
        near = difflib.get_close_matches(document_id, known, n=1)
        hint = f"是不是“{near[0]}”？" if near else f"可用的代号：{'、'.join(known)}。"
        raise UsageError(f"没有“{document_id}”这份文书。", fix=hint)
    return document


def _possible(case: Case, documents: list[DocumentDefinition]) -> list[DocumentDefinition]:
    """The documents that the case can fill; of each other, what it lacks is told."""
    from bundler.documents.definitions import find_missing_fields

    found = []
    for document in documents:
        lacking = find_missing_fields(document.id, case)
        if lacking:
            print_message(
                f"没有生成《{document.title}》，还缺：{'；'.join(f'{need.label}（{need.path}）' for need in lacking)}。"
            )
        else:
            found.append(document)
    return found


def _target(output: Path | None, name: str, *, every: bool) -> Path:
    if not every:
        return output or Path(name)
    folder = output or Path()
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"“{folder}”不是文件夹。", fix="用 --all 时，-o 给出文件夹。")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise output_error(folder, error) from error
    return folder / name


def _write(target: Path, data: bytes) -> FileDigest:
    import hashlib

    from bundler.ledger.case_history import FileDigest

    write_atomic(target, data)
    print_result(str(target))
    return FileDigest(target.name, hashlib.sha256(data).hexdigest())
