"""The sheets of the figures of Art. 17: the whole court, each officer, and the cases that each figure counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bundler.reports.period_figures import (
    FORMULAS,
    GROUPS,
    LISTS,
    RATES,
    CaseFacts,
    Figures,
    GroupFigures,
    PeriodFigures,
)
from bundler.reports.period_formulas import (
    CASE_SHEET,
    TICK,
    CaseRanges,
    change_formula,
    court_formula,
    officer_formula,
)
from bundler.xlsx_writer.sheets import (
    FIRST_ROW,
    CellValue,
    Chart,
    Column,
    Formula,
    RowColour,
    RowTone,
    Sheet,
    column_letters,
    list_charts,
)
from bundler.xlsx_writer.workbook import build_workbook

TITLE = "执行申诉信访工作考核数据"
_COURT_SHEET = "考核-全院"
_SHEETS = {"handler": "考核-承办人", "leader": "考核-院领导", "team": "考核-团队"}
NAMELESS = {"handler": "（未填承办人）", "leader": "（未填主办院领导）", "team": "（未填团队经办人）"}
LABELS = {**LISTS, **RATES}
_PERCENT = "（%）"
_NAMED_CASES = 4
_NO_UPPER_LIMIT = 100_000
_DRAWN_OFFICERS = 20
"""Officers that a chart shows; those with the most cases stand first."""


def unit_of(name: str) -> str:
    """What a figure counts: 件, %, 日 or 个工作日."""
    if name in LISTS:
        return "件"
    return {"average_days": "日", "average_working_days": "个工作日"}.get(name, "%")


def period_workbook(figures: PeriodFigures) -> bytes:
    """The workbook of the figures, each a formula over the ticks in its sheet of cases."""
    charts = list_charts(_head(figures, f"{TITLE}图表"), list(period_charts(figures)))
    return build_workbook([*period_sheets(figures, has_formulas=True), charts], TITLE)


def period_sheets(figures: PeriodFigures, *, has_formulas: bool = False) -> Iterable[Sheet]:
    """The sheets: the court, one for each of `GROUPS`, and the cases.

    Args:
        figures: the figures.
        has_formulas: whether figures of the period are formulas. In a report that is sent up they are numbers, which no
            later edit changes.
    """
    ranges = CaseRanges(_CASE_LETTERS, FIRST_ROW - 1 + len(figures.counted)) if has_formulas else None
    yield _court_sheet(figures, ranges)
    for key, title in GROUPS.items():
        yield _group_sheet(figures, key, title, ranges)
    yield _case_sheet(figures)


def _head(figures: PeriodFigures, what: str) -> str:
    return f"{what}（{figures.article}，{figures.period.label}，统计日 {figures.today}）"


def _court_sheet(figures: PeriodFigures, ranges: CaseRanges | None) -> Sheet:
    columns = (
        Column("指标", 16),
        Column("本期", 9),
        Column("上期", 9),
        Column("增减", 9),
        Column("单位", 9),
        Column("怎样计算", 58),
        Column("计入的案件", 28),
    )
    total = figures.total
    cells = {name: f"B{row}" for row, name in enumerate(FORMULAS, start=FIRST_ROW)}
    rows: list[tuple[CellValue, ...]] = []
    for row, (name, formula) in enumerate(figures.formulas.items(), start=FIRST_ROW):
        now, before = total.now.value(name), total.before.value(name)
        change = change_of(total, name)
        counted: tuple[CellValue, CellValue, CellValue] = (now, before, change)
        if ranges is not None:
            own = Formula(court_formula(name, ranges, cells), now)
            counted = (own, before, Formula(change_formula(f"B{row}", f"C{row}"), change))
        told = f"见“{CASE_SHEET}”表“{LISTS[name]}”列打勾的" if name in LISTS else None
        rows.append((LABELS[name], *counted, unit_of(name), formula, told))
    heading = f"{_head(figures, TITLE)}，上期：{figures.period.previous.label}"
    return Sheet(_COURT_SHEET, heading, columns, rows)


def change_of(group: GroupFigures, name: str) -> float | None:
    """The change of a figure against the period before; None where one of the two has no value."""
    now, before = group.now.value(name), group.before.value(name)
    return None if now is None or before is None else round(now - before, 1)


def _group_sheet(figures: PeriodFigures, key: str, title: str, ranges: CaseRanges | None) -> Sheet:
    counted = [Column(label, 5) for label in LISTS.values()]
    shared = [Column(label + (_PERCENT if unit_of(name) == "%" else ""), 8) for name, label in RATES.items()]
    before = [Column(f"上期{label}", 8) for label in ("新收", "按期答复率（%）", "化解率（%）", "重复访率（%）")]
    columns = (Column(title, 12), *counted, *shared, *before, Column("还没有答复的超期案件", 15))
    rows = [_group_row(group, key, ranges, number) for number, group in enumerate(figures.groups[key], start=FIRST_ROW)]
    places = {name: 1 + place for place, name in enumerate(LISTS)}
    red = RowColour(places["overdue"], 1, _NO_UPPER_LIMIT, RowTone.LATE)
    return Sheet(_SHEETS[key], _head(figures, f"按{title}"), columns, rows, (red,), kept=1)


def period_charts(figures: PeriodFigures) -> Iterable[Chart]:
    """The charts of the sheets: the court against the period before, and the replies and delays of each officer."""
    yield Chart(f"全院：{figures.period.label}与上期比较（件）", _COURT_SHEET, 0, (1, 2), len(LISTS))
    for key, title in GROUPS.items():
        drawn = tuple(1 + list(LISTS).index(name) for name in ("in_time", "late", "overdue"))
        rows = min(len(figures.groups[key]), _DRAWN_OFFICERS)
        yield Chart(f"按{title}：答复与超期（件）", _SHEETS[key], 0, drawn, rows, is_stacked=True)


def _group_row(group: GroupFigures, key: str, ranges: CaseRanges | None, row: int) -> tuple[CellValue, ...]:
    before = [group.before.value(name) for name in ("taken_in", "in_time_rate", "settled_rate", "repeated_rate")]
    names = (*LISTS, *RATES)
    cells = {name: f"{column_letters(place)}{row}" for place, name in enumerate(names, start=1)}
    values: list[CellValue] = [group.now.value(name) for name in names]
    if ranges is not None:
        officer = f"$A{row}" if group.name else '""'
        values = [Formula(officer_formula(name, key, ranges, cells, officer), group.now.value(name)) for name in names]
    return (group.name or NAMELESS[key], *values, *before, _name_overdue(group.now))


def _name_overdue(figures: Figures) -> str | None:
    """The first of the overdue cases beside an officer's figures; the sheet of cases has them all."""
    cases = figures.lists["overdue"]
    named = "、".join(case.name for case in cases[:_NAMED_CASES])
    more = f"等 {len(cases)} 件，见“{CASE_SHEET}”表" if len(cases) > _NAMED_CASES else ""
    return named + more or None


def name_cases(figures: Figures, lists: Sequence[str]) -> str:
    """The cases of some lists: 超期答复：0042、0043；重复访：0044; empty where they have none."""
    parts = [(LISTS[name], [case.name for case in figures.lists[name]]) for name in lists]
    return "；".join(f"{label}：{'、'.join(names)}" for label, names in parts if names)


def _case_sheet(figures: PeriodFigures) -> Sheet:
    rows = [_case_row(number, case, figures.total.now) for number, case in enumerate(figures.counted, start=1)]
    return Sheet(CASE_SHEET, _head(figures, "计入各项数据的案件"), tuple(_CASE_COLUMNS.values()), rows)


_CASE_COLUMNS = {
    "number": Column("序号", 5),
    "name": Column("登记号", 18),
    **{key: Column(title, 8) for key, title in GROUPS.items()},
    "received_on": Column("收到日期", 11),
    "due_on": Column("答复期限", 11),
    "answered_on": Column("答复日期", 11),
    "days": Column("办理天数", 6),
    "working_days": Column("工作日数", 6),
    "settled_on": Column("化解日期", 11),
    **{name: Column(label, 4) for name, label in LISTS.items()},
    "folder": Column("文件夹", 26),
}
"""The columns of the sheet of cases, by the names that formulas know them by."""
_CASE_LETTERS = {name: column_letters(place) for place, name in enumerate(_CASE_COLUMNS)}


def _case_row(number: int, case: CaseFacts, figures: Figures) -> tuple[CellValue, ...]:
    return (
        number,
        case.name,
        *(case.officers[key] or None for key in GROUPS),
        case.received_on,
        case.due_on,
        case.answered_on,
        case.days,
        case.working_days,
        case.settled_on,
        *(TICK if any(one is case for one in figures.lists[name]) else None for name in LISTS),
        case.folder,
    )
