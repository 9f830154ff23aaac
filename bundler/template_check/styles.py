"""Styles by name: a template's look is kept in them, so each one that is used has to be there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

from bundler.template_check.problems import nearest
from bundler.template_check.tokens import Location, PartProblem

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_USES = (f"{W}pStyle", f"{W}rStyle", f"{W}tblStyle")


def undefined_styles(
    paragraph: etree._Element, place: Location, styles: etree._Element | None
) -> Iterator[PartProblem]:
    """Styles that a paragraph, its words or its table name, and the file does not define."""
    known = _known(styles)
    table = next(paragraph.iterancestors(f"{W}tbl"), None)
    named = [*paragraph.iter(*_USES), *([] if table is None else table.iterfind(f"{W}tblPr/{W}tblStyle"))]
    for name in dict.fromkeys(node.get(f"{W}val", "") for node in named):
        if name not in known:
            near = nearest(name, known)
            yield PartProblem(
                place, name, f"没有定义“{name}”这个样式", known.get(near) or "在 Word 的样式里选一个已有的"
            )


@lru_cache(maxsize=4)
def _known(styles: etree._Element | None) -> dict[str, str]:
    """The defined styles: what people call each, by its id."""
    if styles is None:
        return {}
    nodes = [(node.get(f"{W}styleId", ""), node.find(f"{W}name")) for node in styles.iter(f"{W}style")]
    return {key: key if name is None else name.get(f"{W}val", key) for key, name in nodes}
