"""``bundler figures``: the figures of Art. 17 for a period, by handler, leader in charge and team."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bundler.commands.console import print_json, print_message, print_result
from bundler.commands.shared_options import (
    common_options,
    json_option,
    period_from,
    period_options,
    profile_from,
    today_in_shanghai,
    today_option,
)
from bundler.errors import CaseUnreadableError, ExitCode, UsageError

if TYPE_CHECKING:
    from bundler.profile import Profile
    from bundler.reports.period_figures import GroupFigures, PeriodFigures


@click.command("figures")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@period_options
@click.option("--xlsx", type=click.Path(path_type=Path, dir_okay=False), help="另写成 Excel 表，列出计入各项的案件。")
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    help="另写成 Word 通报（.docx），内容在模板 period_report。",
)
@json_option
@today_option
@common_options
def command(
    folder: Path,
    period: str | None,
    first: date | None,
    last: date | None,
    xlsx: Path | None,
    report: Path | None,
    as_json: bool,
    today: date | None,
    profile_path: Path | None,
    templates_path: Path | None,
) -> int:
    """考核数据：一段时间内新收、按期答复、化解、重复访和办理天数，按承办人、主办院领导、团队经办人分列，并与上期比较。

    默认统计今年到今天。每项数据怎样计算，输出里写明；计入哪些案件，--json 和 --xlsx 逐件列出。只读各案的 case.json。
    """
    from bundler.case.find_case_folders import find_cases
    from bundler.ledger.case_deadlines import case_statuses
    from bundler.reports.period_figures import compute_period_figures, facts_of

    day = today or today_in_shanghai()
    if not folder.is_dir():
        raise UsageError(f"“{folder}”不是文件夹。", fix="请给出放案件的文件夹。")
    chosen = period_from(period, first, last, day)
    profile = profile_from(profile_path)
    statuses = list(case_statuses(find_cases(folder), today=day, profile=profile))
    read = [(status, status.case) for status in statuses if status.case is not None]
    for status in statuses:
        if status.case is None:
            print_message(f"读不了：{status.folder}　{status.fault}")
    if not read:
        raise CaseUnreadableError(f"“{folder}”里没有可以读的案件。", fix="案件文件夹里要有 case.json。")
    facts = [facts_of(case, status.folder.relative_to(folder).as_posix(), status.deadlines) for status, case in read]
    figures = compute_period_figures(facts, chosen, day, profile.regulation)
    if xlsx is not None:
        from bundler.atomic_write import write_atomic
        from bundler.reports.period_sheets import period_workbook

        write_atomic(xlsx, period_workbook(figures))
        print_message(f"已写入：{xlsx}")
    if report is not None:
        _write_report(report, figures, profile, templates_path)
    if as_json:
        print_json(figures.as_json())
    else:
        print_result("\n".join(_lines(figures)))
    return ExitCode.OK if len(read) == len(statuses) else ExitCode.INCOMPLETE


def _write_report(target: Path, figures: PeriodFigures, profile: Profile, templates: Path | None) -> None:
    from bundler.api.arguments import templates_folder
    from bundler.atomic_write import write_atomic
    from bundler.documents.drafting import fill_period_report
    from bundler.reports.period_report_view import build_period_report_view

    view = build_period_report_view(figures, profile)
    write_atomic(target, fill_period_report(view, templates_folder(templates, ["period_report"])))
    print_message(f"已写入：{target}")


def _lines(figures: PeriodFigures) -> Iterator[str]:
    from bundler.reports.period_figures import GROUPS
    from bundler.reports.period_sheets import LABELS, NAMELESS, change_of, unit_of

    yield f"考核数据（{figures.article}）　{figures.period.label}　上期：{figures.period.previous.label}　统计日：{figures.today}"
    for name, formula in figures.formulas.items():
        now, before = (_shown(one.value(name)) for one in (figures.total.now, figures.total.before))
        change = change_of(figures.total, name)
        points = " 个百分点" if unit_of(name) == "%" else ""
        compared = f"（上期 {before}" + (f"，{change:+g}{points}）" if change else "）")
        yield f"  {LABELS[name]} {now} {unit_of(name) if now != '—' else ''}{compared}　{formula}"
    for key, title in GROUPS.items():
        yield ""
        yield f"按{title}"
        yield from (_group_line(group, NAMELESS[key]) for group in figures.groups[key])


def _group_line(group: GroupFigures, nameless: str) -> str:
    from bundler.reports.period_figures import LISTS
    from bundler.reports.period_sheets import LABELS, unit_of

    counts = "　".join(f"{label} {group.now.count(name)}" for name, label in LISTS.items())
    rates = "　".join(
        f"{LABELS[name]} {_shown(value)}{unit_of(name) if value is not None else ''}"
        for name, value in group.now.rates.items()
    )
    return f"  {group.name or nameless}　{counts}　{rates}"


def _shown(value: float | None) -> str:
    return "—" if value is None else f"{value:g}"
