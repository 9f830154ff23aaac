"""A desk, in this process or in one of its own, and Chromium to drive it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urljoin

import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright
from starlette.types import ASGIApp

from bundler.commands.shared_options import today_in_shanghai
from bundler.desk.app import make_app
from bundler.desk.security.access_config import REQUEST_LIMITS, AccessConfig
from bundler.desk.security.header_timeout import HeaderTimeoutProtocol
from bundler.desk.settings import DeskSettings
from bundler.desk.sigint_handling import DeskServer
from bundler.documents.definitions import find_templates_folder
from bundler.profile import load_profile

CHROMIUM = "/usr/bin/chromium"
SCREEN = {"width": 1366, "height": 768}
"""The size of the screens in courts."""
TIMEOUT_MS = 60_000
"""Milliseconds that an expectation waits on a busy machine."""
expect.set_options(timeout=TIMEOUT_MS)


def process_environment() -> dict[str, str]:
    """The environment for a child process, without the font configuration that the typesetter set for this process."""
    return {name: value for name, value in os.environ.items() if not name.startswith("FONTCONFIG")}


@contextmanager
def run_desk(
    root: Path, before: Callable[[ASGIApp], ASGIApp] = lambda app: app, users: Path | None = None
) -> Iterator[str]:
    """Run a desk over a folder in a thread of this process, with the server's settings.

    Args:
        root: the folder.
        before: puts something before the desk's application.
        users: the file of accounts, if there are any.

    Yields:
        its address, which without accounts logs in.
    """
    access = AccessConfig(users=users)
    settings = DeskSettings(root, root / "批处理", load_profile(None), find_templates_folder(None), today_in_shanghai)
    config = uvicorn.Config(
        before(make_app(settings, access)),
        log_level="critical",
        http=HeaderTimeoutProtocol,
        limit_concurrency=REQUEST_LIMITS.connections,
        timeout_graceful_shutdown=0,  # pages that are still open listen for changes
    )
    server = DeskServer(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            token = "" if users else f"?token={access.start.value}"
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/{token}"
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def run_desk_process(root: Path, *more: str) -> Iterator[str]:
    """Run ``bundler serve`` over a folder, and yield the address that it prints; without accounts its token logs in."""
    command = [sys.executable, "-m", "bundler", "serve", str(root), "--port", "0", *more]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env={**process_environment(), "PYTHONUNBUFFERED": "1"}
    ) as desk:
        assert desk.stderr
        lines = iter(desk.stderr.readline, "")
        address = next(found[0] for line in lines if (found := re.search(r"http://127\.0\.0\.1:[0-9]+/\S*", line)))
        try:
            yield address
        finally:
            desk.terminate()
            desk.communicate(timeout=30)


@contextmanager
def launch_browser(*more: str) -> Iterator[Browser]:
    """Launch Debian's Chromium with further arguments; without its sandbox, which does not work for root."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", *more], env={**process_environment()}
        )
        try:
            yield browser
        finally:
            browser.close()


def copy_from_viewer(path: Path, is_whole: Callable[[str], bool]) -> str:
    """Open a PDF in Chromium's own viewer, select all and copy until the whole text is pasted; return what was pasted last."""
    with sync_playwright() as playwright:
        # Only the new headless mode has the viewer; Playwright's switch starts the old one.
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            headless=False,
            args=["--no-sandbox", "--headless=new"],
            env={**process_environment()},
        )
        try:
            context = browser.new_context()
            context.set_default_timeout(TIMEOUT_MS)
            viewer, notepad = context.new_page(), context.new_page()
            notepad.set_content("<textarea></textarea>")
            viewer.goto(path.as_uri())
            end, pasted = time.monotonic() + TIMEOUT_MS / 1000, ""
            while not is_whole(pasted) and time.monotonic() < end:
                viewer.bring_to_front()
                viewer.mouse.click(700, 400)
                viewer.keyboard.press("Control+a")
                viewer.keyboard.press("Control+c")
                notepad.bring_to_front()
                notepad.locator("textarea").fill("")
                notepad.locator("textarea").press("Control+v")
                notepad.wait_for_timeout(500)
                pasted = notepad.locator("textarea").input_value()
            return pasted
        finally:
            browser.close()


def open_page(browser: Browser, address: str) -> Page:
    """Open an address in a new browser context, and collect script errors and violations of the content security policy."""
    page = _new_page(browser)
    page.goto(address)
    return page


def open_case(browser: Browser, address: str, part: str = "") -> Page:
    """Log in by the address, and open the form of the first case, or another page of it, without drawing the list before."""
    page, found = _new_page(browser), None
    end = time.monotonic() + TIMEOUT_MS / 1000
    while found is None:
        assert time.monotonic() < end, "no case is listed"
        listed = page.request.get(address).text()
        # The address logs in once; a list that is asked for at once may not have read its folder yet.
        address, found = urljoin(address, "/"), re.search(r'href="(/cases/\w+)"', listed)
    page.goto(urljoin(address, found[1] + part))
    return page


def _new_page(browser: Browser) -> Page:
    context = browser.new_context(viewport=SCREEN, locale="zh-CN", accept_downloads=True)  # type: ignore[arg-type]
    context.set_default_timeout(TIMEOUT_MS)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console", lambda message: faults.append(message.text) if "Content Security Policy" in message.text else None
    )
    vars(page)["faults"] = faults
    return page


@contextmanager
def desk_window(browser: Browser, folder: Path, part: str | None = "") -> Iterator[Page]:
    """Run a desk for one case, and open a page of it, or with None the list, in a window whose scripts must make no error."""
    with run_desk(folder.parent) as address:
        page = open_page(browser, address) if part is None else open_case(browser, address, part)
        yield page
        assert page_errors(page) == []
        page.context.close()


def wait_for_htmx(page: Page) -> None:
    """Wait until every htmx request is answered and shown."""
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)


def hold(page: Page, address: str) -> list[Route]:
    """Hold the requests to an address from now on, until they are let go."""
    held: list[Route] = []
    page.route(address, lambda route: held.append(route))  # noqa: PLW0108 (Playwright marks the function)
    return held


def held_request(page: Page, held: list[Route]) -> Route:
    """Wait for the next held request."""
    end = time.monotonic() + TIMEOUT_MS / 1000
    while not held:
        assert time.monotonic() < end, "the request does not come"
        page.wait_for_timeout(20)
    return held.pop(0)


@contextmanager
def held_until_end(page: Page, address: str) -> Iterator[list[Route]]:
    """Hold the requests to an address meanwhile, so that they come after what the test does, however long that takes."""
    held = hold(page, address)
    yield held
    for route in held:
        route.continue_()
    page.unroute(address)  # it lets pass what came in between


@contextmanager
def stopped_clock(page: Page) -> Iterator[None]:
    """Load the page anew, and stop its clock: what it does after a pause is done when the test moves the clock, and not before."""
    page.clock.install()
    page.reload()
    page.clock.pause_at(datetime.now(UTC) + timedelta(hours=1))
    yield
    page.clock.resume()


def page_errors(page: Page) -> list[str]:
    """The errors that `open_page` or `open_case` collected."""
    return list(vars(page)["faults"])


def accessibility_faults(page: Page, within: str | None = None) -> list[str]:
    """The serious and critical faults of accessibility that axe finds on the page, or within an element of it."""
    found = Axe().run(page, context=within).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in {"serious", "critical"}]
