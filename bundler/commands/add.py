"""``bundler add``: scans put into a case; what each one is, is proposed and never decided silently."""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bundler.case.model import Case
from bundler.case.reader import read_case
from bundler.commands.console import print_json, print_message, print_result
from bundler.commands.options import common_options, json_option
from bundler.errors import CaseUnreadableError, ExitCode, UsageError
from bundler.regulation.papers import PAPERS, Item

if TYPE_CHECKING:
    from bundler.intake.scan import AddedPart, Scan
    from bundler.intake.split import ScanPart

_SKIP = {"s", "S", "跳过"}


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of one paper: added, filed (it was there), proposed, undecided or skipped."""

    piece: ScanPart
    status: str
    filed: AddedPart | None = None
    file: str | None = None


Decide = Callable[["Scan", "ScanPart"], "_Outcome"]


@click.command("add")
@click.argument("case_path", metavar="CASE")
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--item",
    "item_names",
    multiple=True,
    help="人工指定：整个文件是这一项（可以写几次），写代号或者材料名称，见 放置说明.txt；写了就不再识别、不再分件。",
)
@click.option("--pages", help="与 --item 同用：只是其中几页，如 8 或者 10-12。")
@click.option("--yes", is_flag=True, help="不再询问：由二维码认出的加入，其余的一概不加。")
@click.option("--dry-run", is_flag=True, help="只看识别结果，什么也不改。")
@json_option
@common_options
def command(
    case_path: str,
    files: tuple[Path, ...],
    item_names: tuple[str, ...],
    pages: str | None,
    yes: bool,
    dry_run: bool,
    as_json: bool,
    profile_path: Path | None,
    templates_path: Path | None,
) -> int:
    """把扫描件放进案件：认出是哪一项材料，复制到 materials，写进 case.json。

    依次按文书上的二维码、文件名、页面文字识别；整卷扫描成一个文件的，按二维码和空白隔页纸分件（不重新压缩，只记页码范围）。
    识别只是建议：在终端上逐件询问；不在终端上时，只有 --yes（限二维码认出的）或者 --item 才会加入。带有别案二维码的文件不收。
    """
    del profile_path, templates_path
    items = [_item(name) for name in item_names]
    if pages is not None and (not items or len(files) > 1 or not re.fullmatch(r"[1-9]\d{0,4}(-[1-9]\d{0,4})?", pages)):
        raise UsageError("--pages 要与 --item 同用，只给一个文件，写成 8 或者 10-12。")
    may_ask = not (yes or dry_run or as_json) and sys.stdin.isatty() and sys.stderr.isatty()

    def decide(scan: Scan, piece: ScanPart) -> _Outcome:
        if dry_run:
            return _Outcome(piece, "proposed")
        if piece.source.value == "hand" or (yes and piece.source.value == "code"):
            return _Outcome(piece, "added")
        return _ask(scan, piece) if may_ask else _Outcome(piece, "undecided")

    told = []
    for file in files:
        told.append(_add(case_path, file, (items, pages), decide))
        if not as_json:
            _tell(*told[-1])
    if as_json:
        print_json({"case": case_path, "files": [_as_json(*one) for one in told]})
    elif any(outcome.status == "undecided" for _, outcomes in told for outcome in outcomes):
        print_message(
            "没有加入的：用 --yes 加入二维码认出的，用 --item 代号（可以加 --pages 页码）指定，或者在终端上运行逐件回答。"
        )
    whole = all(
        not scan.refusal and all(outcome.status != "undecided" for outcome in outcomes) for scan, outcomes in told
    )
    return ExitCode.OK if whole else ExitCode.INCOMPLETE


def _add(
    case_path: str, file: Path, by_hand: tuple[Sequence[Item], str | None], decide: Decide
) -> tuple[Scan, list[_Outcome]]:
    """One file: look, propose, decide, file. The case is read anew, since the file before may have changed it."""
    from bundler.case_edit.lock import recover_case
    from bundler.intake.scan import add_scan, find_filed, scan_file

    folder, case = _case(case_path)
    scan = scan_file(file, folder, case, *by_hand)
    outcomes = []
    for piece in scan.pieces:
        there = find_filed(scan, piece, case)
        outcomes.append(_Outcome(piece, "filed", file=there) if there is not None else decide(scan, piece))
    chosen = [outcome.piece for outcome in outcomes if outcome.status == "added"]
    if chosen:
        filed = iter(add_scan(scan, chosen, folder))
        outcomes = [replace(one, filed=next(filed)) if one.status == "added" else one for one in outcomes]
        _remember(folder, scan, outcomes)
    elif any(outcome.status == "filed" for outcome in outcomes):
        recover_case(folder)
    return scan, outcomes


def _remember(folder: Path, scan: Scan, outcomes: Sequence[_Outcome]) -> None:
    from bundler.commands.case_history import record_history
    from bundler.ledger.case_history import FileDigest

    names = dict.fromkeys(outcome.filed.file for outcome in outcomes if outcome.filed)
    record_history(folder, "add", [FileDigest(name, scan.record.sha256) for name in names])


def _described(piece: ScanPart) -> str:
    labels = "、".join(f"{PAPERS[item].label}（{item.value}）" for item in piece.items)
    return f"{_pages(piece)}　{labels}　依据：{piece.source.label}" if labels else f"{_pages(piece)}　看不出是哪一项"


def _pages(piece: ScanPart) -> str:
    return f"第 {piece.pages} 页" if piece.pages else "整个文件"


def _ask(scan: Scan, piece: ScanPart) -> _Outcome:
    """Ask a person on a terminal; nothing but an answer decides."""
    from bundler.intake.split import Basis

    print_message(f"{scan.path.name}　{_described(piece)}")
    accept = "回车接受，" if piece.items else ""
    while True:
        answer = click.prompt(
            f"　　{accept}输入代号或者名称改正（几项用逗号分开），s 跳过", default="", show_default=False, err=True
        ).strip()
        if answer in _SKIP:
            return _Outcome(piece, "skipped")
        if not answer and piece.items:
            return _Outcome(piece, "added")
        try:
            named = [_item(name.strip()) for name in answer.replace("，", ",").split(",") if name.strip()]
        except UsageError as error:
            print_message(f"　　{error.message}{error.fix}")
            continue
        if named:
            return _Outcome(replace(piece, items=tuple(named), source=Basis.HAND), "added")


_SAID = {"filed": "已经在案件里", "undecided": "没有加入，要由人决定", "skipped": "跳过", "proposed": "没有改动"}


def _tell(scan: Scan, outcomes: Sequence[_Outcome]) -> None:
    if scan.refusal:
        print_message(f"{scan.path}：没有加入。{scan.refusal}" + (f"\n　　怎么办：{scan.fix}" if scan.fix else ""))
    for outcome in outcomes:
        print_result(f"{scan.path.name}　{_described(outcome.piece)}\n　　{_said(outcome)}")


def _said(outcome: _Outcome) -> str:
    if outcome.filed is None:
        return _SAID[outcome.status] + (f"：{outcome.file}" if outcome.file else "")
    to_fill = "、".join((*outcome.filed.to_fill, "date（落款日期）"))
    return f"已加入 {outcome.filed.file}；请在 case.json 的第 {outcome.filed.index + 1} 条 materials 补填 {to_fill}"


def _as_json(scan: Scan, outcomes: Sequence[_Outcome]) -> dict[str, Any]:
    return {
        "file": str(scan.path),
        "sha256": scan.record.sha256 or None,
        "refused": scan.refusal or None,
        "papers": [
            {
                "pages": outcome.piece.pages,
                "items": [item.value for item in outcome.piece.items],
                "source": outcome.piece.source.value,
                "status": outcome.status,
                "file": outcome.filed.file if outcome.filed else outcome.file,
                "material": outcome.filed.index if outcome.filed else None,
                "to_fill": list(outcome.filed.to_fill) if outcome.filed else [],
            }
            for outcome in outcomes
        ],
    }


def _case(path: str) -> tuple[Path, Case]:
    """The case folder and the case; parts of it that do not fit the model are no hindrance."""
    reading = read_case(path)
    if reading.unreadable or reading.case is None:
        raise CaseUnreadableError(reading.findings[0].message, fix=reading.findings[0].fix)
    return reading.folder, reading.case


def _item(name: str) -> Item:
    """The item that a person names, by its id or by the regulation's own words."""
    by_label = {paper.label: item for item, paper in PAPERS.items()}
    by_id = {item.value: item for item in PAPERS}
    found = by_id.get(name) or by_label.get(name)
    if found is None:
        near = difflib.get_close_matches(name, [*by_id, *by_label], n=1)
        hint = f"是不是“{near[0]}”？" if near else f"可用的代号：{'、'.join(by_id)}。"
        raise UsageError(f"没有“{name}”这项材料。", fix=hint)
    return found
