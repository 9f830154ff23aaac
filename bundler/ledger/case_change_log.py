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
from bundler.ledger.history_entry import (
    ActionDetails,
    FileDigest,
    History,
    HistoryEntry,
    HistoryError,
    PageTurn,
    ValueChange,
    WaitingSwap,
)
from bundler.materials.safe_opening import OpeningError, read_file

HISTORY_FILE = ".bundler-history.jsonl"
MAX_BYTES = 64 * 1024 * 1024
LOCK_SECONDS = 5.0
_RECENT_BYTES = 128 * 1024
_CHAIN = HashChain("previous", to_ascii_line, is_numbered=True)


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
