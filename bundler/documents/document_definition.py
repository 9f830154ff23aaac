"""What a document is: its title, item and date, what it requires of a case, its view and its copies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bundler.case.model import Case
from bundler.documents.required_facts.shared_checks import NO_REQUIREMENTS, MissingFields, Requirements
from bundler.regulation.model import Regulation
from bundler.regulation.papers import Item


def _no_date(case: Case) -> date | None:
    """The date is written by hand, or the document's own view has it."""
    del case
    return None


def _nothing_missing(case: Case, regulation: Regulation) -> MissingFields:
    del case, regulation
    return iter(())


def _case_view() -> type:
    from bundler.documents.views.case_view import CaseView

    return CaseView


@dataclass(frozen=True, slots=True)
class DocumentDefinition:
    """A court paper with a Word template of its own, ``templates/<id>.docx``.

    Attributes:
        id: the code that `bundler render --doc` takes; also the template's file name.
        title: the title; the first ×× is replaced by the petitioners, the next by the matter.
        item: the item of the file (Art. 16, Art. 14) that the document stands for.
        find_date: finds the date of the document in the case; None leaves the date blank.
        find_until: finds the last day of which the document may tell, where it bears no date or one written by hand.
        own_day: what it says for 本意见书作出之日 of the reply, because it is older than the reply.
        requirements: what a case must hold before the document can be filled.
        find_missing_under: yields what a case lacks for it under a regulation, beside these requirements.
        load_view: imports the view when a template needs it; the check of a case reads this table and needs no view.
        copies: a case gets one copy, one for each petitioner, or one for each petitioner and each service due.
        returns_signed: the paper comes back signed or stamped to be scanned, so it carries the small QR code.
    """

    id: str
    title: str
    item: Item
    find_date: Callable[[Case], date | None] = _no_date
    find_until: Callable[[Case], date | None] = _no_date
    own_day: str = "答复意见书作出之日"
    requirements: Requirements = NO_REQUIREMENTS
    find_missing_under: Callable[[Case, Regulation], MissingFields] = _nothing_missing
    load_view: Callable[[], type] = _case_view
    copies: Literal["single", "per_petitioner", "per_service"] = "single"
    returns_signed: bool = True

    @property
    def view(self) -> type:
        """The record of the names that its template may print."""
        return self.load_view()

    def __reduce__(self) -> tuple[Callable[[str], DocumentDefinition], tuple[str]]:
        """Pickle the id alone: another process has the same table, and functions in it cannot be pickled."""
        return _definition_of, (self.id,)


def _definition_of(document_id: str) -> DocumentDefinition:
    from bundler.documents.definitions import DOCUMENTS
    from bundler.documents.documents_with_own_view import BATCH_DOCUMENTS

    return DOCUMENTS.get(document_id) or BATCH_DOCUMENTS[document_id]
