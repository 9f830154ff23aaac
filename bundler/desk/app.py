"""The desk as an application: its routes, and what stands before them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from bundler.desk import listing
from bundler.desk.casework.routes import routes as casework_routes
from bundler.desk.casework.workroom import Workroom
from bundler.desk.centre import pages as centre
from bundler.desk.centre.running import Batches
from bundler.desk.guard import entrance
from bundler.desk.guard.access import Access
from bundler.desk.guard.gate import Gate
from bundler.desk.guard.refusing import tell_error, tell_status
from bundler.desk.guard.sessions import Sessions
from bundler.desk.index.catalogue import Catalogue
from bundler.desk.settings import Settings
from bundler.desk.shelf import Shelf
from bundler.errors import BundlerError


@asynccontextmanager
async def _open_hours(app: Starlette) -> AsyncIterator[None]:
    """Whatever works for the desk ends with it."""
    yield
    app.state.casework.close()
    app.state.index.close()
    app.state.batches.close()


def make_app(settings: Settings, access: Access | None = None) -> Starlette:
    """The application over one folder of cases; without more words it is reached from this machine alone."""
    access, sessions = access or Access(), Sessions()
    app = Starlette(
        routes=[
            Mount("/static", StaticFiles(packages=[("bundler.desk", "static")]), name="static"),
            *entrance.routes,
            *listing.routes,
            *centre.routes,
            *casework_routes,
        ],
        middleware=[Middleware(Gate, access=access, sessions=sessions)],
        exception_handlers={BundlerError: tell_error, HTTPException: tell_status},
        lifespan=_open_hours,
    )
    app.state.desk = settings
    app.state.access, app.state.sessions = access, sessions
    app.state.doorkeeper = entrance.Doorkeeper(access.users)
    app.state.casework = Workroom()
    app.state.shelf = Shelf(settings.root, settings.out)
    app.state.index = Catalogue(settings, app.state.shelf)
    app.state.batches = Batches(settings)
    return app
