"""Edits of the form: read the changes of case.json from form values, save them, and find what the page must show again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from bundler.case_edit.change_operations import ABSENT, Change, Insert, Move, Put, change_from_json
from bundler.case_edit.save import Outcome, Saved, TreeGuard, save_changes
from bundler.case_edit.three_way_merge import merge
from bundler.desk.cases.checked_case_cache import CaseView
from bundler.desk.cases.form_fields import (
    Field,
    FieldGroup,
    FieldRows,
    FormNode,
    Json,
    parse_hidden_value,
    parse_value,
    walk_nodes,
)
from bundler.desk.cases.form_sections import (
    GROUND_OF_REFUSAL,
    FormFindings,
    FormSection,
    build_layout,
    find_node,
    form_context,
    group_findings,
    layout_nodes,
    section_plan,
)
from bundler.desk.cases.implied_values import implied_changes
from bundler.desk.cases.shared_objects import CaseServices
from bundler.desk.request_helpers import is_number, number_or_default
from bundler.desk.staff.staff_list import StaffMember

_MAX_CHANGES = 200


@dataclass(frozen=True, slots=True)
class FormEdit:
    """An edit that a clerk made in the form.

    Attributes:
        view: the case when the edit arrived.
        version: the version of case.json that the clerk saw.
        changes: the changes to make.
        path: the JSON Pointer of the node that the clerk edited; empty where there is none.
        shows_section: the page shows the whole section again, not only the field.
        implied: the JSON Pointers of other fields that the changes fill in.
    """

    view: CaseView
    version: str
    changes: tuple[Change, ...]
    path: str = ""
    shows_section: bool = False
    implied: tuple[str, ...] = ()


def form_text(form: FormData, name: str) -> str:
    """The text of a form field; empty for none."""
    return str(form.get(name, ""))


def invalid_form() -> HTTPException:
    """The error of a form that the desk's own pages cannot have sent."""
    return HTTPException(HTTPStatus.BAD_REQUEST, "页面送来的内容不完整，请刷新页面后再试。")


def field_edit(
    services: CaseServices, view: CaseView, form: FormData, trigger: str | None, staff: Sequence[StaffMember] = ()
) -> FormEdit:
    """The edit of one field, or of the reason why it is unknown, with what follows from the value.

    Args:
        services: the services, for the version that the page shows.
        view: the case.
        form: the form values.
        trigger: the name of the input that the clerk changed last, which counts where both a value and a reason exist.
        staff: the staff list, by which a name implies a post.

    Raises:
        HTTPException: 400, the form is invalid.
    """
    path, version = form_text(form, "path"), form_text(form, "version")
    node = node_as_shown(services, view, path, version)
    is_reason = trigger == "unknown" or "value" not in form
    reason = form_text(form, "unknown").strip() if is_reason else ""
    if isinstance(node, Field):
        value = parse_value(node, [str(one) for one in form.getlist("value")], reason)
    elif isinstance(node, FieldGroup) and node.may_be_unknown:
        value = {"unknown": reason} if reason else ABSENT
    else:
        raise invalid_form()
    change = Put(path, value, _value_before(form))
    implied = implied_changes(services.known_tree(view, version) or view.tree, change, staff)
    paths = tuple(one.path for one in implied)
    shows_section = isinstance(node, FieldGroup) or path == GROUND_OF_REFUSAL
    return FormEdit(view, version, (change, *implied), path, shows_section=shows_section, implied=paths)


def structure_edit(services: CaseServices, view: CaseView, form: FormData) -> FormEdit:
    """The edit that adds, removes or moves a row, or adds or removes a group.

    Raises:
        HTTPException: 400, the form is invalid.
    """
    path, version = form_text(form, "path"), form_text(form, "version")
    values = _required_values(node_as_shown(services, view, path, version), form)
    return FormEdit(view, version, (_structure_change(path, form, values),), path, shows_section=True)


def node_as_shown(services: CaseServices, view: CaseView, path: str, version: str) -> FormNode | None:
    """Find a node with the values of the version that the page shows; of the present one where that is not known."""
    return find_node(services.snapshots.get(version) or view.tree, path, view.regulation)


def chosen_changes(form: FormData) -> tuple[Change, ...]:
    """The changes that the clerk chose in the dialog of a conflict, and those that are in no conflict.

    Raises:
        HTTPException: 400, the form is invalid.
    """
    try:
        changes = [json.loads(str(one)) for one in form.getlist("fitting")]
        numbers = range(min(number_or_default(form_text(form, "count"), 0), _MAX_CHANGES))
        mine = [number for number in numbers if form.get(f"choice-{number}") == "mine"]
        changes += [json.loads(form_text(form, f"mine-{number}")) for number in mine]
        return tuple(change_from_json(one) for one in changes)
    except (ValueError, AttributeError) as error:
        raise invalid_form() from error


def save_edit(services: CaseServices, edit: FormEdit, actor: str, guard: TreeGuard | None) -> Outcome:
    """Merge an edit with what others wrote and save it; arguments and errors as in `save_changes`."""
    seen = services.known_tree(edit.view, edit.version)
    return save_changes(edit.view.ref.folder, edit.version, edit.changes, seen=seen, actor=actor, guard=guard)


def saved_edit_context(services: CaseServices, edit: FormEdit, saved: Saved, after: CaseView) -> dict[str, Json]:
    """The template context of what the page must show again after an edit.

    Args:
        services: the services, for the version that the page shows.
        edit: the edit.
        saved: its outcome.
        after: the case now.
    """
    context = form_context(after)
    section = _section_of(context["sections"], edit.path)
    node = None
    if section is not None and not edit.shows_section and _is_section_unchanged_by_others(services, edit, saved, after):
        node = next((one for one in walk_nodes(section.nodes) if one.path == edit.path), None)
    shown_paths = {one.path for one in walk_nodes(section.nodes)} if section and node is None else {edit.path}
    changed_paths = tuple(
        path for path in _paths_with_changed_findings(edit.view, context["findings"]) if path not in shown_paths
    )
    groups = tuple(_groups_around(section, edit.path)) if section else ()
    return {
        **context,
        "node": node,
        "implied": tuple(one for one in walk_nodes(section.nodes) if one.path in edit.implied)
        if section and node
        else (),
        "section": section,
        "groups": groups,
        "finding_paths": changed_paths,
        "note": saved.note,
    }


def _groups_around(section: FormSection, path: str) -> Iterator[FieldGroup]:
    """The groups that a field is in and that have a heading: they say whether anything is filled in."""
    for node in walk_nodes(section.nodes):
        is_row = node.path.rpartition("/")[2].isdecimal()
        if isinstance(node, FieldGroup) and not is_row and path.startswith(f"{node.path}/"):
            yield node


def field_paths(view: CaseView) -> set[str]:
    """The JSON Pointers of the nodes that have a place for the message of a refused value."""
    return {
        one.path
        for one in layout_nodes(build_layout(view.tree, view.regulation))
        if isinstance(one, Field) or (isinstance(one, FieldGroup) and one.may_be_unknown)
    }


def _required_values(node: FormNode | None, form: FormData) -> dict[str, Json]:
    """The entered values of the fields without which a row or a group is invalid."""
    fields = node.required_fields if isinstance(node, FieldGroup | FieldRows) else ()
    values = {
        field.path.rpartition("/")[2]: parse_value(field, [str(one) for one in form.getlist(f"new-{field.path}")])
        for field in fields
    }
    return {key: value for key, value in values.items() if value is not ABSENT}


def _structure_change(path: str, form: FormData, values: dict[str, Json]) -> Change:
    action, last_step = form_text(form, "do"), path.rpartition("/")[2]
    if section_plan(path) is None:
        raise invalid_form()
    if action == "add":
        return Insert(path, values)
    if action == "begin":
        return Put(path, values, ABSENT)
    if action == "drop":
        return Put(path, ABSENT, _value_before(form))
    if action in {"up", "down"} and is_number(last_step):
        return Move(path, max(int(last_step) + (1 if action == "down" else -1), 0))
    raise invalid_form()


def _value_before(form: FormData) -> Json:
    try:
        return parse_hidden_value(form_text(form, "before"))
    except ValueError as error:
        raise invalid_form() from error


def _section_of(sections: tuple[FormSection, ...], path: str) -> FormSection | None:
    plan = section_plan(path)
    return next((one for one in sections if plan and one.id == plan.id), None)


def _is_section_unchanged_by_others(services: CaseServices, edit: FormEdit, saved: Saved, after: CaseView) -> bool:
    """Whether nobody else wrote in the section, so that the rest of it on the page is still correct."""
    if not saved.merged:
        return True
    seen, plan = services.snapshots.get(edit.version), section_plan(edit.path)
    if seen is None or plan is None:
        return False
    without_others = merge(seen, seen, edit.changes).tree
    return all(without_others.get(key) == after.tree.get(key) for key in plan.keys)


def _paths_with_changed_findings(before: CaseView, now: FormFindings) -> Iterator[str]:
    old = group_findings(build_layout(before.tree, before.regulation), before)
    for path in sorted(old.by_path.keys() | now.by_path.keys()):
        if old.shown_at(path) != now.shown_at(path):
            yield path
