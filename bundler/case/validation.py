"""Validating a JSON tree against the case model, with findings in Chinese: the place, what is expected, a similar key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from bundler.case.field_types import Unknown, is_blank
from bundler.case.json_pointer import (
    LeftOutEntries,
    Location,
    describe_pointer,
    find_fields,
    find_models,
    known_keys,
    title_at,
    to_pointer,
    value_at_location,
)
from bundler.case.labels import list_codes, read_labels
from bundler.case.model import Case
from bundler.case.union_faults import NO_FORM, Fault, forms_of, meant_code, nearest, read_faults
from bundler.printable_text import printable_excerpt
from bundler.regulation.findings import MAX_OF_A_RULE, Finding, finding
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

_ABSENT = object()
_BOUNDS = {"less_than_equal": ("不能大于", "le"), "greater_than_equal": ("不能小于", "ge")}


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """The result of validating a tree against the model.

    Attributes:
        case: the case without the parts that do not fit, so that rules about the other parts still apply;
            None only when nothing fits.
        findings: one for each part that does not fit.
        unread: the JSON Pointers of those parts.
        removed: list elements left out, by which pointers into the case are corrected.
        not_described: by rule, how many more parts do not fit, which have no finding.
    """

    case: Case | None
    findings: tuple[Finding, ...] = ()
    unread: tuple[str, ...] = ()
    removed: LeftOutEntries = field(default_factory=LeftOutEntries)
    not_described: Mapping[str, int] = field(default_factory=dict)


def validate_tree(tree: dict[str, Any]) -> ValidationResult:
    """Validate a JSON tree; each part that does not fit becomes a finding and is left out of the case.

    A blank value counts as not given. An unknown key is a fault even if its value is blank.
    """
    blank = frozenset(_blank_places(tree, ()))
    kept = _prune(tree, blank, ())
    try:
        return ValidationResult(Case.model_validate(kept), removed=LeftOutEntries(blank))
    except ValidationError as error:
        faults = _faults(kept, error, LeftOutEntries(blank))
    described, rest = _divide_faults(faults)
    meant = {place for fault in described if (place := _meant_place(tree, fault)) is not None}
    # A key that nobody compared with those of the model may stand for any of them.
    meant |= {fault.location[:-1] for fault in rest if fault.kind == "extra_forbidden" and fault.location[1:]}
    told = [fault for fault in described if not (fault.kind == "missing" and fault.location in meant)]
    findings = {(f.rule, f.path, f.message): f for f in (_to_finding(tree, fault) for fault in told)}
    places = {fault.location for fault in faults}
    case, left_out = _validate_without(tree, places, blank)
    unread = sorted({*places, *meant, *(left_out - blank)}, key=str)
    pointers = tuple(map(to_pointer, unread))
    more = Counter(_RULE_OF.get(fault.kind, "JSON-SCHEMA") for fault in rest)
    return ValidationResult(case, tuple(findings.values()), pointers, LeftOutEntries(left_out | blank), more)


_RULE_OF = {"extra_forbidden": "JSON-KEY", "string_unicode": "DATA-CHARACTER"}
"""The rules of the kinds of fault that are not JSON-SCHEMA."""


def _divide_faults(faults: Iterable[Fault]) -> tuple[list[Fault], list[Fault]]:
    """The first faults of each rule, as many as are listed; and the rest, which are only counted."""
    counts: Counter[str] = Counter()
    parts: tuple[list[Fault], list[Fault]] = ([], [])
    for fault in faults:
        rule = _RULE_OF.get(fault.kind, "JSON-SCHEMA")
        counts[rule] += 1
        parts[counts[rule] > MAX_OF_A_RULE].append(fault)
    return parts


def _blank_places(node: Any, here: Location) -> Iterator[Location]:
    """The places of blank values, but for those under an unknown key, whose fault is the key."""
    members = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, child in members:
        if isinstance(child, dict | list):
            yield from _blank_places(child, (*here, step))
        elif is_blank(child) and (isinstance(step, int) or step in _keys_at(here)):
            yield (*here, step)


def _keys_at(here: Location) -> frozenset[str]:
    return _keys_below(tuple(step for step in here if isinstance(step, str)))


@lru_cache(maxsize=1024)
def _keys_below(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(known_keys(names))


def _faults(kept: dict[str, Any], error: ValidationError, left_out: LeftOutEntries) -> list[Fault]:
    """The faults of a tree that is without some entries, at their locations in the whole tree."""
    found = read_faults(kept, error.errors(include_url=False, include_input=False, include_context=True))
    return [replace(fault, location=left_out.in_whole_tree(fault.location)) for fault in found]


def _meant_place(tree: dict[str, Any], fault: Fault) -> Location | None:
    """The place of the key for which a misspelt one stands; it is not read, and so not missing either."""
    near = _nearest_key(tree, fault.location) if fault.kind == "extra_forbidden" else None
    return (*fault.location[:-1], near) if near else None


def _nearest_key(tree: dict[str, Any], location: Location) -> str | None:
    """The most similar key that the model allows there and the tree does not have yet."""
    there = value_at_location(tree, location[:-1])
    free = [key for key in known_keys(location[:-1]) if key not in there or is_blank(there[key])]
    return nearest(str(location[-1]), free)


def _validate_without(
    tree: dict[str, Any], places: set[Location], blank: frozenset[Location]
) -> tuple[Case | None, set[Location]]:
    """The case without the parts at some locations; if it still does not fit, without the parts around them.

    Args:
        tree: the tree.
        places: the locations of parts that do not fit.
        blank: the locations of blank values, which are left out in any case.

    Returns:
        The case, None if nothing of it fits; and the outermost locations that it is without.
    """
    removed: set[Location] = set(blank)
    pending = set(places)
    for _ in range(MAX_ROUNDS):
        removed |= {
            place if value_at_location(tree, place, _ABSENT) is not _ABSENT and place not in blank else place[:-1]
            for place in pending
        } - {()}
        kept = _prune(tree, removed, ())
        try:
            case = Case.model_validate(kept)
        except ValidationError as error:
            pending = {fault.location[:-1] or fault.location for fault in _faults(kept, error, LeftOutEntries(removed))}
        else:
            return case, {place for place in removed if not any(place[:n] in removed for n in range(1, len(place)))}
    return None, removed


def _prune(node: Any, removed: Collection[Location], here: Location) -> Any:
    """The tree without the parts at some locations; JSON does not tell 4.0 from 4, so that it becomes whole."""
    if isinstance(node, dict):
        return {k: _prune(v, removed, (*here, k)) for k, v in node.items() if (*here, k) not in removed}
    if isinstance(node, list):
        return [_prune(v, removed, (*here, i)) for i, v in enumerate(node) if (*here, i) not in removed]
    return int(node) if isinstance(node, float) and node.is_integer() else node


def _to_finding(tree: dict[str, Any], fault: Fault) -> Finding:
    location, path = fault.location, to_pointer(fault.location)
    if fault.kind == "extra_forbidden":
        return _unknown_key(tree, location, path)
    if fault.kind == "string_unicode":
        return finding(
            "DATA-CHARACTER",
            message=f"{describe_pointer(path)}里有不成字的半个字符（代理区）。",
            fix="请删去这些字符，重新输入这一项。",
            path=path,
        )
    expected = _EXPECTED.get(fault.kind) or _describe_fault(fault)
    return finding("JSON-SCHEMA", message=f"{_name_place(location)}{expected}。", fix=_advise(tree, fault), path=path)


def _advise(tree: dict[str, Any], fault: Fault) -> str:
    """What to do about a value: the code that is similar to the given one, where there is one."""
    given = value_at_location(tree, fault.location)
    if fault.kind in {"literal_error", "enum"} and isinstance(given, str):
        labels = labels_at(fault.location)
        near = meant_code(given, labels)
        if near:
            return f"是不是“{near}”（{labels[near]}）？"
    return "请对照本院规定的受理事由改正。" if fault.location[:1] == ("grounds",) else "请改正后再查。"


def _name_place(location: Location) -> str:
    """The place in Chinese; an entry of a list of mere numbers or words by the list alone."""
    is_entry = bool(location) and isinstance(location[-1], int)
    plain = location[:-1] if is_entry and location[0] in _PLAIN else location
    return describe_pointer(to_pointer(plain))


_PLAIN = frozenset({"grounds", "ledgers"})
"""Lists of numbers or codes, whose entries a clerk does not count."""


def _describe_fault(fault: Fault) -> str:
    location, context = fault.location, fault.context
    if location[:1] == ("grounds",) or location == ("declined", "ground"):
        return "填错，规定里没有这一项"
    if fault.kind == NO_FORM:
        return _describe_forms(location)
    if fault.kind in _BOUNDS:
        words, bound = _BOUNDS[fault.kind]
        return f"{words} {context.get(bound)}"
    if fault.kind in {"literal_error", "enum"}:
        codes = list_codes(labels_at(location))
        return f"填错，可以填的有：{codes}" if codes else f"填错，只能填 {_list_expected(context.get('expected'))}"
    if fault.kind == "value_error" and isinstance(context.get("error"), ValueError):
        return str(context["error"])
    return "写法不对"


def _describe_forms(location: Location) -> str:
    """The forms that a value may have, of which it has none."""
    fields = _fields_at(location)
    forms = [form for one in fields for form in forms_of(one.annotation)]
    plain = "应为文字（加引号）" if str in forms else f"应为对象 {{ … }}，里面写{_first_title(forms)}等项"
    return f"{plain}；确实不知的，写明不详的原因" if Unknown in forms else plain


def _first_title(forms: list[Any]) -> str:
    """The title of the first field of the first model among some types: 姓名."""
    model = next(found for form in forms for found in find_models(form))
    return next(iter(model.model_fields.values())).title or ""


def _list_expected(expected: object) -> str:
    return str(expected or "").replace(" or ", "、").replace(", ", "、").replace("'", "")


def labels_at(location: Location) -> Mapping[str, str]:
    """The Chinese labels of the codes that the field at a location takes; those of the papers where it names papers."""
    keys = [step for step in location if isinstance(step, str)]
    labels = next((found for one in _fields_at(location) if (found := read_labels(one.json_schema_extra))), {})
    if not labels and keys[-1:] in (["items"], ["item"]):
        return {kind.item.value: kind.name for kind in PAPER_KINDS.values()}
    return labels


def _fields_at(location: Location) -> list[FieldInfo]:
    """The fields of the model at a location; several where a part around it may have several forms."""
    models: list[type[BaseModel]] = [Case]
    fields: list[FieldInfo] = []
    for key in location:
        if isinstance(key, str):
            fields = find_fields(models, key)
            models = [model for one in fields for model in find_models(one.annotation)]
    return fields


def _unknown_key(tree: dict[str, Any], location: Location, path: str) -> Finding:
    """The finding for an unknown key, with the most similar key that the model allows there and that is not there yet."""
    key, around = str(location[-1]), location[:-1]
    known = known_keys(around)
    where = describe_pointer(to_pointer(around))
    if key in known:  # of the other form of the value
        return finding(
            "JSON-KEY",
            message=f"{where}里“{key}”（{title_at(location)}）不能和别的项并写。",
            fix=f"已经查明的，删去“{key}”；确实不知的，只写“unknown”。",
            path=path,
        )
    near = _nearest_key(tree, location)
    advice = (
        f"是不是“{near}”（{title_at((*around, near))}）？"
        if near
        else f"这里可以填的有：{'、'.join(f'{title_at((*around, name))} {name}' for name in known)}。"
    )
    return finding("JSON-KEY", message=f"{where}里没有“{printable_excerpt(key)}”这一项。", fix=advice, path=path)
