"""A page for the browser out of its template; whatever comes from a case is text and never markup."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse


@cache
def template_environment() -> Environment:
    """The templates of the desk."""
    return Environment(
        loader=PackageLoader("bundler.desk", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render_page(
    request: Request, name: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HTMLResponse:
    """A page or a piece of one.

    Args:
        request: what was asked.
        name: the template's file name.
        context: what it prints, beside what every page prints: `actor` (whose session it is), `csrf` (the word that a
            change must carry) and `desk` (the settings).
        status: the HTTP status.
    """
    said = {
        "actor": getattr(request.state, "actor", ""),
        "csrf": getattr(request.state, "csrf", ""),
        "desk": request.app.state.desk,
        "path": request.url.path,
    }
    text = template_environment().get_template(name).render(**said, **(context or {}))
    return HTMLResponse(text, status_code=status)
