"""Fill a Word template in a sandbox: undefined names are errors, values are printed exactly as given."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Container
from pathlib import Path
from typing import Any

from docx.opc import phys_pkg
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docxtpl import DocxTemplate
from jinja2 import TemplateError
from lxml.etree import XMLSyntaxError

from bundler import __version__, cache, errors
from bundler.digest import sha256_of
from bundler.documents.jinja_environment import create_environment, explain_error
from bundler.documents.prepared_templates import READ_ONLY, cache_name, fill_prepared, load_prepared, store_prepared
from bundler.documents.qr_code import draw_qr_code
from bundler.documents.shared_template_passages import insert_blocks, read_blocks_bytes
from bundler.documents.trace_printed_values import FILTER, ValueSources
from bundler.documents.views.record_fields import fields_by_name
from bundler.file_reading import read_bounded
from bundler.reproducible_zip import reproducible_zip, write_zip
from bundler.word.docx_package import PackageError, parse_part_cached, read_parts

vars(phys_pkg)["ZIP_DEFLATED"] = zipfile.ZIP_STORED
"""`reproducible_zip` packs the file again at once, so python-docx need not compress it."""

QR_NAME = "二维码"
_MAX_BYTES = 8 * 1024 * 1024
_EDGES = (qn("w:headerReference"), qn("w:footerReference"))
_TABLE_END = "表尾"
"""The style of a paragraph that ends a file after a table."""
_SMALL_PARAGRAPH = (
    f'<w:p {nsdecls("w")}><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
    '<w:rPr><w:sz w:val="2"/></w:rPr></w:pPr></w:p>'
)


def _mark_paragraphs(value: object) -> object:
    """Turn each line break of a value into the mark from which docxtpl makes a new paragraph."""
    if not isinstance(value, str):
        return value
    broken = value.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\a")
    return type(value)(broken)


class WordTemplate(DocxTemplate):  # type: ignore[misc] # docxtpl has no types
    """A template that may insert the building blocks of its folder."""

    folder: Path

    def __init__(self, data: Any) -> None:  # noqa: ANN401 (a path or a file)
        super().__init__(data)
        self.sources_of_parts: list[str] = []

    def patch_xml(self, src_xml: str) -> str:
        """Give the XML that Jinja gets, with the text of the blocks in the places that name them."""
        self.sources_of_parts.append(insert_blocks(super().patch_xml(src_xml), self.folder))
        return self.sources_of_parts[-1]


class _SourcedTemplate(WordTemplate):
    """A template whose printed values are marked with their sources."""

    sources: ValueSources

    def render_xml_part(self, src_xml: str, part: Any, context: Any, jinja_env: Any = None) -> Any:  # noqa: ANN401 (docxtpl's)
        """Number the expressions, follow them to their fields, and fill them."""
        numbered = self.sources.number(src_xml)
        self.sources.read(jinja_env.parse(numbered))
        return super().render_xml_part(numbered, part, context, jinja_env)


def _open(template: Path, data: bytes, view: object, environment: Any, *, sourced: bool) -> WordTemplate:  # noqa: ANN401 (jinja2's)
    _refuse_entities(data)
    file = io.BytesIO(data)
    document = _SourcedTemplate(file) if sourced else WordTemplate(file)
    document.folder = template.parent
    if isinstance(document, _SourcedTemplate):
        document.sources = ValueSources(type(view))
        environment.filters[FILTER] = document.sources.mark
    return document


def fill_template(template: Path, view: object, code: str = "", *, packed: bool = True, sourced: bool = False) -> bytes:
    """Fill a Word template; the same view gives the same bytes.

    Args:
        template: the Word template.
        view: a record of plain data; its fields are the names that the template uses.
        code: the text of the QR code that replaces the template's picture named 二维码; empty: no QR code.
        packed: whether to compress the file; one that is read at once and not stored need not be, and it may lack
            parts that are not read.
        sourced: whether to mark each value with the field that it comes from, for the proof-reader's view.

    Raises:
        TemplateError: the template is missing or broken, or names what the view does not have.
    """
    try:
        data = read_bounded(template, _MAX_BYTES)
        name = "" if sourced else cache_name(data, read_blocks_bytes(template.parent))
        prepared = load_prepared(name if packed else READ_ONLY + name) if name else None
        environment = create_environment(_mark_paragraphs)
        picture = (QR_NAME, draw_qr_code(code)) if code else None
        if prepared is not None:
            filled = fill_prepared(prepared, fields_by_name(view), environment, picture, _settle_pages)
            return write_zip(filled.items(), packed=packed)
        document = _open(template, data, view, environment, sourced=sourced)
        document.allow_missing_pics = True
        if picture is not None:
            document.replace_pic(picture[0], io.BytesIO(picture[1]))
        document.render(fields_by_name(view), jinja_env=environment, autoescape=True)
        _settle_pages(document.docx.element.body, {style.style_id for style in document.docx.styles})
    except TemplateError as error:
        raise errors.TemplateError(
            f"模板“{template.name}”填不了：{explain_error(error)}。", fix="请检查模板里的名称和标记。"
        ) from error
    except ArithmeticError as error:
        raise errors.TemplateError(
            f"模板“{template.name}”填不了：有一处计算不出来。", fix="请运行 bundler templates check，按提示改好。"
        ) from error
    except (OSError, KeyError, ValueError, TypeError, zipfile.BadZipFile, XMLSyntaxError, PackageError) as error:
        raise errors.TemplateError(f"模板“{template.name}”读不了。", fix="请检查模板文件夹。") from error
    target = io.BytesIO()
    document.save(target)
    if name:
        store_prepared(name, document, document.sources_of_parts, data, target.getvalue(), {_TABLE_END})
    return reproducible_zip(target.getvalue(), packed=packed)


def _settle_pages(body: Any, styles: Container[str]) -> None:  # noqa: ANN401 (python-docx's)
    """Make Word and LibreOffice break the pages of a document as the typesetter does.

    Where a table comes last, both put an empty paragraph after it, which would take a page of its own if the table fills
    one: it gets a height of one point. LibreOffice 25.2 shows the other pages' footer on the first page, too, where both
    are listed before the headers: headers and footers are listed in pairs.
    """
    last = body.find(qn("w:sectPr"))  # the filled body need not be python-docx's own kind of element
    if last is None:
        return
    before = last.getprevious()
    if before is not None and before.tag == qn("w:tbl"):
        paragraph = parse_xml(_SMALL_PARAGRAPH)
        if _TABLE_END in styles:  # in the shipped templates whose tables may come last; a court's own may lack it
            paragraph[0].insert(0, parse_xml(f'<w:pStyle {nsdecls("w")} w:val="{_TABLE_END}"/>'))
        last.addprevious(paragraph)
    for section in body.iter(qn("w:sectPr")):
        references = [one for one in section if one.tag in _EDGES]
        for place, one in enumerate(
            sorted(references, key=lambda one: (str(one.get(qn("w:type"))), one.tag == _EDGES[1]))
        ):
            section.insert(place, one)


def _refuse_entities(data: bytes) -> None:
    """Refuse a template whose XML declares an entity; the cache remembers checked ones by digest."""
    name = f"plain-{sha256_of(__version__.encode() + data)}"
    if cache.load(name) is None:
        _parse_all_parts(data)
        cache.store(name, b"plain")


def _parse_all_parts(data: bytes) -> None:
    """Parse every XML part once; the parser refuses entities."""
    for name, part in read_parts(data).items():
        if name.endswith((".xml", ".rels")):
            parse_part_cached(part)
