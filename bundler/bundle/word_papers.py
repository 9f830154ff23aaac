"""The Word papers of a bundle, drafted or the clerk's own: from here both go the same way, as blocks to be set."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bundler.bind.binding_order import BoundPaper, Origin
from bundler.bundle.check import CheckedCase
from bundler.documents.definitions import DOCUMENTS
from bundler.documents.drafting import draft_document
from bundler.word.blocks import Blocks, WordPapers
from bundler.word.docx_reader import read_blocks

_WORD = {Origin.GENERATED, Origin.WORD_FILE}


def draft_word_papers(examined: CheckedCase, papers: Sequence[BoundPaper], templates: Path) -> WordPapers:
    """Those of some papers that are Word files, as blocks.

    Raises:
        TemplateError: a template is broken.
        FileChangedError: a Word file is no longer the one that was checked.
    """
    return [(paper.key, _blocks(examined, paper, templates)) for paper in papers if paper.origin in _WORD]


def _blocks(examined: CheckedCase, paper: BoundPaper, templates: Path) -> Blocks:
    if paper.material is None:
        data = draft_document(examined.case, DOCUMENTS[paper.document], examined.profile, templates, packed=False)
    else:
        data = examined.checked_bytes(paper.material.file)
    return read_blocks(data)
