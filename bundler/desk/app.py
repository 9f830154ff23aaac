"""The desk as an application: its routes, and what stands before them."""

from __future__ import annotations

from http import HTTPStatus

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from bundler.desk import listing
from bundler.desk.casework import workroom
from bundler.desk.settings import Settings
from bundler.desk.shelf import Shelf
from bundler.errors import BundlerError


def _told(request: Request, error: Exception) -> Response:
    """An error that a user can cause, in its own words."""
    del request
    words = f"{error.message}{error.fix}" if isinstance(error, BundlerError) else ""
    return PlainTextResponse(words, status_code=HTTPStatus.UNPROCESSABLE_ENTITY)


def make_app(settings: Settings) -> Starlette:
    """The application over one folder of cases."""
    app = Starlette(
        routes=[
            Mount("/static", StaticFiles(packages=[("bundler.desk", "static")]), name="static"),
            *listing.routes,
            *workroom.routes,
        ],
        exception_handlers={BundlerError: _told},
    )
    app.state.desk = settings
    app.state.casework = workroom.Workroom()
    app.state.shelf = Shelf(settings.root, settings.out)
    return app
