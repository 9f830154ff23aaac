"""An in-process desk over a folder of cases, with a client that acts as a browser and compares with the commands."""

from __future__ import annotations

import contextlib
import io
import json
import re
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
from tests.support.paths import copy_sample

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it recommends a successor of httpx that nothing else here needs
    from starlette.testclient import TestClient as TestClient  # noqa: PLC0414 (re-exported to the tests)

TODAY = date(2021, 12, 31)


class Clerk:
    """A browser on the pages of one case.

    Attributes:
        folder: the case folder.
        base: the path of the case's pages.
    """

    def __init__(self, client: TestClient, folder: Path, base: str) -> None:
        self._client, self.folder, self.base = client, folder, base

    def get(self, path: str = "", **headers: str) -> Any:  # noqa: ANN401 (the client's response)
        """Get a page of the case."""
        return self._client.get(self.base + path, headers=headers)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> Any:  # noqa: ANN401 (the client's)
        """Post a form to the case."""
        return self._client.post(self.base + path, data=data or {}, **more)

    def upload(self, path: Path, item: str = "", name: str = "") -> Any:  # noqa: ANN401 (the client's response)
        """Upload a file, by default under its own name, to the slot of an item or to the page."""
        files = [("files", (name or path.name, path.read_bytes()))]
        return self.post("/uploads", {"item": item}, files=files)

    def version(self, text: str = "") -> str:
        """The version of case.json that a page shows; by default the page of the form."""
        found = re.search(r'data-version="([0-9a-f]{64})"', text or self.get().text)
        assert found
        return found[1]

    def fill(self, path: str, value: Any, before: Any = None, version: str = "", **more: Any) -> Any:  # noqa: ANN401
        """Save a field, stating the value that the clerk saw before."""
        seen = "" if before is None else json.dumps(before, ensure_ascii=False)
        data = {"path": path, "value": value, "before": seen, "version": version or self.version(), **more}
        return self.post("/fields", data)

    def tree(self) -> dict[str, Any]:
        """The content of case.json."""
        return dict(json.loads((self.folder / "case.json").read_text(encoding="utf-8")))

    def checked(self) -> dict[str, Any]:
        """The report of ``bundler check --json``."""
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            run(["check", str(self.folder), "--json", "--today", TODAY.isoformat()])
        return dict(json.loads(output.getvalue()))

    def status(self, item: str) -> str:
        """The status of an item on the checklist of ``bundler check``."""
        return next(str(line["status"]) for line in self.checked()["checklist"] if line["item"] == item)

    def rules(self) -> set[tuple[str, str | None]]:
        """The rule and the JSON Pointer of each finding of ``bundler check``."""
        return {(finding["rule"], finding["path"]) for finding in self.checked()["findings"]}

    def waiting(self) -> dict[str, str]:
        """The parts that wait to be placed on the sorting page, by the names of their files; files that are read first."""
        text = self.get("/sorting").text
        for key in re.findall(r'id="file-([0-9a-f]+)"[^>]*hx-get', text):
            self.get(f"/waiting/{key}/tiles")
        text = self.get("/sorting").text
        return {
            unescape(name): part for part, name in re.findall(r'data-part="([^"]+)"[^>]*? data-name="([^"]*)"', text)
        }

    def place(self, *parts: str, **dates: str) -> Any:  # noqa: ANN401 (the client's response)
        """Place waiting parts, each given as `PART:ITEM`."""
        return self.post("/sorting/place", {"parts": " ".join(parts), **dates})

    def undo(self) -> Any:  # noqa: ANN401 (the client's response)
        """Undo what the page of materials offers to undo."""
        found = re.search(r'id="undo"[^>]* value="([\d,]+)"', self.get("/materials").text)
        assert found, "nothing to undo"
        return self.post(
            "/undo", {"numbers": found[1]}, headers={"hx-current-url": f"http://127.0.0.1{self.base}/materials"}
        )

    def card(self, title: str) -> str:
        """The path of a material, by the title of its card."""
        text = self.get("/materials").text
        found = re.search(
            rf'<li class="card" id="[^"]*" aria-label="{re.escape(title)}">.*?(/materials/\d+-[0-9a-f]*)/',
            text,
            re.DOTALL,
        )
        assert found, f"no card {title}"
        return found[1]


def logged_in_client(app: Starlette, actor: str = "书记员") -> TestClient:
    """A client with a session, which sends the CSRF token of its pages."""
    client = TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)
    token = app.state.services.sessions.open(actor)
    client.cookies.set("desk", token)
    client.headers["X-CSRF-Token"] = app.state.services.sessions.find(token).csrf
    return client


@contextlib.contextmanager
def desk(
    cases: Path, actor: str = "书记员", templates: Path | None = None, profile: Path | None = None
) -> Iterator[TestClient]:
    """A logged-in client of a desk of a court over a folder of cases; batches write their output beside the folder."""
    out = cases.parent / "批处理"
    app = make_app(DeskSettings(cases, out, load_profile(profile), find_templates_folder(templates), lambda: TODAY))
    client = logged_in_client(app, actor)
    try:
        yield client
    finally:
        client.close()
        app.state.services.cases.close()
        app.state.services.case_index.close()
        app.state.services.batches.close()
        app.state.services.paper_search.close()
        app.state.services.reading.close()


@contextlib.contextmanager
def clerk(root: Path, sample: str) -> Iterator[Clerk]:
    """A clerk at a desk whose only case is a copy of a sample."""
    folder = root / "案件" / sample
    copy_sample(sample, folder)
    with desk(folder.parent) as client:
        (ref,) = app_of(client).state.services.case_registry.scan()
        yield Clerk(client, folder, f"/cases/{ref.key}")


def app_of(client: TestClient) -> Starlette:
    """The application behind a client."""
    assert isinstance(client.app, Starlette)
    return client.app


def wait_for_page(client: TestClient, path: str, condition: Callable[[str], bool], seconds: float = 120) -> str:
    """Get a page again until its text meets a condition.

    Raises:
        AssertionError: it does not within the given number of seconds.
    """
    end = time.monotonic() + seconds
    while True:
        text = str(client.get(path, headers={"accept": "text/html"}).text)
        if condition(text):
            return text
        assert time.monotonic() < end, visible_text(text)
        time.sleep(0.1)


def visible_text(text: str) -> str:
    """The text of a page, without tags."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", text)))


def hidden_fields(text: str) -> dict[str, str]:
    """The names and values of a page's hidden inputs, as its form would send them."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text)
    return {name: unescape(value) for name, value in found}
