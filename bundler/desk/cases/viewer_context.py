"""What the viewer shows of a material, of an unplaced file or of a document: its pages, and what can be done with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from bundler.desk.cases.checked_case_cache import CaseView
from bundler.desk.cases.material_slots import MaterialCard, all_slots
from bundler.desk.cases.unplaced_files import UnplacedFile, file_key
from bundler.desk.reading.page_words import pages_to_turn, reading_of
from bundler.file_inspection_record import FileRecord
from bundler.materials.safe_opening import find_unlisted_files
from bundler.printable_text import readable_file_name


def viewer_context(title: str, addresses: Sequence[str], first: int = 1) -> dict[str, object]:
    """The template context of a viewer that only shows.

    Args:
        title: what is shown.
        addresses: the addresses of the pages' images.
        first: the page to show first, from 1.
    """
    return {
        "title": title,
        "pages": tuple(addresses),
        "first": first if 1 <= first <= len(addresses) else 1,
        "work_address": "",
        "words_address": "",
        "turned": (),
        "is_waiting": False,
        "mergeable": (),
        "is_beside": False,
    }


def only_shown(context: Mapping[str, object], *, is_beside: bool) -> dict[str, object]:
    """The context of the same viewer for someone who does nothing with the pages, or beside the form."""
    return {**context, "work_address": "", "is_beside": is_beside}


def scans_of_case(view: CaseView) -> tuple[tuple[str, str], ...]:
    """What can be shown beside the form: the name and the address of each material that can be viewed, and of unplaced files."""
    base = f"/cases/{view.ref.key}"
    cards = {card.index: card for slot in all_slots(view) for card in slot.cards if card.is_viewable}
    placed = [(card.title, f"{base}/materials/{card.name}/view?beside=yes") for card in cards.values()]
    names = find_unlisted_files(view.ref.folder, view.case) if view.case else {}
    waiting = [
        (f"待放：{readable_file_name(name.rpartition('/')[2])}", f"{base}/waiting/{file_key(name)}/view?beside=yes")
        for name in names
    ]
    return (*placed, *waiting)


def material_viewer(
    view: CaseView, card: MaterialCard, pages: range, first: int, searched: str = ""
) -> dict[str, object]:
    """The template context of the viewer of a material.

    Args:
        view: the case.
        card: the material.
        pages: the pages of the file that it consists of.
        first: the index of the page to show first, from 1.
        searched: the words that led here, which are marked on its pages.
    """
    base = f"/cases/{view.ref.key}/materials/{card.name}"
    context = viewer_context(card.title, [f"{base}/pages/{number}" for number in pages], first)
    context |= _read_context(view, card.record, pages, base, searched)
    if card.record.is_word:
        return context
    others = {
        one.name: one.title
        for slot in all_slots(view)
        if slot.paper.item in card.material.items
        for one in slot.cards
        if one.index != card.index and one.pages
    }
    return {**context, "work_address": base, "mergeable": tuple(others.items())}


def waiting_viewer(view: CaseView, file: UnplacedFile, first: int) -> dict[str, object]:
    """The template context of the viewer of an unplaced file; the pages of a file of the case are only shown."""
    base = f"/cases/{view.ref.key}/waiting/{file.key}"
    addresses = [
        f"{base}/pages/{number}?v={file.digest_prefix}" for number in range(1, max(len(file.record.pages), 1) + 1)
    ]
    context = viewer_context(file.shown, addresses, first)
    context |= _read_context(view, file.record, range(1, len(file.record.pages) + 1), base)
    if file.record.is_word or file.is_rest or not file.record.pages:
        return context
    return {**context, "work_address": base, "is_waiting": True}


def _read_context(view: CaseView, record: FileRecord, pages: range, base: str, searched: str = "") -> dict[str, object]:
    """What was read on a file: the address of its words, and the indices of the pages that do not stand upright."""
    reading = reading_of(view, record) if record.pages else None
    if reading is None:
        return {}
    turns = pages_to_turn(reading, pages)
    query = f"?q={quote(searched)}" if searched else ""
    return {
        "words_address": f"{base}/words{query}",
        "turned": tuple(index for index, number in enumerate(pages, start=1) if number in turns),
    }
