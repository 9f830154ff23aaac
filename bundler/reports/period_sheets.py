"""The sheets of the figures of Art. 17: the whole court, each officer, and the cases that each figure counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bundler.reports.period_figures import (
    GROUPS,
    LISTS,
    RATES,
    CaseFacts,
    Figures,
    GroupFigures,
    PeriodFigures,
)
from bundler.xlsx_writer import CellValue, Column, RowColour, RowTone, Sheet, build_workbook

TITLE = "执行申诉信访工作考核数据"
_SHEETS = {"handler": "考核-承办人", "leader": "考核-院领导", "team": "考核-团队"}
NAMELESS = {"handler": "（未填承办人）", "leader": "（未填主办院领导）", "team": "（未填团队经办人）"}
LABELS = {**LISTS, **RATES}
_PERCENT = "（%）"
_TOLD = ("overdue",)
"""The lists whose cases are named beside an officer's figures; the sheet of cases has them all."""
_NO_UPPER_LIMIT = 100_000


def unit_of(name: str) -> str:
    """What a figure counts: 件, %, 日 or 个工作日."""
    if name in LISTS:
        return "件"
    return {"average_days": "日", "average_working_days": "个工作日"}.get(name, "%")


def period_workbook(figures: PeriodFigures) -> bytes:
    """The workbook of the figures."""
    return build_workbook(list(period_sheets(figures)), TITLE)


def period_sheets(figures: PeriodFigures) -> Iterable[Sheet]:
    """The sheets: the court, one for each of `GROUPS`, and the cases."""
    yield _court_sheet(figures)
    for key, title in GROUPS.items():
        yield _group_sheet(figures, key, title)
    yield _case_sheet(figures)


def _head(figures: PeriodFigures, what: str) -> str:
    return f"{what}（{figures.article}，{figures.period.label}，统计日 {figures.today}）"


def _court_sheet(figures: PeriodFigures) -> Sheet:
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
    rows = [
        (
            LABELS[name],
            total.now.value(name),
            total.before.value(name),
            change_of(total, name),
            unit_of(name),
            formula,
            f"见“考核-案件”表“{LISTS[name]}”列打勾的" if name in LISTS else None,
        )
        for name, formula in figures.formulas.items()
    ]
    heading = f"{_head(figures, TITLE)}，上期：{figures.period.previous.label}"
    return Sheet("考核-全院", heading, columns, rows)


def change_of(group: GroupFigures, name: str) -> float | None:
    """The change of a figure against the period before; None where one of the two has no value."""
    now, before = group.now.value(name), group.before.value(name)
    return None if now is None or before is None else round(now - before, 1)


def _group_sheet(figures: PeriodFigures, key: str, title: str) -> Sheet:
    counted = [Column(label, 5) for label in LISTS.values()]
    shared = [Column(label + (_PERCENT if unit_of(name) == "%" else ""), 8) for name, label in RATES.items()]
    before = [Column(f"上期{label}", 8) for label in ("新收", "按期答复率（%）", "化解率（%）", "重复访率（%）")]
    columns = (Column(title, 12), *counted, *shared, *before, Column("还没有答复的超期案件", 15))
    rows = [_group_row(group, NAMELESS[key]) for group in figures.groups[key]]
    red = RowColour(1 + list(LISTS).index("overdue"), 1, _NO_UPPER_LIMIT, RowTone.LATE)
    return Sheet(_SHEETS[key], _head(figures, f"按{title}"), columns, rows, (red,), kept=1)


def _group_row(group: GroupFigures, nameless: str) -> tuple[CellValue, ...]:
    before = [group.before.value(name) for name in ("taken_in", "in_time_rate", "settled_rate", "repeated_rate")]
    values = [group.now.value(name) for name in (*LISTS, *RATES)]
    return (group.name or nameless, *values, *before, name_cases(group.now, _TOLD).partition("：")[2] or None)


def name_cases(figures: Figures, lists: Sequence[str]) -> str:
    """The cases of some lists: 超期答复：0042、0043；重复访：0044; empty where they have none."""
    parts = [(LISTS[name], [case.name for case in figures.lists[name]]) for name in lists]
    return "；".join(f"{label}：{'、'.join(names)}" for label, names in parts if names)


def _case_sheet(figures: PeriodFigures) -> Sheet:
    columns = (
        Column("序号", 5),
        Column("登记号", 16),
        *(Column(title, 8) for title in GROUPS.values()),
        Column("收到日期", 11),
        Column("答复期限", 11),
        Column("答复日期", 11),
        Column("办理天数", 6),
        Column("工作日数", 6),
        Column("化解日期", 11),
        *(Column(label, 4) for label in LISTS.values()),
        Column("文件夹", 12),
    )
    rows = [_case_row(number, case, figures.total.now) for number, case in enumerate(figures.counted, start=1)]
    return Sheet("考核-案件", _head(figures, "计入各项数据的案件"), columns, rows)


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
        *("√" if any(one is case for one in figures.lists[name]) else None for name in LISTS),
        case.folder,
    )
