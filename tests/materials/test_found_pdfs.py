"""Faults of PDFs that other people made, each in a small file made here: bound as it is seen, or refused by name."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pikepdf
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.misc.psCharStrings import T2CharString
from pikepdf import Array, Dictionary, Name, Page, Pdf, Stream, String
from PIL import Image, ImageDraw

from bundler.bind.join import join
from bundler.bind.join_types import SourcePart, TypesetPart
from bundler.file_inspection_record import PDF, FileRecord
from bundler.materials.file_inspection import inspect_bytes
from bundler.materials.pdf_inspection import inspect_pdf
from bundler.materials.rasterise import mark_rasterised_pages
from bundler.regulation.rule_codes import Severity
from tests.support import pdf_files
from tests.support.page_pictures import (
    MAX_DIFFERING_SHARE,
    differing_share,
    render_with_pdfium,
    render_with_poppler,
)
from tests.support.pdf_scrambler import INDIRECT_OR_NOT, scramble
from tests.support.regulations import RULES
from tests.support.verapdf import VeraPdf

Change = Callable[[Pdf, Page], None]


def _picture(pdf: Pdf, data: bytes, filters: object, **more: object) -> Stream:
    stream = Stream(pdf, data)
    entries = {"Type": Name.XObject, "Subtype": Name.Image, "Width": 64, "Height": 48, "BitsPerComponent": 8}
    for key, value in {**entries, "ColorSpace": Name.DeviceRGB, **more}.items():
        stream[f"/{key}"] = value
    stream.Filter = filters
    return stream


def _pixels() -> Image.Image:
    image = Image.new("RGB", (64, 48), "white")
    image.paste((200, 30, 30), (8, 8, 40, 40))
    return image


def _encoded(kind: str, **options: object) -> bytes:
    target = io.BytesIO()
    _pixels().save(target, kind, **options)
    return target.getvalue()


def _show(make: Callable[[Pdf], Stream]) -> bytes:
    def add(pdf: Pdf, page: Page) -> None:
        page.obj.Resources.XObject = Dictionary(Im=make(pdf))

    return pdf_files.page_pdf(b"q 200 0 0 150 200 100 cm /Im Do Q", add)


def indirect_numbers() -> bytes:
    """Every value that can be an object of its own is one."""
    plain = _show(lambda pdf: _picture(pdf, zlib.compress(_pixels().tobytes()), Name.FlateDecode))
    return scramble(plain, lambda ways: 1 if ways == INDIRECT_OR_NOT else 0)


def flate_around_jpeg() -> bytes:
    """A JPEG that was compressed once more."""
    jpeg = _encoded("JPEG", quality=95)
    return _show(lambda pdf: _picture(pdf, zlib.compress(jpeg), [Name.FlateDecode, Name.DCTDecode]))


def hex_around_flate_around_jpeg() -> bytes:
    """A JPEG within two filters."""
    data = zlib.compress(_encoded("JPEG", quality=95)).hex().encode() + b">"
    return _show(lambda pdf: _picture(pdf, data, [Name.ASCIIHexDecode, Name.FlateDecode, Name.DCTDecode]))


def run_length() -> bytes:
    """An image compressed by run length."""
    pixels = _pixels().tobytes()
    runs = b"".join(b"\x7f" + pixels[at : at + 128] for at in range(0, len(pixels), 128)) + b"\x80"
    return _show(lambda pdf: _picture(pdf, runs, Name.RunLengthDecode))


def bare_jpeg2000() -> bytes:
    """A JPEG 2000 codestream without the boxes of a JP2 file."""
    data = _encoded("JPEG2000", no_jp2=True)
    return _show(lambda pdf: _picture(pdf, data, Name.JPXDecode))


def flate_around_jpeg2000() -> bytes:
    """A JPEG 2000 image that was compressed once more."""
    data = zlib.compress(_encoded("JPEG2000"))
    return _show(lambda pdf: _picture(pdf, data, [Name.FlateDecode, Name.JPXDecode]))


def packet_in_property_list() -> bytes:
    """XMP of its own in a property list, which no validator accepts."""

    def add(pdf: Pdf, page: Page) -> None:
        packet = pdf.make_stream(b"<x>not XMP</x>", Type=Name.Metadata, Subtype=Name.XML)
        page.obj.Resources.Properties = Dictionary(P=Dictionary(Metadata=packet, Long=String("x" * 10)))

    return pdf_files.page_pdf(b"/Span /P BDC 100 100 50 50 re f EMC", add)


def page_as_property_list() -> bytes:
    """A page whose property lists are what the page itself refers to, such as the page tree."""

    def add(_: Pdf, page: Page) -> None:
        page.obj.Resources.Properties = page.obj

    return pdf_files.page_pdf(b"/Span /Parent BDC 100 100 50 50 re f EMC", add)


def overprint_in_ink() -> bytes:
    """Overprint mode 1 with CMYK, which gets a profile."""

    def add(_: Pdf, page: Page) -> None:
        page.obj.Resources.ExtGState = Dictionary(G=Dictionary(Type=Name.ExtGState, OP=True, op=True, OPM=1))

    return pdf_files.page_pdf(b"/G gs 0 1 1 0 k 200 200 100 100 re f", add)


def _tint(pdf: Pdf, program: bytes, inputs: int) -> Stream:
    return pdf.make_stream(program, FunctionType=4, Domain=[0, 1] * inputs, Range=[0, 1] * 4)


def spots_without_colorants() -> bytes:
    """A DeviceN space that does not describe its spot colours."""

    def add(pdf: Pdf, page: Page) -> None:
        tint = _tint(pdf, b"{ 0 0 }", 2)
        page.obj.Resources.ColorSpace = Dictionary(
            S=Array([Name.DeviceN, Array([Name("/Red"), Name("/Gold")]), Name.DeviceCMYK, tint])
        )

    return pdf_files.page_pdf(b"/S cs 0.5 0.9 scn 200 200 100 100 re f", add)


def one_name_for_two_spots() -> bytes:
    """Two spot colours of the same name that look different."""

    def add(pdf: Pdf, page: Page) -> None:
        page.obj.Resources.ColorSpace = Dictionary(
            A=Array([Name.Separation, Name("/Red"), Name.DeviceCMYK, _tint(pdf, b"{ 0 exch dup 0 }", 1)]),
            B=Array([Name.Separation, Name("/Red"), Name.DeviceCMYK, _tint(pdf, b"{ dup 0 0 }", 1)]),
        )

    return pdf_files.page_pdf(b"/A cs 1 scn 200 200 100 100 re f /B cs 1 scn 320 200 100 100 re f", add)


def ink_within_a_shading() -> bytes:
    """A shading in a spot colour that is computed in CMYK: it takes no default from resources."""

    def add(pdf: Pdf, page: Page) -> None:
        spot = Array([Name.Separation, Name("/Ink"), Name.DeviceCMYK, _tint(pdf, b"{ 0 exch dup 0 }", 1)])
        ramp = Dictionary(FunctionType=2, Domain=[0, 1], N=1, C0=[0], C1=[1])
        shading = Dictionary(
            ShadingType=2, ColorSpace=spot, Coords=[200, 0, 400, 0], Function=ramp, Extend=[True, True]
        )
        page.obj.Resources.Pattern = Dictionary(P=Dictionary(Type=Name.Pattern, PatternType=2, Shading=shading))

    return pdf_files.page_pdf(b"/Pattern cs /P scn 200 200 200 100 re f", add)


def odd_hex_string() -> bytes:
    """A hexadecimal string with an odd number of digits."""
    data = pikepdf.open(io.BytesIO(pdf_files.drawn_font()))
    data.pages[0].obj.Contents = data.make_stream(pdf_files.BARS + b"BT /F1 30 Tf 100 200 Td <616> Tj <6161> Tj ET")
    font = data.pages[0].obj.Resources.Font.F1
    font.FirstChar, font.LastChar, font.Widths = 96, 97, [750, 750]
    font.Encoding.Differences = [96, Name.square, Name.square]
    return pdf_files.save(data)


def form_without_resources() -> bytes:
    """A form that uses the resources of its page."""

    def add(pdf: Pdf, page: Page) -> None:
        form = pdf.make_stream(
            b"/G gs 1 0 0 rg 0 0 100 100 re f 0 1 1 0 k 20 20 30 30 re f", Type=Name.XObject, Subtype=Name.Form
        )
        form.BBox = [0, 0, 100, 100]
        page.obj.Resources.ExtGState = Dictionary(G=Dictionary(ca=0.5))
        page.obj.Resources.XObject = Dictionary(Fm=form)

    return pdf_files.page_pdf(b"q 1 0 0 1 200 200 cm /Fm Do Q", add)


def crop_box_beyond_the_page() -> bytes:
    """A crop box twice as large as the page; viewers show the page."""

    def add(_: Pdf, page: Page) -> None:
        page.obj.MediaBox = Array([0, 0, 500, 700])
        page.obj.CropBox = Array([0, 0, 1000, 1400])

    return pdf_files.page_pdf(b"", add)


def name_in_gbk() -> bytes:
    """An invisible text layer in a font whose name is in GBK."""

    def add(pdf: Pdf, page: Page) -> None:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        font.BaseFont = pikepdf.Object.parse(b"/#CB#CE#CC#E5")
        font.FirstChar, font.LastChar, font.Widths = 97, 97, [500]
        page.obj.Resources.Font = Dictionary(F1=pdf.make_indirect(font))

    return pdf_files.page_pdf(b"BT 3 Tr /F1 30 Tf 100 200 Td (a) Tj ET", add)


def type3_of_wrong_width() -> bytes:
    """A Type 3 glyph that is wider than its font states."""
    pdf = pikepdf.open(io.BytesIO(pdf_files.drawn_font()))
    pdf.pages[0].obj.Resources.Font.F1.Widths = [500]
    return pdf_files.save(pdf)


def broken_catalog_packet() -> bytes:
    """A page that is bound as an image, in a file whose own XMP cannot be read."""
    pdf = pikepdf.open(io.BytesIO(pdf_files.latin_font()))
    packet = Stream(pdf, b"\xff\xff")
    packet.Type, packet.Subtype, packet.Filter = Name.Metadata, Name.XML, Name.ASCII85Decode
    pdf.Root.Metadata = packet
    target = io.BytesIO()
    pdf.save(target, static_id=True, fix_metadata_version=False)
    return target.getvalue()


def page_of_another_type() -> bytes:
    """A page that says it is something else, so that pdfium does not load it; other viewers show it."""

    def add(pdf: Pdf, page: Page) -> None:
        del pdf
        page.obj.Type = Name.Catalog

    return pdf_files.page_pdf(b"", add)


def layers_and_form_that_are_numbers() -> bytes:
    """Numbers in the place of the lists of layers and of the form, which viewers pass over."""

    def add(pdf: Pdf, page: Page) -> None:
        del page
        pdf.Root.AcroForm = 7
        pdf.Root.OCProperties = Dictionary(OCGs=1, D=Dictionary(OFF=2, AS=3))

    return pdf_files.page_pdf(b"", add)


def link_with_an_appearance() -> bytes:
    """A link that draws something, as all viewers show it."""

    def add(pdf: Pdf, page: Page) -> None:
        page.obj.Annots = Array([pdf_files.annotation(pdf, "Link", pdf_files.RED, Border=[0, 0, 0])])

    return pdf_files.page_pdf(b"", add)


def colour_space_by_name() -> bytes:
    """An image that names its colour space in the resources of the page, where only some viewers look."""

    def add(pdf: Pdf, page: Page) -> None:
        page.obj.Resources.XObject = Dictionary(Im=_picture(pdf, zlib.compress(_pixels().tobytes()), Name.FlateDecode))
        page.obj.Resources.XObject.Im.ColorSpace = Name.CS0
        page.obj.Resources.ColorSpace = Dictionary(
            CS0=Array([Name.CalRGB, Dictionary(WhitePoint=[Decimal("0.9505"), 1, Decimal("1.089")])])
        )

    return pdf_files.page_pdf(b"q 200 0 0 150 200 100 cm /Im Do Q", add)


def restored_too_often() -> bytes:
    """A page that restores what it did not save, with a seal: once bound, a viewer would draw nothing after that."""

    def add(pdf: Pdf, page: Page) -> None:
        page.obj.Annots = Array([pdf_files.annotation(pdf, "Stamp", pdf_files.RED)])

    return pdf_files.page_pdf(b"Q Q Q", add)


def never_restored() -> bytes:
    """A page that ends within two smaller scales, with a seal, which is not to be scaled."""

    def add(pdf: Pdf, page: Page) -> None:
        page.obj.Annots = Array([pdf_files.annotation(pdf, "Stamp", pdf_files.RED)])

    return pdf_files.page_pdf(b"q .5 0 0 .5 0 0 cm q 1 0 0 rg 300 100 50 50 re f", add)


def turned_by_a_real_number() -> bytes:
    """A rotation of 90.0, which is no whole number: some viewers turn the page, and so is it bound."""

    def add(_: Pdf, page: Page) -> None:
        page.obj.Rotate = Decimal("90.0")

    return pdf_files.page_pdf(b"", add)


def inline_image_with_an_end_in_it() -> bytes:
    """An inline image whose data looks like its end; a validator reads the rest as operators."""
    data = bytearray(_pixels().convert("L").tobytes())
    data[100:106] = b" EI Q "
    head = b"q 150 0 0 150 300 150 cm BI /W 64 /H 48 /CS /G /BPC 8 ID "
    return pdf_files.page_pdf(head + bytes(data) + b"\nEI Q")


def comment_at_the_end() -> bytes:
    """A comment after the last operator."""
    return pdf_files.page_pdf(b"100 100 50 50 re f % 50 of (them")


def ends_after_operands() -> bytes:
    """Content that ends before the operator of its last command."""
    return pdf_files.page_pdf(b"100 100 50 50 re f 200 100 50 50")


def ends_within_a_text() -> bytes:
    """Content that ends within a text, which looks like the last operator."""
    return pdf_files.page_pdf(b"q 1 0 0 rg Q 100 100 50 50 re f (to be continued f")


def ends_after_operands_and_a_comment() -> bytes:
    """Content whose last command has no operator but one in a comment."""
    return pdf_files.page_pdf(b"100 100 50 50 re f 200 100 50 50 % f")


def ends_within_a_text_of_two_streams() -> bytes:
    """A text that begins in one of the page's streams and ends nowhere."""

    def add(pdf: Pdf, page: Page) -> None:
        parts = (pdf_files.BARS + b"q 1 0 0 rg 100 100 50 50 re f Q (oops", b"q 0 1 0 rg 300 100 50 50 re f Q")
        page.obj.Contents = Array([pdf.make_stream(part) for part in parts])

    return pdf_files.page_pdf(b"", add)


def ends_within_a_text_below_a_seal() -> bytes:
    """Content that ends within a text; the seal that is drawn after it is no part of that."""

    def add(pdf: Pdf, page: Page) -> None:
        page.obj.Annots = Array([pdf_files.annotation(pdf, "Stamp", pdf_files.RED)])

    return pdf_files.page_pdf(b"q 1 0 0 rg 100 100 50 50 re f Q (to be continued", add)


def ends_within_an_image_below_a_seal() -> bytes:
    """Content that ends within an image, whose data would swallow the seal."""

    def add(pdf: Pdf, page: Page) -> None:
        page.obj.Annots = Array([pdf_files.annotation(pdf, "Stamp", pdf_files.RED)])

    return pdf_files.page_pdf(b"q Q BI /W 9 /H 9 /CS /G /BPC 8 ID \x00\xff", add)


def ends_within_an_image() -> bytes:
    """Content that ends within the data of an inline image."""
    return pdf_files.page_pdf(b"q 150 0 0 150 300 150 cm BI /W 64 /H 48 /CS /G /BPC 8 ID \x00\xff")


def form_ends_after_operands() -> bytes:
    """A form that ends before the operator of its last command."""

    def add(pdf: Pdf, page: Page) -> None:
        form = pdf.make_stream(b"0 0 50 50 re f 60 0 50 50", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 99, 99])
        page.obj.Resources = Dictionary(XObject=Dictionary(F=form))

    return pdf_files.page_pdf(b"q 1 0 0 1 100 100 cm /F Do Q", add)


BOUND = (
    *(colour_space_by_name, restored_too_often, never_restored, turned_by_a_real_number),
    *(indirect_numbers, flate_around_jpeg, hex_around_flate_around_jpeg, run_length, bare_jpeg2000),
    *(flate_around_jpeg2000, packet_in_property_list, overprint_in_ink, one_name_for_two_spots, ink_within_a_shading),
    *(odd_hex_string, form_without_resources, crop_box_beyond_the_page, name_in_gbk),
    comment_at_the_end,
    *(page_of_another_type, layers_and_form_that_are_numbers, link_with_an_appearance, page_as_property_list),
)
UNFINISHED = (
    *(ends_after_operands, ends_within_a_text, ends_within_an_image, form_ends_after_operands),
    *(ends_after_operands_and_a_comment, ends_within_a_text_of_two_streams),
    *(ends_within_a_text_below_a_seal, ends_within_an_image_below_a_seal),
)
PICTURED = (
    *(inline_image_with_an_end_in_it, spots_without_colorants, type3_of_wrong_width, broken_catalog_packet),
    *UNFINISHED,
)
RENDERERS = (render_with_pdfium, render_with_poppler)
DRAWN_DIFFERENTLY_BY_POPPLER = (
    *(broken_catalog_packet, ink_within_a_shading),
    *(colour_space_by_name, turned_by_a_real_number, inline_image_with_an_end_in_it),
)
"""The image of a page, and the half-tones that the profile gives CMYK, follow pdfium."""


def _inspect(data: bytes) -> FileRecord:
    return mark_rasterised_pages(inspect_bytes(data, PDF))


def _bind(data: bytes, record: FileRecord, target: Path) -> Path:
    pages = range(1, len(record.pages) + 1)
    free = frozenset(n for n, page in enumerate(record.pages, start=1) if page.free_corner)
    part = SourcePart(
        PDF, pages, lambda: data, free, file="a.pdf", touched=record.touched, pictured=record.pictured_pages
    )
    join(pdf_files.set_text(), [TypesetPart(0, 0, "封面"), part], [], target)
    return target


@pytest.mark.parametrize("make", [*BOUND, *PICTURED])
def test_what_was_refused_or_invalid_is_bound_as_seen(
    make: Callable[[], bytes], tmp_path: Path, verapdf: VeraPdf
) -> None:
    """The check finds no error, the bound file is valid PDF/A-3b, and two renderers see the page as before."""
    data = make()
    source = tmp_path / "source.pdf"
    source.write_bytes(data)
    record = _inspect(data)
    assert [one for one in record.problems if RULES[one.rule].severity is Severity.ERROR] == []
    assert bool(record.pictured) == (make in PICTURED)

    target = _bind(data, record, tmp_path / "bound.pdf")

    assert verapdf.failed_rules(target) == "ok"
    renderers = (render_with_pdfium,) if make in DRAWN_DIFFERENTLY_BY_POPPLER else RENDERERS
    renderers = (render_with_poppler,) if make is page_of_another_type else renderers
    shares = [differing_share(render(source, 0), render(target, 1)) for render in renderers]
    assert max(shares) < MAX_DIFFERING_SHARE


@pytest.mark.parametrize("make", UNFINISHED)
def test_content_that_ends_within_a_command_is_told(make: Callable[[], bytes]) -> None:
    """It is told why the page is bound as an image: a part of what was drawn may be missing."""
    (problem,) = _inspect(make()).problems
    assert (problem.rule, problem.pages) == ("FILE-PICTURED", (1,))
    assert "有不完整的绘图命令" in problem.message


def test_a_seal_whose_appearance_is_not_found_is_not_lost_in_silence() -> None:
    """Its object is free in one table and listed in another: poppler draws it, pikepdf and pdfium find none."""

    def add(pdf: Pdf, page: Page) -> None:
        seal = pdf_files.annotation(pdf, "Stamp", pdf_files.RED)
        seal.AP = Dictionary()
        page.obj.Annots = Array([seal])

    (problem,) = _inspect(pdf_files.page_pdf(b"", add)).problems
    assert (problem.rule, problem.pages) == ("FILE-DAMAGED", (1,))
    assert "“印章”内容没有可用的外观" in problem.message


def test_a_seal_that_an_update_removed_and_viewers_still_show_is_not_lost_in_silence() -> None:
    """The table of the update frees the object of the seal; pikepdf finds none there, and pdfium and poppler show it."""

    def add(pdf: Pdf, page: Page) -> None:
        page.obj.Annots = Array([pdf.make_indirect(pdf_files.annotation(pdf, "Stamp", pdf_files.RED))])

    data = pdf_files.page_pdf(b"", add)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        target = io.BytesIO()
        pdf.save(target, static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    with pikepdf.open(io.BytesIO(target.getvalue())) as pdf:
        number, root, size = pdf.pages[0].obj.Annots[0].objgen[0], pdf.Root.objgen[0], pdf.trailer.Size
    start = int(target.getvalue().rsplit(b"startxref", 1)[1].split()[0])
    updated = target.getvalue() + b"xref\n%d 1\n%010d 00001 f \ntrailer\n<</Size %d/Root %d 0 R/Prev %d>>\n" % (
        *(number, 0, size, root, start),
    )
    updated += b"startxref\n%d\n%%%%EOF\n" % len(target.getvalue())

    assert [one.rule for one in _inspect(updated).problems] == ["FILE-DAMAGED"]


def test_a_ruled_scan_that_was_changed_by_appending_is_bound() -> None:
    """Its picture is compared as the viewer draws it before and after, though the page was looked at by its picture alone."""
    picture = Image.new("L", (2272, 1848), 255)
    ruler = ImageDraw.Draw(picture)
    for row in range(60, 1780, 29):
        ruler.line((60, row, 2200, row), fill=0, width=3)

    def fill(pdf: Pdf, page: Page) -> None:
        image = Stream(pdf, picture.tobytes())
        image.Type, image.Subtype, image.ColorSpace = Name.XObject, Name.Image, Name.DeviceGray
        image.Width, image.Height, image.BitsPerComponent = *picture.size, 8
        page.obj.MediaBox = Array([0, 0, 545, 443])
        page.obj.Resources = Dictionary(XObject=Dictionary(Im0=image))
        page.obj.Contents = pdf.make_stream(b"q 545 0 0 443 0 0 cm /Im0 Do Q")

    data = pdf_files.page_pdf(b"", fill)
    start = int(data.rsplit(b"startxref", 1)[1].split()[0])
    appended = data + b"startxref\n%d\n%%%%EOF\n" % start
    assert [one.rule for one in _inspect(appended).problems] == [one.rule for one in _inspect(data).problems]


def _program_with_fractions() -> bytes:
    """A CFF font whose glyph I is 327.61 wide, written as a difference from 565.62."""
    outline = [*(-238.01, 50, 0, "rmoveto"), *(200, "hlineto", 600, "vlineto", -200, "hlineto"), "endchar"]
    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder([".notdef", "I"])
    empty = T2CharString(program=["endchar"])
    private = {"defaultWidthX": 249.64, "nominalWidthX": 565.62}
    builder.setupCFF("Fraction", {}, {".notdef": empty, "I": T2CharString(program=outline)}, private)
    target = io.BytesIO()
    cff = builder.font["CFF "].cff
    cff.compile(target, builder.font)
    return target.getvalue()


@pytest.mark.parametrize(("width", "rules"), [(328, ["FILE-PICTURED"]), (327.5, [])])
def test_a_width_that_validators_reckon_otherwise_is_not_taken_for_sound(width: float, rules: list[str]) -> None:
    """For a validator (veraPDF) that reads 565 for 565.62 a glyph of 327.61 is 326.99 wide, and 328 is too much: the page becomes an image."""

    def add(pdf: Pdf, page: Page) -> None:
        program = Stream(pdf, _program_with_fractions())
        program.Subtype = Name.Type1C
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name.Fraction,
            Flags=4,
            FontBBox=Array([0, 0, 300, 700]),
            ItalicAngle=0,
            Ascent=700,
            Descent=0,
            CapHeight=700,
            StemV=80,
            FontFile3=program,
        )
        encoding = Dictionary(Type=Name.Encoding, Differences=Array([73, Name.I]))
        font = Dictionary(
            Type=Name.Font,
            Subtype=Name.Type1,
            BaseFont=Name.Fraction,
            FirstChar=73,
            LastChar=73,
            Widths=Array([Decimal(str(width))]),
            FontDescriptor=descriptor,
            Encoding=encoding,
        )
        page.obj.Resources = Dictionary(Font=Dictionary(F=font))

    record = _inspect(pdf_files.page_pdf(b" BT /F 24 Tf 72 400 Td (III) Tj ET", add))
    assert [one.rule for one in record.problems] == rules


def _spoilt(content: bytes) -> bytes:
    """Return a file of two pages, the second with compressed content as given."""
    pdf = pikepdf.new()
    for _ in range(2):
        pdf.add_blank_page(page_size=(595, 842))
    pdf.pages[0].obj.Contents = pdf.make_stream(pdf_files.BARS)
    stream = Stream(pdf, content)
    stream.Filter = Name.FlateDecode
    pdf.pages[1].obj.Contents = stream
    target = io.BytesIO()
    pdf.save(target, static_id=True, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return target.getvalue()


_LINES = b"".join(b"%d %d 90 8 re f\n" % (number * 37 % 500, number * 61 % 800) for number in range(300))


@pytest.mark.parametrize("spoil", ["cut", "changed"])
def test_content_that_is_corrupt_on_one_page_is_damage_of_that_page(spoil: str) -> None:
    """It is not bound with what is left of it, and the message says which page."""
    packed = zlib.compress(_LINES)
    half = len(packed) // 2
    record = _inspect(_spoilt(packed[:half] if spoil == "cut" else packed[:half] + b"\xff" * 9 + packed[half + 9 :]))

    assert [(one.rule, one.pages) for one in record.problems] == [("FILE-DAMAGED", (2,))]
    assert record.pictured == ()


def test_content_without_its_checksum_is_whole() -> None:
    """Some programs leave out the last four bytes; nothing is missing."""
    assert _inspect(_spoilt(zlib.compress(_LINES)[:-4])).problems == ()


@pytest.mark.parametrize("end", [b"", b"\r\n"])
def test_content_that_was_flushed_and_never_ended_is_whole(end: bytes) -> None:
    """Adobe's programs write appearances so; all of the content is there."""
    packer = zlib.compressobj()
    packed = packer.compress(_LINES) + packer.flush(zlib.Z_SYNC_FLUSH)
    assert _inspect(_spoilt(packed + end)).problems == ()


def test_an_offset_that_no_computer_holds_is_damage() -> None:
    """The library raises no error of its own over it."""
    head, _, _ = pdf_files.page_pdf(b"").rpartition(b"startxref")
    record = inspect_pdf(head + b"startxref\n47897932384626433832795\n%%EOF\n")
    assert [one.rule for one in record.problems] == ["FILE-DAMAGED"]
