"""The samples' cases, and what each gives a template to print."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from bundler.bind.binding_order import arrange_papers, number_papers, papers_of
from bundler.case.model import Case
from bundler.case.validation import validate_tree
from bundler.documents.definitions import (
    DOCUMENTS,
    DocumentDefinition,
    find_document_date,
    find_missing_fields,
    list_copies,
)
from bundler.documents.views.case_view import build_case_view
from bundler.documents.views.return_notice import build_return_view
from bundler.documents.views.write_off_submission import build_submission_view
from bundler.file_record import PDF, WORD, FileRecord
from bundler.gate.check import kind_of
from bundler.pages.cover_index_notes import (
    build_absent_view,
    build_closing_view,
    build_cover_view,
    build_index_view,
    build_materials_list_view,
)
from bundler.pages.volume import Volume
from bundler.profile import Profile
from bundler.regulation.papers import Item
from bundler.regulation.rules import finding

_ABSENT_NOTE = "pages/absent_note.html"
_ON, _PAGES = date(2021, 12, 20), 52
"""A batch's own day, and the pages of a bundle, which no sample holds."""


def sample_cases() -> dict[str, Case]:
    """The samples' cases by name: the checkout's, or those installed with the package."""
    checkout = Path(__file__).parents[2] / "samples"
    folder = checkout if checkout.is_dir() else Path(__file__).parents[1] / "_data" / "samples"
    found = {}
    for path in sorted(folder.glob("*/case.json")):
        case = validate_tree(json.loads(path.read_text(encoding="utf-8"))).case
        if case is not None:
            found[path.parent.name] = case
    return found


def sample_views(template: str, case: Case, profile: Profile) -> Iterator[object]:
    """What a sample gives a template to print: nothing, one paper, or several."""
    document = template.removesuffix(".docx")
    if document in DOCUMENTS:
        yield from _of_case(DOCUMENTS[document], case, profile)
    elif document in _OF_BATCH:
        yield _OF_BATCH[document](case, profile)
    elif template in _OF_PAGE or template == _ABSENT_NOTE:
        yield from _of_page(template, case, profile)


def _of_case(document: DocumentDefinition, case: Case, profile: Profile) -> Iterator[object]:
    if not find_missing_fields(document.id, case):
        for copy in list_copies(document, case):
            yield build_case_view(case, profile, find_document_date(case, document.id), copy)


def _returned(case: Case, profile: Profile) -> object:
    lacking = finding("ART16-4", message="缺少受理告知送达回证", fix="补入送达回证", item=Item.ACCEPTANCE_SERVICE)
    return build_return_view(
        case, [lacking], kind_of(case, None), profile, _ON, number=case.registration.no, folder="样本"
    )


_OF_BATCH: dict[str, Callable[[Case, Profile], object]] = {
    "return_notice": _returned,
    "submission_letter": lambda case, profile: build_submission_view([(case, _PAGES)], profile, _ON),
}


def _of_page(name: str, case: Case, profile: Profile) -> Iterator[object]:
    volume = _volume(case, profile)
    if name == _ABSENT_NOTE:
        yield from (build_absent_view(volume, absent) for absent in case.absent)
    else:
        yield _OF_PAGE[name](volume)


_OF_PAGE: dict[str, Callable[[Volume], object]] = {
    "pages/cover.html": build_cover_view,
    "pages/index.html": build_index_view,
    "pages/write_off_list.html": build_materials_list_view,
    "pages/closing_note.html": build_closing_view,
}


def _volume(case: Case, profile: Profile) -> Volume:
    """A sample as a volume, each of its papers one page long: how long they are is nothing to a template."""
    records = {m.file: FileRecord(m.file, media_type=WORD if m.file.endswith(".docx") else PDF) for m in case.materials}
    kind = kind_of(case, None)
    sections = arrange_papers(case, kind, records)
    folios = number_papers(sections, {paper.key: 1 for paper in papers_of(sections)})
    return Volume(case, profile, kind, sections, folios)
