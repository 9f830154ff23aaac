"""Papers that truly do not exist (确无此件): declared with a reason and an approver, changed, and taken back."""

from __future__ import annotations

from http import HTTPStatus

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bundler.case_edit.changes import ABSENT, Insert, Put
from bundler.desk.cases.case_view import CaseView, requested_case
from bundler.desk.cases.changing import change
from bundler.desk.cases.form_fields import Json
from bundler.desk.cases.material_slots import slot_groups
from bundler.desk.cases.wording import page
from bundler.desk.http import form_endpoint
from bundler.regulation.papers import PAPERS, Item

_TOLD = ("reason", "approved_by", "approved_on")
"""What is said of a paper that does not exist."""


def ask_absent(request: Request) -> Response:
    """Why a paper does not exist, and who approved that."""
    sight, paper = requested_case(request), PAPERS[_may_be_absent(request)]
    spots = (spot for group in slot_groups(sight) for spot in group.spots)
    spot = next(one for one in spots if one.paper is paper)
    return page(request, "case_absent.html", {"sight": sight, "spot": spot})


def save_absent(request: Request, form: FormData) -> Response:
    """What was filled in of that."""
    sight, item = requested_case(request), _may_be_absent(request)
    told: dict[str, Json] = {key: text for key in _TOLD if (text := str(form.get(key, "")).strip())}
    path = _absent_path(sight, item)
    if path:
        return change(
            request,
            sight,
            form,
            [Put(f"{path}/{key}", told.get(key, ABSENT)) for key in _TOLD],
        )
    return change(request, sight, form, [Insert("/absent", {"item": item.value, **told})])


def withdraw_absent(request: Request, form: FormData) -> Response:
    """The declaration taken back."""
    sight = requested_case(request)
    path = _absent_path(sight, _may_be_absent(request))
    return change(request, sight, form, [Put(path, ABSENT)] if path else [])


def _absent_path(sight: CaseView, item: Item) -> str:
    spots = (spot for group in slot_groups(sight) for spot in group.spots)
    return next((spot.absence_path for spot in spots if spot.paper.item is item), "")


def _may_be_absent(request: Request) -> Item:
    word = request.path_params["item"]
    if word not in set(Item) or not PAPERS[Item(word)].may_be_absent:
        raise HTTPException(HTTPStatus.NOT_FOUND, "这一项不能说明确无此件。")
    return Item(word)


_BASE = "/cases/{key}/absent/{item}"
routes = [
    Route(_BASE, ask_absent),
    Route(_BASE, form_endpoint(save_absent), methods=["POST"]),
    Route(_BASE + "/withdraw", form_endpoint(withdraw_absent), methods=["POST"]),
]
"""Of papers that do not exist."""
