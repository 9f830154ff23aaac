"""Builds the views of the bundle's own pages from an arranged volume: cover, index, list of write-off materials, notes."""

from __future__ import annotations

from collections.abc import Iterable

from bundler.bind.binding_order import BoundPaper, Origin, material_key, write_off_sections
from bundler.bind.default_index_entries import COURT
from bundler.bind.volume_scope import VolumeScope
from bundler.case.model import Absent
from bundler.case.people_models import Parties
from bundler.cover_and_index.arranged_volume import Volume
from bundler.cover_and_index.page_views import (
    AbsentView,
    ClosingView,
    CoverView,
    IndexRow,
    IndexView,
    MaterialRow,
    MaterialsListView,
    PicturedRow,
    Shared,
    SupplementNoteView,
)
from bundler.documents.document_subjects import find_reply_days, list_service_days
from bundler.documents.views.case_view import build_rule_view
from bundler.documents.views.people import build_officer_view, find_addressees
from bundler.documents.views.reply_opinion import count_outcomes
from bundler.documents.views.write_off import group_write_off_materials
from bundler.regulation.papers import ANNEX_ITEMS, PAPER_KINDS, Item


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
