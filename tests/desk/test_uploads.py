"""Uploaded files are hidden and private in the case's folder, and are removed in the end, whatever happens."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable
from io import BufferedRandom
from pathlib import Path
from typing import cast

import pytest

from bundler.atomic_write import private_file, remove_leftovers
from bundler.commands import run
from bundler.desk.cases import upload_temporary_files
from tests.support.desk_client import TODAY, clerk, visible_text
from tests.support.desk_process import BOUNDARY, desk
from tests.support.hostile.pictures import jpeg
from tests.support.paths import SAMPLES, copy_sample

SCAN = SAMPLES / "write-off-complete" / "materials" / "领导批示.jpg"
HIDDEN = re.compile(r"\.bundler-[0-9a-f]{12}-[0-9a-f]{32}")


def hidden_uploads(folder: Path) -> list[Path]:
    """The uploaded files that a case's folder hides."""
    return [path for path in folder.iterdir() if HIDDEN.fullmatch(path.name)]


def files_below(folder: Path) -> list[Path]:
    """Every file below a folder."""
    return [path for path in folder.rglob("*") if path.is_file()]


def wait_until(condition: Callable[[], object]) -> None:
    """Wait up to a minute for a condition."""
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def multipart_body(*files: tuple[str, bytes]) -> bytes:
    """The body of a form that holds only files."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'.encode() + data
        for name, data in files
    ]
    return b"\r\n".join([*parts, f"--{BOUNDARY}--\r\n".encode()])


def folder_with_case(root: Path) -> Path:
    """Copy a sample below a folder."""
    copy_sample("incomplete", root / "案件")
    return root / "案件"


def test_a_killed_desk_loses_no_received_file_and_leaves_no_half_one(tmp_path: Path) -> None:
    """Killed in the middle of one upload while another waits: the half is private and removed at the next start, the whole waits."""
    folder, temporary = folder_with_case(tmp_path / "cases"), tmp_path / "tmp"
    temporary.mkdir()
    before = sorted(folder.rglob("*"))
    body = multipart_body(("甲.jpg", SCAN.read_bytes()), ("乙.jpg", b"x" * 3_000_000))
    with desk(tmp_path / "cases", temporary) as first:
        first.send(multipart_body((SCAN.name, SCAN.read_bytes())))
        assert hidden_uploads(folder) == []
        with contextlib.closing(first.begin(body, len(body) - 1_000_000)):
            wait_until(
                lambda: len(hidden_uploads(folder)) == 2 and all(path.stat().st_size for path in hidden_uploads(folder))
            )
            assert {path.stat().st_mode & 0o777 for path in hidden_uploads(folder)} == {0o600}
            assert files_below(temporary) == []
            first.process.kill()
            first.process.wait()
    assert len(hidden_uploads(folder)) == 2
    with desk(tmp_path / "cases", temporary) as second:
        wait_until(lambda: not hidden_uploads(folder))
        assert SCAN.name in second.get(f"{second.case}/sorting")
    new = {path.name for path in sorted(folder.rglob("*")) if path not in before}
    assert new == {SCAN.name, ".bundler-history.jsonl"}
    assert files_below(temporary) == []


def test_a_connection_that_is_cut_leaves_nothing(tmp_path: Path) -> None:
    """A connection that breaks in the middle of a file leaves nothing, and the desk keeps working."""
    folder, temporary = folder_with_case(tmp_path / "cases"), tmp_path / "tmp"
    temporary.mkdir()
    before = sorted(folder.rglob("*"))
    body = multipart_body(("甲.jpg", b"x" * 3_000_000))
    with desk(tmp_path / "cases", temporary) as one:
        connection = one.begin(body, len(body) // 2)
        wait_until(lambda: hidden_uploads(folder))
        connection.close()
        wait_until(lambda: not hidden_uploads(folder))
        assert "没有收下" in visible_text(one.send(multipart_body(("空.jpg", b""))))
        assert "材料" in one.get(f"{one.case}/materials")
    assert sorted(folder.rglob("*")) == before


def test_what_waits_is_no_paper_of_the_case_until_it_is_placed(tmp_path: Path) -> None:
    """An unplaced file is a warning of the check and changes neither the bundle nor the checklist; other work spares it."""
    with clerk(tmp_path, "declined") as one:
        bundles = [tmp_path / name for name in ("前.pdf", "后.pdf")]
        assert run(["build", str(one.folder), "-o", str(bundles[0]), "--today", TODAY.isoformat()]) == 0
        checklist = one.checked()["checklist"]
        one.post("/uploads", files=[("files", ("新.jpg", jpeg()))])
        assert hidden_uploads(one.folder) == []
        assert one.checked()["checklist"] == checklist
        assert ("FILE-UNLISTED", None) in {(rule, None) for rule, _ in one.rules()}
        assert run(["build", str(one.folder), "-o", str(bundles[1]), "--today", TODAY.isoformat()]) == 0
        assert bundles[0].read_bytes() == bundles[1].read_bytes()
        one.fill("/registration/note", "备注")
        remove_leftovers(one.folder)
        one.place(f"{one.waiting()['新.jpg']}:other")
        assert one.tree()["materials"][-1] == {"items": ["other"], "file": "materials/新.jpg"}


def test_a_refused_file_is_not_kept(tmp_path: Path) -> None:
    """Neither an upload nor a replacement that the gate would refuse."""
    with clerk(tmp_path, "write-off-complete") as one:
        before = sorted(one.folder.rglob("*"))
        answer = one.post("/uploads", files=[("files", ("坏.pdf", b"%PDF-1.4 broken"))])
        assert "没有收下" in visible_text(answer.text)
        assert sorted(one.folder.rglob("*")) == before
        one.post(f"{one.card('息诉罢访承诺书')}/replace", files=[("files", ("坏.pdf", b"%PDF-1.4 broken"))])
        assert sorted(one.folder.rglob("*")) == before


def test_a_disk_that_is_full_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is an error in Chinese, and nothing is kept of the upload."""
    with clerk(tmp_path, "incomplete") as one:
        before = sorted(one.folder.rglob("*"))

        def full(folder: Path) -> tuple[Path, BufferedRandom]:
            path, file = private_file(folder)
            file.close()
            return path, cast("BufferedRandom", Path("/dev/full").open("r+b", buffering=0))

        monkeypatch.setattr(upload_temporary_files, "private_file", full)
        answer = one.post("/uploads", files=[("files", ("新.jpg", jpeg()))])
        assert answer.status_code == 507
        assert "磁盘已满" in answer.text
        assert sorted(one.folder.rglob("*")) == before


def test_only_where_files_are_awaited_are_they_taken(tmp_path: Path) -> None:
    """A form of another page with a file is refused in Chinese, and nothing is changed."""
    with clerk(tmp_path, "incomplete") as one:
        before = one.tree()
        form = {"path": "/registration/note", "value": "备注", "before": "", "version": one.version()}
        for path in ("/fields", "/rows", "/settle", "/sorting/discard"):
            answer = one.post(path, form, files=[("files", ("新.jpg", jpeg()))])
            assert answer.status_code == 400
            assert "请刷新页面后再试" in answer.text
        assert one.tree() == before
        assert one.post("/uploads", {"item": "evidence"}).status_code == 400
