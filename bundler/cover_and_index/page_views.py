"""The views of the bundle's own pages: cover, index, list of write-off materials, notes. Their text is in ``templates/pages``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from bundler.documents.views.case_view import Rule
from bundler.documents.views.people import Officer
from bundler.documents.views.record_fields import AT_LEAST_ONE
from bundler.documents.views.reply_opinion import Outcomes


@dataclass(frozen=True, slots=True)
class CoverView:
    """卷宗封面."""

    court: Annotated[str, "法院名称"]
    kind: Annotated[Literal["archive", "write-off", "declined"], "归档、核销、不予受理"]
    has_annex: Annotated[bool, "含副卷材料"]
    reg_no: Annotated[str, "登记号"]
    petitioners: Annotated[tuple[str, ...], "信访人"]
    brief: Annotated[str | None, "短事由"]
    case_numbers: Annotated[tuple[str, ...], "执行案号"]
    applicants: Annotated[tuple[str, ...], "申请执行人"]
    respondents: Annotated[tuple[str, ...], "被执行人"]
    leader: Annotated[Officer | None, "主办院领导"]
    handler: Annotated[Officer | None, "案件承办人"]
    co_handler: Annotated[Officer | None, "协办承办法官"]
    clerk: Annotated[Officer | None, "书记员"]
    received_on: Annotated[date | None, "收到日期"]
    served_days: Annotated[tuple[date, ...], "各份答复（不予受理的为释明告知）送达的日期，签收日，先后为序"]
    posted_on: Annotated[date | None, "答复交寄日期"]
    outcomes: Annotated[tuple[Outcomes, ...], "办理结果"]
    refusal_article: Annotated[str, "不予受理的条"]
    declined_ground: Annotated[int | None, "不予受理的条里第几项"]
    ledgers: Annotated[tuple[Literal["supervised", "special", "backlog"], ...], "台账类别"]
    reported_on: Annotated[date | None, "上报日期"]
    answer: Annotated[Literal["written_off", "returned"] | None, "上级意见"]
    answered_on: Annotated[date | None, "上级答复日期"]
    filed_by: Annotated[str | None, "立卷人"]
    archived_on: Annotated[date | None, "归档日期"]
    retention: Annotated[str | None, "保管期限"]
    location: Annotated[str | None, "存放位置"]
    count: Annotated[int, "件数"]
    pages: Annotated[int, "页数"]
    main_only: Annotated[bool, "只含正卷"]
    book_no: Annotated[int, "第几册"]
    volume_books: Annotated[int, "共几册；1：不分册"]


@dataclass(frozen=True, slots=True)
class IndexRow:
    """A row of the index: a paper, or a reference to it at another item that it serves."""

    number: Annotated[int | None, "序号；一件多用的他处没有"]
    same_as: Annotated[int | None, "同序号"]
    title: Annotated[str, "文书名称"]
    document_no: Annotated[str | None, "文号"]
    author: Annotated[str | None, "责任者"]
    date: Annotated[date | None, "日期"]
    folios: Annotated[str, "页号"]
    first: Annotated[int, "首页页号"]
    annex: Annotated[bool, "副卷材料"]


@dataclass(frozen=True, slots=True)
class IndexView:
    """卷内目录."""

    reg_no: Annotated[str, "登记号"]
    rows: Annotated[tuple[IndexRow, ...], "各行"]


@dataclass(frozen=True, slots=True)
class MaterialRow:
    """A row of the list of write-off materials."""

    label: Annotated[str | None, "核销材料的项目；其他材料没有"]
    title: Annotated[str, "文书名称"]
    date: Annotated[date | None, "日期"]
    folios: Annotated[str, "页号"]
    first: Annotated[int, "首页页号"]
    signed: Annotated[bool, "已签名"]
    sealed: Annotated[bool, "已盖章"]
    made_here: Annotated[bool, "本院制作"]


@dataclass(frozen=True, slots=True)
class MaterialsListView:
    """核销材料清单."""

    reg_no: Annotated[str, "登记号"]
    article: Annotated[str, "核销的条"]
    rows: Annotated[tuple[MaterialRow, ...], "各行"]
    count: Annotated[int, "件数"]
    pages: Annotated[int, "页数"]


@dataclass(frozen=True, slots=True)
class AbsentView:
    """缺件情况说明: a paper that was declared not to exist."""

    reg_no: Annotated[str, "登记号"]
    rule: Annotated[Rule, "规定"]
    label: Annotated[str, "项目名称"]
    reason: Annotated[str, "原因"]
    approved_by: Annotated[str, "批准人"]
    approved_on: Annotated[date | None, "批准日期"]


@dataclass(frozen=True, slots=True)
class Shared:
    """A paper that serves several items."""

    title: Annotated[str, "文书名称"]
    first: Annotated[int, "首页页号"]
    last: Annotated[int, "末页页号"]
    also: Annotated[tuple[str, ...], "同时作为的项目", AT_LEAST_ONE]


@dataclass(frozen=True, slots=True)
class PicturedRow:
    """Pages that were bound as images."""

    title: Annotated[str, "文书名称"]
    folios: Annotated[str, "页号"]
    how: Annotated[str, "原因和办法"]


@dataclass(frozen=True, slots=True)
class ClosingView:
    """卷内备考表: remarks for the reader of the volume."""

    reg_no: Annotated[str, "登记号"]
    count: Annotated[int, "件数"]
    pages: Annotated[int, "页数"]
    first: Annotated[int, "首页页号"]
    last: Annotated[int, "末页页号"]
    book_no: Annotated[int, "第几册"]
    volume_books: Annotated[int, "共几册；1：不分册"]
    absent: Annotated[tuple[AbsentView, ...], "缺件"]
    shared: Annotated[tuple[Shared, ...], "一件多用"]
    unsealed: Annotated[tuple[str, ...], "尚未收回盖章件的生成文书"]
    pictured: Annotated[tuple[PicturedRow, ...], "转为图像的页"]
    filed_by: Annotated[str | None, "立卷人"]
    filed_on: Annotated[date | None, "立卷日期"]
    checked_by: Annotated[str | None, "检查人"]


@dataclass(frozen=True, slots=True)
class SupplementNoteView:
    """补充材料备考表: papers added to a bundle after it was submitted."""

    reg_no: Annotated[str, "登记号"]
    times: Annotated[int, "第几次补充"]
    count: Annotated[int, "件数"]
    pages: Annotated[int, "页数"]
    first: Annotated[int, "首页页号"]
    last: Annotated[int, "末页页号"]
    unsealed: Annotated[tuple[str, ...], "尚未收回盖章件的文书"]
    pictured: Annotated[tuple[PicturedRow, ...], "转为图像的页"]


PAGE_VIEWS: dict[str, type] = {
    "cover": CoverView,
    "index": IndexView,
    "write_off_list": MaterialsListView,
    "absent_note": AbsentView,
    "closing_note": ClosingView,
    "supplement_index": IndexView,
    "supplement_note": SupplementNoteView,
}
"""The view of each page, by the name of its template."""
PAGE_TITLES = {
    "cover": "卷宗封面",
    "index": "卷内目录",
    "write_off_list": "核销材料清单",
    "absent_note": "缺件情况说明",
    "closing_note": "卷内备考表",
    "supplement_index": "补充材料目录",
    "supplement_note": "补充材料备考表",
}
"""The title of each page, by the name of its template."""
