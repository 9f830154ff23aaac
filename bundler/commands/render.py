"""``bundler render``: one document of a case, or every one that the case can fill."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bundler.api.render import REMINDER_NOTICE, RETURN_NOTICE, RenderedPaper, render, render_review
from bundler.atomic_write import write_atomic
from bundler.bundle.output_path_checks import case_inputs, check_replaced_word_file, check_target
from bundler.case.reader import read_case
from bundler.commands.console import print_message, print_result
from bundler.commands.shared_options import common_options, profile_from
from bundler.digest import sha256_of
from bundler.errors import UsageError, output_error
from bundler.regulation.papers import SERVICE_RECEIPTS

if TYPE_CHECKING:
    from bundler.case.model import Case
    from bundler.case.reader import ReadResult
    from bundler.regulation.model import Regulation


@click.command("render")
@click.argument("case_path", metavar="CASE")
@click.option("--doc", "document_id", help="文书的名称或者代号，如 受理告知书、acceptance_notice；写错时会提示。")
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
@click.option(
    "--review",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="OUT.pdf",
    help="与 --all 同用：改为输出一个校对用的 PDF，本案全部文书都在里面，页边注明每处内容取自哪一项。",
)
@common_options
def command(
    case_path: str,
    document_id: str | None,
    every: bool,
    item: str | None,
    file_format: str,
    output: Path | None,
    review: Path | None,
    profile_path: Path | None,
    templates_path: Path | None,
) -> None:
    """生成文书：可以编辑的 Word 文件，或者由它排成的 PDF。"""
    from bundler.commands.history import record_history
    from bundler.documents.definitions import find_templates_folder
    from bundler.ledger.history_entry import FileDigest

    if every == (document_id is not None):
        raise UsageError("请写 --doc 名称或者代号（一份文书）或者 --all（全部文书），二者写一个。")
    reading = read_case(case_path)
    if review is not None:
        _write_review(reading, review, every, profile_path, templates_path)
        return
    profile = profile_from(profile_path)
    papers = render(
        reading,
        document_id,
        format="pdf" if file_format == "pdf" else "docx",
        item=item,
        profile=profile,
        templates=templates_path,
    )
    if every and reading.case is not None:
        _print_incomplete_documents(reading.case, profile.regulation)
    inputs = (*case_inputs(reading.folder, reading.case), *((profile_path,) if profile_path else ()))
    with closing(papers):
        drafted = [(_target(output, paper, in_folder=every), paper) for paper in papers]
    templates = find_templates_folder(templates_path)
    for target, _ in drafted:
        check_target(target, inputs, templates)
        check_replaced_word_file(target)
    written: list[FileDigest] = []
    for target, paper in drafted:
        write_atomic(target, paper.data)
        print_result(str(target))
        written.append(FileDigest(target.name, sha256_of(paper.data)))
    documents = {paper.document for _, paper in drafted}
    if written and documents != {RETURN_NOTICE}:
        record_history(reading.folder, "remind" if documents == {REMINDER_NOTICE} else "render", written)


def _write_review(
    reading: ReadResult, target: Path, every: bool, profile_path: Path | None, templates_path: Path | None
) -> None:
    """Write the proof-reader's PDF, which is no paper of the case and leaves no line in its history."""
    from bundler.documents.definitions import find_templates_folder

    if not every:
        raise UsageError("--review 要与 --all 同用。", fix="请写 bundler render 案件 --all --review 校对稿.pdf。")
    inputs = (*case_inputs(reading.folder, reading.case), *((profile_path,) if profile_path else ()))
    data = render_review(reading, profile=profile_from(profile_path), templates=templates_path)
    check_target(target, inputs, find_templates_folder(templates_path))
    write_atomic(target, data)
    print_result(str(target))


def _print_incomplete_documents(case: Case, regulation: Regulation) -> None:
    """Say which of the documents that the case needs it cannot fill, and what they lack."""
    from bundler.documents.definitions import DOCUMENTS, find_missing_fields
    from bundler.documents.required_facts.shared_checks import describe_missing
    from bundler.documents.select_documents import is_needed

    for document in DOCUMENTS.values():
        missing = find_missing_fields(document.id, case, regulation)
        if missing and is_needed(document.id, case):
            print_message(f"尚未起草《{document.title}》：{describe_missing(missing)}。")


def _target(output: Path | None, paper: RenderedPaper, *, in_folder: bool) -> Path:
    """Where a paper is written: `output` is its file, or with ``--all`` the folder, which is made."""
    if not in_folder:
        return output.with_stem(output.stem + paper.suffix) if output else Path(paper.file_name)
    folder = output or Path()
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"“{folder}”不是文件夹。", fix="用 --all 时，-o 给出文件夹。")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise output_error(folder, error) from error
    return folder / paper.file_name
