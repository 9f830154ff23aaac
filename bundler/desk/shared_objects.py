"""The services of one desk, created with the application and shared by all requests; the rights of a request's account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from starlette.requests import Request

from bundler.desk.batches.runner import BatchRunner
from bundler.desk.case_list.case_index import CaseIndex, IndexedRow
from bundler.desk.case_registry import CaseRegistry
from bundler.desk.cases.shared_objects import CaseServices
from bundler.desk.reading.background_reading import BackgroundReading
from bundler.desk.reading.dismissed_proposals import DismissedProposals
from bundler.desk.reading.request_activity import RequestActivity
from bundler.desk.reading.search_in_background import PaperSearch
from bundler.desk.request_helpers import actor_of
from bundler.desk.security.access_config import AccessConfig
from bundler.desk.security.accounts import AccountCache, Authenticator
from bundler.desk.security.roles import Rights, Role
from bundler.desk.security.sessions import SessionStore
from bundler.desk.settings import DeskSettings
from bundler.desk.staff.staff_list import StaffList
from bundler.desk.template_preview.preview_cache import KeptPreviews


@dataclass(frozen=True, slots=True)
class DeskServices:
    """What the routes work with.

    Attributes:
        settings: the folders, the court, and today's date.
        access: under which names and for whom the desk answers.
        sessions: who is logged in.
        authenticator: checks passwords and delays guessing.
        accounts: the accounts with their roles.
        case_registry: finds the case folders.
        case_index: the rows of the case list, kept up to date in the background.
        batches: starts and stops the desk's batch.
        staff: the list of the court's people.
        paper_search: searches inside the papers of all cases.
        activity: tells whether the desk is answering a request.
        reading: reads the scans of all cases, behind everything else.
        dismissed: which values that were read are proposed no more.
        cases: what the pages of a case share, such as worker processes and caches.
        template_previews: the previews of the templates.
    """

    settings: DeskSettings
    access: AccessConfig
    sessions: SessionStore
    authenticator: Authenticator
    accounts: AccountCache
    case_registry: CaseRegistry
    case_index: CaseIndex
    batches: BatchRunner
    staff: StaffList
    paper_search: PaperSearch
    activity: RequestActivity
    reading: BackgroundReading
    dismissed: DismissedProposals
    cases: CaseServices
    template_previews: KeptPreviews

    @classmethod
    def create(cls, settings: DeskSettings, access: AccessConfig) -> Self:
        """The services of a desk; nothing runs before the first request needs it."""
        registry = CaseRegistry(settings.root, settings.out)
        cases = CaseServices(settings)
        activity = RequestActivity()
        return cls(
            settings=settings,
            access=access,
            sessions=SessionStore(),
            authenticator=Authenticator(access.users),
            accounts=AccountCache(access.users),
            case_registry=registry,
            case_index=CaseIndex(settings, registry),
            batches=BatchRunner(settings),
            staff=StaffList(settings.root),
            paper_search=PaperSearch(settings, registry),
            cases=cases,
            template_previews=KeptPreviews(settings, cases.workers),
            activity=activity,
            reading=BackgroundReading(settings.root, registry, lambda: activity.has_open_request),
            dismissed=DismissedProposals(settings.root),
        )

    def close(self) -> None:
        """Stop worker processes and threads; a batch goes on in its own process."""
        self.cases.close()
        self.case_index.close()
        self.paper_search.close()
        self.reading.close()
        self.batches.close()
        self.authenticator.close()


def desk_services(request: Request) -> DeskServices:
    """The services of the desk that a request reached."""
    services: DeskServices = request.app.state.services
    return services


def visible_cases(request: Request) -> list[IndexedRow]:
    """The rows of the cases that the account of a request may see."""
    rights, rows = rights_of(request), desk_services(request).case_index.rows()
    return [one for one in rows if rights.sees_case(one.row.court_people)]


def hidden_from(request: Request, key: str) -> bool:
    """Whether the account of a request may not see the case with a key; a case that is not in the list yet is no handler's."""
    rights = rights_of(request)
    return not rights.sees_case(()) and all(one.key != key for one in visible_cases(request))


def rights_of(request: Request) -> Rights:
    """The rights of the account that a request's session belongs to; none where there is no session."""
    services, actor = desk_services(request), actor_of(request)
    if not actor:
        return Rights(frozenset(), frozenset())
    if services.access.users is None:
        return Rights(frozenset(Role), None)
    return Rights(services.accounts.roles(actor), services.staff.names_of(actor))
