"""What each filter takes and gives; the filters themselves stand in `bundler.documents.jinja_environment`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bundler.template_check.types import (
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
    join,
)


@dataclass(frozen=True, slots=True)
class FilterSignature:
    """A filter's promise.

    Attributes:
        takes: whether it can take a value of that kind.
        gives: what comes out.
        wants: what it takes, in the words of whoever writes templates.
        meets_none: it takes an absent value too.
    """

    takes: Callable[[MemberType], bool]
    gives: Callable[[ValueType], ValueType]
    wants: str
    meets_none: bool = False


def _is_date(kind: MemberType) -> bool:
    return isinstance(kind, DateType | DateTimeType)


def _is_moment(kind: MemberType) -> bool:
    return isinstance(kind, DateTimeType)


def _is_listing(kind: MemberType) -> bool:
    return isinstance(kind, ListType)


def _is_list_of_text(kind: MemberType) -> bool:
    return isinstance(kind, ListType) and all(is_text(item) or isinstance(item, UnknownType) for item in kind.item)


def _is_any(kind: MemberType) -> bool:
    del kind
    return True


def _is_ordinal(kind: MemberType) -> bool:
    return is_number(kind)


def _always(kinds: ValueType) -> Callable[[ValueType], ValueType]:
    return lambda _: kinds


def _listed(kinds: ValueType) -> list[ListType]:
    return [kind for kind in kinds if isinstance(kind, ListType)]


def _names(kinds: ValueType) -> ValueType:
    """The names of an empty list are a blank on a court paper, as much as a value that is not there."""
    return TEXT if all(kind.certain for kind in _listed(kinds)) else OPTIONAL_TEXT


def _first(kinds: ValueType) -> ValueType:
    items = join(kind.item for kind in _listed(kinds))
    return items if all(kind.certain for kind in _listed(kinds)) else items | {AbsentType()}


FILTERS: dict[str, FilterSignature] = {
    "day": FilterSignature(_is_date, _always(TEXT), "日期"),
    "hanzi": FilterSignature(_is_date, _always(TEXT), "日期"),
    "year": FilterSignature(_is_date, _always(TEXT), "日期"),
    "moment": FilterSignature(_is_moment, _always(TEXT), "带时分的时间"),
    "cn": FilterSignature(_is_ordinal, _always(TEXT), "数"),
    "box": FilterSignature(_is_any, _always(TEXT), "条件", meets_none=True),
    "names": FilterSignature(_is_list_of_text, _names, "一列文字"),
    "first": FilterSignature(_is_listing, _first, "一列"),
    "length": FilterSignature(_is_listing, _always(NUMBER), "一列"),
}
