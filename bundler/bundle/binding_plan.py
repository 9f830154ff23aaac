"""What is bound of a case, and in which order: asked by those who draft its papers and by those who set them."""

from __future__ import annotations

from bundler.bind.binding_order import BoundPaper, Section, arrange_papers
from bundler.bind.volume_scope import VolumeScope
from bundler.bind.volume_split import select_volume
from bundler.bundle.check import CheckedCase


def binding_plan(examined: CheckedCase, scope: VolumeScope) -> tuple[tuple[Section, ...], tuple[BoundPaper, ...]]:
    """The sections of a complete case that a volume shows, and the papers that it leaves out."""
    return select_volume(arrange_papers(examined.case, examined.check_result.kind, examined.records), scope)
