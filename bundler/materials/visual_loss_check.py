"""Look at the pages of a PDF as a viewer shows them, and compare them with what would be bound."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping
from dataclasses import replace

import pikepdf
import pypdfium2
from PIL import Image

from bundler.file_inspection_record import PageInfo
from bundler.materials.detect_interpolated_images import looks_different
from bundler.materials.page_image_fingerprint import is_lost, make_look, shows_nothing, size_in_pixels, to_grey

_PLEASE_WAIT = ("please wait", "请稍候", "请等待", "請稍候", "adobe.com/go/reader")
"""What the stand-in for a form says."""
_MAX_TIMES_LARGER = 20
"""How much larger than expected a page may be drawn where its sides have other proportions."""
_NOT_DRAWN = (pypdfium2.PdfiumError, ArithmeticError)
"""What is raised over a page that the viewer cannot load, or that it takes for one without a size."""


class PageLooks:
    """The pages of a file that is being inspected, as a viewer shows them: with annotations and the fields of forms."""

    def __init__(self, data: bytes, pdf: pikepdf.Pdf, drawn: Mapping[int, Image.Image]) -> None:
        """Begin; the viewer opens the file when the first page needs it.

        Args:
            data: the file.
            pdf: the file, cleaned.
            drawn: pages of which the picture that fills them was kept, by their number from 1.
        """
        self._data, self._pdf, self._drawn = data, pdf, dict(drawn)
        self._drawn_by_viewer: set[int] = set()
        self._sizes: dict[int, tuple[float, float]] = {}
        self._viewer: pypdfium2.PdfDocument | None = None

    def complete(self, number: int, page: PageInfo) -> PageInfo:
        """Add to a page's record what is seen on it, unless it is there: the viewer need not draw what is no more than a scan.

        Args:
            number: from 1.
            page: its record.

        Raises:
            PdfiumError, ArithmeticError: a viewer cannot draw it.
        """
        size = self._sizes[number] = (page.width_pt, page.height_pt)
        if page.look is not None:
            return page
        grey = self._draw_in_viewer(number)
        return replace(page, blank=shows_nothing(grey, *size), look=make_look(grey))

    def find_changes(self, pages: Collection[int]) -> tuple[int, ...]:
        """Find the pages that look different after cleaning, which takes the smoothing of images away."""
        if not pages:
            return ()
        cleaned = _open(_save(self._pdf))
        try:
            return tuple(number for number in sorted(pages) if self._is_changed(number, cleaned))
        finally:
            cleaned.close()

    def find_losses(self, pages: Collection[int]) -> tuple[int, ...]:
        """Find the pages on which something is seen before cleaning and not after it.

        Nothing can be inspected after this: the document is stripped as it is for binding.
        """
        from bundler.materials.pdfa_fixes import strip_document

        if not pages:
            return ()
        for number in pages:
            if number not in self._drawn_by_viewer:  # a viewer scales the picture of a scan otherwise
                self._draw_in_viewer(number)
        strip_document(self._pdf)
        bound = _open(_save(self._pdf))
        try:
            return tuple(number for number in sorted(pages) if self._is_lost(number, bound))
        finally:
            bound.close()

    def _is_changed(self, number: int, cleaned: pypdfium2.PdfDocument) -> bool:
        try:
            return looks_different(self._drawn[number], _draw_page(cleaned, number, self._sizes[number]))
        except _NOT_DRAWN:
            return True

    def _is_lost(self, number: int, bound: pypdfium2.PdfDocument) -> bool:
        try:
            after = _draw_page(bound, number, self._sizes[number])
        except _NOT_DRAWN:
            return True
        return is_lost(self._drawn[number], after)

    def _draw_in_viewer(self, number: int) -> Image.Image:
        """Draw a page as the viewer shows it, and keep the picture for comparisons."""
        self._viewer = self._viewer or self._open()
        grey = self._drawn[number] = self._draw(self._viewer, number, self._sizes[number])
        self._drawn_by_viewer.add(number)
        return grey

    def _draw(self, viewer: pypdfium2.PdfDocument, number: int, size: tuple[float, float]) -> Image.Image:
        """Draw a page of the file itself; where the viewer cannot, draw what would be bound."""
        try:
            return _draw_page(viewer, number, size)
        except _NOT_DRAWN:
            cleaned = _open(_save(self._pdf))
            try:
                return _draw_page(cleaned, number, size)
            finally:
                cleaned.close()

    def _open(self) -> pypdfium2.PdfDocument:
        """Open the file itself; where the viewer cannot, or sees other pages than pikepdf, open what would be bound."""
        try:
            viewer = _open(self._data)
            if len(viewer) == len(self._pdf.pages):
                return viewer
        except pypdfium2.PdfiumError:
            pass
        return _open(_save(self._pdf))


def asks_to_wait(data: bytes) -> bool:
    """Whether the only page of a form says “please wait”, as it does in viewers that cannot build the form."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        return False
    try:
        if len(document) != 1:
            return False
        text = document[0].get_textpage().get_text_bounded().lower()
        return any(phrase in text for phrase in _PLEASE_WAIT)
    finally:
        document.close()


def _save(pdf: pikepdf.Pdf) -> bytes:
    target = io.BytesIO()
    pdf.save(target, static_id=True, encryption=False)
    return target.getvalue()


def _open(data: bytes) -> pypdfium2.PdfDocument:
    document = pypdfium2.PdfDocument(data)
    document.init_forms()
    return document


def _draw_page(document: pypdfium2.PdfDocument, number: int, size: tuple[float, float]) -> Image.Image:
    """Draw a page, counted from 1, in grey, in the size of `size_in_pixels`.

    Raises:
        PdfiumError: it cannot be loaded.
        ArithmeticError: the viewer sees a page of no size, or of quite another form.
    """
    page = document[number - 1]
    width, height = size_in_pixels(*size)
    scale = max(width / page.get_width(), height / page.get_height())
    if scale * page.get_width() * scale * page.get_height() > _MAX_TIMES_LARGER * width * height:
        raise ArithmeticError
    grey = to_grey(page.render(scale=scale, fill_color=(255, 255, 255, 255)).to_pil())
    page.close()
    return grey if grey.size == (width, height) else grey.resize((width, height))
