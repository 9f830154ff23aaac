"""Error responses in Chinese: a page for a browser, a line of text for a script of a page."""

from __future__ import annotations

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bundler.desk.cases.finding_display import without_json_keys
from bundler.desk.templating import template_response
from bundler.errors import BundlerError, CaseError, CaseUnreadableError, OutputError, UsageError

_STATUSES: tuple[tuple[type[BundlerError], HTTPStatus], ...] = (
    (UsageError, HTTPStatus.BAD_REQUEST),
    (OutputError, HTTPStatus.INSUFFICIENT_STORAGE),
    (CaseUnreadableError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (CaseError, HTTPStatus.UNPROCESSABLE_ENTITY),
)
_DEFAULT_MESSAGES = {
    HTTPStatus.BAD_REQUEST: "送来的内容不完整或者太多，请刷新页面后再试。",
    HTTPStatus.UNAUTHORIZED: "还没有登录，或者登录已经过期。请重新打开工作台。",
    HTTPStatus.NOT_FOUND: "没有这一页，可能已经移走。",
    HTTPStatus.METHOD_NOT_ALLOWED: "这一页不能这样用，请刷新页面后再试。",
    HTTPStatus.INTERNAL_SERVER_ERROR: "工作台出了差错，没有办成。请刷新页面后再试；还不行，请告诉管理员。",
}
_CODE_HEADER = "x-bundler-code"
_ERROR_HEADER = {"x-bundler-desk": "refused"}
"""Tells the page's script that the text is a message of the desk and not of a proxy."""


def error_response(request: Request, status: int, message: str = "", code: str = "") -> Response:
    """A response that says why a request was not carried out, and what to do next.

    Args:
        request: the request that is answered.
        status: the HTTP status.
        message: in Chinese; empty for the usual message of the status.
        code: the code of a finding, for a header: it means nothing to a clerk.
    """
    text = without_json_keys(message) or _DEFAULT_MESSAGES.get(HTTPStatus(status), "没有办成，请刷新页面后再试。")
    headers = {**_ERROR_HEADER, **({_CODE_HEADER: code} if code else {})}
    if request.headers.get("hx-request") or "text/html" not in request.headers.get("accept", ""):
        return PlainTextResponse(text, status_code=status, headers=headers)
    response = template_response(request, "error.html", {"message": text}, status=status)
    response.headers.update(headers)
    return response


def handle_bundler_error(request: Request, error: Exception) -> Response:
    """Answer an error that a user can cause with its own message and fix."""
    if not isinstance(error, BundlerError):
        return error_response(request, HTTPStatus.INTERNAL_SERVER_ERROR)
    status = next((status for kind, status in _STATUSES if isinstance(error, kind)), HTTPStatus.UNPROCESSABLE_ENTITY)
    return error_response(request, status, f"{error.message}{error.fix}", error.code)


def handle_http_error(request: Request, error: Exception) -> Response:
    """Answer an HTTP error; the English message of a library is replaced by the usual one of the status."""
    status = error.status_code if isinstance(error, HTTPException) else HTTPStatus.INTERNAL_SERVER_ERROR
    message = error.detail if isinstance(error, HTTPException) else ""
    return error_response(request, status, "" if message.isascii() else message)
