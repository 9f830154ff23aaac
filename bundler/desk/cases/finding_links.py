"""From what the gate says to where it is put right: the field of the form, or the place of the paper."""

from __future__ import annotations

from dataclasses import dataclass

from bundler.desk.cases.case_view import CaseView
from bundler.desk.http import is_number
from bundler.regulation.papers import PAPERS, Item
from bundler.regulation.rules import Finding, Severity

_OF_FILES = ("/materials", "/absent")
_WORDS = {Severity.ERROR: "必须补正", Severity.WARNING: "提醒", Severity.INFO: "说明"}


@dataclass(frozen=True, slots=True)
class FindingLink:
    """A finding, and the place in the desk where it is put right.

    Attributes:
        finding: what the gate says.
        address: of that place.
        place: what the place is called.
    """

    finding: Finding
    address: str
    place: str

    @property
    def word(self) -> str:
        """How grave it is."""
        return _WORDS[self.finding.severity]


def finding_links(sight: CaseView) -> tuple[FindingLink, ...]:
    """Every finding, with its place."""
    return tuple(_link(sight, found) for found in sight.examined.check_result.findings)


def _link(sight: CaseView, found: Finding) -> FindingLink:
    base = f"/cases/{sight.place.key}"
    path = found.path or ""
    if path.startswith(_OF_FILES) or (not path and found.rule.startswith("FILE-")):
        item = found.item or _item_of(sight, path)
        if item is None:
            return FindingLink(found, f"{base}/materials#places", "材料")
        return FindingLink(found, f"{base}/materials#place-{item.value}", f"材料：{PAPERS[item].label}")
    return FindingLink(found, f"{base}#{field_html_id(path)}" if path else base, "表单")


def _item_of(sight: CaseView, path: str) -> Item | None:
    """The item of the material, or of the declaration of absence, that a pointer leads to."""
    _, kind, place, *_ = (*path.split("/"), "", "", "")
    items: dict[str, tuple[Item, ...]] = {}
    if sight.case is not None:
        items = {
            "materials": tuple(one.items[0] for one in sight.case.materials),
            "absent": tuple(one.item for one in sight.case.absent),
        }
    here = items.get(kind, ())
    return here[int(place)] if is_number(place) and int(place) < len(here) else None


def field_html_id(path: str) -> str:
    """What the browser calls the field at a JSON Pointer."""
    return "f" + path.replace("/", "-")
