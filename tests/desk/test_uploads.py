"""Uploaded files are hidden and private in the case's folder, and are removed in the end, whatever happens."""

from __future__ import annotations

import contextlib
import re
import shutil
import time
from collections.abc import Callable
from io import BufferedRandom
from pathlib import Path
from typing import cast

import pytest

from bundler.atomic_write import private_file, remove_leftovers
from bundler.case_edit.read_versions import folder_stamp
from bundler.commands import run
from bundler.desk.cases import pending_uploads
from tests.support.desk_client import TODAY, clerk, hidden_fields, visible_text
from tests.support.desk_process import BOUNDARY, desk
from tests.support.hostile.pictures import jpeg
from tests.support.paths import SAMPLES

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
    shutil.copytree(SAMPLES / "incomplete", root / "案件")
    return root / "案件"


def test_a_killed_desk_leaves_nothing_after_its_next_start(tmp_path: Path) -> None:
    """Killed in the middle of one upload while another is pending: both files are private, and the next start removes them."""
    folder, temporary = folder_with_case(tmp_path / "cases"), tmp_path / "tmp"
    temporary.mkdir()
    before = sorted(folder.rglob("*"))
    body = multipart_body(("甲.jpg", SCAN.read_bytes()), ("乙.jpg", b"x" * 3_000_000))
    with desk(tmp_path / "cases", temporary) as first:
        assert "看来是：相关领导批示" in visible_text(first.send(multipart_body((SCAN.name, SCAN.read_bytes()))))
        assert len(hidden_uploads(folder)) == 1
        with contextlib.closing(first.begin(body, len(body) - 1_000_000)):
            wait_until(
                lambda: len(hidden_uploads(folder)) == 3 and all(path.stat().st_size for path in hidden_uploads(folder))
            )
            assert {path.stat().st_mode & 0o777 for path in hidden_uploads(folder)} == {0o600}
            assert files_below(temporary) == []
            first.process.kill()
            first.process.wait()
    assert len(hidden_uploads(folder)) == 3
    with desk(tmp_path / "cases", temporary):
        wait_until(lambda: not hidden_uploads(folder))
    assert [path for path in sorted(folder.rglob("*")) if path not in before] == []
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


def test_what_waits_is_nobodys_paper_and_nobody_sweeps_it_away(tmp_path: Path) -> None:
    """A pending upload is invisible to the gate, the bundle and the watch for changes; other work in the case spares it."""
    with clerk(tmp_path, "declined") as one:
        bundles = [tmp_path / name for name in ("前.pdf", "后.pdf")]
        assert run(["build", str(one.folder), "-o", str(bundles[0]), "--today", TODAY.isoformat()]) == 0
        seen, checked = folder_stamp(one.folder), one.checked()
        token = hidden_fields(one.post("/uploads", files=[("files", ("新.jpg", jpeg()))]).text)["token"]
        (path,) = hidden_uploads(one.folder)
        assert path.stat().st_mode & 0o777 == 0o600
        assert (folder_stamp(one.folder), one.checked()) == (seen, checked)
        assert path.name not in one.get("/materials").text
        assert run(["build", str(one.folder), "-o", str(bundles[1]), "--today", TODAY.isoformat()]) == 0
        assert bundles[0].read_bytes() == bundles[1].read_bytes()
        one.fill("/registration/note", "备注")
        remove_leftovers(one.folder)
        assert hidden_uploads(one.folder) == [path]
        one.post("/uploads/place", {"token": token, f"item-{token}-0": "other"})
        assert one.tree()["materials"][-1] == {"items": ["other"], "file": "materials/新.jpg"}
        assert hidden_uploads(one.folder) == []


def test_nothing_waits_at_a_desk_that_is_closed(tmp_path: Path) -> None:
    """Closing the desk removes pending uploads; refused and replacing files are removed at once."""
    with clerk(tmp_path, "write-off-complete") as one:
        before = sorted(one.folder.rglob("*"))
        one.post("/uploads", files=[("files", ("坏.pdf", b"%PDF-1.4 broken"))])
        assert sorted(one.folder.rglob("*")) == before
        one.post(f"{one.card('息诉罢访承诺书')}/replace", files=[("files", ("坏.pdf", b"%PDF-1.4 broken"))])
        assert sorted(one.folder.rglob("*")) == before
        one.post("/uploads", files=[("files", ("新.jpg", jpeg()))])
        assert len(hidden_uploads(one.folder)) == 1
    assert sorted(one.folder.rglob("*")) == before


def test_a_disk_that_is_full_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is an error in Chinese, and nothing is kept of the upload."""
    with clerk(tmp_path, "incomplete") as one:
        before = sorted(one.folder.rglob("*"))

        def full(folder: Path) -> tuple[Path, BufferedRandom]:
            path, file = private_file(folder)
            file.close()
            return path, cast("BufferedRandom", Path("/dev/full").open("r+b", buffering=0))

        monkeypatch.setattr(pending_uploads, "private_file", full)
        answer = one.post("/uploads", files=[("files", ("新.jpg", jpeg()))])
        assert answer.status_code == 507
        assert "磁盘已满" in answer.text
        assert sorted(one.folder.rglob("*")) == before


def test_only_where_files_are_awaited_are_they_taken(tmp_path: Path) -> None:
    """A form of another page with a file is refused in Chinese, and nothing is changed."""
    with clerk(tmp_path, "incomplete") as one:
        before = one.tree()
        form = {"path": "/registration/note", "value": "备注", "before": "", "version": one.version()}
        for path in ("/fields", "/rows", "/settle", "/uploads/forget"):
            answer = one.post(path, form, files=[("files", ("新.jpg", jpeg()))])
            assert answer.status_code == 400
            assert "请刷新页面后再试" in answer.text
        assert one.tree() == before
        assert one.post("/uploads", {"item": "evidence"}).status_code == 400
