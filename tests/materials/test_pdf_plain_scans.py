"""Pages that draw one JPEG and have nothing else are recognised, judged as in full, and no other page is taken for one."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache

import img2pdf
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw

from bundler.materials import pdf_inspection
from bundler.materials.pdf_inspection import inspect_pdf
from bundler.materials.pdf_plain_scans import find_plain_scans
from tests.support.pdf_files import annotation, save

Alter = Callable[[pikepdf.Pdf, pikepdf.Page], object]


@cache
def scan(mode: str = "L") -> bytes:
    """A scan of three pages, the second of them blank, as img2pdf writes it."""
    pages = []
    for number in range(3):
        page = Image.new(mode, (1654, 2339), "white")
        if number != 1:
            for line in range(20):
                ImageDraw.Draw(page).text(
                    (200, 300 + 60 * line), f"page {number} line {line}", fill="black", font_size=40
                )
        target = io.BytesIO()
        page.save(target, "JPEG", quality=80, dpi=(200, 200))
        pages.append(target.getvalue())
    return bytes(img2pdf.convert(pages, nodate=True, engine=img2pdf.Engine.internal))


def altered(alter: Alter, mode: str = "L") -> bytes:
    """The scan with one change in its first page."""
    with pikepdf.open(io.BytesIO(scan(mode))) as pdf:
        alter(pdf, pdf.pages[0])
        return save(pdf)


def image_of(page: pikepdf.Page) -> pikepdf.Object:
    """The image of a page."""
    return page.obj.Resources.XObject.Im0


def content(data: bytes) -> Alter:
    """Give the page this content."""

    def alter(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        page.obj.Contents = pdf.make_stream(data)

    return alter


def put(owner: Callable[[pikepdf.Page], pikepdf.Object], key: str, value: object) -> Alter:
    """Give a part of the page a key."""

    def alter(_: pikepdf.Pdf, page: pikepdf.Page) -> None:
        owner(page)[key] = value

    return alter


def page_of(page: pikepdf.Page) -> pikepdf.Object:
    """The page itself."""
    return page.obj


PLAIN: dict[str, Alter] = {
    "as img2pdf writes it": lambda _, __: None,
    "turned": put(page_of, "/Rotate", 90),
    "with a smaller box": put(page_of, "/CropBox", Array([0, 0, 500, 800])),
    "with procedure sets": put(lambda page: page.obj.Resources, "/ProcSet", Array([Name.PDF, Name.ImageB])),
    "drawn in a part of the page": content(b"q 300 0 0 400 0 0 cm /Im0 Do Q"),
}
NOT_PLAIN: dict[str, Alter] = {
    "an annotation": lambda pdf, page: put(
        page_of, "/Annots", Array([annotation(pdf, "Stamp", b"1 0 0 rg 0 0 100 100 re f")])
    )(pdf, page),
    "an action": put(page_of, "/AA", Dictionary(O=Dictionary(S=Name.JavaScript, JS="app.alert(1)"))),
    "a group of inks": put(page_of, "/Group", Dictionary(S=Name.Transparency, CS=Name.DeviceCMYK)),
    "a unit of its own": put(page_of, "/UserUnit", 2),
    "a font": put(
        lambda page: page.obj.Resources, "/Font", Dictionary(F1=Dictionary(Type=Name.Font, Subtype=Name.Type1))
    ),
    "a second image": put(lambda page: page.obj.Resources.XObject, "/Im1", Dictionary()),
    "a smoothed image": put(image_of, "/Interpolate", True),  # noqa: FBT003 (the value of the key)
    "an image with a mask": put(image_of, "/Mask", Array([0, 1])),
    "an image of inks": put(image_of, "/ColorSpace", Name.DeviceCMYK),
    "an image with several filters": put(image_of, "/Filter", Array([Name.DCTDecode])),
    "an image with metadata": lambda pdf, page: put(
        image_of, "/Metadata", pdf.make_stream(b"<x/>", Type=Name.Metadata)
    )(pdf, page),
    "a drawing besides": content(b"q 595 0 0 842 0 0 cm /Im0 Do Q 0 0 0 1 k 0 0 10 10 re f"),
    "a state that is not restored": content(b"q 595 0 0 842 0 0 cm /Im0 Do"),
    "another image than there is": content(b"q 595 0 0 842 0 0 cm /Im1 Do Q"),
    "a number beyond all bounds": content(b"q 59500000000000 0 0 842 0 0 cm /Im0 Do Q"),
    "content in two streams": lambda pdf, page: put(
        page_of, "/Contents", Array([pdf.make_stream(b"q 595 0 0 842 0 0 cm "), pdf.make_stream(b"/Im0 Do Q")])
    )(pdf, page),
    "no content": lambda _, page: page.obj.__delitem__("/Contents"),
}


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("what", PLAIN)
def test_a_plain_scan_is_judged_as_in_full(what: str, mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its record is the one that all checks give."""
    data = altered(PLAIN[what], mode)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert set(find_plain_scans(pdf)) == {1, 2, 3}
    record = inspect_pdf(data)
    monkeypatch.setattr(pdf_inspection, "find_plain_scans", lambda _: {})

    assert record == inspect_pdf(data)
    assert [page.blank for page in record.pages] == [False, True, False]


@pytest.mark.parametrize("what", NOT_PLAIN)
def test_a_page_with_anything_else_is_inspected_in_full(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not recognised, the other pages are, and the record is the one that all checks give."""
    data = altered(NOT_PLAIN[what])
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert set(find_plain_scans(pdf)) == {2, 3}
    record = inspect_pdf(data)
    monkeypatch.setattr(pdf_inspection, "find_plain_scans", lambda _: {})

    assert record == inspect_pdf(data)
