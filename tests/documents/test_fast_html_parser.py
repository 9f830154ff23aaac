"""Pages that the XML parser reads have the tree that the rules of browsers give; all others are left to those rules."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest
import tinyhtml5

from bundler.typeset.fast_html_parser import parse_plain_html
from tests.support.paths import ROOT

TEMPLATES = ROOT / "templates"
ALIKE = (
    "",
    "甲",
    "<p>甲<br>乙<br/>丙</p>\n<hr>",
    "<table><tr><td>甲</td></tr>\n<tr><td>乙</td></tr></table>",
    '<table>\n<colgroup><col style="width: 1mm"><col></colgroup>\n<thead><tr><th>甲</th></tr></thead>\n<tr><td></td></tr>\n</table>后',
    "<table><tr><td><table><tr><td>内</td></tr></table></td></tr><tbody><tr><td>乙</td></tr></tbody><tr><td>丙</td></tr></table>",
    '<p><b>甲<i>乙</i></b> <a href="urn:folio:1&amp;2">丙</a> &lt;丁&gt; "戊"</p>',
    '<section class="page cover" id="a"><h1>甲</h1><div class="top"><span>乙</span></div></section>',
)
"""Content of pages that is read as XML."""
LEFT = (
    "<p>甲<p>乙",
    "<p>甲<div>乙</div></p>",
    "<table>甲<tr><td>乙</td></tr></table>",
    "<table><tr><td>甲</table>",
    "<table><caption>甲</caption></table>",
    "<span class='a'>甲</span>",
    '<span title="甲\n乙">甲</span>',
    "<span/>甲",
    "<B>甲</B>",
    '<p CLASS="a">甲</p>',
    "甲&nbsp;乙",
    "&#65;",
    "<!-- 甲 -->乙",
    "甲<br></br>乙",
    "<ul><li>甲</li></ul>",
    '<svg viewBox="0 0 1 1"><rect/></svg>',
    "<a>甲<b><a>乙</a></b></a>",
    "甲\r\n乙",
    '<img alt="a>b">',
    "<b><p>甲</p></b>",
    "<script>甲</script>",
    '<p xmlns="urn:x">甲</p>',
    "<textarea>\n甲</textarea>",
)
"""Content that XML reads otherwise, or that is not worth a rule."""


def browser_tree(body: str) -> str:
    """The body as the rules of browsers give it."""
    root = tinyhtml5.parse(f'<!doctype html><meta charset="utf-8"><body>{body}', namespace_html_elements=False)
    return ET.tostring(root[1], encoding="unicode")


def plain_tree(body: str) -> str | None:
    """The body as the XML parser gives it; None where it is left to the rules of browsers."""
    root = parse_plain_html(body)
    return None if root is None else ET.tostring(root, encoding="unicode")


@pytest.mark.parametrize("body", ALIKE)
def test_plain_content_has_the_tree_of_the_browsers_rules(body: str) -> None:
    """Rows without a group get one, void tags need no end."""
    assert plain_tree(body) == browser_tree(body)


@pytest.mark.parametrize("body", LEFT)
def test_other_content_is_left_to_the_browsers_rules(body: str) -> None:
    """Whatever may have another tree, or stands in no rule."""
    assert plain_tree(body) is None


def pages() -> Iterator[str]:
    """The shipped pages of a bundle, as they are sent to the typesetter, without their tags."""
    for path in sorted((TEMPLATES / "pages").glob("*.html")):
        if path.name != "report.html":  # it has drawings
            yield path.name


@pytest.mark.parametrize("name", list(pages()))
def test_the_pages_of_a_bundle_are_read_as_xml(name: str) -> None:
    """Each shipped page is plain, filled with an example of everything."""
    from bundler.cover_and_index.fill_page_template import fill_page
    from bundler.template_check.example_views import example_views
    from bundler.template_check.template_contracts import contracts

    for view in example_views(contracts()[f"pages/{name}"], frozenset()):
        body = f'<section class="page" id="a">{fill_page(TEMPLATES, name.removesuffix(".html"), view)}</section>'
        assert plain_tree(body) == browser_tree(body)
