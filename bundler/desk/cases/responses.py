"""Responses of the case pages: templates with their helpers, htmx swaps, the outcome of a change, page images."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bundler.case.json_pointer import describe_pointer, parse_pointer
from bundler.case_edit.save import Conflict, Outcome, Refusal, Refused, Saved
from bundler.desk.case_list.next_registration_number import find_latest_case
from bundler.desk.cases.checked_case_cache import CaseView
from bundler.desk.cases.edit_conflicts import conflict_context
from bundler.desk.cases.fill_in_common_values import MEASURES_SECTION, FillSource, sections_with_common_values
from bundler.desk.cases.finding_display import field_html_id, fix_beside_field, without_json_keys
from bundler.desk.cases.leader_only_fields import is_approved_by_another, may_write_at
from bundler.desk.cases.material_slots import materials_context
from bundler.desk.cases.offered_undo_steps import undo_offers
from bundler.desk.cases.page_renderer import MEDIA_TYPE, ImageSize
from bundler.desk.cases.requested_case import displayed_case, may_edit_case, services_of
from bundler.desk.cases.unplaced_files import count_unplaced, sorting_context, unplaced_files
from bundler.desk.request_helpers import actor_of, asking_page
from bundler.desk.shared_objects import desk_services, rights_of, visible_cases
from bundler.desk.templating import template_response
from bundler.errors import CaseError
from bundler.regulation.papers import Item

_STATUS_LABELS = {"present": "有", "generated": "可生成", "absent": "确无此件", "missing": "缺"}
_IMAGE_CACHING = "private, max-age=600"
"""A page of a digest never changes; but no shared cache may keep it."""


def case_page(request: Request, template: str, context: Mapping[str, Any]) -> Response:
    """A page of a case, or a fragment of one."""
    papers, rights = desk_services(request).settings.profile.regulation.papers, rights_of(request)
    may_edit = "view" in context and may_edit_case(request, context["view"])
    helpers = {
        "may_edit": may_edit,
        "may_write": lambda path: may_write_at(rights, path, may_edit=may_edit),
        "is_approved_by_another": lambda absence: is_approved_by_another(rights, absence),
        "field_html_id": field_html_id,
        "without_json_keys": without_json_keys,
        "fix_beside_field": fix_beside_field,
        # 等相关材料 of Art. 16 is the end of a list there, and no name of a place.
        "item_label": lambda item: "其他材料" if item is Item.OTHER else papers[item].label,
        "status_labels": _STATUS_LABELS,
        "count_unplaced": count_unplaced,
        "undo_offers": lambda view: undo_offers(view, actor_of(request)),
        "staff": desk_services(request).staff.readable_members(),
        "fill_offers": cache(lambda: _fill_offers(request)),
    }
    return template_response(request, template, {**helpers, **context})


def _fill_offers(request: Request) -> dict[str, list[tuple[str, str]]]:
    """By the id of a section of the form, the sources from which a click fills in its empty fields, and their labels."""
    services, key = desk_services(request), request.path_params.get("key", "")
    latest = find_latest_case(visible_cases(request), but=key)
    offers = {
        section: [(FillSource.LAST_CASE.value, f"照 {latest.row.number} 填")] if latest else []
        for section in sections_with_common_values()
    }
    if services.staff.usual_people():
        offers["people"].insert(0, (FillSource.STAFF.value, "照人员名单填"))
    offers[MEASURES_SECTION] = [(FillSource.USUAL_MEASURES.value, "列出通常的执行措施")]
    return offers


def swap_into(response: Response, target: str, swap: str = "innerHTML", *, closes_dialog: bool = False) -> Response:
    """Make htmx put a response elsewhere than the request said.

    Args:
        response: the response.
        target: the CSS selector of the element.
        swap: how the content is put there, as in hx-swap.
        closes_dialog: the page also closes its dialog.
    """
    response.headers["HX-Retarget"], response.headers["HX-Reswap"] = target, swap
    if closes_dialog:
        response.headers["HX-Trigger"] = "close-dialog"
    return response


def dialog_response(request: Request, template: str, context: Mapping[str, Any]) -> Response:
    """A fragment that the page shows in its dialog."""
    return swap_into(case_page(request, template, context), "#dialog")


def outcome_response(
    request: Request,
    view: CaseView,
    outcome: Outcome,
    on_saved: Callable[[Saved], Response],
    on_refused: Callable[[Refused], Response] | None = None,
) -> Response:
    """The response to a change of case.json.

    Args:
        request: the request that asked for the change.
        view: the case before the change.
        outcome: the result of the change. On a conflict the page asks the clerk which value to keep.
        on_saved: makes the response to a saved change.
        on_refused: makes the response to a refused one; by default it is an error.

    Raises:
        CaseError: a value does not fit the case model, and there is no `on_refused`.
    """
    if isinstance(outcome, Conflict):
        displayed_case(request)  # the next edit, made in the dialog, is merged with the present version
        response = dialog_response(request, "case_conflict.html", conflict_context(view, outcome))
        return _with_outcome(response, "conflict")
    if isinstance(outcome, Saved):
        return _with_outcome(on_saved(outcome), "saved")
    if on_refused is None:
        raise CaseError(refusal_message(outcome), fix="没有保存，请改正后再试。")
    return _with_outcome(on_refused(outcome), "refused")


def _with_outcome(response: Response, outcome: str) -> Response:
    """Tell the script of the page what became of a change."""
    response.headers["X-Desk-Outcome"] = outcome
    return response


def refusal_message(refused: Refused, added: Sequence[str] = ()) -> str:
    """All reasons of a refusal, in Chinese; a material is called by its title or file, for no page shows its index.

    Args:
        refused: the refusal.
        added: the names of the materials that the change was to add.
    """
    materials = refused.snapshot.tree.get("materials")
    entries = [one for one in materials if isinstance(one, dict)] if isinstance(materials, list) else []
    names = [str(one.get("title") or _last_part(str(one.get("file", "")))) for one in entries]
    return "；".join(_named(one, [*names, *added]) for one in refused.refusals)


def _named(refusal: Refusal, names: Sequence[str]) -> str:
    steps = parse_pointer(refusal.path)
    index = steps[1] if steps[:1] == ("materials",) and len(steps) > 1 else None
    if not isinstance(index, int) or index >= len(names):
        return refusal.message
    return refusal.message.replace(describe_pointer(f"/materials/{index}"), f"“{names[index]}”")


def _last_part(file: str) -> str:
    return file.rpartition("/")[2]


def materials_response(request: Request, item: Item | None = None, warning: str = "") -> Response:
    """The slots after a change, with the dialog closed; on another page, a redirect to the slots.

    Args:
        request: the request that made the change.
        item: the slot to which a redirect scrolls.
        warning: what the clerk should look at again; empty for nothing.
    """
    view = displayed_case(request)
    address = f"/cases/{view.ref.key}/materials"
    if asking_page(request) not in {"", address}:
        return Response(headers={"HX-Redirect": f"{address}#place-{item.value}" if item else address})
    response = case_page(request, "case_slots_saved.html", materials_context(view))
    response = swap_into(response, "#places", "outerHTML", closes_dialog=True)
    if warning:  # ASCII alone may stand in a header
        response.headers["HX-Trigger"] = json.dumps({"close-dialog": "", "desk-warning": {"text": warning}})
    return response


def sorting_response(request: Request, *, closes_dialog: bool = False) -> Response:
    """The content of the sorting page after a change."""
    view = displayed_case(request)
    context = sorting_context(view, unplaced_files(view, services_of(request)))
    response = case_page(request, "case_sorting_saved.html", context)
    return swap_into(response, "#sorting-content", "outerHTML", closes_dialog=closes_dialog)


def image_etag(digest: str, page: int, size: ImageSize) -> str:
    """The entity tag of a page image."""
    return f'"{digest[:32]}-{page}-{size.value}"'


def not_modified_response(request: Request, etag: str) -> Response | None:
    """The response to a browser that has the image; None where it has not."""
    if request.headers.get("if-none-match") != etag:
        return None
    return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"etag": etag, "cache-control": _IMAGE_CACHING})


def image_response(data: bytes, etag: str) -> Response:
    """A page image."""
    return Response(data, media_type=MEDIA_TYPE, headers={"etag": etag, "cache-control": _IMAGE_CACHING})
