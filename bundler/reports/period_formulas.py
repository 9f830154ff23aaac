"""The formulas of the figures of Art. 17: each is counted from the ticks in the sheet of cases, which anyone can follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bundler.reports.period_figures import GROUPS, LISTS
from bundler.xlsx_writer.sheets import FIRST_ROW

CASE_SHEET, TICK = "考核-案件", "√"
"""The sheet of cases, and the mark at the lists that count a case."""
_RATES = {"in_time_rate": ("in_time", "answered", "overdue"), "settled_rate": ("settled", "answered")}
_RATES["repeated_rate"] = ("repeated", "taken_in")
"""The list above the line of each rate, and those whose sum is below it."""
_AVERAGES = {"average_days": "days", "average_working_days": "working_days"}


@dataclass(frozen=True, slots=True)
class CaseRanges:
    """Where the sheet of cases has what the formulas count.

    Attributes:
        columns: the letters of its columns, by the keys of `GROUPS` and `LISTS`, ``days`` and ``working_days``.
        last_row: its last row.
    """

    columns: Mapping[str, str]
    last_row: int

    def __getitem__(self, name: str) -> str:
        letters = self.columns[name]
        return f"'{CASE_SHEET}'!${letters}${FIRST_ROW}:${letters}${max(self.last_row, FIRST_ROW)}"


def court_formula(name: str, ranges: CaseRanges, cells: Mapping[str, str]) -> str:
    """The formula of a figure of the whole court.

    Args:
        name: the figure's name in `FORMULAS`.
        ranges: the sheet of cases.
        cells: the cell of each figure beside which this one stands.
    """
    if name in LISTS:
        return f'COUNTIF({ranges[name]},"{TICK}")'
    if name in _RATES:
        return _rate(name, cells)
    days = ranges[_AVERAGES[name]]
    return f'IFERROR(ROUND(AVERAGEIF({ranges["answered"]},"{TICK}",{days}),1),"")'


def officer_formula(name: str, group: str, ranges: CaseRanges, cells: Mapping[str, str], officer: str) -> str:
    """The formula of a figure of one officer.

    A name is compared exactly: in a condition of COUNTIFS some characters have a meaning of their own.

    Args:
        name: the figure's name in `FORMULAS`.
        group: the officer's key in `GROUPS`.
        ranges: the sheet of cases.
        cells: the cell of each figure in the officer's row.
        officer: the cell with the officer's name; ``""`` for the cases without one.
    """
    assert group in GROUPS  # noqa: S101 (the keys of the sheets)
    own = f"EXACT({ranges[group]},{officer})"
    if name in LISTS:
        return f'SUMPRODUCT({own}*({ranges[name]}="{TICK}"))'
    if name in _RATES:
        return _rate(name, cells)
    days = ranges[_AVERAGES[name]]
    counted = f'{own}*({ranges["answered"]}="{TICK}")*ISNUMBER({days})'
    return f'IFERROR(ROUND(SUMPRODUCT({counted},{days})/SUMPRODUCT({counted}),1),"")'


def change_formula(now: str, before: str) -> str:
    """The change of a figure between two cells; empty where one of them has no value."""
    return f'IF(OR({now}="",{before}=""),"",ROUND({now}-{before},1))'


def _rate(name: str, cells: Mapping[str, str]) -> str:
    above, *below = (cells[one] for one in _RATES[name])
    whole = "+".join(below)
    return f'IF({whole}=0,"",ROUND(100*{above}/({whole}),1))'
