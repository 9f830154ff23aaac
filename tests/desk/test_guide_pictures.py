"""The pictures of docs/desk.md are those in its folder."""

from __future__ import annotations

import re
from pathlib import Path

from PIL import Image

from tests.support.paths import ROOT

GUIDE = ROOT / "docs" / "desk.md"
SCREEN = (1366, 768)
MOST_BYTES = 2_000_000


def pictures() -> list[Path]:
    """The pictures in the folder of the guide."""
    return sorted((GUIDE.parent / "desk").iterdir())


def test_the_guide_shows_every_picture_once_and_no_other() -> None:
    """Each picture is shown, and each shown picture exists."""
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", GUIDE.read_text(encoding="utf-8"))
    assert sorted(shown) == [f"desk/{one.name}" for one in pictures()]


def test_the_pictures_are_those_of_a_courts_screen_and_small() -> None:
    """Each is 1366 pixels wide, and all together are small."""
    sizes = {}
    for one in pictures():
        with Image.open(one) as picture:
            sizes[one.stem] = picture.size
    del sizes["print"]  # a sheet of paper
    assert set(sizes.values()) == {SCREEN}
    assert sum(one.stat().st_size for one in pictures()) < MOST_BYTES
