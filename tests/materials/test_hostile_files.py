"""Hostile files of every kind are bound correctly or refused by rule, in bounded time and memory."""

from __future__ import annotations

import os
import resource
from pathlib import Path

import pytest

from bundler.commands import run
from tests.support.hostile.run_all import DAY, FILES, MARKS, make_case, markdown_table, run_all, run_bundler
from tests.support.paths import ROOT

DOCUMENT = ROOT / "docs" / "archive.md"
GIBIBYTE = 1024**2
"""In kibibytes, the unit of `ru_maxrss`."""


def test_each_kind_of_hostile_file_ends_as_it_should(tmp_path: Path) -> None:
    """It is bound or reported by an expected rule, no process exceeds its limit, and docs/archive.md has the same table."""
    outcomes = run_all(tmp_path)
    wrong = {file.name: outcomes[file.name] for file in FILES if not outcomes[file.name].is_right(file.expected)}
    written = DOCUMENT.read_text(encoding="utf-8")
    begin, end = (written.index(mark) for mark in MARKS)

    assert wrong == {}
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 3 * GIBIBYTE
    assert written[begin + len(MARKS[0]) : end].strip() == markdown_table(outcomes), "make archive-table"


def test_a_refused_file_is_never_bound(tmp_path: Path) -> None:
    """Neither the bundle nor any other file is written."""
    case = make_case(tmp_path / "case", {"a.pdf": b"%PDF-1.7", "b.docx": b"PK\x03\x04", "c.jpg": b"\xff\xd8\xff"})
    before = sorted(tmp_path.rglob("*"))

    assert run_bundler("build", case, "-o", tmp_path / "out.pdf", "--today", DAY).returncode == 1
    assert sorted(tmp_path.rglob("*")) == before


NAMES = {
    "/etc/passwd": "FILE-OUTSIDE",
    "../case.json": "FILE-OUTSIDE",
    "a/../../x.pdf": "FILE-OUTSIDE",
    "a\\b.pdf": "FILE-OUTSIDE",
    "C:\\x.pdf": "FILE-OUTSIDE",
    "//server/x.pdf": "FILE-OUTSIDE",
    "a\0b.pdf": "FILE-OUTSIDE",
    "http://192.0.2.1/x.pdf": "FILE-MISSING",
    "file:///etc/passwd": "FILE-MISSING",
    "长" * 300 + ".pdf": "FILE-TYPE",
    "a\u202efdp.exe": "FILE-MISSING",
    "a\x1b[31m.pdf": "FILE-MISSING",
    "link.pdf": "FILE-OUTSIDE",
    "hard/../link.pdf": "FILE-OUTSIDE",
    "folder": "FILE-TYPE",
    "folder/": "FILE-TYPE",
    "pipe.pdf": "FILE-TYPE",
    "socket.pdf": "FILE-TYPE",
    "linked/null": "FILE-OUTSIDE",
    "case.json": "FILE-TYPE",
}


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_no_name_leads_out_or_makes_it_wait(tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Paths that lead out, links, folders, pipes, sockets, devices behind links, and impossible names are refused."""
    case = make_case(tmp_path / "case", {})
    (case / "link.pdf").symlink_to("/etc/passwd")
    (case / "linked").symlink_to("/dev")
    (case / "folder").mkdir()
    os.mkfifo(case / "pipe.pdf")
    make_socket(case / "socket.pdf")
    set_material(case, name)

    status = run(["build", str(case), "-o", str(tmp_path / "out.pdf"), "--today", DAY])
    output = capsys.readouterr().out

    assert status == 1
    assert NAMES[name] in output
    assert not {"\x1b", "\0", "\u202e"} & set(output)
    assert not (tmp_path / "out.pdf").exists()


def make_socket(path: Path) -> None:
    """Make a socket file."""
    import socket

    folder = os.open(path.parent, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"/proc/self/fd/{folder}/{path.name}")  # the whole path may exceed the limit of a socket address
    os.close(folder)


def set_material(case: Path, name: str) -> None:
    """Make the case name a file."""
    import json

    path = case / "case.json"
    tree = json.loads(path.read_text(encoding="utf-8"))
    tree["materials"] = [{"items": ["other"], "file": name}]
    path.write_text(json.dumps(tree), encoding="utf-8")


def test_devices_are_not_read() -> None:
    """Neither an endless nor an empty one."""
    from bundler.materials.file_inspection import inspect_materials

    records = inspect_materials(Path("/dev"), ["zero", "null", "full"])

    assert {problem.rule for record in records.values() for problem in record.problems} == {"FILE-TYPE"}
