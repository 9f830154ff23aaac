"""Reading case.json: from bytes to JSON to the model. Every fault becomes a finding; nothing is guessed."""

from __future__ import annotations

import json
import os
import stat
from collections import Counter
from collections.abc import Collection, Mapping
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

from bundler.case.field_types import is_blank
from bundler.case.json_pointer import LeftOutEntries, count_values, describe_pointer, parse_pointer, to_pointer
from bundler.case.model import Case
from bundler.case.validation import validate_tree
from bundler.errors import describe_os_error
from bundler.printable_text import printable_excerpt
from bundler.regulation.findings import MAX_OF_A_RULE, Finding, finding

CASE_FILE = "case.json"
MAX_CASE_BYTES = 8 * 1024 * 1024
MAX_DEPTH = 64
MAX_DIGITS = 20
MAX_VALUES = 50_000
"""Values that a case may have; one of 2,000 scans has 16,000."""
MAX_PARTS = 500
"""Keys that case.json may have at the top, unknown ones included."""
_CHECK_FILE = "请检查是不是放错了文件。"


@dataclass(frozen=True)
class ReadResult:
    """The result of reading a case folder.

    Attributes:
        folder: the case folder.
        given: the path as the user gave it.
        case: the model, or None where the JSON does not fit it.
        findings: JSON-* findings.
        values: every string of case.json by its JSON Pointer, exactly as given.
        data: the bytes of case.json; empty where they could not be read.
        unreadable: no case could be read at all (exit status 3).
        unread: the JSON Pointers of parts that do not fit the model; the case is without them.
        removed: list elements left out of the case.
        tree: case.json as parsed, with the parts that do not fit the model; None if it is not an object, or if a key is
            repeated in it: to save the one value, or to delete files by it, would lose the other.
        not_described: by rule, how many faults of case.json there are beside the findings.
        parsed: the same, to be read only; of a repeated key it has the last value. Empty if it is not an object.
    """

    folder: Path
    given: str
    case: Case | None = None
    findings: tuple[Finding, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    data: bytes = b""
    unreadable: bool = False
    unread: tuple[str, ...] = ()
    removed: LeftOutEntries = field(default_factory=LeftOutEntries)
    tree: Mapping[str, Any] | None = None
    parsed: Mapping[str, Any] = field(default_factory=dict)
    not_described: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def _unread(self) -> frozenset[str]:
        return frozenset(self.unread)

    def is_unread(self, path: str) -> bool:
        """Whether a path is at or below a part that could not be read, so that rules about it are skipped."""
        if not self._unread:
            return False
        ends = [place for place, character in enumerate(path) if character == "/" and place] + [len(path)]
        return any(path[:end] in self._unread for end in ends)

    def pointer_in_file(self, path: str) -> str:
        """The pointer in case.json for a pointer in the model, in which left-out list elements are not counted."""
        return to_pointer(self.removed.in_whole_tree(parse_pointer(path)))


class _JsonFaultError(Exception):
    """A fault that stops the reading, with its finding."""

    def __init__(self, rule: str, message: str, fix: str) -> None:
        super().__init__(message)
        self.finding = finding(rule, message=message, fix=fix, path="")


class _ObjectWithRepeatedKeys(dict[str, Any]):
    """An object of JSON text in which a key was given more than once.

    It holds the last value of each key, as other JSON parsers do; `earlier` holds the values that this one hides.
    """

    __slots__ = ("earlier",)

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        last = {key: place for place, (key, _) in enumerate(pairs)}
        self.earlier = [(key, value) for place, (key, value) in enumerate(pairs) if last[key] != place]


def read_case(given: str | Path) -> ReadResult:
    """Read the case in a folder, or in its case.json.

    A case that cannot be read at all comes back with ``unreadable`` set and its finding; nothing is raised.
    """
    path = Path(given)
    folder = path.parent if path.name == CASE_FILE and not path.is_dir() else path
    try:
        data = _read_bytes(folder / CASE_FILE)
    except _JsonFaultError as fault:
        return ReadResult(folder, str(given), findings=(fault.finding,), unreadable=_is_fatal(fault))
    return read_data(data, folder, str(given))


def read_data(data: bytes, folder: Path, given: str) -> ReadResult:
    """Read bytes as the case.json of a folder; faults are findings, not exceptions."""
    try:
        tree = _parse(data)
    except _JsonFaultError as fault:
        return ReadResult(folder, given, findings=(fault.finding,), data=data, unreadable=_is_fatal(fault))
    if not isinstance(tree, dict):
        repeated, more = _repeated_keys(tree)
        wrong = finding("JSON-SCHEMA", message="case.json 的最外层不是一个对象。", fix="最外层应为 { … }。", path="")
        return ReadResult(folder, given, findings=(*repeated, wrong), data=data, not_described=more)
    if len(tree) > MAX_PARTS:
        wrong = finding("JSON-SCHEMA", message=f"case.json 的最外层有 {len(tree)} 项，不像一个案件。", fix=_CHECK_FILE)
        return ReadResult(folder, given, findings=(wrong,), data=data)
    crowded = _find_crowded_parts(tree)
    rest = _without_parts(tree, crowded) if crowded else tree
    repeated, more = _repeated_keys(rest)
    fitted = validate_tree(rest)
    not_checked = tuple(map(_crowded_finding, crowded.items()))
    return ReadResult(
        folder=folder,
        given=given,
        case=fitted.case,
        findings=(*repeated, *not_checked, *fitted.findings),
        values=dict(_collect_strings(rest, "")),
        data=data,
        unread=(*map(to_pointer, ((key,) for key in crowded)), *fitted.unread),
        removed=fitted.removed,
        tree=None if repeated else tree,
        parsed=tree,
        not_described=Counter(more) + Counter(fitted.not_described),
    )


def _find_crowded_parts(tree: Mapping[str, Any]) -> dict[str, int]:
    """The parts to leave out of a case that has more values than one has, the largest first: keys and numbers of values."""
    sizes = {key: count_values(value) for key, value in tree.items()}
    crowded: dict[str, int] = {}
    for key in sorted(sizes, key=lambda one: -sizes[one]):
        if sum(sizes.values()) <= MAX_VALUES:
            break
        crowded[key] = sizes.pop(key)
    return crowded


def _without_parts(tree: dict[str, Any], keys: Collection[str]) -> dict[str, Any]:
    """The object without some of its members; one that knows its hidden values stays one."""
    rest = copy(tree)
    for key in keys:
        del rest[key]
    return rest


def _crowded_finding(part: tuple[str, int]) -> Finding:
    path = to_pointer(part[:1])
    message = f"{describe_pointer(path)}里有 {part[1]} 个值，一个案件没有这么多，没有逐项检查。"
    return finding("JSON-SCHEMA", message=message, fix="请检查是不是重复写入，删去多余的再查。", path=path)


def read_registration_number(folder: Path) -> str | None:
    """Read the registration number (登记号) alone, with the same limits as for a whole case; None if there is none."""
    return read_number_and_handler(folder)[0]


def read_number_and_handler(folder: Path) -> tuple[str | None, str | None]:
    """Read the registration number and the handler's name alone, whatever else the case holds; None for what is not there."""
    try:
        tree = _parse(_read_bytes(folder / CASE_FILE))
    except _JsonFaultError:
        return None, None
    return _text_at(tree, "registration", "no"), _text_at(tree, "people", "handler", "name")


def _text_at(tree: Any, *keys: str) -> str | None:
    for key in keys:
        tree = tree.get(key) if isinstance(tree, dict) else None
    return tree if isinstance(tree, str) and not is_blank(tree) else None


def _is_fatal(fault: _JsonFaultError) -> bool:
    return fault.finding.rule in {"JSON-SYNTAX", "JSON-ENCODING"}


def _read_bytes(path: Path) -> bytes:
    """Read case.json from one open file: only a regular file of bounded size, without following a link or blocking on a pipe."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise _JsonFaultError(
            "JSON-SYNTAX", "这里没有 case.json。", "请给出案件文件夹；新建案件用 bundler new。"
        ) from None
    except OSError as error:
        raise _JsonFaultError(
            "JSON-SYNTAX", f"case.json 打不开：{describe_os_error(error)}。", "请检查文件和权限；它不能是链接。"
        ) from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise _JsonFaultError("JSON-SYNTAX", "case.json 不是普通文件。", "请换成普通的 JSON 文件。")
    with os.fdopen(handle, "rb") as file:
        data = file.read(MAX_CASE_BYTES + 1)
    if len(data) > MAX_CASE_BYTES:
        raise _JsonFaultError("JSON-SYNTAX", "case.json 超过 8 MB，不像一个案件。", "请检查是不是放错了文件。")
    return data


_FULL_WIDTH = frozenset("，：；、“”‘’＂＇｛｝［］【】")
"""Chinese punctuation that an input method writes in the place of that of JSON."""


def _parse(data: bytes) -> Any:
    """Decode and parse; NaN, huge numbers and deep nesting, which Python's parser accepts, are refused."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _JsonFaultError(
            "JSON-ENCODING",
            f"case.json 不是 UTF-8 编码（第 {error.start + 1} 个字节起）。",
            "请用 UTF-8 编码另存 case.json。",
        ) from None
    try:
        tree = json.loads(
            text,
            object_pairs_hook=_build_object,
            parse_constant=_refuse_constant,
            parse_int=_bounded_int,
            parse_float=_finite_float,
        )
    except json.JSONDecodeError as error:
        raise _JsonFaultError(
            "JSON-SYNTAX",
            f"case.json 第 {error.lineno} 行第 {error.colno} 列不是正确的 JSON。",
            '标点要用英文半角（,:"{}[]），请切换输入法后改正。'
            if text[error.pos : error.pos + 1] in _FULL_WIDTH
            else "请检查这里和上一行的引号、逗号、括号。",
        ) from None
    except (RecursionError, ValueError):
        raise _JsonFaultError(
            "JSON-SYNTAX", "case.json 嵌套太深，或者有不合规的数字。", "请检查是不是放错了文件。"
        ) from None
    if _nesting_depth(tree) > MAX_DEPTH:
        raise _JsonFaultError("JSON-SYNTAX", "case.json 嵌套太深。", "请检查是不是放错了文件。")
    return tree


def _build_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of these members; one that knows its hidden values where a key is repeated."""
    plain = dict(pairs)
    return plain if len(plain) == len(pairs) else _ObjectWithRepeatedKeys(pairs)


def _repeated_keys(tree: Any) -> tuple[tuple[Finding, ...], dict[str, int]]:
    """JSON-DUPLICATE-KEY for keys that an object has more than once, at their JSON Pointers; and the number of others."""
    counts: dict[str, tuple[str, str, int]] = {}
    stack: list[tuple[Any, str]] = [(tree, "")]
    while stack:
        node, path = stack.pop()
        if isinstance(node, _ObjectWithRepeatedKeys):
            for key, hidden in node.earlier:
                place = f"{path}{to_pointer((key,))}"
                counts[place] = (path, key, counts.get(place, ("", "", 1))[2] + 1)
                stack.append((hidden, place))
        members = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        stack.extend((child, f"{path}{to_pointer((step,))}") for step, child in members)
    more = max(len(counts) - MAX_OF_A_RULE, 0)
    found = tuple(
        finding(
            "JSON-DUPLICATE-KEY",
            message=f"{describe_pointer(path)}里，键“{printable_excerpt(key)}”写了 {count} 次。",
            fix="请只留正确的一处；检查时用的是最后一处的内容。",
            path=place,
        )
        for place, (path, key, count) in islice(counts.items(), MAX_OF_A_RULE)
    )
    return found, {"JSON-DUPLICATE-KEY": more} if more else {}


def _refuse_constant(_: str) -> Any:
    raise ValueError("NaN and Infinity are no JSON")


def _bounded_int(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise ValueError("number too long")
    return int(text)


def _finite_float(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError("number too large")
    return value


def _nesting_depth(tree: Any) -> int:
    """The depth of a parsed tree; computed without recursion, so that a deep tree cannot exhaust the stack."""
    deepest, stack = 0, [(tree, 1)]
    while stack:
        node, level = stack.pop()
        deepest = max(deepest, level)
        if deepest > MAX_DEPTH:
            break
        children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        stack.extend((child, level + 1) for child in children)
        if isinstance(node, _ObjectWithRepeatedKeys):
            stack.extend((hidden, level + 1) for _, hidden in node.earlier)
    return deepest


def _collect_strings(node: Any, path: str) -> list[tuple[str, str]]:
    """Every string value below a node with its JSON Pointer; keys are left to the model."""
    if isinstance(node, str):
        return [(path, node)]
    if isinstance(node, dict):
        return [pair for key, child in node.items() for pair in _collect_strings(child, f"{path}{to_pointer((key,))}")]
    if isinstance(node, list):
        return [pair for index, child in enumerate(node) for pair in _collect_strings(child, f"{path}/{index}")]
    return []
