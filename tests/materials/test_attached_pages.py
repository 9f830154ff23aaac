"""Attached PDF pages: what is seen stays, active parts are removed, and what is bound is valid PDF/A."""

from __future__ import annotations

import io
import random
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from itertools import starmap
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from bundler.bind.join import join
from bundler.bind.join_types import SourcePart, TypesetPart
from bundler.file_inspection_record import PDF, FileRecord
from bundler.materials.file_inspection import inspect_bytes
from bundler.materials.rasterise import mark_rasterised_pages
from bundler.regulation.rule_codes import Severity
from bundler.sandbox import SandboxWorker
from tests.support import pdf_files
from tests.support.page_pictures import (
    MAX_DIFFERING_SHARE,
    differing_share,
    render_with_pdfium,
    render_with_poppler,
)
from tests.support.paths import ROOT
from tests.support.regulations import RULES
from tests.support.verapdf import VeraPdf

REFUSED = {
    "chinese_font": "FILE-FONT",
    "hidden_layer": "FILE-LAYERS",
    "layer_turned_round": "FILE-LAYERS",
    "layer_not_for_screens": "FILE-LAYERS",
    "transfer_curve": "FILE-COLOUR",
}
PICTURED = {"bare_comment", "filled_field", "latin_font", "unknown_operator", "postscript", "smoothed_picture"}
MUTANTS = 400
BOUND_TOGETHER = 20


@cache
def pdf_of(kind: str) -> bytes:
    """Return the PDF of a kind."""
    return pdf_files.KINDS[kind]()


@cache
def inspect_kind(kind: str) -> FileRecord:
    """Inspect the PDF of a kind, with rasterising allowed."""
    return mark_rasterised_pages(inspect_bytes(pdf_of(kind), PDF))


def error_rules(record: FileRecord) -> list[str]:
    """Return the rules of the problems that forbid binding."""
    return [problem.rule for problem in record.problems if RULES[problem.rule].severity is Severity.ERROR]


def source_part(data: bytes, record: FileRecord) -> SourcePart:
    """Return all pages of a file as a part to bind."""
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


def bind_parts(parts: list[SourcePart], target: Path) -> Path:
    """Bind a cover and the parts."""
    join(pdf_of("set_text"), [TypesetPart(0, 0, "封面"), *parts], [], target)
    return target


@pytest.mark.parametrize("kind", sorted(pdf_files.KINDS))
def test_each_kind_ends_as_it_should(kind: str) -> None:
    """It is refused by its rule, bound as an image of itself, or bound as it is."""
    record = inspect_kind(kind)

    assert error_rules(record) == ([REFUSED[kind]] if kind in REFUSED else [])
    assert bool(record.pictured) == (kind in PICTURED)
    pictured = [problem for problem in record.problems if problem.rule == "FILE-PICTURED"]
    assert [problem.pages for problem in pictured] == ([(1,)] if kind in PICTURED else [])
    assert ["嵌入字体" in problem.fix for problem in pictured] == ["字体" in problem.message for problem in pictured]


def test_what_is_bound_is_valid(tmp_path: Path, verapdf: VeraPdf) -> None:
    """VeraPDF judges each kind in a file of its own."""
    kinds = sorted(set(pdf_files.KINDS) - set(REFUSED))
    files = [bind_parts([source_part(pdf_of(kind), inspect_kind(kind))], tmp_path / f"{kind}.pdf") for kind in kinds]

    assert verapdf.faults(files) == {}


@pytest.mark.slow
def test_what_the_check_lets_through_the_validator_accepts(tmp_path: Path, verapdf: VeraPdf) -> None:
    """Pages are mutated from every kind; some mutants pass and some are refused."""
    rng = random.Random(20211124)  # noqa: S311 (a fixed series of mutants, no secret)
    kinds = sorted(pdf_files.KINDS)
    mutants = [pdf_files.mutate(pdf_of(kinds[number % len(kinds)]), rng) for number in range(MUTANTS)]
    written = [data for data in mutants if data is not None]
    with SandboxWorker() as worker:
        inspected = [(data, mark_rasterised_pages(inspect_bytes(data, PDF, worker))) for data in written]
    passed = [source_part(data, record) for data, record in inspected if record.pages and not error_rules(record)]
    files = [
        bind_parts(passed[start : start + BOUND_TOGETHER], tmp_path / f"{start}.pdf")
        for start in range(0, len(passed), BOUND_TOGETHER)
    ]

    assert verapdf.faults(files) == {}
    assert len(passed) > MUTANTS // 4
    assert len(written) - len(passed) > MUTANTS // 20


RENDERERS = (render_with_pdfium, render_with_poppler)
DRAWN_DIFFERENTLY_BY_POPPLER = frozenset({"filled_field", "latin_font", "smoothed_picture"})
"""Kinds that poppler draws with its own font, smooths otherwise, or does not draw at all; the image follows pdfium."""


def renderers(kind: str) -> tuple[Callable[[Path, int], Image.Image], ...]:
    """Return the renderers that draw a kind as it is bound."""
    return RENDERERS[:1] if kind in DRAWN_DIFFERENTLY_BY_POPPLER else RENDERERS


def render_before_and_after(kind: str, folder: Path) -> Iterator[tuple[Image.Image, Image.Image]]:
    """Yield the page before and after binding, by each renderer."""
    source = folder / f"{kind}-source.pdf"
    source.write_bytes(pdf_of(kind))
    target = bind_parts([source_part(pdf_of(kind), inspect_kind(kind))], folder / f"{kind}.pdf")
    for renderer in renderers(kind):
        yield renderer(source, 0), renderer(target, 1)


@pytest.mark.parametrize("kind", sorted(set(pdf_files.KINDS) - set(REFUSED)))
def test_a_page_looks_the_same_before_and_after(kind: str, tmp_path: Path) -> None:
    """Two renderers that share no code see no difference."""
    assert [
        share
        for share in starmap(differing_share, render_before_and_after(kind, tmp_path))
        if share >= MAX_DIFFERING_SHARE
    ] == []


@pytest.mark.parametrize("kind", ["seal", "signature", "comment", "filled_field"])
def test_the_comparison_sees_what_is_lost(kind: str, tmp_path: Path) -> None:
    """A page whose seal, mark or entry was removed before binding differs."""
    source = tmp_path / "source.pdf"
    source.write_bytes(pdf_of(kind))
    with pikepdf.open(io.BytesIO(pdf_of(kind))) as pdf:
        del pdf.pages[0].obj["/Annots"]
        erased = pdf_files.save(pdf)
    target = bind_parts([source_part(erased, inspect_bytes(erased, PDF))], tmp_path / "erased.pdf")

    shares = [differing_share(renderer(source, 0), renderer(target, 1)) for renderer in renderers(kind)]
    assert [share for share in shares if share < 2 * MAX_DIFFERING_SHARE] == []


def test_a_smoothed_image_of_few_pixels_is_refused_where_no_page_may_become_a_picture() -> None:
    """By name, and with what to do: bound as it is, it would show squares."""
    (problem,) = inspect_bytes(pdf_of("smoothed_picture"), PDF).problems

    assert (problem.rule, problem.pages) == ("FILE-DAMAGED", (1,))
    assert "像素很少的图像" in problem.message
    assert "打印为 PDF" in problem.fix


def test_an_image_whose_filter_cannot_be_undone_is_damaged() -> None:
    """LZW, which PDF/A forbids, over data that are none: it is not bound with its filter."""
    with pikepdf.open(io.BytesIO(pdf_of("masked_picture"))) as pdf:
        picture = pdf.pages[0].Resources.XObject.Im
        picture.write(picture.read_raw_bytes(), filter=pikepdf.Name.LZWDecode)
        record = inspect_bytes(pdf_files.save(pdf), PDF)

    assert error_rules(record) == ["FILE-DAMAGED"]


def test_nothing_that_acts_is_bound(tmp_path: Path) -> None:
    """The record names what was removed."""
    target = bind_parts([source_part(pdf_of("active"), inspect_kind("active"))], tmp_path / "a.pdf")
    with pikepdf.open(target) as pdf:
        found = b"".join(thing.unparse() for thing in pdf.objects)

    assert not [word for word in (b"JavaScript", b"x.example", b"evil.exe") if word in found]
    assert [change.what for change in inspect_kind("active").changes] == [
        "去除了脚本和自动动作",
        "去除了附在文件里的其他文件",
        "去除了链接",
    ]


def test_the_profile_of_inks_is_the_one_that_the_script_makes(tmp_path: Path) -> None:
    """The script reproduces the bytes of the bundled profile."""
    target = tmp_path / "cmyk.icc"
    script = ROOT / "tools" / "make_cmyk_profile.py"
    subprocess.run(["python3", str(script), str(target)], check=True, capture_output=True)

    assert target.read_bytes() == (Path(inspect_bytes.__code__.co_filename).parent / "cmyk.icc").read_bytes()
