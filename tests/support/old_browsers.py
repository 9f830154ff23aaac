"""Old builds of Chromium, which `make old-browsers` fetches, driven by their debugging protocol.

Playwright connects to them, but its locators use functions that old browsers lack; a page is operated with real keys and
clicks, and read with scripts.
"""

from __future__ import annotations

import contextlib
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.browser import TIMEOUT_MS, process_environment
from tests.support.paths import ROOT

FOLDER = ROOT / ".browsers"
_SECONDS = 60.0
_SEE = """(selector) => {
  const box = document.querySelector(selector);
  if (!box || document.readyState !== "complete") return null;
  box.scrollIntoView({ block: "center" });
  const { x, y, width, height } = box.getBoundingClientRect();
  return width && height ? [x + width / 2, y + height / 2] : null;
}"""


class OldPage:
    """A page of an old browser.

    Attributes:
        page: the page.
        errors: the errors of its scripts.
    """

    def __init__(self, browser: Browser) -> None:
        self.page: Page = browser.contexts[0].new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def click(self, selector: str) -> None:
        """Click the middle of an element with the mouse, once it is there."""
        place = self.wait_for(_SEE, selector)
        self.page.mouse.click(*place)

    def type_into(self, selector: str, text: str) -> None:
        """Click a field and type, key by key."""
        self.click(selector)
        self.page.keyboard.type(text)

    def choose_file(self, selector: str, file: Path) -> None:
        """Choose a file for a file field, without the system's dialog."""
        session = self.page.context.new_cdp_session(self.page)
        root = session.send("DOM.getDocument")["root"]["nodeId"]
        node = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
        session.send("DOM.setFileInputFiles", {"files": [str(file)], "nodeId": node})

    def wait_for(self, script: str, argument: object = None) -> Any:  # noqa: ANN401 (what the script returns)
        """The value of a script, once it is neither null nor false; a page that is just loading is asked again.

        Raises:
            AssertionError: it stays so.
        """
        end = time.monotonic() + _SECONDS
        while time.monotonic() < end:
            with contextlib.suppress(Exception):
                if value := self.page.evaluate(script, argument):
                    return value
            time.sleep(0.1)
        raise AssertionError(f"{script} {argument}: {self.errors}")

    def wait_for_text(self, selector: str, text: str) -> None:
        """Wait until an element holds a text."""
        self.wait_for(
            "([selector, text]) => [...document.querySelectorAll(selector)].some((one) => one.textContent.includes(text))",
            [selector, text],
        )


def old_chromium(version: int) -> Path:
    """The path of a build, whether it was fetched or not."""
    return FOLDER / f"chromium-{version}"


@contextlib.contextmanager
def launch_old_browser(version: int, profile: Path) -> Iterator[OldPage]:
    """Launch a build headless, with a new profile in a folder, and open a page."""
    profile.mkdir()
    command = [str(old_chromium(version)), "--headless", "--no-sandbox", "--no-zygote", "--disable-gpu", "--lang=zh-CN"]
    command += ["--window-size=1366,768", "--remote-debugging-port=0", f"--user-data-dir={profile}", "about:blank"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, env=process_environment())
    try:
        address = f"http://127.0.0.1:{_debugging_port(profile)}"
        with sync_playwright() as playwright:
            browser = playwright.chromium.connect_over_cdp(address, timeout=TIMEOUT_MS)
            assert browser.version.partition(".")[0] == str(version)
            yield OldPage(browser)
            browser.close()
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=10)


def _debugging_port(profile: Path) -> int:
    """The port that the browser writes into its profile."""
    file, end = profile / "DevToolsActivePort", time.monotonic() + _SECONDS
    while time.monotonic() < end:
        if file.exists() and (lines := file.read_text(encoding="ascii").split()):
            return int(lines[0])
        time.sleep(0.1)
    raise AssertionError("the old browser does not start")
