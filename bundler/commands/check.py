"""``bundler check``: check cases with the gate, and print a checklist, the deadlines and the findings."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from bundler.api.check import check
from bundler.bundle.read_and_check_case import CheckedCase
from bundler.commands.check_report import report_lines
from bundler.commands.console import print_json, print_message, print_result
from bundler.commands.shared_options import (
    common_options,
    json_option,
    kind_option,
    profile_from,
    templates_from,
    today_in_shanghai,
    today_option,
)
from bundler.errors import ExitCode


@click.command("check")
@click.argument("cases", metavar="CASE…", nargs=-1, required=True)
@kind_option
@json_option
@click.option(
    "--keys", "with_keys", is_flag=True, help="每条后面写明是 case.json 的哪一项，供直接填写 case.json 时用。"
)
@today_option
@common_options
def command(
    cases: tuple[str, ...],
    kind: str | None,
    as_json: bool,
    with_keys: bool,
    today: date | None,
    profile_path: Path | None,
    templates_path: Path | None,
) -> int:
    """检查案件是否齐全。CASE 是案件文件夹或者其中的 case.json，可以给多个。"""
    templates = templates_from(templates_path) if templates_path else None
    profile, day = profile_from(profile_path), today or today_in_shanghai()
    checked = [check(case, kind=kind, today=day, profile=profile) for case in cases]
    if as_json:
        values = [one.as_json() for one in checked]
        print_json(values[0] if len(values) == 1 else values)
    else:
        for one in checked:
            print_result("\n".join(report_lines(one, with_keys=with_keys)))
        if len(checked) > 1:
            complete = sum(one.complete for one in checked)
            print_message(f"共 {len(checked)} 件：齐全 {complete} 件，不齐 {len(checked) - complete} 件。")
    if templates is not None:
        _try_templates([one for one in checked if one.complete], templates)
    return _status(checked)


def _try_templates(complete: list[CheckedCase], templates: Path) -> None:
    """Typeset complete cases with a court's own templates and write nothing, since `build` would fail over a broken one.

    Raises:
        TemplateError: a template is broken.
    """
    from bundler.api.build import build

    for one in complete:
        build(one, dry_run=True, templates=templates)


def _status(checked: list[CheckedCase]) -> ExitCode:
    """0 when all are complete; 3 when no case could be read at all; else 1."""
    if all(one.complete for one in checked):
        return ExitCode.OK
    return ExitCode.UNREADABLE if all(one.reading.unreadable for one in checked) else ExitCode.INCOMPLETE
