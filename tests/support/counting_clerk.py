"""A clerk who works as quickly as the desk lets her, and counts her clicks and keys; and a desk on a day of one's choice."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import uvicorn
from playwright.sync_api import Locator, Page, expect

from bundler.desk.app import make_app
from bundler.desk.security.access_config import AccessConfig
from bundler.desk.settings import DeskSettings
from bundler.documents.definitions import find_templates_folder
from bundler.profile import load_profile
from tests.support.browser import wait_for_htmx


@dataclass
class Count:
    """The clicks and keys of one step of the work."""

    step: str
    clicks: int = 0
    keys: int = 0


@dataclass
class CountingClerk:
    """Operates a page like a person, and counts.

    A character counts as one key, whatever an input method needs for it. A file that is chosen in the system's dialog counts
    as two clicks: the button, and the file.

    Attributes:
        page: the page.
        counts: the steps so far.
    """

    page: Page
    counts: list[Count] = field(default_factory=list)

    @property
    def clicks(self) -> int:
        """All clicks so far."""
        return sum(one.clicks for one in self.counts)

    @property
    def keys(self) -> int:
        """All keys so far."""
        return sum(one.keys for one in self.counts)

    def begin(self, step: str) -> None:
        """Begin a step of the work."""
        self.counts.append(Count(step))

    def click(self, element: Locator | str) -> None:
        """Click an element; a text is the id of a field of the form. Where that leads to another page, wait for its scripts."""
        self._find(element).click()
        self.page.wait_for_load_state()
        self.counts[-1].clicks += 1

    def type_text(self, text: str) -> None:
        """Type into the element that has the focus."""
        self.page.keyboard.type(text)
        self.counts[-1].keys += len(text)

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)
        self.counts[-1].keys += len(keys)

    def choose_files(self, element: Locator, files: Sequence[Path]) -> None:
        """Choose files in the system's dialog."""
        element.set_input_files([str(file) for file in files])
        self.counts[-1].clicks += 2

    def wait_for_focus(self, identifier: str) -> None:
        """Wait until a field has the focus, as a person sees that it has."""
        expect(self._find(identifier)).to_be_focused()

    def wait_until_saved(self) -> None:
        """Leave the keyboard alone until everything is saved; a person is never so quick."""
        wait_for_htmx(self.page)
        expect(self.page.locator("#save-state")).to_have_text("已保存")

    def _find(self, element: Locator | str) -> Locator:
        return self.page.locator(f'[id="if-{element}"]') if isinstance(element, str) else element


@contextmanager
def desk_on(root: Path, out: Path, today: Callable[[], date]) -> Iterator[str]:
    """Run a desk in a thread of this process, on a day that may change; yield the address that logs in."""
    access = AccessConfig()
    app = make_app(DeskSettings(root, out, load_profile(None), find_templates_folder(None), today), access)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            threading.Event().wait(0.05)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/?token={access.start.value}"
    finally:
        server.should_exit = True
        thread.join(30)
