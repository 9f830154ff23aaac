"""The page of reading: its state, and the buttons that start and stop it."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bundler.desk.request_helpers import actor_of, form_endpoint
from bundler.desk.security.audit import write_audit_line
from bundler.desk.shared_objects import desk_services
from bundler.desk.templating import template_response


def show_reading(request: Request) -> Response:
    """The page."""
    return template_response(request, "reading.html", {"state": desk_services(request).reading.state()})


def show_state(request: Request) -> Response:
    """The part of the page that changes."""
    return template_response(request, "reading_state.html", {"state": desk_services(request).reading.state()})


def start(request: Request, form: FormData) -> Response:
    """Start reading."""
    del form
    desk_services(request).reading.start(actor_of(request))
    write_audit_line(request, "read")
    return show_state(request)


def stop(request: Request, form: FormData) -> Response:
    """Stop reading."""
    del form
    desk_services(request).reading.stop()
    write_audit_line(request, "read-stop")
    return show_state(request)


STATE_PATH = "/reading/state"
routes = [
    Route("/reading", show_reading),
    Route(STATE_PATH, show_state),
    Route("/reading/start", form_endpoint(start), methods=["POST"]),
    Route("/reading/stop", form_endpoint(stop), methods=["POST"]),
]
