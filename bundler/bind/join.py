"""One PDF out of set pages and attached files: in order, upright on A4, numbered, linked, written whole or not at all.

It is written front to back. The pages of an attached file are written as soon as they are made, and the file is closed,
so that memory holds one attached file at a time. The set pages, which are small, and all that hangs on the document come last.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pikepdf

from bundler.atomic_write import atomic_file
from bundler.bind.background_io import BackgroundWriter
from bundler.bind.embedded_files import embed_files
from bundler.bind.object_copier import ObjectCopier
from bundler.bind.page_digest import PageDigester
from bundler.bind.page_numbers import FolioFont
from bundler.bind.page_placement import SharedObjects, add_folio, write_source_pages
from bundler.bind.parts import DEFAULT_OPTIONS, BoundFile, BoundPage, JoinOptions, OutlineEntry, SourcePart, TypesetPart
from bundler.bind.pdf_writer import PdfWriter
from bundler.digest import sha256_of_stream
from bundler.errors import CaseError

_FOREIGN = (pikepdf.PdfError, ValueError, KeyError, TypeError, RuntimeError)
"""What the libraries raise over a file that cannot be bound after all."""


def join(
    base: bytes,
    parts: Iterable[TypesetPart | SourcePart],
    outline: Sequence[OutlineEntry],
    target: Path,
    extras: JoinOptions = DEFAULT_OPTIONS,
) -> BoundFile:
    """Bind the parts into one file, with its manifest in it and its seal on it.

    Raises:
        CaseError: a file cannot be bound after all.
        OutputError: it cannot be written; nothing is left behind.
        FileChangedError: a file is no longer the one that was checked.
    """
    first = extras.earlier.data if extras.earlier else base
    with atomic_file(target) as file, pikepdf.open(io.BytesIO(first)) as pdf:
        with BackgroundWriter(file) as behind:
            binder = _Binder(pdf, PdfWriter(behind), extras)
            binder.open(base)
            for part in parts:
                binder.add(part)
            digest = binder.close(outline)
        if extras.finish is not None:
            extras.finish(file)
            file.seek(0)
            digest = sha256_of_stream(file)
        return BoundFile(digest, file.seek(0, io.SEEK_END), len(binder.pages), target)


class _Binder:
    """The file as it grows: pages in their final order, and which of them bears which 页号.

    Attributes:
        pages: the number in the output of each page.
    """

    def __init__(self, pdf: pikepdf.Pdf, output: PdfWriter, extras: JoinOptions) -> None:
        self._pdf, self._output, self._extras = pdf, output, extras
        self._carrier = ObjectCopier(pdf, output)
        self._digester = PageDigester(self._carrier.streams)
        self._font = FolioFont(pdf)
        self._tree = output.reserve()
        self._earlier = extras.earlier.pages if extras.earlier else ()
        self._set: list[Any] = []
        self._own: dict[int, Any] = {}
        self._labels: list[tuple[int, str | None, int]] = []
        self._folios: list[int] = []
        self._digests: list[str] = []
        self._targets: dict[int, Any] = {}
        self.pages: list[int] = []

    def open(self, base: bytes) -> None:
        """Take over the set pages: they are the file's own already, or come beside those of the earlier bundle."""
        start = 0
        if self._extras.earlier:
            start = len(self._pdf.pages)
            for page, known in zip(self._pdf.pages, self._earlier, strict=True):
                self._take(page.obj, known.sha256)
            with pikepdf.open(io.BytesIO(base)) as pdf:
                self._pdf.pages.extend(pdf.pages)
        self._set = [page.obj for page in self._pdf.pages][start:]
        self._carrier.know(self._pdf.Root.Pages, self._tree)
        font = self._carrier.carry(self._font.object)
        self._shared = SharedObjects(self._tree, font, self._digester.part(self._font.object))

    def _take(self, page: Any, digest: str = "") -> None:  # noqa: ANN401 (a PDF object)
        """Give a page of the document's own its place; it is written when all is known to which it refers."""
        number = self._output.reserve()
        page.Parent = self._pdf.Root.Pages
        self._carrier.know(page, number)
        self._own[len(self.pages)] = page
        self.pages.append(number)
        self._digests.append(digest)

    def add(self, part: TypesetPart | SourcePart) -> None:
        """Add a part's pages."""
        self._label(part.label if isinstance(part, TypesetPart) else None)
        if isinstance(part, SourcePart):
            self._add_source(part)
            return
        for page in self._set[part.first : part.last + 1]:
            if part.label is None:
                add_folio(pikepdf.Page(page), self._next_folio(), self._font)
                self._folios.append(len(self.pages))
            self._take(page)

    def _add_source(self, part: SourcePart) -> None:
        placed = write_source_pages(part, self._next_folio(), self._font, self._output, self._shared)
        try:
            for number, digest in placed:
                self._folios.append(len(self.pages))
                self.pages.append(number)
                self._digests.append(digest)
        except _FOREIGN as error:
            raise CaseError(
                f"“{part.file}”装订不了。", fix="请重新扫描，或者重新导出 PDF。", code="FILE-DAMAGED"
            ) from error

    def _next_folio(self) -> int:
        return self._extras.first_folio + len(self._folios)

    def _label(self, prefix: str | None) -> None:
        if not self._labels or self._labels[-1][1] != prefix:
            self._labels.append((len(self.pages), prefix, self._next_folio() if prefix is None else 1))

    def close(self, outline: Sequence[OutlineEntry]) -> str:
        """Write the set pages and all that hangs on the document; the SHA-256 of the file is returned."""
        self._write_labels()
        self._write_outline(outline)
        links = self._write_own()
        files = self._extras.attach(self._bound_pages(links))
        embed_files(self._pdf, files)
        root = self._carrier.carry(self._pdf.Root)
        info = self._carrier.carry(self._pdf.docinfo) if "/Info" in self._pdf.trailer else None
        kids = b" ".join(b"%d 0 R" % number for number in self.pages)
        self._output.write(self._tree, b"<< /Count %d /Kids [ %b ] /Type /Pages >>" % (len(self.pages), kids))
        return self._output.close(root, info, hashlib.sha256(files[0].data if files else b"").digest())

    def _write_own(self) -> dict[int, tuple[int, ...]]:
        """Write the document's own pages; the 页号 to which the links of each lead are returned, by its place."""
        links = {place: page.links for place, page in enumerate(self._earlier) if page.links}
        fresh = {place: page for place, page in self._own.items() if place >= len(self._earlier)}
        links |= {place: self._link(page) for place, page in fresh.items()}
        for place, page in self._own.items():
            if place in fresh:
                pikepdf.Page(page).remove_unreferenced_resources()
            self._carrier.carry(page, self.pages[place])
            if place in fresh:
                self._digests[place] = self._digester.digest(pikepdf.Page(page))
        return links

    def _link(self, page: Any) -> tuple[int, ...]:  # noqa: ANN401 (a PDF object)
        """Turn the index's `urn:folio:n` into jumps; no other link survives."""
        kept, led = [], []
        for annotation in page.get("/Annots", []):
            uri = str(annotation.get("/A", pikepdf.Dictionary()).get("/URI", ""))
            folio = int(uri.rpartition(":")[2]) if uri.startswith("urn:folio:") else 0
            if self._has(folio):
                del annotation["/A"]
                annotation.Dest = self._target(folio)
                kept.append(annotation)
                led.append(folio)
        if kept:
            page.Annots = kept
        elif "/Annots" in page:
            del page["/Annots"]
        return tuple(led)

    def _has(self, folio: int) -> bool:
        return 0 <= folio - self._extras.first_folio < len(self._folios)

    def _target(self, folio: int) -> pikepdf.Array:
        """Where a jump to a 页号 leads; an empty page stands for one that is in the output already."""
        place = self._folios[folio - self._extras.first_folio]
        page = self._own.get(place) or self._targets.get(place)
        if page is None:
            page = self._targets[place] = self._pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Page))
            self._carrier.know(page, self.pages[place])
        return pikepdf.Array([page, pikepdf.Name.Fit])

    def _bound_pages(self, links: dict[int, tuple[int, ...]]) -> list[BoundPage]:
        """What each page is, as it was written."""
        labels = [page.label for page in self._earlier]
        ends = [start for start, _, _ in self._labels[1:]] + [len(self.pages)]
        for (start, prefix, first), end in zip(self._labels, ends, strict=True):
            labels += [_label(prefix, first + n) for n in range(end - start)]
        return [
            BoundPage(label, digest, links.get(place, ()))
            for place, (label, digest) in enumerate(zip(labels, self._digests, strict=True))
        ]

    def _write_labels(self) -> None:
        numbers: list[Any] = list(self._pdf.Root.PageLabels.Nums) if self._extras.earlier else []
        for place, prefix, start in self._labels:
            label = pikepdf.Dictionary()
            if prefix is None:
                label.S, label.St = pikepdf.Name.D, start
            elif prefix.endswith("-"):
                label.S, label.P, label.St = pikepdf.Name.D, pikepdf.String(prefix), 1
            else:
                label.P = pikepdf.String(prefix)
            numbers += [place, label]
        self._pdf.Root.PageLabels = pikepdf.Dictionary(Nums=numbers)

    def _write_outline(self, entries: Sequence[OutlineEntry]) -> None:
        with self._pdf.open_outline() as outline:
            if not self._extras.earlier:
                outline.root.clear()
            outline.root.extend(map(self._item, entries))
        self._pdf.Root.PageMode = pikepdf.Name.UseOutlines
        self._pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)

    def _item(self, entry: OutlineEntry) -> pikepdf.OutlineItem:
        item = pikepdf.OutlineItem(entry.title, self._target(entry.folio))
        item.children.extend(map(self._item, entry.below))
        return item


def _label(prefix: str | None, number: int) -> str:
    """A page's label, as a viewer spells it."""
    if prefix is None:
        return str(number)
    return f"{prefix}{number}" if prefix.endswith("-") else prefix
