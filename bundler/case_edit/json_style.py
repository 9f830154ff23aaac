"""A case.json written anew as it was laid out: indentation, order of keys, ends of lines, byte order mark."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_MARK = b"\xef\xbb\xbf"
_INDENT = re.compile(r"\s*\{[ \t]*\r?\n([ \t]+)")


def written(tree: Mapping[str, Any], like: bytes) -> bytes:
    """A tree as the bytes of a file that was laid out like another one."""
    text = like.decode("utf-8-sig", "replace")
    found = _INDENT.match(text)
    if found:
        made = json.dumps(tree, ensure_ascii=False, indent=found[1])
    else:
        made = json.dumps(tree, ensure_ascii=False, separators=_separators(text))
    end = text[len(text.rstrip()) :]
    if "\r\n" in text:
        made = made.replace("\n", "\r\n")
    # Half a character (a lone surrogate) can only be written as an escape, which is what it was read from.
    return (_MARK if like.startswith(_MARK) else b"") + (made + end).encode("utf-8", "backslashreplace")


def _separators(text: str) -> tuple[str, str]:
    return (", " if re.search(r'[\]}"\d], ', text) else ",", ": " if '": ' in text else ":")
