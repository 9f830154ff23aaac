"""Attached files: typed by content, opened only inside the folder, and inspected without a traceback."""

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
from bundler.file_inspection_record import JPEG, PDF, TIFF, FileRecord
from bundler.materials import pdf_inspection
from bundler.materials.file_inspection import inspect_bytes, inspect_materials
from bundler.materials.safe_opening import read_unchanged
from bundler.sandbox import LimitExceededError, SandboxWorker, WorkFailedError


def make_image(file_format: str, dpi: int | None = 200, **options: object) -> bytes:
    """Make a page with a black bar."""
    image = Image.new("L", (827, 1169), 240)
    ImageDraw.Draw(image).rectangle([80, 80, 500, 160], fill=10)
    target = io.BytesIO()
    image.save(target, file_format, **({"dpi": (dpi, dpi)} if dpi else {}), **options)
    return target.getvalue()


def make_pdf(pages: int = 1) -> bytes:
    """Make a PDF with a line on each page."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(595, 842))
        document.pages[-1].contents_add(b"10 10 m 500 500 l S")
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def make_pdf_of_cut_jpeg() -> bytes:
    """Make a sound PDF whose scan is truncated."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(595, 842))
    image = document.make_stream(make_image("JPEG", 300)[:4000])
    image.update({"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": 827, "/Height": 1169})
    image.update({"/ColorSpace": pikepdf.Name.DeviceGray, "/BitsPerComponent": 8, "/Filter": pikepdf.Name.DCTDecode})
    name = document.pages[0].add_resource(image, pikepdf.Name.XObject)
    document.pages[0].contents_add(f"q 595 0 0 842 0 0 cm {name} Do Q".encode())
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def inspect_file(folder: Path, name: str, data: bytes | None = None) -> FileRecord:
    """Inspect one file of a folder, writing it first if data is given."""
    if data is not None:
        (folder / name).write_bytes(data)
    return inspect_materials(folder, [name])[name]


def rules(record: FileRecord) -> list[str]:
    """Return the rules of the problems."""
    return [problem.rule for problem in record.problems]


def test_accepted_files_are_told_by_content(tmp_path: Path) -> None:
    """Their pages are counted."""
    frames = [Image.new("1", (1654, 2339), 1) for _ in range(3)]
    for frame in frames:
        ImageDraw.Draw(frame).rectangle([200, 200, 1200, 400], fill=0)
    tiff = io.BytesIO()
    frames[0].save(tiff, "TIFF", save_all=True, append_images=frames[1:], compression="group4", dpi=(200, 200))

    assert (inspect_file(tmp_path, "a.pdf", make_pdf(2)).media_type, len(inspect_file(tmp_path, "a.pdf").pages)) == (
        PDF,
        2,
    )
    assert rules(inspect_file(tmp_path, "b.jpg", make_image("JPEG"))) == []
    assert (
        inspect_file(tmp_path, "c.tif", tiff.getvalue()).media_type,
        len(inspect_file(tmp_path, "c.tif").pages),
    ) == (TIFF, 3)
    assert rules(inspect_file(tmp_path, "d.pdf", make_image("JPEG"))) == ["FILE-EXTENSION"]


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
    """Links, pipes, folders and paths that lead out are refused."""
    (tmp_path / "link.pdf").symlink_to("/etc/hostname")
    (tmp_path / "there").symlink_to("/etc")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe.pdf")

    assert rules(inspect_file(tmp_path, name)) == [rule]


def test_both_spellings_of_a_name_match(tmp_path: Path) -> None:
    """MacOS decomposes the names of files."""
    (tmp_path / "e\u0301.pdf").write_bytes(make_pdf())

    assert rules(inspect_file(tmp_path, "\u00e9.pdf")) == []


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "FILE-EMPTY"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "FILE-TYPE"),
        (b"GIF89a" + bytes(50), "FILE-TYPE"),
        (bytes(500), "FILE-TYPE"),
        (make_image("JPEG")[:3000], "FILE-DAMAGED"),
        (make_image("PNG")[:900], "FILE-DAMAGED"),
        (make_pdf()[:200], "FILE-DAMAGED"),
        (make_image("JPEG", 96), "SCAN-DPI"),
        (make_image("JPEG", None), "SCAN-DPI"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, data: bytes, rule: str) -> None:
    """Each fault has its own rule."""
    name = "a.jpg" if data[:2] == b"\xff\xd8" else "a.png" if data[:2] == b"\x89P" else "a.pdf"

    assert rules(inspect_file(tmp_path, name, data)) == [rule]


@pytest.mark.parametrize(
    ("name", "data"), [("a.jpg", make_image("JPEG", 300)[:4000]), ("a.pdf", make_pdf_of_cut_jpeg())]
)
def test_a_scan_cut_short_is_told_where_the_typesetter_is_loaded(tmp_path: Path, name: str, data: bytes) -> None:
    """WeasyPrint makes Pillow accept such images in the whole process, and a batch keeps it loaded."""
    import weasyprint

    assert weasyprint.__version__
    assert rules(inspect_file(tmp_path, name, data)) == ["FILE-DAMAGED"]


def test_a_white_scan_is_empty(tmp_path: Path) -> None:
    """A speck of dust does not count as content."""
    image = Image.new("L", (1654, 2339), 250)
    image.putpixel((100, 100), 0)
    target = io.BytesIO()
    image.save(target, "JPEG", dpi=(200, 200))

    assert rules(inspect_file(tmp_path, "a.jpg", target.getvalue())) == ["FILE-EMPTY"]


def test_a_password_is_told(tmp_path: Path) -> None:
    """An owner password alone is only a warning."""
    for owner, user, rule in (("o", "u", "FILE-ENCRYPTED"), ("o", "", "FILE-OWNER-LOCKED")):
        target = io.BytesIO()
        with pikepdf.open(io.BytesIO(make_pdf())) as document:
            document.save(target, encryption=pikepdf.Encryption(owner=owner, user=user))
        assert rules(inspect_file(tmp_path, f"{rule}.pdf", target.getvalue())) == [rule]


def test_a_font_that_is_not_embedded_is_named(tmp_path: Path) -> None:
    """The problem names the font and the page."""
    with pikepdf.open(io.BytesIO(make_pdf(2))) as document:
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.TrueType, BaseFont=pikepdf.Name("/SimSun")
        )
        document.pages[1].obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        document.pages[1].obj.Contents = document.make_stream(b"BT /F1 12 Tf 100 100 Td (1) Tj ET")
        target = io.BytesIO()
        document.save(target)
    problem = inspect_file(tmp_path, "a.pdf", target.getvalue()).problems[0]

    assert (problem.rule, problem.pages) == ("FILE-FONT", (2,))
    assert "SimSun" in problem.message


def make_page_tree(kids: bytes, count: int = 1, *more: bytes) -> bytes:
    """Make a PDF with this page tree; object 3 is a page, and `more` begins with object 5."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kids),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>",
        b"<</Length 18>>stream\n10 10 m 50 50 l S \nendstream",
        *more,
    ]
    data, offsets = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, rows)
    return data + head + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, len(data))


PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>"


@pytest.mark.parametrize(
    ("data", "phrase"),
    [
        (make_page_tree(b"3 0 R null 99 0 R", 3), "写明有 3 页，实际有 1 页"),
        (make_page_tree(b"3 0 R null", 1), "有 1 处"),
        (make_page_tree(b"3 0 R 99 0 R", 1), "有 1 处"),
        (make_page_tree(b"3 0 R 5 0 R", 1, b"<</Type/Font/Subtype/Type1/BaseFont/Times>>"), "有 1 处"),
        (make_page_tree(b"3 0 R 4 0 R", 1), "有 1 处"),
        (make_page_tree(b"3 0 R", 2), "写明有 2 页，实际有 1 页"),
        (make_page_tree(b"5 0 R", 1, b"<</Type/Pages/Parent 2 0 R/Count 1/Kids[3 0 R null]>>"), "有 1 处"),
        (make_page_tree(b"3 0 R 2 0 R", 2), "循环"),
        (make_page_tree(b"5 0 R 5 0 R", 2, b"<</Type/Pages/Parent 2 0 R/Count 1/Kids[3 0 R]>>"), "循环"),
        (make_page_tree(b"3 0 R " * 9000, 9000), "反复"),
    ],
)
def test_a_page_tree_that_lost_pages_is_told(data: bytes, phrase: str) -> None:
    """Pikepdf would silently drop what is not a page and correct the count."""
    (problem,) = inspect_bytes(data, PDF).problems

    assert problem.rule == "FILE-DAMAGED"
    assert phrase in problem.message


@pytest.mark.parametrize(
    ("data", "pages"),
    [
        (make_page_tree(b"3 0 R 5 0 R", 2, PAGE), 2),
        (make_page_tree(b"3 0 R 5 0 R", 1, b"<</Type/Pages/Parent 2 0 R/Count 0/Kids[]>>"), 1),
        (
            make_page_tree(
                b"5 0 R 3 0 R", 2, b"<</Type/Pages/Parent 2 0 R/Count 1/Kids[6 0 R]>>", PAGE.replace(b"2 0", b"5 0")
            ),
            2,
        ),
        (make_page_tree(b"5 0 R", 1, PAGE.replace(b"/Type/Page", b"")), 1),
        (make_page_tree(PAGE, 1), 1),
        (make_page_tree(b"3 0 R 3 0 R", 2), 2),
    ],
)
def test_a_page_tree_that_is_whole_passes(data: bytes, pages: int) -> None:
    """A nested tree, an empty branch, a direct page, a page without its type, and a repeated page are accepted."""
    record = inspect_bytes(data, PDF)

    assert (len(record.pages), rules(record)) == (pages, [])


def test_a_flood_of_references_to_one_page_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is refused before pikepdf makes a page of each reference."""
    monkeypatch.setattr(
        pdf_inspection, "_inspect_document", lambda _pdf: pytest.fail("pikepdf was asked for the pages")
    )

    assert rules(pdf_inspection.inspect_pdf(make_page_tree(b"3 0 R " * 50_000, 50_000))) == ["FILE-TOO-LARGE"]
    assert rules(pdf_inspection.inspect_pdf(make_page_tree(b"3 0 R " * 15_000, 15_000))) == ["FILE-DAMAGED"]


def test_a_page_tree_is_not_followed_down_for_ever() -> None:
    """The nodes are nested deeper than any tool writes."""
    chain = [b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % (number + 1) for number in range(5, 155)]

    (problem,) = inspect_bytes(make_page_tree(b"5 0 R", 1, *chain, PAGE), PDF).problems

    assert problem.rule == "FILE-DAMAGED"
    assert "循环" in problem.message


PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
NAME, LIST, TABLE = pikepdf.Name, pikepdf.Array, pikepdf.Dictionary


def icc_space(document: pikepdf.Pdf, components: int, profile: bytes = PROFILE) -> pikepdf.Array:
    """Make an ICCBased colour space."""
    return LIST([NAME.ICCBased, document.make_indirect(document.make_stream(profile, N=components))])


def patch_profile(offset: int, value: bytes) -> bytes:
    """Return the profile with some bytes of its header changed."""
    return PROFILE[:offset] + value + PROFILE[offset + len(value) :]


def exponential_function(outputs: int) -> pikepdf.Dictionary:
    """Make an exponential function (type 2) as a tint transform."""
    return TABLE(FunctionType=2, Domain=[0, 1], C0=[0] * outputs, C1=[1] * outputs, N=1)


def stitching_function(*parts: pikepdf.Object) -> pikepdf.Dictionary:
    """Make a stitching function (type 3) of other functions."""
    return TABLE(FunctionType=3, Domain=[0, 1], Functions=LIST(parts), Bounds=[], Encode=[0, 1])


def postscript_function(document: pikepdf.Pdf, inputs: int, outputs: int) -> pikepdf.Object:
    """Make a PostScript function (type 4)."""
    stream = document.make_stream(b"{pop}", FunctionType=4, Domain=[0, 1] * inputs, Range=[0, 1] * outputs)
    return document.make_indirect(stream)


def spot_space(alternate: pikepdf.Object, transform: pikepdf.Object, *names: str) -> pikepdf.Array:
    """Make a Separation space, or a DeviceN space of these colorants."""
    if names:
        return LIST([NAME.DeviceN, LIST([NAME(f"/{name}") for name in names]), alternate, transform])
    return LIST([NAME.Separation, NAME("/Red"), alternate, transform])


def jpeg_xobject(document: pikepdf.Pdf, mode: str, space: pikepdf.Object) -> pikepdf.Stream:
    """Make a JPEG image in a mode of Pillow, with a colour space that may not fit."""
    target = io.BytesIO()
    Image.new(mode, (40, 40)).save(target, "JPEG")
    keys = {"Type": NAME.XObject, "Subtype": NAME.Image, "Width": 40, "Height": 40, "BitsPerComponent": 8}
    return document.make_stream(target.getvalue(), Filter=NAME.DCTDecode, ColorSpace=space, **keys)


def transparency_group(space: pikepdf.Object) -> pikepdf.Dictionary:
    """Make a transparency group with a colour space."""
    return TABLE(Type=NAME.Group, S=NAME.Transparency, CS=space)


def inspect_resource(kind: str, make: Callable[[pikepdf.Pdf], pikepdf.Object], wrap: int = 0) -> FileRecord:
    """Inspect a PDF whose second page has one resource of a kind, inside so many nested forms."""
    with pikepdf.open(io.BytesIO(make_pdf(3))) as document:
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
    ("kind", "make", "phrase"),
    [
        ("ColorSpace", lambda d: icc_space(d, 4), "分量数"),
        ("ColorSpace", lambda d: icc_space(d, 1), "分量数"),
        ("ColorSpace", lambda d: icc_space(d, 3, patch_profile(16, b"CMYK")), "分量数"),
        ("ColorSpace", lambda d: icc_space(d, 3, b"nothing of a profile"), "已损坏"),
        ("ColorSpace", lambda d: icc_space(d, 3, patch_profile(36, b"none")), "已损坏"),
        ("ColorSpace", lambda d: icc_space(d, 3, PROFILE[:100]), "已损坏"),
        ("ColorSpace", lambda _: LIST([NAME.ICCBased, TABLE(N=3)]), "已损坏"),
        ("ColorSpace", lambda d: icc_space(d, 3, patch_profile(8, b"\x05")), "版本"),
        ("ColorSpace", lambda d: icc_space(d, 3, patch_profile(12, b"link")), "版本"),
        ("ColorSpace", lambda d: icc_space(d, 3, patch_profile(16, b"XYZ ")), "版本"),
        ("ColorSpace", lambda d: LIST([NAME.Indexed, icc_space(d, 4), 0, pikepdf.String("1234")]), "分量数"),
        ("ColorSpace", lambda d: LIST([NAME.Pattern, icc_space(d, 4)]), "分量数"),
        ("ColorSpace", lambda d: spot_space(icc_space(d, 4), exponential_function(4)), "分量数"),
        ("ColorSpace", lambda _: LIST([NAME.Separation, NAME("/Red"), NAME.DeviceRGB]), "专色"),
        ("ColorSpace", lambda _: spot_space(NAME.DeviceRGB, exponential_function(1)), "专色"),
        ("ColorSpace", lambda _: spot_space(NAME.DeviceRGB, TABLE()), "专色"),
        (
            "ColorSpace",
            lambda _: spot_space(NAME.DeviceRGB, stitching_function(exponential_function(3), exponential_function(2))),
            "专色",
        ),
        ("ColorSpace", lambda _: spot_space(NAME.Pattern, exponential_function(1)), "专色"),
        ("ColorSpace", lambda d: spot_space(NAME.DeviceRGB, postscript_function(d, 1, 3), "Red", "Gold"), "专色"),
        (
            "ColorSpace",
            lambda d: spot_space(NAME.DeviceRGB, postscript_function(d, 33, 3), *(f"C{n}" for n in range(33))),
            "专色",
        ),
        ("ColorSpace", lambda _: LIST([NAME("/Hexachrome"), TABLE()]), "无法识别"),
        ("Shading", lambda d: TABLE(ShadingType=2, ColorSpace=icc_space(d, 4)), "分量数"),
        ("Pattern", lambda d: TABLE(PatternType=2, Shading=TABLE(ColorSpace=icc_space(d, 4))), "分量数"),
        (
            "XObject",
            lambda d: d.make_stream(b"", Subtype=NAME.Form, Group=transparency_group(icc_space(d, 4))),
            "分量数",
        ),
        ("XObject", lambda d: jpeg_xobject(d, "RGB", NAME.DeviceGray), "图像的颜色分量数"),
        ("XObject", lambda d: jpeg_xobject(d, "L", NAME.DeviceRGB), "图像的颜色分量数"),
        ("XObject", lambda d: jpeg_xobject(d, "RGB", icc_space(d, 3, b"")), "已损坏"),
        ("XObject", lambda d: jpeg_xobject(d, "RGB", NAME("/Hexachrome")), "无法识别"),
    ],
)
def test_colour_that_cannot_be_mended_is_told(
    kind: str, make: Callable[[pikepdf.Pdf], pikepdf.Object], phrase: str
) -> None:
    """The problem names the page, whether the page or a nested form has the resource."""
    for wrap in (0, 2):
        (problem,) = inspect_resource(kind, make, wrap).problems

        assert (problem.rule, problem.pages) == ("FILE-COLOUR", (2,))
        assert phrase in problem.message


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
        ("ColorSpace", lambda d: icc_space(d, 3)),
        ("ColorSpace", lambda d: icc_space(d, 4, patch_profile(16, b"CMYK"))),
        ("ColorSpace", lambda d: icc_space(d, 1, patch_profile(16, b"GRAY"))),
        ("ColorSpace", lambda d: icc_space(d, 3, patch_profile(16, b"Lab "))),
        ("ColorSpace", lambda d: spot_space(icc_space(d, 3), exponential_function(3))),
        (
            "ColorSpace",
            lambda _: spot_space(NAME.DeviceCMYK, stitching_function(exponential_function(4), exponential_function(4))),
        ),
        ("ColorSpace", lambda d: spot_space(NAME.DeviceCMYK, postscript_function(d, 1, 4))),
        ("ColorSpace", lambda d: spot_space(NAME.DeviceCMYK, postscript_function(d, 2, 4), "Cyan", "Black")),
        ("Shading", lambda _: TABLE(ShadingType=2, ColorSpace=NAME.DeviceRGB)),
        ("XObject", lambda d: jpeg_xobject(d, "RGB", icc_space(d, 3))),
        ("XObject", lambda d: jpeg_xobject(d, "L", NAME.DeviceGray)),
        ("XObject", lambda d: jpeg_xobject(d, "L", LIST([NAME.Indexed, NAME.DeviceRGB, 0, pikepdf.String("123")]))),
        ("XObject", lambda d: jpeg_xobject(d, "CMYK", NAME.DeviceCMYK)),
    ],
)
def test_sound_colour_is_not_told(kind: str, make: Callable[[pikepdf.Pdf], pikepdf.Object]) -> None:
    """CMYK is accepted too, since it is given a profile."""
    for wrap in (0, 2):
        record = inspect_resource(kind, make, wrap)

        assert (len(record.pages), rules(record)) == (3, [])


def test_colours_and_functions_that_hold_themselves_come_to_an_end() -> None:
    """Loops of spaces and of functions, and trees of functions, are not followed without end."""

    def loop_of_spaces(document: pikepdf.Pdf) -> pikepdf.Object:
        space = document.make_indirect(LIST([NAME.Indexed, NAME.DeviceRGB, 0, pikepdf.String("123")]))
        space[1] = space
        return space

    def loop_of_functions(document: pikepdf.Pdf) -> pikepdf.Object:
        function = document.make_indirect(stitching_function(exponential_function(3)))
        function.Functions = LIST([function] * 500)
        return spot_space(NAME.DeviceRGB, function)

    assert rules(inspect_resource("ColorSpace", loop_of_spaces)) == ["FILE-COLOUR"]
    assert rules(inspect_resource("ColorSpace", loop_of_functions)) == ["FILE-COLOUR"]


def test_the_pages_of_one_colour_fault_are_told_together() -> None:
    """There is one problem per fault, not one per page."""
    with pikepdf.open(io.BytesIO(make_pdf(3))) as document:
        space = document.make_indirect(icc_space(document, 4))
        document.pages[0].obj.Resources = TABLE(ColorSpace=TABLE(A=space, B=space))
        document.pages[2].obj.Group = transparency_group(space)
        target = io.BytesIO()
        document.save(target)

    assert [problem.pages for problem in inspect_bytes(target.getvalue(), PDF).problems] == [(1, 3)]


def test_a_spoilt_cache_is_as_good_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is inspected again."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    first = inspect_file(tmp_path, "a.pdf", make_pdf())
    for entry in (tmp_path / "cache" / "bundler").iterdir():
        entry.write_bytes(b'{"size": ')

    assert inspect_file(tmp_path, "a.pdf") == first


@pytest.mark.parametrize("error", [LimitExceededError(), WorkFailedError("died")])
def test_a_verdict_of_a_busy_machine_is_not_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """Where a worker crashed or ran out of time or memory, the file is inspected again next time."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def fail(*_: object) -> FileRecord:
        raise error

    with monkeypatch.context() as busy:
        busy.setattr(SandboxWorker, "run", fail)
        assert rules(inspect_file(tmp_path, "a.pdf", make_pdf())) != []

    assert rules(inspect_file(tmp_path, "a.pdf")) == []


def test_a_file_changed_after_the_check_is_refused(tmp_path: Path) -> None:
    """Only what was checked is bound."""
    data = make_pdf()  # its identifier depends on the time
    record = inspect_file(tmp_path, "a.pdf", data)
    assert read_unchanged(tmp_path, "a.pdf", record.sha256) == data

    (tmp_path / "a.pdf").write_bytes(make_pdf(2))
    with pytest.raises(FileChangedError):
        read_unchanged(tmp_path, "a.pdf", record.sha256)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([PDF, JPEG, TIFF]), st.integers(0, 400), st.binary(min_size=1, max_size=8))
def test_mutated_files_give_a_record(media_type: str, offset: int, noise: bytes) -> None:
    """Inspection never raises."""
    data = {PDF: make_pdf(), JPEG: make_image("JPEG"), TIFF: make_image("TIFF")}[media_type]
    record = inspect_bytes(data[:offset] + noise + data[offset + len(noise) :], media_type)

    assert record.pages or record.problems


@pytest.mark.parametrize(
    ("mark", "free"),
    [
        (None, True),
        ((1400, 90, 1520, 110), False),  # text where the 页号 would be printed
        ((100, 90, 700, 140), True),  # text at the left does not matter
        ((1200, 300, 1600, 400), True),  # nor does text below
    ],
)
@pytest.mark.parametrize("suffix", [".jpg", ".tif", ".png", ".pdf"])
def test_a_scan_keeps_its_size_only_where_its_corner_is_free(
    tmp_path: Path, *, mark: tuple[int, int, int, int] | None, free: bool, suffix: str
) -> None:
    """The 页号 is never printed over text."""
    image = Image.new("RGB", (1654, 2339), (243, 240, 232))
    if mark:
        ImageDraw.Draw(image).rectangle(mark, fill=(30, 30, 60))
    ImageDraw.Draw(image).rectangle((300, 600, 1200, 640), fill="black")
    image.save(tmp_path / f"scan{suffix}", dpi=(200, 200), resolution=200)
    record = inspect_materials(tmp_path, [f"scan{suffix}"])[f"scan{suffix}"]

    assert [page.free_corner for page in record.pages] == [free]


@pytest.mark.parametrize("width", [1, 2, 3, 6])
@pytest.mark.parametrize(("fill", "free"), [(60, False), (232, True)])
@pytest.mark.parametrize("suffix", [".jpg", ".pdf"])
def test_a_thin_line_in_the_corner_is_seen_where_a_scan_is_decoded_in_half_its_detail(
    tmp_path: Path, *, width: int, fill: int, free: bool, suffix: str
) -> None:
    """A scan of 300 dpi is; a line of one pixel is as dark to the eye as in full detail, and a pale one as light."""
    image = Image.new("L", (2480, 3508), 245)
    ImageDraw.Draw(image).line((2060, 151, 2280, 151), fill=fill, width=width)
    ImageDraw.Draw(image).rectangle((300, 600, 1200, 640), fill="black")
    image.save(tmp_path / f"scan{suffix}", dpi=(300, 300), resolution=300, quality=95)
    record = inspect_materials(tmp_path, [f"scan{suffix}"])[f"scan{suffix}"]

    assert [page.free_corner for page in record.pages] == [free]


@pytest.mark.parametrize("end", [0.5, 0.9, 0.99])
def test_a_scan_of_high_resolution_that_is_cut_short_is_damaged(tmp_path: Path, end: float) -> None:
    """It is decoded in half its detail, and yet to its end."""
    image = Image.effect_noise((2480, 3508), 60)
    image.save(tmp_path / "whole.jpg", dpi=(300, 300))
    data = (tmp_path / "whole.jpg").read_bytes()

    assert rules(inspect_file(tmp_path, "whole.jpg")) == []
    assert rules(inspect_file(tmp_path, "scan.jpg", data[: int(len(data) * end)])) == ["FILE-DAMAGED"]


def test_a_turned_photograph_is_looked_at_as_it_is_seen(tmp_path: Path) -> None:
    """The corner is that of the upright image."""
    image = Image.new("RGB", (1654, 2339), (243, 240, 232))
    ImageDraw.Draw(image).rectangle((1400, 90, 1520, 110), fill="black")
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = image.transpose(Image.Transpose.ROTATE_90)
    turned.save(tmp_path / "photo.jpg", dpi=(200, 200), exif=exif)
    page = inspect_materials(tmp_path, ["photo.jpg"])["photo.jpg"].pages[0]

    assert page.height_pt > page.width_pt
    assert not page.free_corner
