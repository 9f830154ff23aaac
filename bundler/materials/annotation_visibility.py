"""The fields of a form: which show their own appearance, which viewers draw by themselves, and which would be lost.

A form may ask viewers to draw its fields anew (NeedAppearances). They do so for texts and choices, from the value, and
show a signature as it was made; some show a button as it was made, some draw it anew, with the same meaning.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf

from bundler.materials.pdf_operators import INLINE_IMAGE, parse_operators

_INVISIBLE_TYPES = frozenset({"/Link", "/Popup"})
"""Annotations that are clicked on or open beside the page, and show nothing on it; a link shows its appearance if it has one."""
_HIDDEN_FLAGS = 2 | 32
"""Hidden, NoView."""
_TEXT_TYPES = frozenset({"/Tx", "/Ch"})
_PUSH_BUTTON = 1 << 16
_MAX_PARENTS = 32
_DRAWING_OPERATORS = frozenset(
    ("S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "Tj", "TJ", "'", '"', "Do", "sh", INLINE_IMAGE)
)


class LostAnnotationError(Exception):
    """A visible annotation cannot be kept; the arguments are its type and its page, from 1."""


def settle_fields(pdf: pikepdf.Pdf) -> None:
    """Leave to each visible field the appearance that viewers show; one that they draw by themselves has none.

    Raises:
        LostAnnotationError: a field shows something that cannot be kept, or that not all viewers show.
    """
    form: Any = pdf.Root.get("/AcroForm")
    has_form = isinstance(form, pikepdf.Dictionary)
    is_drawn_anew = has_form and bool(form.get("/NeedAppearances", False))
    if has_form and "/NeedAppearances" in form:
        del form["/NeedAppearances"]  # pikepdf would drop every field instead of drawing it
    for number, page in enumerate(pdf.pages, start=1):
        for widget in annotations_of(page):
            if widget.get("/Subtype") != "/Widget" or not is_visible(widget, page):
                continue
            is_text = str(inherited(widget, "/FT")) in _TEXT_TYPES
            if is_drawn_anew and (is_text or _is_push_button(widget)) and "/AP" in widget:
                del widget["/AP"]
            if is_text and _has_value(widget) and not _is_shown_alike(widget, has_form=has_form):
                raise LostAnnotationError("表单", number)


def _is_shown_alike(widget: Any, *, has_form: bool) -> bool:  # noqa: ANN401 (a PDF object)
    """Whether all viewers show a filled-in field, and alike."""
    if has_appearance(widget):
        return _draws(widget.AP.N)  # where it draws nothing, some viewers show the value
    return has_form and _is_ascii(inherited(widget, "/V"))


def find_annotated_pages(pdf: pikepdf.Pdf) -> set[int]:
    """The pages, from 1, with an annotation that shows something on them."""
    return {
        number
        for number, page in enumerate(pdf.pages, start=1)
        if any(not is_of_invisible_type(annotation) for annotation in annotations_of(page))
    }


def may_be_dynamic_form(pdf: pikepdf.Pdf) -> bool:
    """Whether the pages may be only a stand-in for a form (XFA) that Adobe's viewer builds when it opens the file."""
    form = pdf.Root.get("/AcroForm")
    if not isinstance(form, pikepdf.Dictionary) or "/XFA" not in form:
        return False
    return not any(one.get("/Subtype") == "/Widget" for page in pdf.pages for one in annotations_of(page))


def is_drawn_by_viewers(widget: Any) -> bool:  # noqa: ANN401 (a PDF object)
    """Whether viewers draw a field without an appearance by themselves: its value, its tick, its frame or its caption."""
    kind = str(inherited(widget, "/FT"))
    if kind == "/Btn":
        state = widget.get("/AS", inherited(widget, "/V"))
        return _is_decorated(widget) or (not _is_push_button(widget) and state is not None and state != "/Off")
    return kind in _TEXT_TYPES and (_is_decorated(widget) or _has_value(widget))


def annotations_of(page: pikepdf.Page) -> Iterator[Any]:
    """The annotations of a page."""
    listed = page.obj.get("/Annots")
    if isinstance(listed, pikepdf.Array):
        yield from (annotation for annotation in listed if isinstance(annotation, pikepdf.Dictionary))


def is_visible(annotation: Any, page: pikepdf.Page) -> bool:  # noqa: ANN401 (a PDF object)
    """Whether a part of it can be seen: it is not hidden and its rectangle overlaps the page."""
    if int(annotation.get("/F", 0)) & _HIDDEN_FLAGS or is_of_invisible_type(annotation):
        return False
    x, y, right, top = _normalised_box(annotation.get("/Rect"))
    left, bottom, end, upper = _normalised_box(page.cropbox)
    return x < end and right > left and y < upper and top > bottom


def is_of_invisible_type(annotation: Any) -> bool:  # noqa: ANN401 (a PDF object)
    """Whether it shows nothing on the page by its type, as a link without an appearance of its own does."""
    subtype = str(annotation.get("/Subtype"))
    return subtype in _INVISIBLE_TYPES and not (subtype == "/Link" and has_appearance(annotation))


def _normalised_box(corners: Any) -> tuple[float, float, float, float]:  # noqa: ANN401 (a PDF object)
    """Return left, bottom, right, top, in whatever order the corners are given."""
    if corners is None:
        return (0.0, 0.0, 0.0, 0.0)
    a, b, c, d = (float(value) for value in corners)
    return min(a, c), min(b, d), max(a, c), max(b, d)


def has_appearance(annotation: Any) -> bool:  # noqa: ANN401 (a PDF object)
    """Whether it brings its own appearance."""
    appearance = annotation.get("/AP")
    return isinstance(appearance, pikepdf.Dictionary) and "/N" in appearance


def inherited(widget: Any, key: str) -> Any:  # noqa: ANN401 (PDF objects)
    """A field's entry, which may stand at a parent of the widget; None if there is none."""
    for _ in range(_MAX_PARENTS):
        if key in widget:
            return widget[key]
        widget = widget.get("/Parent")
        if not isinstance(widget, pikepdf.Dictionary):
            break
    return None


def _has_value(widget: Any) -> bool:  # noqa: ANN401 (a PDF object)
    value = inherited(widget, "/V")
    if isinstance(value, pikepdf.Array):
        return len(value) > 0
    return value is not None and (isinstance(value, pikepdf.Stream) or str(value).strip() != "")


def _is_ascii(value: Any) -> bool:  # noqa: ANN401 (a PDF object)
    return not isinstance(value, pikepdf.Stream) and all(
        str(one).isascii() for one in (value if isinstance(value, pikepdf.Array) else [value])
    )


def _is_decorated(widget: Any) -> bool:  # noqa: ANN401 (a PDF object)
    """Whether viewers draw a frame, a ground or a caption."""
    marks = widget.get("/MK")
    if not isinstance(marks, pikepdf.Dictionary):
        return False
    return any(len(marks.get(key, [])) for key in ("/BC", "/BG")) or ("/CA" in marks and _is_push_button(widget))


def _is_push_button(widget: Any) -> bool:  # noqa: ANN401 (a PDF object)
    return inherited(widget, "/FT") == "/Btn" and bool(int(inherited(widget, "/Ff") or 0) & _PUSH_BUTTON)


def _draws(appearance: Any) -> bool:  # noqa: ANN401 (a PDF object)
    """Whether an appearance stream draws anything."""
    if not isinstance(appearance, pikepdf.Stream):
        return True  # one of several states
    return any(str(part.operator) in _DRAWING_OPERATORS for part in parse_operators(appearance))
