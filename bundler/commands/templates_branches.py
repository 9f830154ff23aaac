"""``bundler templates branches``: each condition of a template in Chinese, with the situations in which it holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bundler.commands.console import print_json, print_result
from bundler.commands.shared_options import common_options, json_option, profile_from

if TYPE_CHECKING:
    from bundler.template_preview.list_branches import Branch

_INDENT = "    "


@click.command("branches")
@click.argument("paper", metavar="PAPER")
@json_option
@common_options
def command(paper: str, as_json: bool, profile_path: Path | None, templates_path: Path | None) -> None:
    """列出一份文书的每个条件：什么时候印哪些字，在哪些情形里成立。PAPER 写代号、名称或者模板文件。"""
    from bundler.documents.definitions import find_templates_folder
    from bundler.documents.find_document_by_name import document_titles, find_document_code
    from bundler.template_preview.draft_papers import views_in_every_situation
    from bundler.template_preview.list_branches import list_branches

    titles = document_titles()
    document = find_document_code(paper, titles)
    given = Path(paper)
    folder = templates_path or (given.parent if given.suffix == ".docx" and given.is_file() else None)
    profile = profile_from(profile_path)
    branches = list_branches(document, profile, find_templates_folder(folder))
    situations = tuple(views_in_every_situation(document, profile))
    if as_json:
        template = f"{document}.docx"
        print_json([{"template": template, **branch.as_json()} for branch in branches])
        return
    print_result(
        f"{titles[document]}（{document}.docx）：{len(branches)} 个条件；有这份文书的情形 {len(situations)} 种。"
    )
    for line in _lines(branches, situations):
        print_result(line)


def _lines(branches: Sequence[Branch], situations: Sequence[str]) -> Iterator[str]:
    place = ""
    for branch in branches:
        here = f"{branch.part}第{branch.paragraph}段"
        if here != place:
            yield f"\n{here}"
            place = here
        indent = _INDENT * (branch.depth + 1)
        yield f"{indent}{branch.sentence}，印：{branch.prints or '（没有字）'}"
        yield f"{indent}　　{_situations(branch.holds, situations)}"


def _situations(holds: Sequence[str], situations: Sequence[str]) -> str:
    """Say in which situations a branch prints, by the shorter list."""
    missing = [one for one in situations if one not in holds]
    if not holds:
        return "没有一种情形里印"
    if not missing:
        return "每种情形里都印"
    if len(missing) < len(holds):
        return f"在 {len(holds)} 种情形里印，这些以外：{'；'.join(missing)}"
    return f"在 {len(holds)} 种情形里印：{'；'.join(holds)}"
