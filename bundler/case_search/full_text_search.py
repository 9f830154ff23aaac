"""Search the cases below a folder for words, and say where each hit stands and what is around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from bundler.case.find_case_folders import find_cases
from bundler.case.identifiers import masked
from bundler.case_search.case_texts import read_scan_reading
from bundler.case_search.normalize_text import fold_text, fold_with_places
from bundler.case_search.text_index import FoundText, Progress, TextIndex
from bundler.scan_reading.page_text_lines import UprightPage
from bundler.scan_reading.record import Box, ScanReading

MOST = 200
"""Hits that are returned if the caller does not say otherwise."""
_AROUND = 20
"""Characters shown before and behind a hit."""


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A page, or a file without pages, that holds all words.

    Attributes:
        case: the case folder, below the folder that was searched.
        registration_no: its number; empty where it has none.
        file: the file in it, such as case.json.
        page: the page of the file, from 1; None where it has no pages.
        around: the words with what stands around them; identity numbers and phones are masked.
        shown: the same as a clerk reads it, with the codes of case.json in Chinese.
        box: where the first word was read on the scan, in pixels of the page as a viewer shows it; None for other texts.
        size: width and height of that page, in pixels.
    """

    case: str
    registration_no: str
    file: str
    page: int | None
    around: str
    shown: str
    box: Box | None = None
    size: tuple[int, int] | None = None

    def as_json(self) -> dict[str, Any]:
        """The JSON form, as in ``find --json``."""
        return {
            "case": self.case,
            "registration_no": self.registration_no,
            "file": self.file,
            "page": self.page,
            "around": self.around,
            "box": list(self.box) if self.box else None,
            "size": list(self.size) if self.size else None,
        }


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The hits of a search.

    Attributes:
        cases: how many cases were searched.
        hits: in the order of the case folders.
        has_more: there are more hits than these.
    """

    cases: int
    hits: tuple[SearchHit, ...]
    has_more: bool


def search_words(text: str) -> tuple[str, ...]:
    """The words of a query, as they are compared; a hit holds all of them."""
    return tuple(dict.fromkeys(word for part in text.split() if (word := fold_text(part))))


def search_cases(  # noqa: PLR0913 (what, where, how much, and whom to tell)
    root: Path,
    words: Sequence[str],
    *,
    progress: Progress,
    most: int = MOST,
    folders: Sequence[Path] | None = None,
    with_places: bool = True,
) -> SearchResult:
    """Search all cases below a folder.

    Args:
        root: the folder.
        words: as `search_words` gives them; at least one.
        progress: called while cases are read that are new or have changed.
        most: the largest number of hits.
        folders: the case folders below `root`, where the caller has found them already.
        with_places: say where each hit stands on its scan, for which the scan is read.
    """
    folders = list(find_cases(root)) if folders is None else folders
    with TextIndex(root) as index:
        index.update(folders, progress)
        found = list(islice(index.find(words), most + 1))
    found = sorted(found, key=lambda one: (one.folder, one.text.file != "case.json", one.text.file, one.text.page or 0))
    readings: dict[tuple[str, str], ScanReading | None] = {}
    hits = tuple(_hit(root, one, words, readings if with_places else None) for one in found[:most])
    return SearchResult(len(folders), hits, len(found) > most)


def _hit(
    root: Path, found: FoundText, words: Sequence[str], readings: dict[tuple[str, str], ScanReading | None] | None
) -> SearchHit:
    """A hit; `readings` has the records that hits of the same search needed, and is None where no places are wanted."""
    box = size = None
    if found.text.is_read and found.text.page is not None and readings is not None:
        key = (found.folder, found.text.file)
        if key not in readings:
            readings[key] = read_scan_reading(root / found.folder, found.text.file)
        reading = readings[key]
        page = reading.page(found.text.page) if reading else None
        if page is not None:
            upright = UprightPage(page)
            place = upright.text.casefold().find(words[0])
            box = upright.box_of(place, place + len(words[0])) if place >= 0 else None
            size = (page.width, page.height)
    return SearchHit(
        case=found.folder,
        registration_no=found.registration_no,
        file=found.text.file,
        page=found.text.page,
        around=words_around(found.text.text, words),
        shown=words_around(found.text.labelled, words) or words_around(found.text.text, words),
        box=box,
        size=size,
    )


def words_around(text: str, words: Sequence[str]) -> str:
    """Where each word stands first, with what stands around it; numbers of persons are masked before anything is cut off."""
    covered = masked(text)
    folded, places = fold_with_places(covered)
    plain, plain_places = fold_with_places(text)
    spans: list[tuple[int, int]] = []
    for word in words:
        # A phone that is searched for is masked in what is shown, so it is found in the text as it was.
        at, where = (folded.find(word), places)
        if at < 0:
            at, where = plain.find(word), plain_places
        if at >= 0:
            begin = max(where[at] - _AROUND, 0)
            end = min(where[min(at + len(word), len(where)) - 1] + 1 + _AROUND, len(covered))
            spans.append((begin, end))
    return "……".join(_on_one_line(covered[begin:end]) for begin, end in _joined(spans))


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans in order, those that overlap joined."""
    joined: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
