"""The desk as an ASGI application: its routes, its middleware and its services."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from bundler.desk import live_update_routes
from bundler.desk.batches import reminder_and_reception_routes
from bundler.desk.batches.routes import routes as batch_routes
from bundler.desk.case_list import download_routes, own_day_routes, register_import_routes, removed_cases_routes
from bundler.desk.case_list.routes import routes as case_list_routes
from bundler.desk.cases import (
    absence_declaration_routes,
    bundle_routes,
    document_routes,
    form_routes,
    history_routes,
    material_change_routes,
    material_view_routes,
    page_editing_routes,
    sorting_page_routes,
    undo_routes,
    upload_routes,
)
from bundler.desk.error_pages import handle_bundler_error, handle_http_error
from bundler.desk.reading import field_proposal_routes, reading_routes, recognised_text_routes, search_routes
from bundler.desk.reading.request_activity import ActivityMiddleware
from bundler.desk.security import account_routes
from bundler.desk.security.access_config import AccessConfig
from bundler.desk.security.login_routes import routes as login_routes
from bundler.desk.security.middleware import SecurityMiddleware
from bundler.desk.security.route_permissions import guard_routes
from bundler.desk.settings import DeskSettings
from bundler.desk.shared_objects import DeskServices
from bundler.desk.staff.routes import routes as staff_routes
from bundler.desk.template_preview.routes import routes as template_routes
from bundler.errors import BundlerError

_ASKED_BY_PAGES = ("/live", "/static", reading_routes.STATE_PATH, "/centre/run", "/templates/newer")
"""What pages ask for by themselves, while nobody waits."""


@asynccontextmanager
async def _serve(app: Starlette) -> AsyncIterator[None]:
    app.state.services.cases.serves = True
    app.state.services.reading.resume()
    yield
    app.state.services.close()


def make_app(settings: DeskSettings, access: AccessConfig | None = None) -> Starlette:
    """The application over one folder of cases; without an access configuration only this machine reaches it."""
    services = DeskServices.create(settings, access or AccessConfig())
    app = Starlette(
        routes=[
            Mount("/static", GZipMiddleware(StaticFiles(packages=[("bundler.desk", "static")])), name="static"),
            *guard_routes(
                [
                    *login_routes,
                    *account_routes.routes,
                    *case_list_routes,
                    *own_day_routes.routes,
                    *download_routes.routes,
                    *register_import_routes.routes,
                    *removed_cases_routes.routes,
                    *batch_routes,
                    *reminder_and_reception_routes.routes,
                    *staff_routes,
                    *template_routes,
                    *form_routes.routes,
                    *recognised_text_routes.routes,
                    *field_proposal_routes.routes,
                    *search_routes.routes,
                    *reading_routes.routes,
                    *material_view_routes.routes,
                    *material_change_routes.routes,
                    *absence_declaration_routes.routes,
                    *upload_routes.routes,
                    *sorting_page_routes.routes,
                    *page_editing_routes.routes,
                    *document_routes.routes,
                    *bundle_routes.routes,
                    *history_routes.routes,
                    *undo_routes.routes,
                    *live_update_routes.routes,
                ]
            ),
        ],
        middleware=[
            Middleware(ActivityMiddleware, activity=services.activity, except_for=_ASKED_BY_PAGES),
            Middleware(SecurityMiddleware, access=services.access, sessions=services.sessions),
        ],
        exception_handlers={BundlerError: handle_bundler_error, HTTPException: handle_http_error},
        lifespan=_serve,
    )
    app.state.services = services
    return app
