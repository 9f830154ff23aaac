"""What others change in a case's folder, told to whoever has its page before them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bundler.case_edit.snapshot import folder_stamp
from bundler.desk.case_registry import CaseRef
from bundler.desk.cases.case_view import look, requested_folder
from bundler.desk.http import RETRY_LINE, event_stream

_LOOK_EVERY = 1.5
"""Seconds between two looks at the folder."""
_HEARTBEAT = 12
"""So many looks without news, and a sign of life is sent."""


async def watch(request: Request) -> Response:
    """Events: the version of the case, each time that something in its folder is another."""
    place = await run_in_threadpool(requested_folder, request)
    return event_stream(request, _looks(request, place), _HEARTBEAT)


async def _looks(request: Request, place: CaseRef) -> AsyncIterator[str | None]:
    known = await run_in_threadpool(folder_stamp, place.folder)
    yield RETRY_LINE
    shown = request.query_params.get("version")
    if shown is not None and (version := await _version(request, place)) != shown:
        yield _changed(version)  # between the page and this there was time enough
    while True:
        await asyncio.sleep(_LOOK_EVERY)
        before, known = known, await run_in_threadpool(folder_stamp, place.folder)
        if known == before:
            yield None
        else:
            yield _changed(await _version(request, place))


async def _version(request: Request, place: CaseRef) -> str:
    return (await run_in_threadpool(look, request, place)).version


def _changed(version: str) -> str:
    return f"event: changed\ndata: {json.dumps({'version': version})}\n\n"


routes = [Route("/cases/{key}/watch", watch)]
"""Of what others change."""
