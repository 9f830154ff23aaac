"""The structure of a PDF, read by two libraries that share no code, so that what they disagree about can be reported.

Viewers read a broken structure each in its own way: what one library finds is not what every reader sees. pikepdf (qpdf, in
C++) and pypdf (in Python) both read the pages, their labels, the outline, the embedded files and the annotations; pypdf does so in the module beside.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pikepdf

from bundler.digest import sha256_of

MAX_ENTRIES = 50_000
_MAX_DEPTH = 100
_ERRORS = (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, RuntimeError, OverflowError)


@dataclass(frozen=True, slots=True)
class OutlineItem:
    """An entry of the outline.

    Attributes:
        level: its depth in the tree, from 0.
        title: its text.
        page: the index of the page to which it leads; None where it leads to none.
        has_children: entries lie below it.
    """

    level: int
    title: str
    page: int | None
    has_children: bool


@dataclass(frozen=True, slots=True)
class Structure:
    """The structure of a PDF as one library reads it.

    Attributes:
        pages: the object numbers of the pages, in order.
        labels: the label of each page.
        outline: the entries of the outline, each before those below it.
        embedded: name and SHA-256 of each embedded file, sorted.
        annotations: for each page, the kind of each annotation and the index of the page to which it leads.
    """

    pages: tuple[int, ...]
    labels: tuple[str, ...]
    outline: tuple[OutlineItem, ...]
    embedded: tuple[tuple[str, str], ...]
    annotations: tuple[tuple[tuple[str, int | None], ...], ...]

    @property
    def comparable(self) -> Structure:
        """The structure without what another file with the same pages has otherwise.

        That are object numbers, the digests of embedded files, and the field of an invisible signature.
        """
        return replace(
            self,
            pages=(0,) * len(self.pages),
            embedded=tuple((name, "") for name, _ in self.embedded),
            annotations=tuple(tuple(one for one in page if one != _WIDGET) for page in self.annotations),
        )


_WIDGET = ("/Widget", None)
PARTS = {
    "pages": "页面及次序",
    "labels": "页面标签",
    "outline": "书签",
    "embedded": "随附的文件",
    "annotations": "链接和批注",
}
"""What the parts of a structure are called in messages."""


def find_differences(one: Structure, other: Structure) -> tuple[str, ...]:
    """The parts of two structures that differ, in Chinese."""
    return tuple(text for name, text in PARTS.items() if getattr(one, name) != getattr(other, name))


def has_false_counts(pdf: pikepdf.Pdf) -> bool:
    """Whether a node of the page tree states another number of pages than it has, or none.

    Viewers that trust these numbers show other pages than those that count. Open the file without
    ``inherit_page_attributes``, and call this before its pages are used: both repair the tree.
    """
    try:
        root: Any = pdf.Root.Pages
        return _count_leaves(root, 0) is None
    except (*_ERRORS, RecursionError):
        return True


def _count_leaves(node: Any, depth: int) -> int | None:  # noqa: ANN401 (a PDF object)
    """The number of pages below a node; None where a node states another."""
    if "/Kids" not in node:
        return 1
    if depth > _MAX_DEPTH:
        return None
    counts = [_count_leaves(kid, depth + 1) for kid in node.Kids]
    if None in counts or isinstance(node.Count, bool) or not isinstance(node.Count, int):
        return None
    found = sum(count or 0 for count in counts)
    return found if node.Count == found else None


def read_structure(pdf: pikepdf.Pdf, labels: list[str], embedded: list[tuple[str, bytes]]) -> Structure:
    """Read the structure of a file with pikepdf.

    Args:
        pdf: the file.
        labels: the labels of its pages.
        embedded: name and bytes of each embedded file.
    """
    indices = {page.obj.objgen: index for index, page in enumerate(pdf.pages)}
    return Structure(
        pages=tuple(page.obj.objgen[0] for page in pdf.pages),
        labels=tuple(labels),
        outline=tuple(_outline(pdf, indices)),
        embedded=tuple(sorted((name, sha256_of(data)) for name, data in embedded)),
        annotations=tuple(tuple(_annotations(page.obj, indices)) for page in pdf.pages),
    )


def _outline(pdf: pikepdf.Pdf, indices: dict[tuple[int, int], int]) -> Iterator[OutlineItem]:
    """The entries of the outline, up to `MAX_ENTRIES`; a loop is left."""
    seen: set[tuple[int, int]] = set()
    try:
        stack: list[tuple[Any, int]] = [(pdf.Root.Outlines.First, 0)]
        while stack and len(seen) < MAX_ENTRIES:
            entry, level = stack.pop()
            if entry.objgen in seen:
                continue
            seen.add(entry.objgen)
            if "/Next" in entry:
                stack.append((entry.Next, level))
            has_children = "/First" in entry
            if has_children:
                stack.append((entry.First, level + 1))
            yield OutlineItem(level, str(entry.get("/Title", "")), _page_of(entry.get("/Dest"), indices), has_children)
    except _ERRORS:
        return


def _annotations(page: Any, indices: dict[tuple[int, int], int]) -> Iterator[tuple[str, int | None]]:  # noqa: ANN401
    try:
        for annotation in page.get("/Annots", []):
            yield str(annotation.get("/Subtype", "")), _page_of(annotation.get("/Dest"), indices)
    except _ERRORS:
        return


def _page_of(destination: Any, indices: dict[tuple[int, int], int]) -> int | None:  # noqa: ANN401 (a PDF object)
    """The index of the page to which a destination leads."""
    if not isinstance(destination, pikepdf.Array) or not len(destination):
        return None
    first: Any = destination[0]
    return indices.get(first.objgen) if isinstance(first, pikepdf.Object) else None
