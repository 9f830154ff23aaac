"""Typeset Word papers and HTML pages with WeasyPrint, and write them as one PDF/A."""

from __future__ import annotations

import base64
import io
import logging
import os
import re
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
from bundler.fonts.files import FALLBACKS
from bundler.typeset.blocks_html import render_blocks, render_page_css
from bundler.typeset.c_declarations import kept_declarations
from bundler.typeset.font_tools_on_demand import font_tools_on_demand
from bundler.typeset.style_classes import StyleClasses
from bundler.typeset.tables_html import SVG_DATA_URL
from bundler.word.block_model import WordPapers

_BASE_CSS = """
html { font-family: "FandolFang", %(fallbacks)s; font-size: 15.75pt; line-height: 28.95pt; }
body, p { margin: 0 } p { orphans: 2; widows: 2; overflow-wrap: break-word; }
section.paper { break-before: page; }
section.paper > .end { height: 0; break-before: avoid; }
.edge { width: 100%%; } .page-number::before { content: counter(page); }
table { border-collapse: collapse; table-layout: fixed; }
table.lines { border: 1pt solid black; } table.lines > * > tr > td { border: 0.5pt solid black; }
td { padding: 1pt 3.5pt; } table.plain td { padding: 1pt 0; } tr.whole { break-inside: avoid; } tr.kept { break-after: avoid; }
thead { display: table-header-group; }
.sourced-value { background-color: #ffedc2; }
.sourced-value-number, .sourced-value-notes { position: absolute; color: #b00000; font: 5.5pt/6pt "FandolHei"; letter-spacing: 0; text-indent: 0; }
.sourced-value-number { margin-top: -4pt; } .sourced-value-notes { right: -70pt; width: 66pt; text-align: left; }
.sourced-value-notes.at-left { right: auto; left: -76pt; width: 72pt; text-align: right; }
.writing-line { font-family: "BabelStone Han", "FandolFang"; }
a { color: inherit; text-decoration: none; }
"""


@dataclass
class Typesetter:
    """Typesets papers and pages, then writes them in any order as one PDF with shared fonts."""

    _pages: dict[str, list[Any]] = field(default_factory=dict)
    _document: Any = None

    @property
    def page_counts(self) -> dict[str, int]:
        """How many pages each paper and page has that was typeset, by key."""
        return {key: len(pages) for key, pages in self._pages.items()}

    def typeset_papers(self, papers: WordPapers) -> dict[str, int]:
        """Typeset Word papers in one layout.

        Args:
            papers: each paper with its key.

        Returns:
            The number of pages of each, by key.

        Raises:
            FontGlyphError: a character that no font has.
        """
        papers, classes = list(papers), StyleClasses()
        body = "".join(render_blocks(blocks, key, classes) for key, blocks in papers)
        css = "".join(render_page_css(blocks, key) for key, blocks in papers)
        return self._typeset(css, body, [key for key, _ in papers], classes) if papers else {}

    def typeset_pages(self, pages: Mapping[str, str], style: str) -> dict[str, int]:
        """Typeset the bundle's own HTML pages in one layout.

        Args:
            pages: each page's HTML by key; the key before any ``:`` names its ``@page`` in the style sheet.
            style: their style sheet.

        Returns:
            The number of pages of each, by key.
        """
        body = "".join(
            f'<section class="page {key.partition(":")[0]}" id="{key}">{html}</section>' for key, html in pages.items()
        )
        return self._typeset(style, body, list(pages)) if pages else {}

    def _typeset(self, css: str, body: str, keys: list[str], classes: StyleClasses | None = None) -> dict[str, int]:
        """Typeset one document, and keep the pages of each key.

        Args:
            css: the style sheet.
            body: the content; an element with the id of each key starts the key's first page.
            keys: in the order of the pages.
            classes: those of the body, which is well-formed then, so that the quicker parser can be used.
        """
        fonts, base = _load_weasyprint()
        from bundler.typeset.weasyprint_adapters import parse_html, parse_xml

        self._check_glyphs(body)
        source = parse_html(css, body, _fetch) if classes is None else parse_xml(css, body, _fetch, classes.looks)
        with _WarningsAsErrors():
            document = source.render(stylesheets=[base], font_config=fonts)
        self._document = self._document or document
        starts = [self._first_page(document, key) for key in keys] + [len(document.pages)]
        for key, start, end in zip(keys, starts, starts[1:], strict=False):
            self._pages[key] = document.pages[start:end]
        return {key: len(self._pages[key]) for key in keys}

    @staticmethod
    def _first_page(document: Any, key: str) -> int:  # noqa: ANN401 (WeasyPrint's document)
        return next(number for number, page in enumerate(document.pages) if key in page.anchors)

    @staticmethod
    def _check_glyphs(text: str) -> None:
        missing = find_missing_glyphs(text)
        if missing:
            named = "、".join(f"“{character}”（U+{ord(character):04X}）" for character in missing)
            raise FontGlyphError(f"有字体印不出的字：{named}。", fix="请安装含有这些字的字体。", code="FONT-GLYPH")

    def write(
        self, order: Sequence[str], title: str, identifier: bytes, dated: date | None
    ) -> tuple[bytes, dict[str, tuple[int, int]]]:
        """Write the pages as one PDF/A-3b.

        Args:
            order: the keys, in the order of the file.
            title: the file's title.
            identifier: the file's identifier.
            dated: the creation date in the file; never the current date, so that the bytes are reproducible.

        Returns:
            The PDF, and the first and last page of each key, from 0.
        """
        page_ranges: dict[str, tuple[int, int]] = {}
        pages: list[Any] = []
        for key in order:
            page_ranges[key] = (len(pages), len(pages) + len(self._pages[key]) - 1)
            pages += self._pages[key]
        document = self._document.copy(pages)
        document.metadata.title = title
        document.metadata.created = document.metadata.modified = dated.isoformat() if dated else None
        target = io.BytesIO()
        with _WarningsAsErrors():
            document.write_pdf(target, pdf_variant="pdf/a-3b", pdf_identifier=identifier)
        return target.getvalue(), page_ranges


@cache
def _load_weasyprint() -> tuple[Any, Any]:
    """Load WeasyPrint once; return its font configuration and the base style sheet."""
    import_weasyprint()
    from bundler.typeset.weasyprint_adapters import InPlaceFontConfiguration

    return InPlaceFontConfiguration(), _base_style_sheet()


@cache
def _base_style_sheet() -> Any:  # noqa: ANN401 (WeasyPrint's)
    from weasyprint import CSS

    return CSS(string=_BASE_CSS % {"fallbacks": ", ".join(f'"{name}"' for name in FALLBACKS)}, url_fetcher=_fetch)


@cache
def import_weasyprint() -> None:
    """Import and patch WeasyPrint so that it ignores the system's fonts and settings: a case gives the same bytes on any machine.

    Fonts and style sheet are loaded, but nothing is typeset, so this process has no more threads than before, and others may be forked from it.
    """
    os.environ["FONTCONFIG_FILE"] = str(Path(__file__).with_name("fonts.conf"))
    with warnings.catch_warnings(), _without_find_library(), kept_declarations(), font_tools_on_demand():
        # This is intended: the style sheet names the fonts of `find_fonts`, and there are no others.
        warnings.filterwarnings("ignore", "No fonts configured in FontConfig")
        from bundler.typeset.weasyprint_adapters import load_fonts
    _patch_weasyprint()
    load_fonts()
    _base_style_sheet()


def _patch_weasyprint() -> None:
    """Replace functions of WeasyPrint by those that set Chinese pages as they should be, or do the same in less time."""
    from bundler.typeset.cff_font_charset import number_glyphs_in_weasyprint
    from bundler.typeset.chinese_justification import patch_weasyprint
    from bundler.typeset.parsed_styles import keep_parsed_styles
    from bundler.typeset.weasyprint_adapters import close_split_rows
    from bundler.typeset.weasyprint_speedups import speed_up_weasyprint
    from bundler.typeset.weasyprint_style_speedups import speed_up_styles
    from bundler.typeset.weasyprint_text_speedups import speed_up_text

    patch_weasyprint()
    close_split_rows()
    number_glyphs_in_weasyprint()
    speed_up_weasyprint()
    speed_up_styles()
    speed_up_text()
    keep_parsed_styles()


def parse_styles(papers: WordPapers, page_style: str) -> None:
    """Parse the styles of some papers and of a bundle's own pages, for processes that are forked from this one.

    Nothing is typeset; `import_weasyprint` comes before.
    """
    from bundler.typeset.parsed_styles import parse_declarations, parse_style_sheet

    classes = StyleClasses()
    for key, blocks in papers:
        render_blocks(blocks, key, classes)
    for declarations in classes.looks:
        parse_declarations(declarations)
    parse_style_sheet(page_style)


@contextmanager
def _without_find_library() -> Iterator[None]:
    """Disable `ctypes.util.find_library`; WeasyPrint then loads the libraries by their file names.

    For each name that this system does not have, it would run ldconfig and a compiler, which writes to the temporary
    folder: twenty times per start.
    """
    import ctypes.util

    search = ctypes.util.find_library
    ctypes.util.find_library = lambda name: None  # noqa: ARG005 (the name of the parameter is part of the type)
    try:
        yield
    finally:
        ctypes.util.find_library = search


class _Fetcher:
    """WeasyPrint's URL fetcher: returns the typesetter's own pictures in data URLs, and refuses everything else."""

    _fail_on_errors = False
    """WeasyPrint reads this: a refusal becomes a warning, and `_WarningsAsErrors` turns that into an error."""

    def __call__(self, url: str, *arguments: object, **options: object) -> Any:  # noqa: ANN401 (WeasyPrint's response)
        """Return the data of a URL.

        Raises:
            ValueError: it is no PNG in a data URL, and not the picture of a cell's diagonals.
        """
        del arguments, options
        from weasyprint.urls import URLFetcherResponse

        if url.startswith(_PNG_DATA_URL):
            return URLFetcherResponse(url, base64.b64decode(url.removeprefix(_PNG_DATA_URL)))
        if url.startswith(SVG_DATA_URL):
            picture = base64.b64decode(url.removeprefix(SVG_DATA_URL))
            if _LINES.fullmatch(picture):
                return URLFetcherResponse(url, picture, {"Content-Type": "image/svg+xml"})
        raise ValueError("nothing is fetched")


_PNG_DATA_URL = "data:image/png;base64,"
_LINES = re.compile(
    rb'<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="100%">(?:<line [-A-Za-z0-9=".%# ]*/>)+</svg>'
)
"""A picture that refers to nothing."""
_fetch = _Fetcher()


class _WarningsAsErrors(logging.Handler):
    """Turns WeasyPrint's warnings into an error, since a page that differs from what was meant must not be bound."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Collect a warning."""
        self.messages.append(record.getMessage())

    def __enter__(self) -> None:
        logging.getLogger("weasyprint").addHandler(self)

    def __exit__(self, kind: object, *_: object) -> None:
        logging.getLogger("weasyprint").removeHandler(self)
        if kind is None and self.messages:
            raise TemplateError(f"排版有问题：{self.messages[0][:200]}", fix="请检查模板。")
