"""Which sections of a Word file are supported: those that begin a page, and those that continue like the previous one."""

from __future__ import annotations

from typing import Any

from bundler.word.docx_package import W
from bundler.word.header_pictures import R

_NEW_PAGE = frozenset({"nextPage", "oddPage", "evenPage"})
_SAME = ("pgSz", "pgMar")
"""What two sections on one page must have in common."""


def is_continued(properties: Any) -> bool:  # noqa: ANN401 (an lxml element)
    """Whether a section goes on where the one before it ended, without a new page."""
    return _start(properties) == "continuous"


def _start(properties: Any) -> str:  # noqa: ANN401 (an lxml element)
    kind = None if properties is None else properties.find(f"{W}type")
    return "nextPage" if kind is None else str(kind.get(f"{W}val", "nextPage"))


def is_plain_section(node: Any) -> bool:  # noqa: ANN401 (an lxml element)
    """Whether a section begins a page, or goes on with the page, the headers and the footers of the one before it.

    Args:
        node: the section's ``w:sectPr`` element.
    """
    ancestors = [ancestor.tag for _, ancestor in zip(range(3), node.iterancestors(), strict=False)]
    if ancestors[:1] != [f"{W}body"] and ancestors != [f"{W}pPr", f"{W}p", f"{W}body"]:
        return False
    body = next(node.iterancestors(f"{W}body"))
    sections = [*body.iterfind(f"{W}p/{W}pPr/{W}sectPr"), *body.iterfind(f"{W}sectPr")]
    place = sections.index(node)
    if place == 0 or _start(node) in _NEW_PAGE:
        return True
    return is_continued(node) and _goes_on_like(sections[place - 1], node)


def _goes_on_like(before: Any, node: Any) -> bool:  # noqa: ANN401 (lxml elements)
    """Whether a section on the same page has the same paper and margins, and no headers or footers of its own."""
    for name in _SAME:
        one, other = before.find(f"{W}{name}"), node.find(f"{W}{name}")
        if (one is None) != (other is None) or (one is not None and dict(one.attrib) != dict(other.attrib)):
            return False
    return all(
        _references(node, kind) in ({}, _references(before, kind)) for kind in ("headerReference", "footerReference")
    )


def _references(node: Any, kind: str) -> dict[str, str]:  # noqa: ANN401 (an lxml element)
    return {n.get(f"{W}type", "default"): n.get(f"{R}id", "") for n in node.findall(f"{W}{kind}")}
