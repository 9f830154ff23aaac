"""Types of template values: the type of a value is a union of member types, as in a static type checker."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from jinja2 import nodes


@dataclass(frozen=True, slots=True)
class AbsentType:
    """No value (``none``).

    Attributes:
        guaranteed: the document's requirements exclude it when the document is printed; a condition may still test for it.
    """

    guaranteed: bool = False


@dataclass(frozen=True, slots=True)
class UndefinedType:
    """A name that some branch before this place did not set."""


@dataclass(frozen=True, slots=True)
class LiteralType:
    """Exactly one value: a word of an enumeration, a number, true or false."""

    value: str | int | bool


@dataclass(frozen=True, slots=True)
class TextType:
    """Any text that is not blank."""


@dataclass(frozen=True, slots=True)
class NumberType:
    """Any integer."""


@dataclass(frozen=True, slots=True)
class DateType:
    """A date."""


@dataclass(frozen=True, slots=True)
class DateTimeType:
    """A date with a time of day."""


@dataclass(frozen=True, slots=True)
class ListType:
    """A list.

    Attributes:
        item: the type of an entry.
        min_length, max_length: bounds of the number of entries; no upper bound: None.
        guaranteed_length: the lower bound by the document's requirements; a condition may still test for fewer.
    """

    item: frozenset[MemberType]
    min_length: int = 0
    max_length: int | None = None
    guaranteed_length: int = 0

    @property
    def printed_length(self) -> int:
        """The lower bound of the number of entries when the document is printed."""
        return max(self.min_length, self.guaranteed_length)


@dataclass(frozen=True, slots=True)
class RecordType:
    """A record of the view, or Jinja's own ``loop``."""

    type: type


@dataclass(frozen=True, slots=True, eq=False)
class MacroType:
    """A macro that the template defines."""

    node: nodes.Macro


@dataclass(frozen=True, slots=True)
class UnknownType:
    """The type of an expression whose problem is reported already: nothing more is reported about it."""


MemberType = (
    AbsentType
    | UndefinedType
    | LiteralType
    | TextType
    | NumberType
    | DateType
    | DateTimeType
    | ListType
    | RecordType
    | MacroType
    | UnknownType
)
ValueType = frozenset[MemberType]

UNKNOWN: ValueType = frozenset({UnknownType()})
TEXT: ValueType = frozenset({TextType()})
OPTIONAL_TEXT: ValueType = frozenset({TextType(), AbsentType()})
TEXT_OR_BLANK: ValueType = frozenset({TextType(), LiteralType("")})
NUMBER: ValueType = frozenset({NumberType()})
BOOLEAN: ValueType = frozenset({LiteralType(True), LiteralType(False)})  # noqa: FBT003 (the value itself)


class Loop:
    """Jinja's own ``loop``."""


LOOP_FIELDS: dict[str, ValueType] = {
    "index": NUMBER,
    "index0": NUMBER,
    "revindex": NUMBER,
    "revindex0": NUMBER,
    "length": NUMBER,
    "first": BOOLEAN,
    "last": BOOLEAN,
}

_ORDER: tuple[type, ...] = (
    UnknownType,
    DateType,
    ListType,
    MacroType,
    UndefinedType,
    DateTimeType,
    AbsentType,
    NumberType,
    RecordType,
    TextType,
    LiteralType,
)
"""Decides which member a message names, and the order in which example views vary a value."""


def sort_members(value_type: Iterable[MemberType]) -> tuple[MemberType, ...]:
    """Return the members in an order that is the same in every run."""
    return tuple(sorted(value_type, key=_sort_key))


def _sort_key(member: MemberType) -> tuple[int, Any]:
    rank = _ORDER.index(type(member))
    if isinstance(member, ListType):
        return rank, (sorted(map(_sort_key, member.item)), repr(replace(member, item=frozenset())))
    return rank, repr(member)


def truthy(value_type: ValueType) -> ValueType:
    """Return the part of a type that satisfies a condition on the value."""
    return frozenset(left for member in value_type if (left := _truthy_member(member)) is not None)


def falsy(value_type: ValueType) -> ValueType:
    """Return the part of a type that does not satisfy a condition on the value."""
    return frozenset(left for member in value_type if (left := _falsy_member(member)) is not None)


def _truthy_member(member: MemberType) -> MemberType | None:
    if isinstance(member, AbsentType):
        return None
    if isinstance(member, LiteralType):
        return member if member.value else None
    if isinstance(member, ListType):
        return None if member.max_length == 0 else replace(member, min_length=max(1, member.min_length))
    return member


def _falsy_member(member: MemberType) -> MemberType | None:
    if isinstance(member, AbsentType | NumberType | UnknownType | UndefinedType):
        return member
    if isinstance(member, LiteralType):
        return None if member.value else member
    if isinstance(member, ListType) and member.min_length == 0:
        return replace(member, max_length=0)
    return None


def can_be_absent(value_type: ValueType) -> bool:
    """Whether there may be no value when the document is printed, or never is one."""
    return AbsentType() in value_type or (bool(value_type) and not present_members(value_type))


def present_members(value_type: ValueType) -> tuple[MemberType, ...]:
    """Return the members other than the absent value, in an order that is the same in every run."""
    present = [member for member in value_type if not isinstance(member, AbsentType)]
    return tuple(present) if len(present) < 2 else sort_members(present)  # noqa: PLR2004 (nothing to sort)


def assume_guarantees(value_type: ValueType) -> ValueType:
    """Return what a value can be once the document's requirements are met."""
    return frozenset(
        member
        for member in value_type
        if member != AbsentType(guaranteed=True)
        and not (isinstance(member, ListType) and member.guaranteed_length and member.max_length == 0)
    )


def literal_values(value_type: ValueType) -> tuple[str | int, ...] | None:
    """Return the words of an enumeration, sorted; None if the type is no enumeration."""
    present = present_members(value_type)
    values = [member.value for member in present if isinstance(member, LiteralType)]
    if not values or len(values) < len(present):
        return None
    return tuple(sorted(values, key=lambda value: (str(type(value)), value)))


def is_text(member: MemberType) -> bool:
    """Whether it is text, blank or not."""
    return isinstance(member, TextType) or (isinstance(member, LiteralType) and isinstance(member.value, str))


def is_number(member: MemberType) -> bool:
    """Whether it is an integer; true and false are none."""
    return isinstance(member, NumberType) or (
        isinstance(member, LiteralType) and isinstance(member.value, int) and not isinstance(member.value, bool)
    )


def union_of(value_types: Iterable[ValueType]) -> ValueType:
    """Return the type of a value that has one of these types."""
    return frozenset().union(*value_types)


def chinese_name(member: MemberType) -> str:
    """Return the name that messages to template authors use."""
    if is_text(member):
        return "文字"
    if is_number(member):
        return "数"
    if isinstance(member, LiteralType):
        return "是否"
    return _CHINESE_NAMES.get(type(member), "这样的值")


_CHINESE_NAMES: dict[type, str] = {
    AbsentType: "空",
    UndefinedType: "没有定义的名称",
    DateType: "日期",
    DateTimeType: "时间",
    ListType: "一列",
    RecordType: "一组",
    MacroType: "宏",
}
