"""Rules about the pages of a scan as such: turned, unclear, without their seal, missing, out of order, or seen twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from bundler.case.pages_of_material import list_pages
from bundler.gate.material_readings import ScannedMaterial, ScannedPage, describe_place
from bundler.regulation.findings import Finding
from bundler.regulation.papers import PAPER_KINDS, Item
from bundler.scan_reading.page_and_case_numbers import PageNumber, read_page_number

_TURNS = {90: ("向左横倒", "右转一次"), 180: ("上下颠倒", "右转两次"), 270: ("向右横倒", "左转一次")}
"""What a page looks like that must be turned clockwise by so many degrees, and how the desk turns it upright."""
_TEXTLESS_ITEMS = frozenset({Item.EVIDENCE, Item.OTHER, Item.LEADER_INSTRUCTION})
"""Papers of which a page may rightly have no print: photographs, a note by hand."""
_FEW_CHARACTERS = 8


def check_turned(material: ScannedMaterial) -> Iterator[Finding]:
    """READ-TURNED: every page stands upright."""
    for turn, (words, cure) in _TURNS.items():
        pages = [page for page in material.pages if page.page.turn == turn]
        if pages:
            numbers = list_pages(tuple(page.number for page in pages))
            yield from material.findings(
                "READ-TURNED",
                f"第{numbers}页{words}（按读到的文字，应顺时针转 {turn} 度）。",
                f"请在工作台的材料页把这些页{cure}，或者放正后重新扫描。",
                [material.place(page, read=_first_words(page)) for page in pages],
            )


def _first_words(page: ScannedPage) -> str:
    return page.page.lines[0].text if page.page.lines else ""


def check_unclear(material: ScannedMaterial) -> Iterator[Finding]:
    """READ-UNCLEAR: the engine failed on a page, or a page that should have print has none that can be read."""
    failed = [page for page in material.pages if page.page.status == "unclear"]
    needs_text = not _TEXTLESS_ITEMS & set(material.material.items)
    empty = [
        page
        for page in material.pages
        if page.page.status == "read" and len(page.upright.text) < _FEW_CHARACTERS and needs_text
    ]
    scraps = [page for page in material.pages if page.upright.is_in_pieces]
    cases = ((failed, "识读不了，没有读出文字"), (empty, "几乎没有读出文字"), (scraps, "读出的文字支离破碎，没有采用"))
    for pages, words in cases:
        if pages:
            numbers = list_pages(tuple(page.number for page in pages))
            yield from material.findings(
                "READ-UNCLEAR",
                f"第{numbers}页{words}：扫描得清楚吗？",
                "请打开看一看；模糊、太淡、太暗的请重新扫描，看得清的不用处理。",
                [material.place(page, read=_first_words(page)) for page in pages],
            )


def check_seal(material: ScannedMaterial) -> Iterator[Finding]:
    """READ-SEAL: a paper that has a seal shows a red one; a scan in grey tells nothing."""
    is_sealed = material.material.sealed or any(PAPER_KINDS[item].sealed for item in material.material.items)
    pages = material.pages
    if not (is_sealed and pages and material.is_whole) or material.material.sealed is False:
        return
    if all(page.page.coloured and page.page.status == "read" and not page.page.seals for page in pages):
        last = pages[-1]
        yield from material.findings(
            "READ-SEAL",
            f"是彩色扫描件，{_of_pages(pages)}没有见到红色印章：是漏盖了章，还是复印件？",
            "请核对原件：漏盖的补盖后重新扫描，复印件请换成盖章的原件，或者注明与原件核对无异。",
            [material.place(last)],
        )


def _of_pages(pages: Sequence[ScannedPage]) -> str:
    numbers = tuple(page.number for page in pages)
    return f"第{numbers[0]}页" if len(numbers) == 1 else f"第{numbers[0]}至{numbers[-1]}页"


def check_page_numbers(materials: Sequence[ScannedMaterial]) -> Iterator[Finding]:
    """READ-PAGES: of a paper that counts its pages, none is lacking, and they are in order."""
    for material in materials:
        elsewhere = _numbers_elsewhere(material, materials)
        for run in _split_papers(material):
            yield from _check_run(material, run, elsewhere)


_Numbered = tuple[ScannedPage, PageNumber]


def _numbers_elsewhere(material: ScannedMaterial, materials: Sequence[ScannedMaterial]) -> set[tuple[int, int]]:
    """The page numbers in other materials of the same paper, which may hold the rest of it."""
    return {
        (found.number, found.total)
        for other in materials
        if other.index != material.index and set(other.material.items) & set(material.material.items)
        for page in other.pages
        if (found := read_page_number(page.upright))
    }


def _split_papers(material: ScannedMaterial) -> list[list[ScannedPage | _Numbered]]:
    """The pages of each paper in a material: a new one begins at another total, or at 第1页 after a last page."""
    runs: list[list[ScannedPage | _Numbered]] = []
    before: PageNumber | None = None
    for page in material.pages:
        found = read_page_number(page.upright)
        if found is None or found.unsure:
            if runs:
                runs[-1].append(page)
            continue
        if (
            before is None
            or found.total != before.total
            or (found.number == 1 and _begins_anew(material, page, runs[-1], before))
        ):
            runs.append([])
        runs[-1].append((page, found))
        before = found
    return runs


def _begins_anew(
    material: ScannedMaterial, page: ScannedPage, run: Sequence[ScannedPage | _Numbered], before: PageNumber
) -> bool:
    """Whether a 第1页 begins another paper of as many pages: this one has its own, and is whole or the pages count on."""
    if not any(isinstance(entry, tuple) and entry[1].number == 1 for entry in run):
        return False
    if before.number == before.total:
        return True
    following = (read_page_number(later.upright) for later in material.pages if later.number > page.number)
    second = next((found for found in following if found is not None), None)
    return before.number > 1 and second is not None and (second.number, second.total) == (2, before.total)


def _check_run(
    material: ScannedMaterial, run: Sequence[ScannedPage | _Numbered], elsewhere: set[tuple[int, int]]
) -> Iterator[Finding]:
    numbered = [entry for entry in run if isinstance(entry, tuple)]
    total = numbered[0][1].total
    seen = [found.number for _, found in numbered]
    unnumbered = len(run) - len(numbered)
    missing = [number for number in range(1, total + 1) if number not in seen and (number, total) not in elsewhere]
    places = [material.place(page, found.box, found.text) for page, found in numbered]
    shown = "、".join(
        f"第{page.number}页{describe_place(place)}印着“{found.text}”"
        for (page, found), place in list(zip(numbered, places, strict=True))[:6]
    ) + ("等" if len(numbered) > 6 else "")  # noqa: PLR2004 (a message is no list)
    if len(missing) > (unnumbered if material.is_whole else total):
        yield from material.findings(
            "READ-PAGES",
            f"{shown}，没有见到其中的第{list_pages(tuple(missing))}页：是不是漏扫，或者页码范围少取了？",
            "请对照原件补扫缺的页，或者改正页码范围；原件只附这几页的，不用处理。",
            places,
            "pages" if material.material.pages else "file",
        )
    doubled = sorted(number for number, count in Counter(seen).items() if count > 1)
    if seen != sorted(seen):
        yield from material.findings(
            "READ-PAGES",
            f"{shown}，页的顺序不对：是不是扫描时放乱了？",
            "请按原件的页码重新排好，或者重新扫描。",
            places,
        )
    elif doubled:
        yield from material.findings(
            "READ-PAGES",
            f"{shown}，其中第{list_pages(tuple(doubled))}页有两张：是扫描了两次，还是混进了别的文书？",
            "请核对，多余的一张请略去，别的文书请单列一条材料。",
            places,
        )
