"""Which papers a document makes of one case: most make one, a receipt one for each petitioner and each service."""

from __future__ import annotations

from dataclasses import dataclass

from bundler.case.model import Case
from bundler.documents.definitions import DocumentDefinition
from bundler.regulation.papers import Item

SERVICES: tuple[Item, ...] = (Item.ACCEPTANCE_SERVICE, Item.REPLY_SERVICE, Item.EXPLANATION_SERVICE)
"""The services that a receipt (送达回证) may be of, in the order in which they fall due."""


@dataclass(frozen=True, slots=True)
class DocumentCopy:
    """One paper of a document: the item of the file that it stands for, and the petitioner for whom it is made."""

    item: Item
    petitioner: int = 0


def list_services_due(case: Case) -> tuple[Item, ...]:
    """The services that a case calls for: of each notice that bears a day."""
    notices = {
        Item.ACCEPTANCE_SERVICE: case.acceptance and case.acceptance.notice_on,
        Item.REPLY_SERVICE: case.reply and case.reply.replied_on,
        Item.EXPLANATION_SERVICE: case.declined and case.declined.notice_on,
    }
    return tuple(service for service in SERVICES if notices[service])


def list_named_petitioners(case: Case) -> tuple[int, ...]:
    """The places of those who can be served or can sign: a person without a name can do neither."""
    return tuple(place for place, one in enumerate(case.petitioners) if one.name)


def list_copies(document: DocumentDefinition, case: Case) -> tuple[DocumentCopy, ...]:
    """The papers of a document, in the order in which they are made; at least one where nothing is lacking."""
    if document.id == "service_receipt":
        return tuple(
            DocumentCopy(item, place) for item in list_services_due(case) for place in list_named_petitioners(case)
        )
    if document.id == "commitment":
        return tuple(DocumentCopy(document.item, place) for place in list_named_petitioners(case))
    return (DocumentCopy(document.item),)


def file_suffix(copy: DocumentCopy, among: tuple[DocumentCopy, ...]) -> str:
    """What tells a paper's file from the others of its document: the service, and the petitioner by number."""
    ending = f"-{copy.item.value}" if len({one.item for one in among}) > 1 else ""
    people = sorted({one.petitioner for one in among})
    return ending + (f"-{people.index(copy.petitioner) + 1}" if len(people) > 1 else "")
