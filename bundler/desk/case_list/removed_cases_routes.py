"""The routes of the cases' recycle bin: move a case into it, show it, put a case back."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bundler.case_edit.removed_cases import bin_case, binned_cases, restore_case
from bundler.desk.cases.requested_case import requested_ref
from bundler.desk.request_helpers import actor_of, form_endpoint
from bundler.desk.security.audit import audit_change
from bundler.desk.shared_objects import desk_services
from bundler.desk.templating import template_response

_ADDRESS = "/bin"


def show_bin(request: Request) -> Response:
    """The cases in the bin."""
    root = desk_services(request).settings.root
    return template_response(request, "case_bin.html", {"cases": binned_cases(root)})


def remove_case(request: Request, form: FormData) -> Response:
    """Move a case into the bin."""
    del form
    ref = requested_ref(request)
    bin_case(desk_services(request).settings.root, ref.folder, actor=actor_of(request))
    desk_services(request).case_registry.scan()
    audit_change(request, ref, "bin-case")
    return _redirect(request, _ADDRESS)


def put_back(request: Request, form: FormData) -> Response:
    """Put a case back, and open it."""
    services = desk_services(request)
    folder = restore_case(services.settings.root, str(form.get("case", "")), actor=actor_of(request))
    case = next(one for one in services.case_registry.scan() if one.folder == folder)
    audit_change(request, case, "restore-case")
    return _redirect(request, f"/cases/{case.key}")


def _redirect(request: Request, address: str) -> Response:
    if "hx-request" in request.headers:
        return Response(headers={"HX-Redirect": address})
    return RedirectResponse(address, status_code=303)


routes = [
    Route(_ADDRESS, show_bin),
    Route(f"{_ADDRESS}/restore", form_endpoint(put_back), methods=["POST"]),
    Route("/cases/{key}/remove", form_endpoint(remove_case), methods=["POST"]),
]
