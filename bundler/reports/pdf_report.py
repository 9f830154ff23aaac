"""report.pdf: the same figures to read, with charts; its words stand in ``templates/pages/report.html``."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from bundler.case.identifiers import masked
from bundler.documents.views.case_view import Rule, build_rule_view
from bundler.documents.views.plain_language import to_plain_language
from bundler.fonts.coverage import find_missing_glyphs
from bundler.gate.check_result import Status
from bundler.ledger.case_status import handler_of, petitioners_of
from bundler.pages.html_templates import fill_page, read_page_style
from bundler.profile import Profile
from bundler.reports.case_result import CaseResult, Removed
from bundler.reports.excel_report import STATUS, list_summary_rows
from bundler.reports.statistics import LimitStatistics, Statistics
from bundler.text import map_strings, unsafe_characters
from bundler.typeset.typesetter import Typesetter


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """A figure of the summary."""

    label: Annotated[str, "项目"]
    value: Annotated[str, "数值"]
    note: Annotated[str, "说明"]


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a chart, in one or two parts; lengths in tenths of a millimetre."""

    label: Annotated[str, "名称"]
    good: Annotated[int, "第一段长度"]
    bad: Annotated[int, "第二段长度"]
    text: Annotated[str, "数字"]
    line: Annotated[bool, "上面画期限线：从这一条起超过期限"]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of lying bars."""

    title: Annotated[str, "标题"]
    note: Annotated[str, "说明"]
    good: Annotated[str, "第一段的图例"]
    bad: Annotated[str | None, "第二段的图例"]
    bars: Annotated[tuple[Bar, ...], "各条"]


@dataclass(frozen=True, slots=True)
class OfficerLine:
    """An officer in charge (Art. 17)."""

    name: Annotated[str, "案件承办人"]
    cases: Annotated[int, "案件数"]
    bundled: Annotated[int, "成卷"]
    returned: Annotated[int, "退回补正"]
    replied: Annotated[int, "已答复"]
    late_interviews: Annotated[int, "约谈超期"]
    late_replies: Annotated[int, "答复超期"]
    average_reply: Annotated[str, "答复平均工作日"]


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case of the list."""

    number: Annotated[str, "登记号或者文件夹名"]
    petitioners: Annotated[str, "信访人"]
    kind: Annotated[Literal["归档", "核销", "不予受理归档"], "类别"]
    status: Annotated[Literal["成卷", "退回补正"], "结果"]
    handler: Annotated[str, "承办人"]
    received_on: Annotated[date | None, "收到日期"]
    overdue: Annotated[int, "最多超期天数"]
    pages: Annotated[int, "页数"]
    faults: Annotated[str, "缺少的材料和其他问题"]


@dataclass(frozen=True, slots=True)
class RemovedLine:
    """An output moved aside."""

    file: Annotated[str, "文件"]
    case: Annotated[str, "原案件文件夹"]


@dataclass(frozen=True, slots=True)
class ReportView:
    """The names that ``templates/pages/report.html`` may use."""

    court: Annotated[str, "法院名称"]
    rule: Annotated[Rule, "规定"]
    today: Annotated[date, "检查日期"]
    total: Annotated[int, "案件总数"]
    bundled: Annotated[int, "成卷"]
    returned: Annotated[int, "退回补正"]
    submitted: Annotated[int, "报请核销"]
    summary: Annotated[tuple[SummaryLine, ...], "汇总"]
    charts: Annotated[tuple[Chart, ...], "图"]
    officers: Annotated[tuple[OfficerLine, ...], "承办人"]
    cases: Annotated[tuple[CaseLine, ...], "案件"]
    removed: Annotated[tuple[RemovedLine, ...], "移出的旧卷"]


TITLE = "执行申诉信访案件汇总报告"

_LENGTH = 760
"""Of the longest bar, in tenths of a millimetre."""
_MOST_BARS = 20
_MOST_FAULTS = 4


def render_report_pdf(view: ReportView, templates: Path) -> bytes:
    """The file; the same view gives the same bytes.

    Raises:
        TemplateError: the template is broken.
    """
    html = fill_page(templates, "report", map_strings(view, _show_codes))
    setter = Typesetter()
    setter.set_pages({"report": html}, read_page_style(templates))
    return setter.write(["report"], f"{view.court}{TITLE}", hashlib.sha256(html.encode()).digest()[:16], view.today)[0]


def build_report_view(  # noqa: PLR0913 (a report is made of what it tells)
    results: Sequence[CaseResult],
    removed: Sequence[Removed],
    figures: Statistics,
    *,
    submitted: int,
    profile: Profile,
    today: date,
) -> ReportView:
    """What the page prints."""
    return ReportView(
        court=profile.court_name,
        rule=build_rule_view(profile),
        today=today,
        total=figures.total,
        bundled=figures.bundled,
        returned=figures.returned,
        submitted=submitted,
        summary=tuple(
            SummaryLine(label, "—" if value is None else str(value), note)
            for label, value, note in list_summary_rows(figures)
        ),
        charts=tuple(_charts(figures)),
        officers=tuple(_officers(figures)),
        cases=tuple(map(_case, results)),
        removed=tuple(RemovedLine(one.file, masked(one.case or "不详")) for one in removed),
    )


def _show_codes(text: str) -> str:
    """The text with every character that cannot be printed shown as its code; a returned case may hold any."""
    bad = unsafe_characters(text) | set(find_missing_glyphs(text))

    return "".join(f"〔U+{ord(c):04X}〕" if c in bad else c for c in text) if bad else text


def _charts(figures: Statistics) -> Iterable[Chart]:
    kinds = [(kind.label, kind.bundled, kind.returned) for kind in figures.kinds if kind.total]
    yield _chart("成卷与退回补正", "按类别", ("成卷", "退回补正"), kinds)
    missing = [(one.label, one.cases, 0) for one in figures.missing]
    yield _chart("缺少的材料", "缺这一项的案件数，多的在前", ("案件数", None), missing)
    for limit in figures.limits:
        yield _limit_chart(limit)
    officers = [(one.name, one.bundled, one.returned) for one in figures.officers]
    yield _chart("案件承办人", "各承办人的案件数，多的在前", ("成卷", "退回补正"), officers)


def _chart(title: str, note: str, legend: tuple[str, str | None], rows: Sequence[tuple[str, int, int]]) -> Chart:
    shown = rows[:_MOST_BARS]
    more = f"；其余 {len(rows) - len(shown)} 项见 report.xlsx" if len(rows) > len(shown) else ""
    longest = max((good + bad for _, good, bad in shown), default=1) or 1
    bars = tuple(
        Bar(label, _length(good, longest), _length(bad, longest), _numbers(good, bad, legend[1]), line=False)
        for label, good, bad in shown
    )
    return Chart(title, note + more, *legend, bars)


def _length(value: int, longest: int) -> int:
    return round(_LENGTH * value / longest)


def _numbers(good: int, bad: int, second: str | None) -> str:
    return str(good) if second is None else f"{good}／{bad}"


def _limit_chart(limit: LimitStatistics) -> Chart:
    """Days taken against the limit, and those still open below."""
    rows = [(span.label, span.within, span.late) for span in limit.spans]
    rows.append(("尚未办理", limit.open_within, limit.open_late))
    average = f"，平均 {limit.average} 日" if limit.average is not None else ""
    chart = _chart(
        f"{limit.label}用时（{limit.limit}）",
        f"虚线以下超过期限天数，遇节假日顺延的仍为按期{average}",
        ("按期", "超期"),
        rows,
    )
    first = next((place for place, span in enumerate(limit.spans) if span.low > limit.days), None)
    return replace(chart, bars=tuple(replace(bar, line=place == first) for place, bar in enumerate(chart.bars)))


def _officers(figures: Statistics) -> Iterable[OfficerLine]:
    for one in figures.officers:
        average = "—" if one.average_reply is None else str(one.average_reply)
        counts = (one.cases, one.bundled, one.returned, one.replied, one.late_interviews, one.late_replies)
        yield OfficerLine(one.name, *counts, average)


def _case(result: CaseResult) -> CaseLine:
    case = result.case
    return CaseLine(
        number=result.registration_no or Path(result.output).stem,
        petitioners=masked(petitioners_of(case)) if case else "",
        kind=result.kind.label,  # type: ignore[arg-type]  # the kinds' three labels
        status=STATUS[result.status],  # type: ignore[arg-type]  # the two results
        handler=masked(handler_of(case)) if case else "",
        received_on=case.registration.received_on if case else None,
        overdue=max((one.overdue_days for one in result.deadlines), default=0),
        pages=result.pages,
        faults=_faults(result),
    )


def _faults(result: CaseResult) -> str:
    """What was missing, then what else was wrong, in few words."""
    lacking = {line.item: line.label for line in result.checklist if line.status is Status.MISSING}
    others = [to_plain_language(found.message).rstrip("。") for found in result.errors if found.item not in lacking]
    told = [*(f"缺{label}" for label in lacking.values()), *dict.fromkeys(others)]
    more = f"等 {len(told)} 项" if len(told) > _MOST_FAULTS else ""
    return "；".join(told[:_MOST_FAULTS]) + more
