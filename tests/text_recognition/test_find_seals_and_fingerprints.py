"""A seal is found on a page that was scanned faint, and a tint of the paper is none."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw

numpy = pytest.importorskip("numpy")
pytest.importorskip("cv2")

from bundler.text_recognition.find_seals_and_fingerprints import find_red_marks  # noqa: E402 (needs the extra `read`)


def page(red: tuple[int, int, int] | None, paper: tuple[int, int, int] = (250, 247, 240)) -> Image.Image:
    """A page with lines of print, and a round seal of this colour."""
    image = Image.new("RGB", (1654, 2339), paper)
    pen = ImageDraw.Draw(image)
    for y in range(300, 1500, 80):
        pen.rectangle((200, y, 1400, y + 30), fill=(70, 68, 66))
    if red:
        pen.ellipse((900, 1600, 1220, 1920), outline=red, width=9)
        pen.regular_polygon((1060, 1760, 60), 5, fill=red)
    return image


@pytest.mark.parametrize(
    ("red", "seals", "tells"),
    [
        ((205, 40, 44), 1, True),
        ((238, 205, 208), 1, True),
        ((243, 224, 226), 1, True),
        ((245, 232, 233), 0, False),
        (None, 0, True),
    ],
    ids=["clear", "faint", "fainter", "trace", "none"],
)
def test_a_faint_seal_is_a_seal_and_a_trace_of_one_tells_nothing(
    red: tuple[int, int, int] | None,
    seals: int,
    tells: bool,  # noqa: FBT001 (the expected answer)
) -> None:
    """On grainy paper; its place is that of its ring. Where there is a mere trace, the page counts as one without colours."""
    grain = numpy.random.default_rng(18).normal(0, 4, (2339, 1654, 1))
    pixels = (numpy.asarray(page(red))[:, :, ::-1] + grain).clip(0, 255).astype(numpy.uint8)
    marks = find_red_marks(pixels)
    assert (len(marks.seals), marks.coloured) == (seals, tells)
    assert all(abs(box[0] - 900) < 30 and abs(box[3] - 1920) < 30 for box in marks.seals)


def test_warm_paper_has_no_seal() -> None:
    """Old paper is yellow or pink, and a photograph shows the table around it."""
    warm = page(None, (236, 214, 190))
    ImageDraw.Draw(warm).rectangle((0, 0, 90, 2339), fill=(110, 70, 60))
    assert find_red_marks(numpy.asarray(warm)[:, :, ::-1].copy()).seals == ()
