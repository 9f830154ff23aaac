"""``bundler find``: words in all cases below a folder, in case.json, attached files and what was read on scans."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bundler.commands.console import print_json, print_message, print_result
from bundler.commands.shared_options import common_options, json_option
from bundler.errors import CaseUnreadableError, ExitCode, UsageError

if TYPE_CHECKING:
    from bundler.case_search.full_text_search import SearchResult

_WORTH_TELLING = 50
"""The progress is shown from this number of cases to be read."""


@click.command("find")
@click.argument("arguments", metavar="WORDS… DIR", nargs=-1, required=True)
@click.option("--most", type=click.IntRange(1, 100_000), default=200, help="最多列出多少处，默认 200。")
@json_option
@common_options
def command(
    arguments: tuple[str, ...], most: int, as_json: bool, profile_path: Path | None, templates_path: Path | None
) -> int:
    """在 DIR 下的全部案件里找字词：case.json、Word 和带文字的 PDF，以及扫描件上识读出的文字（bundler read）。

    写几个词的，列出同一页上都有的。全角半角、括号、空格、换行不影响查找。列出案件、文件、页和前后文；证件号码和电话已遮盖。
    """
    from bundler.case_search.full_text_search import search_cases, search_words

    del profile_path, templates_path
    *parts, last = arguments
    words, folder = search_words(" ".join(parts)), Path(last)
    if not words:
        raise UsageError("没有写要找的字词，或者没有写文件夹。", fix="写成：bundler find 字词 DIR。")
    if not folder.is_dir():
        raise UsageError(f"“{folder}”不是文件夹。", fix="最后一个参数是放案件的文件夹：bundler find 字词 DIR。")
    result = search_cases(folder, words, progress=_tell_progress, most=most)
    if not result.cases:
        raise CaseUnreadableError(f"“{folder}”里没有案件。", fix="案件文件夹里要有 case.json；新建用 bundler new。")
    if as_json:
        print_json([hit.as_json() for hit in result.hits])
    else:
        print_result("\n".join(_lines(result)))
    if result.has_more:
        print_message(f"只列出前 {most} 处，还有更多；可以多写一个词，或者用 --most。")
    return ExitCode.OK


def _tell_progress(done: int, total: int) -> None:
    if total >= _WORTH_TELLING and (done == total or sys.stderr.isatty()):
        print_message(f"首次查找或者有变动，已读入 {done}／{total} 件。")


def _lines(result: SearchResult) -> Iterator[str]:
    before = None
    for hit in result.hits:
        if hit.case != before:
            yield f"{hit.registration_no or '（无登记号）'}　{hit.case}"
            before = hit.case
        page = f"　第{hit.page}页" if hit.page else ""
        yield f"  {hit.file}{page}　……{hit.shown}……"
    count = len({hit.case for hit in result.hits})
    yield (
        f"在 {result.cases} 件案件里找到 {len(result.hits)} 处，{count} 件。"
        if result.hits
        else f"{result.cases} 件案件里都没有找到。"
    )
