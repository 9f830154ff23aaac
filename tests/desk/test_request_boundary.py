"""A web request ends at its route: the modules behind the routes of the case pages do not know it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bundler.desk import cases

_MODULES = sorted(Path(cases.__path__[0]).glob("*.py"))
_HELPERS_OF_ROUTES = {"requested_case", "responses"}
"""They read a request and answer it; only routes import them."""


def is_route_module(path: Path) -> bool:
    """Whether a module defines routes."""
    return re.search(r"^routes = \[", path.read_text("utf-8"), re.MULTILINE) is not None


@pytest.mark.parametrize("path", _MODULES, ids=lambda path: path.stem)
def test_only_routes_know_the_request(path: Path) -> None:
    """Business code takes plain values, so that it can be called without a server."""
    if is_route_module(path) or path.stem in _HELPERS_OF_ROUTES:
        return
    text = path.read_text("utf-8")
    assert "starlette.requests" not in text
    assert not [name for name in _HELPERS_OF_ROUTES if f"cases.{name} import" in text]
