"""The names that templates may use, listed in Chinese out of the views themselves."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from bundler.errors import UsageError
from bundler.template_check.contract import Contract
from bundler.template_check.contracts import contracts, title_of
from bundler.template_check.filters import FILTERS
from bundler.template_check.types import (
    AbsentType,
    ListType,
    MemberType,
    RecordType,
    ValueType,
    is_number,
    is_text,
    name_of,
    present,
    words,
)
from bundler.template_check.view_types import fields_of

_PRINTED = {"日期": "|day", "时间": "|moment"}


def names_text(document: str | None) -> str:
    """Every name, or those of one document.

    Raises:
        UsageError: there is no such document.
    """
    known = {name.removesuffix(".docx").removeprefix("pages/").removesuffix(".html"): name for name in contracts()}
    if document is not None and document not in known:
        near = difflib.get_close_matches(document, known, n=1)
        hint = f"是不是“{near[0]}”？" if near else f"可用的代号：{'、'.join(known)}。"
        raise UsageError(f"没有“{document}”这份文书。", fix=hint)
    chosen = list(known.values()) if document is None else [known[document]]
    return "\n".join([*_sections(chosen), "", *_filter_lines()])


def _sections(templates: list[str]) -> Iterator[str]:
    """A section for each set of names; documents that share their names share a section."""
    all_contracts = contracts()
    groups: dict[type, list[str]] = {}
    for name in templates:
        groups.setdefault(all_contracts[name].view, []).append(name)
    for view, sharing in groups.items():
        yield "、".join(f"{name}（{title_of(name)}）" if title_of(name) != name else name for name in sharing)
        contract = all_contracts[sharing[0]] if len(sharing) == 1 else Contract(view)
        yield from _record_lines(contract, view, "", 1)
        yield ""


def _record_lines(contract: Contract, record: type, prefix: str, depth: int) -> Iterator[str]:
    for name, described in fields_of(record).items():
        dotted = f"{prefix}{name}"
        path = tuple(dotted.split("."))
        kinds = contract.scope.facts.get(path, described.kinds)
        yield "  " * depth + f"{dotted}　{described.title}　{_described(kinds, described.words)}"
        for kind in present(kinds):
            below = _records(kind)
            if below:
                yield from _record_lines(
                    contract, below[0], f"{dotted}." if isinstance(kind, RecordType) else ".", depth + 1
                )


def _records(kind: MemberType) -> list[type]:
    """The record whose fields stand below a name: its own, or those of each entry."""
    inside = kind.item if isinstance(kind, ListType) else {kind}
    return [one.type for one in inside if isinstance(one, RecordType)]


def _described(kinds: ValueType, known: tuple[str | int, ...]) -> str:
    """What a value is, how it is printed, and whether it may be absent."""
    if known and words(kinds):
        what = "以下之一：" + "、".join(map(repr, known))
    elif known:
        what = "一列，每个是以下之一：" + "、".join(map(repr, known))
    else:
        what = "、".join(sorted({_what(kind) for kind in present(kinds)}))
    return f"（{what}{'；可能没有' if AbsentType() in kinds else ''}）"


def _what(kind: MemberType) -> str:
    if isinstance(kind, ListType):
        inside = "、".join(sorted({name_of(item) for item in kind.item}))
        return (
            f"一列{inside}{'，至少一个' if kind.certain else ''}，用 |names 或者 for"
            if all(map(is_text, kind.item))
            else f"一列，每个是{inside}，用 for 逐个取"
        )
    if is_text(kind) or is_number(kind) or isinstance(kind, RecordType):
        return name_of(kind)
    return name_of(kind) + (
        f"，印时写 {_PRINTED[name_of(kind)]}" if name_of(kind) in _PRINTED else "，用在 if 里或者写 |box"
    )


def _filter_lines() -> Iterator[str]:
    yield "过滤器"
    for name, promise in FILTERS.items():
        yield f"  |{name}　用于{promise.wants}"
