"""The addresses of the pages of a case."""

from __future__ import annotations

from starlette.routing import BaseRoute

from bundler.desk.casework import absences, bundling, chronicle, form, handling, materials, papers, uploads, watching

routes: list[BaseRoute] = [
    *form.routes,
    *materials.routes,
    *handling.routes,
    *absences.routes,
    *uploads.routes,
    *papers.routes,
    *bundling.routes,
    *chronicle.routes,
    *watching.routes,
]
"""Of the pages of a case."""
