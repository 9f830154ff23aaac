"""HTML responses from the desk's Jinja templates, which escape every value of a case."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from bundler.desk.http import actor_of
from bundler.desk.services import desk_services
from bundler.file_record import EXTENSIONS
from bundler.text import replace_surrogates


@cache
def template_environment() -> Environment:
    """The Jinja environment of the desk's templates; `accepted_files` is what a file input lets the clerk choose."""
    environment = Environment(
        loader=PackageLoader("bundler.desk", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["accepted_files"] = ",".join(extension for one in EXTENSIONS.values() for extension in one)
    return environment


def template_response(
    request: Request, name: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HTMLResponse:
    """A page, or a part of one.

    Args:
        request: the request that is answered.
        name: the template's file name.
        context: its variables, besides those of every template: `actor` (the account of the session), `csrf` (the token
            that a change must carry), `desk` (the settings) and `path` (of the request).
        status: the HTTP status.
    """
    shared = {
        "actor": actor_of(request),
        "csrf": getattr(request.state, "csrf", ""),
        "desk": desk_services(request).settings,
        "path": request.url.path,
    }
    text = template_environment().get_template(name).render(**shared, **(context or {}))
    # A folder's or a file's name may be no UTF-8.
    return HTMLResponse(replace_surrogates(text), status_code=status)
