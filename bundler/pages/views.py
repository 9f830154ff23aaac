"""What each of the bundle's own pages prints, as plain data; their words stand in ``templates/pages``."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from bundler.bind.plan import ANNEX_ITEMS, COURT, BoundPaper, Origin, write_off_sections
from bundler.case.model import Absent
from bundler.case.people import Parties
from bundler.documents.people_view import officer_view
from bundler.documents.write_off_view import reply_served_on
from bundler.pages.volume import Volume
from bundler.regulation.items import PAPERS, Item

View = dict[str, Any]


def cover_view(volume: Volume) -> View:
    """卷宗封面."""
    case = volume.case
    named = [one.parties for one in case.enforcement_cases if isinstance(one.parties, Parties)]
    asked = case.write_off
    return {
        "court": volume.profile.court_name,
        "kind": volume.kind.value,
        "has_annex": any(set(paper.items) & ANNEX_ITEMS for paper in _real_papers(volume)),
        "reg_no": case.registration.no or "",
        "petitioners": [one.name or "" for one in case.petitioners],
        "brief": case.registration.brief or "",
        "case_numbers": [one.no for one in case.enforcement_cases if isinstance(one.no, str)],
        "applicants": list(dict.fromkeys(name for parties in named for name in parties.applicants)),
        "respondents": list(dict.fromkeys(name for parties in named for name in parties.respondents)),
        "leader": officer_view(case.people.leader),
        "handler": officer_view(case.people.handler),
        "co_handler": officer_view(case.people.co_handler),
        "clerk": officer_view(case.people.clerk),
        "received_on": _iso(case.registration.received_on),
        "reply_on": _iso(reply_served_on(case)),
        "outcomes": [
            {"outcome": outcome, "count": count}
            for outcome, count in Counter(claim.outcome for claim in case.claims if claim.outcome).items()
        ],
        "declined_ground": case.declined.ground if case.declined else 0,
        "ledgers": list(case.ledgers),
        "reported_on": _iso(asked.reported_on if asked else None),
        "answer": (asked.answer or "") if asked else "",
        "answered_on": _iso(asked.answered_on if asked else None),
        "filed_by": case.archive.filed_by or "",
        "archived_on": _iso(case.archive.archived_on),
        "retention": case.archive.retention or "",
        "location": case.archive.location or "",
        "count": len(volume.papers),
        "pages": volume.pages,
    }


def index_view(volume: Volume) -> View:
    """卷内目录: a line for each paper, and one where a paper bound earlier serves another item too."""
    rows: list[View] = []
    for section in volume.sections:
        rows += [_row(volume, paper) for paper in section.elsewhere]
        rows += [{**_row(volume, paper), "number": volume.place(paper), "same_as": 0} for paper in section.papers]
    return {"reg_no": volume.case.registration.no or "", "rows": rows}


def _row(volume: Volume, paper: BoundPaper) -> View:
    folios = volume.folios[paper.key]
    return {
        "number": 0,
        "same_as": volume.place(paper),
        "title": paper.title,
        "document_no": paper.document_no,
        "author": paper.author,
        "date": _iso(paper.date),
        "folios": str(folios),
        "first": folios.first,
        "annex": bool(set(paper.items) & ANNEX_ITEMS),
    }


def materials_list_view(volume: Volume) -> View:
    """核销材料清单: the four materials of Art. 14, then what else goes with them."""
    listed = [
        (PAPERS[section.item].label, paper)
        for section in write_off_sections(volume.sections)
        for paper in (*section.elsewhere, *section.papers)
    ]
    known = {paper.key for _, paper in listed}
    listed += [("", paper) for paper in volume.papers if paper.item is Item.OTHER and paper.key not in known]
    counted = {paper.key: volume.folios[paper.key] for _, paper in listed}
    return {
        "reg_no": volume.case.registration.no or "",
        "rows": [{"label": label, **_list_row(volume, paper)} for label, paper in listed],
        "count": len(counted),
        "pages": sum(folios.last - folios.first + 1 for folios in counted.values()),
    }


def _list_row(volume: Volume, paper: BoundPaper) -> View:
    signed = paper.material.signed_on if paper.material else None
    made = paper.origin in {Origin.GENERATED, Origin.WORD_FILE} and paper.author == COURT
    return {**_row(volume, paper), "signed": bool(signed), "made_here": made}


def absent_view(volume: Volume, absent: Absent) -> View:
    """缺件情况说明: a paper that truly does not exist."""
    profile = volume.profile
    return {
        "reg_no": volume.case.registration.no or "",
        "rule": {"title": profile.rule_title, "no": profile.rule_no},
        "label": PAPERS[absent.item].label,
        "reason": _without_stop(absent.reason),
        "approved_by": absent.approved_by or "",
        "approved_on": _iso(absent.approved_on),
    }


def closing_view(volume: Volume) -> View:
    """卷内备考表: what whoever opens the volume has to know."""
    archive = volume.case.archive
    bound = {paper.absent for paper in volume.papers if paper.absent}
    return {
        "reg_no": volume.case.registration.no or "",
        "count": len(volume.papers),
        "pages": volume.pages,
        "absent": [absent_view(volume, absent) for absent in volume.case.absent if absent in bound],
        "shared": [
            {
                "title": paper.title,
                "first": volume.folios[paper.key].first,
                "last": volume.folios[paper.key].last,
                "also": _also(volume, paper),
            }
            for paper in volume.papers
            if _also(volume, paper)
        ],
        "unsealed": [paper.title for paper in volume.papers if paper.origin is Origin.GENERATED],
        "filed_by": archive.filed_by or "",
        "filed_on": _iso(archive.filed_on),
        "checked_by": archive.checked_by or "",
    }


def _also(volume: Volume, paper: BoundPaper) -> list[str]:
    """The other items of this bundle that a paper serves."""
    return [PAPERS[section.item].label for section in volume.sections if paper in section.elsewhere]


def _real_papers(volume: Volume) -> list[BoundPaper]:
    """Papers that exist; a note that one does not shows nothing of the court's inner business."""
    return [paper for paper in volume.papers if paper.origin is not Origin.ABSENT_NOTE]


def _without_stop(text: str | None) -> str:
    """A reason, without the full stop that the page's own sentence brings."""
    return (text or "").rstrip("。．.")


def _iso(value: date | None) -> str:
    return value.isoformat() if value else ""
