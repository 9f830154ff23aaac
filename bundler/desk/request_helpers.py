"""Helpers for requests and responses: numbers, forms and the account of a request; downloads and event streams."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from urllib.parse import quote, urlsplit

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bundler.desk.security.access_config import REQUEST_LIMITS
from bundler.printable_text import readable_file_name

FormHandler = Callable[[Request, FormData], Response]
"""A handler that may block: `form_endpoint` runs it in a thread."""
_MAX_DIGITS = 9
"""A browser may send any number of digits, and Python refuses to parse thousands of them."""
Event = Mapping[str, str | int]
"""A server-sent event: its fields `event`, `data` and `retry`."""
RETRY: Event = {"retry": 5000}
"""Tells a browser after how many milliseconds it reconnects to a broken event stream."""
_SEPARATOR = "\n"


def is_number(text: str) -> bool:
    """Whether a text is a whole number of at most nine ASCII digits."""
    return text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS


def number_or_default(text: str, default: int) -> int:
    """The whole number that a text holds; the default where it holds none."""
    return int(text) if is_number(text) else default


def number_in_path(request: Request, name: str) -> int:
    """The whole number that a path parameter holds.

    Raises:
        HTTPException: 404, the parameter is no number.
    """
    text = str(request.path_params[name])
    if not is_number(text):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return int(text)


def asking_page(request: Request) -> str:
    """The path of the page on which htmx made a request; empty where the header is missing or is no address."""
    with suppress(ValueError):
        return urlsplit(request.headers.get("hx-current-url", "")).path
    return ""


def actor_of(request: Request) -> str:
    """The account that the request's session belongs to; empty where there is no session."""
    return str(getattr(request.state, "actor", ""))


async def read_form(request: Request) -> FormData:
    """Parse a form without files; a form with a file is refused with status 400."""
    return await request.form(max_files=0, max_fields=REQUEST_LIMITS.fields)


def form_endpoint(handler: FormHandler) -> Callable[[Request], object]:
    """An endpoint that parses the form and runs a blocking handler with it in a thread."""

    async def endpoint(request: Request) -> Response:
        form = await read_form(request)
        return await run_in_threadpool(handler, request, form)

    return endpoint


def download_response(data: bytes, name: str, media_type: str) -> Response:
    """A file that the browser saves under a name, which may hold any characters."""
    headers = {
        "content-disposition": f"attachment; filename*=utf-8''{quote(readable_file_name(name), safe='')}",
        "cache-control": "private, no-store",
    }
    return Response(data, media_type=media_type, headers=headers)


def event_stream(events: AsyncIterator[Event], heartbeat: float) -> EventSourceResponse:
    """Stream server-sent events until the iterator ends, the browser disconnects or the desk stops.

    Args:
        events: the events.
        heartbeat: seconds between two comment lines, which keep proxies from closing an idle connection.
    """
    return EventSourceResponse(events, ping=heartbeat, ping_message_factory=_keepalive, sep=_SEPARATOR)


def _keepalive() -> ServerSentEvent:
    return ServerSentEvent(comment="", sep=_SEPARATOR)
