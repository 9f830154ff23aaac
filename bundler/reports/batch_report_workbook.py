"""report.xlsx: summary, all cases, the three ledgers (台账), missing papers, returned cases, statistics by officer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path, PurePosixPath

from bundler.case.identifiers import masked
from bundler.case.model import Case
from bundler.documents.views.rewording_for_outside_readers import to_plain_language
from bundler.gate.check_result import ItemStatus
from bundler.ledger.case_deadlines import case_numbers_of, case_status_of, handler_of, matter_of, petitioners_of
from bundler.ledger.export_ledgers import ASSIGNMENT_COLUMNS, assignment_cells, ledger_sheets
from bundler.regulation.model import Regulation
from bundler.reports.batch_report_contents import BatchReport
from bundler.reports.case_result import CaseResult, Removed
from bundler.reports.changes_since import KINDS, Changes
from bundler.reports.period_figures import PeriodFigures, percentage
from bundler.reports.period_sheets import period_charts, period_sheets
from bundler.reports.sort_cases import by_urgency, next_due, overdue_now, overdue_then
from bundler.reports.statistics import Statistics, find_deadline
from bundler.xlsx_writer.sheets import CellValue, Chart, Column, FileLink, RowColour, RowTone, Sheet, list_charts
from bundler.xlsx_writer.workbook import build_workbook

TITLE = "执行申诉信访案件汇总表"
STATUS = {"bundled": "成卷", "returned": "退回补正", "open": "在办"}
AWAITING_SEAL = "成卷（待盖章）"
_NO_UPPER_LIMIT = 100_000
_DRAWN_PAPERS, _DRAWN_OFFICERS = 15, 20
"""Papers and officers that a chart shows: the first ones, which have the most cases."""


def build_report_workbook(report: BatchReport, root: Path) -> bytes:
    """Build the workbook; identity numbers and phones are masked, links to files are relative to it.

    Args:
        report: what to tell.
        root: the folder of the batch.
    """
    results, statistics, today = report.results, report.statistics, report.figures.today
    standings = [
        case_status_of(root / result.folder, result.case, result.deadlines, today, report.regulation)
        for result in results
        if result.case
    ]
    sheets = [
        _build_summary_sheet(statistics, today, report.regulation),
        _build_cases_sheet(results, today),
        *ledger_sheets(standings, today),
        _build_missing_sheet(statistics, today),
        _build_returned_sheet(results, today, report.regulation),
        *_build_open_sheets(results, today),
        _build_officers_sheet(statistics, today),
        *period_sheets(report.figures),
        _build_charts(statistics, report.figures),
    ]
    if report.changes.since:
        sheets.insert(1, _build_changes_sheet(report.changes, today))
    old_bundles = [one for one in report.removed if one.is_bundle]
    if old_bundles:
        sheets.append(_build_removed_sheet(old_bundles, today))
    return build_workbook(sheets, TITLE)


def _build_changes_sheet(changes: Changes, today: date) -> Sheet:
    """What has changed since an earlier batch, one line for each case and kind of change."""
    columns = (Column("序号", 6), Column("变化", 20), Column("登记号（文件夹）", 40))
    found = [(KINDS[kind], name) for kind, names in changes.cases.items() for name in names]
    rows = [(number, *cells) for number, cells in enumerate(found, start=1)]
    return Sheet("与上次相比", f"与 {changes.since} 相比的变化（{today}）", columns, rows)


def _build_summary_sheet(statistics: Statistics, today: date, regulation: Regulation) -> Sheet:
    rows = list(list_summary_rows(statistics, regulation))
    columns = (Column("项目", 34), Column("数值", 14), Column("说明", 60))
    return Sheet("汇总", f"执行申诉信访案件汇总（{today}）", columns, rows)


def list_summary_rows(statistics: Statistics, regulation: Regulation) -> Iterator[tuple[str, CellValue, str]]:
    """List the statistics at the top of every report: name, value, and how it is counted."""
    yield "案件总数", statistics.total, "本批全部案件文件夹"
    yield (
        "成卷",
        statistics.bundled,
        (f"材料齐全，卷内编页号 {statistics.pages} 页，连同封面、目录、备考表共 {statistics.file_pages} 页"),
    )
    yield "退回补正", statistics.returned, "另有通知单，逐条写明缺什么"
    if statistics.open:
        yield "在办", statistics.open, "没有申请核销，期限未到，只缺还没有到期的材料"
    if statistics.unsealed:
        yield "待盖章", statistics.unsealed, "已经成卷的核销案件，有文书没有盖章件，暂不报送"
    if statistics.sent:
        yield "已上报、已核销", statistics.sent, "以前已经报送的核销案件，这次不再报送"
    for kind in statistics.kinds:
        yield (
            f"　{kind.label}",
            kind.total,
            f"成卷 {kind.bundled} 件，退回 {kind.returned} 件" + (f"，在办 {kind.open} 件" if kind.open else ""),
        )
    yield "读不出的案件", statistics.unread, "案件数据读不出，计入退回补正，不计入各类别"
    yield "受理", statistics.accepted, "已经决定受理的案件"
    yield "已答复", statistics.replied, "受理案件中，答复意见书已经送达或者交寄的"
    yield "办结率", percentage(statistics.replied, statistics.accepted), "已答复÷受理，百分比"
    for limit in statistics.limits:
        yield (
            f"{limit.label}（{limit.limit}）超期",
            limit.overdue,
            (
                f"按期 {limit.within} 件，超期办理 {limit.late} 件，"
                f"期限内待办 {limit.open_within} 件，超期未办 {limit.open_late} 件"
            ),
        )
    for name, count in statistics.ledgers:
        yield f"{name}台账", count, regulation.name_of("ledgers")


_CASE_COLUMNS = (
    Column("序号", 5),
    Column("登记号", 16),
    Column("类别", 8),
    Column("结果", 9),
    Column("信访人", 9),
    Column("反映的主要问题", 20),
    Column("承办人", 8),
    Column("主办院领导", 8),
    Column("下一期限", 11),
    Column("收到日期", 11),
    Column("超期未办天数", 6),
    Column("必须补正", 6),
    Column("缺少的材料", 27),
    Column("执行案号", 24),
    *ASSIGNMENT_COLUMNS,
    Column("转交日期", 11),
    Column("约谈日期", 11),
    Column("答复送达（交寄）日期", 12),
    Column("已办但曾超期天数", 8),
    Column("页数", 6),
    Column("文件夹", 18),
)
_TITLES = [column.title for column in _CASE_COLUMNS]


def _build_cases_sheet(results: Sequence[CaseResult], today: date) -> Sheet:
    """All cases, the urgent ones first. Red is for what is still overdue; what was done late is a number alone."""
    rows = [_build_case_row(number, result) for number, result in enumerate(by_urgency(results), start=1)]
    colours = (
        RowColour(_TITLES.index("超期未办天数"), 1, _NO_UPPER_LIMIT, RowTone.LATE),
        RowColour(_TITLES.index("必须补正"), 1, _NO_UPPER_LIMIT, RowTone.SOON),
    )
    return Sheet("全部案件", f"{TITLE}（{today}，急的在前）", _CASE_COLUMNS, rows, colours)


def _build_case_row(number: int, result: CaseResult) -> tuple[CellValue, ...]:
    missing = "、".join(line.label for line in result.checklist if line.status is ItemStatus.MISSING)
    petitioners, matter, case_numbers, handler, leader = _describe_case(result.case)
    received, *done = _list_dates(result)
    return (
        number,
        _link_output(result),
        result.kind_label,
        status_label(result),
        petitioners,
        matter,
        handler or masked(result.path_handler) or None,
        leader,
        next_due(result),
        received,
        overdue_now(result) or None,
        len(result.errors) or None,
        missing or None,
        case_numbers,
        *(assignment_cells(result.case) if result.case else (None, None)),
        *done,
        overdue_then(result) or None,
        result.pages or None,
        masked(result.folder),
    )


def _describe_case(case: Case | None) -> tuple[CellValue, ...]:
    if case is None:
        return (None,) * 5
    leader = (case.people.leader.name if case.people.leader else None) or ""
    texts = (petitioners_of(case), matter_of(case), case_numbers_of(case), handler_of(case), leader)
    return tuple(masked(text) or None for text in texts)


def _list_dates(result: CaseResult) -> tuple[CellValue, ...]:
    found = [find_deadline(result, rule) for rule in ("ART13-TRANSFER", "ART13-INTERVIEW", "ART13-REPLY")]
    received = result.case.registration.received_on if result.case else None
    return (received, *(one.done if one else None for one in found))


def _build_missing_sheet(statistics: Statistics, today: date) -> Sheet:
    columns = (
        Column("名次", 6),
        Column("依据", 16),
        Column("材料", 44),
        Column("缺少的案件数", 14),
        Column("占全部案件 %", 14),
    )
    rows = [
        (number, one.article, one.label, one.cases, percentage(one.cases, statistics.total))
        for number, one in enumerate(statistics.missing, start=1)
    ]
    return Sheet("缺件统计", f"缺件统计（{today}，缺得最多的在前）", columns, rows)


def _build_returned_sheet(results: Sequence[CaseResult], today: date, regulation: Regulation) -> Sheet:
    columns = (
        Column("登记号", 20),
        Column("承办人", 10),
        Column("依据", 16),
        Column("材料", 24),
        Column("问题", 50),
        Column("补正要求", 50),
        Column("规则", 18),
        Column("文件夹", 24),
        *ASSIGNMENT_COLUMNS,
    )
    rows = [row for result in results if result.status == "returned" for row in _build_error_rows(result, regulation)]
    return Sheet("退回补正", f"退回补正明细（{today}）", columns, rows)


def _build_open_sheets(results: Sequence[CaseResult], today: date) -> Iterator[Sheet]:
    """The cases in progress with their next limits, the earliest first; no sheet where there are none."""
    waiting = sorted(
        (limit.due, result.folder, limit, result) for result in results for limit in [result.next_limit] if limit
    )
    if not waiting:
        return
    columns = (
        Column("登记号", 20),
        Column("承办人", 10),
        Column("下一期限", 12),
        Column("应办事项", 28),
        Column("还缺的材料", 50),
        Column("文件夹", 24),
        *ASSIGNMENT_COLUMNS,
    )
    rows = [
        (
            _link_output(result),
            masked(handler_of(result.case)) if result.case else None,
            limit.due,
            limit.text,
            "、".join(line.label for line in result.checklist if line.status is ItemStatus.MISSING) or None,
            masked(result.folder),
            *(assignment_cells(result.case) if result.case else (None, None)),
        )
        for _, _, limit, result in waiting
    ]
    yield Sheet("在办", f"在办案件（{today}，先到期的在前）", columns, rows)


def _link_output(result: CaseResult) -> CellValue:
    """The registration number, linked to the output where there is one."""
    number = result.registration_no or result.stem or PurePosixPath(result.output).stem
    return FileLink(number, PurePosixPath(result.output)) if result.output else number


def status_label(result: CaseResult) -> str:
    """What the reports call the result of a case."""
    if result.went_up_before and result.submission:
        return f"成卷（{result.submission.label}）"
    return AWAITING_SEAL if result.awaiting_seal else STATUS[result.status]


def _build_error_rows(result: CaseResult, regulation: Regulation) -> Iterator[tuple[CellValue, ...]]:
    link = _link_output(result)
    handler = masked(handler_of(result.case) if result.case else result.path_handler)
    for found in result.errors:
        label = regulation.papers[found.item].label if found.item else None
        texts = (to_plain_language(found.message), to_plain_language(found.fix))
        assigned = assignment_cells(result.case) if result.case else (None, None)
        yield (link, handler or None, found.article, label, *texts, found.rule, masked(result.folder), *assigned)


def _build_officers_sheet(statistics: Statistics, today: date) -> Sheet:
    columns = (
        Column("案件承办人", 16),
        Column("案件数", 9),
        Column("成卷", 9),
        Column("退回补正", 9),
        Column("在办", 9),
        Column("已答复", 9),
        Column("约谈超期", 9),
        Column("答复超期", 9),
        Column("答复平均工作日", 16),
        Column("签署承诺", 9),
        Column("已核销", 9),
    )
    rows = [
        (
            one.name,
            one.cases,
            one.bundled,
            one.returned,
            one.open,
            one.replied,
            one.late_interviews,
            one.late_replies,
            one.average_reply,
            one.committed,
            one.written_off,
        )
        for one in statistics.officers
    ]
    return Sheet("承办人", f"本批案件按案件承办人统计（{today}）", columns, rows)


def _build_charts(statistics: Statistics, figures: PeriodFigures) -> Sheet:
    """The charts of the batch and of the figures."""
    officers = min(len(statistics.officers), _DRAWN_OFFICERS)
    charts = (
        Chart("各项材料缺少的案件数", "缺件统计", 2, (3,), min(len(statistics.missing), _DRAWN_PAPERS)),
        Chart("各承办人案件的办理结果（件）", "承办人", 0, (2, 3, 4), officers, is_stacked=True),
        Chart("各承办人约谈、答复超期（件）", "承办人", 0, (6, 7), officers),
        *period_charts(figures),
    )
    return list_charts(f"{TITLE}图表（{figures.today}）", charts)


def _build_removed_sheet(removed: Sequence[Removed], today: date) -> Sheet:
    columns = (Column("文件", 40), Column("登记号", 22), Column("原案件文件夹", 40), Column("原因", 30))
    rows = [
        (
            FileLink(PurePosixPath(one.file).name, PurePosixPath(one.file)),
            one.registration_no,
            masked(one.case or ""),
            one.reason,
        )
        for one in removed
    ]
    return Sheet("移出的旧卷", f"案件文件夹已不在或者不再齐全，移出的旧卷（{today}）", columns, rows)
