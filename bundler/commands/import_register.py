"""``bundler import``: create case folders from a court's own register."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bundler.commands.console import print_json, print_message, print_result
from bundler.commands.shared_options import common_options, json_option, profile_from
from bundler.errors import ExitCode, UsageError
from bundler.xlsx_writer.sheets import column_letters

if TYPE_CHECKING:
    from bundler.intake.case_from_register_rows import Remark
    from bundler.intake.import_register import ImportedPetition, ImportResult


@click.command("import")
@click.argument("register", metavar="REGISTER.xlsx", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", "root", required=True, type=click.Path(path_type=Path), help="放案件文件夹的文件夹；没有就新建。"
)
@click.option(
    "--marked",
    type=click.Path(path_type=Path, dir_okay=False),
    help="另写一份登记簿（.xlsx），没有读入的格标红、已读入而要核对的标黄，批注里写明原因和办法。",
)
@click.option("--dry-run", is_flag=True, help="只看能读出什么，不建文件夹。")
@json_option
@common_options
def command(
    register: Path,
    root: Path,
    marked: Path | None,
    dry_run: bool,
    as_json: bool,
    profile_path: Path | None,
    templates_path: Path | None,
) -> int:
    """把本院的登记簿（.xlsx）导入成案件文件夹，一件一个，已有的一概不动。

    读得出的写入，拿不准的一格留着“待填”，并说明在第几行哪一列、为什么、怎么办；只要有一处没有读入，退出码就是 1。受理与否不代为
    决定。本院的列名与默认的不同时，写进法院配置文件的 [register_columns]。
    """
    from bundler.intake.import_register import import_register

    del templates_path
    if root.exists() and not root.is_dir():
        raise UsageError(f"“{root}”不是文件夹。", fix="请用 -o 给出放案件的文件夹。")
    imported = import_register(register, root, profile_from(profile_path), dry_run=dry_run)
    if not dry_run:
        _record_in_history(imported, register.name)
    if marked is not None:
        _write_marked(marked, register, imported)
    if as_json:
        print_json(_as_json(imported, dry_run=dry_run))
    else:
        print_result("\n".join(_lines(imported, dry_run=dry_run)))
        for note in imported.notes:
            print_message(f"说明：{note}")
    return ExitCode.OK if imported.is_complete else ExitCode.INCOMPLETE


def _write_marked(target: Path, register: Path, imported: ImportResult) -> None:
    from bundler.atomic_write import write_atomic
    from bundler.intake.marked_register import build_marked_register
    from bundler.intake.read_register_worksheet import read_worksheets

    if target.exists() and target.samefile(register):
        raise UsageError("--marked 不能写在原来的登记簿上。", fix="请写另一个文件名；原件不动。")
    write_atomic(target, build_marked_register(read_worksheets(register)[0], imported))
    print_message(f"已写入：{target}")


def _record_in_history(imported: ImportResult, name: str) -> None:
    from bundler.commands.history import record_history
    from bundler.ledger.history_entry import FileDigest

    for one in imported.created:
        if one.folder is not None:
            record_history(one.folder, "import", [FileDigest(name, imported.sha256)])


def _as_json(imported: ImportResult, *, dry_run: bool) -> dict[str, Any]:
    return {
        "made": 0 if dry_run else len(imported.created),
        "register_sha256": imported.sha256,
        "rows": [
            {
                "registration_no": one.number or None,
                "sheet": one.sheet,
                "row": one.row,
                "folder": str(one.folder) if one.folder else None,
                "remarks": [
                    {
                        "row": remark.row,
                        "column": column_letters(remark.place) if remark.place is not None else None,
                        "heading": remark.column or None,
                        "read": remark.is_read,
                        "reason": remark.reason,
                        "fix": remark.fix or None,
                    }
                    for remark in one.remarks
                ],
            }
            for one in imported.petitions
        ],
        "notes": list(imported.notes),
    }


def _lines(imported: ImportResult, *, dry_run: bool) -> Iterator[str]:
    from bundler.intake.import_register import all_remarks

    yield f"{'可以建' if dry_run else '已建'} {len(imported.created)} 件，没有建的 {len(imported.petitions) - len(imported.created)} 件。"
    yield from (f"  {one.number}　{one.folder}" for one in imported.created)
    remarks = list(all_remarks(imported.petitions))
    for heading, is_read in (("没有读入", False), ("已读入，请核对", True)):
        found = [(one, remark) for one, remark in remarks if remark.is_read is is_read]
        if found:
            yield ""
            yield f"{heading}（{len(found)} 处）"
            yield from (_remark_line(one, remark) for one, remark in found)


def _remark_line(one: ImportedPetition, remark: Remark) -> str:
    where = f" {column_letters(remark.place)} 列“{remark.column}”" if remark.place is not None else ""
    number = f"（{one.number}）" if one.number else ""
    fix = f"\n     → {remark.fix}" if remark.fix else ""
    return f"  工作表“{one.sheet}”第 {remark.row} 行{where}{number}：{remark.reason}。{fix}"
