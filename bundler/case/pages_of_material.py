"""Pages of a file: which of them a material uses, and how a message lists them."""

from __future__ import annotations

from bundler.case.model import Material


def page_span(material: Material, total: int) -> tuple[int, int]:
    """The first and last page of a file that a material uses, counted from 1."""
    if material.pages is None:
        return 1, max(total, 1)
    first, _, last = material.pages.partition("-")
    return int(first), int(last or first)


def list_pages(pages: tuple[int, ...], most: int = 8) -> str:
    """The pages of a message; of many only the first, and how many they are."""
    shown = "、".join(map(str, pages[:most]))
    return f"{shown}等{len(pages)}" if len(pages) > most else shown
