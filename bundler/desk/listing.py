"""The list of cases."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bundler.desk.rendering import page


def show(request: Request) -> Response:
    """Every case, most pressing first."""
    return page(request, "list.html", {"places": request.app.state.shelf.places()})


routes = [Route("/", show, name="list")]
