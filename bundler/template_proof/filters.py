"""What each filter takes and gives; the filters themselves stand in `bundler.documents.environment`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bundler.template_proof.kinds import (
    MAYBE_TEXT,
    NUMBER,
    TEXT,
    Anything,
    Day,
    Kind,
    Kinds,
    Listing,
    Moment,
    Nothing,
    is_number,
    is_text,
    join,
)


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter's promise.

    Attributes:
        takes: whether it can take a value of that kind.
        gives: what comes out.
        wants: what it takes, in the words of whoever writes templates.
        meets_none: it takes an absent value too.
    """

    takes: Callable[[Kind], bool]
    gives: Callable[[Kinds], Kinds]
    wants: str
    meets_none: bool = False


def _is_date(kind: Kind) -> bool:
    return isinstance(kind, Day | Moment)


def _is_moment(kind: Kind) -> bool:
    return isinstance(kind, Moment)


def _is_listing(kind: Kind) -> bool:
    return isinstance(kind, Listing)


def _is_list_of_text(kind: Kind) -> bool:
    return isinstance(kind, Listing) and all(is_text(item) or isinstance(item, Anything) for item in kind.item)


def _is_any(kind: Kind) -> bool:
    del kind
    return True


def _is_ordinal(kind: Kind) -> bool:
    return is_number(kind)


def _always(kinds: Kinds) -> Callable[[Kinds], Kinds]:
    return lambda _: kinds


def _listed(kinds: Kinds) -> list[Listing]:
    return [kind for kind in kinds if isinstance(kind, Listing)]


def _names(kinds: Kinds) -> Kinds:
    """The names of an empty list are a blank on a court paper, as much as a value that is not there."""
    return TEXT if all(kind.certain for kind in _listed(kinds)) else MAYBE_TEXT


def _first(kinds: Kinds) -> Kinds:
    items = join(kind.item for kind in _listed(kinds))
    return items if all(kind.certain for kind in _listed(kinds)) else items | {Nothing()}


FILTERS: dict[str, Filter] = {
    "day": Filter(_is_date, _always(TEXT), "日期"),
    "hanzi": Filter(_is_date, _always(TEXT), "日期"),
    "year": Filter(_is_date, _always(TEXT), "日期"),
    "moment": Filter(_is_moment, _always(TEXT), "带时分的时间"),
    "cn": Filter(_is_ordinal, _always(TEXT), "数"),
    "box": Filter(_is_any, _always(TEXT), "条件", meets_none=True),
    "names": Filter(_is_list_of_text, _names, "一列文字"),
    "first": Filter(_is_listing, _first, "一列"),
    "length": Filter(_is_listing, _always(NUMBER), "一列"),
}
