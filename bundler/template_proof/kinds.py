"""What a value in a template can be: a set of kinds, the more of them the less is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from jinja2 import nodes


@dataclass(frozen=True, slots=True)
class Nothing:
    """No value.

    Attributes:
        spared: the document's needs see to it that there is one: it may be printed, and may still be asked for.
    """

    spared: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """A name that some branch before this place did not set."""


@dataclass(frozen=True, slots=True)
class Word:
    """One value and no other: a word of an enumeration, a number, yes or no."""

    value: str | int | bool


@dataclass(frozen=True, slots=True)
class Text:
    """Any text that is not blank."""


@dataclass(frozen=True, slots=True)
class Number:
    """Any whole number."""


@dataclass(frozen=True, slots=True)
class Day:
    """A date."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A date with its time."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Several values, one after another.

    Attributes:
        least, most: how many at least and at most; None: no end.
        sure: how many at least by the document's needs; fewer may still be asked for.
    """

    item: frozenset[Kind]
    least: int = 0
    most: int | None = None
    sure: int = 0

    @property
    def certain(self) -> int:
        """How many there are at least when the paper is printed."""
        return max(self.least, self.sure)


@dataclass(frozen=True, slots=True)
class RecordOf:
    """A record of the view, or Jinja's own ``loop``."""

    type: type


@dataclass(frozen=True, slots=True, eq=False)
class MacroOf:
    """A macro of the template's own."""

    node: nodes.Macro


@dataclass(frozen=True, slots=True)
class Anything:
    """What a fault was already told of: nothing more is said about it."""


Kind = Nothing | Missing | Word | Text | Number | Day | Moment | Listing | RecordOf | MacroOf | Anything
Kinds = frozenset[Kind]

ANYTHING: Kinds = frozenset({Anything()})
TEXT: Kinds = frozenset({Text()})
MAYBE_TEXT: Kinds = frozenset({Text(), Nothing()})
PERHAPS_BLANK: Kinds = frozenset({Text(), Word("")})
NUMBER: Kinds = frozenset({Number()})
YES_OR_NO: Kinds = frozenset({Word(True), Word(False)})  # noqa: FBT003 (the value itself)


class Loop:
    """Jinja's own ``loop``."""


LOOP_FIELDS: dict[str, Kinds] = {
    "index": NUMBER,
    "index0": NUMBER,
    "revindex": NUMBER,
    "revindex0": NUMBER,
    "length": NUMBER,
    "first": YES_OR_NO,
    "last": YES_OR_NO,
}


def truthy(kinds: Kinds) -> Kinds:
    """What is left of a value where a condition on it holds."""
    return frozenset(left for kind in kinds if (left := _when_true(kind)) is not None)


def falsy(kinds: Kinds) -> Kinds:
    """What is left of a value where a condition on it does not hold."""
    return frozenset(left for kind in kinds if (left := _when_false(kind)) is not None)


def _when_true(kind: Kind) -> Kind | None:
    if isinstance(kind, Nothing):
        return None
    if isinstance(kind, Word):
        return kind if kind.value else None
    if isinstance(kind, Listing):
        return None if kind.most == 0 else replace(kind, least=max(1, kind.least))
    return kind


def _when_false(kind: Kind) -> Kind | None:
    if isinstance(kind, Nothing | Number | Anything | Missing):
        return kind
    if isinstance(kind, Word):
        return None if kind.value else kind
    if isinstance(kind, Listing) and kind.least == 0:
        return replace(kind, most=0)
    return None


def may_lack(kinds: Kinds) -> bool:
    """Whether a value may be absent when the paper is printed, or is for certain."""
    return Nothing() in kinds or (bool(kinds) and not present(kinds))


def present(kinds: Kinds) -> tuple[Kind, ...]:
    """A value without its absence, in an order that is the same each time."""
    there = [kind for kind in kinds if not isinstance(kind, Nothing)]
    return tuple(there if len(there) < 2 else sorted(there, key=repr))  # noqa: PLR2004 (nothing to put in order)


def believed(kinds: Kinds) -> Kinds:
    """What a value really can be, if the document's needs are met."""
    return frozenset(
        kind
        for kind in kinds
        if kind != Nothing(spared=True) and not (isinstance(kind, Listing) and kind.sure and kind.most == 0)
    )


def words(kinds: Kinds) -> tuple[str | int, ...] | None:
    """The words of an enumeration, in order; None where the value is no enumeration."""
    found = [kind.value for kind in present(kinds) if isinstance(kind, Word)]
    if not found or len(found) < len(present(kinds)):
        return None
    return tuple(sorted(found, key=lambda word: (str(type(word)), word)))


def is_text(kind: Kind) -> bool:
    """Whether it is text, blank or not."""
    return isinstance(kind, Text) or (isinstance(kind, Word) and isinstance(kind.value, str))


def is_number(kind: Kind) -> bool:
    """Whether it is a whole number."""
    return isinstance(kind, Number) or (
        isinstance(kind, Word) and isinstance(kind.value, int) and not isinstance(kind.value, bool)
    )


def join(several: Iterable[Kinds]) -> Kinds:
    """What a value can be that comes from one of several places."""
    return frozenset().union(*several)


def name_of(kind: Kind) -> str:
    """What it is, in the words of whoever writes templates."""
    if is_text(kind):
        return "文字"
    if is_number(kind):
        return "数"
    if isinstance(kind, Word):
        return "是否"
    return _NAMES.get(type(kind), "这样的值")


_NAMES: dict[type, str] = {
    Nothing: "空",
    Missing: "没有定义的名称",
    Day: "日期",
    Moment: "时间",
    Listing: "一列",
    RecordOf: "一组",
    MacroOf: "宏",
}
