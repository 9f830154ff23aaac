"""Papers of one sample in another's case, and pages left out: no fewer are noticed than was promised before the rules were written."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

from bundler.case.validation import validate_tree
from bundler.digest import sha256_of
from bundler.file_inspection_record import PDF, FileRecord, PageInfo
from bundler.gate.check import kind_of
from bundler.gate.rule_input import GateContext
from bundler.gate.scan_reading_rules import check_scan_readings
from bundler.profile import load_profile
from bundler.scan_reading.case_readings import CaseReadings
from bundler.scan_reading.page_and_case_numbers import read_page_number
from bundler.scan_reading.page_text_lines import UprightPage
from bundler.scan_reading.record import ReadPage
from tests.support.sample_readings import read_sample
from tests.support.sample_scans import load_made_sample
from tests.support.scan_readings import scan_reading

SAMPLES_WITH_SCANS = ("archive-complete", "declined", "incomplete", "write-off-complete")
Material = tuple[dict[str, Any], list[ReadPage]]


@cache
def materials_of(name: str) -> tuple[Material, ...]:
    """The scanned materials of a sample, each with its pages."""
    read = read_sample(name)
    found = []
    for material in load_made_sample(name).case["materials"]:
        pages = read.get(material["file"])
        if pages:
            first, _, last = (material.get("pages") or f"1-{len(pages)}").partition("-")
            entry = {key: value for key, value in material.items() if key not in {"file", "pages"}}
            found.append((entry, pages[int(first) - 1 : int(last or first)]))
    return tuple(found)


def rules_for(name: str, material: Material) -> set[str]:
    """The rules that ask about a material in the case of a sample."""
    entry, pages = material
    tree = copy.deepcopy(load_made_sample(name).case)
    tree["materials"] = [{**entry, "file": "a.pdf"}]
    case = validate_tree(tree).case
    assert case is not None
    digest = sha256_of(b"a.pdf")
    numbered = [page.model_copy(update={"number": place}) for place, page in enumerate(pages, start=1)]
    record = FileRecord("a.pdf", digest, 1, PDF, (PageInfo(595, 842, 200, is_scan=True),) * len(pages))
    readings = CaseReadings({"a.pdf": scan_reading(digest, numbered)})
    context = GateContext(
        case, load_profile(), kind_of(case, None), date(2021, 12, 20), {"a.pdf": record}, scan_readings=readings
    )
    return {found.rule for found in check_scan_readings(context)}


def every_pair() -> Iterator[tuple[str, Material]]:
    """Each sample with each paper of the others."""
    for name in SAMPLES_WITH_SCANS:
        for other in SAMPLES_WITH_SCANS:
            if other != name:
                yield from ((name, material) for material in materials_of(other))


def test_papers_of_another_case_are_noticed() -> None:
    """111 of 120 were noticed in the trial before; the samples' people are called alike, so a few tell nothing."""
    pairs = list(every_pair())
    noticed = sum("READ-CASE" in rules_for(name, material) for name, material in pairs)
    assert len(pairs) >= 100
    assert noticed / len(pairs) >= 111 / 120


def test_every_page_left_out_is_noticed() -> None:
    """Of the records that count their pages, whichever page it is."""
    tried = 0
    for name in SAMPLES_WITH_SCANS:
        for entry, pages in materials_of(name):
            if len(pages) > 1 and all(read_page_number(UprightPage(page)) for page in pages):
                for place in range(len(pages)):
                    rest = [page for number, page in enumerate(pages) if number != place]
                    assert "READ-PAGES" in rules_for(name, (entry, rest)), (name, entry["title"], place)
                    tried += 1
    assert tried >= 15
