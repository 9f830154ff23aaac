"""New entries in the materials of a case.json: the rest of the file keeps every character that it had."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from bundler.errors import CaseError

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()
_KEY = "materials"

Entry = dict[str, Any]


def with_entries(data: bytes, entries: Sequence[Entry]) -> bytes:
    """The bytes of case.json with entries added at the end of its materials.

    Raises:
        CaseError: its outermost part is no object, or its materials are no list.
    """
    mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    text = data.decode("utf-8-sig")
    tree = json.loads(text)
    if not isinstance(tree, dict) or not isinstance(tree.get(_KEY, []), list):
        raise CaseError(
            "case.json 的 materials 不是列表，加不进去。", fix="请先按 bundler check 的提示改正 case.json。"
        )
    wanted = {**tree, _KEY: [*tree.get(_KEY, []), *entries]}
    written = _inserted(text, entries)
    if json.loads(written) != wanted:  # a layout that nobody foresaw: the data comes first
        written = json.dumps(wanted, ensure_ascii=False, indent=2) + "\n"
    return mark + written.encode()


def _inserted(text: str, entries: Sequence[Entry]) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    unit = _unit(text)
    spans = dict(_members(text))
    if _KEY not in spans:
        return _with_list(text, [end for _, end in spans.values()], entries, newline, unit)
    begin, end = spans[_KEY]
    elements = list(_elements(text, begin))
    written = _written(entries, (elements and text[slice(*elements[-1])]) or "", newline, unit)
    if elements:
        glue = f",{newline}{unit * 2}" if unit else ","
        return text[: elements[-1][1]] + glue + glue.join(written) + text[elements[-1][1] :]
    return text[:begin] + _list(written, newline, unit) + text[end:]


def _with_list(text: str, ends: list[int], entries: Sequence[Entry], newline: str, unit: str) -> str:
    """The text with a list of materials as its last member."""
    member = f'"{_KEY}": ' + _list(_written(entries, "", newline, unit), newline, unit)
    glue = newline + unit if unit else ""
    if ends:
        last = max(ends)
        return f"{text[:last]},{glue}{member}{text[last:]}"
    brace = text.index("{") + 1
    return text[:brace] + glue + member + (newline if unit else "") + text[brace:].lstrip()


def _list(written: Sequence[str], newline: str, unit: str) -> str:
    if not unit:
        return f"[{','.join(written)}]"
    inner = f",{newline}{unit * 2}".join(written)
    return f"[{newline}{unit * 2}{inner}{newline}{unit}]"


def _written(entries: Sequence[Entry], like: str, newline: str, unit: str) -> list[str]:
    """Entries as the one before them is written: on one line, or on several."""
    if not unit:
        return [json.dumps(entry, ensure_ascii=False, separators=(",", ":")) for entry in entries]
    if "\n" not in like:
        return [json.dumps(entry, ensure_ascii=False) for entry in entries]
    texts = (json.dumps(entry, ensure_ascii=False, indent=unit) for entry in entries)
    return [text.replace("\n", newline + unit * 2) for text in texts]


def _unit(text: str) -> str:
    """What the file indents by; nothing where it stands on one line."""
    found = re.match(r"\s*\{[ \t]*\r?\n([ \t]+)", text)
    return found[1] if found else ""


def _members(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Each member of the outermost object with where its value begins and ends; the text is known to be JSON."""
    place = _after_space(text, _after_space(text, 0) + 1)
    while text[place] != "}":
        key, place = _DECODER.raw_decode(text, place)
        begin = _after_space(text, _after_space(text, place) + 1)
        _, end = _DECODER.raw_decode(text, begin)
        yield key, (begin, end)
        place = _after_comma(text, end)


def _elements(text: str, begin: int) -> Iterator[tuple[int, int]]:
    """Where each element of the list that begins at a place begins and ends."""
    place = _after_space(text, begin + 1)
    while text[place] != "]":
        _, end = _DECODER.raw_decode(text, place)
        yield place, end
        place = _after_comma(text, end)


def _after_space(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place


def _after_comma(text: str, place: int) -> int:
    place = _after_space(text, place)
    return _after_space(text, place + 1) if text[place] == "," else place
