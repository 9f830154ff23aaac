"""Type signatures of the Jinja filters that templates may use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bundler.template_check.value_types import (
    NUMBER,
    OPTIONAL_TEXT,
    TEXT,
    AbsentType,
    DateTimeType,
    DateType,
    ListType,
    MemberType,
    UnknownType,
    ValueType,
    is_number,
    is_text,
    union_of,
)


@dataclass(frozen=True, slots=True)
class FilterSignature:
    """What a filter takes and returns.

    Attributes:
        accepts: whether it takes a value of a member type.
        result_type: the type of its result, from the type of the value.
        accepted_name: what it takes, in the words of messages to template authors.
        accepts_absent: it takes an absent value too.
    """

    accepts: Callable[[MemberType], bool]
    result_type: Callable[[ValueType], ValueType]
    accepted_name: str
    accepts_absent: bool = False


def _is_date(member: MemberType) -> bool:
    return isinstance(member, DateType | DateTimeType)


def _is_date_time(member: MemberType) -> bool:
    return isinstance(member, DateTimeType)


def _is_text(member: MemberType) -> bool:
    return is_text(member)


def _is_list(member: MemberType) -> bool:
    return isinstance(member, ListType)


def _is_list_of_text(member: MemberType) -> bool:
    return isinstance(member, ListType) and all(is_text(item) or isinstance(item, UnknownType) for item in member.item)


def _is_any(member: MemberType) -> bool:
    del member
    return True


def _always(result: ValueType) -> Callable[[ValueType], ValueType]:
    return lambda _: result


def _lists(value_type: ValueType) -> list[ListType]:
    return [member for member in value_type if isinstance(member, ListType)]


def _names_result(value_type: ValueType) -> ValueType:
    """An empty list gives no names, which would leave a blank on the paper like an absent value."""
    return TEXT if all(member.printed_length for member in _lists(value_type)) else OPTIONAL_TEXT


def _first_result(value_type: ValueType) -> ValueType:
    items = union_of(member.item for member in _lists(value_type))
    return items if all(member.printed_length for member in _lists(value_type)) else items | {AbsentType()}


_TITLE_LINES: ValueType = frozenset({ListType(TEXT, min_length=1)})

FILTERS: dict[str, FilterSignature] = {
    "day": FilterSignature(_is_date, _always(TEXT), "日期"),
    "hanzi": FilterSignature(_is_date, _always(TEXT), "日期"),
    "year": FilterSignature(_is_date, _always(TEXT), "日期"),
    "moment": FilterSignature(_is_date_time, _always(TEXT), "带时分的时间"),
    "cn": FilterSignature(is_number, _always(TEXT), "数"),
    "box": FilterSignature(_is_any, _always(TEXT), "条件", accepts_absent=True),
    "names": FilterSignature(_is_list_of_text, _names_result, "一列文字"),
    "first": FilterSignature(_is_list, _first_result, "一列"),
    "length": FilterSignature(_is_list, _always(NUMBER), "一列"),
    "lines": FilterSignature(_is_text, _always(NUMBER), "文字"),
    "title": FilterSignature(_is_text, _always(_TITLE_LINES), "文字"),
}
"""The filters themselves are in `bundler.documents.jinja_environment`."""
