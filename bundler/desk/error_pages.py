"""What went wrong, told in Chinese: as a page, or as a line of text to the script of a page."""

from __future__ import annotations

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bundler.desk.templating import render_page
from bundler.errors import BundlerError, CaseError, CaseUnreadableError, OutputError, UsageError

_STATUS: tuple[tuple[type[BundlerError], HTTPStatus], ...] = (
    (UsageError, HTTPStatus.BAD_REQUEST),
    (OutputError, HTTPStatus.INSUFFICIENT_STORAGE),
    (CaseUnreadableError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (CaseError, HTTPStatus.UNPROCESSABLE_ENTITY),
)
_WORDS = {
    HTTPStatus.BAD_REQUEST: "送来的内容不完整或者太多，请刷新页面后再试。",
    HTTPStatus.UNAUTHORIZED: "还没有登录，或者登录已经过期。请重新打开工作台。",
    HTTPStatus.NOT_FOUND: "没有这一页，可能已经移走。",
    HTTPStatus.METHOD_NOT_ALLOWED: "这一页不能这样用，请刷新页面后再试。",
    HTTPStatus.INTERNAL_SERVER_ERROR: "工作台出了差错，没有办成。请刷新页面后再试；还不行，请告诉管理员。",
}
_MARK = {"x-bundler-desk": "refused"}


def error_response(request: Request, status: int, words: str = "", code: str = "") -> Response:
    """An answer that says why something was not done, and what to do next."""
    told = words or _WORDS.get(HTTPStatus(status), "没有办成，请刷新页面后再试。")
    told = f"{told}（{code}）" if code else told
    if request.headers.get("hx-request") or "text/html" not in request.headers.get("accept", ""):
        return PlainTextResponse(told, status_code=status, headers=_MARK)
    return render_page(request, "refused.html", {"told": told, "status": status}, status=status)


def handle_bundler_error(request: Request, error: Exception) -> Response:
    """An error that a user can cause, in its own words."""
    if not isinstance(error, BundlerError):
        return error_response(request, HTTPStatus.INTERNAL_SERVER_ERROR)
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), HTTPStatus.UNPROCESSABLE_ENTITY)
    return error_response(request, status, f"{error.message}{error.fix}", error.code)


def handle_http_error(request: Request, error: Exception) -> Response:
    """A request that has no answer; words of a library are English, and are put into ours."""
    status = error.status_code if isinstance(error, HTTPException) else HTTPStatus.INTERNAL_SERVER_ERROR
    words = error.detail if isinstance(error, HTTPException) else ""
    return error_response(request, status, "" if words.isascii() else words)
