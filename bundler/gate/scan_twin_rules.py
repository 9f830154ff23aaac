"""READ-TWIN: the same page of paper scanned twice, so that no pixel is equal and the text is nearly the same.

Two receipts or two forms of one case have nearly the same text too. They are told apart by what a form is filled in with:
their figures, the papers that they name, and the people of the case.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bundler.gate.material_readings import ScannedMaterial, ScannedPage
from bundler.materials.page_image_fingerprint import look_alike
from bundler.regulation.findings import Finding
from bundler.regulation.papers import PAPER_KINDS
from bundler.scan_reading.name_matching import find_name

_MIN_CHARACTERS = 40
_MIN_LIKENESS = 0.93
_LONG_PAGE = 400
"""On a page with so many characters one figure may have been read wrongly, if the rest is the same."""
_MIN_LIKENESS_OF_LONG = 0.97
_ONE_FIGURE_WRONG = 2
"""The figures that differ where one is read wrongly: the right one and the wrong one."""
_SAMPLE = 8
"""One of so many parts of a text is looked up, to find the pages that are worth comparing."""
_PART = 4
_MIN_SHARED = 0.3
_MAX_PAGES_OF_PART = 60
"""A part that so many pages share is boilerplate, and tells nothing."""


@dataclass(frozen=True)
class _Fingerprint:
    """What is looked up of a page, to find those worth comparing; a case has thousands of pages."""

    material: ScannedMaterial
    page: ScannedPage
    filled_in: frozenset[str]
    sample: frozenset[int]


def check_twins(materials: Sequence[ScannedMaterial], names: Sequence[str]) -> Iterator[Finding]:
    """READ-TWIN: no page stands twice among the scans of a case.

    Args:
        materials: the scanned materials of a case.
        names: of the people of the case.
    """
    pages = [
        _fingerprint(material, page, names)
        for material in materials
        for page in material.legible
        if len(page.upright.text) >= _MIN_CHARACTERS
    ]
    reported: set[tuple[str, int]] = set()
    for one, other in _pairs_to_compare(pages):
        second = (other.material.material.file, other.page.number)
        if second in reported or not _is_twin(one, other):
            continue
        reported.add(second)
        first = one.material.material.file
        where = "同一文件" if first == second[0] else f"“{first}”"
        yield from other.material.findings(
            "READ-TWIN",
            f"第{other.page.number}页与{where}第{one.page.number}页的文字几乎完全相同：是不是同一页扫描了两次？",
            "请核对，多余的一页请略去；原件确有两份的，不用处理。",
            [one.material.place(one.page), other.material.place(other.page)],
        )


def _fingerprint(material: ScannedMaterial, page: ScannedPage, names: Sequence[str]) -> _Fingerprint:
    text = page.upright.text
    titles = {title for paper in PAPER_KINDS.values() for title in paper.titles if title in text}
    parts = (zlib.crc32(text[place : place + _PART].encode()) for place in range(len(text) - _PART + 1))
    return _Fingerprint(
        material,
        page,
        frozenset(titles | {name for name in names if find_name(name, text)}),
        frozenset(part for part in parts if part % _SAMPLE == 0),
    )


def _pairs_to_compare(pages: Sequence[_Fingerprint]) -> Iterator[tuple[_Fingerprint, _Fingerprint]]:
    """The pages that share much of their sample, the earlier first."""
    by_part: dict[int, list[int]] = defaultdict(list)
    for place, page in enumerate(pages):
        for part in page.sample:
            by_part[part].append(place)
    for place, page in enumerate(pages):
        shared = Counter(
            other
            for part in page.sample
            if len(by_part[part]) <= _MAX_PAGES_OF_PART
            for other in by_part[part]
            if other < place
        )
        for other, count in sorted(shared.items()):
            if count >= _MIN_SHARED * min(len(page.sample), len(pages[other].sample)):
                yield pages[other], page


def _is_twin(one: _Fingerprint, other: _Fingerprint) -> bool:
    if one.filled_in != other.filled_in or _is_reported_otherwise(one, other):
        return False
    texts = one.page.upright.text, other.page.upright.text
    (pairs, figures), (other_pairs, other_figures) = map(_count_pairs_and_figures, texts)
    likeness = 2 * (pairs & other_pairs).total() / (pairs.total() + other_pairs.total())
    differing = ((figures - other_figures) + (other_figures - figures)).total()
    if differing == 0:
        return likeness >= _MIN_LIKENESS
    is_long = min(map(len, texts)) >= _LONG_PAGE
    return is_long and differing <= _ONE_FIGURE_WRONG and likeness >= _MIN_LIKENESS_OF_LONG


@lru_cache(maxsize=64)
def _count_pairs_and_figures(text: str) -> tuple[Counter[str], Counter[str]]:
    """The pairs of neighbouring characters of a text, and its figures."""
    pairs = Counter(text[place : place + 2] for place in range(len(text) - 1))
    return pairs, Counter(re.findall("[0-9]+", text))


def _is_reported_otherwise(one: _Fingerprint, other: _Fingerprint) -> bool:
    """Whether it is one page of one file, or two that FILE-DUPLICATE and SCAN-SHARED report by their looks."""
    if one.material.index == other.material.index:
        return one.page.number == other.page.number
    if (one.material.material.file, one.page.number) == (other.material.material.file, other.page.number):
        return True
    return look_alike(one.page.look, other.page.look)
