"""Flatten the annotations of a PDF: stamps, form fields and comments become part of the page as a viewer shows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf

_INVISIBLE_TYPES = frozenset({"/Link", "/Popup"})
"""Annotations that are clicked on or open beside the page, and show nothing on it."""
_HIDDEN_FLAGS = 1 | 2 | 32
"""Invisible, Hidden, NoView."""
_TYPES_DRAWN_BY_VIEWERS = frozenset(
    {"/Square", "/Circle", "/Ink", "/Highlight", "/Underline", "/StrikeOut", "/Squiggly", "/Text"}
)
"""Annotations that every viewer draws by itself if they have no appearance stream."""


class LostAnnotationError(Exception):
    """A visible annotation cannot be kept; the arguments are its type and its page, from 1."""


def flatten_annotations(pdf: pikepdf.Pdf) -> dict[int, str]:
    """Draw the appearance of every visible annotation into its page.

    Returns:
        The types that were drawn, in Chinese, by page from 1.

    Raises:
        LostAnnotationError: a form field has no appearance and none can be generated.
    """
    _generate_field_appearances(pdf)
    drawn: dict[int, str] = {}
    for number, page in enumerate(pdf.pages, start=1):
        types = list(
            dict.fromkeys(
                _type_in_chinese(annotation)
                for annotation in _annotations_of(page)
                if _is_visible(annotation, page) and _has_appearance(annotation)
            )
        )
        if types:
            drawn[number] = "、".join(types)
        _remove_types(page, _INVISIBLE_TYPES)
    pdf.flatten_annotations("screen")
    return drawn


def find_pages_without_appearance(pdf: pikepdf.Pdf) -> list[int]:
    """Find the pages, from 1, of a flattened file on which viewers draw an annotation that has no appearance stream.

    Raises:
        LostAnnotationError: not all viewers draw it.
    """
    found = []
    for number, page in enumerate(pdf.pages, start=1):
        remaining = [annotation for annotation in _annotations_of(page) if _is_visible(annotation, page)]
        for annotation in remaining:
            if str(annotation.get("/Subtype")) not in _TYPES_DRAWN_BY_VIEWERS | {"/Widget"}:
                raise LostAnnotationError(str(annotation.get("/Subtype", "/?")).lstrip("/"), number)
        if any(annotation.get("/Subtype") != "/Widget" for annotation in remaining):
            found.append(number)
    return found


def remove_annotations(page: pikepdf.Page) -> None:
    """Remove all annotations of a page."""
    if "/Annots" in page.obj:
        del page.obj["/Annots"]


def _annotations_of(page: pikepdf.Page) -> Iterator[Any]:
    listed = page.obj.get("/Annots")
    if isinstance(listed, pikepdf.Array):
        yield from (annotation for annotation in listed if isinstance(annotation, pikepdf.Dictionary))


def _is_visible(annotation: Any, page: pikepdf.Page) -> bool:  # noqa: ANN401 (a PDF object)
    """Whether a part of it can be seen: it is not hidden and its rectangle overlaps the page."""
    if int(annotation.get("/F", 0)) & _HIDDEN_FLAGS or str(annotation.get("/Subtype")) in _INVISIBLE_TYPES:
        return False
    x, y, right, top = _normalised_box(annotation.get("/Rect"))
    left, bottom, end, upper = _normalised_box(page.cropbox)
    return x < end and right > left and y < upper and top > bottom


def _normalised_box(corners: Any) -> tuple[float, float, float, float]:  # noqa: ANN401 (a PDF object)
    """Return left, bottom, right, top, in whatever order the corners are given."""
    if corners is None:
        return (0.0, 0.0, 0.0, 0.0)
    a, b, c, d = (float(value) for value in corners)
    return min(a, c), min(b, d), max(a, c), max(b, d)


def _has_appearance(annotation: Any) -> bool:  # noqa: ANN401 (a PDF object)
    appearance = annotation.get("/AP")
    return isinstance(appearance, pikepdf.Dictionary) and "/N" in appearance


def _type_in_chinese(annotation: Any) -> str:  # noqa: ANN401 (a PDF object)
    subtype = str(annotation.get("/Subtype"))
    if subtype == "/Widget":
        return "电子签名的印记" if annotation.get("/FT") == "/Sig" else "表单的填写内容"
    return "印章" if subtype == "/Stamp" else "批注"


def _remove_types(page: pikepdf.Page, subtypes: frozenset[str]) -> None:
    kept = [annotation for annotation in _annotations_of(page) if str(annotation.get("/Subtype")) not in subtypes]
    if "/Annots" in page.obj:
        page.obj.Annots = pikepdf.Array(kept)


def _generate_field_appearances(pdf: pikepdf.Pdf) -> None:
    """Give each filled-in form field that has no appearance stream the one that a viewer would draw."""
    if "/AcroForm" not in pdf.Root:
        return
    form = pdf.acroform
    for number, page in enumerate(pdf.pages, start=1):
        for widget in form.get_widget_annotations_for_page(page):
            field = form.get_field_for_annotation(widget)
            value = field.value_as_string if field.is_text or field.is_choice else ""
            if not value or _has_appearance(widget.obj) or not _is_visible(widget.obj, page):
                continue
            if not value.isascii():
                raise LostAnnotationError("表单", number)
            field.generate_appearance(widget)
