"""The pages of a case, with the words and names that their templates share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse

from bundler.case.json_pointer import describe_pointer, field_title
from bundler.desk import templating
from bundler.desk.cases.finding_links import field_html_id
from bundler.regulation.papers import PAPERS, Item

_KEY = r"[a-z]+(?:_[a-z]+)*"
_IN_BRACKETS = re.compile(rf"（{_KEY}(?:[.、]{_KEY})*）")
_POINTER = re.compile(rf"(?:案件数据的)? ?(?<![\w“])((?:/(?:{_KEY}|\d+))+) ?")
_KEYS = re.compile(rf" ?(?<![\w/“.-])({_KEY}(?:\.{_KEY})*)(?![\w/.”-]) ?")
_STATUS_WORDS = {"present": "有", "generated": "可生成", "absent": "确无此件", "missing": "缺"}
_WORDS = (
    ("改为 accepted 或者 declined", "改为“受理”或者“不予受理”"),
    ("在 case.json 里", ""),
    ("case.json 的", "案件数据的"),
    ("case.json", "案件数据"),
)


def page(request: Request, name: str, context: Mapping[str, Any], *, status: int = 200) -> HTMLResponse:
    """A page of a case, or a piece of one."""
    shared = {"field_id": field_html_id, "plain": plain, "label_of": item_label, "status_word": _STATUS_WORDS}
    return templating.template_response(request, name, {**shared, **context}, status=status)


def item_label(item: Item) -> str:
    """What the regulation calls a paper."""
    return PAPERS[item].label


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """What the gate says, its keys of case.json as the names of the form's fields: a clerk at the desk never sees keys."""
    for key, word in _WORDS:
        text = text.replace(key, word)
    text = _POINTER.sub(lambda found: f"“{describe_pointer(found[1])}”", _IN_BRACKETS.sub("", text))
    return _KEYS.sub(_named, text)


def _named(found: re.Match[str]) -> str:
    keys = found[1].split(".")
    if not all(field_title(key) != _UNNAMED for key in keys):
        return found[0]
    return f"“{describe_pointer('/' + '/'.join(keys)) if len(keys) > 1 else field_title(keys[0])}”"


_UNNAMED = field_title("")
"""What a key is called that the model does not have."""
