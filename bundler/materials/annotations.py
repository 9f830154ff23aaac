"""Seals, stamps, filled-in fields and comments: made part of the page as they are seen, before anything active goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf

_AGAIN = "请用阅读器“打印为 PDF”，或者打印后扫描。"
_UNSEEN = frozenset({"/Link", "/Popup"})
"""What is clicked on or opens beside the page, and is no part of what is seen on it."""
_HIDDEN_FLAGS = 1 | 2 | 32
"""Invisible, Hidden, NoView."""
_DRAWN_BY_VIEWERS = frozenset(
    {"/Square", "/Circle", "/Ink", "/Highlight", "/Underline", "/StrikeOut", "/Squiggly", "/Text"}
)
"""What every viewer draws by itself where no appearance is given."""


class LostAnnotationError(Exception):
    """Something that a viewer shows and that cannot be kept; the arguments are its kind and the page, from 1."""


def flatten_annotations(pdf: pikepdf.Pdf) -> dict[int, str]:
    """Draw every visible appearance into its page.

    Returns:
        what was drawn, by page from 1: kinds of annotations, in Chinese.

    Raises:
        LostAnnotationError: something has no appearance and none can be made for it.
    """
    _draw_fields(pdf)
    drawn: dict[int, str] = {}
    for number, page in enumerate(pdf.pages, start=1):
        kinds = list(
            dict.fromkeys(_kind(one) for one in _annotations(page) if _is_visible(one, page) and _appearance(one))
        )
        if kinds:
            drawn[number] = "、".join(kinds)
        _drop(page, _UNSEEN)
    pdf.flatten_annotations("screen")
    return drawn


def find_pages_without_appearance(pdf: pikepdf.Pdf) -> list[int]:
    """The pages, from 1, of a flattened file on which viewers draw something that has no appearance of its own.

    Raises:
        LostAnnotationError: not all viewers draw it.
    """
    found = []
    for number, page in enumerate(pdf.pages, start=1):
        left = [one for one in _annotations(page) if _is_visible(one, page)]
        for one in left:
            if str(one.get("/Subtype")) not in _DRAWN_BY_VIEWERS | {"/Widget"}:
                raise LostAnnotationError(str(one.get("/Subtype", "/?")).lstrip("/"), number)
        if any(one.get("/Subtype") != "/Widget" for one in left):
            found.append(number)
    return found


def remove_annotations(page: pikepdf.Page) -> None:
    """Leave no annotation on a page."""
    if "/Annots" in page.obj:
        del page.obj["/Annots"]


def _annotations(page: pikepdf.Page) -> Iterator[Any]:
    listed = page.obj.get("/Annots")
    if isinstance(listed, pikepdf.Array):
        yield from (one for one in listed if isinstance(one, pikepdf.Dictionary))


def _is_visible(annotation: Any, page: pikepdf.Page) -> bool:  # noqa: ANN401 (a PDF object)
    """Whether any of it can be seen: it is not hidden, and lies at least partly on the page."""
    if int(annotation.get("/F", 0)) & _HIDDEN_FLAGS or str(annotation.get("/Subtype")) in _UNSEEN:
        return False
    x, y, right, top = _sorted_box(annotation.get("/Rect"))
    left, bottom, end, upper = _sorted_box(page.cropbox)
    return x < end and right > left and y < upper and top > bottom


def _sorted_box(corners: Any) -> tuple[float, float, float, float]:  # noqa: ANN401 (a PDF object)
    if corners is None:
        return (0.0, 0.0, 0.0, 0.0)
    a, b, c, d = (float(value) for value in corners)
    return min(a, c), min(b, d), max(a, c), max(b, d)


def _appearance(annotation: Any) -> bool:  # noqa: ANN401 (a PDF object)
    look = annotation.get("/AP")
    return isinstance(look, pikepdf.Dictionary) and "/N" in look


def _kind(annotation: Any) -> str:  # noqa: ANN401 (a PDF object)
    kind = str(annotation.get("/Subtype"))
    if kind == "/Widget":
        return "电子签名的印记" if annotation.get("/FT") == "/Sig" else "表单的填写内容"
    return "印章" if kind == "/Stamp" else "批注"


def _drop(page: pikepdf.Page, kinds: frozenset[str]) -> None:
    kept = [one for one in _annotations(page) if str(one.get("/Subtype")) not in kinds]
    if "/Annots" in page.obj:
        page.obj.Annots = pikepdf.Array(kept)


def _draw_fields(pdf: pikepdf.Pdf) -> None:
    """Give each filled-in field the appearance that a viewer would; one that is there already is kept as it is."""
    if "/AcroForm" not in pdf.Root:
        return
    form = pdf.acroform
    for number, page in enumerate(pdf.pages, start=1):
        for widget in form.get_widget_annotations_for_page(page):
            field = form.get_field_for_annotation(widget)
            value = field.value_as_string if field.is_text or field.is_choice else ""
            if not value or _appearance(widget.obj) or not _is_visible(widget.obj, page):
                continue
            if not value.isascii():
                raise LostAnnotationError("表单", number)
            field.generate_appearance(widget)
