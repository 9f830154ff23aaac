"""Attached files: told by content, opened without leaving the folder, never a traceback."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageDraw

from bundler.errors import FileChangedError
from bundler.file_record import JPEG, PDF, TIFF, FileRecord
from bundler.materials import pdf as pdf_inspection
from bundler.materials.folder import read_unchanged
from bundler.materials.inspect import inspect_bytes, inspect_materials


def picture(file_format: str, dpi: int | None = 200, **options: object) -> bytes:
    """A page with a word's worth of black."""
    image = Image.new("L", (827, 1169), 240)
    ImageDraw.Draw(image).rectangle([80, 80, 500, 160], fill=10)
    target = io.BytesIO()
    image.save(target, file_format, **({"dpi": (dpi, dpi)} if dpi else {}), **options)
    return target.getvalue()


def pdf(pages: int = 1) -> bytes:
    """A PDF with a line on each page."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(595, 842))
        document.pages[-1].contents_add(b"10 10 m 500 500 l S")
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def pdf_of_cut_jpeg() -> bytes:
    """A scan whose picture ends in the middle, wrapped in a sound PDF."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(595, 842))
    image = document.make_stream(picture("JPEG", 300)[:4000])
    image.update({"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": 827, "/Height": 1169})
    image.update({"/ColorSpace": pikepdf.Name.DeviceGray, "/BitsPerComponent": 8, "/Filter": pikepdf.Name.DCTDecode})
    name = document.pages[0].add_resource(image, pikepdf.Name.XObject)
    document.pages[0].contents_add(f"q 595 0 0 842 0 0 cm {name} Do Q".encode())
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def read(folder: Path, name: str, data: bytes | None = None) -> FileRecord:
    """The record of one file."""
    if data is not None:
        (folder / name).write_bytes(data)
    return inspect_materials(folder, [name])[name]


def rules(record: FileRecord) -> list[str]:
    """The problems' rules."""
    return [problem.rule for problem in record.problems]


def test_accepted_files_are_told_by_content(tmp_path: Path) -> None:
    """And their pages counted."""
    frames = [Image.new("1", (1654, 2339), 1) for _ in range(3)]
    for frame in frames:
        ImageDraw.Draw(frame).rectangle([200, 200, 1200, 400], fill=0)
    tiff = io.BytesIO()
    frames[0].save(tiff, "TIFF", save_all=True, append_images=frames[1:], compression="group4", dpi=(200, 200))

    assert (read(tmp_path, "a.pdf", pdf(2)).media_type, len(read(tmp_path, "a.pdf").pages)) == (PDF, 2)
    assert rules(read(tmp_path, "b.jpg", picture("JPEG"))) == []
    assert (read(tmp_path, "c.tif", tiff.getvalue()).media_type, len(read(tmp_path, "c.tif").pages)) == (TIFF, 3)
    assert rules(read(tmp_path, "d.pdf", picture("JPEG"))) == ["FILE-EXTENSION"]


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("../x.pdf", "FILE-OUTSIDE"),
        ("/etc/hostname", "FILE-OUTSIDE"),
        ("a\\b.pdf", "FILE-OUTSIDE"),
        ("C:x.pdf", "FILE-OUTSIDE"),
        ("link.pdf", "FILE-OUTSIDE"),
        ("there/x.pdf", "FILE-OUTSIDE"),
        ("pipe.pdf", "FILE-TYPE"),
        ("folder", "FILE-TYPE"),
        ("not there.pdf", "FILE-MISSING"),
    ],
)
def test_names_never_lead_out_and_nothing_waits(tmp_path: Path, name: str, rule: str) -> None:
    """Links, pipes, folders and paths out are told."""
    (tmp_path / "link.pdf").symlink_to("/etc/hostname")
    (tmp_path / "there").symlink_to("/etc")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe.pdf")

    assert rules(read(tmp_path, name)) == [rule]


def test_both_spellings_of_a_name_match(tmp_path: Path) -> None:
    """A Mac decomposes names."""
    (tmp_path / "e\u0301.pdf").write_bytes(pdf())

    assert rules(read(tmp_path, "\u00e9.pdf")) == []


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "FILE-EMPTY"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "FILE-TYPE"),
        (b"GIF89a" + bytes(50), "FILE-TYPE"),
        (bytes(500), "FILE-TYPE"),
        (picture("JPEG")[:3000], "FILE-DAMAGED"),
        (picture("PNG")[:900], "FILE-DAMAGED"),
        (pdf()[:200], "FILE-DAMAGED"),
        (picture("JPEG", 96), "SCAN-DPI"),
        (picture("JPEG", None), "SCAN-DPI"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, data: bytes, rule: str) -> None:
    """Each kind of fault by its own rule."""
    name = "a.jpg" if data[:2] == b"\xff\xd8" else "a.png" if data[:2] == b"\x89P" else "a.pdf"

    assert rules(read(tmp_path, name, data)) == [rule]


@pytest.mark.parametrize(("name", "data"), [("a.jpg", picture("JPEG", 300)[:4000]), ("a.pdf", pdf_of_cut_jpeg())])
def test_a_scan_cut_short_is_told_where_the_typesetter_is_loaded(tmp_path: Path, name: str, data: bytes) -> None:
    """WeasyPrint lets Pillow read such pictures for the whole process, and a batch keeps it loaded."""
    import weasyprint

    assert weasyprint.__version__
    assert rules(read(tmp_path, name, data)) == ["FILE-DAMAGED"]


def test_a_white_scan_is_empty(tmp_path: Path) -> None:
    """Dust is not writing."""
    image = Image.new("L", (1654, 2339), 250)
    image.putpixel((100, 100), 0)
    target = io.BytesIO()
    image.save(target, "JPEG", dpi=(200, 200))

    assert rules(read(tmp_path, "a.jpg", target.getvalue())) == ["FILE-EMPTY"]


def test_a_password_is_told(tmp_path: Path) -> None:
    """One that only forbids changes lets it open, with a word about it."""
    for owner, user, rule in (("o", "u", "FILE-ENCRYPTED"), ("o", "", "FILE-OWNER-LOCKED")):
        target = io.BytesIO()
        with pikepdf.open(io.BytesIO(pdf())) as document:
            document.save(target, encryption=pikepdf.Encryption(owner=owner, user=user))
        assert rules(read(tmp_path, f"{rule}.pdf", target.getvalue())) == [rule]


def test_a_font_that_is_not_embedded_is_named(tmp_path: Path) -> None:
    """With the page."""
    with pikepdf.open(io.BytesIO(pdf(2))) as document:
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.TrueType, BaseFont=pikepdf.Name("/SimSun")
        )
        document.pages[1].obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        document.pages[1].obj.Contents = document.make_stream(b"BT /F1 12 Tf 100 100 Td (1) Tj ET")
        target = io.BytesIO()
        document.save(target)
    problem = read(tmp_path, "a.pdf", target.getvalue()).problems[0]

    assert (problem.rule, problem.pages) == ("FILE-FONT", (2,))
    assert "SimSun" in problem.message


def tree(kids: bytes, count: int = 1, *more: bytes) -> bytes:
    """A PDF whose page tree is written as given; object 3 is a page, `more` begins with object 5."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kids),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>",
        b"<</Length 18>>stream\n10 10 m 50 50 l S \nendstream",
        *more,
    ]
    data, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, rows)
    return data + head + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, len(data))


PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (tree(b"3 0 R null 99 0 R", 3), "写明有 3 页，实际有 1 页"),
        (tree(b"3 0 R null", 1), "有 1 处"),
        (tree(b"3 0 R 99 0 R", 1), "有 1 处"),
        (tree(b"3 0 R 5 0 R", 1, b"<</Type/Font/Subtype/Type1/BaseFont/Times>>"), "有 1 处"),
        (tree(b"3 0 R 4 0 R", 1), "有 1 处"),
        (tree(b"3 0 R", 2), "写明有 2 页，实际有 1 页"),
        (tree(b"5 0 R", 1, b"<</Type/Pages/Parent 2 0 R/Count 1/Kids[3 0 R null]>>"), "有 1 处"),
        (tree(b"3 0 R 2 0 R", 2), "循环"),
        (tree(b"5 0 R 5 0 R", 2, b"<</Type/Pages/Parent 2 0 R/Count 1/Kids[3 0 R]>>"), "循环"),
        (tree(b"3 0 R " * 9000, 9000), "反复"),
    ],
)
def test_a_page_tree_that_lost_pages_is_told(data: bytes, said: str) -> None:
    """The library would drop what is no page and set the count right."""
    (problem,) = inspect_bytes(data, PDF).problems

    assert problem.rule == "FILE-DAMAGED"
    assert said in problem.message


@pytest.mark.parametrize(
    ("data", "pages"),
    [
        (tree(b"3 0 R 5 0 R", 2, PAGE), 2),
        (tree(b"3 0 R 5 0 R", 1, b"<</Type/Pages/Parent 2 0 R/Count 0/Kids[]>>"), 1),
        (tree(b"5 0 R 3 0 R", 2, b"<</Type/Pages/Parent 2 0 R/Count 1/Kids[6 0 R]>>", PAGE.replace(b"2 0", b"5 0")), 2),
        (tree(b"5 0 R", 1, PAGE.replace(b"/Type/Page", b"")), 1),
        (tree(PAGE, 1), 1),
        (tree(b"3 0 R 3 0 R", 2), 2),
    ],
)
def test_a_page_tree_that_is_whole_passes(data: bytes, pages: int) -> None:
    """Nested, with an empty branch, a page in place, one without its type, one shown twice."""
    record = inspect_bytes(data, PDF)

    assert (len(record.pages), rules(record)) == (pages, [])


def test_a_flood_of_references_to_one_page_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is refused before the library makes a page of each."""
    monkeypatch.setattr(
        pdf_inspection, "_inspect_document", lambda _pdf: pytest.fail("pikepdf was asked for the pages")
    )

    assert rules(pdf_inspection.inspect_pdf(tree(b"3 0 R " * 50_000, 50_000))) == ["FILE-TOO-LARGE"]
    assert rules(pdf_inspection.inspect_pdf(tree(b"3 0 R " * 15_000, 15_000))) == ["FILE-DAMAGED"]


def test_a_page_tree_is_not_followed_down_for_ever() -> None:
    """One branch in another, deeper than any tool writes."""
    chain = [b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % (number + 1) for number in range(5, 155)]

    (problem,) = inspect_bytes(tree(b"5 0 R", 1, *chain, PAGE), PDF).problems

    assert problem.rule == "FILE-DAMAGED"
    assert "循环" in problem.message


PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
NAME, LIST, TABLE = pikepdf.Name, pikepdf.Array, pikepdf.Dictionary


def profiled(document: pikepdf.Pdf, components: int, profile: bytes = PROFILE) -> pikepdf.Array:
    """A colour space with a profile."""
    return LIST([NAME.ICCBased, document.make_indirect(document.make_stream(profile, N=components))])


def changed(place: int, value: bytes) -> bytes:
    """The profile with some bytes of its header changed."""
    return PROFILE[:place] + value + PROFILE[place + len(value) :]


def exponential(outputs: int) -> pikepdf.Dictionary:
    """A tint transform."""
    return TABLE(FunctionType=2, Domain=[0, 1], C0=[0] * outputs, C1=[1] * outputs, N=1)


def stitched(*parts: pikepdf.Object) -> pikepdf.Dictionary:
    """A tint transform made of others."""
    return TABLE(FunctionType=3, Domain=[0, 1], Functions=LIST(parts), Bounds=[], Encode=[0, 1])


def calculated(document: pikepdf.Pdf, inputs: int, outputs: int) -> pikepdf.Object:
    """A tint transform that is a program."""
    stream = document.make_stream(b"{pop}", FunctionType=4, Domain=[0, 1] * inputs, Range=[0, 1] * outputs)
    return document.make_indirect(stream)


def spot(alternate: pikepdf.Object, transform: pikepdf.Object, *names: str) -> pikepdf.Array:
    """A spot colour, or several."""
    if names:
        return LIST([NAME.DeviceN, LIST([NAME(f"/{name}") for name in names]), alternate, transform])
    return LIST([NAME.Separation, NAME("/Red"), alternate, transform])


def jpeg(document: pikepdf.Pdf, mode: str, space: pikepdf.Object) -> pikepdf.Stream:
    """A picture of three components, or one, or four."""
    target = io.BytesIO()
    Image.new(mode, (40, 40)).save(target, "JPEG")
    keys = {"Type": NAME.XObject, "Subtype": NAME.Image, "Width": 40, "Height": 40, "BitsPerComponent": 8}
    return document.make_stream(target.getvalue(), Filter=NAME.DCTDecode, ColorSpace=space, **keys)


def group(space: pikepdf.Object) -> pikepdf.Dictionary:
    """A transparency group that blends in a colour space."""
    return TABLE(Type=NAME.Group, S=NAME.Transparency, CS=space)


def coloured(kind: str, make: Callable[[pikepdf.Pdf], pikepdf.Object], wrap: int = 0) -> FileRecord:
    """What is said of a PDF whose second page has a resource of that kind, or forms in forms down to it."""
    with pikepdf.open(io.BytesIO(pdf(3))) as document:
        resources = TABLE({f"/{kind}": TABLE(R0=make(document))})
        for _ in range(wrap):
            form = document.make_stream(b"", Type=NAME.XObject, Subtype=NAME.Form, BBox=[0, 0, 1, 1])
            form.Resources = resources
            resources = TABLE(XObject=TABLE(F0=form))
        document.pages[1].obj.Resources = resources
        target = io.BytesIO()
        document.save(target)
    return inspect_bytes(target.getvalue(), PDF)


@pytest.mark.parametrize(
    ("kind", "make", "said"),
    [
        ("ColorSpace", lambda d: profiled(d, 4), "分量数"),
        ("ColorSpace", lambda d: profiled(d, 1), "分量数"),
        ("ColorSpace", lambda d: profiled(d, 3, changed(16, b"CMYK")), "分量数"),
        ("ColorSpace", lambda d: profiled(d, 3, b"nothing of a profile"), "已损坏"),
        ("ColorSpace", lambda d: profiled(d, 3, changed(36, b"none")), "已损坏"),
        ("ColorSpace", lambda d: profiled(d, 3, PROFILE[:100]), "已损坏"),
        ("ColorSpace", lambda _: LIST([NAME.ICCBased, TABLE(N=3)]), "已损坏"),
        ("ColorSpace", lambda d: profiled(d, 3, changed(8, b"\x05")), "版本"),
        ("ColorSpace", lambda d: profiled(d, 3, changed(12, b"link")), "版本"),
        ("ColorSpace", lambda d: profiled(d, 3, changed(16, b"XYZ ")), "版本"),
        ("ColorSpace", lambda d: LIST([NAME.Indexed, profiled(d, 4), 0, pikepdf.String("1234")]), "分量数"),
        ("ColorSpace", lambda d: LIST([NAME.Pattern, profiled(d, 4)]), "分量数"),
        ("ColorSpace", lambda d: spot(profiled(d, 4), exponential(4)), "分量数"),
        ("ColorSpace", lambda _: LIST([NAME.Separation, NAME("/Red"), NAME.DeviceRGB]), "专色"),
        ("ColorSpace", lambda _: spot(NAME.DeviceRGB, exponential(1)), "专色"),
        ("ColorSpace", lambda _: spot(NAME.DeviceRGB, TABLE()), "专色"),
        ("ColorSpace", lambda _: spot(NAME.DeviceRGB, stitched(exponential(3), exponential(2))), "专色"),
        ("ColorSpace", lambda _: spot(NAME.Pattern, exponential(1)), "专色"),
        ("ColorSpace", lambda d: spot(NAME.DeviceRGB, calculated(d, 1, 3), "Red", "Gold"), "专色"),
        ("ColorSpace", lambda d: spot(NAME.DeviceRGB, calculated(d, 33, 3), *(f"C{n}" for n in range(33))), "专色"),
        ("ColorSpace", lambda _: LIST([NAME("/Hexachrome"), TABLE()]), "无法识别"),
        ("Shading", lambda d: TABLE(ShadingType=2, ColorSpace=profiled(d, 4)), "分量数"),
        ("Pattern", lambda d: TABLE(PatternType=2, Shading=TABLE(ColorSpace=profiled(d, 4))), "分量数"),
        ("XObject", lambda d: d.make_stream(b"", Subtype=NAME.Form, Group=group(profiled(d, 4))), "分量数"),
        ("XObject", lambda d: jpeg(d, "RGB", NAME.DeviceGray), "图像的颜色分量数"),
        ("XObject", lambda d: jpeg(d, "L", NAME.DeviceRGB), "图像的颜色分量数"),
        ("XObject", lambda d: jpeg(d, "RGB", profiled(d, 3, b"")), "已损坏"),
        ("XObject", lambda d: jpeg(d, "RGB", NAME("/Hexachrome")), "无法识别"),
    ],
)
def test_colour_that_cannot_be_mended_is_told(
    kind: str, make: Callable[[pikepdf.Pdf], pikepdf.Object], said: str
) -> None:
    """With the page, whether it stands on the page itself or in a form of a form."""
    for wrap in (0, 2):
        (problem,) = coloured(kind, make, wrap).problems

        assert (problem.rule, problem.pages) == ("FILE-COLOUR", (2,))
        assert said in problem.message


@pytest.mark.parametrize(
    ("kind", "make"),
    [
        ("ColorSpace", lambda _: NAME.DeviceCMYK),
        ("ColorSpace", lambda _: LIST([NAME.DeviceRGB])),
        ("ColorSpace", lambda _: NAME.Pattern),
        ("ColorSpace", lambda _: LIST([NAME.Pattern, NAME.DeviceGray])),
        ("ColorSpace", lambda _: LIST([NAME.CalRGB, TABLE(WhitePoint=[0.95, 1, 1.09])])),
        ("ColorSpace", lambda _: LIST([NAME.CalGray, TABLE(WhitePoint=[0.95, 1, 1.09])])),
        ("ColorSpace", lambda _: LIST([NAME.Lab, TABLE(WhitePoint=[0.95, 1, 1.09])])),
        ("ColorSpace", lambda _: LIST([NAME.Indexed, NAME.DeviceRGB, 0, pikepdf.String("123")])),
        ("ColorSpace", lambda d: profiled(d, 3)),
        ("ColorSpace", lambda d: profiled(d, 4, changed(16, b"CMYK"))),
        ("ColorSpace", lambda d: profiled(d, 1, changed(16, b"GRAY"))),
        ("ColorSpace", lambda d: profiled(d, 3, changed(16, b"Lab "))),
        ("ColorSpace", lambda d: spot(profiled(d, 3), exponential(3))),
        ("ColorSpace", lambda _: spot(NAME.DeviceCMYK, stitched(exponential(4), exponential(4)))),
        ("ColorSpace", lambda d: spot(NAME.DeviceCMYK, calculated(d, 1, 4))),
        ("ColorSpace", lambda d: spot(NAME.DeviceCMYK, calculated(d, 2, 4), "Cyan", "Black")),
        ("Shading", lambda _: TABLE(ShadingType=2, ColorSpace=NAME.DeviceRGB)),
        ("XObject", lambda d: jpeg(d, "RGB", profiled(d, 3))),
        ("XObject", lambda d: jpeg(d, "L", NAME.DeviceGray)),
        ("XObject", lambda d: jpeg(d, "L", LIST([NAME.Indexed, NAME.DeviceRGB, 0, pikepdf.String("123")]))),
        ("XObject", lambda d: jpeg(d, "CMYK", NAME.DeviceCMYK)),
    ],
)
def test_sound_colour_is_not_told(kind: str, make: Callable[[pikepdf.Pdf], pikepdf.Object]) -> None:
    """CMYK neither: a default profile mends it."""
    for wrap in (0, 2):
        record = coloured(kind, make, wrap)

        assert (len(record.pages), rules(record)) == (3, [])


def test_colours_and_functions_that_hold_themselves_come_to_an_end() -> None:
    """Neither a loop of spaces nor one of functions, nor a tree of them, is followed for ever."""

    def loop_of_spaces(document: pikepdf.Pdf) -> pikepdf.Object:
        space = document.make_indirect(LIST([NAME.Indexed, NAME.DeviceRGB, 0, pikepdf.String("123")]))
        space[1] = space
        return space

    def loop_of_functions(document: pikepdf.Pdf) -> pikepdf.Object:
        function = document.make_indirect(stitched(exponential(3)))
        function.Functions = LIST([function] * 500)
        return spot(NAME.DeviceRGB, function)

    assert rules(coloured("ColorSpace", loop_of_spaces)) == ["FILE-COLOUR"]
    assert rules(coloured("ColorSpace", loop_of_functions)) == ["FILE-COLOUR"]


def test_the_pages_of_one_colour_fault_are_told_together() -> None:
    """One problem for each fault, not one for each page."""
    with pikepdf.open(io.BytesIO(pdf(3))) as document:
        space = document.make_indirect(profiled(document, 4))
        document.pages[0].obj.Resources = TABLE(ColorSpace=TABLE(A=space, B=space))
        document.pages[2].obj.Group = group(space)
        target = io.BytesIO()
        document.save(target)

    assert [problem.pages for problem in inspect_bytes(target.getvalue(), PDF).problems] == [(1, 3)]


def test_a_spoilt_cache_is_as_good_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was learnt is asked for again."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    first = read(tmp_path, "a.pdf", pdf())
    for kept in (tmp_path / "cache" / "bundler").iterdir():
        kept.write_bytes(b'{"size": ')

    assert read(tmp_path, "a.pdf") == first


def test_a_file_changed_after_the_check_is_refused(tmp_path: Path) -> None:
    """What is bound is what was checked."""
    data = pdf()  # its identifier is another one in the next second
    record = read(tmp_path, "a.pdf", data)
    assert read_unchanged(tmp_path, "a.pdf", record.sha256) == data

    (tmp_path / "a.pdf").write_bytes(pdf(2))
    with pytest.raises(FileChangedError):
        read_unchanged(tmp_path, "a.pdf", record.sha256)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([PDF, JPEG, TIFF]), st.integers(0, 400), st.binary(min_size=1, max_size=8))
def test_mutated_files_give_a_record(media_type: str, place: int, noise: bytes) -> None:
    """Never a traceback."""
    data = {PDF: pdf(), JPEG: picture("JPEG"), TIFF: picture("TIFF")}[media_type]
    record = inspect_bytes(data[:place] + noise + data[place + len(noise) :], media_type)

    assert record.pages or record.problems


@pytest.mark.parametrize(
    ("mark", "free"),
    [
        (None, True),
        ((1400, 90, 1520, 110), False),  # a line of writing where the number would stand
        ((100, 90, 700, 140), True),  # writing at the left is in nobody's way
        ((1200, 300, 1600, 400), True),  # and so is what stands below
    ],
)
@pytest.mark.parametrize("suffix", [".jpg", ".tif", ".png", ".pdf"])
def test_a_scan_keeps_its_size_only_where_its_corner_is_free(
    tmp_path: Path, *, mark: tuple[int, int, int, int] | None, free: bool, suffix: str
) -> None:
    """The 页号 never stands over what is written there."""
    image = Image.new("RGB", (1654, 2339), (243, 240, 232))
    if mark:
        ImageDraw.Draw(image).rectangle(mark, fill=(30, 30, 60))
    ImageDraw.Draw(image).rectangle((300, 600, 1200, 640), fill="black")
    image.save(tmp_path / f"scan{suffix}", dpi=(200, 200), resolution=200)
    record = inspect_materials(tmp_path, [f"scan{suffix}"])[f"scan{suffix}"]

    assert [page.free_corner for page in record.pages] == [free]


def test_a_turned_photograph_is_looked_at_as_it_is_seen(tmp_path: Path) -> None:
    """Its corner is the corner of the upright picture."""
    image = Image.new("RGB", (1654, 2339), (243, 240, 232))
    ImageDraw.Draw(image).rectangle((1400, 90, 1520, 110), fill="black")
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = image.transpose(Image.Transpose.ROTATE_90)
    turned.save(tmp_path / "photo.jpg", dpi=(200, 200), exif=exif)
    page = inspect_materials(tmp_path, ["photo.jpg"])["photo.jpg"].pages[0]

    assert page.height_pt > page.width_pt
    assert not page.free_corner
