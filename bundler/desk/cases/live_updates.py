"""The route that tells an open page when others change the case, as server-sent events."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bundler.case_edit.snapshot import folder_stamp
from bundler.desk.cases.request_context import requested_ref, services_of
from bundler.desk.http import RETRY, Event, event_stream

_POLL_SECONDS = 1.5
"""The interval at which the case folder is looked at."""
_HEARTBEAT_SECONDS = 18


async def stream_changes(request: Request) -> Response:
    """Send the version of the case each time that a file of it changes."""
    ref = await run_in_threadpool(requested_ref, request)
    services = services_of(request)

    def current_version() -> str:
        return services.load_case(ref).version

    events = change_events(ref.folder, request.query_params.get("version"), current_version)
    return event_stream(events, _HEARTBEAT_SECONDS)


async def change_events(
    folder: Path, shown_version: str | None, current_version: Callable[[], str]
) -> AsyncIterator[Event]:
    """The changes of a case as server-sent events.

    Args:
        folder: the case folder.
        shown_version: the version that the page shows: the case may have changed before the stream was opened.
        current_version: reads the case's version; may block.
    """
    stamp = await run_in_threadpool(folder_stamp, folder)
    yield RETRY
    if shown_version is not None:
        version = await run_in_threadpool(current_version)
        if version != shown_version:
            yield _changed_event(version)
    while True:
        await asyncio.sleep(_POLL_SECONDS)
        before, stamp = stamp, await run_in_threadpool(folder_stamp, folder)
        if stamp != before:
            yield _changed_event(await run_in_threadpool(current_version))


def _changed_event(version: str) -> Event:
    return {"event": "changed", "data": json.dumps({"version": version})}


routes = [Route("/cases/{key}/watch", stream_changes)]
