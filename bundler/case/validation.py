"""Validating a JSON tree against the case model, with findings in Chinese: the place, what is expected, a similar key."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from bundler.case.json_pointer import (
    Location,
    describe_pointer,
    find_fields,
    find_models,
    known_keys,
    title_at,
    to_pointer,
)
from bundler.case.labels import list_codes, read_labels
from bundler.case.model import Case
from bundler.printable_text import printable_excerpt
from bundler.regulation.findings import Finding, finding
from bundler.regulation.papers import PAPER_KINDS

MAX_ROUNDS = 8

_EXPECTED = {
    "missing": "没有填写",
    "string_type": "应为文字（加引号）",
    "string_too_short": "不能为空",
    "string_too_long": "文字太长（最多 20000 字）",
    "string_pattern_mismatch": "写法不对",
    "int_type": "应为整数（不加引号）",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "bool_type": "只能填 true（是）或者 false（否）",
    "bool_parsing": "只能填 true（是）或者 false（否）",
    "tuple_type": "应为列表 [ … ]",
    "too_short": "至少要有一个",
    "model_type": "应为对象 { … }",
    "model_attributes_type": "应为对象 { … }",
    "date_from_datetime_parsing": "不是一个日期，应写成 2021-09-16 的形式",
    "date_parsing": "不是一个日期，应写成 2021-09-16 的形式",
    "datetime_parsing": "不是一个时间，应写成 2021-09-22T09:30 的形式",
    "datetime_from_date_parsing": "不是一个时间，应写成 2021-09-22T09:30 的形式",
}


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """The result of validating a tree against the model.

    Attributes:
        case: the case without the parts that do not fit, so that rules about the other parts still apply;
            None only when nothing fits.
        findings: one for each part that does not fit.
        unread: the JSON Pointers of those parts.
        removed: list elements left out, as (pointer of the list, index), by which pointers into the case are corrected.
    """

    case: Case | None
    findings: tuple[Finding, ...] = ()
    unread: tuple[str, ...] = ()
    removed: tuple[tuple[str, int], ...] = ()


def validate_tree(tree: dict[str, Any]) -> ValidationResult:
    """Validate a JSON tree; each part that does not fit becomes a finding and is left out of the case."""
    try:
        return ValidationResult(Case.model_validate(tree))
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False, include_context=True)
    findings = {(f.rule, f.path, f.message): f for f in map(_to_finding, faults)}
    places = {_location(fault) for fault in faults}
    case, removed = _validate_without(tree, places)
    return ValidationResult(case, tuple(findings.values()), tuple(map(to_pointer, sorted(places, key=str))), removed)


def _validate_without(tree: dict[str, Any], places: set[Location]) -> tuple[Case | None, tuple[tuple[str, int], ...]]:
    """The case without the parts at some locations; if it still does not fit, without the parts around them."""
    removed: set[Location] = set()
    pending = set(places)
    for _ in range(MAX_ROUNDS):
        removed |= {place if _exists(tree, place) else place[:-1] for place in pending} - {()}
        try:
            case = Case.model_validate(_prune(tree, removed, ()))
        except ValidationError as error:
            faults = error.errors(include_url=False, include_input=False, include_context=True)
            pending = {_location(fault)[:-1] or _location(fault) for fault in faults}
        else:
            lists = tuple((to_pointer(place[:-1]), place[-1]) for place in removed if isinstance(place[-1], int))
            return case, tuple(sorted(lists))
    return None, ()


def _exists(tree: Any, place: Location) -> bool:
    for step in place:
        try:
            tree = tree[step]
        except (KeyError, IndexError, TypeError):
            return False
    return True


def _prune(node: Any, removed: set[Location], here: Location) -> Any:
    if isinstance(node, dict):
        return {k: _prune(v, removed, (*here, k)) for k, v in node.items() if (*here, k) not in removed}
    if isinstance(node, list):
        return [_prune(v, removed, (*here, i)) for i, v in enumerate(node) if (*here, i) not in removed]
    return node


def _location(fault: ErrorDetails) -> Location:
    return tuple(part for part in fault["loc"] if not _is_union_branch(part))


def _to_finding(fault: ErrorDetails) -> Finding:
    location = _location(fault)
    path = to_pointer(location)
    if fault["type"] == "extra_forbidden":
        return _unknown_key(location, path)
    if fault["type"] == "string_unicode":
        return finding(
            "DATA-CHARACTER",
            message=f"{describe_pointer(path)}里有不成字的半个字符（代理区）。",
            fix="请删去这些字符，重新输入这一项。",
            path=path,
        )
    expected = _EXPECTED.get(fault["type"]) or _describe_fault(fault, location)
    lists = "请对照本院规定的受理事由改正。" if location[:1] == ("grounds",) else "请改正后再查。"
    return finding("JSON-SCHEMA", message=f"{_name_place(location)}{expected}。", fix=lists, path=path)


def _name_place(location: Location) -> str:
    """The place in Chinese; an entry of a list of mere numbers or words by the list alone."""
    is_entry = bool(location) and isinstance(location[-1], int)
    plain = location[:-1] if is_entry and location[0] in _PLAIN else location
    return describe_pointer(to_pointer(plain))


_PLAIN = frozenset({"grounds", "ledgers"})
"""Lists of numbers or codes, whose entries a clerk does not count."""


def _is_union_branch(part: int | str) -> bool:
    """Whether a step of pydantic's error location is a branch of a union instead of a key of case.json."""
    return isinstance(part, str) and (
        part in {"str", "Unknown", "Officer", "Parties"} or part.startswith(("function-", "lax-"))
    )


def _describe_fault(fault: ErrorDetails, location: Location) -> str:
    context = fault.get("ctx") or {}
    if location[:1] == ("grounds",) or location == ("declined", "ground"):
        return "填错，规定里没有这一项"
    if fault["type"] == "less_than_equal":
        return f"不能大于 {context.get('le')}"
    if fault["type"] == "greater_than_equal":
        return f"不能小于 {context.get('ge')}"
    if fault["type"] in {"literal_error", "enum"}:
        codes = list_codes(_labels_at(location))
        return f"填错，可以填的有：{codes}" if codes else f"填错，只能填 {_list_expected(context.get('expected'))}"
    if fault["type"] == "value_error" and isinstance(context.get("error"), ValueError):
        return f"：{context['error']}"
    return "写法不对"


def _list_expected(expected: object) -> str:
    return str(expected or "").replace(" or ", "、").replace(", ", "、").replace("'", "")


def _labels_at(location: Location) -> Mapping[str, str]:
    """The Chinese labels of the codes that a field takes; those of the papers where it names papers."""
    keys = [step for step in location if isinstance(step, str)]
    models: list[type[BaseModel]] = [Case]
    fields: list[FieldInfo] = []
    for key in keys:
        fields = find_fields(models, key)
        models = [model for one in fields for model in find_models(one.annotation)]
    labels = next((found for one in fields if (found := read_labels(one.json_schema_extra))), {})
    if not labels and keys[-1:] in (["items"], ["item"]):
        return {kind.item.value: kind.name for kind in PAPER_KINDS.values()}
    return labels


def _unknown_key(location: Location, path: str) -> Finding:
    """The finding for an unknown key, with the most similar key that the model allows there."""
    key = str(location[-1])
    known = known_keys(location[:-1])
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    where = describe_pointer(to_pointer(location[:-1]))
    advice = (
        f"是不是“{near[0]}”（{title_at((*location[:-1], near[0]))}）？"
        if near
        else f"这里可以填的有：{'、'.join(f'{title_at((*location[:-1], name))} {name}' for name in known)}。"
    )
    return finding("JSON-KEY", message=f"{where}里没有“{printable_excerpt(key)}”这一项。", fix=advice, path=path)
