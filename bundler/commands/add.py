"""``bundler add``: put scans into a case; it proposes what each one is, and a person or a QR code decides."""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bundler.case.model import Case
from bundler.case.reader import read_case
from bundler.commands.console import print_json, print_message, print_result
from bundler.commands.shared_options import common_options, json_option, profile_from
from bundler.errors import CaseUnreadableError, ExitCode, UsageError
from bundler.printable_text import format_day
from bundler.regulation.papers import Item, Paper, guess_item

if TYPE_CHECKING:
    from bundler.intake.add_scan import AddedPart, Scan
    from bundler.intake.split_scan import ScanPart

_SKIP = {"s", "S", "跳过"}
_ACCEPT = {"", "y", "yes", "是"}

Papers = Mapping[Item, Paper]
"""The papers as the regulation names them."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of one part of a scan.

    Attributes:
        part: the part.
        status: added, filed (the case has it already), proposed, undecided or skipped.
        added: its entry, where it was added.
        file: the file under which the case had it already.
    """

    part: ScanPart
    status: str
    added: AddedPart | None = None
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
    del templates_path
    papers = profile_from(profile_path).regulation.papers
    items = [_item_named(name, papers) for name in item_names]
    if pages is not None and (not items or len(files) > 1 or not re.fullmatch(r"[1-9]\d{0,4}(-[1-9]\d{0,4})?", pages)):
        raise UsageError("--pages 要与 --item 同用，只给一个文件，写成 8 或者 10-12。")
    may_ask = not (yes or dry_run or as_json) and sys.stdin.isatty() and sys.stderr.isatty()

    def decide(scan: Scan, part: ScanPart) -> _Outcome:
        if dry_run:
            return _Outcome(part, "proposed")
        if part.basis.value == "hand" or (yes and part.basis.value == "code"):
            return _Outcome(part, "added")
        return _ask(scan, part, papers) if may_ask else _Outcome(part, "undecided")

    results = []
    for file in files:
        results.append(_add(case_path, file, (items, pages), decide))
        if not as_json:
            _print_outcomes(*results[-1], papers)
    if as_json:
        print_json({"case": case_path, "files": [_as_json(*one) for one in results]})
    elif any(outcome.status == "undecided" for _, outcomes in results for outcome in outcomes):
        by_code = "" if yes else "用 --yes 加入二维码认出的，"
        print_message(
            f"没有加入的：{by_code}用 --item 材料名称（可以加 --pages 页码）指定，或者在终端上不带 --yes 运行，逐件回答。"
        )
    whole = all(
        not scan.refusal and all(outcome.status != "undecided" for outcome in outcomes) for scan, outcomes in results
    )
    return ExitCode.OK if whole else ExitCode.INCOMPLETE


def _add(
    case_path: str, file: Path, named: tuple[Sequence[Item], str | None], decide: Decide
) -> tuple[Scan, list[_Outcome]]:
    """Scan one file, decide about its parts, and add them. The case is read again, for the file before may have changed it."""
    from bundler.case_edit.lock import recover_case
    from bundler.intake.add_scan import add_scan, find_filed, names_further_items, scan_file

    folder, case = _read_case(case_path)
    scan = scan_file(file, folder, case, *named)
    outcomes = []
    for part in scan.parts:
        existing = find_filed(scan, part, case)
        if existing is None or names_further_items(scan, part, case):
            outcomes.append(replace(decide(scan, part), file=existing))
        else:
            outcomes.append(_Outcome(part, "filed", file=existing))
    chosen = [outcome.part for outcome in outcomes if outcome.status == "added"]
    if chosen:
        added = iter(add_scan(scan, chosen, folder))
        outcomes = [replace(one, added=next(added)) if one.status == "added" else one for one in outcomes]
        _record_in_history(folder, scan, outcomes)
    elif any(outcome.status == "filed" for outcome in outcomes):
        recover_case(folder)
    return scan, outcomes


def _record_in_history(folder: Path, scan: Scan, outcomes: Sequence[_Outcome]) -> None:
    from bundler.commands.history import record_history
    from bundler.ledger.history_entry import FileDigest

    names = dict.fromkeys(outcome.added.file for outcome in outcomes if outcome.added)
    record_history(folder, "add", [FileDigest(name, scan.record.sha256) for name in names])


def _part_text(part: ScanPart, papers: Papers) -> str:
    labels = "、".join(f"{papers[item].label}（{item.value}）" for item in part.items)
    turned = f"　第 {'、'.join(map(str, part.turned))} 页没有放正" if part.turned else ""
    if not labels:
        return f"{_pages_text(part)}　看不出是哪一项{turned}"
    read = f"“{part.title}”" if part.title else ""
    day = f"　日期：{format_day(part.day)}" if part.day else ""
    sure = part.certainty.label + (f"（{part.doubt}）" if part.doubt else "")
    return f"{_pages_text(part)}　{labels}　{sure}　依据：{part.basis.label}{read}{day}{turned}"


def _pages_text(part: ScanPart) -> str:
    return f"第 {part.pages} 页" if part.pages else "整个文件"


def _ask(scan: Scan, part: ScanPart, papers: Papers) -> _Outcome:
    """Ask the user on the terminal until there is an answer."""
    from bundler.intake.split_scan import Basis

    print_message(f"{scan.path.name}　{_part_text(part, papers)}")
    how = "回车接受，输入名称或者代号改正" if part.items else "输入名称或者代号"
    while True:
        answer = click.prompt(f"　　{how}（几项用逗号分开），s 跳过", default="", show_default=False, err=True).strip()
        if answer in _SKIP:
            return _Outcome(part, "skipped")
        if answer.casefold() in _ACCEPT and part.items:
            return _Outcome(part, "added")
        try:
            named = [_item_named(name.strip(), papers) for name in answer.replace("，", ",").split(",") if name.strip()]
        except UsageError as error:
            print_message(f"　　{error.message}{error.fix}")
            continue
        if named:
            return _Outcome(replace(part, items=tuple(named), basis=Basis.HAND), "added")


_STATUS_TEXTS = {
    "filed": "已经在案件里",
    "undecided": "没有加入，要由人决定",
    "skipped": "跳过",
    "proposed": "没有改动",
}


def _print_outcomes(scan: Scan, outcomes: Sequence[_Outcome], papers: Papers) -> None:
    if scan.refusal:
        print_message(f"{scan.path}：没有加入。{scan.refusal}" + (f"\n　　怎么办：{scan.fix}" if scan.fix else ""))
    for outcome in outcomes:
        print_result(f"{scan.path.name}　{_part_text(outcome.part, papers)}\n　　{_outcome_text(outcome)}")


_KEY_OF_DATE = re.compile("[a-z_]+（([^）]*)）")
"""A date with its key in case.json, which `--json` gives and a clerk does not read."""


def _outcome_text(outcome: _Outcome) -> str:
    if outcome.added is None:
        return _STATUS_TEXTS[outcome.status] + (f"：{outcome.file}" if outcome.file else "")
    named = (_KEY_OF_DATE.sub(r"\1", one).replace("或者 ", "或者") for one in outcome.added.to_fill)
    to_fill = "、".join((*named, "形成日期"))
    if outcome.file is not None:
        return f"{outcome.file} 已经在案件里（第 {outcome.added.index + 1} 件材料），加上了这一项；请补填{to_fill}"
    return f"已加入 {outcome.added.file}（第 {outcome.added.index + 1} 件材料）；请补填{to_fill}"


def _as_json(scan: Scan, outcomes: Sequence[_Outcome]) -> dict[str, Any]:
    return {
        "file": str(scan.path),
        "sha256": scan.record.sha256 or None,
        "refused": scan.refusal or None,
        "papers": [
            {
                "pages": outcome.part.pages,
                "items": [item.value for item in outcome.part.items],
                "source": outcome.part.basis.value,
                "certainty": outcome.part.certainty.value,
                "title": outcome.part.title or None,
                "date": outcome.part.day.isoformat() if outcome.part.day else None,
                "turned": list(outcome.part.turned),
                "status": outcome.status,
                "file": outcome.added.file if outcome.added else outcome.file,
                "material": outcome.added.index if outcome.added else None,
                "to_fill": list(outcome.added.to_fill) if outcome.added else [],
            }
            for outcome in outcomes
        ],
    }


def _read_case(path: str) -> tuple[Path, Case]:
    """Read the case folder and the case; parts that do not fit the model are ignored."""
    reading = read_case(path)
    if reading.unreadable or reading.case is None:
        raise CaseUnreadableError(reading.findings[0].message, fix=reading.findings[0].fix)
    return reading.folder, reading.case


def _item_named(name: str, papers: Papers) -> Item:
    """The item with an id, or with a name as the regulation has it, or the only one with a part of that name.

    Raises:
        UsageError: it names none, or several.
    """
    by_label = {paper.label: item for item, paper in papers.items()}
    by_id = {item.value: item for item in papers}
    found = by_id.get(name) or by_label.get(name)
    if found is not None:
        return found
    parts = [item for label, item in by_label.items() if len(name) > 1 and name in label]
    if len(parts) == 1:
        return parts[0]
    guess = guess_item(name)
    near = difflib.get_close_matches(name, [*by_id, *by_label], n=1)
    likely = parts or (
        [guess] if guess is not None and guess in papers else [by_id.get(one) or by_label[one] for one in near]
    )
    if likely:
        hint = f"是不是{'、'.join(_named(item, papers) for item in likely)}？"
    else:
        hint = f"可用的：{'、'.join(_named(item, papers) for item in papers)}。"
    raise UsageError(f"{'有几项材料都叫' if parts else '没有'}“{name}”{'' if parts else '这项材料'}。", fix=hint)


def _named(item: Item, papers: Papers) -> str:
    return f"“{papers[item].label}”（{item.value}）"
