"""Select from a case what a document is about: its petitioners without agents, services, reply days, recorded inquiry.

Kept apart from the views, since the gate needs it and has to start quickly.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bundler.case.identifiers import corrected_case_number
from bundler.case.meeting_models import Investigation
from bundler.case.model import Case, Material
from bundler.case.people_models import Petitioner
from bundler.regulation.papers import SERVICE_RECEIPTS, Item


@dataclass(frozen=True, slots=True)
class DocumentCopy:
    """One copy of a document.

    Attributes:
        item: the item of the file that it stands for.
        petitioner: the index of the petitioner for whom it is made.
    """

    item: Item
    petitioner: int = 0


def list_services_due(case: Case) -> tuple[Item, ...]:
    """The services that a case requires: one for each notice that has a date."""
    return tuple(receipt for receipt in SERVICE_RECEIPTS if case.notice_date(receipt))


def list_named_petitioners(case: Case) -> tuple[int, ...]:
    """The indices of the petitioners who can be served or can sign: those with a name, without their agents."""
    return tuple(index for index in list_principals(case) if case.petitioners[index].name)


def is_alone(case: Case) -> bool:
    """Whether a case has one petitioner, agents not counted, so that each of its papers is about this one."""
    return len(list_principals(case)) <= 1


def list_own_materials(case: Case, petitioner: Petitioner | None, item: Item) -> tuple[Material, ...]:
    """The materials of an item that are known to be of one petitioner: those with the name; else all, of the only petitioner.

    The name stands in the title or in the file's name. A longer name that has this one in it is another petitioner's.
    """
    own = map_own_materials(case, item).get(petitioner.name or "") if petitioner else None
    return tuple(own or ()) if own or not is_alone(case) else case.materials_for(item)


def map_own_materials(case: Case, item: Item) -> dict[str, list[Material]]:
    """By petitioner's name, the materials of an item in whose title or file's name it stands."""
    names = sorted({one.name for one in case.petitioners if one.name}, key=len, reverse=True)
    own: dict[str, list[Material]] = {}
    for material in case.materials_for(item):
        for name in _find_names(f"{material.title or ''} {material.file}", names):
            own.setdefault(name, []).append(material)
    return own


def _find_names(text: str, names: list[str]) -> set[str]:
    """Return the names that occur in a text; a name that is only part of a longer name there is not one of them.

    Args:
        text: the text.
        names: the names to look for, the longest first.
    """
    found = set()
    for name in names:
        if name in text:
            found.add(name)
            text = text.replace(name, " ")
    return found


def find_reply_days(case: Case, receipt: Item = Item.REPLY_SERVICE) -> tuple[date | None, date | None]:
    """The earliest dates on which the reply, or another notice, was served, which is when it was signed for, and posted."""
    papers = case.materials_for(receipt)
    served = [material.signed_on for material in papers if material.signed_on]
    posted = [material.posted_on for material in papers if material.posted_on]
    return min(served, default=None), min(posted, default=None)


def list_service_days(case: Case, receipt: Item = Item.REPLY_SERVICE) -> tuple[date, ...]:
    """The days on which the reply, or another notice, was signed for, each once, the earliest first."""
    return tuple(sorted({one.signed_on for one in case.materials_for(receipt) if one.signed_on}))


def find_recorded_inquiry(case: Case) -> tuple[int, Investigation] | None:
    """The latest inquiry that questions a person, with its index in the case; a mere query of a register has no record."""
    asked = [(index, one) for index, one in enumerate(case.investigations) if one.respondent]
    return asked[-1] if asked else None


def list_principals(case: Case) -> tuple[int, ...]:
    """The indices of the petitioners; an agent is one only where no principal is registered."""
    names = {one.name for one in case.petitioners if one.name and not (one.principal and one.principal.name)}
    return tuple(
        index
        for index, one in enumerate(case.petitioners)
        if not (one.principal and names & set(split_names(one.principal.name)))
    )


def split_names(names: str | None) -> tuple[str, ...]:
    """The names in a field that may join several with 、."""
    return tuple(part.strip() for part in re.split("[、，,]", names or "") if part.strip())


def with_corrected_case_numbers(case: Case) -> Case:
    """The case with the numbers of its enforcement cases as papers print them: full-width brackets, half-width digits.

    A number that is wrong in another way stays as it is; `check` reports both.
    """
    corrected = tuple(
        one.model_copy(update={"no": corrected_case_number(one.no) or one.no}) if isinstance(one.no, str) else one
        for one in case.enforcement_cases
    )
    return case if corrected == case.enforcement_cases else case.model_copy(update={"enforcement_cases": corrected})
