"""The views of the bundle's own pages: cover, index, list of write-off materials, notes. Their text is in ``templates/pages``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from bundler.bind.binding_order import BoundPaper, Origin, material_key, write_off_sections
from bundler.bind.default_index_entries import COURT
from bundler.bind.volume_scope import VolumeScope
from bundler.case.model import Absent
from bundler.case.people_models import Parties
from bundler.cover_and_index.arranged_volume import Volume
from bundler.documents.document_subjects import find_reply_days, list_service_days
from bundler.documents.views.case_view import Rule, build_rule_view
from bundler.documents.views.people import Officer, build_officer_view, find_addressees
from bundler.documents.views.record_fields import AT_LEAST_ONE
from bundler.documents.views.reply_opinion import Outcomes, count_outcomes
from bundler.documents.views.write_off import group_write_off_materials
from bundler.regulation.papers import ANNEX_ITEMS, PAPER_KINDS, Item


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


def build_cover_view(volume: Volume) -> CoverView:
    """卷宗封面."""
    case = volume.case
    named = [one.parties for one in case.enforcement_cases if isinstance(one.parties, Parties)]
    request = case.write_off
    receipt = Item.EXPLANATION_SERVICE if case.declined else Item.REPLY_SERVICE
    return CoverView(
        court=volume.profile.court_name,
        kind=volume.kind.value,
        has_annex=any(set(paper.items) & ANNEX_ITEMS for paper in _list_existing_papers(volume)),
        reg_no=volume.reg_no,
        petitioners=tuple(one.name for one in find_addressees(case).addressees if one.name),
        brief=case.registration.brief,
        case_numbers=tuple(one.no for one in case.enforcement_cases if isinstance(one.no, str)),
        applicants=tuple(dict.fromkeys(name for parties in named for name in parties.applicants)),
        respondents=tuple(dict.fromkeys(name for parties in named for name in parties.respondents)),
        leader=build_officer_view(case.people.leader),
        handler=build_officer_view(case.people.handler),
        co_handler=build_officer_view(case.people.co_handler),
        clerk=build_officer_view(case.people.clerk),
        received_on=case.registration.received_on,
        served_days=list_service_days(case, receipt),
        posted_on=find_reply_days(case, receipt)[1],
        outcomes=count_outcomes(case),
        refusal_article=volume.profile.regulation.citation_of("refusal"),
        declined_ground=volume.profile.regulation.refusal_number(case.declined.ground) if case.declined else None,
        ledgers=case.ledgers,
        reported_on=request.reported_on if request else None,
        answer=request.answer if request else None,
        answered_on=request.answered_on if request else None,
        filed_by=case.archive.filed_by,
        archived_on=case.archive.archived_on,
        retention=case.archive.retention,
        location=case.archive.location,
        count=len(volume.papers),
        pages=volume.pages,
        main_only=volume.scope is VolumeScope.MAIN,
        book_no=volume.book,
        volume_books=volume.books,
    )


def build_index_view(volume: Volume) -> IndexView:
    """卷内目录: a row for each paper, and one for each further item that a paper bound earlier serves."""
    rows: list[IndexRow] = []
    for section in volume.sections:
        rows += [_build_row(volume, paper, same_as=volume.index_number(paper)) for paper in section.elsewhere]
        rows += [_build_row(volume, paper, number=volume.index_number(paper)) for paper in section.papers]
    return IndexView(volume.reg_no, tuple(rows))


def _build_row(volume: Volume, paper: BoundPaper, *, number: int | None = None, same_as: int | None = None) -> IndexRow:
    folios = volume.folios[paper.key]
    return IndexRow(
        number=number,
        same_as=same_as,
        title=paper.title,
        document_no=paper.document_no or None,
        author=paper.author or None,
        date=paper.date,
        folios=str(folios),
        first=folios.first,
        annex=bool(set(paper.items) & ANNEX_ITEMS),
    )


def build_materials_list_view(volume: Volume) -> MaterialsListView:
    """核销材料清单: the materials of Art. 14, then the other papers."""
    groups = group_write_off_materials(volume.case)
    listed: list[tuple[str | None, BoundPaper]] = []
    for section in write_off_sections(volume.sections, volume.profile.regulation):
        label = volume.profile.regulation.papers[section.item].label
        listed += [(label, paper) for paper in (*section.elsewhere, *section.papers)]
        if section.item is Item.MEASURES:
            proofs = (index for index, group in groups.items() if group == "measures")
            known = {paper.key for _, paper in listed}
            listed += [(label, paper) for paper in _list_materials(volume, proofs) if paper.key not in known]
    listed += [
        (None, paper) for paper in _list_materials(volume, (i for i, group in groups.items() if group == "other"))
    ]
    counted = {paper.key: volume.folios[paper.key] for _, paper in listed}
    return MaterialsListView(
        reg_no=volume.reg_no,
        article=volume.profile.regulation.citation_of("write_off"),
        rows=tuple(_build_material_row(volume, label, paper) for label, paper in listed),
        count=len(counted),
        pages=sum(folios.last - folios.first + 1 for folios in counted.values()),
    )


def _list_materials(volume: Volume, indices: Iterable[int]) -> list[BoundPaper]:
    """The papers of the materials with those indices, in binding order."""
    wanted = {material_key(index) for index in indices}
    return [paper for paper in volume.papers if paper.key in wanted]


def _build_material_row(volume: Volume, label: str | None, paper: BoundPaper) -> MaterialRow:
    folios = volume.folios[paper.key]
    return MaterialRow(
        label=label,
        title=paper.title,
        date=paper.date,
        folios=str(folios),
        first=folios.first,
        signed=bool(paper.material and paper.material.signed_on),
        sealed=bool(paper.material and paper.material.sealed),
        made_here=paper.origin in {Origin.GENERATED, Origin.WORD_FILE} and paper.author == COURT,
    )


def build_absent_view(volume: Volume, absent: Absent) -> AbsentView:
    """缺件情况说明: a paper that was declared not to exist."""
    return AbsentView(
        reg_no=volume.reg_no,
        rule=build_rule_view(volume.profile),
        label=volume.profile.regulation.papers[absent.item].label,
        reason=_strip_full_stop(absent.reason),
        approved_by=absent.approved_by or "",
        approved_on=absent.approved_on,
    )


def _is_unsealed(paper: BoundPaper) -> bool:
    """Whether a paper is one that this tool drafts, bound as drafted or as a Word file instead of as a stamped scan."""
    returned = paper.origin is Origin.WORD_FILE and any(PAPER_KINDS[item].document for item in paper.items)
    return paper.origin is Origin.GENERATED or returned


def build_closing_view(volume: Volume) -> ClosingView:
    """卷内备考表: remarks for the reader of the volume."""
    archive = volume.case.archive
    bound = {paper.absent for paper in volume.papers if paper.absent}
    return ClosingView(
        reg_no=volume.reg_no,
        count=len(volume.papers),
        pages=volume.pages,
        first=volume.first_folio,
        last=volume.first_folio + volume.pages - 1,
        book_no=volume.book,
        volume_books=volume.books,
        absent=tuple(build_absent_view(volume, absent) for absent in volume.case.absent if absent in bound),
        shared=tuple(
            Shared(
                paper.title,
                volume.folios[paper.key].first,
                volume.folios[paper.key].last,
                _list_other_items(volume, paper),
            )
            for paper in volume.papers
            if _list_other_items(volume, paper)
        ),
        unsealed=tuple(paper.title for paper in volume.papers if _is_unsealed(paper)),
        pictured=_build_image_rows(volume),
        filed_by=archive.filed_by,
        filed_on=archive.filed_on,
        checked_by=archive.checked_by,
    )


def _build_image_rows(volume: Volume) -> tuple[PicturedRow, ...]:
    return tuple(PicturedRow(one.title, "、".join(map(str, one.folios)), one.how) for one in volume.rasterised)


def build_supplement_note_view(volume: Volume, times: int) -> SupplementNoteView:
    """补充材料备考表: the papers added.

    Args:
        volume: the papers added, numbered.
        times: the number of this supplement, from 1.
    """
    return SupplementNoteView(
        reg_no=volume.reg_no,
        times=times,
        count=len(volume.papers),
        pages=volume.pages,
        first=volume.first_folio,
        last=volume.first_folio + volume.pages - 1,
        unsealed=tuple(paper.title for paper in volume.papers if paper.origin is Origin.WORD_FILE),
        pictured=_build_image_rows(volume),
    )


def _list_other_items(volume: Volume, paper: BoundPaper) -> tuple[str, ...]:
    """The other items of this bundle that a paper serves."""
    return tuple(
        volume.profile.regulation.papers[section.item].label
        for section in volume.sections
        if paper in section.elsewhere
    )


def _list_existing_papers(volume: Volume) -> list[BoundPaper]:
    """The papers that exist, without the notes on absent ones, which disclose nothing internal to the court."""
    return [paper for paper in volume.papers if paper.origin is not Origin.ABSENT_NOTE]


def _strip_full_stop(text: str | None) -> str:
    """A reason without its full stop, which the page's own sentence adds."""
    return (text or "").rstrip("。．.")
