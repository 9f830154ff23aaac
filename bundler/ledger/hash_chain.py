"""A hash chain over the lines of a file: each line carries the digest of the line before and its own.

A changed, removed or inserted line is found. Lines cut off at the end are not, nor a chain that was rewritten as a
whole: to detect these, keep the digest of the last line elsewhere.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from bundler.digest import sha256_of

NO_PREVIOUS = "0" * 64
"""The digest that the first line carries, which has no line before it."""
MAX_LINE = 1024 * 1024
UNFINISHED = "不是一条完整的记录：被改动过，或者写到一半中断了"
"""The fault of a line that is not a complete JSON object."""


@dataclass(frozen=True, slots=True)
class ChainLine:
    """A checked line.

    Attributes:
        number: its number, from 1.
        tree: its JSON object; None if it is not complete.
        digest: its digest, which the next line carries.
        fault: what is wrong with it, in Chinese; empty if nothing.
    """

    number: int
    tree: dict[str, Any] | None
    digest: str
    fault: str


@dataclass(frozen=True, slots=True)
class HashChain:
    """The format of a chain.

    Attributes:
        previous_key: the key of the digest of the line before.
        serialize: returns the bytes of a line, without its end.
        is_numbered: each line carries its number.
        may_start_unsealed: the first lines may lack their own digest, which an earlier version did not write.
    """

    previous_key: str
    serialize: Callable[[dict[str, Any]], bytes]
    is_numbered: bool = False
    may_start_unsealed: bool = False

    def add(self, handle: int, tree: dict[str, Any], tail: bytes) -> None:
        """Append a line.

        Args:
            handle: the file, open to append and locked.
            tree: its JSON object.
            tail: the end of the file, with the whole last line in it.

        Raises:
            OSError: it cannot be written.
        """
        *lines, torn = tail.split(b"\n")
        last = torn or (lines[-1] if lines else b"")
        carried = {**tree, self.previous_key: _digest(last) if last else NO_PREVIOUS}
        line = self.serialize({**carried, "digest": _own_digest(carried)}) + b"\n"
        # A line that a crash left incomplete stays and is reported as broken; the new one starts on its own line.
        data = b"\n" + line if torn else line
        if os.write(handle, data) < len(data):
            raise OSError(errno.ENOSPC, "no room")

    def check(self, lines: Iterable[bytes]) -> Iterator[ChainLine]:
        """Check each line.

        Args:
            lines: the lines with their ends, as `read_lines` gives them.
        """
        previous: str | None = NO_PREVIOUS
        is_sealed = not self.may_start_unsealed
        for number, ended in enumerate(lines, start=1):
            line = ended.removesuffix(b"\n")
            tree, digest = parse_line(line), _digest(line)
            is_sealed = is_sealed or (tree is not None and "digest" in tree)
            fault = UNFINISHED
            if tree is not None and line != ended:
                fault = self._fault(number, line, tree, previous, is_sealed=is_sealed)
            yield ChainLine(number, tree, digest, fault)
            # After a changed line the next one cannot match; only the changed line is reported.
            previous = None if fault else digest

    def _fault(self, number: int, line: bytes, tree: dict[str, Any], previous: str | None, *, is_sealed: bool) -> str:
        try:
            is_own = line == self.serialize(tree) and (not is_sealed or tree.get("digest") == _own_digest(tree))
        except RecursionError:
            return UNFINISHED
        if not is_own:
            return "内容被改动过"
        if previous is not None and tree.get(self.previous_key) != previous:
            return "与上一条接不上：上一条被换过，或者中间有记录被删去、插入"
        if previous is not None and self.is_numbered and tree.get("number") != number:
            return "序号不对：前面有记录被删去或者插入"
        return ""


def read_lines(file: BinaryIO, size: int) -> Iterator[bytes]:
    """The lines in the first bytes of a file, each with its end; of a line over 1 MiB only the beginning, without an end."""
    while size > 0 and (line := file.readline(min(size, MAX_LINE))):
        size -= len(line)
        yield line
        while not line.endswith(b"\n") and size > 0 and (line := file.readline(min(size, MAX_LINE))):
            size -= len(line)


def to_ascii_line(tree: dict[str, Any]) -> bytes:
    """A JSON object as one line of ASCII without spaces."""
    return json.dumps(tree, ensure_ascii=True, separators=(",", ":")).encode()


def to_readable_line(tree: dict[str, Any]) -> bytes:
    """A JSON object as one line of UTF-8 that a person can read."""
    return json.dumps(tree, ensure_ascii=False).encode("utf-8", "replace")


def parse_line(line: bytes) -> dict[str, Any] | None:
    """The JSON object of a line; None where it is not a complete one."""
    try:
        tree = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return tree if isinstance(tree, dict) else None


def _digest(line: bytes) -> str:
    return sha256_of(line)


def _own_digest(tree: dict[str, Any]) -> str:
    """The digest that a line carries of itself, so that a change is found even in the last line."""
    return _digest(to_ascii_line({key: tree[key] for key in sorted(tree) if key != "digest"}))
