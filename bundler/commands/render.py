"""``bundler render``: one document of a case, or every one that the case can fill."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bundler.assembly.outputs import case_inputs, refuse_inputs
from bundler.case.model import Case
from bundler.case.reading import Reading, read_case
from bundler.commands.console import message, result
from bundler.commands.options import common_options, profile_from
from bundler.errors import UsageError
from bundler.files import unwritable, write_whole
from bundler.regulation.items import Item
from bundler.sandbox import Worker

if TYPE_CHECKING:
    from bundler.assembly.drafting import Drafter
    from bundler.documents.catalogue import Document
    from bundler.ledger.history import Output


@click.command("render")
@click.argument("case_path", metavar="CASE")
@click.option("--doc", "document_id", help="文书代号，如 acceptance_notice；写错时会列出可用的代号。")
@click.option("--all", "every", is_flag=True, help="生成本案能够生成的全部文书。")
@click.option(
    "--item",
    type=click.Choice(["acceptance_service", "reply_service", "explanation_service"]),
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
    from bundler.assembly.drafting import LIMITS, Drafter, printable_case
    from bundler.commands.remember import remember
    from bundler.documents.catalogue import DOCUMENTS
    from bundler.documents.folder import templates_folder

    if every == (document_id is not None):
        raise UsageError("请写 --doc 代号（一份文书）或者 --all（全部文书），二者写一个。")
    if item and document_id != "service_receipt":
        raise UsageError("--item 只用于送达回证。", fix="请写 --doc service_receipt。")
    wanted = list(DOCUMENTS.values()) if document_id is None else [_document(document_id)]
    with Worker(LIMITS) as worker:
        drafter = Drafter(profile_from(profile_path), templates_folder(templates_path), worker)
        reading = read_case(case_path)
        inputs = case_inputs(reading.folder, reading.case)
        place = _Place(
            file_format,
            output,
            every,
            lambda target: refuse_inputs(target, inputs, profile_path, drafter.templates),
            reading,
        )
        if document_id == "return_notice":
            place.write(drafter, wanted[0], *_return_notice(case_path, drafter))
            return
        case = printable_case(reading)
        made = [
            place.write(drafter, document, case.registration.no or "", data, ending)
            for document in (_possible(case, wanted) if every else wanted)
            for ending, data in drafter.papers(case, document, Item(item) if item else None)
        ]
    if made:
        remember(reading.folder, "render", made)


@dataclass(frozen=True, slots=True)
class _Place:
    """In which format papers are made, and where they go."""

    file_format: str
    output: Path | None
    every: bool
    check: Callable[[Path], None]
    """Refuses an output that is an input."""
    reading: Reading

    def write(self, drafter: Drafter, document: Document, number: str, data: bytes, ending: str = "") -> Output:
        """Write one paper; the ending tells it from others of the same document."""
        data = drafter.pdf(self.reading, document, data) if self.file_format == "pdf" else data
        if ending and self.output and not self.every:
            return self._checked(self.output.with_stem(self.output.stem + ending), data)
        name = f"{number}-{document.id}{ending}.{self.file_format}"
        return self._checked(_target(self.output, name, every=self.every), data)

    def _checked(self, target: Path, data: bytes) -> Output:
        self.check(target)
        return _write(target, data)


def _return_notice(path: str, drafter: Drafter) -> tuple[str, bytes]:
    """The case examined as of today, and the notice that would return it."""
    from bundler.assembly.drafting import return_notice
    from bundler.assembly.examine import examine_case
    from bundler.commands.options import today_in_shanghai

    today = today_in_shanghai()
    return return_notice(examine_case(path, kind=None, today=today, profile=drafter.profile), drafter.templates, today)


def _document(document_id: str) -> Document:
    from bundler.documents.catalogue import BATCH_DOCUMENTS, DOCUMENTS

    if document_id == "submission_letter":
        raise UsageError("请示汇总一批案件，由 bundler batch 生成。", fix="请用 bundler batch 文件夹 -o 输出文件夹。")
    known = {**DOCUMENTS, **BATCH_DOCUMENTS}
    document = known.get(document_id)
    if document is None:
        near = difflib.get_close_matches(document_id, known, n=1)
        hint = f"是不是“{near[0]}”？" if near else f"可用的代号：{'、'.join(known)}。"
        raise UsageError(f"没有“{document_id}”这份文书。", fix=hint)
    return document


def _possible(case: Case, documents: list[Document]) -> list[Document]:
    """The documents that the case can fill; of each other, what it lacks is told."""
    from bundler.documents.needs.table import missing_fields

    found = []
    for document in documents:
        lacking = missing_fields(document.id, case)
        if lacking:
            message(
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
        raise unwritable(folder, error) from error
    return folder / name


def _write(target: Path, data: bytes) -> Output:
    import hashlib

    from bundler.ledger.history import Output

    write_whole(target, data)
    result(str(target))
    return Output(target.name, hashlib.sha256(data).hexdigest())
