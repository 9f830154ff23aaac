"""A case's history: an append-only file beside it, each line carrying the digest of the one before.

Of what lies in a case folder only this and the bin ask the clock. Nothing of the history enters a bundle; its name is hidden, so
that it is no paper of the case. The chain shows every edit, insertion and removal between two lines that stand; it
cannot show that lines were cut off at the end, nor hold against someone who writes the whole chain anew: for that, keep
the last line's digest elsewhere.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import pwd
import socket
import stat
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bundler import __version__, clock
from bundler.case.reading import CASE_FILE
from bundler.errors import reason
from bundler.materials.folder import OpeningError, read_file

HISTORY_FILE = ".bundler-history.jsonl"
MAX_BYTES = 64 * 1024 * 1024
LOCK_SECONDS = 5.0
ACTIONS = {
    "build": "成卷",
    "render": "生成文书",
    "add": "加入材料",
    "import": "登记簿导入",
    "batch": "批量成卷",
    "edit": "修改",
    "turn": "转页",
    "replace": "替换材料",
    "take-away": "取走材料",
    "restore": "恢复材料",
    "new": "新建案件",
}
"""What is done, in Chinese; an action that is not here is told by its own name."""
_FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class Output:
    """Something that was made, or taken in: its name without a folder, and its digest."""

    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history.

    Attributes:
        number: the line's place, from 1.
        at: when, in Beijing time.
        who: the account on its machine.
        action: the command.
        outputs: what it made or took in.
        case_sha256: the digest of case.json as the command left it.
        fault: what is wrong with the line, in Chinese; empty when it is sound.
        actor: for whom the account did it, where several people work through one; else empty.
        places: the JSON Pointers of what was changed in case.json, where that is known; never a value.
    """

    number: int
    at: str = ""
    who: str = ""
    action: str = ""
    outputs: tuple[Output, ...] = ()
    case_sha256: str = ""
    fault: str = ""
    actor: str = ""
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """What the file holds; the digest of its last line is what the next one will carry."""

    entries: tuple[Entry, ...]
    last_digest: str

    @property
    def broken(self) -> tuple[Entry, ...]:
        """The lines at which the chain does not hold."""
        return tuple(entry for entry in self.entries if entry.fault)


class HistoryError(Exception):
    """The history cannot be read or written; the message says why, in Chinese."""


def append(
    folder: Path, action: str, outputs: Sequence[Output], *, actor: str = "", places: Sequence[str] = ()
) -> None:
    """Add a line after a command has succeeded, under a lock, and onto the disk.

    Args:
        folder: the case folder.
        action: what was done.
        outputs: what it made or took in.
        actor: for whom, where several people work through one account of the machine.
        places: the JSON Pointers of what was changed in case.json.

    Raises:
        HistoryError: it cannot be written; what the command made stands all the same.
    """
    try:
        handle = os.open(
            folder / HISTORY_FILE,
            os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC,
            0o644,
        )
    except OSError as error:
        raise HistoryError(reason(error)) from error
    try:
        _lock(handle)
        data = _read(handle)
        more = {key: value for key, value in (("actor", actor), ("places", list(places))) if value}
        line = _line(folder, action, outputs, data, more)
        # A line that a crash left half-written stays, and is told as broken; the new one begins on a line of its own.
        torn = b"\n" if data and not data.endswith(b"\n") else b""
        os.write(handle, torn + line + b"\n")
        os.fsync(handle)
    except OSError as error:
        raise HistoryError(reason(error)) from error
    finally:
        os.close(handle)


def read_history(folder: Path) -> History:
    """The history with every fault of its chain; one that was never begun is empty.

    Raises:
        HistoryError: the file is there and cannot be read.
    """
    try:
        handle = os.open(folder / HISTORY_FILE, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return History((), _FIRST)
    except OSError as error:
        raise HistoryError(reason(error)) from error
    try:
        lines = _lines(_read(handle))
    except OSError as error:
        raise HistoryError(reason(error)) from error
    finally:
        os.close(handle)
    entries: list[Entry] = []
    previous = _FIRST
    for number, line in enumerate(lines, start=1):
        # After a line that was itself changed the next one cannot fit; it is told once, where it happened.
        entries.append(_entry(number, line, None if entries and entries[-1].fault else previous))
        previous = hashlib.sha256(line).hexdigest()
    return History(tuple(entries), previous)


def _lock(handle: int) -> None:
    """Wait a little for whoever is writing; a lock that never comes must not hold up the work."""
    end = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                raise HistoryError("一直被别的程序占用") from None
            time.sleep(0.05)


def _read(handle: int) -> bytes:
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        raise HistoryError("不是普通文件")
    if status.st_size > MAX_BYTES:
        raise HistoryError("超过 64 MB")
    return os.pread(handle, status.st_size, 0)


def _lines(data: bytes) -> list[bytes]:
    lines = data.split(b"\n")
    return lines[:-1] if lines[-1] == b"" else lines


def _line(folder: Path, action: str, outputs: Sequence[Output], data: bytes, more: dict[str, Any]) -> bytes:
    lines = _lines(data)
    try:
        case = hashlib.sha256(read_file(folder, CASE_FILE)).hexdigest()
    except OpeningError:
        case = ""
    tree = {
        "number": len(lines) + 1,
        "at": clock.now().isoformat(timespec="seconds"),
        "who": f"{_account()}@{socket.gethostname()}",
        "action": action,
        "outputs": [{"file": output.file, "sha256": output.sha256} for output in outputs],
        "case_sha256": case,
        "tool": __version__,
        "previous": hashlib.sha256(lines[-1]).hexdigest() if lines else _FIRST,
        **more,
    }
    return _written({**tree, "digest": _digest(tree)})


def _account() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def _written(tree: dict[str, Any]) -> bytes:
    return json.dumps(tree, ensure_ascii=True, separators=(",", ":")).encode()


def _digest(tree: dict[str, Any]) -> str:
    """A line's own digest, so that an edit shows at that line even when it is the last."""
    return hashlib.sha256(_written({key: tree[key] for key in sorted(tree) if key != "digest"})).hexdigest()


def _entry(number: int, line: bytes, previous: str | None) -> Entry:
    """A line as it stands, with what is wrong with it; `previous` None where the line before is broken already."""
    try:
        tree = json.loads(line)
        outputs = tuple(Output(str(one["file"]), str(one["sha256"])) for one in tree["outputs"])
        entry = Entry(
            number=number,
            at=str(tree["at"]),
            who=str(tree["who"]),
            action=str(tree["action"]),
            outputs=outputs,
            case_sha256=str(tree["case_sha256"]),
            actor=str(tree.get("actor", "")),
            places=tuple(map(str, tree.get("places", ()))),
        )
        sound = tree["digest"] == _digest(tree) and line == _written(tree)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Entry(number, fault="不是一条完整的记录：被改动过，或者写到一半中断了")
    if not sound:
        return _faulty(entry, "内容被改动过")
    if previous is not None and tree["previous"] != previous:
        return _faulty(entry, "与上一条接不上：上一条被换过，或者中间有记录被删去、插入")
    if previous is not None and tree["number"] != number:
        return _faulty(entry, "序号不对：前面有记录被删去或者插入")
    return entry


def _faulty(entry: Entry, fault: str) -> Entry:
    return replace(entry, fault=fault)
