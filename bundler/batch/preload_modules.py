"""Imported by the fork server before it forks workers: loads every module that a case needs, and uses none of them.

A library that has run may have started a thread, as Pango does for its fonts; a worker forked from such a process waits
for a thread that it does not have. So each worker typesets its own first page, which costs it some hundredths of a second.
"""

from __future__ import annotations

import contextlib

import chinese_calendar.constants

import bundler.batch.case_processing
import bundler.batch.run
import bundler.bind.image_to_pdf
import bundler.bundle.binding_plan
import bundler.bundle.build
import bundler.documents.drafting
import bundler.ledger.case_change_log
import bundler.materials.file_inspection
import bundler.materials.image_inspection
import bundler.materials.pdf_inspection
import bundler.materials.rasterise
from bundler.bundle.build import import_libraries
from bundler.case.model import Case
from bundler.cover_and_index.fill_page_template import read_page_style
from bundler.documents.definitions import find_templates_folder
from bundler.typeset.typesetter import keep_page_style

__all__ = ["bundler", "chinese_calendar"]

Case.model_rebuild()
with contextlib.suppress(Exception):
    # A problem of fonts or libraries is reported when a case runs into it.
    import_libraries()
    keep_page_style(read_page_style(find_templates_folder(None)))
