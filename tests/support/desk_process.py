"""A desk in a process of its own, with requests that a test controls byte by byte."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from tests.support.browser import process_environment

BOUNDARY = "b"


@dataclass
class Desk:
    """A running desk and the headers of a session.

    Attributes:
        process: the process.
        port: its port.
        headers: the session cookie and the CSRF token.
        case: the path of its first case.
    """

    process: subprocess.Popen[str]
    port: int
    headers: dict[str, str]
    case: str

    def get(self, path: str) -> str:
        """Get a page."""
        with contextlib.closing(HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request("GET", path, headers=self.headers)
            return connection.getresponse().read().decode()

    def begin(self, body: bytes, much: int) -> HTTPConnection:
        """Send the head of an upload and the first bytes of its body."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.putrequest("POST", f"{self.case}/uploads")
        content_headers = {
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
            "Content-Length": str(len(body)),
        }
        for name, value in (self.headers | content_headers).items():
            connection.putheader(name, value)
        connection.endheaders()
        connection.send(body[:much])
        return connection

    def send(self, body: bytes) -> str:
        """Send a whole upload, and return the text of the response."""
        with contextlib.closing(self.begin(body, len(body))) as connection:
            return connection.getresponse().read().decode()


@contextlib.contextmanager
def desk(root: Path, temporary: Path) -> Iterator[Desk]:
    """Run a desk over a folder of cases; it is killed at the end."""
    command = [sys.executable, "-m", "bundler", "serve", str(root), "--port", "0"]
    environment = {**process_environment(), "TMPDIR": str(temporary), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stderr
            link = re.search(r"http://127\.0\.0\.1:(\d+)(/\?token=\S+?)　", process.stderr.readline())
            assert link
            with contextlib.closing(HTTPConnection("127.0.0.1", int(link[1]), timeout=60)) as connection:
                connection.request("GET", link[2])
                cookie = str(connection.getresponse().headers["set-cookie"]).partition(";")[0]
            found = Desk(process, int(link[1]), {"Cookie": cookie}, "")
            text = found.get("/")
            case, word = re.search(r"/cases/\w+", text), re.search(r'"X-CSRF-Token": "([^"]+)"', text)
            assert case
            assert word
            found.case, found.headers["X-CSRF-Token"] = case[0], word[1]
            yield found
        finally:
            process.kill()
