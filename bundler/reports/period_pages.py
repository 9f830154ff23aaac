"""The page of report.pdf with the figures of Art. 17: the records that ``templates/pages/report.html`` prints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from bundler.reports.period_figures import GROUPS, LISTS, CaseFacts, GroupFigures, PeriodFigures
from bundler.reports.period_sheets import LABELS, NAMELESS, change_of, unit_of

_COLUMNS = (
    *("taken_in", "answered", "in_time", "late", "overdue", "in_time_rate"),
    *("settled", "settled_rate", "repeated", "repeated_rate", "average_days"),
    *("reported", "written_off"),
)
"""The figures in the tables of officers."""
_HEADINGS = {
    "in_time": ("按期", "答复"),
    "late": ("超期", "答复"),
    "overdue": ("期末", "超期", "未答复"),
    "in_time_rate": ("按期", "答复率"),
    "repeated_rate": ("重复", "访率"),
    "average_days": ("平均", "办理", "天数"),
    "reported": ("上报", "核销"),
}
"""The lines of a heading that is longer than its narrow column; it breaks between words."""


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A figure of the whole court."""

    label: Annotated[str, "指标"]
    now: Annotated[str, "本期"]
    before: Annotated[str, "上期"]
    change: Annotated[str, "增减"]
    formula: Annotated[str, "怎样计算"]


@dataclass(frozen=True, slots=True)
class OfficerFigures:
    """The figures of one officer, in the order of the columns."""

    name: Annotated[str, "姓名"]
    values: Annotated[tuple[str, ...], "各项数据"]
    before: Annotated[str, "上期"]


@dataclass(frozen=True, slots=True)
class OfficerTable:
    """The table of the officers of one function."""

    title: Annotated[str, "按谁统计"]
    rows: Annotated[tuple[OfficerFigures, ...], "各人"]


@dataclass(frozen=True, slots=True)
class CountedCase:
    """A case with the figures that count it."""

    number: Annotated[str, "登记号或者文件夹"]
    handler: Annotated[str, "案件承办人"]
    leader: Annotated[str, "主办院领导"]
    team: Annotated[str, "执行信访团队经办人"]
    received_on: Annotated[date | None, "收到日期"]
    due_on: Annotated[date | None, "答复期限"]
    answered_on: Annotated[date | None, "答复日期"]
    days: Annotated[str, "办理天数"]
    settled_on: Annotated[date | None, "化解日期"]
    counted_as: Annotated[str, "计入的指标"]


@dataclass(frozen=True, slots=True)
class PeriodPages:
    """The names of the part about Art. 17."""

    label: Annotated[str, "统计期间"]
    previous: Annotated[str, "上期"]
    columns: Annotated[tuple[tuple[str, ...], ...], "各项数据的名称，按词分行"]
    court: Annotated[tuple[FigureLine, ...], "全院"]
    tables: Annotated[tuple[OfficerTable, ...], "按承办人、主办院领导、团队经办人"]
    cases: Annotated[tuple[CountedCase, ...], "计入的案件"]


def build_period_pages(figures: PeriodFigures) -> PeriodPages:
    """Build the view of the part about Art. 17."""
    return PeriodPages(
        label=figures.period.label,
        previous=figures.period.previous.label,
        columns=tuple(_HEADINGS.get(name, (LABELS[name],)) for name in _COLUMNS),
        court=tuple(_build_line(figures.total, name, formula) for name, formula in figures.formulas.items()),
        tables=tuple(
            OfficerTable(f"按{title}", tuple(_build_officer(group, NAMELESS[key]) for group in figures.groups[key]))
            for key, title in GROUPS.items()
        ),
        cases=tuple(_build_case(case, figures) for case in figures.counted),
    )


def _build_line(total: GroupFigures, name: str, formula: str) -> FigureLine:
    change = change_of(total, name)
    return FigureLine(
        label=LABELS[name],
        now=show(total.now.value(name), name),
        before=show(total.before.value(name), name),
        change="—" if change is None else f"{change:+g}" if change else "持平",
        formula=formula,
    )


def _build_officer(group: GroupFigures, nameless: str) -> OfficerFigures:
    compared = ("taken_in", "in_time_rate", "settled_rate", "repeated_rate")
    before = "，".join(f"{LABELS[name]} {show(group.before.value(name), name)}" for name in compared)
    return OfficerFigures(
        name=group.name or nameless,
        values=tuple(show(group.now.value(name), name) for name in _COLUMNS),
        before=before,
    )


def _build_case(case: CaseFacts, figures: PeriodFigures) -> CountedCase:
    counted = [label for name, label in LISTS.items() if any(one is case for one in figures.total.now.lists[name])]
    return CountedCase(
        number=case.name,
        handler=case.officers["handler"],
        leader=case.officers["leader"],
        team=case.officers["team"],
        received_on=case.received_on,
        due_on=case.due_on,
        answered_on=case.answered_on,
        days="" if case.days is None else str(case.days),
        settled_on=case.settled_on,
        counted_as="、".join(counted),
    )


def show(value: float | None, name: str) -> str:
    """A figure with its sign of percent; a dash where there is nothing to divide by."""
    return "—" if value is None else f"{value:g}{'%' if unit_of(name) == '%' else ''}"
