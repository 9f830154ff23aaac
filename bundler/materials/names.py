"""PDF names as the bytes that they are: some tools write them in GBK, which no text of Python's can hold."""

from __future__ import annotations

import re
from typing import Any

_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")


def name_bytes(name: Any) -> bytes:  # noqa: ANN401 (a PDF object)
    """A name without its slash, its escapes resolved; of any other object, its text as written."""
    return _ESCAPE.sub(lambda code: bytes.fromhex(code[1].decode()), name.unparse().removeprefix(b"/"))
