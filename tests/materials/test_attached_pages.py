"""Pages of others: what is seen on them stays, what acts goes, and what is let through is fit for an archive."""

from __future__ import annotations

import io
import random
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from itertools import starmap
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageStat

from bundler.bind.join import join
from bundler.bind.parts import SourcePart, TypesetPart
from bundler.file_record import PDF, FileRecord
from bundler.materials.inspect import inspect_bytes
from bundler.materials.rasterise import mark_rasterised_pages
from bundler.page_geometry import A4, FOLIO_BAND
from bundler.regulation.rules import RULES, Severity
from bundler.sandbox import SandboxWorker
from tests.support import pdf_files
from tests.support.paths import ROOT
from tests.support.verapdf import VeraPdf

REFUSED = {
    "chinese_font": "FILE-FONT",
    "hidden_layer": "FILE-LAYERS",
    "layer_turned_round": "FILE-LAYERS",
    "layer_not_for_screens": "FILE-LAYERS",
    "transfer_curve": "FILE-COLOUR",
}
PICTURED = {"bare_comment", "filled_field", "latin_font", "unknown_operator", "postscript"}
MUTANTS = 400
BOUND_TOGETHER = 20


@cache
def made(kind: str) -> bytes:
    """The file of a kind."""
    return pdf_files.KINDS[kind]()


@cache
def record_of(kind: str) -> FileRecord:
    """What the check finds of it."""
    return mark_rasterised_pages(inspect_bytes(made(kind), PDF))


def errors_of(record: FileRecord) -> list[str]:
    """What stands against binding it."""
    return [problem.rule for problem in record.problems if RULES[problem.rule].severity is Severity.ERROR]


def part_of(data: bytes, record: FileRecord) -> SourcePart:
    """All pages of a file, to be bound as the check has found them."""
    pages = range(1, len(record.pages) + 1)
    free = frozenset(n for n, page in enumerate(record.pages, start=1) if page.free_corner)
    return SourcePart(
        PDF,
        pages,
        lambda: data,
        free,
        file="a.pdf",
        touched=record.touched,
        pictured=record.pictured_pages,
    )


def bound(parts: list[SourcePart], target: Path) -> Path:
    """A cover and the parts."""
    join(made("set_text"), [TypesetPart(0, 0, "封面"), *parts], [], target)
    return target


@pytest.mark.parametrize("kind", sorted(pdf_files.KINDS))
def test_each_kind_ends_as_it_should(kind: str) -> None:
    """Refused by name, bound as a picture of itself, or bound as it is."""
    record = record_of(kind)

    assert errors_of(record) == ([REFUSED[kind]] if kind in REFUSED else [])
    assert bool(record.pictured) == (kind in PICTURED)
    assert [p.pages for p in record.problems if p.rule == "FILE-PICTURED"] == ([(1,)] if kind in PICTURED else [])


def test_what_is_bound_is_valid(tmp_path: Path, verapdf: VeraPdf) -> None:
    """Each kind in a file of its own, by veraPDF."""
    kinds = sorted(set(pdf_files.KINDS) - set(REFUSED))
    files = [bound([part_of(made(kind), record_of(kind))], tmp_path / f"{kind}.pdf") for kind in kinds]

    assert verapdf.faults(files) == {}


@pytest.mark.slow
def test_what_the_check_lets_through_the_validator_accepts(tmp_path: Path, verapdf: VeraPdf) -> None:
    """Over pages mutated from every kind; and the mutants that it stops are not all of them."""
    chance = random.Random(20211124)  # noqa: S311 (a fixed row of mutants, no secret)
    kinds = sorted(pdf_files.KINDS)
    mutants = [pdf_files.mutated(made(kinds[number % len(kinds)]), chance) for number in range(MUTANTS)]
    written = [data for data in mutants if data is not None]
    with SandboxWorker() as worker:
        looked = [(data, mark_rasterised_pages(inspect_bytes(data, PDF, worker))) for data in written]
    passed = [part_of(data, record) for data, record in looked if record.pages and not errors_of(record)]
    files = [
        bound(passed[start : start + BOUND_TOGETHER], tmp_path / f"{start}.pdf")
        for start in range(0, len(passed), BOUND_TOGETHER)
    ]

    assert verapdf.faults(files) == {}
    assert len(passed) > MUTANTS // 4
    assert len(written) - len(passed) > MUTANTS // 20


def drawn_by_pdfium(path: Path, number: int) -> Image.Image:
    """A page as pdfium shows it, with what viewers draw of annotations and forms."""
    with pypdfium2.PdfDocument(path) as document:
        document.init_forms()
        page: Image.Image = document[number].render(scale=1.5).to_pil()
        return page.convert("RGB")


def drawn_by_poppler(path: Path, number: int) -> Image.Image:
    """A page as poppler shows it."""
    command = ["pdftoppm", "-r", "108", "-cropbox", "-f", str(number + 1), "-singlefile", "-png", str(path)]
    done = subprocess.run(command, capture_output=True, check=True)
    return Image.open(io.BytesIO(done.stdout)).convert("RGB")


RENDERERS = (drawn_by_pdfium, drawn_by_poppler)
ITS_OWN_WAY = frozenset({"filled_field", "latin_font"})
"""What poppler draws with letters of its own, or not at all: the picture is what pdfium shows."""


def renderers(kind: str) -> tuple[Callable[[Path, int], Image.Image], ...]:
    """Those that can be asked about a kind."""
    return RENDERERS[:1] if kind in ITS_OWN_WAY else RENDERERS


def as_laid(page: Image.Image, sheet: tuple[int, int]) -> Image.Image:
    """The picture of a page where it lies on its sheet under the band that is kept for the 页号."""
    upright = page.height >= page.width
    band = round(FOLIO_BAND / (A4[1] if upright else A4[0]) * sheet[1])
    scale = min(sheet[0] / page.width, (sheet[1] - band) / page.height, 1.0)
    small = page.resize((round(page.width * scale), round(page.height * scale)), Image.Resampling.LANCZOS)
    laid = Image.new("RGB", sheet, "white")
    laid.paste(small, (round((sheet[0] - small.width) / 2), band + round((sheet[1] - band - small.height) / 2)))
    return laid


def unlike(before: Image.Image, after: Image.Image) -> float:
    """The share of fields, of 16 by 16 pixels, that show something else: letters of a like font are alike there."""
    laid = as_laid(before, after.size)
    band = round(FOLIO_BAND / A4[1] * after.height)
    box = (0, band, after.width, after.height)
    smaller = (after.width // 16, after.height // 16)
    fields = ImageChops.difference(
        laid.crop(box).resize(smaller, Image.Resampling.BOX), after.crop(box).resize(smaller, Image.Resampling.BOX)
    )
    red, green, blue = fields.split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return float(ImageStat.Stat(most.point(lambda value: 255 if value > FIELD else 0)).mean[0] / 255)


FIELD = 32
"""Of 255: how far a field's mean colour may be from what it was."""
ALIKE = 0.001
"""Edges that fall on other pixels; a seal is more than ten times as much."""


def pairs(kind: str, folder: Path) -> Iterator[tuple[Image.Image, Image.Image]]:
    """The page before and after binding, by each renderer."""
    source = folder / f"{kind}-source.pdf"
    source.write_bytes(made(kind))
    target = bound([part_of(made(kind), record_of(kind))], folder / f"{kind}.pdf")
    for renderer in renderers(kind):
        yield renderer(source, 0), renderer(target, 1)


@pytest.mark.parametrize("kind", sorted(set(pdf_files.KINDS) - set(REFUSED)))
def test_a_page_looks_the_same_before_and_after(kind: str, tmp_path: Path) -> None:
    """To two renderers that share no code."""
    assert [share for share in starmap(unlike, pairs(kind, tmp_path)) if share >= ALIKE] == []


@pytest.mark.parametrize("kind", ["seal", "signature", "comment", "filled_field"])
def test_the_comparison_sees_what_is_lost(kind: str, tmp_path: Path) -> None:
    """A page whose seal, mark or entry was taken off before binding looks other."""
    source = tmp_path / "source.pdf"
    source.write_bytes(made(kind))
    with pikepdf.open(io.BytesIO(made(kind))) as pdf:
        del pdf.pages[0].obj["/Annots"]
        erased = pdf_files.saved(pdf)
    target = bound([part_of(erased, inspect_bytes(erased, PDF))], tmp_path / "erased.pdf")

    seen = [unlike(renderer(source, 0), renderer(target, 1)) for renderer in renderers(kind)]
    assert [share for share in seen if share < 2 * ALIKE] == []


def test_nothing_that_acts_is_bound(tmp_path: Path) -> None:
    """And the record says what was taken off."""
    target = bound([part_of(made("active"), record_of("active"))], tmp_path / "a.pdf")
    with pikepdf.open(target) as pdf:
        found = b"".join(thing.unparse() for thing in pdf.objects)

    assert not [word for word in (b"JavaScript", b"x.example", b"evil.exe") if word in found]
    assert [change.what for change in record_of("active").changes] == [
        "去除了脚本和自动动作",
        "去除了附在文件里的其他文件",
        "去除了链接",
    ]


def test_the_profile_of_inks_is_the_one_that_the_script_makes(tmp_path: Path) -> None:
    """Nobody has to take its bytes on trust."""
    made_anew = tmp_path / "cmyk.icc"
    script = ROOT / "tools" / "make_cmyk_profile.py"
    subprocess.run(["python3", str(script), str(made_anew)], check=True, capture_output=True)

    assert made_anew.read_bytes() == (Path(inspect_bytes.__code__.co_filename).parent / "cmyk.icc").read_bytes()
