"""The desk as an application: its routes, and what stands before them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from bundler.desk.batches import routes as centre
from bundler.desk.batches.runner import BatchRunner
from bundler.desk.case_list import routes
from bundler.desk.case_list.case_index import CaseIndex
from bundler.desk.case_registry import CaseRegistry
from bundler.desk.cases.routes import routes as casework_routes
from bundler.desk.cases.services import CaseServices
from bundler.desk.error_pages import handle_bundler_error, handle_http_error
from bundler.desk.security import login
from bundler.desk.security.config import AccessConfig
from bundler.desk.security.middleware import SecurityMiddleware
from bundler.desk.security.sessions import SessionStore
from bundler.desk.settings import DeskSettings
from bundler.errors import BundlerError


@asynccontextmanager
async def _open_hours(app: Starlette) -> AsyncIterator[None]:
    """Whatever works for the desk ends with it."""
    yield
    app.state.casework.close()
    app.state.index.close()
    app.state.batches.close()


def make_app(settings: DeskSettings, access: AccessConfig | None = None) -> Starlette:
    """The application over one folder of cases; without more words it is reached from this machine alone."""
    access, sessions = access or AccessConfig(), SessionStore()
    app = Starlette(
        routes=[
            Mount("/static", StaticFiles(packages=[("bundler.desk", "static")]), name="static"),
            *login.routes,
            *routes.routes,
            *centre.routes,
            *casework_routes,
        ],
        middleware=[Middleware(SecurityMiddleware, access=access, sessions=sessions)],
        exception_handlers={BundlerError: handle_bundler_error, HTTPException: handle_http_error},
        lifespan=_open_hours,
    )
    app.state.desk = settings
    app.state.access, app.state.sessions = access, sessions
    app.state.authenticator = login.Authenticator(access.users)
    app.state.casework = CaseServices()
    app.state.shelf = CaseRegistry(settings.root, settings.out)
    app.state.index = CaseIndex(settings, app.state.shelf)
    app.state.batches = BatchRunner(settings)
    return app
