"""The addresses of the pages of a case."""

from __future__ import annotations

from starlette.routing import BaseRoute

from bundler.desk.cases import (
    absence_declarations,
    bundle,
    documents,
    form,
    history_page,
    live_updates,
    material_actions,
    materials,
    uploads,
)

routes: list[BaseRoute] = [
    *form.routes,
    *materials.routes,
    *material_actions.routes,
    *absence_declarations.routes,
    *uploads.routes,
    *documents.routes,
    *bundle.routes,
    *history_page.routes,
    *live_updates.routes,
]
"""Of the pages of a case."""
