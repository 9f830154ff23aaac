"""One PDF out of set pages and attached files: in order, upright on A4, numbered, linked, written whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import io
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import img2pdf
import pikepdf

from bundler.bind.digest import PageDigester
from bundler.bind.embed import Embedded, embed
from bundler.bind.folio import FolioFont
from bundler.bind.scans import picture_pdf
from bundler.bind.seal import seal
from bundler.errors import CaseError
from bundler.files import whole_file
from bundler.materials.cleaning import cleaned
from bundler.materials.record import PDF
from bundler.sheet import FOLIO_RIGHT, FOLIO_TOP, lay


@dataclass(frozen=True, slots=True)
class SetPart:
    """Pages of the set PDF, from 0, both included; `label` is the prefix of unnumbered pages, None for 页号."""

    first: int
    last: int
    label: str | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class SourcePart:
    """Pages of an attached file.

    Attributes:
        pages: which of its pages, from 1.
        load: gives the bytes that were checked.
        file: what to call it when it cannot be bound after all.
        touched: whether it is bound as it comes out of cleaning, not as it is.
        pictured: the pages that are bound as pictures of themselves.
        free_corners: the pages on whose corner nothing is written, so that they keep their size under the 页号.
    """

    media_type: str
    pages: range
    load: Callable[[], bytes]
    free_corners: frozenset[int] = frozenset()
    file: str = ""
    touched: bool = True
    pictured: frozenset[int] = frozenset()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the outline, on the page with that 页号, with the entries below it."""

    title: str
    folio: int
    below: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class BoundPage:
    """A page as it stands in the file.

    Attributes:
        label: its page label: the 页号, or 封面, 目录-n, 备考表.
        sha256: the digest of what it is made of.
        links: the 页号 to which its links lead, in order.
    """

    label: str
    sha256: str
    links: tuple[int, ...] = ()


Attach = Callable[[Sequence[BoundPage]], Sequence[Embedded]]
"""Told what the pages are, gives the files to embed; the first is the manifest."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A bundle to which parts are added: its bytes, and its pages as its manifest gives them."""

    data: bytes
    pages: tuple[BoundPage, ...]


@dataclass(frozen=True, slots=True)
class Extras:
    """What a file may have beside its parts.

    Attributes:
        attach: gives the files to embed.
        first_folio: the 页号 of its first numbered page: a later book goes on where the one before it ends.
        earlier: the bundle that stands before the parts, its pages and its outline as they are.
        finish: appends to the file when it is sealed, before it takes its name: a signature.
    """

    attach: Attach = lambda _: ()
    first_folio: int = 1
    earlier: Earlier | None = None
    finish: Callable[[BinaryIO], None] | None = None


@dataclass(frozen=True, slots=True)
class Bound:
    """What was written, and where."""

    sha256: str
    size: int
    pages: int
    path: Path = field(default=Path(), compare=False)


def join(
    base: bytes,
    parts: Iterable[SetPart | SourcePart],
    outline: Sequence[Entry],
    target: Path,
    extras: Extras = Extras(),
) -> Bound:
    """Bind the parts into one file, with its manifest in it and its seal on it.

    Raises:
        OutputError: it cannot be written; nothing is left behind.
        FileChangedError: a file is no longer the one that was checked.
    """
    with pikepdf.open(io.BytesIO(extras.earlier.data if extras.earlier else base)) as pdf:
        binder = _Binder(pdf, extras)
        binder.write(base)
        for part in parts:
            binder.add(part)
        binder.finish(outline)
        files = extras.attach(binder.bound_pages())
        embed(pdf, files)
        return _save(pdf, files[0].data if files else b"", target, extras.finish)


def source_pdf(part: SourcePart, data: bytes) -> bytes:
    """An attached file as a PDF whose pages can be bound."""
    if part.media_type != PDF:
        return picture_pdf(data, part.media_type)
    return cleaned(data, part.pictured) if part.touched else data


class _Binder:
    """The file as it grows: pages in their final order, and which of them bears which 页号."""

    def __init__(self, pdf: pikepdf.Pdf, extras: Extras) -> None:
        self.pdf, self.first_folio = pdf, extras.first_folio
        self.font = FolioFont(pdf)
        self.earlier = extras.earlier.pages if extras.earlier else ()
        self.written: list[Any] = []
        self.pages: list[Any] = [page.obj for page in pdf.pages] if extras.earlier else []
        self.labels: list[tuple[int, str | None, int]] = []
        self.by_folio: dict[int, Any] = {}
        self.links: dict[int, tuple[int, ...]] = {}

    def write(self, base: bytes) -> None:
        """Take over the set pages: they are the file's own already, or come beside those of the earlier bundle."""
        start = len(self.pages)
        if start:
            with pikepdf.open(io.BytesIO(base)) as pdf:
                self.pdf.pages.extend(pdf.pages)
        self.written = [self.pdf.pages[number].obj for number in range(start, len(self.pdf.pages))]

    def add(self, part: SetPart | SourcePart) -> None:
        """Add a part's pages."""
        if isinstance(part, SetPart):
            self._label(part.label)
            for number in range(part.first, part.last + 1):
                page = self.written[number]
                if part.label is None:
                    self._stamp(pikepdf.Page(page))
                self.pages.append(page)
            return
        self._label(None)
        data = part.load()
        try:
            self._add_source(part, data)
        except (pikepdf.PdfError, img2pdf.PdfTooLargeError, ValueError, KeyError, TypeError, RuntimeError) as error:
            raise CaseError(
                f"“{part.file}”装订不了。", fix="请重新扫描，或者重新导出 PDF。", code="FILE-DAMAGED"
            ) from error

    def _add_source(self, part: SourcePart, data: bytes) -> None:
        with pikepdf.open(io.BytesIO(source_pdf(part, data)), suppress_warnings=True) as pdf:
            for number in part.pages:
                page = self._placed(pdf.pages[number - 1], band=number not in part.free_corners)
                self._stamp(page)
                self.pages.append(page.obj)

    def _next_folio(self) -> int:
        return self.first_folio + len(self.by_folio)

    def _label(self, prefix: str | None) -> None:
        if not self.labels or self.labels[-1][1] != prefix:
            start = self._next_folio() if prefix is None else 1
            self.labels.append((len(self.pages), prefix, start))

    def _placed(self, page: pikepdf.Page, *, band: bool) -> pikepdf.Page:
        """A foreign page as a form on a fresh A4 page, upright, never enlarged, never cropped."""
        form = self.pdf.copy_foreign(page.as_form_xobject())
        for key in ("/AA", "/Metadata", "/PieceInfo", "/LastModified", "/StructParents", "/OC", "/AF"):
            if key in form:
                del form[key]
        left, bottom, right, top = (float(value) for value in page.cropbox)
        turned = int(page.obj.get("/Rotate", 0)) % 180 == 90  # noqa: PLR2004 (a quarter turn)
        unit = float(page.obj.get("/UserUnit", 1))
        width, height = abs(right - left) * unit, abs(top - bottom) * unit
        if turned:
            width, height = height, width
        laid = lay(width, height, band=band)
        self.pdf.add_blank_page(page_size=laid.sheet)
        fresh = self.pdf.pages[-1]
        box = pikepdf.Rectangle(laid.x, laid.y, laid.x + width * laid.scale, laid.y + height * laid.scale)
        name = fresh.add_resource(form, pikepdf.Name.XObject, pikepdf.Name.Source)
        content = fresh.calc_form_xobject_placement(form, name, box, allow_expand=unit > 1)
        fresh.contents_add(content)
        return fresh

    def _stamp(self, page: pikepdf.Page) -> None:
        folio = self._next_folio()
        self.by_folio[folio] = page.obj
        _, _, right, top = (float(value) for value in page.mediabox)
        page.contents_add(b"q\n", prepend=True)
        page.contents_add(b"\nQ\n" + self.font.show(folio, right - FOLIO_RIGHT, top - FOLIO_TOP))
        page.add_resource(self.font.object, pikepdf.Name.Font, pikepdf.Name.Folio)

    def finish(self, outline: Sequence[Entry]) -> None:
        """Put pages, labels, links and outline in place."""
        while len(self.pdf.pages):
            del self.pdf.pages[0]
        for page in self.pages:
            self.pdf.pages.append(pikepdf.Page(page))
        self.by_folio = {folio: self.pdf.pages[self.pages.index(page)].obj for folio, page in self.by_folio.items()}
        self._write_labels()
        self._link()
        self._outline(outline)

    def bound_pages(self) -> list[BoundPage]:
        """What each page is, as it will be written."""
        self.pdf.remove_unreferenced_resources()
        _settle_streams(self.pdf)
        digester = PageDigester()
        links = dict(enumerate(page.links for page in self.earlier)) | self.links
        return [
            BoundPage(page.label, digester.digest(page), links.get(place, ()))
            for place, page in enumerate(self.pdf.pages)
        ]

    def _write_labels(self) -> None:
        numbers: list[Any] = list(self.pdf.Root.PageLabels.Nums) if self.earlier else []
        for place, prefix, start in self.labels:
            label = pikepdf.Dictionary()
            if prefix is None:
                label.S, label.St = pikepdf.Name.D, start
            elif prefix.endswith("-"):
                label.S, label.P, label.St = pikepdf.Name.D, pikepdf.String(prefix), 1
            else:
                label.P = pikepdf.String(prefix)
            numbers += [place, label]
        self.pdf.Root.PageLabels = pikepdf.Dictionary(Nums=numbers)

    def _link(self) -> None:
        """Turn the index's `urn:folio:n` into jumps; no other link survives."""
        for place in range(len(self.earlier), len(self.pdf.pages)):
            page = self.pdf.pages[place]
            kept = []
            for annotation in page.obj.get("/Annots", []):
                uri = str(annotation.get("/A", pikepdf.Dictionary()).get("/URI", ""))
                folio = int(uri.rpartition(":")[2]) if uri.startswith("urn:folio:") else 0
                if folio in self.by_folio:
                    del annotation["/A"]
                    annotation.Dest = self._target(folio)
                    kept.append(annotation)
                    self.links[place] = (*self.links.get(place, ()), folio)
            if kept:
                page.obj.Annots = kept
            elif "/Annots" in page.obj:
                del page.obj["/Annots"]

    def _target(self, folio: int) -> pikepdf.Array:
        return pikepdf.Array([self.by_folio[folio], pikepdf.Name.Fit])

    def _outline(self, entries: Sequence[Entry]) -> None:
        with self.pdf.open_outline() as outline:
            if not self.earlier:
                outline.root.clear()
            outline.root.extend(map(self._item, entries))
        self.pdf.Root.PageMode = pikepdf.Name.UseOutlines
        self.pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)

    def _item(self, entry: Entry) -> pikepdf.OutlineItem:
        item = pikepdf.OutlineItem(entry.title, self._target(entry.folio))
        item.children.extend(map(self._item, entry.below))
        return item


_KEPT_FILTERS = frozenset({"/FlateDecode", "/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode"})


def _settle_streams(pdf: pikepdf.Pdf) -> None:
    """Bring each stream into the form in which it is written, so that the bytes that are hashed are those of the file."""
    for thing in pdf.objects:
        if not isinstance(thing, pikepdf.Stream) or thing.get("/Type") in {"/Metadata", "/EmbeddedFile"}:
            continue
        if str(thing.get("/Filter")) not in _KEPT_FILTERS:
            with contextlib.suppress(pikepdf.PdfError):  # what cannot be taken out of its filters stays in them
                data = thing.read_bytes(pikepdf.StreamDecodeLevel.generalized)
                thing.write(zlib.compress(data), filter=pikepdf.Name.FlateDecode)


def _save(pdf: pikepdf.Pdf, manifest: bytes, target: Path, finish: Callable[[BinaryIO], None] | None) -> Bound:
    """Write beside the target, then put it in place in one step."""
    identifier = pikepdf.String(hashlib.sha256(manifest).digest())
    pdf.trailer.ID = pikepdf.Array([identifier, identifier])
    with whole_file(target) as file:
        pdf.save(
            file,
            static_id=True,  # the seal takes the place of the second identifier
            min_version="1.7",
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
        )
        digest = seal(file)
        if finish is not None:
            finish(file)
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return Bound(digest, file.seek(0, io.SEEK_END), len(pdf.pages), target)
