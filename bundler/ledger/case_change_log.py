"""The history of a case: an append-only file in its folder, its lines in a hash chain.

Only the history and the recycle bin write the current time into a case folder. No bundle contains the history; its file is
hidden, so that it is not taken for a paper of the case.
"""

from __future__ import annotations

import fcntl
import io
import os
import pwd
import socket
import stat
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bundler import __version__, clock
from bundler.case.reader import CASE_FILE
from bundler.digest import sha256_of
from bundler.errors import describe_os_error
from bundler.ledger.hash_chain import (
    NO_PREVIOUS,
    UNFINISHED,
    ChainLine,
    HashChain,
    parse_line,
    read_lines,
    to_ascii_line,
)
from bundler.materials.safe_opening import OpeningError, read_file

HISTORY_FILE = ".bundler-history.jsonl"
MAX_BYTES = 64 * 1024 * 1024
LOCK_SECONDS = 5.0
ACTIONS = {
    "build": "成卷",
    "render": "生成文书",
    "add": "加入材料",
    "import": "登记簿导入",
    "batch": "批量成卷",
    "remind": "催办",
    "edit": "修改",
    "turn": "转页",
    "replace": "替换材料",
    "take-away": "取走材料",
    "restore": "恢复材料",
    "new": "新建案件",
    "undo": "撤销",
    "submit": "登记上报",
    "bin-case": "案件移入回收箱",
    "restore-case": "案件从回收箱恢复",
    "receive": "收到扫描件",
    "discard": "不要扫描件",
    "split": "拆分",
    "merge": "合并",
    "pages": "整理页",
}
"""Chinese labels of the actions; any other action is shown by its code."""
MATERIAL_ACTIONS = frozenset({"add", "turn", "replace", "take-away", "restore"})
"""The actions on materials, which their files describe better than their places in case.json."""
_MAX_CHANGES_BYTES = 256 * 1024
"""Of the values in one line; beyond it the line names the places alone."""
_RECENT_BYTES = 128 * 1024
_CHAIN = HashChain("previous", to_ascii_line, is_numbered=True)


@dataclass(frozen=True, slots=True)
class FileDigest:
    """A file that an action wrote or took in: its name without a folder, and its SHA-256."""

    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A value of case.json before and after an action.

    Attributes:
        was: its JSON Pointer before; None where there was nothing.
        now: its JSON Pointer afterwards; None where there is nothing.
        before: the value before; None for none.
        after: the value afterwards; None for none.
    """

    was: str | None
    now: str | None
    before: Any = None
    after: Any = None

    @property
    def is_move(self) -> bool:
        """Whether an item only changed its place in its list."""
        return self.was != self.now and None not in (self.was, self.now) and bool(self.before == self.after)

    @property
    def path(self) -> str:
        """Where the change is to be seen: in the later version, or in the earlier one where the later has nothing."""
        return self.now or self.was or ""


@dataclass(frozen=True, slots=True)
class PageTurn:
    """Pages of a file that were turned.

    Attributes:
        file: the file, relative to the case folder.
        pages: the pages, from 1.
        degrees: by how much: 90 for clockwise, -90 for counterclockwise, 180 or -180 for half a turn.
    """

    file: str
    pages: tuple[int, ...]
    degrees: int


@dataclass(frozen=True, slots=True)
class WaitingSwap:
    """Files that wait to be placed, and went or came.

    Attributes:
        bin: the numbers, in the recycle bin, of those that went.
        made: the names of those that came, relative to the case folder.
    """

    bin: tuple[int, ...] = ()
    made: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ActionDetails:
    """What an action can be undone with.

    Attributes:
        changes: the values that it changed in case.json; empty where they are too large for a line.
        undoes: the numbers of the lines that it undid.
        bin: the numbers of what it put into the recycle bin.
        turns: the pages that it turned, by each angle.
        placed: the files that waited in the folder before it placed them, and wait again once it is undone.
        waiting: the files that wait, and went or came.
    """

    changes: tuple[ValueChange, ...] = ()
    undoes: tuple[int, ...] = ()
    bin: tuple[int, ...] = ()
    turns: tuple[PageTurn, ...] = ()
    placed: tuple[str, ...] = ()
    waiting: WaitingSwap | None = None

    def to_json(self) -> dict[str, Any]:
        """The keys of a history line."""
        changes = [_without_none(asdict(change)) for change in self.changes]
        if len(to_ascii_line({"changes": changes})) > _MAX_CHANGES_BYTES:
            changes = []
        turns = [asdict(turn) for turn in self.turns]
        more = {
            "changes": changes,
            "undoes": list(self.undoes),
            "bin": list(self.bin),
            "turn": turns[0] if len(turns) == 1 else {},
            "turns": turns if len(turns) > 1 else [],
            "placed": list(self.placed),
            "waiting": asdict(self.waiting) if self.waiting else {},
        }
        return {key: value for key, value in more.items() if value}


def _without_none(tree: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in tree.items() if value is not None}


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line of the history.

    Attributes:
        number: the number of the line, from 1.
        at: the time, in Beijing time.
        who: the system account and the machine.
        action: the command.
        outputs: the files that it wrote or took in.
        case_sha256: the digest of case.json as the command left it.
        fault: what is wrong with the line, in Chinese; empty if nothing.
        actor: the person, where several work through one system account; else empty.
        places: the JSON Pointers of the changes in case.json, where they are known.
        details: the values before and after, and what else the action can be undone with.
    """

    number: int
    at: str = ""
    who: str = ""
    action: str = ""
    outputs: tuple[FileDigest, ...] = ()
    case_sha256: str = ""
    fault: str = ""
    actor: str = ""
    places: tuple[str, ...] = ()
    details: ActionDetails = field(default_factory=ActionDetails)


@dataclass(frozen=True, slots=True)
class History:
    """A history with the digest of its last line, which the next line will carry."""

    entries: tuple[HistoryEntry, ...]
    last_digest: str

    @property
    def broken(self) -> tuple[HistoryEntry, ...]:
        """The entries with a fault."""
        return tuple(entry for entry in self.entries if entry.fault)


class HistoryError(Exception):
    """The history cannot be read or written; the message says why, in Chinese."""


def append_history(  # noqa: PLR0913 (one line of the history has that much in it)
    folder: Path,
    action: str,
    outputs: Sequence[FileDigest],
    *,
    actor: str = "",
    places: Sequence[str] = (),
    details: ActionDetails | None = None,
) -> None:
    """Append an entry after an action has succeeded, under a lock, and flush it to disk.

    Args:
        folder: the case folder.
        action: the code of the action.
        outputs: the files that it wrote or took in.
        actor: the person, where several work through one system account.
        places: the JSON Pointers of the changes in case.json.
        details: the values before and after, and what else the action can be undone with.

    Raises:
        HistoryError: it cannot be written; the action's results remain.
    """
    try:
        handle = os.open(
            folder / HISTORY_FILE,
            os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC,
            0o666,
        )
    except OSError as error:
        raise HistoryError(describe_os_error(error)) from error
    try:
        _lock_with_timeout(handle)
        data = _read_all(handle)
        more = {key: value for key, value in (("actor", actor), ("places", list(places))) if value}
        more |= details.to_json() if details else {}
        _CHAIN.add(handle, _build_line(folder, action, outputs, data) | more, data)
        os.fsync(handle)
    except OSError as error:
        raise HistoryError(describe_os_error(error)) from error
    finally:
        os.close(handle)


def read_history(folder: Path) -> History:
    """Read a history and check its chain; a missing file is an empty history.

    Raises:
        HistoryError: the file exists and cannot be read.
    """
    try:
        handle = os.open(folder / HISTORY_FILE, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return History((), NO_PREVIOUS)
    except OSError as error:
        raise HistoryError(describe_os_error(error)) from error
    try:
        data = _read_all(handle)
    except OSError as error:
        raise HistoryError(describe_os_error(error)) from error
    finally:
        os.close(handle)
    links = tuple(_CHAIN.check(read_lines(io.BytesIO(data), len(data))))
    return History(tuple(map(_parse_entry, links)), links[-1].digest if links else NO_PREVIOUS)


def is_recorded(folder: Path, action: str) -> bool:
    """Whether a history has an action that nobody has undone; False where it cannot be read."""
    try:
        entries = read_history(folder).entries
    except HistoryError:
        return False
    undone = {number for entry in entries for number in entry.details.undoes}
    return any(entry.action == action and entry.number not in undone for entry in entries)


def read_recent_entries(folder: Path) -> tuple[HistoryEntry, ...]:
    """The last entries of a history, read quickly and without a check of the chain; empty where it cannot be read."""
    try:
        handle = os.open(folder / HISTORY_FILE, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return ()
    try:
        status = os.fstat(handle)
        start = max(0, status.st_size - _RECENT_BYTES)
        data = os.pread(handle, _RECENT_BYTES, start) if stat.S_ISREG(status.st_mode) else b""
    except OSError:
        return ()
    finally:
        os.close(handle)
    lines = data.split(b"\n")[1 if start else 0 : -1]
    trees = (parse_line(line) for line in lines)
    return tuple(
        _parse_entry(ChainLine(int(tree["number"]), tree, "", ""))
        for tree in trees
        if tree is not None and isinstance(tree.get("number"), int)
    )


def _lock_with_timeout(handle: int) -> None:
    """Lock the file; after five seconds give up, so that a lock that is never released does not block the work."""
    end = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                raise HistoryError("一直被别的程序占用") from None
            time.sleep(0.05)


def _read_all(handle: int) -> bytes:
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        raise HistoryError("不是普通文件")
    if status.st_size > MAX_BYTES:
        raise HistoryError("超过 64 MB")
    return os.pread(handle, status.st_size, 0)


def _build_line(folder: Path, action: str, outputs: Sequence[FileDigest], data: bytes) -> dict[str, Any]:
    try:
        case = sha256_of(read_file(folder, CASE_FILE))
    except OpeningError:
        case = ""
    return {
        "number": sum(1 for _ in read_lines(io.BytesIO(data), len(data))) + 1,
        "at": clock.now().isoformat(timespec="seconds"),
        "who": f"{_account_name()}@{socket.gethostname()}",
        "action": action,
        "outputs": [{"file": output.file, "sha256": output.sha256} for output in outputs],
        "case_sha256": case,
        "tool": __version__,
    }


def _account_name() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def _parse_entry(link: ChainLine) -> HistoryEntry:
    """The entry of a line, with the fault of that line."""
    tree = link.tree or {}
    try:
        return HistoryEntry(
            number=link.number,
            at=str(tree["at"]),
            who=str(tree["who"]),
            action=str(tree["action"]),
            outputs=tuple(FileDigest(str(one["file"]), str(one["sha256"])) for one in tree["outputs"]),
            case_sha256=str(tree["case_sha256"]),
            fault=link.fault,
            actor=str(tree.get("actor", "")),
            places=tuple(map(str, tree.get("places", ()))),
            details=_parse_details(tree),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return HistoryEntry(link.number, fault=link.fault or UNFINISHED)


def _parse_details(tree: dict[str, Any]) -> ActionDetails:
    turns, waiting = tree.get("turns") or [one for one in [tree.get("turn")] if one], tree.get("waiting")
    return ActionDetails(
        changes=tuple(
            ValueChange(one.get("was"), one.get("now"), one.get("before"), one.get("after"))
            for one in tree.get("changes", ())
        ),
        undoes=tuple(map(int, tree.get("undoes", ()))),
        bin=tuple(map(int, tree.get("bin", ()))),
        turns=tuple(PageTurn(str(one["file"]), tuple(map(int, one["pages"])), int(one["degrees"])) for one in turns),
        placed=tuple(map(str, tree.get("placed", ()))),
        waiting=WaitingSwap(tuple(map(int, waiting["bin"])), tuple(map(str, waiting["made"]))) if waiting else None,
    )
