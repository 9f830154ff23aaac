"""Which rules stay silent because a value that they look at could not be read: an unreadable value is not a missing one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from bundler.case.json_pointer import Location, known_keys, parse_pointer, value_at_location
from bundler.case.labels import DECISION
from bundler.case.model import Case
from bundler.case.reader import ReadResult
from bundler.case.union_faults import meant_code
from bundler.case.validation import labels_at
from bundler.regulation.findings import Finding
from bundler.regulation.papers import BundleKind, Item

_INPUTS: Mapping[str, tuple[str, ...]] = {
    "ART04": ("/people/leader/name", "/acceptance/accepted_on", "/acceptance/notice_on"),
    "ART06-STANDING": ("/petitioners/*/role", "/petitioners/*/principal"),
    "ART07": ("/led_into", "/no_procedure_reason", "/claims/*/procedure", "/category"),
    "ART06-MEASURES": ("/enforcement_measures", "/write_off", "/category", "/claims", "/relief", "/materials"),
    "ART08": (
        *("/people/receiver/post", "/appointments/*/receiver", "/appointments/*/outcome"),
        *("/registration/channel", "/reception"),
    ),
    "ART10": ("/coercive_measure/approved_by", "/coercive_measure/approved_on"),
    "ART11": ("/relief/started_on", "/relief/case_no"),
    "ART13-APPROVAL": ("/approval", "/people/handler/name"),
    "ART13-INTERVIEW": ("/interview/held_on", "/interview/attempted_on", "/transfer"),
    "ART13-REPLY": ("/transfer",),
    "ART13-TRANSFER": ("/transfer/transferred_on",),
    "ART14-FEEDBACK": ("/assignment/feedback_on", "/assignment/feedback_due"),
    "ART14-RESULT": ("/write_off", "/relief", "/claims", "/measures", "/led_into", "/materials/*/title"),
    **dict.fromkeys(("FILE-DUPLICATE", "SCAN-SHARED", "READ-TWIN", "READ-PAGES"), ("/materials/*/pages",)),
    "DATA-AUDIENCE": ("/hearing/audience", "/hearing/public"),
    "DATA-REMEDY": ("/enforcement_cases", "/claims", "/reply/remedies", "/registration/nature"),
    "KIND-ACCEPTED": ("/decision",),
    "KIND-DECLINED": ("/decision",),
    "KIND-PENDING": ("/decision",),
}
"""For a rule that looks at more, or at less, than the place that its finding names: the places; ``*`` is any entry."""
_ALTERNATIVES: Mapping[str, tuple[str, ...]] = {
    "/acceptance/accepted_on": ("/acceptance/notice_on",),
    "/interview/held_on": ("/interview/attempted_on",),
}
"""For a field in the place of which others do: these."""
_SERVED_BY = {"ART13-REPLY": Item.REPLY_SERVICE, "ART14-CLOSED": Item.REPLY_SERVICE, "SPC-LIMIT": Item.REPLY_SERVICE}
"""For a rule that looks at the papers of another item than its finding names: that item."""
_DATES = ("signed_on", "posted_on", "date", "service_kind")
"""The fields of a material by which it counts for an item."""

_PAPER_RULE = re.compile(r"ART1[46]-\d$")
"""The rules about papers that are missing."""
_ENTRY = 2
"""The steps to an entry of a list at the top of the case."""


class UnreadInputs:
    """What of a case could not be read, as its rules need to know.

    Args:
        reading: the case as it was read; None: all of it could be read.
    """

    def __init__(self, reading: ReadResult | None = None) -> None:
        self._reading = reading
        self._places: list[Location] = []
        self._items_by_entry: dict[Location, tuple[Item, ...]] = {}
        if reading is not None and reading.unread:
            places = (parse_pointer(path) for path in reading.unread)
            self._places = [place for place in places if place and _is_of_model(place)]
            self._items_by_entry = dict(_find_items(reading.parsed, self._places))
        self._items = frozenset(item for items in self._items_by_entry.values() for item in items)
        self._exact = _PlaceIndex(self._places)
        self._of_any_entry = _PlaceIndex(map(_of_any_entry, self._places))

    def pointer_in_file(self, path: str) -> str:
        """The JSON Pointer in case.json for one in the case, which is without the entries that could not be read."""
        return self._reading.pointer_in_file(path) if self._reading else path

    def hides(self, path: str) -> bool:
        """Whether what seems to be missing at a place of the case may be there, and could not be read."""
        return self._hides(self.pointer_in_file(path))

    def silence(self, found: Finding) -> bool:
        """Whether a finding hangs on a value that could not be read; its path is a pointer into case.json itself."""
        if self._reading is not None and self._reading.is_unread(found.path):
            return True
        if _asks_for_paper(found) and _SERVED_BY.get(found.rule, found.item) in self._items:
            return True
        return any(self._hides(path) for path in _inputs(found))

    def name_undecided(
        self, findings: Iterable[Finding], silent: Iterable[Finding], names: Mapping[Item, str]
    ) -> list[Finding]:
        """The findings about case.json, that of an entry which may be any paper with the papers that may be missing besides.

        So the clerk who mends the entry knows at once what else to look for.

        Args:
            findings: those about case.json.
            silent: the findings that stay silent.
            names: of the papers.
        """
        untold = {place for place, items in self._items_by_entry.items() if len(items) > 1 and not self._names(place)}
        may_be = {item for place in untold for item in self._items_by_entry[place]}
        told = {item for place, items in self._items_by_entry.items() if place not in untold for item in items}
        papers = (found.item for found in silent if found.item and _PAPER_RULE.match(found.rule))
        undecided = [names[item] for item in dict.fromkeys(papers) if item in may_be - told]
        if not undecided:
            return list(findings)
        note = f"改正以前，无法判断缺不缺：{'、'.join(undecided)}；没有的请一并补送。"
        return [
            replace(one, fix=f"{one.fix}{note}") if _touches(parse_pointer(one.path), untold) else one
            for one in findings
        ]

    def _names(self, place: Location) -> bool:
        """Whether an entry names a paper, be it misspelt."""
        key = "item" if place[0] == "absent" else "items"
        entry = _entry(self._reading.parsed, str(place[0]), place[1]) if self._reading and place[1:] else None
        return bool(_named_items(entry, key))

    def _hides(self, path: str) -> bool:
        if not self._places:
            return False
        places = (parse_pointer(one) for one in (path, *_ALTERNATIVES.get(path, ())))
        return any(
            (self._of_any_entry if _ANY_ENTRY in place else self._exact).touches(place)
            for place in map(self._existing, places)
        )

    def _existing(self, place: Location) -> Location:
        """The place; the list where it lies in an entry that is not there, as of a first petitioner where there is none."""
        is_entry = len(place) >= _ENTRY and isinstance(place[1], int)
        tree = self._reading.parsed if self._reading else {}
        return place[:1] if is_entry and _entry(tree, str(place[0]), place[1]) is None else place


def with_meant_decision(reading: ReadResult, case: Case, kind: BundleKind | None) -> tuple[Case, BundleKind | None]:
    """The case and the kind to check, where the decision or the request for write-off is there and could not be read.

    A misspelt decision is the most similar one; otherwise the case is checked as declined or accepted by what else it holds.
    """
    if reading.is_unread("/decision"):
        near = [code for text in _texts(reading.parsed.get("decision")) if (code := meant_code(text, DECISION))]
        by_facts = "declined" if reading.parsed.get("declined") is not None else "accepted"
        case = case.model_copy(update={"decision": near[0] if near else by_facts})
    if kind is None and case.decision == "accepted" and reading.is_unread("/write_off"):
        kind = BundleKind.WRITE_OFF
    return case, kind


def named_files(reading: ReadResult) -> frozenset[str]:
    """Every text in the entries of materials that the case is without: a file so named is not unlisted."""
    entries = [_entry(reading.parsed, "materials", index) for index in reading.removed.indices(("materials",))]
    return frozenset(_texts(reading.parsed.get("materials") if reading.is_unread("/materials") else entries))


def _is_of_model(place: Location) -> bool:
    """Whether the model has a value at a place; an unknown key is no input of any rule."""
    return isinstance(place[-1], int) or place[-1] in known_keys(place[:-1])


def _inputs(found: Finding) -> tuple[str, ...]:
    """The places that the rule of a finding looks at."""
    if found.rule in _INPUTS:
        return _INPUTS[found.rule]
    if found.path in {"", "/materials"}:
        return ()
    if found.path.startswith("/materials/") and found.rule.startswith(("ART14-", "ART16-")):
        return tuple(f"{found.path}/{name}" for name in _DATES)
    return (found.path,)


class _PlaceIndex:
    """Places, of which it is known without a search through all whether one touches another place."""

    def __init__(self, places: Iterable[Location]) -> None:
        self._places = frozenset(places)
        self._around = frozenset(place[:length] for place in self._places for length in range(len(place) + 1))

    def touches(self, other: Location) -> bool:
        """Whether a place is the other one, lies in it, or has it in itself."""
        return other in self._around or any(other[:length] in self._places for length in range(1, len(other)))


_ANY_ENTRY = "*"


def _of_any_entry(place: Location) -> Location:
    return tuple(_ANY_ENTRY if isinstance(step, int) else step for step in place)


def _asks_for_paper(found: Finding) -> bool:
    return found.rule.startswith(("ART13-REPLY", "ART14-", "ART15-", "ART16-", "SPC-LIMIT")) and not (
        found.path.startswith("/materials/")
    )


def _find_items(tree: Mapping[str, Any], places: Iterable[Location]) -> Iterator[tuple[Location, tuple[Item, ...]]]:
    """Each entry that could not be read whole, with the items whose papers, or whose declared absence, it may be."""
    entries = dict.fromkeys(place[:_ENTRY] for place in places if place[0] == "absent")
    entries |= dict.fromkeys(
        place[:_ENTRY]
        for place in places
        if place[0] == "materials" and (len(place) <= _ENTRY or place[_ENTRY] in {"items", "file", *_DATES})
    )
    for place in entries:
        if place == ("materials",):
            yield place, tuple(Item)
        elif place == ("absent",):
            yield place, (Item.LEADER_INSTRUCTION, Item.INVESTIGATION, Item.EVIDENCE)
        elif place[0] == "absent":
            yield place, _read_items(_entry(tree, "absent", place[1]), "item")
        else:
            yield place, _read_items(_entry(tree, "materials", place[1]), "items")


def _read_items(entry: object, key: str) -> tuple[Item, ...]:
    """The items that an entry names, a misspelt one among them; where it names none, it may be any."""
    return _named_items(entry, key) or tuple(Item)


def _named_items(entry: object, key: str) -> tuple[Item, ...]:
    named = entry.get(key) if isinstance(entry, Mapping) else None
    near = (_meant_item(word) for word in _texts(named))
    return tuple(item for item in near if item)


def _touches(place: Location, entries: Collection[Location]) -> bool:
    """Whether a place is one of some entries or lies in one."""
    return place[:_ENTRY] in entries or place[:1] in entries


@lru_cache(maxsize=512)
def _meant_item(word: str) -> Item | None:
    code = meant_code(word, labels_at(("materials", "items")))
    return Item(code) if code else None


def _entry(tree: Mapping[str, Any], key: str, index: int | str) -> object:
    return value_at_location(tree, (key, index))


def _texts(node: object) -> Iterator[str]:
    """Every text at or below a value."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, Mapping | list):
        for child in node.values() if isinstance(node, Mapping) else node:
            yield from _texts(child)
