"""A clerk's browser as far as the desk sees it: its session, its requests, its streams of events, its kept pictures."""

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
_OF_FORM = re.compile(f"{_VERSION}|{_FIELD}")
_HEAD = re.compile(r'data-version="([0-9a-f]{64})"')
_LINKED = re.compile(r'<(?:link rel="stylesheet" href|script src)="([^"]+)"')
_STREAM = re.compile(r'data-changes="([^"]+)"')
_KEPT_SECONDS = 600.0
"""How long a browser keeps a picture of a page, as the desk tells it to."""
_CONNECTIONS = 6
"""So many a browser opens to one host."""
_PATIENCE = 180.0
"""Seconds after which a silent desk is an error: a virtual machine that is stopped for a minute is none of the desk's."""
_OWN_NEWS = 1.5
"""So many seconds the script of the page waits whether a change was its own."""


@dataclass
class Window:
    """The page that is shown.

    Attributes:
        address: its path and query.
        text: as it came first.
        head: the version of the case that its head shows; empty on other pages.
        fields: of the form: by path what was seen of each, as JSON text, and the section in which it stands.
        versions: of the form: by section the version that it shows.
        known: the version of which it was told last.
    """

    address: str = "/"
    text: str = ""
    head: str = ""
    fields: dict[str, tuple[str, str]] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    known: str = ""

    @property
    def stream(self) -> str:
        """Where its events are told; empty for nowhere."""
        found = _STREAM.search(self.text)
        return found[1] if found else ""

    def take(self, text: str) -> None:
        """A piece of the page anew: fields, versions, and the head."""
        section = ""
        for found in _OF_FORM.finditer(text):
            if found["section"]:
                section = found["section"]
                self.versions[section] = found["version"]
            else:
                path = html.unescape(found["path"])
                known = self.fields.get(path, ("", ""))[1]
                self.fields[path] = (html.unescape(found["before"]), section or known)
        head = _HEAD.search(text)
        self.head = head[1] if head else self.head


class Browser:
    """One browser with a session, in which one page is shown.

    Attributes:
        window: that page.
    """

    def __init__(self, address: str, journal: Journal) -> None:
        self._origin, self._journal, self.window = address.rstrip("/"), journal, Window()
        self._client = httpx.AsyncClient(
            base_url=self._origin,
            timeout=httpx.Timeout(_PATIENCE),
            limits=httpx.Limits(max_connections=_CONNECTIONS, max_keepalive_connections=_CONNECTIONS),
            headers={"accept-language": "zh-CN", "sec-fetch-site": "same-origin"},
        )
        self._csrf = ""
        self._pictures: dict[str, tuple[float, str]] = {}
        self._linked: set[str] = set()
        self._running: set[asyncio.Task[None]] = set()

    async def log_in(self, name: str, password: str) -> None:
        """Come in by the page that asks for the account."""
        await self.go("/login", "login page")
        told = {"name": name, "password": password}
        answer = await self._ask("POST", "/login", "login", data=told, headers={"origin": self._origin})
        if answer.status_code != httpx.codes.SEE_OTHER:
            raise RuntimeError(f"{name} is not let in: {answer.status_code}")

    async def close(self) -> None:
        """Close the window."""
        await self._leave()
        await self._client.aclose()

    async def go(self, address: str, kind: str) -> str:
        """Another page: with what it links to, and its stream of events; the one before is left."""
        await self._leave()
        answer = await self._ask("GET", address, kind, headers={"accept": "text/html", "sec-fetch-mode": "navigate"})
        text = answer.text
        self.window = Window(address, text)
        self.window.take(text)
        word = re.search(r'"X-CSRF-Token": "([^"]*)"', text)
        self._csrf = word[1] if word else ""
        linked = [one for one in _LINKED.findall(text) if one not in self._linked]
        self._linked.update(linked)
        await asyncio.gather(*(self._ask("GET", one, "static") for one in linked))
        if self.window.stream:
            self._start(self._listen(self.window))
        return text

    async def part(self, address: str, kind: str, target: str) -> httpx.Response:
        """A piece of the page, as its script asks for it."""
        return await self._ask("GET", address, kind, headers=self._of_script(target))

    async def send(
        self,
        address: str,
        kind: str,
        target: str,
        data: dict[str, Any],
        **more: Any,  # noqa: ANN401 (the client's)
    ) -> httpx.Response:
        """A change, as the script of the page sends it.

        Args:
            address: where to.
            kind: what the journal calls it.
            target: the part of the page that the answer is for.
            data: its fields.
            more: `files` as the client takes them; `headers` besides; `may_say`, how a refusal that is in order begins.
        """
        headers = self._of_script(target) | {"origin": self._origin} | more.pop("headers", {})
        return await self._ask("POST", address, kind, data=data, headers=headers, **more)

    async def pictures(self, addresses: list[str], kind: str) -> None:
        """Pictures, together; what is kept still is not asked for."""
        now = time.monotonic()
        wanted = [one for one in dict.fromkeys(addresses) if self._pictures.get(one, (0.0, ""))[0] < now]
        answers = await asyncio.gather(*(self._picture(one, kind) for one in wanted))
        kept = now + _KEPT_SECONDS
        self._pictures |= {
            one: (kept, answer.headers.get("etag", ""))
            for one, answer in zip(wanted, answers, strict=True)
            if answer.status_code < httpx.codes.BAD_REQUEST
        }

    async def fetch(self, address: str, kind: str) -> bytes:
        """A file that is downloaded."""
        return (await self._ask("GET", address, kind)).content

    async def events(self, address: str) -> AsyncIterator[tuple[str, str]]:
        """What a stream tells, each as the name of the event and its data, until it ends."""
        headers = {"accept": "text/event-stream"}
        event = data = ""
        async with self._client.stream("GET", address, headers=headers, timeout=httpx.Timeout(_PATIENCE)) as answer:
            if answer.status_code != httpx.codes.OK:
                self._journal.faults.append(f"events of {address}: {answer.status_code}")
                return
            async for line in answer.aiter_lines():
                name, _, value = line.partition(": ")
                if name == "event":
                    event = value
                elif name == "data":
                    data += value
                elif not line and event:
                    self._journal.news += 1
                    yield event, data
                    event = data = ""

    def _of_script(self, target: str) -> dict[str, str]:
        return {
            "hx-request": "true",
            "hx-target": target,
            "hx-current-url": self._origin + self.window.address,
            "x-csrf-token": self._csrf,
        }

    async def _picture(self, address: str, kind: str) -> httpx.Response:
        tag = self._pictures.get(address, (0.0, ""))[1]
        return await self._ask("GET", address, kind, headers={"if-none-match": tag} if tag else {})

    async def _ask(
        self,
        method: str,
        address: str,
        kind: str,
        *,
        may_say: str = "\0",
        **more: Any,  # noqa: ANN401 (the client's)
    ) -> httpx.Response:
        began = time.perf_counter()
        try:
            answer = await self._client.request(method, address, **more)
        except httpx.HTTPError as error:
            self._journal.faults.append(f"{kind}: {type(error).__name__} after {time.perf_counter() - began:.1f} s")
            raise
        self._journal.answers.append(Answer(kind, time.perf_counter() - began))
        if answer.is_client_error and answer.text.startswith(may_say):
            self._journal.told.append(answer.text)
        elif answer.is_error:
            self._journal.faults.append(f"{kind}: {answer.status_code} {answer.text[:120]}")
        return answer

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _leave(self) -> None:
        """End what the page was doing, as a browser does when its page is left."""
        running = list(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _listen(self, window: Window) -> None:
        """Hear what others do while the page is shown, and show anew what its script would."""
        refresh: Callable[[str], Coroutine[Any, Any, None]]
        refresh = self._list_anew if window.stream == "/events" else self._case_anew
        try:
            async for event, data in self.events(window.stream):
                if event == "changed":
                    self._start(refresh(data))
        except httpx.HTTPError as error:
            self._journal.faults.append(f"events of {window.stream}: {type(error).__name__}")

    async def _list_anew(self, _: str) -> None:
        with contextlib.suppress(httpx.HTTPError):  # it is in the journal
            await self.part(self.window.address, "list: after news", "list")

    async def _case_anew(self, data: str) -> None:
        window, version = self.window, json.loads(data)["version"]
        mine = window.head
        await asyncio.sleep(_OWN_NEWS)
        if version in {window.known, window.head}:
            return
        window.known = version
        base, _, rest = window.address.removeprefix("/cases/").partition("/")
        tab = rest or "form"
        address = f"/cases/{base}/changed?since={mine}&tab={tab}"
        with contextlib.suppress(httpx.HTTPError):  # it is in the journal
            window.take((await self.part(address, f"{tab}: after news", "changed")).text)
