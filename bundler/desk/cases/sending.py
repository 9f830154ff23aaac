"""Files and pictures sent to the browser."""

from __future__ import annotations

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from bundler.desk.cases.page_renderer import MEDIA_TYPE, ImageSize

_KEPT = "private, max-age=600"
"""A page of a digest never changes; other people's browsers and proxies between are not to keep it."""


def requested_image_size(request: Request) -> ImageSize:
    """How large a page is asked for."""
    asked = request.query_params.get("size", "")
    return ImageSize(asked) if asked in set(ImageSize) else ImageSize.PAGE


def image_etag(digest: str, page: int, size: ImageSize) -> str:
    """The entity tag of a picture."""
    return f'"{digest[:32]}-{page}-{size.value}"'


def unchanged(request: Request, tag: str) -> Response | None:
    """The answer to a browser that has the picture already."""
    if request.headers.get("if-none-match") != tag:
        return None
    return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"etag": tag, "cache-control": _KEPT})


def picture(data: bytes, tag: str) -> Response:
    """A picture of a page."""
    headers = {"etag": tag, "cache-control": _KEPT}
    return Response(data, media_type=MEDIA_TYPE, headers=headers)
