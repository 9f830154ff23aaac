"""``bundler render``: one document of a case."""

from __future__ import annotations

import difflib
from pathlib import Path

import click

from bundler.case.reading import read_case
from bundler.commands.console import result
from bundler.commands.options import common_options, profile_from
from bundler.errors import CaseError, CaseUnreadableError, UsageError


@click.command("render")
@click.argument("case_path", metavar="CASE")
@click.option("--doc", "document_id", required=True, help="文书代号，如 acceptance_notice。")
@click.option("--format", "file_format", type=click.Choice(["docx", "pdf"]), default="docx", help="格式，默认 docx。")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="输出文件，默认 登记号-代号。")
@common_options
def command(
    case_path: str,
    document_id: str,
    file_format: str,
    output: Path | None,
    profile_path: Path | None,
    templates_path: Path | None,
) -> None:
    """生成一份文书：可以编辑的 Word 文件，或者由它排成的 PDF。目前有受理告知书、不予受理释明告知书、答复意见书的模板。"""
    from bundler.documents.catalogue import DOCUMENTS
    from bundler.documents.render import draft, templates_folder
    from bundler.files import write_whole

    document = DOCUMENTS.get(document_id)
    if document is None:
        near = difflib.get_close_matches(document_id, DOCUMENTS, n=1)
        hint = f"是不是“{near[0]}”？" if near else f"可用的代号：{'、'.join(DOCUMENTS)}。"
        raise UsageError(f"没有“{document_id}”这份文书。", fix=hint)
    reading = read_case(case_path)
    if reading.unreadable or reading.case is None:
        raise CaseUnreadableError(reading.findings[0].message, fix=reading.findings[0].fix)
    if reading.findings:
        raise CaseError(reading.findings[0].message, fix=reading.findings[0].fix, code=reading.findings[0].rule)
    data = draft(reading.case, document, profile_from(profile_path), templates_folder(templates_path))
    target = output or Path(f"{reading.case.registration.no}-{document_id}.{file_format}")
    write_whole(target, _as_pdf(data, document.title) if file_format == "pdf" else data)
    result(str(target))


def _as_pdf(data: bytes, title: str) -> bytes:
    """The PDF of a filled document; its identifier comes from its own bytes."""
    import hashlib

    from bundler.typeset.layout import Typesetter
    from bundler.word.blocks import read_blocks

    setter = Typesetter()
    setter.set_papers([("paper", read_blocks(data))])
    return setter.write(["paper"], title, hashlib.sha256(data).digest()[:16])[0]
