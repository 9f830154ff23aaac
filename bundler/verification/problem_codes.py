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

    @property
    def next_step(self) -> str:
        """What to do next, in Chinese."""
        return _OTHER_STEPS.get(self.code, _FETCH_ORIGINAL)


def describe_page(number: int, label: str) -> str:
    """Name a page of the file, counted from 1, with the 页号 or the name that its label gives."""
    return f"第 {number} 页（{f'页号 {label}' if label.isdecimal() else label}）"


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

SOURCE_CODES = frozenset({"CASE-CHANGED", "CASE-UNREADABLE", "SOURCE-CHANGED", "SOURCE-MISSING", "SOURCE-NEW"})
"""The problems of a case that is not as it was when the bundle was built: nothing in the bundle itself is wrong."""
_FETCH_ORIGINAL = "请找出成卷时的原件（用当时记下的 SHA-256 辨认）；没有原件的，用案件重新成卷。"
_CASE_OF_THAT_TIME = "要核对这一卷，请用成卷时的案件文件夹；案件改得对的，请重新成卷。"
_OTHER_SURROUNDINGS = "请在成卷时用的版本、字体、模板和法院配置下再核对。"
_OTHER_STEPS = {
    "NOT-OURS": "请检查是不是选错了文件；要核对的是成卷得到的 PDF。",
    "SHA256-MISMATCH": "请先检查记下的 SHA-256 是不是这一卷的；是的，这个文件就不是当时那一份，请找出原件。",
    "SIGNATURE-INVALID": "请找出签名时的原件；没有原件的，用案件重新成卷，重新签名（bundler sign）。",
    "SIGNATURE-FOREIGN": "请查明签名人是谁；可以信任的，把给他发证书的机构的证书加进 --trust 的文件，再核对。",
    "SIGNATURE-EXPIRED": "请另行查明签名的时间；查不明的，请签名人重新签名（bundler sign）。",
    "SIGNATURE-STAMP": "请把时间戳服务机构的证书加进 --trust 的文件，再核对。",
    "SIGNATURE-MISSING": "请签名人用 bundler sign 签名；不要求签名的，核对时去掉 --trust。",
    "SIGNATURE-UNCHECKED": "请安装 petition-bundler[sign]，再核对。",
    "SOURCE-CHANGED": _CASE_OF_THAT_TIME,
    "SOURCE-MISSING": _CASE_OF_THAT_TIME,
    "SOURCE-NEW": _CASE_OF_THAT_TIME,
    "CASE-CHANGED": _CASE_OF_THAT_TIME,
    "CASE-UNREADABLE": "请检查案件文件夹是不是选错了；没有选错的，用 bundler check 看 case.json 错在哪里。",
    "CASE-NOT-COMPARABLE": _OTHER_SURROUNDINGS,
    "CASE-INCOMPLETE": f"请用 bundler check 看缺什么；成卷时能通过的，{_OTHER_SURROUNDINGS}",
    "CASE-EARLIER-UNPROVED": "请用有案件历史的原案件文件夹再核对。",
    "ITEM-MISSING": "请在案件里补齐这一项，重新成卷。",
    "PDF-TOO-LARGE": "请换一台内存较大的电脑再核对；仍然读不了的，请找出成卷时的原件。",
}
"""What to do where fetching the original is not it."""
