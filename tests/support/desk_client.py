"""A desk over a folder of cases, asked as a browser asks it; and the case as the commands see it."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shutil
import time
import warnings
from collections.abc import Callable, Iterator
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

from starlette.applications import Starlette

from bundler.commands import run
from bundler.desk.app import make_app
from bundler.desk.settings import DeskSettings
from bundler.documents.definitions import find_templates_folder
from bundler.profile import load_profile
from tests.support.paths import SAMPLES

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it asks for a successor of httpx that nothing else here needs
    from starlette.testclient import TestClient as TestClient  # noqa: PLC0414 (handed on to the tests)

TODAY = date(2021, 12, 31)


class Clerk:
    """One who has a case before him.

    Attributes:
        folder: the case folder.
        base: the address of the case.
    """

    def __init__(self, client: TestClient, folder: Path, base: str) -> None:
        self._client, self.folder, self.base = client, folder, base

    def get(self, path: str = "", **headers: str) -> Any:  # noqa: ANN401 (the client's answer)
        """A page of the case."""
        return self._client.get(self.base + path, headers=headers)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> Any:  # noqa: ANN401 (the client's)
        """A change."""
        return self._client.post(self.base + path, data=data or {}, **more)

    def version(self, text: str = "") -> str:
        """The version of the case that a page shows."""
        found = re.search(r'data-version="([0-9a-f]{64})"', text or self.get().text)
        assert found
        return found[1]

    def fill(self, path: str, value: Any, before: Any = None, version: str = "", **more: Any) -> Any:  # noqa: ANN401
        """A field filled in, with what was seen before."""
        told = "" if before is None else json.dumps(before, ensure_ascii=False)
        data = {"path": path, "value": value, "before": told, "version": version or self.version(), **more}
        return self.post("/fields", data)

    def tree(self) -> dict[str, Any]:
        """What stands in case.json."""
        return dict(json.loads((self.folder / "case.json").read_text(encoding="utf-8")))

    def checked(self) -> dict[str, Any]:
        """What ``bundler check --json`` says."""
        told = io.StringIO()
        with contextlib.redirect_stdout(told):
            run(["check", str(self.folder), "--json", "--today", TODAY.isoformat()])
        return dict(json.loads(told.getvalue()))

    def status(self, item: str) -> str:
        """The status of an item in the commands' eyes."""
        return next(str(line["status"]) for line in self.checked()["checklist"] if line["item"] == item)

    def rules(self) -> set[tuple[str, str | None]]:
        """The rules that are broken, each with its place."""
        return {(found["rule"], found["path"]) for found in self.checked()["findings"]}

    def card(self, title: str) -> str:
        """The address of a paper's card, by its title."""
        text = self.get("/materials").text
        found = re.search(
            rf'<li class="card" id="[^"]*" aria-label="{re.escape(title)}">.*?(/materials/\d+-[0-9a-f]*)/',
            text,
            re.DOTALL,
        )
        assert found, f"no card {title}"
        return found[1]


def visitor(app: Starlette, actor: str = "书记员") -> TestClient:
    """A browser with a session at a desk; what it changes carries the word of its pages."""
    client = TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)
    token = app.state.services.sessions.open(actor)
    client.cookies.set("desk", token)
    client.headers["X-CSRF-Token"] = app.state.services.sessions.find(token).csrf
    return client


@contextlib.contextmanager
def desk(cases: Path, actor: str = "书记员") -> Iterator[TestClient]:
    """A browser at a desk over a folder of cases, whose batches write beside it."""
    out = cases.parent / "批处理"
    app = make_app(DeskSettings(cases, out, load_profile(None), find_templates_folder(None), lambda: TODAY))
    client = visitor(app, actor)
    try:
        yield client
    finally:
        client.close()
        app.state.services.cases.close()
        app.state.services.case_index.close()
        app.state.services.batches.close()


@contextlib.contextmanager
def clerk(root: Path, sample: str) -> Iterator[Clerk]:
    """A clerk at a desk whose only case is a sample."""
    folder = root / "案件" / sample
    shutil.copytree(SAMPLES / sample, folder)
    with desk(folder.parent) as client:
        (place,) = app_of(client).state.services.case_registry.scan()
        yield Clerk(client, folder, f"/cases/{place.key}")


def app_of(client: TestClient) -> Starlette:
    """The application behind a client."""
    assert isinstance(client.app, Starlette)
    return client.app


def until(client: TestClient, path: str, is_so: Callable[[str], bool], seconds: float = 120) -> str:
    """A page, as soon as it is as it should be."""
    end = time.monotonic() + seconds
    while True:
        text = str(client.get(path, headers={"accept": "text/html"}).text)
        if is_so(text):
            return text
        assert time.monotonic() < end, words(text)
        time.sleep(0.1)


def words(text: str) -> str:
    """A page as it is read, without its marks."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", text)))


def mine(text: str) -> dict[str, str]:
    """The hidden fields of a page that asks, as its form would send them."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text)
    return {name: unescape(value) for name, value in found}
