"""The desk as an application: its routes, and what stands before them."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from bundler.desk import listing
from bundler.desk.casework import workroom
from bundler.desk.settings import Settings
from bundler.desk.shelf import Shelf


def make_app(settings: Settings) -> Starlette:
    """The application over one folder of cases."""
    app = Starlette(
        routes=[
            Mount("/static", StaticFiles(packages=[("bundler.desk", "static")]), name="static"),
            *listing.routes,
            *workroom.routes,
        ],
    )
    app.state.desk = settings
    app.state.casework = workroom.Workroom()
    app.state.shelf = Shelf(settings.root, settings.out)
    return app
