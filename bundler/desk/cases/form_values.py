"""What the browser sent for a field, as JSON would hold it; the model judges it, nobody here."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bundler.case_edit.changes import ABSENT
from bundler.desk.cases.form_fields import Field, Json, Widget
from bundler.desk.http import is_number


def parse_value(field: Field, given: Sequence[str], reason: str = "") -> Json:
    """The value that was entered; ABSENT for none.

    Args:
        field: the field.
        given: what the browser sent, one text for each box that was ticked.
        reason: why it is not known, where that was entered.
    """
    if reason.strip() and field.may_be_unknown:
        return {"unknown": reason.strip()}
    text = (given[0] if given else "").replace("\r\n", "\n").strip()
    if field.widget is Widget.FLAG:
        return bool(given)
    if field.widget is Widget.CHOICES:
        return [value for value, _ in field.options if str(value) in given] or ABSENT
    if field.widget is Widget.LINES:
        return [line.strip() for line in text.split("\n") if line.strip()] or ABSENT
    return _single(field, text) if text else ABSENT


def _single(field: Field, text: str) -> Json:
    if field.widget is Widget.NUMBER:
        return int(text) if is_number(text) else text
    if field.widget is Widget.CHOICE:
        return next((value for value, _ in field.options if str(value) == text), text)
    return text


def parse_previous_value(text: str) -> Json:
    """What was seen before, as the page carried it.

    Raises:
        ValueError: it is no JSON.
    """
    return json.loads(text) if text else ABSENT


def shown(value: Json) -> str:
    """A value as the page carries it; empty for nothing."""
    return "" if value is None or value is ABSENT else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def describe_value(field: Field | None, value: Json) -> str:
    """A value as a person reads it."""
    if value is None or value is ABSENT or value in ("", []):
        return "（没有填）"
    if isinstance(value, bool):
        return "是" if value else "否"
    words = dict(field.options) if field else {}
    if isinstance(value, list):
        return "；".join(describe_value(field, one) for one in value)
    if isinstance(value, dict):
        if set(value) == {"unknown"}:
            return f"不详（{value['unknown']}）"
        return "，".join(describe_value(None, one) for one in value.values()) or "（没有填）"
    return words.get(value, str(value))


def input_text(field: Field) -> str:
    """A field's value as the box shows it."""
    value = field.value
    if value is None or field.unknown:
        return ""
    if isinstance(value, list):
        return "\n".join(str(one) for one in value)
    return str(value)
