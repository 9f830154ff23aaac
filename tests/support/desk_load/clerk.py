"""A simulated clerk: views the list, opens a case, changes fields, uploads scans, views pages, builds the bundle."""

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

from bundler.file_inspection_record import JPEG, PDF
from tests.support.desk_load.browser import Browser
from tests.support.desk_load.folders import make_distinct
from tests.support.desk_load.journal import Bundle, Journal, Row, Upload, Write
from tests.support.paths import SAMPLES

THINKING_SECONDS = (0.5, 2.0)
"""The range of the pause between a response and the clerk's next action, in seconds."""
SHARED_FRACTION = 0.4
"""The fraction of opened cases that are among the few on which all clerks work."""

LIST_REQUESTS = frozenset({"list", "list: filter, sort, page, search", "list: after an event"})
FORM_REQUESTS = frozenset(
    {
        "form",
        "form: save a field",
        "form: resolve a conflict",
        "form: dialog for a row",
        "form: add a row",
        "form: after an event",
    }
)
"""The kinds of requests of the list, and of the form."""

_FIELDS = (
    "/registration/source",
    "/registration/summary",
    "/registration/brief",
    "/registration/proposed_opinion",
    "/claims/0/facts",
    "/claims/0/reason",
    "/claims/0/demand",
)
_ROWS = (("/registration/papers", "register", ("name",)),)
"""Lists to which rows are added: path, section of the form, and the keys of the first dialog."""
_BUNDLE_GONE = "这个卷宗已经不在，或者重新做过。"
_BUILT = re.compile(r'<p class="done" role="status">已成卷')
_FAILED = re.compile(r'<p class="finding error" role="alert">(.*?)</p>', re.DOTALL)
_DIGEST = re.compile(r'<code class="digest">([0-9a-f]{64})</code>')
_CASE = re.compile(r'id="case-([0-9a-f]+)" href="[^"]*">(.*?)</a>')
_TAG = re.compile(r"<[^>]*>")
"""What was searched for is marked in what is found."""
_THUMBS = re.compile(r'<img src="([^"]+size=thumb)"')
_PAGES = re.compile(r'data-page="([^"]+)"')
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
_SCANS = (
    (SAMPLES / "write-off-complete" / "materials" / "领导批示.jpg", JPEG, "image/jpeg"),
    (SAMPLES / "incomplete" / "materials" / "约谈笔录.pdf", PDF, "application/pdf"),
)
_PROGRESS_SECONDS = 0.4
"""The interval at which the page's script asks for the progress of a build."""


@dataclass(frozen=True, slots=True)
class CaseNumbers:
    """The registration numbers (登记号) of all cases, and of those on which all clerks work."""

    shared: tuple[str, ...]
    all: tuple[str, ...]


class Clerk:
    """One clerk.

    Args:
        browser: the clerk's browser.
        name: the clerk's account.
        case_numbers: the cases that the clerk opens.
        seed: the seed of the clerk's decisions.
        journal: receives the accepted changes and the errors.
        is_time_up: whether the clerk must start no further action.
        thinking_seconds: the range of the pause between two actions.
    """

    def __init__(  # noqa: PLR0913, PLR0917 (the parameters of one clerk)
        self,
        browser: Browser,
        name: str,
        case_numbers: CaseNumbers,
        seed: int,
        journal: Journal,
        is_time_up: Callable[[], bool],
        thinking_seconds: tuple[float, float] = THINKING_SECONDS,
    ) -> None:
        self._browser, self._name, self._case_numbers, self._journal = browser, name, case_numbers, journal
        self._rng = random.Random(seed)  # noqa: S311 (no security purpose)
        self._is_time_up, self._thinking_seconds, self._count = is_time_up, thinking_seconds, 0
        self._key = ""

    async def work_until_time_up(self) -> None:
        """Do random actions until the time is up."""
        while not self._is_time_up():
            await self._view_list()
            if self._rng.random() < 0.05:
                await self._browser.go("/centre", "batches")
                await self._think()
                continue
            await self._find_case()
            for _ in range(self._rng.randint(2, 5)):
                if self._is_time_up():
                    return
                await self._do_something()

    async def do_each_action(self) -> None:
        """Do each action once, in a case on which all clerks work."""
        await self._view_list()
        await self._find_case(self._case_numbers.shared[0])
        for action in (
            self._change_field,
            self._add_row,
            self._view_material,
            self._upload_file,
            self._build_bundle,
            self._change_field,
        ):
            await action()
        await self._browser.go("/centre", "batches")

    async def _think(self) -> None:
        await asyncio.sleep(self._rng.uniform(*self._thinking_seconds))

    async def _view_list(self) -> None:
        await self._browser.go("/", "list")
        await self._think()
        queries = (
            {"q": "", "stand": "late", "ledger": "", "kind": ""},
            {"q": "", "stand": "lacking", "ledger": "special", "kind": ""},
            {"sort": "handler"},
            {"sort": "errors", "down": "1"},
            {"page": str(self._rng.randint(2, 9))},
        )
        for query in self._rng.sample(queries, self._rng.randrange(3)):
            await self._request_list(query)

    async def _request_list(self, query: dict[str, str]) -> str:
        address = f"/?{urlencode(query)}"
        answer = await self._browser.request_part(address, "list: filter, sort, page, search", "list")
        self._browser.window.address = address
        await self._think()
        return answer.text

    async def _find_case(self, number: str = "") -> None:
        """Search a case by its number, and open it."""
        if not number:
            is_shared = self._rng.random() < SHARED_FRACTION
            number = self._rng.choice(self._case_numbers.shared if is_shared else self._case_numbers.all)
        query = {"q": number, "stand": "", "ledger": "", "kind": ""}
        found = {_TAG.sub("", shown): key for key, shown in _CASE.findall(await self._request_list(query))}
        self._key = found[number]
        await self._browser.go(self._base, "form")
        await self._think()

    @property
    def _base(self) -> str:
        return f"/cases/{self._key}"

    async def _do_something(self) -> None:
        actions: tuple[tuple[Callable[[], Awaitable[None]], int], ...] = (
            (self._change_field, 50),
            (self._add_row, 8),
            (self._view_material, 18),
            (self._upload_file, 14),
            (self._view_document, 4),
            (self._view_history, 3),
            (self._build_bundle, 3),
        )
        (action,) = self._rng.choices([one for one, _ in actions], [weight for _, weight in actions])
        await action()

    async def _open_tab(self, part: str, kind: str) -> str:
        """Open a tab of the case, unless it is open already, and return its text."""
        address = self._base + part
        if self._browser.window.address != address:
            await self._browser.go(address, kind)
            await self._think()
        return self._browser.window.text

    def _unique_text(self, about: str) -> str:
        """Return a text that no other action writes."""
        self._count += 1
        return f"{about}，{self._name}第{self._count}次填写"

    async def _change_field(self) -> None:
        """Change a field, sending the value that the clerk saw before."""
        await self._open_tab("", "form")
        window = self._browser.window
        path = self._rng.choice([one for one in _FIELDS if one in window.fields])
        before, section = window.fields[path]
        await self._think()
        text_value = self._unique_text("经核对，内容属实")
        data = {"path": path, "before": before, "value": text_value, "version": window.versions[section]}
        headers = {"hx-trigger-name": "value"}
        answer = await self._browser.post(f"{self._base}/fields", "form: save a field", "", data, headers=headers)
        after = json.dumps(text_value, ensure_ascii=False)
        if answer.headers.get("hx-retarget") == "#dialog":
            await self._resolve_conflict(answer.text, path, after)
        elif "没有保存。" in answer.text:
            self._journal.problems.append(f"a valid value is refused: {path}")
        elif answer.is_success:
            self._journal.writes.append(Write(self._key, path, before, after, self._name))
            window.update(answer.text)
        await self._think()

    async def _resolve_conflict(self, text: str, path: str, after: str) -> None:
        """Another clerk has changed the same field: choose one of the two values."""
        window = self._browser.window
        while True:
            self._journal.conflicts += 1
            await self._think()
            hidden = {name: html.unescape(value) for name, value in _HIDDEN.findall(text)}
            # If the row cannot be identified any more, only the other clerk's value is offered.
            mine = json.loads(hidden.get("mine-0", "{}"))
            choice = self._rng.choice(("mine", "theirs")) if mine else "theirs"
            data = {**hidden, "choice-0": choice}
            answer = await self._browser.post(f"{self._base}/settle", "form: resolve a conflict", "dialog", data)
            text = answer.text
            if answer.headers.get("hx-retarget") == "#dialog":
                continue
            if answer.is_success:
                window.update(text)
                if choice == "mine":
                    before = json.dumps(mine["before"], ensure_ascii=False) if "before" in mine else ""
                    self._journal.writes.append(Write(self._key, path, before, after, self._name))
            return

    async def _add_row(self) -> None:
        """Add a row, whose first fields are entered in a dialog."""
        await self._open_tab("", "form")
        window = self._browser.window
        path, section, names = self._rng.choice(_ROWS)
        query = {"version": window.versions[section], "path": path, "do": "add"}
        address = f"{self._base}/rows/new?{urlencode(query)}"
        dialog = await self._browser.request_part(address, "form: dialog for a row", "dialog")
        await self._think()
        text_value = self._unique_text("已经跟进")
        hidden = {name: html.unescape(value) for name, value in _HIDDEN.findall(dialog.text)}
        at = re.search(rf'name="new-({path}/\d+)/', dialog.text)
        if at is None:
            self._journal.problems.append(f"no dialog for a new row: {path}")
            return
        first = {f"new-{at[1]}/{name}": "2021-11-30" if name == "on" else text_value for name in names}
        answer = await self._browser.post(f"{self._base}/rows", "form: add a row", f"s-{section}", {**hidden, **first})
        if answer.is_success and answer.headers.get("hx-retarget") == f"#s-{section}":
            self._journal.rows.append(Row(self._key, path, text_value, self._name))
            window.update(answer.text)
        else:
            self._journal.problems.append(f"no row is added: {path}")
        await self._think()

    async def _open_materials(self) -> str:
        text = await self._open_tab("/materials", "materials")
        await self._browser.load_images(_THUMBS.findall(text), "picture")
        return text

    async def _view_material(self) -> None:
        """View pages of a material of the case."""
        text = await self._open_materials()
        views = sorted(set(re.findall(r'hx-get="([^"]+/view)"', text)))
        if views:
            await self._view_pages(self._rng.choice(views))

    async def _view_document(self) -> None:
        """View pages of a document that the case can generate."""
        text = await self._open_tab("/papers", "papers")
        views = sorted(set(re.findall(r'hx-get="([^"]+/view)"', text)))
        if views:
            await self._view_pages(self._rng.choice(views))

    async def _view_pages(self, view: str) -> None:
        viewer = await self._browser.request_part(view, "preview", "dialog")
        await self._browser.load_images(_PAGES.findall(html.unescape(viewer.text))[:2], "picture")
        await self._think()

    async def _view_history(self) -> None:
        await self._open_tab("/history", "history")

    async def _upload_file(self) -> None:
        """Upload a scan for a missing item, or for the last one."""
        text = await self._open_materials()
        lacking = re.findall(r'class="place status-missing" id="place-(\w+)"', text)
        item = self._rng.choice(lacking) if lacking else "other"
        path, kind, media_type = self._rng.choice(_SCANS)
        text_value = self._unique_text("扫描")
        scan = make_distinct(path.read_bytes(), kind, hashlib.sha256(text_value.encode()).hexdigest())
        files = {"files": (f"补充材料{self._count}-{self._name}{path.suffix}", scan, media_type)}
        answer = await self._browser.post(f"{self._base}/uploads", "upload", "dialog", {"item": item}, files=files)
        if answer.is_success and answer.headers.get("hx-retarget") == "#places":
            self._journal.uploads.append(Upload(self._key, hashlib.sha256(scan).hexdigest(), item, self._name))
            self._browser.window.text = answer.text
            await self._browser.load_images(_THUMBS.findall(answer.text), "picture")
        else:
            self._journal.problems.append(f"an upload is refused: {answer.status_code} {answer.text[-200:]}")
        await self._think()

    async def _build_bundle(self) -> None:
        """Build the bundle, if the case is complete, and verify it."""
        text = await self._open_tab("/bundle", "bundle page")
        button = re.search(r'<button type="submit" class="primary"( disabled)?', text)
        if button is None or button[1]:
            return
        kind = re.search(r'<option value="([\w-]+)" selected', text)
        data = {"kind": kind[1] if kind else "", "scope": "whole"}
        panel = await self._browser.post(f"{self._base}/bundle", "bundle: start", "bundle-panel", data)
        if "data-watch" in panel.text:
            while await self._browser.is_content(f"{self._base}/bundle/progress", "bundle: progress"):  # noqa: ASYNC110 (it asks, as the page does)
                await asyncio.sleep(_PROGRESS_SECONDS)
            panel = await self._browser.request_part(f"{self._base}/bundle/panel", "bundle: panel", "bundle-panel")
        digest = _DIGEST.search(panel.text)
        if not _BUILT.search(panel.text) or digest is None:
            failed = _FAILED.search(panel.text)
            self._journal.refusals.append(html.unescape(failed[1]) if failed else "没有成卷")
            return
        self._journal.bundles.append(Bundle(self._key, digest[1], self._name))
        await self._think()
        await self._verify_bundle(digest[1])

    async def _verify_bundle(self, digest: str) -> None:
        """Verify the bundle on the desk, unless another clerk has built it again meanwhile."""
        base = f"{self._base}/bundle/{digest}"
        proof = await self._browser.post(
            f"{base}/proof", "bundle: verify", f"proof-{digest[:16]}", {}, expected_refusal=_BUNDLE_GONE
        )
        if proof.is_success and "与成卷时一致" not in proof.text:
            self._journal.refusals.append(re.sub(r"<[^>]*>|\s+", " ", proof.text)[:200])
        await self._think()
