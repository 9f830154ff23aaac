"""Draft the bundle's own pages (cover, index and the like) in a situation, as blocks: their words in plain paragraphs and tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from jinja2 import TemplateError as JinjaError
from lxml import etree, html

from bundler.documents.jinja_environment import create_environment, explain_error
from bundler.documents.trace_printed_values import FILTER, ValueSources
from bundler.documents.views.record_fields import fields_by_name
from bundler.errors import TemplateError
from bundler.file_reading import read_bounded
from bundler.word.block_model import Blocks, Cell, Paragraph, Row, Run, Table

BUNDLE_PAGES = {
    "cover": "卷宗封面",
    "index": "卷内目录",
    "write_off_list": "核销材料清单",
    "closing_note": "卷内备考表",
    "absent_note": "缺件情况说明",
}
"""The pages with their Chinese titles."""
_MAX_BYTES = 1024 * 1024
_BODY_WIDTH = 442.0
"""Points between the side margins of a page."""
_SIZES = {"h1": 18.0, "h2": 16.0}
_SIZE = 11.0
_CENTRED = frozenset({"h1", "h2"})


def draft_bundle_page(path: Path, view: object) -> Blocks:
    """Fill the HTML template of a page, and return its words with the source of each value marked.

    Raises:
        TemplateError: the template is missing or broken, or names what the view does not have.
    """
    environment = create_environment()
    sources = ValueSources(type(view))
    environment.filters[FILTER] = sources.mark
    try:
        numbered = sources.number(read_bounded(path, _MAX_BYTES, follow=True).decode())
        sources.read(environment.parse(numbered))
        filled = environment.from_string(numbered).render(fields_by_name(view))
    except JinjaError as error:
        raise TemplateError(
            f"卷页模板“{path.name}”填不了：{explain_error(error)}。", fix="请检查模板里的名称和标记。"
        ) from error
    except (OSError, UnicodeDecodeError, TypeError, ValueError, KeyError) as error:
        raise TemplateError(f"卷页模板“{path.name}”读不了，或者填不了。", fix="请检查模板文件夹里的 pages。") from error
    return Blocks(tuple(_blocks_of(html.fragment_fromstring(filled, create_parent="div"))))


def _blocks_of(element: html.HtmlElement) -> Iterator[Paragraph | Table]:
    """The paragraphs and tables of an element; an element without either is one paragraph."""
    own = [child for child in element if child.tag in {"p", "h1", "h2", "div", "table"}]
    if not own:
        yield _paragraph(element)
    for child in own:
        if child.tag == "table":
            yield _table(child)
        elif child.tag == "div":
            yield from _blocks_of(child)
        else:
            yield _paragraph(child)


def _paragraph(element: html.HtmlElement) -> Paragraph:
    text = "".join(element.itertext()).strip("\n ")
    size = _SIZES.get(str(element.tag), _SIZE)
    runs = (Run(text, "仿宋", size, element.tag in _CENTRED, 0),) if text else ()
    return Paragraph(
        str(element.tag), runs, align="center" if element.tag in _CENTRED else "left", before=2, after=2, size=size
    )


def _table(element: etree._Element) -> Table:
    rows = [row for row in element.iter("tr") if next(row.iterancestors("table")) is element]
    cells = [[cell for cell in row if cell.tag in {"td", "th"}] for row in rows]
    count = max((sum(_columns(cell) for cell in row) for row in cells), default=1)
    return Table(
        (_BODY_WIDTH / count,) * count,
        tuple(Row(tuple(Cell(tuple(_blocks_of(cell)), _columns(cell), middle=True) for cell in row)) for row in cells),
    )


def _columns(cell: etree._Element) -> int:
    return int(cell.get("colspan", "1"))
