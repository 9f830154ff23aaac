"""Keep what filling a Word template learns of the template alone, so that the next filling need not find it out again.

docxtpl opens the package, parses each part, makes Jinja's text of the body, the headers and the footers, and writes every
part again. All of it but the filling itself is the same for every case. Of a template that was filled once the cache keeps
the parts as they were written, and Jinja's text of those that are filled; the files made of these are byte for byte
those of docxtpl (`tests/documents/test_prepared_templates.py`), in a third of the time. The key is the digest of all
that it depends on; nothing of a case is kept.
"""

from __future__ import annotations

import hashlib
import io
import marshal
import posixpath
import re
import sys
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache as cache_result
from pathlib import Path
from typing import Any

import docx
import docxtpl
from docx.opc.constants import CONTENT_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.oxml.ns import nsmap, qn
from docx.oxml.parser import parse_xml
from docxtpl import DocxTemplate
from lxml import etree

from bundler import __version__, cache
from bundler.digest import sha256_of
from bundler.reproducible_zip import read_zip

_DIGEST_BYTES = 32
_FIRST_DRAWING = 1000
"""The number before that of the first drawing of a body, as docxtpl counts them."""
_CORE = "docProps/core.xml"
READ_ONLY = "typeset-"


@dataclass(frozen=True, slots=True)
class PreparedTemplate:
    """What is the same in all documents that a template makes.

    Attributes:
        parts: the name and content of each part in the order of the file; empty for those that are filled.
        sources: the name and Jinja's text of each part that is filled, the body first.
        root: the body's part without what stands in the body.
        styles: the ids of its styles.
    """

    parts: tuple[tuple[str, bytes], ...]
    sources: tuple[tuple[str, str], ...]
    root: bytes
    styles: tuple[str, ...]


def cache_name(template: bytes, blocks: bytes) -> str:
    """The name under which a template, which may insert some building blocks, is kept.

    `READ_ONLY` before it is the name of what is enough for documents that are typeset and not stored.
    """
    key = f"{__version__} {_environment()} {sha256_of(template)} {sha256_of(blocks)}"
    return f"prepared-{sha256_of(key.encode())}.bin"


@cache_result
def _environment() -> str:
    """What a prepared template depends on besides its file."""
    releases = (docxtpl.__version__, docx.__version__, etree.__version__)
    code = b"".join(
        Path(__file__).with_name(f"{name}.py").read_bytes() for name in ("prepared_templates", "word_template")
    )
    return " ".join((*releases, str(sys.implementation.cache_tag), sha256_of(code)))


_UNREAD = frozenset(
    {
        "word/stylesWithEffects.xml", "word/fontTable.xml", "word/webSettings.xml", "docProps/app.xml", _CORE,
        "docProps/thumbnail.jpeg",
    }
)  # fmt: skip
"""Parts that are not read when a document is typeset."""
_STYLES = "word/styles.xml"
_VALUE = re.compile(rb'w:val="([^"]*)"')
_CHOSEN_STYLE = re.compile(rb'<w:\w*Style [^>]*w:val="[^"]*\{')


def _without_unread(parts: Mapping[str, bytes], sources: Iterable[str], always: Container[str]) -> dict[str, bytes]:
    """The parts that are read when a document is typeset, and of the styles those that it can have: often a fiftieth.

    Args:
        parts: all parts; the filled ones are empty.
        sources: Jinja's text of the filled ones.
        always: ids of styles that are kept in any case.
    """
    kept = {name: data for name, data in parts.items() if name not in _UNREAD}
    text = "".join(sources).encode() + b"".join(data for name, data in kept.items() if name != _STYLES)
    if _STYLES not in kept or _CHOSEN_STYLE.search(text):
        return kept
    root = etree.fromstring(kept[_STYLES])
    by_id = {str(style.get(qn("w:styleId"))): style for style in root.iter(qn("w:style"))}
    used = {value.decode() for value in _VALUE.findall(text)}
    pending = [
        name
        for name, style in by_id.items()
        if name in used or name in always or style.get(qn("w:default")) is not None
    ]
    needed: set[str] = set()
    while pending:
        needed.add(name := pending.pop())
        for link in by_id[name].iter(qn("w:basedOn"), qn("w:link")):
            other = str(link.get(qn("w:val")))
            pending += [other] if other in by_id and other not in needed else []
    for name, style in by_id.items():
        if name not in needed:
            root.remove(style)
    return kept | {_STYLES: etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)}


def load_prepared(name: str) -> PreparedTemplate | None:
    """Load a prepared template; None where there is none, or it is damaged."""
    data = cache.load(name)
    if data is None or hashlib.sha256(data[_DIGEST_BYTES:]).digest() != data[:_DIGEST_BYTES]:
        return None
    return PreparedTemplate(*marshal.loads(data[_DIGEST_BYTES:]))  # noqa: S302 (data of the user's own cache folder)


def store_prepared(  # noqa: PLR0913, PLR0917 (what a filling leaves behind)
    name: str,
    document: DocxTemplate,
    sources: list[str],
    template: bytes,
    saved: bytes,
    kept_styles: Container[str],
) -> None:
    """Keep what is the same for every filling of a template, where it can be told.

    Args:
        name: as `cache_name` gives it.
        document: the template after it was filled and saved.
        sources: Jinja's text of each part that was filled, in docxtpl's order.
        template: the template's file.
        saved: the file that was saved.
        kept_styles: the ids of styles that the filling may add.
    """
    original = dict(read_zip(template))
    uris = (document.HEADER_URI, document.FOOTER_URI)
    edges = [part for uri in uris for _, part in document.get_headers_footers(uri)]
    filled = [part.partname.membername for part in (document.docx.part, *edges)]
    has_notes = any(part.content_type == CONTENT_TYPE.WML_FOOTNOTES for part in document.docx.part.package.parts)
    if has_notes or b"{" in original.get(_CORE, b"{") or len(set(filled)) < len(filled) or len(filled) != len(sources):
        return  # other parts are filled too, or two parts as one
    parts = {
        part: b"" if part in filled else data if part.endswith((".xml", ".rels")) else original[part]
        for part, data in read_zip(saved)
    }
    root = deepcopy(document.docx.element)
    root.find(qn("w:body")).clear()
    styles = tuple(str(style.style_id) for style in document.docx.styles)
    for own_name, own_parts in (
        (name, parts),
        (READ_ONLY + name, _without_unread(parts, sources, kept_styles)),
    ):
        fields = (tuple(own_parts.items()), tuple(zip(filled, sources, strict=True)), etree.tostring(root), styles)
        data = marshal.dumps(fields)
        cache.store(own_name, hashlib.sha256(data).digest() + data)


def fill_prepared(
    prepared: PreparedTemplate,
    context: Mapping[str, object],
    environment: Any,  # noqa: ANN401 (jinja2's)
    picture: tuple[str, bytes] | None,
    finish: Callable[[Any, Container[str]], None],
) -> dict[str, bytes]:
    """Fill a prepared template; the errors are those of docxtpl.

    Args:
        prepared: the template.
        context: the values by name.
        environment: of Jinja.
        picture: the name of the pictures that are replaced, and the picture that replaces them.
        finish: called with the filled body, in its part, and the ids of the template's styles.

    Returns:
        The parts of the document, in the order of the file.
    """
    tool = DocxTemplate(io.BytesIO())
    (body_name, body_source), *edges = prepared.sources
    body = tool.fix_tables(tool.render_xml_part(body_source, None, context, environment))
    tool.docx_ids_index = _FIRST_DRAWING
    tool.fix_docpr_ids(body)
    root: Any = parse_xml(prepared.root)
    root.replace(root.find(qn("w:body")), body)
    filled = {
        name: parse_xml(tool.render_xml_part(source, None, context, environment).encode()) for name, source in edges
    }
    finish(body, set(prepared.styles))
    parts = dict(prepared.parts)
    parts |= {name: serialize_part_xml(element) for name, element in ((body_name, root), *filled.items())}
    if picture is not None:
        for name in (body_name, *filled):
            parts |= dict.fromkeys(_find_pictures(name, parts, picture[0]), picture[1])
    return parts


def _find_pictures(name: str, parts: Mapping[str, bytes], wanted: str) -> Iterator[str]:
    """Yield the parts of the pictures of a part that have a name, a title or a description."""
    relations = parts.get(posixpath.join(posixpath.dirname(name), "_rels", f"{posixpath.basename(name)}.rels"))
    if relations is None or b"graphicData" not in parts[name]:
        return
    targets = {one.get("Id"): one.get("Target") for one in etree.fromstring(relations)}
    root: Any = etree.fromstring(parts[name])
    for data in root.xpath("//a:graphic/a:graphicData", namespaces=nsmap):
        for shown in data.xpath("pic:pic/pic:nvPicPr/pic:cNvPr", namespaces=nsmap)[:1]:
            if wanted not in {shown.get("name"), shown.get("title"), shown.get("descr")}:
                continue
            for number in data.xpath("pic:pic/pic:blipFill/a:blip/@r:embed", namespaces=nsmap)[:1]:
                target = posixpath.join("/", posixpath.dirname(name), targets.get(number) or "")
                if target.lstrip("/") in parts:
                    yield target.lstrip("/")
