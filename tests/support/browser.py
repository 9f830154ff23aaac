"""A desk as a process of its own, and a browser before it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = "/usr/bin/chromium"
expect.set_options(timeout=60_000)  # a busy machine is waited for
SCREEN = {"width": 1366, "height": 768}
"""The courts' screens."""
PATIENCE = 60_000
"""With a busy machine, in milliseconds; nobody waits so long otherwise."""
expect.set_options(timeout=PATIENCE)


def own_environment() -> dict[str, str]:
    """What a process of its own would have, without the fonts that the typesetter chose for this one."""
    return {name: value for name, value in os.environ.items() if not name.startswith("FONTCONFIG")}


@contextmanager
def served(root: Path, *more: str) -> Iterator[str]:
    """``bundler serve`` over a folder: the address that it tells, which lets in whoever has it where there are no accounts."""
    command = [sys.executable, "-m", "bundler", "serve", str(root), "--port", "0", *more]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env={**own_environment(), "PYTHONUNBUFFERED": "1"}
    ) as desk:
        assert desk.stderr
        told = iter(desk.stderr.readline, "")
        address = next(found[0] for line in told if (found := re.search(r"http://127\.0\.0\.1:[0-9]+/\S*", line)))
        try:
            yield address
        finally:
            desk.send_signal(signal.SIGINT)
            desk.communicate(timeout=30)


@contextmanager
def browsing(*more: str) -> Iterator[Browser]:
    """Debian's own browser, with more arguments where they are needed; its sandbox wants an account that is not root's."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", *more], env={**own_environment()}
        )
        try:
            yield browser
        finally:
            browser.close()


def opened(browser: Browser, address: str) -> Page:
    """A clerk's window of her own, in which every fault of a script or of the policy is an error."""
    context = browser.new_context(viewport=SCREEN, locale="zh-CN", accept_downloads=True)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
    page.goto(address)
    vars(page)["faults"] = faults
    return page


def settled(page: Page) -> None:
    """Wait until what was asked for is answered and shown."""
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)


def faults_of(page: Page) -> list[str]:
    """What went wrong in the window's scripts."""
    return list(vars(page)["faults"])


def serious(page: Page) -> list[str]:
    """What the judge of accessibility calls serious or critical on the page as it stands."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in {"serious", "critical"}]
