"""The view of the report on a month, a quarter or a year (工作情况的通报; Art. 17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from bundler.documents.views.case_view import Court, Rule
from bundler.documents.views.record_fields import AT_LEAST_ONE


@dataclass(frozen=True, slots=True)
class PeriodCounts:
    """The figures of a period; a rate or an average is missing where there is nothing to divide by."""

    taken_in: Annotated[int, "新收件数"]
    answered: Annotated[int, "答复件数"]
    in_time: Annotated[int, "按期答复件数"]
    late: Annotated[int, "超期答复件数"]
    overdue: Annotated[int, "期末超期未答复件数"]
    settled: Annotated[int, "化解件数"]
    repeated: Annotated[int, "重复访件数"]
    reported: Annotated[int, "上报核销件数"]
    written_off: Annotated[int, "核销件数"]
    in_time_rate: Annotated[str | None, "按期答复率，带百分号"]
    settled_rate: Annotated[str | None, "化解率，带百分号"]
    repeated_rate: Annotated[str | None, "重复访率，带百分号"]
    average_days: Annotated[str | None, "平均办理天数"]
    average_working_days: Annotated[str | None, "平均办理工作日"]


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """The figures of one officer."""

    name: Annotated[str, "姓名"]
    counts: Annotated[PeriodCounts, "本期数据"]


@dataclass(frozen=True, slots=True)
class PeriodTable:
    """The figures of the officers of one function."""

    title: Annotated[str, "按谁统计"]
    rows: Annotated[tuple[PeriodRow, ...], "各人", AT_LEAST_ONE]


@dataclass(frozen=True, slots=True)
class OverdueCase:
    """A case whose reply was overdue at the end of the period."""

    number: Annotated[str, "登记号或者文件夹"]
    handler: Annotated[str | None, "案件承办人"]
    due_on: Annotated[date | None, "答复期限"]


@dataclass(frozen=True, slots=True)
class HandlerCount:
    """How many cases of one kind a handler has."""

    name: Annotated[str, "案件承办人"]
    count: Annotated[int, "件数"]


@dataclass(frozen=True, slots=True)
class Formula:
    """How a figure is counted."""

    label: Annotated[str, "指标"]
    text: Annotated[str, "怎样计算"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodReportView:
    """The names that the template of the report may use."""

    court: Annotated[Court, "本院"]
    rule: Annotated[Rule, "规定"]
    period: Annotated[str, "统计期间，如“2021年第四季度”"]
    previous: Annotated[str, "上期"]
    counted_on: Annotated[date, "统计日"]
    now: Annotated[PeriodCounts, "本期数据"]
    before: Annotated[PeriodCounts, "上期数据"]
    tables: Annotated[tuple[PeriodTable, ...], "各人的数据：承办人、主办院领导、团队经办人"]
    overdue_cases: Annotated[tuple[OverdueCase, ...], "期末超期未答复的案件"]
    late_handlers: Annotated[tuple[HandlerCount, ...], "超期答复的承办人"]
    repeated_handlers: Annotated[tuple[HandlerCount, ...], "有重复访的承办人"]
    formulas: Annotated[tuple[Formula, ...], "各项数据的计算方法"]
    date_style: Annotated[Literal["arabic", "hanzi"], "日期写法：阿拉伯数字、汉字"]
    seal_placeholder: Annotated[bool, "印“（院印）”占位"]
    cite_rule: Annotated[bool, "写出规定名称"]
