"""Flatten the annotations of a PDF: stamps, form fields and comments become part of the page as a viewer shows them."""

from __future__ import annotations

from typing import Any

import pikepdf

from bundler.materials.annotation_visibility import (
    LostAnnotationError,
    annotations_of,
    has_appearance,
    inherited,
    is_drawn_by_viewers,
    is_of_invisible_type,
    is_visible,
    settle_fields,
)

_INVISIBLE_FLAG = 1
"""Meant to hide annotations of types that a viewer does not know; viewers show what has it all the same."""
_TYPES_DRAWN_BY_VIEWERS = frozenset(
    {"/Square", "/Circle", "/Ink", "/Highlight", "/Underline", "/StrikeOut", "/Squiggly", "/Text"}
)
"""Annotations that every viewer draws by itself if they have no appearance stream."""


def flatten_annotations(pdf: pikepdf.Pdf) -> dict[int, str]:
    """Draw the appearance of every visible annotation into its page.

    What viewers draw by themselves stays as an annotation, for `find_pages_without_appearance`.

    Returns:
        The types that were drawn, in Chinese, by page from 1.

    Raises:
        LostAnnotationError: a form field shows something that cannot be kept, or that not all viewers show; or the
            appearance of a stamp or a signature is not in the file as it is read here, though other readers may find it.
    """
    form = pdf.Root.get("/AcroForm")
    settle_fields(pdf)
    drawn: dict[int, str] = {}
    for number, page in enumerate(pdf.pages, start=1):
        visible = [annotation for annotation in annotations_of(page) if is_visible(annotation, page)]
        for annotation in visible:
            if int(annotation.get("/F", 0)) & _INVISIBLE_FLAG:
                annotation.F = int(annotation.F) & ~_INVISIBLE_FLAG
        if lost := [one for one in visible if _lacks_its_appearance(one)]:
            raise LostAnnotationError(_type_in_chinese(lost[0]), number)
        types = list(dict.fromkeys(_type_in_chinese(one) for one in visible if has_appearance(one)))
        if types:
            drawn[number] = "、".join(types)
        _remove_invisible(page)
    pdf.flatten_annotations("screen")
    if form is not None:  # viewers draw the fields that are left only if they are part of a form
        pdf.Root.AcroForm = form
    return drawn


def find_pages_without_appearance(pdf: pikepdf.Pdf) -> list[int]:
    """Find the pages, from 1, of a flattened file on which viewers draw an annotation that has no appearance stream.

    Raises:
        LostAnnotationError: not all viewers draw it.
    """
    found = []
    for number, page in enumerate(pdf.pages, start=1):
        remaining = [annotation for annotation in annotations_of(page) if is_visible(annotation, page)]
        for annotation in remaining:
            if str(annotation.get("/Subtype")) not in _TYPES_DRAWN_BY_VIEWERS | {"/Widget"}:
                raise LostAnnotationError(str(annotation.get("/Subtype", "/?")).lstrip("/"), number)
        if any(one.get("/Subtype") != "/Widget" or is_drawn_by_viewers(one) for one in remaining):
            found.append(number)
    return found


def remove_annotations(page: pikepdf.Page) -> None:
    """Remove all annotations of a page."""
    if "/Annots" in page.obj:
        del page.obj["/Annots"]


def _type_in_chinese(annotation: Any) -> str:  # noqa: ANN401 (a PDF object)
    subtype = str(annotation.get("/Subtype"))
    if subtype == "/Widget":
        return "电子签名的印记" if inherited(annotation, "/FT") == "/Sig" else "表单的填写内容"
    return "印章" if subtype == "/Stamp" else "批注"


def _lacks_its_appearance(annotation: Any) -> bool:  # noqa: ANN401 (a PDF object)
    """Whether a stamp or a signature names an appearance that is not there."""
    is_seal = str(annotation.get("/Subtype")) == "/Stamp" or inherited(annotation, "/FT") == "/Sig"
    return is_seal and "/AP" in annotation and not has_appearance(annotation)


def _remove_invisible(page: pikepdf.Page) -> None:
    kept = [annotation for annotation in annotations_of(page) if not is_of_invisible_type(annotation)]
    if "/Annots" in page.obj:
        page.obj.Annots = pikepdf.Array(kept)
