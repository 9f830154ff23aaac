"""The fields of a form are bound as viewers show them, or refused: nothing that is seen is lost."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from bundler.file_inspection_record import PDF, FileRecord
from bundler.materials.file_inspection import inspect_bytes
from bundler.materials.rasterise import mark_rasterised_pages
from tests.materials.test_attached_pages import bind_parts, error_rules, source_part
from tests.support.page_pictures import MAX_DIFFERING_SHARE, differing_share, render_with_pdfium, render_with_poppler
from tests.support.pdf_files import RED, annotation, page_pdf

BUTTON = b"0 0 1 rg 10 10 80 80 re f"


def form_pdf(*, drawn_anew: bool, appearance: bytes | None, **field: Dictionary | Name | String | int) -> bytes:
    """Make a form of one field; `drawn_anew` is NeedAppearances."""

    def add(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        made = annotation(pdf, "Widget", appearance, T=String("a"), DA=String("/Helv 24 Tf 0 g"), **field)  # type: ignore[arg-type]
        widget = pdf.make_indirect(made)
        page.obj.Annots = Array([widget])
        font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        pdf.Root.AcroForm = Dictionary(
            Fields=Array([widget]), DA=String("/Helv 24 Tf 0 g"), DR=Dictionary(Font=Dictionary(Helv=font))
        )
        if drawn_anew:
            pdf.Root.AcroForm.NeedAppearances = True

    return page_pdf(b"", add)


def inspect(data: bytes) -> FileRecord:
    """Inspect a PDF, with rasterising allowed."""
    return mark_rasterised_pages(inspect_bytes(data, PDF))


def lost_share(data: bytes, folder: Path, *, poppler: bool) -> float:
    """Bind a file, and return by how much it looks different in pdfium or in poppler."""
    record = inspect(data)
    assert error_rules(record) == []
    (folder / "source.pdf").write_bytes(data)
    target = bind_parts([source_part(data, record)], folder / "bound.pdf")
    render = render_with_poppler if poppler else render_with_pdfium
    return differing_share(render(folder / "source.pdf", 0), render(target, 1))


@pytest.mark.parametrize("drawn_anew", [False, True])
def test_the_seal_of_a_signature_stays(tmp_path: Path, *, drawn_anew: bool) -> None:
    """Also where the form asks viewers to draw its fields anew: they do not draw signatures anew."""
    data = form_pdf(drawn_anew=drawn_anew, appearance=RED, FT=Name.Sig)

    assert lost_share(data, tmp_path, poppler=False) < MAX_DIFFERING_SHARE
    assert inspect(data).pictured == ()


@pytest.mark.parametrize("drawn_anew", [False, True])
def test_a_text_is_bound_as_it_is_shown(tmp_path: Path, *, drawn_anew: bool) -> None:
    """By its appearance, or by the value where the form asks for that."""
    data = form_pdf(drawn_anew=drawn_anew, appearance=BUTTON, FT=Name.Tx, V=String("12345"))

    assert lost_share(data, tmp_path, poppler=False) < MAX_DIFFERING_SHARE
    assert bool(inspect(data).pictured) == drawn_anew


@pytest.mark.parametrize("poppler", [False, True])
def test_a_tick_stays(tmp_path: Path, *, poppler: bool) -> None:
    """Its appearance is one of several states."""
    data = form_pdf(drawn_anew=False, appearance=None, FT=Name.Btn, V=Name.Yes, AS=Name.Yes)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        box = [0, 0, 100, 100]
        on, off = (
            pdf.make_stream(content, Type=Name.XObject, Subtype=Name.Form, BBox=box) for content in (BUTTON, b"")
        )
        pdf.pages[0].obj.Annots[0].AP = Dictionary(N=Dictionary(Yes=on, Off=off))
        pdf.save(tmp_path / "ticked.pdf")

    assert lost_share((tmp_path / "ticked.pdf").read_bytes(), tmp_path, poppler=poppler) < MAX_DIFFERING_SHARE


@pytest.mark.parametrize("flags", [1, 4, 5])
def test_a_seal_with_the_flag_for_unknown_types_stays(tmp_path: Path, flags: int) -> None:
    """Viewers show it, for they know its type."""

    def add(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        stamp = annotation(pdf, "Stamp", RED)
        stamp.F = flags
        page.obj.Annots = Array([stamp])

    data = page_pdf(b"", add)

    assert lost_share(data, tmp_path, poppler=False) < MAX_DIFFERING_SHARE


@pytest.mark.parametrize(
    ("field", "appearance"),
    [
        ({"FT": Name.Tx, "V": String("汉字")}, None),
        ({"FT": Name.Tx, "V": String("12345")}, b"/Tx BMC EMC"),
        ({"FT": Name.Btn, "V": Name.Yes, "AS": Name.Yes}, None),
    ],
)
def test_what_viewers_show_differently_is_refused_or_pictured(field: dict[str, Name], appearance: bytes | None) -> None:
    """Never lost in silence."""
    record = inspect_bytes(form_pdf(drawn_anew=False, appearance=appearance, **field), PDF)

    assert error_rules(record) == ["FILE-DAMAGED"]


def test_a_field_outside_any_form_that_only_some_viewers_show_is_refused() -> None:
    """Poppler draws its value, pdfium nothing."""
    data = form_pdf(drawn_anew=False, appearance=None, FT=Name.Tx, V=String("1"))
    assert data.count(b"/AcroForm") == 1

    assert error_rules(inspect_bytes(data.replace(b"/AcroForm", b"/NoMatter"), PDF)) == ["FILE-DAMAGED"]


@pytest.mark.parametrize("phrase", ["Please wait...", ""])
def test_a_stand_in_for_a_dynamic_form_is_refused(phrase: str) -> None:
    """By what it says, or by the mark of such a form; a page of its own beside the form's packets is bound."""

    def add(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        page.obj.Resources.Font = Dictionary(F1=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        pdf.Root.AcroForm = Dictionary(Fields=Array(), XFA=pdf.make_stream(b"<x/>"))
        if not phrase:
            pdf.Root.NeedsRendering = True

    data = page_pdf(f"BT /F1 20 Tf 60 300 Td ({phrase}) Tj ET".encode(), add)

    assert "FILE-TYPE" in error_rules(inspect_bytes(data, PDF))
