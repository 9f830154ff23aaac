"""An entry of the history of a case: who did what to which files and values, and what undoes it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from bundler.ledger.hash_chain import (
    to_ascii_line,
)

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
