"""The desk and the machine it runs on: names that are no UTF-8, a folder that cannot be written, signals, bare requests."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bundler import atomic_write
from tests.support.desk_client import app_of, clerk, desk, wait_for_page
from tests.support.desk_process import desk as desk_process
from tests.support.paths import SAMPLES

NO_UTF8 = "扫描件".encode("gbk")
SCAN = SAMPLES / "write-off-complete" / "materials" / "交办通知和转交单.pdf"


def test_a_file_whose_name_is_no_utf8_is_shown_and_can_be_taken_in(tmp_path: Path) -> None:
    """Archives made on Windows leave such names; every page of the case shows, and the name is the Chinese one."""
    with clerk(tmp_path, "incomplete") as one:
        shutil.copy(SCAN, os.fsdecode(os.fsencode(one.folder) + b"/" + NO_UTF8 + b".pdf"))
        for path in ("", "/materials", "/sorting", "/bundle", "/history", "/papers"):
            assert one.get(path, accept="text/html").status_code == 200, path
        part = one.waiting()["扫描件.pdf"]
        assert one.place(f"{part}:leader_instruction").status_code == 200
        assert "materials/扫描件.pdf" in {entry["file"] for entry in one.tree()["materials"]}
        assert one.checked()["checklist"]


def test_a_case_folder_whose_name_is_no_utf8_is_shown(tmp_path: Path) -> None:
    """The list, and each page of the case."""
    folder = os.fsdecode(os.fsencode(tmp_path) + b"/cases/" + NO_UTF8)
    shutil.copytree(SAMPLES / "declined", folder)
    with desk(tmp_path / "cases") as client:
        (ref,) = app_of(client).state.services.case_registry.scan()
        wait_for_page(client, "/", lambda text: f"/cases/{ref.key}" in text)
        for path in ("", "/materials", "/bundle", "/history", "/papers", "/printout"):
            assert client.get(f"/cases/{ref.key}{path}", headers={"accept": "text/html"}).status_code in {200, 404}


@pytest.mark.parametrize("origin", ["http://[bad", "http://[::1", "//[", "http://\u2100.example"])
def test_an_origin_that_is_no_address_is_refused_as_a_foreign_one(tmp_path: Path, origin: str) -> None:
    """With status 403; the case is as it was."""
    with clerk(tmp_path, "incomplete") as one:
        before = one.tree()
        headers = {"origin": origin.encode()}
        assert one.post("/fields", {"path": "/registration/note", "value": "x"}, headers=headers).status_code == 403
        assert one.tree() == before


def test_an_asking_page_that_is_no_address_is_no_error(tmp_path: Path) -> None:
    """The page that asks, of which htmx tells the address, decides on the response; an undo and a placed file go through all the same."""
    with clerk(tmp_path, "incomplete") as one:
        wrong = {"hx-current-url": "http://[bad"}
        data = {"path": "/registration/note", "value": "补", "version": one.version()}
        assert one.post("/fields", data, headers=wrong).status_code == 200
        found = re.search(r'id="undo"[^>]* value="([\d,]+)"', one.get("/materials").text)
        assert found
        assert one.post("/undo", {"numbers": found[1]}, headers=wrong).status_code == 200
        assert "note" not in one.tree()["registration"]
        files = [("files", (SCAN.name, SCAN.read_bytes()))]
        assert one.post("/uploads", {"item": "leader_instruction"}, files=files, headers=wrong).status_code == 200


def test_a_request_with_two_lengths_is_refused(tmp_path: Path) -> None:
    """A proxy and the desk may disagree on where it ends; the connection is closed, and what follows is not read."""
    shutil.copytree(SAMPLES / "incomplete", tmp_path / "cases" / "案")
    (tmp_path / "tmp").mkdir()
    with desk_process(tmp_path / "cases", tmp_path / "tmp") as one:
        head = {**one.headers, "Host": f"127.0.0.1:{one.port}", "Content-Length": "5", "Transfer-Encoding": "chunked"}
        lines = ["POST /logout HTTP/1.1", *(f"{name}: {value}" for name, value in head.items()), "", ""]
        second = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{one.port}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", one.port), timeout=30) as connection:
            connection.sendall("\r\n".join(lines).encode() + b"0\r\n\r\n" + second.encode())
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        assert answer.startswith(b"HTTP/1.1 400 ")
        assert answer.count(b"HTTP/1.1 ") == 1
        assert "案件工作台" in one.get("/")


@pytest.mark.parametrize("allowed", range(6))
def test_an_upload_that_cannot_be_taken_in_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, allowed: int
) -> None:
    """On a disk without nameless files where renaming fails, from the first time or later on: no file more than before."""
    calls = [0]

    def failing(plain: Callable[..., None]) -> Callable[..., None]:
        def call(*arguments: object, **options: object) -> None:
            calls[0] += 1
            if calls[0] > allowed:
                raise OSError(5, "Input/output error")
            plain(*arguments, **options)

        return call

    with clerk(tmp_path, "incomplete") as one:
        before = list_files(one.folder)
        monkeypatch.setattr(atomic_write, "_open_tmpfile", lambda _folder: None)
        for name in ("link", "replace", "rename"):
            monkeypatch.setattr(os, name, failing(getattr(os, name)))
        answer = one.upload(SCAN, "leader_instruction")
        monkeypatch.undo()
        left = list_files(one.folder) - before
    if answer.status_code == 507:
        assert left == set()
    else:
        assert answer.status_code == 200
        assert left == {"materials/交办通知和转交单.pdf"}
    assert allowed or answer.status_code == 507


def list_files(folder: Path) -> set[str]:
    """Return the files below a folder, the hidden ones too, but not the history."""
    files = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return {name for name in files if name != ".bundler-history.jsonl"}


@contextmanager
def start_desk(root: Path, *wrapper: str) -> Iterator[tuple[subprocess.Popen[str], str, list[str]]]:
    """Start the desk after a wrapping command; yield its process, its link, and what it printed before."""
    command = [*wrapper, sys.executable, "-m", "bundler", "serve", str(root), "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr
            lines = []
            for line in process.stderr:
                lines.append(line)
                if link := re.search(r"http://127\.0\.0\.1:\d+/\?token=\S+?(?=　)", line):
                    yield process, link[0], lines
                    break
        finally:
            process.terminate()


def open_link(link: str) -> str:
    """The page behind the terminal's link."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with opener.open(link, timeout=30) as answer:
        return str(answer.read().decode())


def test_where_sigint_was_ignored_it_stays_so_and_sigterm_ends_the_desk(tmp_path: Path) -> None:
    """As a background job of a script: Ctrl-C in its terminal means another program."""
    shutil.copytree(SAMPLES / "incomplete", tmp_path / "案件")
    with start_desk(tmp_path, "env", "--ignore-signal=INT") as (process, link, _):
        assert "案件工作台" in open_link(link)
        process.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1)
        with pytest.raises(urllib.error.HTTPError):  # the link was used; the desk answers all the same
            open_link(link)
        process.terminate()
        assert process.wait(30) == 130


def test_a_folder_that_cannot_be_written_can_be_looked_at(tmp_path: Path) -> None:
    """The terminal says what will not go, and its link opens the list."""
    root = tmp_path / "案件"
    shutil.copytree(SAMPLES / "incomplete", root / "案")
    root.chmod(0o555)
    try:
        with start_desk(root, "setpriv", "--bounding-set=-dac_override") as (process, link, lines):
            text = open_link(link)
            told = "".join(lines)
            process.terminate()
            assert process.stderr
            told += process.stderr.read()
    finally:
        root.chmod(0o755)
    assert "案件工作台" in text
    assert "只能看" in told
    assert "Traceback" not in told
    assert sorted(path.name for path in root.iterdir()) == ["案"]
