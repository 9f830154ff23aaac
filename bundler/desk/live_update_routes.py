"""The routes that tell a browser what others change: one event stream for all its tabs, and the same as single answers.

A browser opens six connections to a host. A stream for each tab would use them up, and the seventh tab would wait for
ever; so a worker that the tabs share opens one stream for everything that they show. Where a browser has no such worker,
each tab asks now and then.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bundler.case_edit.read_version_cache import folder_stamp
from bundler.desk.case_registry import CaseRef
from bundler.desk.request_helpers import RETRY, Event, event_stream
from bundler.desk.security.roles import Permission
from bundler.desk.shared_objects import desk_services, hidden_from, rights_of

_POLL_SECONDS = 1.5
"""The interval at which the case folders and the index's revision are looked at."""
_HEARTBEAT_SECONDS = 18
_MAX_CASES = 60
"""Of one browser; more tabs than that are not told of changes."""


@dataclass
class _WatchedCase:
    """A case that a browser shows.

    Attributes:
        ref: the case.
        version: the version that is shown; empty where that is not known.
        stamp: the stamp of its folder when it was looked at last; empty before.
    """

    ref: CaseRef
    version: str
    stamp: str = ""


@dataclass
class Watch:
    """What a browser shows, and what it was told of it.

    Attributes:
        cases: the cases.
        list_revision: the revision of the list that is shown, empty where that is not known; None where no list is.
        batch_state: the state that the batch page shows, empty if unknown; None where the browser shows no batch page.
        current_revision: reads the index's revision.
        current_version: reads a case's version; may block.
        current_batch: reads the state of the batch; may block.
    """

    current_revision: Callable[[], int]
    current_version: Callable[[CaseRef], str]
    current_batch: Callable[[], str]
    cases: list[_WatchedCase] = field(default_factory=list)
    list_revision: str | None = None
    batch_state: str | None = None

    def news(self) -> list[Event]:
        """What has changed since it was asked last; may block."""
        events = [event for case in self.cases for event in self._case_news(case)]
        if self.list_revision is not None:
            revision = str(self.current_revision())
            if revision != self.list_revision:
                events.append(
                    {"event": "list", "data": json.dumps({"list": revision, "first": not self.list_revision})}
                )
            self.list_revision = revision
        if self.batch_state is not None:
            shown, self.batch_state = self.batch_state, self.current_batch()
            if shown not in {"", self.batch_state}:
                events.append({"event": "batch", "data": json.dumps({"batch": self.batch_state})})
        return events

    def _case_news(self, case: _WatchedCase) -> list[Event]:
        before, case.stamp = case.stamp, folder_stamp(case.ref.folder)
        if case.stamp == before:
            return []
        shown, case.version = case.version, self.current_version(case.ref)
        if before == "" and shown in {"", case.version}:
            return []
        return [{"event": "changed", "data": json.dumps({"case": case.ref.key, "version": case.version})}]


async def stream_events(request: Request) -> Response:
    """Send an event each time that something changes which the browser shows."""
    watch = await run_in_threadpool(_watch_of, request)
    return event_stream(watch_events(watch), _HEARTBEAT_SECONDS)


async def watch_events(watch: Watch) -> AsyncIterator[Event]:
    """The changes as server-sent events."""
    yield RETRY
    while True:
        for event in await run_in_threadpool(watch.news):
            yield event
        await asyncio.sleep(_POLL_SECONDS)


def show_news(request: Request) -> Response:
    """What has changed since the versions that the query names, at once."""
    return JSONResponse([dict(event) for event in _watch_of(request).news()])


def show_session(request: Request) -> Response:
    """The account and the token that a change must carry, for a page whose session was renewed."""
    return JSONResponse({"actor": request.state.actor, "csrf": request.state.csrf})


def _watch_of(request: Request) -> Watch:
    """What a query names: `case=KEY@VERSION` for each case, `list=REVISION`, and `batch=STATE` of who may see the batch."""
    services = desk_services(request)
    named = (one.partition("@") for one in request.query_params.getlist("case")[:_MAX_CASES])
    found = [(services.case_registry.find(key), version) for key, _, version in named if not hidden_from(request, key)]
    return Watch(
        current_revision=lambda: services.case_index.revision,
        current_version=lambda ref: services.cases.load_case(ref).version,
        cases=[_WatchedCase(ref, version) for ref, version in found if ref is not None],
        current_batch=services.batches.state,
        list_revision=request.query_params.get("list"),
        batch_state=request.query_params.get("batch") if rights_of(request).may(Permission.OVERVIEW) else None,
    )


routes = [
    Route("/live", stream_events),
    Route("/live/now", show_news),
    Route("/session", show_session),
]
