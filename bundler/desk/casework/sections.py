"""The form's sections, in the order in which a clerk comes to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bundler.case.model import Case
from bundler.desk.casework.fields import Json, Node, nodes_of, walk
from bundler.regulation.rules import Finding, Severity


@dataclass(frozen=True, slots=True)
class Plan:
    """Which parts of the case a section holds."""

    id: str
    title: str
    keys: tuple[str, ...]


PLANS: tuple[Plan, ...] = (
    Plan("register", "信访件登记", ("registration", "petitioners", "enforcement_cases")),
    Plan("people", "本院人员", ("people",)),
    Plan("decision", "受理", ("decision", "category", "ledgers", "grounds", "claims", "acceptance", "declined")),
    Plan("assignment", "交办", ("assignment", "feedback_report", "not_ours")),
    Plan("handling", "转交、接访、约谈", ("transfer", "reception", "interview", "coordination")),
    Plan(
        "inquiry",
        "调查、听证、救助",
        ("investigations", "hearing", "coercive_measure", "relief", "led_into"),
    ),
    Plan("reply", "审批、答复", ("approval", "reply")),
    Plan("write-off", "核销", ("measures", "write_off")),
    Plan("archive", "跟进、归档", ("follow_ups", "archive")),
)
_ELSEWHERE = frozenset({"materials", "absent"})
"""Parts of the case that have a page of their own."""


@dataclass(frozen=True, slots=True)
class Notes:
    """What the gate says, by the field beside which it stands.

    Attributes:
        by_path: findings by the JSON Pointer of a field of the form.
        loose: those that belong to no field of it.
    """

    by_path: dict[str, tuple[Finding, ...]]
    loose: tuple[Finding, ...] = ()

    def at(self, path: str) -> tuple[Finding, ...]:
        """The findings of a field."""
        return self.by_path.get(path, ())

    def below(self, path: str) -> int:
        """How many errors stand at a part or in it."""
        return sum(
            one.severity is Severity.ERROR
            for place, found in self.by_path.items()
            if place == path or place.startswith(f"{path}/")
            for one in found
        )


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the form, over what stands in the case."""

    id: str
    title: str
    nodes: tuple[Node, ...]
    errors: int = 0


Layout = tuple[tuple[Plan, tuple[Node, ...]], ...]
"""The nodes of each section."""


def laid_out(tree: Json) -> Layout:
    """The form's nodes, over what stands in the case."""
    return tuple((plan, nodes_of(Case, tree, "", plan.keys)) for plan in PLANS)


def sections_of(layout: Layout, notes: Notes) -> tuple[Section, ...]:
    """The form."""
    return tuple(
        Section(plan.id, plan.title, nodes, sum(notes.below(f"/{key}") for key in plan.keys)) for plan, nodes in layout
    )


def nodes_in(layout: Layout) -> Iterator[Node]:
    """Every node of the form, the outer before the inner."""
    for _, nodes in layout:
        yield from walk(nodes)


def plan_of(path: str) -> Plan | None:
    """The section in which a JSON Pointer lies."""
    key = path.split("/")[1] if path.startswith("/") else ""
    return next((plan for plan in PLANS if key in plan.keys), None)


def notes_of(layout: Layout, findings: tuple[Finding, ...]) -> Notes:
    """Each finding at the innermost field that it is about."""
    known = {node.path for node in nodes_in(layout)}
    by_path: dict[str, tuple[Finding, ...]] = {}
    loose: list[Finding] = []
    for found in findings:
        path = _nearest(found.path or "", known)
        if path:
            by_path[path] = (*by_path.get(path, ()), found)
        elif not (found.path or "").split("/")[1:2] or found.path.split("/")[1] not in _ELSEWHERE:  # type: ignore[union-attr]
            loose.append(found)
    return Notes(by_path, tuple(loose))


def _nearest(path: str, known: set[str]) -> str:
    while path and path not in known:
        path = path.rpartition("/")[0]
    return path
