"""Join typeset pages and attached files into one PDF: in order, upright on A4, numbered, linked, written whole or not at all.

The file is written front to back. The pages of an attached file are written as soon as they are made, and the file is
closed, so that memory holds one attached file at a time. The typeset pages, which are small, and the document's own
objects (outline, labels, embedded files) come last.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf

from bundler.atomic_write import atomic_file
from bundler.bind.copy_pdf_objects import ObjectCopier
from bundler.bind.embed_files import embed_files
from bundler.bind.join_types import (
    DEFAULT_OPTIONS,
    BoundFile,
    BoundPage,
    JoinOptions,
    OutlineEntry,
    SourcePart,
    TypesetPart,
)
from bundler.bind.page_digest import PageDigester
from bundler.bind.page_number_font import FolioFont
from bundler.bind.pdf_writer import PdfWriter
from bundler.bind.read_ahead_and_write_behind import BackgroundWriter
from bundler.bind.text_layer import LayerFont
from bundler.bind.write_placed_pages import SharedObjects, add_folio, write_source_pages
from bundler.digest import sha256_of_stream
from bundler.errors import CaseError

_LIBRARY_ERRORS = (pikepdf.PdfError, ValueError, KeyError, TypeError, RuntimeError)
"""What the libraries raise over an attached file that passed inspection and still cannot be bound."""


def join(
    base: bytes,
    parts: Iterable[TypesetPart | SourcePart],
    outline: Sequence[OutlineEntry],
    target: Path,
    options: JoinOptions = DEFAULT_OPTIONS,
) -> BoundFile:
    """Join parts into one file, with a manifest in it and a seal at its end.

    Args:
        base: the typeset pages as a PDF.
        parts: what is bound, in order; typeset parts name pages of `base`.
        outline: the top entries of the outline (bookmarks).
        target: the file to write.
        options: embedded files, the first 页号, an earlier bundle, a signature.

    Raises:
        CaseError: a file cannot be bound.
        OutputError: the target cannot be written; nothing is left behind.
        FileChangedError: a file has changed since the check.
    """
    first = options.earlier.data if options.earlier else base
    with atomic_file(target) as file, pikepdf.open(io.BytesIO(first)) as pdf:
        with BackgroundWriter(file) as writer:
            binder = _Binder(pdf, PdfWriter(writer), options)
            binder.open(base)
            for part in parts:
                binder.add(part)
            digest = binder.close(outline)
        if options.sign is not None:
            options.sign(file)
            file.seek(0)
            digest = sha256_of_stream(file)
        return BoundFile(digest, file.seek(0, io.SEEK_END), len(binder.pages), target)


class _Binder:
    """The file while it is written: its pages in order, and which of them has which 页号.

    Attributes:
        pages: the object number of each page in the output.
    """

    def __init__(self, pdf: pikepdf.Pdf, output: PdfWriter, options: JoinOptions) -> None:
        self._pdf, self._output, self._options = pdf, output, options
        self._copier = ObjectCopier(pdf, output)
        self._digester = PageDigester(self._copier.streams)
        self._font = FolioFont(pdf)
        self._page_tree = output.reserve()
        self._earlier = options.earlier.pages if options.earlier else ()
        self._typeset_pages: list[Any] = []
        self._own_pages: dict[int, Any] = {}
        self._labels: list[tuple[int, str | None, int]] = []
        self._folios: list[int] = []
        self._page_digests: list[str] = []
        self._placeholders: dict[int, Any] = {}
        self.pages: list[int] = []

    def open(self, base: bytes) -> None:
        """Take in the typeset pages, after the pages of the earlier bundle where there is one."""
        start = 0
        if self._options.earlier:
            start = len(self._pdf.pages)
            for page, known in zip(self._pdf.pages, self._earlier, strict=True):
                self._add_own_page(page.obj, known.sha256)
            with pikepdf.open(io.BytesIO(base)) as pdf:
                self._pdf.pages.extend(pdf.pages)
        self._typeset_pages = [page.obj for page in self._pdf.pages][start:]
        self._copier.map_to(self._pdf.Root.Pages, self._page_tree)
        font = self._copier.copy(self._font.object)
        self._shared = SharedObjects(self._page_tree, font, self._digester.object_digest(self._font.object))
        if self._options.layer_characters:
            layer = LayerFont(self._pdf, self._options.layer_characters)
            number = self._copier.copy(layer.object)
            self._shared = replace(
                self._shared,
                layer=layer,
                layer_number=number,
                layer_digest=self._digester.object_digest(layer.object),
            )

    def _add_own_page(self, page: Any, digest: str = "") -> None:  # noqa: ANN401 (a PDF object)
        """Append a page of the document itself; it is written at the end, when the targets of its links are known."""
        number = self._output.reserve()
        page.Parent = self._pdf.Root.Pages
        self._copier.map_to(page, number)
        self._own_pages[len(self.pages)] = page
        self.pages.append(number)
        self._page_digests.append(digest)

    def add(self, part: TypesetPart | SourcePart) -> None:
        """Add the pages of a part."""
        self._start_label(part.label if isinstance(part, TypesetPart) else None)
        if isinstance(part, SourcePart):
            self._add_source(part)
            return
        for page in self._typeset_pages[part.first : part.last + 1]:
            if part.label is None:
                add_folio(pikepdf.Page(page), self._next_folio(), self._font)
                self._folios.append(len(self.pages))
            self._add_own_page(page)

    def _add_source(self, part: SourcePart) -> None:
        written = write_source_pages(part, self._next_folio(), self._font, self._output, self._shared)
        try:
            for number, digest in written:
                self._folios.append(len(self.pages))
                self.pages.append(number)
                self._page_digests.append(digest)
        except _LIBRARY_ERRORS as error:
            raise CaseError(
                f"“{part.file}”装订不了。", fix="请重新扫描，或者重新导出 PDF。", code="FILE-DAMAGED"
            ) from error

    def _next_folio(self) -> int:
        return self._options.first_folio + len(self._folios)

    def _start_label(self, prefix: str | None) -> None:
        if not self._labels or self._labels[-1][1] != prefix:
            self._labels.append((len(self.pages), prefix, self._next_folio() if prefix is None else 1))

    def close(self, outline: Sequence[OutlineEntry]) -> str:
        """Write the document's own pages and objects, and return the SHA-256 of the file."""
        self._write_labels()
        self._write_outline(outline)
        links = self._write_own_pages()
        files = self._options.attach(self._bound_pages(links))
        embed_files(self._pdf, files)
        root = self._copier.copy(self._pdf.Root)
        info = self._copier.copy(self._pdf.docinfo) if "/Info" in self._pdf.trailer else None
        kids = b" ".join(b"%d 0 R" % number for number in self.pages)
        self._output.write(self._page_tree, b"<< /Count %d /Kids [ %b ] /Type /Pages >>" % (len(self.pages), kids))
        return self._output.close(root, info, hashlib.sha256(files[0].data if files else b"").digest())

    def _write_own_pages(self) -> dict[int, tuple[int, ...]]:
        """Write the document's own pages, and return the 页号 to which the links of each lead, by the page's index."""
        links = {index: page.links for index, page in enumerate(self._earlier) if page.links}
        new = {index: page for index, page in self._own_pages.items() if index >= len(self._earlier)}
        links |= {index: self._resolve_links(page) for index, page in new.items()}
        for index, page in self._own_pages.items():
            if index in new:
                pikepdf.Page(page).remove_unreferenced_resources()
            self._copier.copy(page, self.pages[index])
            if index in new:
                self._page_digests[index] = self._digester.digest(pikepdf.Page(page))
        return links

    def _resolve_links(self, page: Any) -> tuple[int, ...]:  # noqa: ANN401 (a PDF object)
        """Turn links to `urn:folio:n` into jumps to that 页号, remove all other links, and return the 页号."""
        kept, folios = [], []
        for annotation in page.get("/Annots", []):
            uri = str(annotation.get("/A", pikepdf.Dictionary()).get("/URI", ""))
            folio = int(uri.rpartition(":")[2]) if uri.startswith("urn:folio:") else 0
            if self._has_folio(folio):
                del annotation["/A"]
                annotation.Dest = self._destination(folio)
                kept.append(annotation)
                folios.append(folio)
        if kept:
            page.Annots = kept
        elif "/Annots" in page:
            del page["/Annots"]
        return tuple(folios)

    def _has_folio(self, folio: int) -> bool:
        return 0 <= folio - self._options.first_folio < len(self._folios)

    def _destination(self, folio: int) -> pikepdf.Array:
        """The destination of a jump to a 页号; an empty page stands for a page that is already in the output."""
        index = self._folios[folio - self._options.first_folio]
        page = self._own_pages.get(index) or self._placeholders.get(index)
        if page is None:
            page = self._placeholders[index] = self._pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Page))
            self._copier.map_to(page, self.pages[index])
        return pikepdf.Array([page, pikepdf.Name.Fit])

    def _bound_pages(self, links: dict[int, tuple[int, ...]]) -> list[BoundPage]:
        """Label, digest and links of each page that was written."""
        labels = [page.label for page in self._earlier]
        ends = [start for start, _, _ in self._labels[1:]] + [len(self.pages)]
        for (start, prefix, first), end in zip(self._labels, ends, strict=True):
            labels += [_format_label(prefix, first + n) for n in range(end - start)]
        return [
            BoundPage(label, digest, links.get(index, ()))
            for index, (label, digest) in enumerate(zip(labels, self._page_digests, strict=True))
        ]

    def _write_labels(self) -> None:
        numbers: list[Any] = list(self._pdf.Root.PageLabels.Nums) if self._options.earlier else []
        for index, prefix, start in self._labels:
            label = pikepdf.Dictionary()
            if prefix is None:
                label.S, label.St = pikepdf.Name.D, start
            elif prefix.endswith("-"):
                label.S, label.P, label.St = pikepdf.Name.D, pikepdf.String(prefix), 1
            else:
                label.P = pikepdf.String(prefix)
            numbers += [index, label]
        self._pdf.Root.PageLabels = pikepdf.Dictionary(Nums=numbers)

    def _write_outline(self, entries: Sequence[OutlineEntry]) -> None:
        with self._pdf.open_outline() as outline:
            if not self._options.earlier:
                outline.root.clear()
            outline.root.extend(map(self._outline_item, entries))
        self._pdf.Root.PageMode = pikepdf.Name.UseOutlines
        self._pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)

    def _outline_item(self, entry: OutlineEntry) -> pikepdf.OutlineItem:
        item = pikepdf.OutlineItem(entry.title, self._destination(entry.folio))
        item.children.extend(map(self._outline_item, entry.below))
        return item


def _format_label(prefix: str | None, number: int) -> str:
    """A page label as a viewer shows it."""
    if prefix is None:
        return str(number)
    return f"{prefix}{number}" if prefix.endswith("-") else prefix
