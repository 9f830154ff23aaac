"""``bundler history``: who made what of a case and when, and whether the record was changed; adding to the record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bundler.commands.console import print_json, print_message, print_result
from bundler.commands.shared_options import common_options, json_option
from bundler.errors import CaseUnreadableError, ExitCode

if TYPE_CHECKING:
    from bundler.ledger.history_entry import FileDigest, History, HistoryEntry

_DIGEST_DIGITS = 16
_MAX_PLACES = 6
"""Changed places that an entry names."""
_MAX_BROKEN_LINES = 50
"""Broken lines of an audit log that are printed one by one."""


def record_history(folder: Path, action: str, outputs: Sequence[FileDigest]) -> None:
    """Add a line to a case's history. A folder that cannot be written is a note, since the output is complete."""
    from bundler.ledger.case_change_log import append_history
    from bundler.ledger.history_entry import HistoryError

    try:
        append_history(folder, action, outputs)
    except HistoryError as error:
        print_history_error(str(error))


def print_history_error(error: str) -> None:
    """Print the note that a line could not be added to a case's history."""
    print_message(f"说明：没有写入案件历史（{error}）；结果不受影响。")


@click.command("history")
@click.argument("case_path", metavar="CASE", type=click.Path(path_type=Path))
@click.option("--audit", "is_audit", is_flag=True, help="核对工作台的操作记录；CASE 是工作台的案件文件夹。")
@json_option
@common_options
def command(
    case_path: Path, is_audit: bool, as_json: bool, profile_path: Path | None, templates_path: Path | None
) -> int:
    """列出案件的办理历史（谁、何时、做了什么、文件摘要），并核对记录有没有被改动。

    每一条带着上一条的摘要，中间的改动、删除、插入都看得出来；末尾被截去的看不出来，请把最后一行的摘要另行记下。
    CASE 是放案件的文件夹的，逐案列出。工作台的操作记录（.desk/audit.jsonl）也是这样相接的，用 --audit 核对。
    """
    from bundler.ledger.case_change_log import read_history
    from bundler.ledger.history_entry import HistoryError

    del profile_path, templates_path
    if is_audit:
        return _check_audit_log(case_path, as_json)
    folder = case_path.parent if case_path.name == "case.json" and not case_path.is_dir() else case_path
    if not folder.is_dir():
        raise CaseUnreadableError(f"没有“{folder}”这个文件夹。", fix="请给出案件文件夹。")
    cases = _cases_below(folder)
    if cases:
        return _list_many(cases, folder, as_json=as_json)
    try:
        history = read_history(folder)
    except HistoryError as error:
        raise CaseUnreadableError(
            f"案件历史读不了：{error}。", fix="请检查文件夹里的 .bundler-history.jsonl。"
        ) from error
    if as_json:
        print_json(_as_json(history))
    else:
        _print_history(history)
    return ExitCode.INCOMPLETE if history.broken else ExitCode.OK


def _cases_below(folder: Path) -> list[Path]:
    """The cases below a folder of cases; none for a case folder, or where there is no case."""
    from bundler.case.find_case_folders import find_cases
    from bundler.case.reader import CASE_FILE

    return [] if (folder / CASE_FILE).exists() else list(find_cases(folder))


def _list_many(cases: Sequence[Path], root: Path, *, as_json: bool) -> int:
    """List the histories of all cases below a folder; one that cannot be read stops no other."""
    from bundler.ledger.case_change_log import read_history
    from bundler.ledger.history_entry import HistoryError

    answers: list[dict[str, object]] = []
    has_problem = False
    for folder in cases:
        name = folder.relative_to(root).as_posix()
        if not as_json:
            print_result(f"—— {name} ——")
        try:
            history = read_history(folder)
        except HistoryError as error:
            has_problem = True
            answers.append({"case": name, "ok": False, "fault": str(error), "entries": []})
            print_message(f"{name}：案件历史读不了：{error}。")
            continue
        has_problem = has_problem or bool(history.broken)
        answers.append({"case": name, **_as_json(history)})
        if not as_json:
            _print_history(history)
    if as_json:
        print_json({"ok": not has_problem, "cases": answers})
    return ExitCode.INCOMPLETE if has_problem else ExitCode.OK


def _check_audit_log(folder: Path, as_json: bool) -> int:
    """Check the chain of a desk's audit log, and print the broken lines."""
    from bundler.ledger.audit_log import AUDIT_FILE, read_audit
    from bundler.ledger.history_entry import HistoryError

    try:
        audit = read_audit(folder)
    except HistoryError as error:
        raise CaseUnreadableError(
            f"操作记录“{folder / AUDIT_FILE}”读不了：{error}。",
            fix="请给出 bundler serve 用的那个案件文件夹，并检查权限。",
        ) from error
    if as_json:
        broken = [{"line": link.number, "fault": link.fault} for link in audit.broken]
        print_json({"ok": not broken, "lines": audit.count, "last_digest": audit.last_digest, "broken": broken})
    for link in audit.broken[:_MAX_BROKEN_LINES]:
        print_message(f"第 {link.number} 行有问题：{link.fault}。")
    if len(audit.broken) > _MAX_BROKEN_LINES:
        print_message(f"……还有 {len(audit.broken) - _MAX_BROKEN_LINES} 行有问题。")
    if audit.broken:
        print_message("操作记录被改动过，请查明原因，并与以前归档的一份对照。")
    elif not as_json:
        print_result(f"共 {audit.count} 行，前后相接，没有改动。最后一行的摘要：{audit.last_digest}")
    return ExitCode.INCOMPLETE if audit.broken else ExitCode.OK


def _as_json(history: History) -> dict[str, object]:
    entries = [{**asdict(entry), "ok": not entry.fault, "fault": entry.fault or None} for entry in history.entries]
    return {"ok": not history.broken, "last_digest": history.last_digest, "entries": entries}


def _print_history(history: History) -> None:
    for entry in history.entries:
        print_result(_entry_line(entry))
        if entry.places:
            print_result(f"       {_changed_places(entry)}")
        for output in entry.outputs:
            print_result(f"       {output.file}　SHA-256 {output.sha256[:_DIGEST_DIGITS]}…")
    if not history.entries:
        print_message("还没有历史记录。")
        return
    for entry in history.broken:
        print_message(f"第 {entry.number} 条有问题：{entry.fault}。")
    if history.broken:
        print_message("历史记录被改动过，请查明原因；以前成卷的 PDF 可以用 bundler verify 核对。")
    else:
        print_result(f"共 {len(history.entries)} 条，前后相接，没有改动。最后一条的摘要：{history.last_digest}")


def _entry_line(entry: HistoryEntry) -> str:
    from bundler.ledger.history_entry import ACTIONS

    when = entry.at.replace("T", " ")[: len("2021-09-16 09:30:00")]
    mark = "✗" if entry.fault else "✓"
    who = f"{entry.actor}（{entry.who}）" if entry.actor else entry.who
    return f"{mark} {entry.number:>3}　{when or '（看不出时间）'}　{ACTIONS.get(entry.action, entry.action)}　{who}"


def _changed_places(entry: HistoryEntry) -> str:
    """The changed places, by the titles of their fields."""
    from bundler.case.json_pointer import describe_pointer

    names = list(dict.fromkeys(describe_pointer(place) for place in entry.places))
    more = f"等 {len(names)} 处" if len(names) > _MAX_PLACES else ""
    return "、".join(names[:_MAX_PLACES]) + more
