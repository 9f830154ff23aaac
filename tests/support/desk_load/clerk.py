"""What a clerk does all day: looks at the list, opens a case, fills in, puts scans in, looks at pages, binds."""

from __future__ import annotations

import asyncio
import hashlib
import html
import json
import random
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlencode

import httpx

from bundler.file_record import JPEG, PDF
from tests.support.desk_load.browser import Browser
from tests.support.desk_load.folders import told_apart
from tests.support.desk_load.journal import Bundle, Journal, Row, Upload, Write
from tests.support.paths import SAMPLES

THINKING = (0.5, 2.0)
"""Seconds, at least and at most, between an answer and what a clerk does next; drawn anew each time."""
SHARED = 0.4
"""Of the cases that a clerk opens, this share is of the few that everybody works on."""

OF_LIST = frozenset({"list", "list: filter, sort, page, search", "list: after news"})
OF_FORM = frozenset(
    {
        "form",
        "form: save a field",
        "form: settle a conflict",
        "form: ask for a row",
        "form: add a row",
        "form: after news",
    }
)
"""What the journal calls the requests of the list, and those of the form."""

_FIELDS = (
    "/registration/source",
    "/registration/summary",
    "/registration/brief",
    "/registration/proposed_opinion",
    "/claims/0/facts",
    "/claims/0/reason",
    "/claims/0/demand",
)
_ROWS = (("/follow_ups", "archive", ("on", "text")), ("/registration/papers", "register", ("name",)))
"""Lists to which rows are added: where, in which section, and what is asked first."""
_GONE = "这个卷宗已经不在，或者重新做过。"
_MADE = re.compile(r'<p class="done" role="status">已成卷')
_FAILED = re.compile(r'<p class="finding error" role="alert">(.*?)</p>', re.DOTALL)
_DIGEST = re.compile(r'<code class="digest">([0-9a-f]{64})</code>')
_CASE = re.compile(r'id="case-([0-9a-f]+)" href="[^"]*">([^<]*)<')
_THUMBS = re.compile(r'<img src="([^"]+size=thumb)"')
_PAGES = re.compile(r'data-page="([^"]+)"')
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
_PIECES = re.compile(r'<select name="(item-[0-9a-f]+-\d+)">\s*<option value="">不加入')
_SCANS = (
    (SAMPLES / "write-off-complete" / "materials" / "领导批示.jpg", JPEG, "image/jpeg"),
    (SAMPLES / "incomplete" / "materials" / "约谈笔录.pdf", PDF, "application/pdf"),
)


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers (登记号) of all cases, and of those that everybody works on."""

    everyones: tuple[str, ...]
    all: tuple[str, ...]


class Clerk:
    """One clerk.

    Args:
        browser: hers.
        name: her account.
        numbers: the cases that she looks for.
        seed: of all that she decides.
        journal: what she is told goes into it.
        is_over: whether she is to begin nothing more.
    """

    def __init__(  # noqa: PLR0913, PLR0917 (all of it is the clerk's)
        self,
        browser: Browser,
        name: str,
        numbers: Numbers,
        seed: int,
        journal: Journal,
        is_over: Callable[[], bool],
        thinking: tuple[float, float] = THINKING,
    ) -> None:
        self._browser, self._name, self._numbers, self._journal = browser, name, numbers, journal
        self._chance = random.Random(seed)  # noqa: S311 (what she does next, no secret)
        self._is_over, self._thinking, self._count = is_over, thinking, 0
        self._key = ""

    async def work(self) -> None:
        """Until it is over."""
        while not self._is_over():
            await self._look_at_list()
            if self._chance.random() < 0.05:
                await self._browser.go("/centre", "centre")
                await self._think()
                continue
            await self._find_case()
            for _ in range(self._chance.randint(2, 5)):
                if self._is_over():
                    return
                await self._do_something()

    async def do_all(self) -> None:
        """Each thing once, in a case that everybody works on."""
        await self._look_at_list()
        await self._find_case(self._numbers.everyones[0])
        for action in (self._edit, self._add_row, self._look_at_papers, self._upload, self._bind, self._edit):
            await action()
        await self._browser.go("/centre", "centre")

    async def _think(self) -> None:
        await asyncio.sleep(self._chance.uniform(*self._thinking))

    async def _look_at_list(self) -> None:
        await self._browser.go("/", "list")
        await self._think()
        asked = (
            {"q": "", "stand": "late", "ledger": "", "kind": ""},
            {"q": "", "stand": "lacking", "ledger": "special", "kind": ""},
            {"sort": "handler"},
            {"sort": "errors", "down": "1"},
            {"page": str(self._chance.randint(2, 9))},
        )
        for query in self._chance.sample(asked, self._chance.randrange(3)):
            await self._list_part(query)

    async def _list_part(self, query: dict[str, str]) -> str:
        address = f"/?{urlencode(query)}"
        answer = await self._browser.part(address, "list: filter, sort, page, search", "list")
        self._browser.window.address = address
        await self._think()
        return answer.text

    async def _find_case(self, number: str = "") -> None:
        """Look for a case by its number, and open it."""
        if not number:
            is_shared = self._chance.random() < SHARED
            number = self._chance.choice(self._numbers.everyones if is_shared else self._numbers.all)
        told = {"q": number, "stand": "", "ledger": "", "kind": ""}
        found = {shown: key for key, shown in _CASE.findall(await self._list_part(told))}
        self._key = found[number]
        await self._browser.go(self._base, "form")
        await self._think()

    @property
    def _base(self) -> str:
        return f"/cases/{self._key}"

    async def _do_something(self) -> None:
        actions: tuple[tuple[Callable[[], Awaitable[None]], int], ...] = (
            (self._edit, 50),
            (self._add_row, 8),
            (self._look_at_papers, 18),
            (self._upload, 14),
            (self._look_at_own, 4),
            (self._look_back, 3),
            (self._bind, 3),
        )
        (action,) = self._chance.choices([one for one, _ in actions], [weight for _, weight in actions])
        await action()

    async def _to(self, part: str, kind: str) -> str:
        """Another part of the case's page, where it is not shown already."""
        address = self._base + part
        if self._browser.window.address != address:
            await self._browser.go(address, kind)
            await self._think()
        return self._browser.window.text

    def _words(self, about: str) -> str:
        """Words that nobody else writes."""
        self._count += 1
        return f"{about}，{self._name}第{self._count}次填写"

    async def _edit(self) -> None:
        """Fill in a field; what was seen in it is what stood there when she began to type."""
        await self._to("", "form")
        window = self._browser.window
        path = self._chance.choice([one for one in _FIELDS if one in window.fields])
        before, section = window.fields[path]
        await self._think()
        words = self._words("经核对，内容属实")
        data = {"path": path, "before": before, "value": words, "version": window.versions[section]}
        headers = {"hx-trigger-name": "value"}
        answer = await self._browser.send(f"{self._base}/fields", "form: save a field", "", data, headers=headers)
        after = json.dumps(words, ensure_ascii=False)
        if answer.headers.get("hx-retarget") == "#dialog":
            await self._settle(answer.text, path, after)
        elif "没有保存。" in answer.text:
            self._journal.faults.append(f"a sound value is refused: {path}")
        elif answer.is_success:
            self._journal.writes.append(Write(self._key, path, before, after, self._name))
            window.take(answer.text)
        await self._think()

    async def _settle(self, text: str, path: str, after: str) -> None:
        """Somebody else has written the same field: choose."""
        window = self._browser.window
        while True:
            self._journal.offered += 1
            await self._think()
            hidden = {name: html.unescape(value) for name, value in _HIDDEN.findall(text)}
            # A row that is not surely the same any more offers nothing but to keep it.
            mine = json.loads(hidden.get("mine-0", "{}"))
            choice = self._chance.choice(("mine", "theirs")) if mine else "theirs"
            data = {**hidden, "choice-0": choice}
            answer = await self._browser.send(f"{self._base}/settle", "form: settle a conflict", "dialog", data)
            text = answer.text
            if answer.headers.get("hx-retarget") == "#dialog":
                continue
            if answer.is_success:
                window.take(text)
                if choice == "mine":
                    before = json.dumps(mine["before"], ensure_ascii=False) if "before" in mine else ""
                    self._journal.writes.append(Write(self._key, path, before, after, self._name))
            return

    async def _add_row(self) -> None:
        """A row whose first fields are asked for in a dialog."""
        await self._to("", "form")
        window = self._browser.window
        path, section, names = self._chance.choice(_ROWS)
        told = {"version": window.versions[section], "path": path, "do": "add"}
        address = f"{self._base}/rows/new?{urlencode(told)}"
        asked = await self._browser.part(address, "form: ask for a row", "dialog")
        await self._think()
        words = self._words("已经跟进")
        hidden = {name: html.unescape(value) for name, value in _HIDDEN.findall(asked.text)}
        at = re.search(rf'name="new-({path}/\d+)/', asked.text)
        if at is None:
            self._journal.faults.append(f"no row is asked for: {path}")
            return
        first = {f"new-{at[1]}/{name}": "2021-11-30" if name == "on" else words for name in names}
        answer = await self._browser.send(f"{self._base}/rows", "form: add a row", f"s-{section}", {**hidden, **first})
        if answer.is_success and answer.headers.get("hx-retarget") == f"#s-{section}":
            self._journal.rows.append(Row(self._key, path, words, self._name))
            window.take(answer.text)
        else:
            self._journal.faults.append(f"no row is added: {path}")
        await self._think()

    async def _materials(self) -> str:
        text = await self._to("/materials", "materials")
        await self._browser.pictures(_THUMBS.findall(text), "picture")
        return text

    async def _look_at_papers(self) -> None:
        """Leaf through a paper that lies in the case."""
        text = await self._materials()
        views = sorted(set(re.findall(r'hx-get="([^"]+/view)"', text)))
        if views:
            await self._leaf_through(self._chance.choice(views))

    async def _look_at_own(self) -> None:
        """Leaf through a paper that the case can fill."""
        text = await self._to("/papers", "papers")
        views = sorted(set(re.findall(r'hx-get="([^"]+/view)"', text)))
        if views:
            await self._leaf_through(self._chance.choice(views))

    async def _leaf_through(self, view: str) -> None:
        viewer = await self._browser.part(view, "preview", "dialog")
        await self._browser.pictures(_PAGES.findall(html.unescape(viewer.text))[:2], "picture")
        await self._think()

    async def _look_back(self) -> None:
        await self._to("/history", "history")

    async def _upload(self) -> None:
        """A scan dropped on a place that lacks its paper, or on the last one; what it is asked is answered."""
        text = await self._materials()
        lacking = re.findall(r'class="place status-missing" id="place-(\w+)"', text)
        item = self._chance.choice(lacking) if lacking else "other"
        path, kind, media_type = self._chance.choice(_SCANS)
        words = self._words("扫描")
        scan = told_apart(path.read_bytes(), kind, hashlib.sha256(words.encode()).hexdigest())
        files = {"files": (f"补充材料{self._count}-{self._name}{path.suffix}", scan, media_type)}
        answer = await self._browser.send(f"{self._base}/uploads", "upload", "dialog", {"item": item}, files=files)
        if answer.headers.get("hx-retarget") == "#dialog":
            answer = await self._say_what_it_is(answer.text, item)
        if answer.is_success and answer.headers.get("hx-retarget") == "#places":
            self._journal.uploads.append(Upload(self._key, hashlib.sha256(scan).hexdigest(), item, self._name))
            self._browser.window.text = answer.text
            await self._browser.pictures(_THUMBS.findall(answer.text), "picture")
        else:
            self._journal.faults.append(f"an upload is not taken: {answer.status_code} {answer.text[-200:]}")
        await self._think()

    async def _say_what_it_is(self, text: str, item: str) -> httpx.Response:
        await self._think()
        token = re.findall(r'name="token" value="([0-9a-f]+)"', text)
        data = {"token": token, **dict.fromkeys(_PIECES.findall(text), item)}
        return await self._browser.send(f"{self._base}/uploads/place", "upload: say what it is", "places", data)

    async def _bind(self) -> None:
        """The one button, where the gate is open; then the file is proved and downloaded."""
        text = await self._to("/bundle", "bundle page")
        button = re.search(r'<button type="submit" class="primary"( disabled)?', text)
        if button is None or button[1]:
            return
        kind = re.search(r'<option value="([\w-]+)" selected', text)
        data = {"kind": kind[1] if kind else "", "scope": "whole"}
        panel = await self._browser.send(f"{self._base}/bundle", "bundle: begin", "bundle-panel", data)
        if "data-watch" in panel.text:
            async for event, _ in self._browser.events(f"{self._base}/bundle/progress"):
                if event == "over":
                    break
            panel = await self._browser.part(f"{self._base}/bundle/panel", "bundle: panel", "bundle-panel")
        digest = _DIGEST.search(panel.text)
        if not _MADE.search(panel.text) or digest is None:
            failed = _FAILED.search(panel.text)
            self._journal.told.append(html.unescape(failed[1]) if failed else "没有成卷")
            return
        self._journal.bundles.append(Bundle(self._key, digest[1], self._name))
        await self._think()
        await self._prove(digest[1])

    async def _prove(self, digest: str) -> None:
        """Whether it is what it was; unless somebody has made another meanwhile."""
        base = f"{self._base}/bundle/{digest}"
        proof = await self._browser.send(f"{base}/proof", "bundle: proof", f"proof-{digest[:16]}", {}, may_say=_GONE)
        if proof.is_success and "与成卷时一致" not in proof.text:
            self._journal.told.append(re.sub(r"<[^>]*>|\s+", " ", proof.text)[:200])
        await self._think()
