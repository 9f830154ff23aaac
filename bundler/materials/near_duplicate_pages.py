"""Find the pages of a case that look alike, among thousands, without comparing each with each."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Sequence
from itertools import islice
from operator import itemgetter

from bundler.file_inspection_record import PageLook
from bundler.materials.page_image_fingerprint import (
    MAX_SUM_DIFFERENCE,
    have_other_regions,
    identity_of,
    look_alike,
    region_means,
)

MOST_COPIES = 8
"""A page is paired with so many that are like it: a case may have thousands of the same sheet."""
_MeasuredLook = tuple[int, Sequence[int], PageLook]
"""The sum of the means of a page's parts, these means, and its look."""


def find_alike(looks: Sequence[tuple[int, PageLook | None]]) -> list[tuple[int, int]]:
    """Find the pages of different files or ranges that look alike.

    Args:
        looks: an owner and the look of one of its pages, for each page.

    Returns:
        The places, in `looks`, of each two pages of different owners that look alike, the earlier first. Of many pages
        that are all alike, each is given with `MOST_COPIES` others, so that the work does not grow with their square.
    """
    places: dict[tuple[str, str], list[int]] = {}
    different: list[PageLook] = []
    for place, (_, look) in enumerate(looks):
        if look is not None:
            same = places.setdefault(identity_of(look), [])
            if not same:
                different.append(look)
            same.append(place)
    pairs: list[tuple[int, int]] = []
    # Each look is compared once, however many pages have it; one that is like `MOST_COPIES` others, no more after that.
    compared: list[_MeasuredLook] = []
    for look in different:
        copies = places[identity_of(look)]
        pairs += _pairs_with_first(looks, copies, copies)
        means = region_means(look.means)
        measured = sum(means), means, look
        alike = list(islice(_alike_among(measured, compared), MOST_COPIES))
        for other in alike:
            near = places[identity_of(other)]
            pairs += _pairs_with_first(looks, copies, near)
            pairs += _pairs_with_first(looks, near, copies)
        if len(alike) < MOST_COPIES:
            insort(compared, measured, key=itemgetter(0))
    return sorted(set(pairs))


def _alike_among(measured: _MeasuredLook, compared: Sequence[_MeasuredLook]) -> Iterator[PageLook]:
    """The looks that are alike, of a sequence that is sorted by the sum of their means."""
    total, means, look = measured
    begin = bisect_left(compared, total - MAX_SUM_DIFFERENCE, key=itemgetter(0))
    end = bisect_right(compared, total + MAX_SUM_DIFFERENCE, key=itemgetter(0))
    for _, others, other in compared[begin:end]:
        if not have_other_regions(means, others) and look_alike(look, other):
            yield other


def _pairs_with_first(
    looks: Sequence[tuple[int, PageLook | None]], first: Sequence[int], later: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """Each of the later places, with the first places before it that have another owner."""
    owner = looks[first[0]][0]
    of_others = (place for place in first if looks[place][0] != owner)
    heads = sorted({*first[:MOST_COPIES], *islice(of_others, MOST_COPIES)})
    for place in later:
        earlier = (head for head in heads if head < place and looks[head][0] != looks[place][0])
        yield from ((head, place) for head in islice(earlier, MOST_COPIES))
