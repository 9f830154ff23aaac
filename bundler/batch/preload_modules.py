"""Imported by the fork server before it forks workers: loads every module that a case needs.

A library that has run may have started a thread, as Pango does for its fonts; a worker forked from such a process waits
for a thread that it does not have. So each worker typesets its own first page, which costs it some hundredths of a second.
What is known to start no thread is done once for an invented case: its rules are applied and the papers that most
write-offs need are drafted, and the workers have the templates, styles and calendars that were read for that.
"""

from __future__ import annotations

import contextlib
from datetime import date

import chinese_calendar.constants
from pydantic import BaseModel

import bundler.batch.case_processing
import bundler.batch.publish_reports
import bundler.batch.run
import bundler.bind.image_to_pdf
import bundler.bundle.binding_plan
import bundler.bundle.build
import bundler.bundle.kept_typesetter
import bundler.documents.drafting
import bundler.ledger.case_change_log
import bundler.materials.file_inspection
import bundler.materials.image_inspection
import bundler.materials.pdf_inspection
import bundler.materials.rasterise
from bundler.bundle.build import import_libraries
from bundler.case.reader import read_case
from bundler.cover_and_index.fill_page_template import read_page_style
from bundler.documents.definitions import DOCUMENTS, find_missing_fields, find_samples_folder, find_templates_folder
from bundler.documents.drafting import draft_document
from bundler.file_inspection_record import PDF, FileRecord
from bundler.fonts.coverage import find_missing_glyphs
from bundler.gate.check import apply_rules, kind_of
from bundler.gate.rule_input import GateContext
from bundler.profile import load_profile
from bundler.typeset.typesetter import parse_styles
from bundler.word.docx_reader import read_blocks

__all__ = ["bundler", "chinese_calendar"]

_SAMPLE, _DAY = "write-off-complete", date(2021, 12, 20)
_DRAFTED = ("registration_form", "reply_opinion", "measures_statement", "write_off_request")
"""What is drafted in most write-offs; with a court's own templates, other papers cost as much as ever."""


def complete_models(base: type[BaseModel]) -> None:
    """Make the validators of all records that derive from one; pydantic would make each at its first use, in every worker."""
    for model in base.__subclasses__():
        model.model_rebuild()
        complete_models(model)


def check_and_draft_sample() -> None:
    """Check the facts of an invented case, and draft its papers; nothing is typeset and no attached file is opened."""
    profile, templates = load_profile(None), find_templates_folder(None)
    reading = read_case(str(find_samples_folder() / _SAMPLE))
    case = reading.case
    if case is None:
        return
    records = {material.file: FileRecord(material.file, media_type=PDF) for material in case.materials}
    context = GateContext(
        case=case,
        profile=profile,
        kind=kind_of(case, None),
        today=_DAY,
        records=records,
        values=reading.values,
        missing_glyphs=find_missing_glyphs,
    )
    apply_rules(reading, context)
    papers = [
        (name, read_blocks(draft_document(case, DOCUMENTS[name], profile, templates, packed=False)))
        for name in _DRAFTED
        if not find_missing_fields(name, case, profile.regulation)
    ]
    parse_styles(papers, read_page_style(templates))


with contextlib.suppress(Exception):
    # A problem of fonts, templates or libraries is reported when a case runs into it.
    import_libraries()
    complete_models(BaseModel)
    check_and_draft_sample()
