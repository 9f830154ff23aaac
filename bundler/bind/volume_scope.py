"""Which volume a bundle is."""

from __future__ import annotations

from enum import StrEnum


class VolumeScope(StrEnum):
    """Which volume a bundle is."""

    WHOLE = "whole"
    MAIN = "main"
    """正卷: without the court's inner business, which the parties are not shown."""

    @property
    def label(self) -> str:
        """Its name on the cover and the command line."""
        return "正卷" if self is VolumeScope.MAIN else "全卷"
