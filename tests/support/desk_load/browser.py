"""A simulated browser: session, requests, server-sent events, and image cache."""

from __future__ import annotations

import asyncio
import contextlib
import html
import json
import re
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.support.desk_load.journal import Answer, Journal

_VERSION = r'id="v-(?P<section>[\w-]+)" name="version" value="(?P<version>[0-9a-f]{64})"'
_FIELD = (
    r'<input type="hidden" name="path" value="(?P<path>[^"]*)">\s*'
    r'<input type="hidden" name="before" value="(?P<before>[^"]*)">'
)
_FORM_PARTS = re.compile(f"{_VERSION}|{_FIELD}")
_HEAD = re.compile(r'data-version="([0-9a-f]{64})"')
_LINKED = re.compile(r'<(?:link rel="stylesheet" href|script src)="([^"]+)"')
_STREAM = re.compile(r'data-changes="([^"]+)"')
_IMAGE_CACHE_SECONDS = 600.0
"""How long a browser caches the image of a page, by the desk's Cache-Control header."""
_CONNECTIONS = 6
"""The number of connections that a browser opens to one host."""
_TIMEOUT = 180.0
"""Seconds without a response that count as an error; a virtual machine may pause for a minute."""
_OWN_CHANGE_DELAY = 1.5
"""Seconds that the page's script waits to see whether a change was its own."""


@dataclass
class Window:
    """The open page.

    Attributes:
        address: path and query.
        text: the HTML as first loaded.
        head_version: the version of the case in the page head; empty on other pages.
        fields: fields of the form by path: the value seen, as JSON text, and the section.
        versions: versions of the form by section.
        announced: the version that the last event announced.
    """

    address: str = "/"
    text: str = ""
    head_version: str = ""
    fields: dict[str, tuple[str, str]] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    announced: str = ""

    @property
    def stream(self) -> str:
        """The address of the page's event stream; empty for none."""
        found = _STREAM.search(self.text)
        return found[1] if found else ""

    def update(self, text: str) -> None:
        """Update fields, versions and head from a part of the page."""
        section = ""
        for found in _FORM_PARTS.finditer(text):
            if found["section"]:
                section = found["section"]
                self.versions[section] = found["version"]
            else:
                path = html.unescape(found["path"])
                known = self.fields.get(path, ("", ""))[1]
                self.fields[path] = (html.unescape(found["before"]), section or known)
        head = _HEAD.search(text)
        self.head_version = head[1] if head else self.head_version


class Browser:
    """A browser with a session and one open page.

    Attributes:
        window: the open page.
    """

    def __init__(self, address: str, journal: Journal) -> None:
        self._origin, self._journal, self.window = address.rstrip("/"), journal, Window()
        self._client = httpx.AsyncClient(
            base_url=self._origin,
            timeout=httpx.Timeout(_TIMEOUT),
            limits=httpx.Limits(max_connections=_CONNECTIONS, max_keepalive_connections=_CONNECTIONS),
            headers={"accept-language": "zh-CN", "sec-fetch-site": "same-origin"},
        )
        self._csrf = ""
        self._cached_images: dict[str, tuple[float, str]] = {}
        self._loaded_links: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def log_in(self, name: str, password: str) -> None:
        """Log in through the login page."""
        await self.go("/login", "login page")
        form = {"name": name, "password": password}
        answer = await self._request("POST", "/login", "login", data=form, headers={"origin": self._origin})
        if answer.status_code != httpx.codes.SEE_OTHER:
            raise RuntimeError(f"{name} cannot log in: {answer.status_code}")

    async def close(self) -> None:
        """Close the window."""
        await self._cancel_tasks()
        await self._client.aclose()

    async def go(self, address: str, kind: str) -> str:
        """Open a page with its linked files and event stream; the previous page is left."""
        await self._cancel_tasks()
        answer = await self._request(
            "GET", address, kind, headers={"accept": "text/html", "sec-fetch-mode": "navigate"}
        )
        text = answer.text
        self.window = Window(address, text)
        self.window.update(text)
        token = re.search(r'"X-CSRF-Token": "([^"]*)"', text)
        self._csrf = token[1] if token else ""
        linked = [one for one in _LINKED.findall(text) if one not in self._loaded_links]
        self._loaded_links.update(linked)
        await asyncio.gather(*(self._request("GET", one, "static") for one in linked))
        if self.window.stream:
            self._start_task(self._follow_events(self.window))
        return text

    async def request_part(self, address: str, kind: str, target: str) -> httpx.Response:
        """Request a part of the page as its script does."""
        return await self._request("GET", address, kind, headers=self._script_headers(target))

    async def post(
        self,
        address: str,
        kind: str,
        target: str,
        data: dict[str, Any],
        **more: Any,  # noqa: ANN401 (the client's)
    ) -> httpx.Response:
        """Send a change as the script of the page does.

        Args:
            address: the address.
            kind: the kind of request in the journal.
            target: the part of the page that the response replaces.
            data: the form fields.
            more: `files` as httpx takes them; additional `headers`; `expected_refusal`, the beginning of an error that is no problem.
        """
        headers = self._script_headers(target) | {"origin": self._origin} | more.pop("headers", {})
        return await self._request("POST", address, kind, data=data, headers=headers, **more)

    async def load_images(self, addresses: list[str], kind: str) -> None:
        """Load images in parallel, except cached ones."""
        now = time.monotonic()
        wanted = [one for one in dict.fromkeys(addresses) if self._cached_images.get(one, (0.0, ""))[0] < now]
        answers = await asyncio.gather(*(self._load_image(one, kind) for one in wanted))
        kept = now + _IMAGE_CACHE_SECONDS
        self._cached_images |= {
            one: (kept, answer.headers.get("etag", ""))
            for one, answer in zip(wanted, answers, strict=True)
            if answer.status_code < httpx.codes.BAD_REQUEST
        }

    async def download(self, address: str, kind: str) -> bytes:
        """Download a file."""
        return (await self._request("GET", address, kind)).content

    async def is_content(self, address: str, kind: str) -> bool:
        """Ask for a part of the page, and say whether there is one; status 204 says that there is none any more."""
        answer = await self._request("GET", address, kind, headers=self._script_headers("progress"))
        return answer.status_code == httpx.codes.OK

    async def events(self, address: str) -> AsyncIterator[tuple[str, str]]:
        """Yield the events of a stream until it ends, each as name and data."""
        headers = {"accept": "text/event-stream"}
        event = data = ""
        async with self._client.stream("GET", address, headers=headers, timeout=httpx.Timeout(_TIMEOUT)) as answer:
            if answer.status_code != httpx.codes.OK:
                self._journal.problems.append(f"events of {address}: {answer.status_code}")
                return
            async for line in answer.aiter_lines():
                name, _, value = line.partition(": ")
                if name == "event":
                    event = value
                elif name == "data":
                    data += value
                elif not line and event:
                    self._journal.events += 1
                    yield event, data
                    event = data = ""

    def _script_headers(self, target: str) -> dict[str, str]:
        return {
            "hx-request": "true",
            "hx-target": target,
            "hx-current-url": self._origin + self.window.address,
            "x-csrf-token": self._csrf,
        }

    async def _load_image(self, address: str, kind: str) -> httpx.Response:
        tag = self._cached_images.get(address, (0.0, ""))[1]
        return await self._request("GET", address, kind, headers={"if-none-match": tag} if tag else {})

    async def _request(
        self,
        method: str,
        address: str,
        kind: str,
        *,
        expected_refusal: str = "\0",
        **more: Any,  # noqa: ANN401 (the client's)
    ) -> httpx.Response:
        began = time.perf_counter()
        try:
            answer = await self._client.request(method, address, **more)
        except httpx.HTTPError as error:
            self._journal.problems.append(f"{kind}: {type(error).__name__} after {time.perf_counter() - began:.1f} s")
            raise
        self._journal.answers.append(Answer(kind, time.perf_counter() - began))
        if answer.is_client_error and answer.text.startswith(expected_refusal):
            self._journal.refusals.append(answer.text)
        elif answer.is_error:
            self._journal.problems.append(f"{kind}: {answer.status_code} {answer.text[:120]}")
        return answer

    def _start_task(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _cancel_tasks(self) -> None:
        """Cancel the requests of the page, as a browser does when the page is left."""
        running = list(self._tasks)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _follow_events(self, window: Window) -> None:
        """Follow the events of the page, and refresh it as its script does."""
        refresh: Callable[[str], Coroutine[Any, Any, None]]
        refresh = self._refresh_list if "list=" in window.stream else self._refresh_case
        try:
            async for event, data in self.events(window.stream):
                if event in {"changed", "list"}:
                    self._start_task(refresh(data))
        except httpx.HTTPError as error:
            self._journal.problems.append(f"events of {window.stream}: {type(error).__name__}")

    async def _refresh_list(self, _: str) -> None:
        with contextlib.suppress(httpx.HTTPError):  # recorded in the journal
            await self.request_part(self.window.address, "list: after an event", "list")

    async def _refresh_case(self, data: str) -> None:
        window, version = self.window, json.loads(data)["version"]
        since = window.head_version
        await asyncio.sleep(_OWN_CHANGE_DELAY)
        if version in {window.announced, window.head_version}:
            return
        window.announced = version
        base, _, rest = window.address.removeprefix("/cases/").partition("/")
        tab = rest or "form"
        address = f"/cases/{base}/changed?since={since}&tab={tab}"
        with contextlib.suppress(httpx.HTTPError):  # recorded in the journal
            window.update((await self.request_part(address, f"{tab}: after an event", "changed")).text)
