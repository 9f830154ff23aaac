"""Which volume (卷) a bundle is, the whole (全卷) or the part that the parties may inspect (正卷), and which papers it has."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from bundler.regulation.papers import ANNEX_ITEMS, Item


class VolumeScope(StrEnum):
    """Which volume a bundle is."""

    WHOLE = "whole"
    MAIN = "main"
    """正卷: without the court's internal papers, which the parties may not see."""

    @property
    def label(self) -> str:
        """Its name on the cover and the command line."""
        return "正卷" if self is VolumeScope.MAIN else "全卷"


def belongs_to_volume(items: Iterable[Item], scope: VolumeScope) -> bool:
    """Whether a paper that serves these items belongs to a volume."""
    return scope is VolumeScope.WHOLE or not set(items) & ANNEX_ITEMS
