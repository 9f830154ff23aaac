"""The workbook (汇总表) sent to the superior court with a submission; it lists the write-off cases alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from bundler.case.identifiers import masked
from bundler.documents.views.reply_opinion import Outcomes
from bundler.documents.views.submission_letter import SubmissionView, SubmittedCase
from bundler.xlsx_writer.sheets import CellValue, Column, FileLink, Sheet
from bundler.xlsx_writer.workbook import build_workbook

SUMMARY_TITLE = "报请核销执行申诉信访案件汇总表"

OUTCOMES = {
    "supported": "支持",
    "explained": "解释说明",
    "not_supported": "不予支持",
    "led_into": "导入程序",
    "told": "告知程序",
}
"""The outcomes of a claim, in Chinese."""

_SEVERAL = 2
_COLUMNS = (
    Column("序号", 6),
    Column("登记号", 20),
    Column("系统录入号", 14),
    Column("信访人", 14),
    Column("执行案号", 26),
    Column("反映的主要问题", 40),
    Column("交办机关", 20),
    Column("交办文号", 22),
    Column("办理结果", 20),
    Column("答复送达日期", 12),
    Column("答复交寄日期", 12),
    Column("承诺书日期", 12),
    Column("卷内页数", 9),
    Column("备注", 12),
)


def build_summary_workbook(view: SubmissionView, outputs: Sequence[str]) -> bytes:
    """Build the workbook.

    Args:
        view: the submission, whose list of cases the table repeats.
        outputs: the bundle of each case, relative to the workbook's folder.
    """
    rows = [
        _build_row(number, case, output)
        for number, (case, output) in enumerate(zip(view.cases, outputs, strict=True), 1)
    ]
    heading = f"{view.court.name}{SUMMARY_TITLE}（{len(rows)} 件）"
    return build_workbook([Sheet("汇总表", heading, _COLUMNS, rows)], SUMMARY_TITLE)


def _build_row(number: int, case: SubmittedCase, output: str) -> tuple[CellValue, ...]:
    return (
        number,
        FileLink(case.reg_no, PurePosixPath(output)),
        masked(case.system_no or ""),
        masked("、".join(case.petitioner_names)),
        masked("、".join(case.case_numbers)),
        masked(case.brief or "；".join(case.statements)),
        masked(case.assigned_by or "") or None,
        masked(case.assigned_no or "") or None,
        describe_outcomes(case.outcomes),
        _describe_service(case),
        case.posted_on,
        case.commitment_on,
        case.pages,
        None,
    )


def _describe_service(case: SubmittedCase) -> CellValue:
    """The day on which the reply was served; where it was served on several petitioners on different days, each of them."""
    return case.served_on if len(case.served_days) < _SEVERAL else "、".join(map(str, case.served_days))


def describe_outcomes(outcomes: Sequence[Outcomes]) -> str:
    """Describe the outcomes of the claims: 支持1项、解释说明2项."""
    return "、".join(f"{OUTCOMES[one.outcome]}{one.count}项" for one in outcomes)
