"""The history of a case: actions with time and person in a hash chain; a failure of the history stops no action."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bundler.commands import run
from bundler.ledger.case_change_log import HISTORY_FILE, append_history, read_history
from bundler.ledger.history_entry import FileDigest
from tests.support.forks import run_at_once
from tests.support.paths import SAMPLES

TODAY = "2021-12-20"


def sample(folder: Path) -> Path:
    """The smallest complete sample, without a history."""
    return shutil.copytree(SAMPLES / "declined", folder, ignore=shutil.ignore_patterns(HISTORY_FILE))


def lines_of(folder: Path) -> list[bytes]:
    """The history's lines."""
    return (folder / HISTORY_FILE).read_bytes().splitlines()


def long_history(folder: Path) -> Path:
    """A case with five lines of history."""
    folder.mkdir()
    for number in range(5):
        append_history(folder, "build", [FileDigest(f"{number}.pdf", "0" * 64)])
    return folder


def test_what_was_made_is_written_down_with_its_digest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Build and render each add a line with the digest of the file on disk."""
    case, pdf, word = sample(tmp_path / "案"), tmp_path / "卷.pdf", tmp_path / "告知书.docx"
    assert run(["build", str(case), "-o", str(pdf), "--today", TODAY]) == 0
    assert run(["render", str(case), "--doc", "explanation_notice", "-o", str(word)]) == 0
    capsys.readouterr()

    assert run(["history", str(case), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [entry["action"] for entry in told["entries"]] == ["build", "render"]
    assert [entry["outputs"] for entry in told["entries"]] == [
        [{"file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}] for path in (pdf, word)
    ]
    assert {entry["case_sha256"] for entry in told["entries"]} == {
        hashlib.sha256((case / "case.json").read_bytes()).hexdigest()
    }
    assert told["last_digest"] == hashlib.sha256(lines_of(case)[-1]).hexdigest()


def test_the_history_changes_no_bundle_and_is_no_paper(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A second build gives the same bytes, and the history is not reported as an unlisted file."""
    case = sample(tmp_path / "案")
    bundles = [tmp_path / "1.pdf", tmp_path / "2.pdf"]
    for bundle in bundles:
        assert run(["build", str(case), "-o", str(bundle), "--today", TODAY]) == 0
    run(["check", str(case), "--today", TODAY])

    assert bundles[0].read_bytes() == bundles[1].read_bytes()
    assert "FILE-UNLISTED" not in capsys.readouterr().out


def test_what_was_not_made_leaves_no_line(tmp_path: Path) -> None:
    """A case with errors, and a dry run."""
    case = sample(tmp_path / "案")
    assert run(["build", str(case), "--dry-run", "--today", TODAY]) == 0
    (case / "materials").rename(tmp_path / "gone")
    assert run(["build", str(case), "-o", str(tmp_path / "x.pdf"), "--today", TODAY]) == 1

    assert not (case / HISTORY_FILE).exists()


def changed(text: bytes) -> Callable[[list[bytes]], None]:
    """The third line is edited."""

    def change(lines: list[bytes]) -> None:
        lines[2] = lines[2].replace(b"2.pdf", text)

    return change


def forged(lines: list[bytes]) -> None:
    """The third line is edited and its own digest is recomputed, as an attacker would who knows the source."""
    tree = {key: value for key, value in json.loads(lines[2]).items() if key != "digest"}
    tree["who"] = "another"
    plain = {key: tree[key] for key in sorted(tree)}
    digest = hashlib.sha256(json.dumps(plain, separators=(",", ":")).encode()).hexdigest()
    lines[2] = json.dumps({**tree, "digest": digest}, separators=(",", ":")).encode()


def taken_out(lines: list[bytes]) -> None:
    """The third line is removed."""
    del lines[2]


def first_gone(lines: list[bytes]) -> None:
    """The beginning is cut off."""
    del lines[0]


def put_in_twice(lines: list[bytes]) -> None:
    """A line is doubled."""
    lines.insert(2, lines[1])


def exchanged(lines: list[bytes]) -> None:
    """Two lines are swapped."""
    lines[1], lines[2] = lines[2], lines[1]


def last_changed(lines: list[bytes]) -> None:
    """The last line is edited, whose digest no other line carries."""
    lines[4] = lines[4].replace(b"4.pdf", b"5.pdf")


def no_json(lines: list[bytes]) -> None:
    """A line in the middle is overwritten."""
    lines[2] = b"\xff{"


@pytest.mark.parametrize(
    ("tamper", "broken"),
    [
        (changed(b"9.pdf"), [3]),
        (forged, [4]),
        (taken_out, [3]),
        (first_gone, [1]),
        (put_in_twice, [3]),
        (exchanged, [2]),
        (last_changed, [5]),
        (no_json, [3]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_every_tampering_is_found_where_it_happened(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], tamper: Callable[[list[bytes]], None], broken: list[int]
) -> None:
    """Exit status 1; the first reported line is the one at which the chain breaks."""
    case = long_history(tmp_path / "案")
    assert run(["history", str(case)]) == 0
    lines = lines_of(case)
    tamper(lines)
    (case / HISTORY_FILE).write_bytes(b"".join(line + b"\n" for line in lines))
    capsys.readouterr()

    assert run(["history", str(case), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert [entry["number"] for entry in told["entries"] if not entry["ok"]][:1] == broken
    assert run(["history", str(case)]) == 1
    assert f"第 {broken[0]} 条有问题" in capsys.readouterr().err


@pytest.mark.parametrize("length", [1, 60, 200])
def test_a_line_half_written_is_told_and_the_next_begins_anew(tmp_path: Path, length: int) -> None:
    """As after a power cut: the lines before remain valid, and the chain continues after the broken line."""
    case = long_history(tmp_path / "案")
    whole = (case / HISTORY_FILE).read_bytes()
    (case / HISTORY_FILE).write_bytes(whole + lines_of(case)[0][:length])
    append_history(case, "build", [FileDigest("next.pdf", "1" * 64)])

    history = read_history(case)
    assert [entry.number for entry in history.broken] == [6]
    assert history.entries[6].outputs == (FileDigest("next.pdf", "1" * 64),)


def _append_some(folder: Path, name: str) -> None:
    for number in range(8):
        append_history(folder, "build", [FileDigest(f"{name}-{number}.pdf", "0" * 64)])


def test_many_at_once_lose_no_line(tmp_path: Path) -> None:
    """Five processes append eight lines each: all are there, in order per process, in one chain."""
    names = list("abcde")
    assert run_at_once(_append_some, [(tmp_path, name) for name in names]) == [0] * 5

    history = read_history(tmp_path)
    files = [entry.outputs[0].file for entry in history.entries]
    assert history.broken == ()
    for name in names:
        assert [file for file in files if file[0] == name] == [f"{name}-{number}.pdf" for number in range(8)]


def as_link(path: Path) -> None:
    """The history is a link to another file."""
    (path.parent.parent / "theirs").write_bytes(b"theirs\n")
    path.symlink_to(path.parent.parent / "theirs")


@pytest.mark.parametrize("trap", [as_link, os.mkfifo, Path.mkdir], ids=["link", "pipe", "folder"])
def test_a_history_that_cannot_be_written_is_a_note_and_the_bundle_stands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], trap: Callable[[Path], None]
) -> None:
    """A read-only folder, a link or a pipe: no link is followed, and nothing blocks."""
    case, pdf = sample(tmp_path / "案"), tmp_path / "卷.pdf"
    trap(case / HISTORY_FILE)

    assert run(["build", str(case), "-o", str(pdf), "--today", TODAY]) == 0
    assert pdf.exists()
    assert "没有写入案件历史" in capsys.readouterr().err
    assert not (tmp_path / "theirs").exists() or (tmp_path / "theirs").read_bytes() == b"theirs\n"
    assert run(["history", str(case)]) == 3


def test_a_folder_of_cases_lists_the_history_of_each(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By case folder; a broken one makes the status 1 and stops no other."""
    for name in ("甲", "乙/丙"):
        folder = tmp_path / "案件" / name
        folder.mkdir(parents=True)
        (folder / "case.json").write_text("{}", encoding="utf-8")
        append_history(folder, "build", [FileDigest(f"{folder.name}.pdf", "0" * 64)])
    assert run(["history", str(tmp_path / "案件")]) == 0
    text = capsys.readouterr().out
    assert "—— 甲 ——" in text
    assert "丙.pdf" in text

    broken = tmp_path / "案件" / "甲" / HISTORY_FILE
    broken.write_bytes(broken.read_bytes().replace(b'"build"', b'"batch"'))
    assert run(["history", str(tmp_path / "案件"), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert [(case["case"], case["ok"]) for case in told["cases"]] == [("乙/丙", True), ("甲", False)]
