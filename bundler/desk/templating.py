"""HTML responses from the desk's Jinja templates, which escape every value of a case."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from bundler.desk.request_helpers import actor_of
from bundler.desk.security.roles import Permission
from bundler.desk.shared_objects import desk_services, rights_of
from bundler.digest import sha256_of
from bundler.file_inspection_record import EXTENSIONS
from bundler.printable_text import replace_surrogates

_MIN_COMPRESSED = 1400
"""Bytes; less than that fits into one packet as it is."""
VERSION_PARAMETER = "v"
"""In the address of a static file: a part of its digest."""


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


@cache
def static_address(name: str) -> str:
    """The address of a file of the desk's own, which differs once the file does, so that browsers may keep it."""
    data = files("bundler.desk").joinpath("static", name).read_bytes()
    return f"/static/{name}?{VERSION_PARAMETER}={sha256_of(data)[:16]}"


def template_response(
    request: Request, name: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HTMLResponse:
    """A page, or a part of one.

    Args:
        request: the request that is answered.
        name: the template's file name.
        context: its variables, besides those of every template: `actor` (the account of the session), `csrf` (the token
            that a change must carry), `desk` (the settings), `has_accounts` (whether people log in), `may` (what the
            account may do, by the names of `Permission`), `path` (of the request) and `static` (the address of a file
            of the desk's own).
        status: the HTTP status.
    """
    shared = {
        "actor": actor_of(request),
        "csrf": getattr(request.state, "csrf", ""),
        "desk": desk_services(request).settings,
        "has_accounts": desk_services(request).access.users is not None,
        "may": {one.name.lower(): rights_of(request).may(one) for one in Permission},
        "static": static_address,
        "path": request.url.path,
    }
    text = template_environment().get_template(name).render(**shared, **(context or {}))
    # A folder's or a file's name may be no UTF-8.
    return _compressed(request, HTMLResponse(replace_surrogates(text), status_code=status))


def _compressed(request: Request, response: HTMLResponse) -> HTMLResponse:
    """The response in gzip for a browser that takes it: a form is 200 KB of much the same, and a network may be slow."""
    data = bytes(response.body)
    if len(data) < _MIN_COMPRESSED or "gzip" not in request.headers.get("accept-encoding", ""):
        return response
    headers = {"content-encoding": "gzip", "vary": "accept-encoding"}
    return HTMLResponse(gzip.compress(data, 5, mtime=0), status_code=response.status_code, headers=headers)
