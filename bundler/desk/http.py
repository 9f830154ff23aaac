"""Whole numbers out of a browser, which may send as many digits as it likes: Python refuses to read too many."""

from __future__ import annotations

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request

_MOST_DIGITS = 9


def is_number(text: str) -> bool:
    """Whether a text tells a number that could be meant."""
    return text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS


def number_or_default(text: str, otherwise: int) -> int:
    """The number that a text tells; another where it tells none that could be meant."""
    return int(text) if is_number(text) else otherwise


def number_in_path(request: Request, name: str) -> int:
    """The number that stands in the address under a name.

    Raises:
        HTTPException: there stands none.
    """
    text = str(request.path_params[name])
    if not is_number(text):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return int(text)
