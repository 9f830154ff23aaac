"""The form's sections, in the order in which a clerk comes to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bundler.case.model import Case
from bundler.desk.cases.form_fields import FormNode, Json, build_nodes, walk
from bundler.regulation.rules import Finding, Severity


@dataclass(frozen=True, slots=True)
class SectionPlan:
    """Which parts of the case a section holds."""

    id: str
    title: str
    keys: tuple[str, ...]


SECTION_PLANS: tuple[SectionPlan, ...] = (
    SectionPlan("register", "信访件登记", ("registration", "petitioners", "enforcement_cases")),
    SectionPlan("people", "本院人员", ("people",)),
    SectionPlan("decision", "受理", ("decision", "category", "ledgers", "grounds", "claims", "acceptance", "declined")),
    SectionPlan("assignment", "交办", ("assignment", "feedback_report", "not_ours")),
    SectionPlan("handling", "转交、接访、约谈", ("transfer", "reception", "interview", "coordination")),
    SectionPlan(
        "inquiry",
        "调查、听证、救助",
        ("investigations", "hearing", "coercive_measure", "relief", "led_into"),
    ),
    SectionPlan("reply", "审批、答复", ("approval", "reply")),
    SectionPlan("write-off", "核销", ("measures", "write_off")),
    SectionPlan("archive", "跟进、归档", ("follow_ups", "archive")),
)
_ELSEWHERE = frozenset({"materials", "absent"})
"""Parts of the case that have a page of their own."""


@dataclass(frozen=True, slots=True)
class FormFindings:
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
class FormSection:
    """A section of the form, over what stands in the case."""

    id: str
    title: str
    nodes: tuple[FormNode, ...]
    errors: int = 0


FormLayout = tuple[tuple[SectionPlan, tuple[FormNode, ...]], ...]
"""The nodes of each section."""


def build_layout(tree: Json) -> FormLayout:
    """The form's nodes, over what stands in the case."""
    return tuple((plan, build_nodes(Case, tree, "", plan.keys)) for plan in SECTION_PLANS)


def build_sections(layout: FormLayout, notes: FormFindings) -> tuple[FormSection, ...]:
    """The form."""
    return tuple(
        FormSection(plan.id, plan.title, nodes, sum(notes.below(f"/{key}") for key in plan.keys))
        for plan, nodes in layout
    )


def layout_nodes(layout: FormLayout) -> Iterator[FormNode]:
    """Every node of the form, the outer before the inner."""
    for _, nodes in layout:
        yield from walk(nodes)


def section_plan(path: str) -> SectionPlan | None:
    """The section in which a JSON Pointer lies."""
    key = path.split("/")[1] if path.startswith("/") else ""
    return next((plan for plan in SECTION_PLANS if key in plan.keys), None)


def group_findings(layout: FormLayout, findings: tuple[Finding, ...]) -> FormFindings:
    """Each finding at the innermost field that it is about."""
    known = {node.path for node in layout_nodes(layout)}
    by_path: dict[str, tuple[Finding, ...]] = {}
    loose: list[Finding] = []
    for found in findings:
        path = _nearest(found.path or "", known)
        if path:
            by_path[path] = (*by_path.get(path, ()), found)
        elif not (found.path or "").split("/")[1:2] or found.path.split("/")[1] not in _ELSEWHERE:  # type: ignore[union-attr]
            loose.append(found)
    return FormFindings(by_path, tuple(loose))


def _nearest(path: str, known: set[str]) -> str:
    while path and path not in known:
        path = path.rpartition("/")[0]
    return path
