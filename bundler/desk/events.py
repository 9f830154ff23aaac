"""News told to a page that stays open, for as long as it does (server-sent events)."""

from __future__ import annotations

from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import StreamingResponse

RETRY_LINE = "retry: 5000\n\n"
"""How long a browser waits, in milliseconds, before it asks again after a break."""
_ALIVE = ": \n\n"


def event_stream(request: Request, looks: AsyncIterator[str | None], heartbeat: int) -> StreamingResponse:
    """An answer that goes on until the looks end or the browser leaves.

    Args:
        request: which asked for it.
        looks: what each look finds: an event as text, or None for nothing new.
        heartbeat: so many looks without news, and a sign of life is sent.
    """

    async def told() -> AsyncIterator[str]:
        idle = 0
        async for news in looks:
            if await request.is_disconnected():
                return
            idle = 0 if news else idle + 1
            if news:
                yield news
            elif idle >= heartbeat:
                idle = 0
                yield _ALIVE

    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(told(), media_type="text/event-stream", headers=headers)
