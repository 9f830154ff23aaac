"""The problems that verification can find: each code once, under its check of DA/T 70-2018."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class CheckArea(StrEnum):
    """The four checks (四性) of DA/T 70-2018."""

    AUTHENTIC = "真实性"
    COMPLETE = "完整性"
    USABLE = "可用性"
    SAFE = "安全性"


@dataclass(frozen=True, slots=True)
class Problem:
    """A difference between a bundle as it is and as it was made.

    Attributes:
        code: one of those in `REPORT_POINTS`, or ``NOT-OURS``.
        message: in Chinese, what is wrong and where.
        page: the page of the file, counted from 1 as in a viewer; None where it concerns no page.
        file: the source or embedded file that it concerns, or None.
    """

    code: str
    message: str
    page: int | None = None
    file: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The object that ``verify --json`` prints."""
        return {"code": self.code, "page": self.page, "file": self.file, "message": self.message}


@dataclass(frozen=True, slots=True)
class ReportPoint:
    """A point of the report: what is checked, and the codes of problems with which it fails."""

    nature: CheckArea
    text: str
    codes: frozenset[str]
    id: str


def _report_point(nature: CheckArea, id_: str, text: str, *codes: str) -> ReportPoint:
    return ReportPoint(nature, text, frozenset(codes), id_)


REPORT_POINTS: tuple[ReportPoint, ...] = (
    _report_point(
        CheckArea.AUTHENTIC, "seal", "全部字节与封存摘要一致", "BYTES-CHANGED", "SEAL-MISSING", "SHA256-MISMATCH"
    ),
    _report_point(CheckArea.AUTHENTIC, "pages", "每一页的内容与清单的摘要一致", "PAGE-CHANGED", "PAGE-UNREADABLE"),
    _report_point(
        CheckArea.AUTHENTIC,
        "manifest",
        "清单在，格式正确，与文件标识一致",
        "MANIFEST-MISSING",
        "MANIFEST-INVALID",
        "MANIFEST-CHANGED",
    ),
    _report_point(CheckArea.AUTHENTIC, "metadata", "题名与登记号一致", "TITLE-MISMATCH"),
    _report_point(
        CheckArea.AUTHENTIC,
        "signature",
        "电子签名有效，签名人可信",
        "SIGNATURE-INVALID",
        "SIGNATURE-FOREIGN",
        "SIGNATURE-EXPIRED",
        "SIGNATURE-STAMP",
        "SIGNATURE-MISSING",
        "SIGNATURE-UNCHECKED",
    ),
    _report_point(
        CheckArea.AUTHENTIC,
        "sources",
        "来源文件与装订时一致（--case）",
        "SOURCE-CHANGED",
        "SOURCE-MISSING",
        "SOURCE-NEW",
        "CASE-CHANGED",
        "CASE-UNREADABLE",
    ),
    _report_point(
        CheckArea.AUTHENTIC,
        "rebuilt",
        "用案件重新排版、装订，逐页一致（--case）",
        "PAGE-NOT-FROM-CASE",
        "MANIFEST-NOT-FROM-CASE",
        "FILE-NOT-FROM-CASE",
        "CASE-NOT-COMPARABLE",
        "CASE-INCOMPLETE",
        "CASE-EARLIER-UNPROVED",
    ),
    _report_point(
        CheckArea.COMPLETE, "count", "总页数、各页次序与清单一致", "PAGE-MISSING", "PAGE-ADDED", "PAGE-MOVED"
    ),
    _report_point(CheckArea.COMPLETE, "numbers", "页号连续，页面标签与页号一致", "LABEL-MISMATCH"),
    _report_point(CheckArea.COMPLETE, "index", "目录、书签、页号三者一致", "INDEX-MISMATCH", "OUTLINE-MISMATCH"),
    _report_point(CheckArea.COMPLETE, "items", "规定的材料项目齐全", "ITEM-MISSING"),
    _report_point(
        CheckArea.COMPLETE,
        "embedded",
        "随附的数据文件齐全、未改动",
        "EMBEDDED-MISSING",
        "EMBEDDED-CHANGED",
        "EARLIER-MISMATCH",
    ),
    _report_point(CheckArea.USABLE, "opens", "能打开，结构完好", "PDF-DAMAGED", "PDF-TOO-LARGE"),
    _report_point(CheckArea.USABLE, "readers", "不同的程序读出的结构一致", "PARSER-DISAGREES"),
    _report_point(CheckArea.USABLE, "encryption", "没有加密", "PDF-ENCRYPTED"),
    _report_point(CheckArea.USABLE, "fonts", "字体全部嵌入", "FONT-NOT-EMBEDDED"),
    _report_point(CheckArea.USABLE, "format", "标明为 PDF/A-3b，有输出意图", "FORMAT-MISMATCH"),
    _report_point(CheckArea.SAFE, "actions", "没有脚本、动作、表单、外部链接", "ACTIVE-CONTENT"),
    _report_point(CheckArea.SAFE, "strays", "没有多余的附件", "EMBEDDED-EXTRA"),
    _report_point(CheckArea.SAFE, "tail", "成卷以后没有追加内容", "UPDATE-APPENDED", "DATA-APPENDED"),
)
"""The points of the report, in order."""
