"""docs/desk.md: its pictures are those that lie beside it."""

from __future__ import annotations

import re
from pathlib import Path

from PIL import Image

from tests.support.paths import ROOT

GUIDE = ROOT / "docs" / "desk.md"
SCREEN = (1366, 768)
MOST_BYTES = 1_500_000


def pictures() -> list[Path]:
    """What lies in its folder."""
    return sorted((GUIDE.parent / "desk").iterdir())


def test_the_guide_shows_every_picture_once_and_no_other() -> None:
    """Each picture is named, and each that is named is there."""
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", GUIDE.read_text(encoding="utf-8"))
    assert sorted(shown) == [f"desk/{one.name}" for one in pictures()]


def test_the_pictures_are_those_of_a_courts_screen_and_small() -> None:
    """The desk at 1366 × 768, and all of it small enough to be carried along."""
    sizes = {}
    for one in pictures():
        with Image.open(one) as picture:
            sizes[one.stem] = picture.size
    del sizes["print"]  # a sheet of paper
    assert set(sizes.values()) == {SCREEN}
    assert sum(one.stat().st_size for one in pictures()) < MOST_BYTES
