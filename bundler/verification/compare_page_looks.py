"""Compare pages of two files by what they show and say: the picture, the text, and the data of their images."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pikepdf

from bundler.digest import sha256_of
from bundler.process_limits import Limits
from bundler.sandbox import LimitExceededError, WorkFailedError, run_sandboxed

DPI = 150
_MOST_DIFFERENCE = 32
"""Levels of 255 by which a pixel may differ: another release shifts an edge by less than a tenth of a pixel."""
_MAX_DEPTH = 20
_SECONDS = 60
_SECONDS_PER_PAGE = 3


def find_different_pages(one: Path, other: Path, indices: Sequence[int]) -> dict[int, str] | None:
    """The pages that do not look and read the same in two files, each with what differs, in Chinese.

    Args:
        one: a file.
        other: the file to compare with.
        indices: the pages to compare, from 0; each is at the same place in both files.

    Returns:
        None where they cannot be drawn within the limits.
    """
    if not indices:
        return {}
    limits = Limits(seconds=_SECONDS + _SECONDS_PER_PAGE * len(indices))
    try:
        return run_sandboxed(_compare, str(one), str(other), list(indices), limits=limits)
    except (LimitExceededError, WorkFailedError):
        return None


def _compare(one: str, other: str, indices: list[int]) -> dict[int, str]:
    import pypdfium2

    found = {}
    with (
        pikepdf.open(one, suppress_warnings=True) as first,
        pikepdf.open(other, suppress_warnings=True) as second,
        pypdfium2.PdfDocument(one) as drawn_first,
        pypdfium2.PdfDocument(other) as drawn_second,
    ):
        for index in indices:
            what = _difference(drawn_first[index], drawn_second[index])
            if not what and _images(first.pages[index].obj) != _images(second.pages[index].obj):
                what = "图像数据"
            if what:
                found[index] = what
    return found


def _difference(one: Any, other: Any) -> str:  # noqa: ANN401 (pages of pypdfium2)
    """What differs between two pages: their size, their text or their picture; empty for nothing."""
    if one.get_size() != other.get_size():
        return "纸张大小"
    if one.get_textpage().get_text_bounded() != other.get_textpage().get_text_bounded():
        return "文字"
    from PIL import ImageChops

    pictures = [page.render(scale=DPI / 72).to_pil().convert("RGB") for page in (one, other)]
    bands: list[Any] = [band.getextrema() for band in ImageChops.difference(*pictures).split()]
    return "画面" if any(most > _MOST_DIFFERENCE for _, most in bands) else ""


def _images(page: Any) -> list[str]:  # noqa: ANN401 (a PDF object)
    """The digests of the images that a page draws, at any depth of forms, sorted."""
    found, seen = [], set()
    stack = [(page.get("/Resources"), 0)]
    while stack:
        resources, depth = stack.pop()
        drawn = resources.get("/XObject") if isinstance(resources, pikepdf.Dictionary) else None
        for thing in dict(drawn).values() if isinstance(drawn, pikepdf.Dictionary) else ():
            if not isinstance(thing, pikepdf.Stream) or thing.objgen in seen or depth > _MAX_DEPTH:
                continue
            seen.add(thing.objgen)
            if thing.get("/Subtype") == "/Image":
                found.append(sha256_of(thing.read_raw_bytes()))
            stack.append((thing.get("/Resources"), depth + 1))
    return sorted(found)
