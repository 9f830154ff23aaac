"""Lines of a file held together by digests: each carries that of the one before and its own, so that a change shows where it is.

That lines were cut off at the end does not show, nor that the whole chain was written anew: for that, the last line's
digest must be kept elsewhere.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

NO_PREVIOUS = "0" * 64
"""What the first line carries of the one before."""
MAX_LINE = 1024 * 1024
UNFINISHED = "不是一条完整的记录：被改动过，或者写到一半中断了"
"""Of a line that cannot be read."""


@dataclass(frozen=True, slots=True)
class ChainLine:
    """A line as it stands.

    Attributes:
        number: its place, from 1.
        tree: what it says; None where it is no whole line.
        digest: its digest, which the next one carries.
        fault: what is wrong with it, in Chinese; empty when it is sound.
    """

    number: int
    tree: dict[str, Any] | None
    digest: str
    fault: str


@dataclass(frozen=True, slots=True)
class HashChain:
    """How the lines of a file are written and held together.

    Attributes:
        before: the key under which a line carries the digest of the one before.
        written: a line as bytes, without its end.
        is_numbered: whether a line tells its place.
        is_old: whether the first lines may be of a time when a line did not carry its own digest.
    """

    before: str
    written: Callable[[dict[str, Any]], bytes]
    is_numbered: bool = False
    is_old: bool = False

    def add(self, handle: int, tree: dict[str, Any], tail: bytes) -> None:
        """Write a line behind the others.

        Args:
            handle: the file, open to append and locked.
            tree: what it says.
            tail: the end of the file, the last line whole in it.

        Raises:
            OSError: it cannot be written.
        """
        *lines, torn = tail.split(b"\n")
        last = torn or (lines[-1] if lines else b"")
        carried = {**tree, self.before: _digest(last) if last else NO_PREVIOUS}
        line = self.written({**carried, "digest": _own_digest(carried)}) + b"\n"
        # A line that a crash left half-written stays, and is told as broken; the new one begins on a line of its own.
        data = b"\n" + line if torn else line
        if os.write(handle, data) < len(data):
            raise OSError(errno.ENOSPC, "no room")

    def check(self, lines: Iterable[bytes]) -> Iterator[ChainLine]:
        """Each line with what is wrong with it.

        Args:
            lines: the lines with their ends, as `read_lines` gives them.
        """
        previous: str | None = NO_PREVIOUS
        is_sealed = not self.is_old
        for number, ended in enumerate(lines, start=1):
            line = ended.removesuffix(b"\n")
            tree, digest = _parse_line(line), _digest(line)
            is_sealed = is_sealed or (tree is not None and "digest" in tree)
            fault = UNFINISHED
            if tree is not None and line != ended:
                fault = self._fault(number, line, tree, previous, is_sealed=is_sealed)
            yield ChainLine(number, tree, digest, fault)
            # After a line that was itself changed the next one cannot fit; it is told once, where it happened.
            previous = None if fault else digest

    def _fault(self, number: int, line: bytes, tree: dict[str, Any], previous: str | None, *, is_sealed: bool) -> str:
        try:
            is_own = line == self.written(tree) and (not is_sealed or tree.get("digest") == _own_digest(tree))
        except RecursionError:
            return UNFINISHED
        if not is_own:
            return "内容被改动过"
        if previous is not None and tree.get(self.before) != previous:
            return "与上一条接不上：上一条被换过，或者中间有记录被删去、插入"
        if previous is not None and self.is_numbered and tree.get("number") != number:
            return "序号不对：前面有记录被删去或者插入"
        return ""


def read_lines(file: BinaryIO, size: int) -> Iterator[bytes]:
    """The lines in so many bytes of a file, each with its end; of one that is too long only the beginning, without one."""
    while size > 0 and (line := file.readline(min(size, MAX_LINE))):
        size -= len(line)
        yield line
        while not line.endswith(b"\n") and size > 0 and (line := file.readline(min(size, MAX_LINE))):
            size -= len(line)


def to_ascii_line(tree: dict[str, Any]) -> bytes:
    """A tree as one line of ASCII without a space."""
    return json.dumps(tree, ensure_ascii=True, separators=(",", ":")).encode()


def to_readable_line(tree: dict[str, Any]) -> bytes:
    """A tree as one line that a person can read."""
    return json.dumps(tree, ensure_ascii=False).encode("utf-8", "replace")


def _parse_line(line: bytes) -> dict[str, Any] | None:
    try:
        tree = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return tree if isinstance(tree, dict) else None


def _digest(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def _own_digest(tree: dict[str, Any]) -> str:
    """A line's own digest, so that an edit shows at that line even when it is the last."""
    return _digest(to_ascii_line({key: tree[key] for key in sorted(tree) if key != "digest"}))
