"""Firefox without a window, driven by Marionette, the protocol that is built into every Firefox.

Playwright drives its own build of Firefox alone, and the usual driver is no package of Debian's.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.support.browser import process_environment
from tests.support.paths import ROOT

DEBIAN_11 = ROOT / ".browsers" / "debian-11"
"""What `make old-browsers` takes from Debian 11: Firefox 115, and `js78`, the engine of Firefox 78."""
PROGRAMS: dict[str, str | None] = {
    "present": shutil.which("firefox-esr") or shutil.which("firefox"),
    "115": shutil.which(DEBIAN_11 / "firefox"),
}
"""Firefox as this Debian has it, and the oldest one to be had; None where it is not installed."""
_SECONDS = 120.0
"""How long a page may take on a busy machine."""
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The key under which WebDriver passes an element."""
_PORT_FILE = "MarionetteActivePort"
"""What Firefox calls the file of its profile that tells which port it has taken."""
_PREFERENCES = """user_pref("marionette.port", 0);
user_pref("intl.accept_languages", "zh-CN");
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("app.update.disabledForTesting", true);
"""
_LOADED = "document.readyState === 'complete'"
"""Before that nothing may listen to a click or a key."""
KEYS = {"Tab": "\ue004", "Escape": "\ue00c", "Enter": "\ue007"}


class Firefox:
    """A window of Firefox.

    Args:
        stream: the connection to Marionette.
    """

    def __init__(self, stream: socket.socket) -> None:
        self._stream, self._number, self._read = stream, 0, b""
        self._receive()  # the greeting
        capabilities = {"pageLoadStrategy": "normal", "unhandledPromptBehavior": "accept"}
        self.version: str = self._command("WebDriver:NewSession", capabilities)["capabilities"]["browserVersion"]
        self._command("WebDriver:SetTimeouts", {"pageLoad": int(_SECONDS * 1000), "script": int(_SECONDS * 1000)})

    def open(self, address: str) -> None:
        """Go to an address, and note the errors of the page's scripts from then on."""
        self._command("WebDriver:Navigate", {"url": address})

    def click(self, selector: str) -> None:
        """Click an element with the mouse, once it can be seen."""
        self.wait_for(f"{_LOADED} && (document.querySelector({json.dumps(selector)}) || {{}}).offsetWidth > 0")
        self._command("WebDriver:ElementClick", {"id": self._element(selector)})

    def type_into(self, selector: str, text: str) -> None:
        """Type into a field; the names of `KEYS` in braces stand for keys, and a path for a file field chooses the file."""
        self.wait_for(f"{_LOADED} && document.querySelector({json.dumps(selector)})")
        for name, key in KEYS.items():
            text = text.replace(f"{{{name}}}", key)
        self._command("WebDriver:ElementSendKeys", {"id": self._element(selector), "text": text})

    def value(self, script: str) -> Any:  # noqa: ANN401 (any JSON value)
        """The value of a JavaScript expression."""
        return self._command("WebDriver:ExecuteScript", {"script": f"return ({script});", "args": []})["value"]

    def wait_for(self, condition: str) -> None:
        """Wait until a JavaScript expression is true.

        Raises:
            AssertionError: it is not within two minutes.
        """
        end = time.monotonic() + _SECONDS
        while not self.value(f"Boolean({condition})"):
            assert time.monotonic() < end, f"{condition}: {self.value('document.body.innerText')[:2000]}"
            time.sleep(0.05)

    def wait_for_text(self, selector: str, text: str) -> None:
        """Wait until an element contains a text."""
        found = f"(document.querySelector({json.dumps(selector)}) || {{ textContent: '' }}).textContent"
        self.wait_for(f"{found}.includes({json.dumps(text)})")

    def _element(self, selector: str) -> str:
        found = self._command("WebDriver:FindElement", {"using": "css selector", "value": selector})
        return str(found["value"][_ELEMENT])

    def _command(self, name: str, parameters: dict[str, Any]) -> dict[str, Any]:
        self._number += 1
        data = json.dumps([0, self._number, name, parameters]).encode()
        self._stream.sendall(str(len(data)).encode() + b":" + data)
        _, _, error, result = self._receive()
        assert error is None, f"{name}: {error}"
        return dict(result or {})

    def _receive(self) -> Any:  # noqa: ANN401 (a message of the protocol)
        while b":" not in self._read:
            self._read += self._more()
        length, _, self._read = self._read.partition(b":")
        while len(self._read) < int(length):
            self._read += self._more()
        data, self._read = self._read[: int(length)], self._read[int(length) :]
        return json.loads(data)

    def _more(self) -> bytes:
        data = self._stream.recv(65536)
        assert data, "Firefox has ended"
        return data


@contextlib.contextmanager
def launch_firefox(program: str, profile: Path) -> Iterator[Firefox]:
    """Launch a Firefox with a new profile in a folder."""
    profile.mkdir()
    (profile / "user.js").write_text(_PREFERENCES, encoding="utf-8")
    command = [program, "--headless", "--marionette", "--no-remote", "--profile", str(profile)]
    environment = {
        **process_environment(),
        "HOME": str(profile),
        "MOZ_HEADLESS_WIDTH": "1366",
        "MOZ_HEADLESS_HEIGHT": "768",
    }
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment) as process:
        try:
            with _connected(profile / _PORT_FILE, process) as stream:
                yield Firefox(stream)
        finally:
            process.terminate()


def _connected(port_file: Path, process: subprocess.Popen[bytes]) -> socket.socket:
    """A connection to Marionette, once Firefox listens."""
    end = time.monotonic() + _SECONDS
    while True:
        assert process.poll() is None, "Firefox did not start"
        assert time.monotonic() < end, "Firefox does not listen"
        with contextlib.suppress(FileNotFoundError, ValueError, ConnectionRefusedError):
            port = int(port_file.read_text(encoding="ascii"))
            stream = socket.create_connection(("127.0.0.1", port), timeout=_SECONDS)
            stream.settimeout(_SECONDS)
            return stream
        time.sleep(0.1)
