"""What a value in a template can be: a set of kinds, the more of them the less is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from jinja2 import nodes


@dataclass(frozen=True, slots=True)
class AbsentType:
    """No value.

    Attributes:
        spared: the document's needs see to it that there is one: it may be printed, and may still be asked for.
    """

    spared: bool = False


@dataclass(frozen=True, slots=True)
class UndefinedType:
    """A name that some branch before this place did not set."""


@dataclass(frozen=True, slots=True)
class LiteralType:
    """One value and no other: a word of an enumeration, a number, yes or no."""

    value: str | int | bool


@dataclass(frozen=True, slots=True)
class TextType:
    """Any text that is not blank."""


@dataclass(frozen=True, slots=True)
class NumberType:
    """Any whole number."""


@dataclass(frozen=True, slots=True)
class DateType:
    """A date."""


@dataclass(frozen=True, slots=True)
class DateTimeType:
    """A date with its time."""


@dataclass(frozen=True, slots=True)
class ListType:
    """Several values, one after another.

    Attributes:
        least, most: how many at least and at most; None: no end.
        sure: how many at least by the document's needs; fewer may still be asked for.
    """

    item: frozenset[MemberType]
    least: int = 0
    most: int | None = None
    sure: int = 0

    @property
    def certain(self) -> int:
        """How many there are at least when the paper is printed."""
        return max(self.least, self.sure)


@dataclass(frozen=True, slots=True)
class RecordType:
    """A record of the view, or Jinja's own ``loop``."""

    type: type


@dataclass(frozen=True, slots=True, eq=False)
class MacroType:
    """A macro of the template's own."""

    node: nodes.Macro


@dataclass(frozen=True, slots=True)
class UnknownType:
    """What a fault was already told of: nothing more is said about it."""


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


def truthy(kinds: ValueType) -> ValueType:
    """What is left of a value where a condition on it holds."""
    return frozenset(left for kind in kinds if (left := _when_true(kind)) is not None)


def falsy(kinds: ValueType) -> ValueType:
    """What is left of a value where a condition on it does not hold."""
    return frozenset(left for kind in kinds if (left := _when_false(kind)) is not None)


def _when_true(kind: MemberType) -> MemberType | None:
    if isinstance(kind, AbsentType):
        return None
    if isinstance(kind, LiteralType):
        return kind if kind.value else None
    if isinstance(kind, ListType):
        return None if kind.most == 0 else replace(kind, least=max(1, kind.least))
    return kind


def _when_false(kind: MemberType) -> MemberType | None:
    if isinstance(kind, AbsentType | NumberType | UnknownType | UndefinedType):
        return kind
    if isinstance(kind, LiteralType):
        return None if kind.value else kind
    if isinstance(kind, ListType) and kind.least == 0:
        return replace(kind, most=0)
    return None


def can_be_absent(kinds: ValueType) -> bool:
    """Whether a value may be absent when the paper is printed, or is for certain."""
    return AbsentType() in kinds or (bool(kinds) and not present(kinds))


def present(kinds: ValueType) -> tuple[MemberType, ...]:
    """A value without its absence, in an order that is the same each time."""
    there = [kind for kind in kinds if not isinstance(kind, AbsentType)]
    return tuple(there if len(there) < 2 else sorted(there, key=repr))  # noqa: PLR2004 (nothing to put in order)


def believed(kinds: ValueType) -> ValueType:
    """What a value really can be, if the document's needs are met."""
    return frozenset(
        kind
        for kind in kinds
        if kind != AbsentType(spared=True) and not (isinstance(kind, ListType) and kind.sure and kind.most == 0)
    )


def words(kinds: ValueType) -> tuple[str | int, ...] | None:
    """The words of an enumeration, in order; None where the value is no enumeration."""
    found = [kind.value for kind in present(kinds) if isinstance(kind, LiteralType)]
    if not found or len(found) < len(present(kinds)):
        return None
    return tuple(sorted(found, key=lambda word: (str(type(word)), word)))


def is_text(kind: MemberType) -> bool:
    """Whether it is text, blank or not."""
    return isinstance(kind, TextType) or (isinstance(kind, LiteralType) and isinstance(kind.value, str))


def is_number(kind: MemberType) -> bool:
    """Whether it is a whole number."""
    return isinstance(kind, NumberType) or (
        isinstance(kind, LiteralType) and isinstance(kind.value, int) and not isinstance(kind.value, bool)
    )


def join(several: Iterable[ValueType]) -> ValueType:
    """What a value can be that comes from one of several places."""
    return frozenset().union(*several)


def name_of(kind: MemberType) -> str:
    """What it is, in the words of whoever writes templates."""
    if is_text(kind):
        return "文字"
    if is_number(kind):
        return "数"
    if isinstance(kind, LiteralType):
        return "是否"
    return _NAMES.get(type(kind), "这样的值")


_NAMES: dict[type, str] = {
    AbsentType: "空",
    UndefinedType: "没有定义的名称",
    DateType: "日期",
    DateTimeType: "时间",
    ListType: "一列",
    RecordType: "一组",
    MacroType: "宏",
}
