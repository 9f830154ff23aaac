"""The sections of the form, in the order in which a clerk needs them, and the findings beside their fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bundler.case.identifiers import corrected_case_number
from bundler.case.json_pointer import parse_pointer
from bundler.case.model import Case
from bundler.case_edit.change_operations import value_at
from bundler.desk.cases.checked_case_cache import CaseView
from bundler.desk.cases.form_fields import (
    Field,
    FieldGroup,
    FieldRows,
    FormNode,
    Json,
    describe_value,
    hidden_value,
    input_text,
    walk_nodes,
)
from bundler.desk.cases.form_fields_from_model import build_nodes
from bundler.regulation.file_sections import SHIPPED_REFUSALS
from bundler.regulation.findings import Finding
from bundler.regulation.model import Regulation
from bundler.regulation.rule_codes import Severity


@dataclass(frozen=True, slots=True)
class SectionPlan:
    """The top-level fields of the case that a section shows."""

    id: str
    title: str
    keys: tuple[str, ...]


SECTION_PLANS: tuple[SectionPlan, ...] = (
    SectionPlan("register", "信访件登记", ("registration", "petitioners", "enforcement_cases")),
    SectionPlan("people", "本院人员", ("people",)),
    SectionPlan("decision", "受理", ("decision", "category", "ledgers", "grounds", "claims", "acceptance", "declined")),
    SectionPlan("assignment", "交办", ("assignment", "feedback_report", "not_ours")),
    SectionPlan("handling", "转交、接访、约谈", ("transfer", "appointments", "reception", "interview", "coordination")),
    SectionPlan(
        "inquiry",
        "调查、听证、救助",
        ("investigations", "hearing", "coercive_measure", "relief", "led_into", "no_procedure_reason"),
    ),
    SectionPlan("reply", "审批、答复", ("approval", "reply")),
    SectionPlan("write-off", "核销", ("enforcement_measures", "measures", "write_off")),
    SectionPlan("archive", "跟进、归档", ("follow_ups", "archive")),
)
_OFFICER_KEYS = frozenset({"chair", "recorder", "reporter", "investigators", "attendees", "signer"})
"""Keys of people of the court outside `people`."""
_REFUSAL = "/declined"
GROUND_OF_REFUSAL = f"{_REFUSAL}/ground"
"""The field that decides which others of a refusal are shown."""
_KEYS_OF_OTHER_PAGES = frozenset({"materials", "absent"})


@dataclass(frozen=True, slots=True)
class FormFindings:
    """The findings of a case, by the field beside which the form shows them.

    Attributes:
        by_path: findings by the JSON Pointer of a field of the form.
        unplaced: findings that belong to no field, which the form shows at its index.
        later: the findings about what only a later stage of the case brings.
    """

    by_path: dict[str, tuple[Finding, ...]]
    unplaced: tuple[Finding, ...] = ()
    later: frozenset[Finding] = frozenset()

    def at(self, path: str) -> tuple[Finding, ...]:
        """The findings of a field."""
        return self.by_path.get(path, ())

    def is_later(self, finding: Finding) -> bool:
        """Whether a finding is about what only a later stage of the case brings."""
        return finding in self.later

    def errors_at(self, path: str) -> tuple[Finding, ...]:
        """The errors of a field that are due."""
        return tuple(one for one in self.at(path) if one.severity is Severity.ERROR and one not in self.later)

    def shown_at(self, path: str) -> tuple[tuple[Finding, bool], ...]:
        """The findings of a field, each with whether it is due; two versions of a page differ where this differs."""
        return tuple((one, one not in self.later) for one in self.at(path))

    def error_count(self, path: str) -> int:
        """The number of errors that are due at a node and at all fields inside it."""
        return sum(
            one.severity is Severity.ERROR and one not in self.later
            for field_path, findings in self.by_path.items()
            if field_path == path or field_path.startswith(f"{path}/")
            for one in findings
        )


@dataclass(frozen=True, slots=True)
class FormSection:
    """A section with the case's values, and its number of errors."""

    id: str
    title: str
    nodes: tuple[FormNode, ...]
    errors: int = 0


FormLayout = tuple[tuple[SectionPlan, tuple[FormNode, ...]], ...]
"""The nodes of each section."""


def build_layout(tree: Json, regulation: Regulation) -> FormLayout:
    """Build the nodes of all sections with the values of a case.json."""
    return tuple((plan, build_nodes(Case, tree, "", regulation, plan.keys)) for plan in SECTION_PLANS)


def layout_nodes(layout: FormLayout) -> Iterator[FormNode]:
    """Every node of the form, the outer before the inner."""
    for _, nodes in layout:
        yield from walk_nodes(nodes)


def section_plan(path: str) -> SectionPlan | None:
    """The section that shows a JSON Pointer; None where none does."""
    key = path.split("/")[1] if path.startswith("/") else ""
    return next((plan for plan in SECTION_PLANS if key in plan.keys), None)


def find_node(tree: Json, path: str, regulation: Regulation) -> FormNode | None:
    """Find the node at a JSON Pointer, with the values of a case.json; None where the form has none there."""
    plan = section_plan(path)
    if plan is None:
        return None
    nodes = walk_nodes(build_nodes(Case, tree, "", regulation, plan.keys))
    return next((one for one in nodes if one.path == path), None)


def group_findings(layout: FormLayout, view: CaseView) -> FormFindings:
    """Assign each finding of a case to the innermost field that contains its JSON Pointer."""
    findings = view.checked.check_result.findings
    field_paths = {node.path for node in layout_nodes(layout)}
    by_path: dict[str, tuple[Finding, ...]] = {}
    unplaced: list[Finding] = []
    for finding in findings:
        pointer = finding.path or ""
        path = _nearest_field(pointer, field_paths)
        if path:
            by_path[path] = (*by_path.get(path, ()), finding)
        elif "".join(pointer.split("/")[1:2]) not in _KEYS_OF_OTHER_PAGES:
            unplaced.append(finding)
    return FormFindings(by_path, tuple(unplaced), view.stage.later)


def form_context(view: CaseView) -> dict[str, Json]:
    """The template context that every fragment of the form needs."""
    layout = build_layout(view.tree, view.regulation)
    findings = group_findings(layout, view)
    helpers: dict[str, Json] = {
        "node_type": _node_type,
        "hidden_value": hidden_value,
        "input_text": input_text,
        "describe_value": describe_value,
        "is_officer_name": _is_officer_name,
        "is_due_part": view.stage.fills_in,
        "shown_children": lambda group: _shown_children(group, view.tree, findings),
        "proposed_value": lambda finding: _proposed_value(view, finding),
    }
    errors = (node.path for node in layout_nodes(layout) if findings.errors_at(node.path))
    helpers["first_open"] = next(errors, "")
    return {"view": view, "findings": findings, "sections": _build_sections(layout, findings), **helpers}


def _shown_children(group: FieldGroup, tree: Json, findings: FormFindings) -> tuple[FormNode, ...]:
    """The fields of a group that the form shows: of a refusal those of the chosen ground, and what is filled in or wrong."""
    ground = value_at(tree, parse_pointer(GROUND_OF_REFUSAL))
    if group.path != _REFUSAL or type(ground) is not int or not 1 <= ground <= SHIPPED_REFUSALS:
        return group.children
    return tuple(
        node
        for node in group.children
        if not node.grounds or ground in node.grounds or node.is_filled or findings.at(node.path)
    )


def _proposed_value(view: CaseView, finding: Finding) -> str:
    """The value with which a click puts right what a finding says of a field; empty where there is none."""
    value = value_at(view.tree, parse_pointer(finding.path or ""))
    if finding.rule != "DATA-CASE-NUMBER" or not isinstance(value, str):
        return ""
    return corrected_case_number(value) or ""


def _nearest_field(path: str, field_paths: set[str]) -> str:
    while path and path not in field_paths:
        path = path.rpartition("/")[0]
    return path


def _build_sections(layout: FormLayout, findings: FormFindings) -> tuple[FormSection, ...]:
    return tuple(
        FormSection(plan.id, plan.title, nodes, sum(findings.error_count(f"/{key}") for key in plan.keys))
        for plan, nodes in layout
    )


def _is_officer_name(path: str) -> bool:
    """Whether a field is the name of a person of the court, for which the staff list makes proposals."""
    steps = path.split("/")
    return steps[-1] == "name" and (steps[1] == "people" or bool(_OFFICER_KEYS & set(steps)))


def _node_type(node: FormNode) -> str:
    return "field" if isinstance(node, Field) else "rows" if isinstance(node, FieldRows) else "group"
