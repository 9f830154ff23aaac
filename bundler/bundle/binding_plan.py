"""What a bundle is made of: its papers in binding order, and the Word papers among them drafted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bundler.bind.binding_order import BoundPaper, Origin, Section, arrange_papers, paper_of, papers_of
from bundler.bind.volume_scope import VolumeScope, belongs_to_volume
from bundler.bind.volumes_and_books import select_volume
from bundler.documents.definitions import DOCUMENTS
from bundler.documents.drafting import draft_document
from bundler.errors import CaseError
from bundler.regulation.papers import Item
from bundler.word.block_model import Blocks
from bundler.word.docx_reader import read_blocks

if TYPE_CHECKING:
    from bundler.bundle.read_and_check_case import CheckedCase
    from bundler.manifest.model import Manifest

_WORD_ORIGINS = {Origin.GENERATED, Origin.WORD_FILE}


@dataclass(frozen=True, slots=True)
class BindingPlan:
    """The papers of one bundle.

    Attributes:
        sections: the papers that are bound, by item and in order.
        left_out: the papers that a 正卷 leaves out.
    """

    sections: tuple[Section, ...]
    left_out: tuple[BoundPaper, ...] = ()

    @property
    def papers(self) -> tuple[BoundPaper, ...]:
        """All papers that are bound, in order."""
        return papers_of(self.sections)


def plan_bundle(checked: CheckedCase, scope: VolumeScope) -> BindingPlan:
    """Plan the whole bundle of a complete case, or its 正卷."""
    sections = arrange_papers(checked.case, checked.check_result.kind, checked.records, checked.profile.regulation)
    return BindingPlan(*select_volume(sections, scope))


def plan_supplement(checked: CheckedCase, earlier: Manifest) -> BindingPlan:
    """Plan a supplement: the case's materials that the earlier bundle neither holds nor leaves out.

    Raises:
        CaseError: there are none.
    """
    known = {(one.sha256, one.pages) for one in earlier.sources} | {(one.sha256, one.pages) for one in earlier.left_out}
    papers = tuple(
        paper_of(checked.case, index, material.items[0], checked.records, checked.profile.regulation)
        for index, material in enumerate(checked.case.materials)
        if (checked.records[material.file].sha256, material.pages) not in known
        and belongs_to_volume(material.items, earlier.volume)
    )
    if not papers:
        raise CaseError("案件里没有旧卷以外的新材料，没有成卷。", fix="请先把新材料放进案件文件夹，并列入材料。")
    return BindingPlan((Section(Item.OTHER, papers),))


def draft_word_papers(
    checked: CheckedCase, papers: Sequence[BoundPaper], templates: Path
) -> Iterator[tuple[str, Blocks]]:
    """Turn the Word files among some papers into blocks, both those that a template makes and those that are attached.

    Each is drafted when it is asked for, so that another process can typeset one while the next is drafted.

    Raises:
        TemplateError: a template is broken.
        FileChangedError: an attached Word file has changed since the check.
    """
    return ((paper.key, _read_paper(checked, paper, templates)) for paper in papers if paper.origin in _WORD_ORIGINS)


def _read_paper(checked: CheckedCase, paper: BoundPaper, templates: Path) -> Blocks:
    if paper.material is None:
        data = draft_document(checked.case, DOCUMENTS[paper.document], checked.profile, templates, packed=False)
    else:
        data = checked.checked_bytes(paper.material.file)
    return read_blocks(data)
