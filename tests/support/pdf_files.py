"""PDFs of every kind that may be attached, made by code, and mutants of them."""

from __future__ import annotations

import io
import random
import zlib
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from bundler.typeset.typesetter import Typesetter
from bundler.word.block_model import Blocks, Paragraph, Run

Part = Dictionary | Stream
KINDS: dict[str, Callable[[], bytes]] = {}
"""The function that makes each kind, by name."""

BARS = b"0.2 0.4 0.8 rg 60 600 300 60 re f 0 g 60 400 420 8 re f 60 360 380 8 re f "
"""The content of every page: coloured and black bars, so that no page is blank."""


def kind(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """Register a kind under the name of its function."""
    KINDS[make.__name__] = make
    return make


def page_pdf(content: bytes, change: Callable[[pikepdf.Pdf, pikepdf.Page], None] = lambda *_: None) -> bytes:
    """Make a PDF of one A4 page with the bars and more content."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    page = pdf.pages[0]
    page.obj.Contents = pdf.make_stream(BARS + content)
    page.obj.Resources = Dictionary()
    change(pdf, page)
    return save(pdf)


def save(pdf: pikepdf.Pdf) -> bytes:
    """Return the file as bytes."""
    target = io.BytesIO()
    pdf.save(target, static_id=True)
    return target.getvalue()


def annotation(
    pdf: pikepdf.Pdf, subtype: str, appearance: bytes | None, **more: Dictionary | Name | String | list[int]
) -> Dictionary:
    """Make an annotation in the middle of the page."""
    made = Dictionary(Type=Name.Annot, Subtype=Name("/" + subtype), Rect=[250, 250, 350, 350], F=4)
    for key, value in more.items():
        made[f"/{key}"] = value
    if appearance is not None:
        form = pdf.make_stream(appearance, Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 100, 100])
        made.AP = Dictionary(N=form)
    return made


RED = b"1 0 0 RG 8 w 10 10 80 80 re S 1 0 0 rg 30 30 40 40 re f"


@kind
def seal() -> bytes:
    """A red seal that is an annotation."""
    return page_pdf(b"", lambda pdf, page: _annotate(page, annotation(pdf, "Stamp", RED)))


@kind
def comment() -> bytes:
    """A comment with an appearance stream."""
    return page_pdf(
        b"",
        lambda pdf, page: _annotate(page, annotation(pdf, "Square", b"0 0.6 0 rg 0 20 100 60 re f")),
    )


@kind
def bare_comment() -> bytes:
    """A square without an appearance stream, which viewers draw by themselves."""
    return page_pdf(
        b"",
        lambda pdf, page: _annotate(page, annotation(pdf, "Square", None, C=[1, 0, 0], BS=Dictionary(W=6))),
    )


@kind
def signature() -> bytes:
    """The visible appearance of an electronic signature."""

    def sign(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        field = pdf.make_indirect(annotation(pdf, "Widget", RED, FT=Name.Sig, T=String("s"), V=Dictionary()))
        _annotate(page, field)
        pdf.Root.AcroForm = Dictionary(Fields=[field], SigFlags=3)

    return page_pdf(b"", sign)


@kind
def filled_field() -> bytes:
    """A text field with a value and no appearance stream."""

    def fill(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        field = annotation(
            pdf, "Widget", None, FT=Name.Tx, T=String("a"), V=String("12345"), DA=String("/Helv 24 Tf 0 g")
        )
        field = pdf.make_indirect(field)
        _annotate(page, field)
        pdf.Root.AcroForm = Dictionary(
            Fields=[field],
            DA=String("/Helv 24 Tf 0 g"),
            DR=Dictionary(Font=Dictionary(Helv=font)),
        )

    return page_pdf(b"", fill)


@kind
def active() -> bytes:
    """Scripts, actions, links and an embedded file."""

    def act(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        script = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
        _annotate(
            page,
            annotation(pdf, "Link", None, A=Dictionary(S=Name.URI, URI=String("http://x.example")), Border=[0, 0, 0]),
        )
        page.obj.AA = Dictionary(O=script)
        pdf.Root.OpenAction = script
        pdf.attachments["evil.exe"] = b"MZ"

    return page_pdf(b"", act)


@kind
def inks() -> bytes:
    """Colours in CMYK."""
    return page_pdf(b"0 1 1 0 k 200 200 100 100 re f 1 0 0 0 K 6 w 100 100 50 50 re S")


@kind
def ink_picture() -> bytes:
    """An image in CMYK, and a transparency group in CMYK."""

    def add(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        pixels = bytes([0, 255, 255, 0, 255, 0, 0, 0, 0, 0, 0, 255, 0, 0, 255, 0])
        page.obj.Resources.XObject = Dictionary(Im=_picture(pdf, pixels, 2, 2, Name.DeviceCMYK))
        page.obj.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceCMYK)

    return page_pdf(b"q 200 0 0 200 200 100 cm /Im Do Q", add)


@kind
def masked_picture() -> bytes:
    """An interpolated image with a soft mask and keys for printing."""

    def add(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        picture = _picture(
            pdf,
            bytes((x * 3, y * 3, 90)[c] for y in range(64) for x in range(64) for c in range(3)),
            64,
            64,
            Name.DeviceRGB,
        )
        picture.SMask = _picture(pdf, bytes(range(0, 256, 4)) * 64, 64, 64, Name.DeviceGray)
        picture.Interpolate = True
        picture.OPI = Dictionary()
        page.obj.Resources.XObject = Dictionary(Im=picture)
        page.obj.Resources.ExtGState = Dictionary(
            G=Dictionary(HT=Name.Default, TR2=Name.Default, ca=0.5, BM=Name.Multiply)
        )

    return page_pdf(b"/G gs q 200 0 0 200 200 100 cm /Im Do Q", add)


@kind
def smoothed_picture() -> bytes:
    """An image of four by four pixels that the viewer is asked to smooth, so that it shows a gradient."""

    def add(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        pixels = bytes(255 * ((x + y) % 2) for y in range(4) for x in range(4))
        picture = _picture(pdf, pixels, 4, 4, Name.DeviceGray)
        picture.Interpolate = True
        page.obj.Resources.XObject = Dictionary(Im=picture)

    return page_pdf(b"q 300 0 0 300 100 300 cm /Im Do Q", add)


@kind
def latin_font() -> bytes:
    """Text in a standard font that is not embedded."""
    return page_pdf(b"BT /F1 30 Tf 100 200 Td (Account 6222 0000) Tj ET", lambda _, page: _font(page, _helvetica()))


@kind
def chinese_font() -> bytes:
    """汉字 in a font that is not embedded."""

    def add(_: pikepdf.Pdf, page: pikepdf.Page) -> None:
        inner = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType0,
            BaseFont=Name("/STSong-Light"),
            CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("GB1"), Supplement=2),
        )
        _font(
            page,
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type0,
                BaseFont=Name("/STSong-Light"),
                Encoding=Name("/UniGB-UCS2-H"),
                DescendantFonts=[inner],
            ),
        )

    return page_pdf(b"BT /F1 30 Tf 100 200 Td <4EBA6C11> Tj ET", add)


@kind
def invisible_text() -> bytes:
    """An invisible text layer over a scan, in a font that is not embedded."""
    return page_pdf(b"BT 3 Tr /F1 30 Tf 100 200 Td (found) Tj ET", lambda _, page: _font(page, _helvetica()))


@kind
def drawn_font() -> bytes:
    """Text in a Type 3 font."""

    def add(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        glyph = pdf.make_stream(b"750 0 0 0 750 750 d1 0 0 750 750 re f")
        _font(
            page,
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type3,
                FontBBox=[0, 0, 750, 750],
                FontMatrix=[0.001, 0, 0, 0.001, 0, 0],
                CharProcs=Dictionary(square=glyph),
                Encoding=Dictionary(Type=Name.Encoding, Differences=[97, Name.square]),
                FirstChar=97,
                LastChar=97,
                Widths=[750],
                Resources=Dictionary(),
            ),
        )

    return page_pdf(b"BT /F1 30 Tf 100 200 Td (aa) Tj ET", add)


@kind
def set_text() -> bytes:
    """A page of 汉字 with embedded fonts."""
    setter = Typesetter()
    run = Run("样某区人民法院执行通知书2021", "仿宋_GB2312", 16, bold=False, spacing=-0.25)
    setter.typeset_papers([("a", Blocks((Paragraph("正文", (run,)),)))])
    return setter.write(["a"], "样本", b"0" * 16, None)[0]


@kind
def shown_layers() -> bytes:
    """Layers that are all shown."""
    return _layered(hidden=False)


@kind
def hidden_layer() -> bytes:
    """A hidden layer, which would appear once the page is copied."""
    return _layered(hidden=True)


@kind
def layer_turned_round() -> bytes:
    """Content that is shown only while its layer is off."""

    def add(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("a")))
        page.obj.Resources.Properties = Dictionary(L=Dictionary(Type=Name.OCMD, OCGs=[layer], P=Name.AllOff))
        pdf.Root.OCProperties = Dictionary(OCGs=[layer], D=Dictionary(ON=[layer]))

    return page_pdf(b"/OC /L BDC 1 0 0 rg 200 100 200 200 re f EMC", add)


@kind
def layer_not_for_screens() -> bytes:
    """A layer that is shown only in print."""

    def add(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        usage = Dictionary(View=Dictionary(ViewState=Name.OFF))
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("a"), Usage=usage))
        page.obj.Resources.Properties = Dictionary(L=layer)
        rule = Dictionary(Event=Name.View, Category=[Name.View], OCGs=[layer])
        pdf.Root.OCProperties = Dictionary(OCGs=[layer], D=Dictionary(ON=[layer], AS=[rule]))

    return page_pdf(b"/OC /L BDC 1 0 0 rg 200 100 200 200 re f EMC", add)


@kind
def turned_and_cut() -> bytes:
    """A rotated page whose crop box is smaller and not at the origin."""

    def turn(_: pikepdf.Pdf, page: pikepdf.Page) -> None:
        page.obj.Rotate = 90
        page.obj.MediaBox = Array([20, 30, 560, 800])
        page.obj.CropBox = Array([40, 300, 520, 780])

    return page_pdf(b"", turn)


@kind
def unbalanced() -> bytes:
    """A page that ends with a changed transformation matrix."""
    return page_pdf(b"q 0.5 0 0 0.5 100 100 cm 0 0 200 200 re f q q")


@kind
def unknown_operator() -> bytes:
    """An unknown operator, which viewers skip."""
    return page_pdf(b"BX 1 2 frobnicate EX 100 100 50 50 re f")


@kind
def inline_picture() -> bytes:
    """An inline image."""
    return page_pdf(b"q 100 0 0 100 200 100 cm BI /W 2 /H 2 /CS /G /BPC 8 ID \x00\xff\xff\x00 EI Q")


@kind
def transfer_curve() -> bytes:
    """A transfer curve for printing plates."""

    def add(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        curve = pdf.make_indirect(Dictionary(FunctionType=2, Domain=[0, 1], N=1, C0=[1], C1=[0]))
        page.obj.Resources.ExtGState = Dictionary(G=Dictionary(TR=curve))

    return page_pdf(b"/G gs 100 100 50 50 re f", add)


@kind
def postscript() -> bytes:
    """A PostScript XObject."""

    def add(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        program = pdf.make_stream(b"showpage", Type=Name.XObject, Subtype=Name.PS)
        page.obj.Resources.XObject = Dictionary(P=program)

    return page_pdf(b"/P Do", add)


@kind
def old_filter() -> bytes:
    """Content compressed with LZW, which PDF/A does not allow."""

    def pack(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        page.obj.Contents = Stream(pdf, BARS.hex().encode() + b">", Filter=Name.ASCIIHexDecode)

    return page_pdf(b"", pack)


def _annotate(page: pikepdf.Page, one: Dictionary) -> None:
    page.obj.Annots = Array([one])


def _helvetica() -> Dictionary:
    return Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)


def _font(page: pikepdf.Page, font: Dictionary) -> None:
    page.obj.Resources.Font = Dictionary(F1=font)


def _picture(pdf: pikepdf.Pdf, pixels: bytes, width: int, height: int, space: Name) -> Stream:
    return pdf.make_stream(
        zlib.compress(pixels),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=width,
        Height=height,
        ColorSpace=space,
        BitsPerComponent=8,
        Filter=Name.FlateDecode,
    )


def _layered(*, hidden: bool) -> bytes:
    def add(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("a")))
        page.obj.Resources.Properties = Dictionary(L=layer)
        order = Dictionary(OFF=[layer]) if hidden else Dictionary(ON=[layer])
        pdf.Root.OCProperties = Dictionary(OCGs=[layer], D=order)

    return page_pdf(b"/OC /L BDC 1 0 0 rg 200 100 200 200 re f EMC", add)


def mutate(data: bytes, rng: random.Random) -> bytes | None:
    """Return the file with one change to its page; None if it cannot be saved."""
    with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as pdf:
        parts = _parts(pdf)
        part = rng.choice([candidate for candidate in parts if _keys(candidate)])
        try:
            rng.choice((_drop_key, _change_value, _change_value, _swap_name, _corrupt_bytes))(part, rng)
            return save(pdf)
        except (pikepdf.PdfError, ValueError, TypeError, RuntimeError):
            return None


def _parts(pdf: pikepdf.Pdf) -> list[Part]:
    """Return the first page and the dictionaries below it."""
    found: list[Part] = []
    pending: list[object] = [pdf.pages[0].obj]
    seen = set()
    while pending and len(found) < 200:
        thing = pending.pop()
        if isinstance(thing, Array):
            pending += list(thing)
        elif isinstance(thing, (Dictionary, Stream)) and (thing.objgen == (0, 0) or thing.objgen not in seen):
            seen.add(thing.objgen)
            found.append(thing)
            pending += [value for key, value in thing.items() if key != "/Parent"]
    return found


_VALUES: tuple[Callable[[random.Random], object], ...] = (
    lambda rng: rng.choice((0, 1, -1, 2, 8, 16, 500, 10**10)),
    lambda rng: rng.random() * 1000,
    lambda rng: Name(rng.choice(("/DeviceCMYK", "/DeviceGray", "/Foo", "/Identity", "/LZWDecode", "/Type3"))),
    lambda _: String("x"),
    lambda _: Array([]),
    lambda _: Dictionary(),
    lambda _: True,
)
_NAMES = (
    "/Interpolate",
    "/Alternates",
    "/OPI",
    "/TR",
    "/HT",
    "/BM",
    "/Intent",
    "/Encoding",
    "/SMask",
    "/Ref",
    "/AA",
    "/OC",
)


def _keys(part: Part) -> list[str]:
    return sorted(set(part.keys()) - {"/Length", "/Parent"})


def _drop_key(part: Part, rng: random.Random) -> None:
    del part[rng.choice(_keys(part))]


def _change_value(part: Part, rng: random.Random) -> None:
    key = rng.choice(_keys(part))
    old = part[key]
    if isinstance(old, Array) and len(old) and rng.random() < 0.7:
        old[rng.randrange(len(old))] = rng.choice(_VALUES)(rng)
    else:
        part[key] = rng.choice(_VALUES)(rng)


def _swap_name(part: Part, rng: random.Random) -> None:
    part[rng.choice(_NAMES)] = rng.choice(_VALUES)(rng)


def _corrupt_bytes(part: Part, rng: random.Random) -> None:
    if not isinstance(part, Stream):
        raise TypeError("no bytes")
    data = bytearray(part.read_bytes())
    for _ in range(rng.randrange(1, 4)):
        data[rng.randrange(len(data))] = rng.choice(b"0123456789 /QqfkKTmnd()<>[]")
    part.write(bytes(data))
