"""The Word papers of a bundle, drafted or the clerk's own: from here both go the same way, as blocks to be set."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bundler.assembly.examined import Examined
from bundler.bind.plan import BoundPaper, Origin
from bundler.documents.catalogue import DOCUMENTS
from bundler.documents.render import draft
from bundler.word.blocks import Blocks, Drafted, read_blocks

_WORD = {Origin.GENERATED, Origin.WORD_FILE}


def drafted(examined: Examined, papers: Sequence[BoundPaper], templates: Path) -> Drafted:
    """Those of some papers that are Word files, as blocks.

    Raises:
        TemplateError: a template is broken.
        FileChangedError: a Word file is no longer the one that was checked.
    """
    return [(paper.key, _blocks(examined, paper, templates)) for paper in papers if paper.origin in _WORD]


def _blocks(examined: Examined, paper: BoundPaper, templates: Path) -> Blocks:
    if paper.material is None:
        data = draft(examined.case, DOCUMENTS[paper.document], examined.profile, templates, packed=False)
    else:
        data = examined.bytes_of(paper.material.file)
    return read_blocks(data)
