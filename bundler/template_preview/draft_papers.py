"""Draft the papers of one template in every situation, with the source of each value marked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from bundler.documents.definitions import DOCUMENTS, find_missing_fields, list_copies
from bundler.documents.document_definition import DocumentDefinition
from bundler.documents.documents_with_own_view import BATCH_DOCUMENTS
from bundler.documents.drafting import draft_document, fill_document
from bundler.documents.views.period_report_types import PeriodReportView
from bundler.errors import TemplateError
from bundler.gate.check import kind_of
from bundler.gate.date_rules import compute_deadlines
from bundler.gate.rule_input import GateContext
from bundler.profile import Profile
from bundler.regulation.papers import BundleKind
from bundler.reports.period_figures import compute_period_figures, facts_of
from bundler.reports.period_report_view import build_period_report_view
from bundler.reports.reporting_period import Period
from bundler.template_check.trial_fill import sample_views
from bundler.template_preview.draft_bundle_pages import BUNDLE_PAGES, draft_bundle_page
from bundler.template_preview.situations import Situation, all_situations
from bundler.word.block_model import Blocks
from bundler.word.docx_reader import read_blocks

ALL_DOCUMENTS: dict[str, DocumentDefinition] = {**DOCUMENTS, **BATCH_DOCUMENTS}
"""Every paper that has a Word template."""
TITLES: dict[str, str] = {**{code: one.title for code, one in ALL_DOCUMENTS.items()}, **BUNDLE_PAGES}
"""The titles of all that is previewed, papers and the bundle's own pages, by code."""
_PERIOD_REPORT, _WRITE_OFF_LIST = "period_report", "write_off_list"
_WHOLE_YEAR = Period(date(2021, 1, 1), date(2021, 12, 31))
_ALL_CASES = "以上各种情形的案件合在一起"


@dataclass(frozen=True, slots=True)
class DraftedPaper:
    """A paper in a situation.

    Attributes:
        situation: the title of the situation; where it has several copies of the paper, with the copy's number.
        blocks: its content, each value with the mark of its source; None where it cannot be drafted.
        problem: why it cannot be drafted, in Chinese.
    """

    situation: str
    blocks: Blocks | None
    problem: str = ""


def template_file(code: str) -> str:
    """Return the file of a template in the folder of templates: acceptance_notice.docx, pages/cover.html."""
    return f"pages/{code}.html" if code in BUNDLE_PAGES else f"{code}.docx"


def draft_in_every_situation(document_id: str, profile: Profile, templates: Path) -> tuple[DraftedPaper, ...]:
    """Draft a paper in every situation that has what it needs; a broken template gives a problem in place of the paper."""
    if document_id in BUNDLE_PAGES:
        return tuple(_draft_page_in_every_situation(document_id, profile, templates))
    document = ALL_DOCUMENTS[document_id]
    if document_id == _PERIOD_REPORT:
        return (_draft_period_report(document, profile, templates),)
    return tuple(
        paper for situation in all_situations(profile) for paper in _draft_in(situation, document, profile, templates)
    )


def _draft_page_in_every_situation(code: str, profile: Profile, templates: Path) -> Iterator[DraftedPaper]:
    for situation in all_situations(profile):
        if code == _WRITE_OFF_LIST and kind_of(situation.case, None) is not BundleKind.WRITE_OFF:
            continue
        for view in list(sample_views(template_file(code), situation.case, profile))[:1]:
            yield _draft_blocks(situation.title, partial(draft_bundle_page, templates / template_file(code), view))


def views_in_every_situation(document_id: str, profile: Profile) -> dict[str, object]:
    """Return what a paper's template may print in each situation that has what it needs, by the title of the situation."""
    document = ALL_DOCUMENTS[document_id]
    if document_id == _PERIOD_REPORT:
        return {_ALL_CASES: _period_report_view(profile)}
    return {
        situation.title: view
        for situation in all_situations(profile)
        if document_id in DOCUMENTS or _prints_batch_document(situation, document)
        for view in list(sample_views(f"{document_id}.docx", situation.case, profile))[:1]
    }


def _prints_batch_document(situation: Situation, document: DocumentDefinition) -> bool:
    case = situation.case
    return case.decision == "accepted" and (document.id != "submission_letter" or case.write_off is not None)


def _draft_in(
    situation: Situation, document: DocumentDefinition, profile: Profile, templates: Path
) -> Iterator[DraftedPaper]:
    case = situation.case
    if document.id in DOCUMENTS:
        if find_missing_fields(document.id, case, profile.regulation):
            return
        # Copies for one service differ in the petitioner alone: the first shows the wording.
        copies = {copy.item: copy for copy in reversed(list_copies(document, case))}
        for number, copy in enumerate(reversed(copies.values()), start=1):
            title = situation.title if len(copies) == 1 else f"{situation.title}（第{number}份）"
            draft = partial(draft_document, case, document, profile, templates, copy)
            yield _draft(title, partial(draft, packed=False, sourced=True))
    elif _prints_batch_document(situation, document):
        for view in sample_views(f"{document.id}.docx", case, profile):
            yield _draft(situation.title, partial(fill_document, document, view, templates, packed=False, sourced=True))


def _draft_period_report(document: DocumentDefinition, profile: Profile, templates: Path) -> DraftedPaper:
    view = _period_report_view(profile)
    return _draft(_ALL_CASES, partial(fill_document, document, view, templates, packed=False, sourced=True))


def _period_report_view(profile: Profile) -> PeriodReportView:
    """The view of the report on a period, which counts the cases of all situations together."""
    cases = [situation.case for situation in all_situations(profile)]
    today = _WHOLE_YEAR.last
    contexts = [GateContext(case, profile, kind_of(case, None), today, {}, {}) for case in cases]
    facts = [
        facts_of(context.case, f"{number}", compute_deadlines(context))
        for number, context in enumerate(contexts, start=1)
    ]
    return build_period_report_view(compute_period_figures(facts, _WHOLE_YEAR, today, profile.regulation), profile)


def _draft(situation: str, draft: Callable[[], bytes]) -> DraftedPaper:
    return _draft_blocks(situation, lambda: read_blocks(draft()))


def _draft_blocks(situation: str, draft: Callable[[], Blocks]) -> DraftedPaper:
    try:
        return DraftedPaper(situation, draft())
    except TemplateError as error:
        return DraftedPaper(situation, None, f"{error.message}{error.fix}")
