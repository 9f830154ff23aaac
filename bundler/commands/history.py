"""``bundler history``: who made what of a case, when, and whether the record was tampered with."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bundler.commands.console import message, result, result_json
from bundler.commands.options import common_options, json_option
from bundler.errors import CaseUnreadableError, ExitCode

if TYPE_CHECKING:
    from bundler.ledger.history import Entry, History

_SHOWN = 16
_NAMED = 6
"""So many changed places are named."""


@click.command("history")
@click.argument("case_path", metavar="CASE", type=click.Path(path_type=Path))
@json_option
@common_options
def command(case_path: Path, as_json: bool, profile_path: Path | None, templates_path: Path | None) -> int:
    """列出案件的办理历史（谁、何时、做了什么、文件摘要），并核对记录有没有被改动。

    每一条带着上一条的摘要，中间的改动、删除、插入都看得出来；末尾被截去的看不出来，请把最后一行的摘要另行记下。
    """
    from bundler.ledger.history import HistoryError, read_history

    del profile_path, templates_path
    folder = case_path.parent if case_path.name == "case.json" and not case_path.is_dir() else case_path
    if not folder.is_dir():
        raise CaseUnreadableError(f"没有“{folder}”这个文件夹。", fix="请给出案件文件夹。")
    try:
        history = read_history(folder)
    except HistoryError as error:
        raise CaseUnreadableError(
            f"案件历史读不了：{error}。", fix="请检查文件夹里的 .bundler-history.jsonl。"
        ) from error
    if as_json:
        result_json(_as_json(history))
    else:
        _tell(history)
    return ExitCode.INCOMPLETE if history.broken else ExitCode.OK


def _as_json(history: History) -> dict[str, object]:
    entries = [{**asdict(entry), "ok": not entry.fault, "fault": entry.fault or None} for entry in history.entries]
    return {"ok": not history.broken, "last_digest": history.last_digest, "entries": entries}


def _tell(history: History) -> None:
    for entry in history.entries:
        result(_line(entry))
        if entry.places:
            result(f"       {_places(entry)}")
        for output in entry.outputs:
            result(f"       {output.file}　SHA-256 {output.sha256[:_SHOWN]}…")
    if not history.entries:
        message("还没有历史记录。")
        return
    for entry in history.broken:
        message(f"第 {entry.number} 条有问题：{entry.fault}。")
    if history.broken:
        message("历史记录被改动过，请查明原因；以前成卷的 PDF 可以用 bundler verify 核对。")
    else:
        result(f"共 {len(history.entries)} 条，前后相接，没有改动。最后一条的摘要：{history.last_digest}")


def _line(entry: Entry) -> str:
    from bundler.ledger.history import ACTIONS

    when = entry.at.replace("T", " ")[: len("2021-09-16 09:30:00")]
    mark = "✗" if entry.fault else "✓"
    who = f"{entry.actor}（{entry.who}）" if entry.actor else entry.who
    return f"{mark} {entry.number:>3}　{when or '（看不出时间）'}　{ACTIONS.get(entry.action, entry.action)}　{who}"


def _places(entry: Entry) -> str:
    """What was changed, by the titles that stand there."""
    from bundler.case.places import called

    names = list(dict.fromkeys(called(place) for place in entry.places))
    more = f"等 {len(names)} 处" if len(names) > _NAMED else ""
    return "、".join(names[:_NAMED]) + more
