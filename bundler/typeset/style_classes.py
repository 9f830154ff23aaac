"""CSS classes for the look of Word blocks."""

from __future__ import annotations

from collections.abc import Mapping

from bundler.word.block_model import Border


class StyleClasses:
    """One CSS class for each distinct set of declarations, so that WeasyPrint computes equal styles once."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def class_for(self, declarations: str) -> str:
        """Return the class that has these declarations."""
        return self._names.setdefault(declarations, f"look{len(self._names)}")

    def css(self) -> str:
        """Return the rules of all classes."""
        return "".join(f".{name} {{ {declarations} }}\n" for declarations, name in self._names.items())

    @property
    def looks(self) -> Mapping[str, str]:
        """The name of each class by its declarations."""
        return self._names


def border_css(border: Border | None) -> str:
    """Return the value of a CSS border property."""
    return "none" if border is None else f"{border.width:g}pt {border.style} #{border.colour}"
