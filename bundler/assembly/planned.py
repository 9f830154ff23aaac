"""What is bound of a case, and in which order: asked by those who draft its papers and by those who set them."""

from __future__ import annotations

from bundler.assembly.examined import Examined
from bundler.bind.plan import BoundPaper, Section, arrange
from bundler.bind.scope import Scope
from bundler.bind.volumes import scoped


def planned(examined: Examined, scope: Scope) -> tuple[tuple[Section, ...], tuple[BoundPaper, ...]]:
    """The sections of a complete case that a volume shows, and the papers that it leaves out."""
    return scoped(arrange(examined.case, examined.verdict.kind, examined.records), scope)
