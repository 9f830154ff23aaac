"""A case as the desk sees it now: its folder, what the gate says of it, and what stands at the head of its page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request

from bundler.bundle.check import CheckedCase
from bundler.case.model import Case
from bundler.case_edit.snapshot import Snapshot, Tree, snapshot_of
from bundler.desk.case_registry import CaseRef
from bundler.desk.cases.services import services_of
from bundler.desk.services import desk_services
from bundler.desk.settings import DeskSettings
from bundler.ledger.case_status import CaseStatus, Task, case_status_of, petitioners_of
from bundler.regulation.papers import BundleKind, Item
from bundler.regulation.rules import Finding, Severity


@dataclass(frozen=True)
class CaseView:
    """A case, read and checked.

    Attributes:
        place: which it is.
        examined: what the gate says.
        desk: the desk's settings.
    """

    place: CaseRef
    examined: CheckedCase
    desk: DeskSettings

    @property
    def case(self) -> Case | None:
        """The case, where it can be read."""
        return self.examined.reading.case

    @property
    def number(self) -> str:
        """Its number (登记号); empty where it has none."""
        return self.examined.check_result.registration_no or ""

    @property
    def petitioners(self) -> str:
        """The petitioners' names."""
        return petitioners_of(self.case) if self.case else ""

    @property
    def tree(self) -> Tree:
        """All that stands in case.json; empty where it is no object."""
        return self.examined.reading.tree or {}

    @cached_property
    def draft(self) -> Snapshot | None:
        """The case for somebody who is going to change it; None where it is no object."""
        return snapshot_of(self.examined.reading) if self.examined.reading.tree is not None else None

    @property
    def version(self) -> str:
        """The digest of case.json as it was read; empty where it is no object."""
        return self.draft.version if self.draft else ""

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What closes the gate."""
        return self.examined.check_result.errors

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What is worth a look."""
        return tuple(one for one in self.examined.check_result.findings if one.severity is not Severity.ERROR)

    @cached_property
    def next_task(self) -> Task | None:
        """What is due first."""
        standing = self.standing
        return standing.tasks[0] if standing and standing.tasks else None

    @cached_property
    def standing(self) -> CaseStatus | None:
        """The case by its deadlines."""
        if self.case is None:
            return None
        folder = self.examined.reading.folder
        return case_status_of(folder, self.case, self.examined.check_result.deadlines, self.desk.today())

    @property
    def missing(self) -> tuple[Item, ...]:
        """The papers of the checklist that are not there."""
        return tuple(line.item for line in self.examined.check_result.checklist if line.status == "missing")


def requested_folder(request: Request) -> CaseRef:
    """The case that the address means.

    Raises:
        HTTPException: it means none.
    """
    place = desk_services(request).case_registry.find(request.path_params["key"])
    if place is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "没有这个案件，可能已经移走或者改名。")
    return place


def requested_case(request: Request, kind: BundleKind | None = None) -> CaseView:
    """The case that the address means, as it stands."""
    return look(request, requested_folder(request), kind)


def look(request: Request, place: CaseRef, kind: BundleKind | None = None) -> CaseView:
    """A case as it stands.

    Args:
        request: whose desk.
        place: which case.
        kind: what it is to be checked as; None: what it says itself.
    """
    desk = desk_services(request).settings
    return CaseView(place, services_of(request).check_cache.of(place.folder, kind, desk), desk)
