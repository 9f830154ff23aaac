"""Pages that look alike are found among many copies, without comparing each with each."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw

from bundler.file_inspection_record import PageLook
from bundler.materials import near_duplicate_pages
from bundler.materials.near_duplicate_pages import MOST_COPIES, find_alike
from bundler.materials.page_image_fingerprint import look_alike, make_look


def _look(top: int, shade: int = 20) -> PageLook | None:
    """The look of a page with a bar at this height."""
    page = Image.new("L", (200, 280), 250)
    ImageDraw.Draw(page).rectangle((20, top, 180, top + 20), fill=shade)
    return make_look(page)


def test_pages_of_one_owner_are_not_compared() -> None:
    """A file may show a page twice."""
    same, other = _look(20), _look(60)

    assert find_alike([(0, same), (0, same), (1, other), (2, same), (3, None)]) == [(0, 3), (1, 3)]


def test_copies_are_found_as_by_comparing_each_page_with_each_other() -> None:
    """Many copies of few pages, some a little darker: every pair of different files, and no other."""
    looks: list[tuple[int, PageLook | None]] = []
    for number in range(60):
        page = Image.new("L", (200, 280), 250)
        ImageDraw.Draw(page).rectangle((20, 20 + 30 * (number % 5), 180, 40 + 30 * (number % 5)), fill=20 + number % 3)
        looks.append((number % 7, make_look(page)))
    each = [
        (one, other)
        for other in range(len(looks))
        for one in range(other)
        if looks[one][0] != looks[other][0] and look_alike(looks[one][1], looks[other][1])
    ]
    assert find_alike(looks) == sorted(each)
    assert each


def test_very_many_copies_are_compared_with_the_first_alone() -> None:
    """A case may hold thousands of copies of a sheet: what is found grows with their number, not with its square."""
    sheet, near = (make_look(Image.new("L", (200, 280), grey)) for grey in (250, 251))
    owners, copies = 40, 50
    looks: list[tuple[int, PageLook | None]] = [
        (owner, near if number % 2 else sheet) for owner in range(owners) for number in range(copies)
    ]
    found = find_alike(looks)

    assert look_alike(sheet, near)
    assert len(found) <= 2 * MOST_COPIES * len(looks)
    assert {later for _, later in found} == set(range(copies, len(looks)))


def test_very_many_pages_that_are_nearly_the_same_are_compared_with_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scans of one sheet differ a little each; all but the first are found, and the comparisons do not grow with the square."""
    looks = [(owner, _look(20, shade=20 + owner % 3)) for owner in range(3)]
    page = Image.new("L", (200, 280), 250)
    for number in range(60):
        page.putpixel((10 + 3 * number, 200), 240)
        looks.append((3 + number, make_look(page.copy())))
    counted = 0

    def count(one: PageLook, other: PageLook) -> bool:
        nonlocal counted
        counted += 1
        return look_alike(one, other)

    monkeypatch.setattr(near_duplicate_pages, "look_alike", count)
    found = find_alike(looks)

    assert counted <= 2 * MOST_COPIES * len(looks)
    assert {later for _, later in found} >= set(range(4, len(looks)))
