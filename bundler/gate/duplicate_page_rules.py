"""Rules about pages that are seen twice: in two files, in two ranges of one file, or for several items.

Pages are compared by what is seen on them, so neither other bytes nor another compression makes two papers of one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bundler.case.model import Material
from bundler.case.pages_of_material import list_pages, page_span
from bundler.file_inspection_record import FileRecord, PageLook
from bundler.materials.near_duplicate_pages import MOST_COPIES, find_alike
from bundler.materials.page_image_fingerprint import identity_of, look_alike
from bundler.regulation.findings import Finding, finding
from bundler.regulation.papers import Item, Paper


@dataclass(frozen=True, slots=True)
class _SeenPage:
    """A page of a material on which something is seen."""

    material: int
    number: int
    look: PageLook | None


def check_duplicates(
    materials: Sequence[Material], records: Mapping[str, FileRecord], papers: Mapping[Item, Paper]
) -> Iterator[Finding]:
    """FILE-DUPLICATE and SCAN-SHARED: nothing is bound twice, and no page stands for several papers unnoticed."""
    pages = [_seen_pages(index, material, records[material.file]) for index, material in enumerate(materials)]
    for index, material in enumerate(materials):
        yield from _check_shared_page(index, material, pages[index], papers)
    same = _find_same_pages([records[material.file].sha256 for material in materials], pages)
    whole: dict[tuple[str, tuple[int, int]], int] = {}
    whole_looks: dict[tuple[tuple[str, str], ...], int] = {}
    for index, material in enumerate(materials):
        record = records[material.file]
        if not record.sha256:
            continue
        earlier = whole.setdefault((record.sha256, page_span(material, len(record.pages))), index)
        shared = {other: pairs for other, pairs in same.get(index, {}).items() if other < index}
        looks = tuple(identity_of(page.look) for page in pages[index] if page.look)
        if earlier == index and looks and len(looks) == len(pages[index]):
            earlier = whole_looks.setdefault(looks, index)
        if earlier == index:
            earlier = next((other for other in shared if _is_whole(shared[other], pages[other], pages[index])), index)
        if earlier != index:
            yield from _duplicate(index, material, materials[earlier])
        else:
            yield from _shared_pages(index, material, materials, shared, papers)


def _seen_pages(index: int, material: Material, record: FileRecord) -> list[_SeenPage]:
    first, last = page_span(material, len(record.pages))
    used = enumerate(record.pages[first - 1 : last], start=first)
    return [_SeenPage(index, number, page.look) for number, page in used if not page.blank]


def _find_same_pages(
    digests: Sequence[str], pages: Sequence[Sequence[_SeenPage]]
) -> dict[int, dict[int, set[tuple[int, int]]]]:
    """For each material the earlier ones that show some of its pages: pairs of page numbers, the earlier one's first.

    Args:
        digests: of each material's file.
        pages: of each material.
    """
    every = [page for seen in pages for page in seen]
    same: dict[int, dict[int, set[tuple[int, int]]]] = {}

    def note(one: _SeenPage, other: _SeenPage) -> None:
        first, second = (one, other) if one.material < other.material else (other, one)
        same.setdefault(second.material, {}).setdefault(first.material, set()).add((first.number, second.number))

    for one, other in find_alike([(page.material, page.look) for page in every]):
        note(every[one], every[other])
    by_place: dict[tuple[str, int], list[_SeenPage]] = {}
    for page in every:
        by_place.setdefault((digests[page.material], page.number), []).append(page)
    for group in by_place.values():
        for number, page in enumerate(group):
            for other_page in group[: min(number, MOST_COPIES)]:
                note(other_page, page)
    return {index: dict(sorted(found.items())) for index, found in same.items()}


def _is_whole(pairs: set[tuple[int, int]], earlier: Sequence[_SeenPage], later: Sequence[_SeenPage]) -> bool:
    """Whether two materials show the same pages in the same order; of many copies of a page not each pair is given."""
    return len(earlier) == len(later) and all(
        (one.number, other.number) in pairs or (one.look and other.look and look_alike(one.look, other.look))
        for one, other in zip(earlier, later, strict=True)
    )


def _duplicate(index: int, material: Material, earlier: Material) -> Iterator[Finding]:
    for item in dict.fromkeys(material.items):
        yield finding(
            "FILE-DUPLICATE",
            message=f"“{material.file}”与“{earlier.file}”内容相同，会装订两次。"
            if material.file != earlier.file
            else f"“{material.file}”列了两次，会装订两次。",
            fix="一份文件用于几项材料的，只列一次、写明几项；重复的请删去。",
            item=item,
            path=f"/materials/{index}/file",
        )


def _shared_pages(
    index: int,
    material: Material,
    materials: Sequence[Material],
    shared: Mapping[int, set[tuple[int, int]]],
    papers: Mapping[Item, Paper],
) -> Iterator[Finding]:
    """SCAN-SHARED: some pages are those of earlier materials; each page is reported once, with the first such material."""
    told: set[int] = set()
    for other, found in shared.items():
        earlier = materials[other]
        if all(papers[item].may_share_pages for item in (*material.items, *earlier.items)):
            continue
        pairs = {(one, number) for one, number in found if number not in told}
        told |= {number for _, number in pairs}
        if not pairs:
            continue
        numbers = list_pages(tuple(sorted({number for _, number in pairs})))
        earlier_numbers = list_pages(tuple(sorted({number for number, _ in pairs})))
        for item in dict.fromkeys(material.items):
            yield finding(
                "SCAN-SHARED",
                message=f"“{material.file}”第{numbers}页与“{earlier.file}”第{earlier_numbers}页相同，"
                f"已用于{_list_items(earlier.items, papers)}，会装订两次。",
                fix="请核对页码范围；同一页确实属于两项材料的，不用处理。",
                item=item,
                path=f"/materials/{index}/{'pages' if material.pages else 'file'}",
            )


def _list_items(items: Sequence[Item], papers: Mapping[Item, Paper]) -> str:
    return "、".join(papers[item].label for item in dict.fromkeys(items))


def _check_shared_page(
    index: int, material: Material, pages: Sequence[_SeenPage], papers: Mapping[Item, Paper]
) -> Iterator[Finding]:
    """SCAN-SHARED: a single page, or the same page again and again, serves several items."""
    items = set(material.items)
    if len(items) < 2 or not pages or all(papers[one].may_share_pages for one in items):  # noqa: PLR2004
        return
    if all(page.look and look_alike(page.look, pages[0].look) for page in pages[1:]):
        for item in dict.fromkeys(material.items):
            yield finding(
                "SCAN-SHARED",
                message=f"“{material.file}”只有一页，却用于{len(items)}项材料。",
                fix="请核对这一页是否确实同时是这几项材料。",
                item=item,
                path=f"/materials/{index}/items",
            )
