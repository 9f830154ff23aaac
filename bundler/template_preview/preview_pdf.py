"""The preview as a PDF: the report on the changed sentences, then sheets in landscape with two pages of a paper side by side."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from bundler.template_preview.compare_versions import (
    PaperPair,
    TemplatePreview,
    changed_sentences,
    unprinted_changes,
)
from bundler.template_preview.draft_papers import TITLES
from bundler.template_preview.preview_page import environment, highlight

if TYPE_CHECKING:
    import pikepdf

_IDENTIFIER = b"bundler-preview\0"
_MM = 72 / 25.4
_SLOTS = ((10.0, 8.0, 146.0, 184.0), (151.0, 8.0, 287.0, 184.0))
"""Left, bottom, right and top of the place of a page on a sheet of 297 × 210 mm, in mm."""
_STYLE = """
@page report { size: A4; margin: 18mm 16mm; @bottom-center { content: counter(page); font: 9pt FandolSong } }
@page sheet { size: A4 landscape; margin: 6mm 10mm }
.report { page: report; font: 10pt/15pt FandolSong } .sheet { page: sheet; font: 10pt/13pt FandolSong }
.page { break-before: page } h1, h2 { bookmark-level: none }
h1 { font: bold 15pt/22pt FandolHei; margin: 0 0 4mm } h2 { font: bold 12pt/18pt FandolHei; margin: 4mm 0 1mm }
table.list { width: 100%; border: 0.5pt solid #888 } .list th, .list td { border: 0.5pt solid #888; padding: 1mm; text-align: left; vertical-align: top }
.list tr { break-inside: avoid } .changes th:first-child { width: 14% } .changes th { width: 30% } .changes th:last-child { width: 26% }
a { text-decoration: none; color: inherit }
ins { background: #a9e5a9; text-decoration: none } del { background: #ffb3b3; text-decoration: none }
.half { display: inline-block; width: 50% }
"""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet: the line at its top, the words above its two pages, and the pages."""

    key: str
    pair: PaperPair
    heading: str
    captions: tuple[str, str]
    pages: tuple[tuple[str, int] | None, tuple[str, int] | None]


def template_pdf(preview: TemplatePreview) -> bytes:
    """Typeset the papers of one template on sheets: of those that differ both versions, of the others pages in pairs.

    Raises:
        FontGlyphError: no font has one of the characters.
        TemplateError: it cannot be typeset.
    """
    # Imported here: only the worker loads what typesetting needs.
    import pikepdf

    from bundler.typeset.typesetter import Typesetter

    typesetter = Typesetter()
    papers = []
    for number, pair in enumerate(preview.pairs):
        papers += [(f"p{number}{side}", blocks) for side, blocks in (("b", pair.before), ("a", pair.after)) if blocks]
    counts = typesetter.typeset_papers(papers)
    sheets = [
        sheet
        for number, pair in enumerate(preview.pairs)
        for sheet in _sheets(preview.title, f"p{number}", pair, counts)
    ]
    typesetter.typeset_pages({f"sheet:{sheet.key}": _sheet_html(sheet) for sheet in sheets}, _STYLE)
    order = [*(f"sheet:{sheet.key}" for sheet in sheets), *counts]
    data, ranges = typesetter.write(order, preview.title, _IDENTIFIER, None)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for number, sheet in enumerate(sheets):
            for place, slot in zip(sheet.pages, _SLOTS, strict=True):
                if place is not None:
                    key, page = place
                    pdf.pages[number].add_overlay(pdf.pages[ranges[key][0] + page], _rectangle(slot))
        del pdf.pages[len(sheets) :]
        with pdf.open_outline() as outline:
            entry = pikepdf.OutlineItem(preview.title, 0)
            outline.root.append(entry)
            for number, sheet in enumerate(sheets):
                if number == 0 or sheets[number - 1].pair is not sheet.pair:
                    entry.children.append(pikepdf.OutlineItem(sheet.pair.situation, number))
        return _saved(pdf)


def _rectangle(slot: tuple[float, float, float, float]) -> pikepdf.Rectangle:
    import pikepdf

    left, bottom, right, top = (edge * _MM for edge in slot)
    return pikepdf.Rectangle(left, bottom, right, top)


def _sheets(title: str, key: str, pair: PaperPair, counts: dict[str, int]) -> list[_Sheet]:
    """Lay the pages of a pair on sheets."""
    old = [(f"{key}b", page) for page in range(counts.get(f"{key}b", 0))]
    new = [(f"{key}a", page) for page in range(counts.get(f"{key}a", 0))]
    if pair.is_changed:
        rows = list(zip_longest(old, new))
        captions = ("改前", "改后")
    else:
        rows = list(zip_longest(new[::2], new[1::2]))
        captions = ("", "")
    note = f"　有 {len(pair.changes)} 句不同" if pair.changes else "　字没有变，格式有变" if pair.look_changed else ""
    return [
        _Sheet(
            f"{key}-{number}",
            pair,
            f"{title}　情形：{pair.situation}{note}" + (f"　第{number}张，共{len(rows)}张" if len(rows) > 1 else ""),
            captions,
            (left, right),
        )
        for number, (left, right) in enumerate(rows, start=1)
    ]


def _sheet_html(sheet: _Sheet) -> str:
    return environment().get_template("sheet.html").render(sheet=sheet)


def report_pdf(previews: Sequence[TemplatePreview], before: str, after: str, unset: Sequence[str]) -> bytes:
    """Typeset the report: the templates that cannot be filled or typeset, and the changed sentences with their situations.

    Args:
        previews: the papers.
        before: the name of the earlier folder of templates; empty where nothing is compared.
        after: the name of the folder of templates.
        unset: why papers could not be typeset, each in one sentence.
    """
    import pikepdf

    from bundler.typeset.typesetter import Typesetter

    html = (
        environment()
        .get_template("report.html")
        .render(
            before=before,
            after=after,
            changes=changed_sentences(previews),
            unprinted=unprinted_changes(previews),
            previews=previews,
            titles=TITLES,
            problems=[(one.title, problem) for one in previews for problem in one.problems],
            unset=unset,
            highlight=highlight,
            linked=False,
        )
    )
    typesetter = Typesetter()
    typesetter.typeset_pages({"report": html}, _STYLE)
    data, _ = typesetter.write(["report"], "模板预览", _IDENTIFIER, None)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        with pdf.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("改了哪些话" if before else "模板预览", 0))
        return _saved(pdf)


def _saved(pdf: pikepdf.Pdf) -> bytes:
    """The file without the claim of PDF/A, which was checked for papers alone."""
    if "/Metadata" in pdf.Root:
        del pdf.Root.Metadata
    target = io.BytesIO()
    pdf.remove_unreferenced_resources()
    pdf.save(target, deterministic_id=True)
    return target.getvalue()


def joined(parts: Sequence[bytes]) -> bytes:
    """Join the report and the sheets of all templates into one PDF whose outline has them all."""
    import pikepdf

    target = io.BytesIO()
    with pikepdf.new() as pdf:
        with pdf.open_outline() as outline:
            for part in parts:
                with pikepdf.open(io.BytesIO(part)) as source:
                    offset = len(pdf.pages)
                    pdf.pages.extend(source.pages)
                    numbers: dict[Any, int] = {page.objgen: number for number, page in enumerate(source.pages)}
                    with source.open_outline() as own:
                        outline.root.extend(_moved(item, numbers, offset) for item in own.root)
        pdf.docinfo["/Title"] = "模板预览"
        pdf.save(target, deterministic_id=True)
    return target.getvalue()


def _moved(item: pikepdf.OutlineItem, numbers: Mapping[Any, int], offset: int) -> pikepdf.OutlineItem:
    """An entry of an outline, and those below it, in a file in which its pages begin later."""
    import pikepdf

    target = item.destination[0] if isinstance(item.destination, pikepdf.Array) else None
    moved = pikepdf.OutlineItem(item.title, numbers.get(getattr(target, "objgen", (0, 0)), 0) + offset)
    moved.children.extend(_moved(child, numbers, offset) for child in item.children)
    return moved
