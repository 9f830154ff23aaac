"""Joining: pages in order, upright, numbered and unchanged, and the file complete or absent."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pikepdf
import pypdf
import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageOps, ImageStat

from bundler.bind.image_to_pdf import image_pdf
from bundler.bind.join import join
from bundler.bind.join_types import BoundFile, OutlineEntry, SourcePart, TypesetPart
from bundler.errors import OutputError
from bundler.typeset.typesetter import Typesetter
from bundler.word.block_model import Blocks, Paragraph, Run


@pytest.fixture(scope="module")
def base() -> bytes:
    """A cover of one page and a paper of one page."""
    typesetter = Typesetter()
    paper = Blocks((Paragraph("正文", (Run("受理告知书", "仿宋_GB2312", 16, bold=False, spacing=-0.25),)),))
    typesetter.typeset_papers([("cover", paper), ("notice", paper)])
    return typesetter.write(["cover", "notice"], "卷宗", b"0" * 16, None)[0]


def scan(width: int = 1654, height: int = 2339) -> bytes:
    """A JPEG scan with a black bar at its top left."""
    image = Image.new("L", (width, height), 235)
    ImageDraw.Draw(image).rectangle([60, 60, width // 3, 200], fill=0)
    target = io.BytesIO()
    image.save(target, "JPEG", dpi=(200, 200))
    return target.getvalue()


def bind(base: bytes, target: Path) -> BoundFile:
    """A cover, a portrait scan, the paper, a landscape scan."""
    parts: list[TypesetPart | SourcePart] = [
        TypesetPart(0, 0, "封面"),
        SourcePart("image/jpeg", range(1, 2), scan),
        TypesetPart(1, 1),
        SourcePart("image/jpeg", range(1, 2), lambda: scan(2339, 1654)),
    ]
    return join(base, parts, [OutlineEntry("材料", 1, (OutlineEntry("约谈笔录（第1页）", 1),))], target)


def test_numbers_labels_and_outline_agree(base: bytes, tmp_path: Path) -> None:
    """页号 1…n are on every numbered page as text, in the page labels, and in the outline."""
    bound = bind(base, tmp_path / "a.pdf")
    reader = pypdf.PdfReader(tmp_path / "a.pdf")

    assert bound.pages == len(reader.pages) == 4
    assert reader.page_labels == ["封面", "1", "2", "3"]
    assert [page.extract_text().split()[-1] for page in reader.pages[1:]] == ["1", "2", "3"]
    assert [entry.title for entry in reader.outline if not isinstance(entry, list)] == ["材料"]
    assert str(reader.root_object["/PageMode"]) == "/UseOutlines"


def test_the_scans_data_are_those_of_the_input(base: bytes, tmp_path: Path) -> None:
    """JPEG data are byte for byte those of the input."""
    bind(base, tmp_path / "a.pdf")
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        pictures = [
            o.read_raw_bytes()
            for o in pdf.objects
            if isinstance(o, pikepdf.Stream) and o.get("/Filter") == "/DCTDecode"
        ]

    assert sorted(pictures) == sorted([scan(), scan(2339, 1654)])


def test_a_landscape_scan_stays_landscape_on_a4(base: bytes, tmp_path: Path) -> None:
    """Sheets are A4, portrait or landscape as the scan."""
    bind(base, tmp_path / "a.pdf")
    sizes = [
        tuple(round(float(side)) for side in page.mediabox[2:]) for page in pypdf.PdfReader(tmp_path / "a.pdf").pages
    ]

    assert sizes == [(595, 842), (595, 842), (595, 842), (842, 595)]


def test_the_same_inputs_give_the_same_bytes(base: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also in another time zone."""
    first = bind(base, tmp_path / "a.pdf")
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    second = bind(base, tmp_path / "b.pdf")

    assert first == second
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_a_failed_writing_leaves_nothing(base: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An earlier file stays as it was."""
    target = tmp_path / "a.pdf"
    target.write_bytes(b"earlier")

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OutputError):
        bind(base, target)

    assert target.read_bytes() == b"earlier"
    assert list(tmp_path.iterdir()) == [target]


def test_nothing_active_survives(base: bytes, tmp_path: Path) -> None:
    """A script and an external link are removed; a stamp, which is an annotation, stays visible."""
    source = pikepdf.new()
    source.add_blank_page(page_size=(595, 842))
    seal = source.make_stream(
        b"1 0 0 rg 0 0 80 80 re f", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 80, 80]
    )
    stamp = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Stamp,
        Rect=[300, 300, 380, 380],
        AP=pikepdf.Dictionary(N=seal),
        F=4,
    )
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Link,
        Rect=[0, 0, 50, 50],
        A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("x:y")),
    )
    source.pages[0].obj.Annots = source.make_indirect(
        pikepdf.Array([source.make_indirect(stamp), source.make_indirect(link)])
    )
    source.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    data = io.BytesIO()
    source.save(data)
    parts: list[TypesetPart | SourcePart] = [
        TypesetPart(0, 0, "封面"),
        SourcePart("application/pdf", range(1, 2), data.getvalue),
    ]
    join(base, parts, [], tmp_path / "a.pdf")
    raw = b"".join(_all_object_bytes(tmp_path / "a.pdf"))

    assert b"JavaScript" not in raw
    assert b"x:y" not in raw
    assert b"1 0 0 rg" in raw


def _all_object_bytes(path: Path) -> list[bytes]:
    with pikepdf.open(path) as pdf:
        found = []
        for thing in pdf.objects:
            found.append(thing.unparse())
            if isinstance(thing, pikepdf.Stream) and thing.get("/Filter") in {None, "/FlateDecode"}:
                found.append(thing.read_bytes())
        return found


def image_with_corners() -> Image.Image:
    """An image that differs in every corner, so that a rotation or mirroring shows."""
    image = Image.new("RGB", (800, 1100), "white")
    draw = ImageDraw.Draw(image)
    for place, colour in (((0, 0), "red"), ((600, 0), "green"), ((0, 900), "blue"), ((600, 900), "black")):
        draw.rectangle([*place, place[0] + 199, place[1] + 199], fill=colour)
    return image


def image_file(image: Image.Image, file_format: str, **options: object) -> bytes:
    """An image as a file."""
    target = io.BytesIO()
    image.save(target, file_format, dpi=(100, 100), **options)
    return target.getvalue()


def difference(pdf: bytes, expected: Image.Image) -> float:
    """The mean difference between the first page and an image, from 0 to 255."""
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0].render(scale=1).to_pil().convert("RGB")
    wanted = expected.convert("RGB").resize(page.size)
    return float(sum(ImageStat.Stat(ImageChops.difference(page, wanted)).mean) / 3)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("file_format", ["JPEG", "TIFF"])
def test_a_picture_stands_as_a_viewer_shows_it(orientation: int, file_format: str) -> None:
    """Images with each EXIF orientation; a JPEG keeps its data."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = image_file(image_with_corners(), file_format, exif=exif)
    with Image.open(io.BytesIO(data)) as image:
        expected = ImageOps.exif_transpose(image)
    pdf = image_pdf(data, f"image/{file_format.lower()}")

    assert difference(pdf, expected) < 4
    if file_format == "JPEG":
        with pikepdf.open(io.BytesIO(pdf)) as made:
            assert [image.read_raw_bytes() for image in made.pages[0].obj.Resources.XObject.values()] == [data]


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "LA", "I;16", "CMYK"])
@pytest.mark.parametrize("file_format", ["PNG", "TIFF"])
def test_every_sort_of_pixel_is_seen_as_it_is(mode: str, file_format: str) -> None:
    """16 bits per sample, palettes, transparency, CMYK."""
    image = image_with_corners()
    if mode == "I;16":
        made = Image.new("I;16", image.size)
        made.putdata([value * 257 for value in image.convert("L").tobytes()])
    else:
        made = image.convert(mode)
    if file_format == "PNG" and mode == "CMYK":
        return
    expected = image.convert("L") if mode in {"1", "L", "LA", "I;16"} else image
    pdf = image_pdf(image_file(made, file_format), f"image/{file_format.lower()}")

    assert difference(pdf, expected) < (12 if mode in {"1", "CMYK"} else 4)
