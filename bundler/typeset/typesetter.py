"""Setting pages with WeasyPrint: all papers in one layout, the bundle's own pages beside them, one file written."""

from __future__ import annotations

import base64
import io
import logging
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from bundler.errors import FontGlyphError, TemplateError
from bundler.fonts.coverage import find_missing_glyphs
from bundler.fonts.files import FALLBACKS, find_fonts
from bundler.typeset.blocks_html import StyleClasses, render_blocks, render_page_css
from bundler.word.blocks import Blocks

_BASE_CSS = """
html { font-family: "FandolFang", %(fallbacks)s; font-size: 15.75pt; line-height: 28.95pt; }
body, p { margin: 0 } p { orphans: 2; widows: 2; overflow-wrap: break-word; }
section.paper { break-before: page; }
section.paper > .end { height: 0; break-before: avoid; }
.edge { width: 100%%; } .page-number::before { content: counter(page); }
table { border-collapse: collapse; table-layout: fixed; }
table.lines { border: 1pt solid black; } table.lines > * > tr > td { border: 0.5pt solid black; }
td { padding: 1pt 3.5pt; } table.plain td { padding: 1pt 0; } tr { break-inside: avoid; } tr.kept { break-after: avoid; }
thead { display: table-header-group; }
a { color: inherit; text-decoration: none; }
"""


@dataclass
class Typesetter:
    """Sets papers and pages that share their fonts, then writes them in any order as one PDF."""

    _pages: dict[str, list[Any]] = field(default_factory=dict)
    _document: Any = None

    def set_papers(self, papers: Sequence[tuple[str, Blocks]]) -> dict[str, int]:
        """Set Word papers in one layout.

        Returns:
            the pages of each, by key.

        Raises:
            FontGlyphError: a character that no font has.
        """
        looks = StyleClasses()
        body = "".join(render_blocks(blocks, key, looks) for key, blocks in papers)
        css = "".join(render_page_css(blocks, key) for key, blocks in papers) + looks.css()
        return self._set(css, body, [key for key, _ in papers], whole=True) if papers else {}

    def set_pages(self, pages: Mapping[str, str], style: str) -> dict[str, int]:
        """Set the bundle's own HTML pages in one layout.

        Args:
            pages: each page's HTML by key; the key before any ``:`` names its ``@page`` in the style sheet.
            style: their style sheet.

        Returns:
            the pages of each, by key.
        """
        body = "".join(
            f'<section class="page {key.partition(":")[0]}" id="{key}">{html}</section>' for key, html in pages.items()
        )
        return self._set(style, body, list(pages), whole=False) if pages else {}

    def _set(self, css: str, body: str, keys: list[str], *, whole: bool) -> dict[str, int]:
        """Set one document; a whole one is well-formed, so that no parser has to mend it."""
        fonts, base = _loaded()
        from bundler.typeset.weasyprint_adapters import parse_html, parse_xml

        self._refuse_missing(body)
        page = (parse_xml if whole else parse_html)(css, body, _fetch)
        with _Warnings():
            document = page.render(stylesheets=[base], font_config=fonts)
        self._document = self._document or document
        starts = [self._first_page(document, key) for key in keys] + [len(document.pages)]
        for key, start, end in zip(keys, starts, starts[1:], strict=False):
            self._pages[key] = document.pages[start:end]
        return {key: len(self._pages[key]) for key in keys}

    @staticmethod
    def _first_page(document: Any, key: str) -> int:  # noqa: ANN401 (WeasyPrint's document)
        return next(number for number, page in enumerate(document.pages) if key in page.anchors)

    @staticmethod
    def _refuse_missing(text: str) -> None:
        missing = find_missing_glyphs(text)
        if missing:
            named = "、".join(f"“{character}”（U+{ord(character):04X}）" for character in missing)
            raise FontGlyphError(f"有字体印不出的字：{named}。", fix="请安装含有这些字的字体。", code="FONT-GLYPH")

    def write(
        self, order: Sequence[str], title: str, identifier: bytes, dated: date | None
    ) -> tuple[bytes, dict[str, tuple[int, int]]]:
        """Write the pages in an order.

        Args:
            order: the keys.
            title: the file's title.
            identifier: the file's identifier.
            dated: the day that the file says it is of; never the clock's.

        Returns:
            the PDF, and the first and last page of each key, from 0.
        """
        places: dict[str, tuple[int, int]] = {}
        pages: list[Any] = []
        for key in order:
            places[key] = (len(pages), len(pages) + len(self._pages[key]) - 1)
            pages += self._pages[key]
        document = self._document.copy(pages)
        document.metadata.title = title
        document.metadata.created = document.metadata.modified = dated.isoformat() if dated else None
        target = io.BytesIO()
        with _Warnings():
            document.write_pdf(target, pdf_variant="pdf/a-3b", pdf_identifier=identifier)
        return target.getvalue(), places


@cache
def _loaded() -> tuple[Any, Any]:
    """WeasyPrint's configuration of the fonts that were found, and the style sheet under all others; loaded once."""
    _without_the_machines_fonts()
    from weasyprint import CSS

    from bundler.typeset.chinese_lines import patch_weasyprint
    from bundler.typeset.weasyprint_adapters import InPlaceFontConfiguration

    patch_weasyprint()
    fonts = InPlaceFontConfiguration()
    css = _font_faces() + _BASE_CSS % {"fallbacks": ", ".join(f'"{name}"' for name in FALLBACKS)}
    return fonts, CSS(string=css, font_config=fonts, url_fetcher=_fetch)


def _without_the_machines_fonts() -> None:
    """Load WeasyPrint so that no font or setting of the machine moves a line: a case gives the same bytes anywhere."""
    os.environ["FONTCONFIG_FILE"] = str(Path(__file__).with_name("fonts.conf"))
    with warnings.catch_warnings(), _without_search_for_libraries():
        # That is what is wanted: the fonts that were found are named in the style sheet, and there are no others.
        warnings.filterwarnings("ignore", "No fonts configured in FontConfig")
        import weasyprint.text.fonts  # noqa: F401


@contextmanager
def _without_search_for_libraries() -> Iterator[None]:
    """Libraries are loaded by their own names, which WeasyPrint tries as well.

    For each name that is none on this system, ctypes would run ldconfig and a compiler, which writes to the temporary
    folder: twenty times for a start.
    """
    import ctypes.util

    search = ctypes.util.find_library
    ctypes.util.find_library = lambda name: None  # noqa: ARG005 (the name of the parameter is part of the type)
    try:
        yield
    finally:
        ctypes.util.find_library = search


def _font_faces() -> str:
    return "".join(
        f'@font-face {{ font-family: "{found.font.family}"; src: url("{found.path.resolve().as_uri()}"); '
        f"font-weight: {'bold' if found.font.bold else 'normal'}; }}"
        for found in find_fonts()
    )


class _Fetcher:
    """Gives a font file that was found or a picture that stands in the page itself, and nothing else that is asked for."""

    _fail_on_errors = False
    """WeasyPrint asks: what is refused becomes its warning, and its warnings become errors here."""

    def __call__(self, url: str, *arguments: object, **options: object) -> Any:  # noqa: ANN401 (WeasyPrint's response)
        """What stands at an address."""
        del arguments, options
        from weasyprint.urls import URLFetcherResponse

        if url.startswith(_PICTURE):
            return URLFetcherResponse(url, base64.b64decode(url.removeprefix(_PICTURE)))
        known = {found.path.resolve().as_uri(): found.path for found in find_fonts()}
        if url not in known:
            raise ValueError("nothing is fetched")
        return URLFetcherResponse(url, Path(known[url]).read_bytes())


_PICTURE = "data:image/png;base64,"
_fetch = _Fetcher()


class _Warnings(logging.Handler):
    """Turns WeasyPrint's warnings into errors: a page that is not as it was meant is no page."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a warning."""
        self.told.append(record.getMessage())

    def __enter__(self) -> None:
        logging.getLogger("weasyprint").addHandler(self)

    def __exit__(self, kind: object, *_: object) -> None:
        logging.getLogger("weasyprint").removeHandler(self)
        if kind is None and self.told:
            raise TemplateError(f"排版有问题：{self.told[0][:200]}", fix="请检查模板。")
