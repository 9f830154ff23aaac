"""What others change in a case's folder, told to whoever has its page before them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from bundler.desk.casework.sight import look, place_of
from bundler.editing.difference import stamp

_LOOK_EVERY = 1.5
"""Seconds between two looks at the folder."""
_HEARTBEAT = 12
"""So many looks without news, and a sign of life is sent."""


async def watch(request: Request) -> Response:
    """Events: the version of the case, each time that something in its folder is another."""
    place = await run_in_threadpool(place_of, request)
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}

    async def events() -> AsyncIterator[str]:
        known, idle = await run_in_threadpool(stamp, place.folder), 0
        yield "retry: 5000\n\n"
        while not await request.is_disconnected():
            await asyncio.sleep(_LOOK_EVERY)
            now = await run_in_threadpool(stamp, place.folder)
            if now != known:
                known, idle = now, 0
                version = (await run_in_threadpool(look, request, place)).version
                yield f"event: changed\ndata: {json.dumps({'version': version})}\n\n"
            elif (idle := idle + 1) >= _HEARTBEAT:
                idle = 0
                yield ": \n\n"

    return StreamingResponse(events(), media_type="text/event-stream", headers=headers)


routes = [Route("/cases/{key}/watch", watch)]
"""Of what others change."""
