"""The pages of a case, with the words and names that their templates share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse

from bundler.desk import rendering
from bundler.desk.casework.linking import field_id
from bundler.regulation.items import PAPERS, Item

_IN_BRACKETS = re.compile(r"（[a-z_]+(?:\.[a-z_]+)*(?:、[a-z_]+(?:\.[a-z_]+)*)*）")
_FILL_IN = re.compile(r"，?(?:并)?填写? ?[a-z_]+(?=[。）；，])")
_HERE = (("在 case.json 的", "在"), ("在 case.json 里", ""), ("case.json", "案件数据"))


def page(request: Request, name: str, context: Mapping[str, Any], *, status: int = 200) -> HTMLResponse:
    """A page of a case, or a piece of one."""
    shared = {"field_id": field_id, "plain": plain, "label_of": label_of}
    return rendering.page(request, name, {**shared, **context}, status=status)


def label_of(item: Item) -> str:
    """What the regulation calls a paper."""
    return PAPERS[item].label


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """What the gate says, without the keys of case.json, which a clerk at the desk never sees."""
    text = _IN_BRACKETS.sub("", text)
    for key, word in _HERE:
        text = text.replace(key, word)
    return text
