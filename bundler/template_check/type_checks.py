"""Whether two values can ever be equal, or be put in order."""

from __future__ import annotations

from jinja2 import nodes

from bundler.template_check.printing import shown
from bundler.template_check.problems import ProblemLog, nearest
from bundler.template_check.types import (
    AbsentType,
    DateTimeType,
    DateType,
    LiteralType,
    MemberType,
    UnknownType,
    ValueType,
    is_number,
    is_text,
    name_of,
    present,
    words,
)


def constant(node: nodes.Node) -> str | int | bool | None:
    """The value that is written out; None where it is not, or where it is no word and no number."""
    value = node.value if isinstance(node, nodes.Const) else None
    return value if isinstance(value, str | int) else None


def check_word(report: ProblemLog, node: nodes.Node, kinds: ValueType, word: str | int | bool) -> bool:  # noqa: FBT001 (the word itself, which may be yes or no)
    """Whether a value can be a word; a fault where it never is."""
    known = words(kinds)
    if known is not None:
        if word in known and any(type(word) is type(one) for one in known):
            return True
        wrong = f"“{shown(node)}”永远不会是 {word!r}"
        near = nearest(str(word), map(str, known))
        report.add(node, wrong, f"'{near}'" if near else "可用的有：" + "、".join(map(repr, known)))
        return False
    return check_comparable(report, node, kinds, frozenset({LiteralType(word)}))


def check_comparable(report: ProblemLog, node: nodes.Node, kinds: ValueType, others: ValueType) -> bool:
    """Whether two values are of kinds that can be equal; a fault where they never are."""
    left, right = _sorts(kinds), _sorts(others)
    if not left or not right or "" in left | right or left & right:
        return True
    kind, other = next(iter(present(kinds))), next(iter(present(others)))
    report.add(node, f"“{shown(node)}”是{name_of(kind)}，不能和{name_of(other)}比较")
    return False


def is_ordered(left: ValueType, right: ValueType) -> bool:
    """Whether the one can be more than the other."""
    sorts = _sorts(left) | _sorts(right)
    return "" in sorts or (len(sorts) == 1 and sorts <= {"number", "day", "moment"})


def _sorts(kinds: ValueType) -> set[str]:
    return {_sort(kind) for kind in kinds if not isinstance(kind, AbsentType)}


def _sort(kind: MemberType) -> str:
    """What a value can be compared with; empty where nothing is known of it."""
    if isinstance(kind, UnknownType):
        return ""
    if is_text(kind):
        return "text"
    if is_number(kind):
        return "number"
    return {DateType: "day", DateTimeType: "moment", LiteralType: "yes or no"}.get(
        type(kind), f"{type(kind).__name__}, never"
    )
