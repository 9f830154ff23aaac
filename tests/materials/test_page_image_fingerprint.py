"""What is seen on a page: whether it is blank, and whether another page shows the same."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Dictionary, Name
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from bundler.errors import FileChangedError
from bundler.file_inspection_record import JPEG, PDF, PageLook
from bundler.fonts.files import find_fonts
from bundler.materials.file_inspection import inspect_bytes, inspect_materials
from bundler.materials.page_image_fingerprint import (
    look_alike,
    shows_much,
    shrink_to_cells,
)
from tests.support.pdf_files import save


def make_pdf(content: bytes, size: tuple[int, int] = (595, 842)) -> bytes:
    """Make a page of this content, with a white image /W for it."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=size)
        page = pdf.pages[0].obj
        page.Contents = pdf.make_stream(content)
        white = pdf.make_stream(
            zlib.compress(b"\xfa" * 800 * 600),
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=800,
            Height=600,
            ColorSpace=Name.DeviceGray,
            BitsPerComponent=8,
            Filter=Name.FlateDecode,
        )
        page.Resources = Dictionary(XObject=Dictionary(W=white))
        return save(pdf)


NOTHING = {
    "no operator that draws": b"q Q",
    "a comment": b"% seen by nobody\n",
    "a white rectangle": b"1 g 0 0 595 842 re f",
    "marked content": b"/Span BMC EMC",
    "ink outside the page": b"700 900 100 100 re f",
    "a dot": b"300 400 .5 .5 re f",
    "a white scan in two strips": b"q 595 0 0 421 0 0 cm /W Do Q q 595 0 0 421 0 421 cm /W Do Q",
    "an empty text of an office program": b"0.1 w\nq 0 0 595 842 re\nW* n\nQ",
    "coloured paper": b"1 1 .8 rg 0 0 595 842 re f",
}
SOMETHING = {
    "a hairline": b"0 w 100 400 m 400 400 l S",
    "a short thin line": b".5 w 100 400 m 115 400 l S",
    "a faint stamp": b"1 .85 .85 RG 3 w 250 400 100 100 re S",
    "pure colours without any paper": b"0 1 0 rg 0 0 300 842 re f 1 0 0 rg 300 0 295 842 re f",
    "a signature": b"1 w 100 100 m 110 130 120 90 130 110 c S",
}


@pytest.mark.parametrize("what", NOTHING)
def test_a_page_with_nothing_to_see_is_empty(what: str) -> None:
    """Whatever it is made of."""
    assert [problem.rule for problem in inspect_bytes(make_pdf(NOTHING[what]), PDF).problems] == ["FILE-EMPTY"]


def test_a_page_of_three_points_is_empty() -> None:
    """Nobody can read anything on it."""
    record = inspect_bytes(make_pdf(b"0 0 3 3 re f", (3, 3)), PDF)

    assert [problem.rule for problem in record.problems] == ["FILE-EMPTY"]


@pytest.mark.parametrize("what", SOMETHING)
def test_a_page_with_little_to_see_is_not_empty(what: str) -> None:
    """A line, a pale stamp and a signature are seen."""
    assert inspect_bytes(make_pdf(SOMETHING[what]), PDF).problems == ()


FANGSONG = next(found.path for found in find_fonts() if found.font.family == "FandolFang")


@cache
def form(amount: str = "10305", points: float = 9, day: str = "12", dpi: int = 200) -> Image.Image:
    """Scan a form that is filled in; at 200 dpi a JPEG is decoded in full, at 300 in half its detail."""
    font = ImageFont.truetype(str(FANGSONG), round(points / 72 * dpi))
    page = Image.new("L", (round(8.27 * dpi), round(11.695 * dpi)), 250)
    pen = ImageDraw.Draw(page)
    for line in range(25):
        pen.text((dpi, dpi * (1.25 + line * 0.375)), "样某区人民法院执行申诉信访告知书", font=font, fill=20)
    pen.text((1.5 * dpi, 10.75 * dpi), f"2021年10月{day}日 金额 {amount} 元", font=font, fill=20)
    page.info["dpi"] = (dpi, dpi)
    return page


def look(page: Image.Image, quality: int = 90, tail: bytes = b"") -> PageLook | None:
    """Return the look of a scan that is kept as a JPEG."""
    target = io.BytesIO()
    page.save(target, "JPEG", quality=quality, dpi=page.info["dpi"])
    return inspect_bytes(target.getvalue() + tail, JPEG).pages[0].look


@pytest.mark.parametrize("dpi", [200, 300])
def test_the_same_scan_looks_the_same(dpi: int) -> None:
    """With other bytes behind it, a stronger compression or one changed pixel, and within a PDF."""
    page = form(dpi=dpi)
    pixel = page.copy()
    pixel.putpixel((4 * dpi, round(5.3 * dpi)), 0)
    target = io.BytesIO()
    page.save(target, "PDF", resolution=dpi)
    first = look(page)

    assert look_alike(first, look(page, tail=b"more"))
    assert look_alike(first, look(page, quality=50))
    assert look_alike(first, look(pixel))
    assert look_alike(first, inspect_bytes(target.getvalue(), PDF).pages[0].look)


@pytest.mark.parametrize("dpi", [200, 300])
@pytest.mark.parametrize("points", [9, 10.5, 16])
def test_one_other_figure_on_a_form_looks_different(points: float, dpi: int) -> None:
    """Forms that are alike but for one figure are no duplicates, in small print neither."""
    first = look(form(points=points, dpi=dpi))
    others = [
        form("10306", points, dpi=dpi),
        form("10308", points, dpi=dpi),
        form("10385", points, dpi=dpi),
        form(points=points, day="13", dpi=dpi),
    ]

    assert [look_alike(first, look(other)) for other in others] == [False] * 4


def test_a_page_looks_the_same_at_the_usual_resolutions() -> None:
    """A page of 9 points scanned at 600 dpi, and at 400, 300, 200 and 150: a cell is the mean of the same part of it."""
    whole = form(dpi=600).filter(ImageFilter.GaussianBlur(2))
    looks = []
    for dpi in (600, 400, 300, 200, 150):
        page = whole.resize((round(8.27 * dpi), round(11.695 * dpi)), Image.Resampling.BICUBIC)
        page.info["dpi"] = (dpi, dpi)
        looks.append(look(page))

    assert [look_alike(looks[0], other) for other in looks[1:]] == [True] * 4


Draw = Callable[[ImageDraw.ImageDraw, float], object]


def draw_dust(pen: ImageDraw.ImageDraw, point: float) -> None:
    """Draw a dozen specks of two points."""
    for x in range(50, 550, 250):
        for y in range(50, 800, 150):
            pen.ellipse((x * point, y * point, (x + 2) * point, (y + 2) * point), fill=60)


def draw_shadow(pen: ImageDraw.ImageDraw, point: float) -> None:
    """Draw a shadow that grows from one edge to the other."""
    for column in range(round(596 * point)):
        pen.line((column, 0, column, 900 * point), fill=round(240 - 120 * column / (596 * point)))


UNSEEN: dict[str, Draw] = {
    "nothing": lambda _, __: None,
    "specks of dust": draw_dust,
    "a shadow that grows to the edge": draw_shadow,
}
SEEN: dict[str, Draw] = {
    "a thin line": lambda pen, point: pen.line((100 * point, 400 * point, 115 * point, 400 * point), fill=120, width=2),
    "a word in small print": lambda pen, point: pen.text(
        (400 * point, 780 * point), "同意", font=ImageFont.truetype(str(FANGSONG), round(9 * point)), fill=40
    ),
    "a pale stamp": lambda pen, point: pen.ellipse(
        (300 * point, 600 * point, 400 * point, 700 * point), outline=215, width=round(2 * point)
    ),
    "a shadow with an edge": lambda pen, point: pen.rectangle((0, 0, 20 * point, 900 * point), fill=100),
}


@pytest.mark.parametrize("dpi", [200, 300])
@pytest.mark.parametrize("what", [*UNSEEN, *SEEN])
def test_a_scan_with_little_on_it_is_judged_in_detail(what: str, dpi: int) -> None:
    """Its cells tell only of a page full of marks; of any other, the picture of a pixel a point decides."""
    page = Image.new("L", (round(8.27 * dpi), round(11.695 * dpi)), 240)
    (UNSEEN | SEEN)[what](ImageDraw.Draw(page), dpi / 72)
    target = io.BytesIO()
    page.save(target, "JPEG", quality=90, dpi=(dpi, dpi))

    assert [found.blank for found in inspect_bytes(target.getvalue(), JPEG).pages] == [what in UNSEEN]
    assert not (what in UNSEEN and shows_much(shrink_to_cells(page), 595, 842))


def test_a_page_of_print_is_told_by_its_cells() -> None:
    """So that it is shrunk once; a receipt, whose cells are smaller than its pixels, is always judged in detail."""
    cells = shrink_to_cells(form())

    assert shows_much(cells, 595, 842)
    assert not shows_much(cells, 200, 842)


def two_forms(folder: Path, amounts: tuple[str, str] = ("10305", "10306")) -> tuple[PageLook, PageLook]:
    """Inspect two scans that differ in one figure, so that only their cells tell them apart."""
    looks = []
    for name, amount in zip(("a.jpg", "b.jpg"), amounts, strict=True):
        page = form(amount)
        page.save(folder / name, "JPEG", dpi=page.info["dpi"])
        found = inspect_materials(folder, [name])[name].pages[0].look
        assert found is not None
        looks.append(found)
    return looks[0], looks[1]


def test_cells_are_kept_in_the_cache_and_not_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages of a long case would take 20 KB each."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    first, second = two_forms(tmp_path)

    assert first.cells == second.cells == b""
    assert first.length > 2000
    assert not look_alike(first, second)


def test_cells_stay_in_memory_where_the_cache_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pages are compared all the same."""
    (tmp_path / "cache").write_bytes(b"no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    first, second = two_forms(tmp_path)

    assert first.cells
    assert not look_alike(first, second)


@pytest.mark.parametrize(
    ("spoil", "amounts"),  # other amounts each time: the last pages compared are remembered
    [
        (Path.unlink, ("20305", "20306")),
        (lambda path: path.write_bytes(b"x" * path.stat().st_size), ("30305", "30306")),
    ],
)
def test_a_cache_cleared_during_a_check_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[Path], object], amounts: tuple[str, str]
) -> None:
    """No page passes that was not compared; the next run inspects the file anew."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    first, second = two_forms(tmp_path, amounts)
    spoil(tmp_path / "cache" / "bundler" / second.cache_name)

    with pytest.raises(FileChangedError, match="缓存被清理"):
        look_alike(first, second)
    first, second = two_forms(tmp_path, amounts)
    assert not look_alike(first, second)
