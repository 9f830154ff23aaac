"""``bundler new``: create a case folder to fill in."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from bundler.commands.console import print_message, print_result
from bundler.commands.shared_options import KindType, common_options, kind_from, profile_from
from bundler.regulation.papers import BundleKind


@click.command("new")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--kind",
    type=KindType(),
    help="建哪一类案件：归档 archive、核销 write-off、不予受理归档 declined；不写为核销，不报请核销的删去 write_off 一段。",
)
@common_options
def command(folder: Path, kind: str | None, profile_path: Path | None, templates_path: Path | None) -> None:
    """新建案件文件夹：case.json（逐项待填）、materials 文件夹和放置说明。不覆盖已有的文件。"""
    from bundler.case_edit.create import new_case

    del templates_path
    regulation = profile_from(profile_path).regulation
    for path in new_case(folder, kind_from(kind) or BundleKind.WRITE_OFF, regulation):
        print_result(str(path))
    print_message(f"请填写 case.json，把扫描件放进 materials，然后运行 bundler check {shlex.quote(str(folder))}。")
    if kind is None:
        print_message("案件是按报请核销准备的；不报请核销的，删去 case.json 里的 write_off 一段。")
