"""report.pdf: the statistics with charts; its text is in ``templates/pages/report.html``."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from bundler.case.identifiers import masked
from bundler.cover_and_index.fill_page_template import fill_page, read_page_style
from bundler.documents.views.case_view import Rule, build_rule_view
from bundler.documents.views.rewording_for_outside_readers import to_plain_language
from bundler.fonts.coverage import find_missing_glyphs
from bundler.gate.check_result import ItemStatus
from bundler.ledger.case_deadlines import assigning_body_of, handler_of, petitioners_of
from bundler.printable_text import map_strings, unsafe_characters
from bundler.profile import Profile
from bundler.reports.batch_report_contents import BatchReport
from bundler.reports.batch_report_workbook import list_summary_rows, status_label
from bundler.reports.case_result import CaseResult
from bundler.reports.changes_since import KINDS
from bundler.reports.period_pages import PeriodPages, build_period_pages
from bundler.reports.sort_cases import by_urgency, is_finished, next_due, overdue_now, overdue_then
from bundler.reports.statistics import LimitStatistics, Statistics
from bundler.typeset.typesetter import Typesetter


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """A row of the summary."""

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
    is_over: Annotated[bool, "第二段是已经办完的，不用红色"]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of horizontal bars."""

    title: Annotated[str, "标题"]
    note: Annotated[str, "说明"]
    good: Annotated[str, "第一段的图例"]
    bad: Annotated[str | None, "第二段的图例：还要办的，红色"]
    over: Annotated[str | None, "第二段的图例：已经办完的"]
    bars: Annotated[tuple[Bar, ...], "各条"]


@dataclass(frozen=True, slots=True)
class OfficerLine:
    """A row of the table of officers in charge (Art. 17)."""

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
    """A row of the list of cases."""

    number: Annotated[str, "登记号或者文件夹名"]
    petitioners: Annotated[str, "信访人"]
    kind: Annotated[Literal["归档", "核销", "不予受理归档", "类别不明"], "类别"]
    status: Annotated[
        Literal["成卷", "成卷（待盖章）", "成卷（已上报）", "成卷（已核销）", "成卷（上级退回）", "退回补正", "在办"],
        "结果",
    ]
    handler: Annotated[str, "承办人"]
    assigned_by: Annotated[str, "交办机关和文号"]
    received_on: Annotated[date | None, "收到日期"]
    next_due: Annotated[date | None, "下一期限"]
    overdue: Annotated[int, "还没有办的事项最多超期天数"]
    was_overdue: Annotated[int, "已经办的事项最多超期天数"]
    pages: Annotated[int, "页数"]
    faults: Annotated[str, "缺少的材料和其他问题"]


@dataclass(frozen=True, slots=True)
class RemovedLine:
    """A row of the list of outputs that were moved to another folder."""

    file: Annotated[str, "文件"]
    case: Annotated[str, "原案件文件夹"]
    reason: Annotated[str, "移出的原因"]


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A kind of change since an earlier batch."""

    label: Annotated[str, "变化"]
    count: Annotated[int, "件数"]
    cases: Annotated[str, "案件"]


@dataclass(frozen=True, slots=True)
class ReportView:
    """The names that ``templates/pages/report.html`` may use."""

    court: Annotated[str, "法院名称"]
    rule: Annotated[Rule, "规定"]
    today: Annotated[date, "检查日期"]
    total: Annotated[int, "案件总数"]
    bundled: Annotated[int, "成卷"]
    returned: Annotated[int, "退回补正"]
    in_progress: Annotated[int, "在办"]
    unsealed: Annotated[int, "待盖章、暂不报送"]
    submitted: Annotated[int, "报请核销"]
    summary: Annotated[tuple[SummaryLine, ...], "汇总"]
    charts: Annotated[tuple[Chart, ...], "图"]
    officers: Annotated[tuple[OfficerLine, ...], "承办人"]
    period: Annotated[PeriodPages, "考核数据"]
    cases: Annotated[tuple[CaseLine, ...], "还有事要办的案件，急的在前"]
    finished: Annotated[tuple[CaseLine, ...], "已经办完的案件"]
    removed: Annotated[tuple[RemovedLine, ...], "移出的旧卷"]
    since: Annotated[date | None, "上次批处理的日期；以前没有的，没有这一项"]
    changes: Annotated[tuple[ChangeLine, ...], "与上次相比的变化"]


TITLE = "执行申诉信访案件汇总报告"

_MAX_BAR_LENGTH = 760
"""The length of the longest bar, in tenths of a millimetre."""
_MAX_BARS = 20
_MAX_ERRORS = 4


def render_report_pdf(view: ReportView, templates: Path) -> bytes:
    """Typeset the report; the same view gives the same bytes.

    Raises:
        TemplateError: the template is broken.
    """
    html = fill_page(templates, "report", map_strings(view, _show_codes))
    setter = Typesetter()
    setter.typeset_pages({"report": html}, read_page_style(templates))
    return setter.write(["report"], f"{view.court}{TITLE}", hashlib.sha256(html.encode()).digest()[:16], view.today)[0]


def build_report_view(report: BatchReport, profile: Profile) -> ReportView:
    """Build the view of the report.

    Args:
        report: what to tell.
        profile: the court.
    """
    statistics = report.statistics
    ordered = by_urgency(report.results)
    return ReportView(
        court=profile.court_name,
        rule=build_rule_view(profile),
        today=report.figures.today,
        total=statistics.total,
        bundled=statistics.bundled,
        returned=statistics.returned,
        in_progress=statistics.open,
        unsealed=statistics.unsealed,
        submitted=len(report.submitted),
        summary=tuple(
            SummaryLine(label, "—" if value is None else str(value), note)
            for label, value, note in list_summary_rows(statistics, profile.regulation)
        ),
        charts=tuple(_build_charts(statistics)),
        officers=tuple(_build_officer_lines(statistics)),
        period=build_period_pages(report.figures),
        cases=tuple(_build_case_line(result) for result in ordered if not is_finished(result)),
        finished=tuple(_build_case_line(result) for result in ordered if is_finished(result)),
        removed=tuple(
            RemovedLine(one.file, masked(one.case or "不详"), one.reason) for one in report.removed if one.is_bundle
        ),
        changes=tuple(
            ChangeLine(KINDS[kind], len(names), "、".join(names))
            for kind, names in report.changes.cases.items()
            if names
        ),
        since=report.changes.since,
    )


def _show_codes(text: str) -> str:
    """The text with every character that cannot be printed shown as its code; a returned case may hold any."""
    bad = unsafe_characters(text) | set(find_missing_glyphs(text))

    return "".join(f"〔U+{ord(c):04X}〕" if c in bad else c for c in text) if bad else text


def _build_charts(statistics: Statistics) -> Iterable[Chart]:
    kinds = [(kind.label, kind.bundled, kind.returned) for kind in statistics.kinds if kind.total]
    yield _build_chart("成卷与退回补正", "按类别", ("成卷", "退回补正"), kinds)
    missing = [(one.label, one.cases, 0) for one in statistics.missing]
    yield _build_chart("缺少的材料", "缺这一项的案件数，多的在前", ("案件数", None), missing)
    for limit in statistics.limits:
        yield _build_limit_chart(limit)
    officers = [(one.name, one.bundled, one.returned) for one in statistics.officers]
    yield _build_chart("案件承办人", "各承办人的案件数，多的在前", ("成卷", "退回补正"), officers)


def _build_chart(title: str, note: str, legend: tuple[str, str | None], rows: Sequence[tuple[str, int, int]]) -> Chart:
    shown = rows[:_MAX_BARS]
    more = f"；其余 {len(rows) - len(shown)} 项见 report.xlsx" if len(rows) > len(shown) else ""
    longest = max((good + bad for _, good, bad in shown), default=1) or 1
    bars = tuple(
        Bar(
            label,
            _bar_length(good, longest),
            _bar_length(bad, longest),
            _format_numbers(good, bad, legend[1]),
            line=False,
            is_over=False,
        )
        for label, good, bad in shown
    )
    return Chart(title, note + more, *legend, None, bars)


def _bar_length(value: int, longest: int) -> int:
    return round(_MAX_BAR_LENGTH * value / longest)


def _format_numbers(good: int, bad: int, second: str | None) -> str:
    return str(good) if second is None else f"{good}／{bad}"


def _build_limit_chart(limit: LimitStatistics) -> Chart:
    """A chart of the days taken, with a line at the limit; the last bar counts the cases not done yet."""
    rows = [(span.label, span.within, span.late) for span in limit.spans]
    rows.append(("尚未办理", limit.open_within, limit.open_late))
    unit = "个工作日" if limit.rule == "ART13-REPLY" else "日"
    average = f"，平均 {limit.average} {unit}" if limit.average is not None else ""
    chart = _build_chart(
        f"{limit.label}用时（{limit.limit}）",
        f"虚线以下超过期限天数，遇节假日顺延的仍为按期{average}",
        ("按期", "超期还没有办"),
        rows,
    )
    first = next((index for index, span in enumerate(limit.spans) if span.low > limit.days), None)
    bars = tuple(
        replace(bar, line=index == first, is_over=index < len(limit.spans)) for index, bar in enumerate(chart.bars)
    )
    return replace(chart, over="超期后办理", bars=bars)


def _build_officer_lines(statistics: Statistics) -> Iterable[OfficerLine]:
    for one in statistics.officers:
        average = "—" if one.average_reply is None else str(one.average_reply)
        counts = (one.cases, one.bundled, one.returned, one.replied, one.late_interviews, one.late_replies)
        yield OfficerLine(one.name, *counts, average)


def _build_case_line(result: CaseResult) -> CaseLine:
    case = result.case
    return CaseLine(
        number=result.registration_no or result.stem or Path(result.output).stem,
        petitioners=masked(petitioners_of(case)) if case else "",
        kind=result.kind_label,  # type: ignore[arg-type]  # the labels of the kinds
        status=status_label(result),  # type: ignore[arg-type]  # the labels of the results
        handler=masked(handler_of(case) if case else result.path_handler),
        assigned_by=masked("".join(assigning_body_of(case))) if case else "",
        received_on=case.registration.received_on if case else None,
        next_due=next_due(result),
        overdue=overdue_now(result),
        was_overdue=overdue_then(result),
        pages=result.pages,
        faults=_summarise_errors(result),
    )


def _summarise_errors(result: CaseResult) -> str:
    """Summarise the errors: missing papers, then the others."""
    missing = {line.item: line.label for line in result.checklist if line.status is ItemStatus.MISSING}
    others = [to_plain_language(found.message).rstrip("。") for found in result.errors if found.item not in missing]
    parts = [*(f"缺{label}" for label in missing.values()), *dict.fromkeys(others)]
    more = f"等 {len(parts)} 项" if len(parts) > _MAX_ERRORS else ""
    return "；".join(parts[:_MAX_ERRORS]) + more
