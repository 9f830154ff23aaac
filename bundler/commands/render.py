"""``bundler render``: one document of a case, or every one that the case can fill."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bundler.case.model import Case
from bundler.case.reading import Reading, read_case
from bundler.commands.console import message, result
from bundler.commands.options import common_options, profile_from
from bundler.errors import CaseError, CaseUnreadableError, UsageError
from bundler.files import unwritable, write_whole

if TYPE_CHECKING:
    from bundler.documents.catalogue import Document
    from bundler.ledger.history import Output


@click.command("render")
@click.argument("case_path", metavar="CASE")
@click.option("--doc", "document_id", help="文书代号，如 acceptance_notice；写错时会列出可用的代号。")
@click.option("--all", "every", is_flag=True, help="生成本案能够生成的全部文书。")
@click.option("--format", "file_format", type=click.Choice(["docx", "pdf"]), default="docx", help="格式，默认 docx。")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="输出文件，默认 ./登记号-代号.docx；用 --all 时是文件夹。",
)
@common_options
def command(
    case_path: str,
    document_id: str | None,
    every: bool,
    file_format: str,
    output: Path | None,
    profile_path: Path | None,
    templates_path: Path | None,
) -> None:
    """生成文书：可以编辑的 Word 文件，或者由它排成的 PDF。"""
    from bundler.commands.remember import remember
    from bundler.documents.catalogue import DOCUMENTS
    from bundler.documents.render import draft, templates_folder

    if every == (document_id is not None):
        raise UsageError("请写 --doc 代号（一份文书）或者 --all（全部文书），二者写一个。")
    wanted = list(DOCUMENTS.values()) if document_id is None else [_document(document_id)]
    reading = read_case(case_path)
    case = _case(reading)
    profile, templates = profile_from(profile_path), templates_folder(templates_path)
    made = []
    for document in _possible(case, wanted) if every else wanted:
        data = draft(case, document, profile, templates)
        name = f"{case.registration.no}-{document.id}.{file_format}"
        made.append(
            _write(_target(output, name, every=every), _as_pdf(data, document.title) if file_format == "pdf" else data)
        )
    if made:
        remember(reading.folder, "render", made)


def _document(document_id: str) -> Document:
    from bundler.documents.catalogue import DOCUMENTS

    document = DOCUMENTS.get(document_id)
    if document is None:
        near = difflib.get_close_matches(document_id, DOCUMENTS, n=1)
        hint = f"是不是“{near[0]}”？" if near else f"可用的代号：{'、'.join(DOCUMENTS)}。"
        raise UsageError(f"没有“{document_id}”这份文书。", fix=hint)
    return document


def _case(reading: Reading) -> Case:
    """The case, when every part of it can be read and printed."""
    from bundler.gate.data import own_number, unprintable

    if reading.unreadable or reading.case is None:
        raise CaseUnreadableError(reading.findings[0].message, fix=reading.findings[0].fix)
    wrong = [*reading.findings, *own_number(reading.case), *unprintable(reading.values)]
    if wrong:
        raise CaseError(wrong[0].message, fix=wrong[0].fix, code=wrong[0].rule)
    return reading.case


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


def _as_pdf(data: bytes, title: str) -> bytes:
    """The PDF of a filled document; its identifier comes from its own bytes."""
    import hashlib

    from bundler.typeset.layout import Typesetter
    from bundler.word.blocks import read_blocks

    setter = Typesetter()
    setter.set_papers([("paper", read_blocks(data))])
    return setter.write(["paper"], title, hashlib.sha256(data).digest()[:16])[0]
