"""Time stamps (RFC 3161) from the server in the court's profile; no other address is contacted."""

from __future__ import annotations

import asyncio
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError

if TYPE_CHECKING:
    from asn1crypto import tsp

SECONDS = 30
MAX_BYTES = 1024 * 1024
_REPLY = "application/timestamp-reply"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: only the configured server may answer."""

    def redirect_request(self, *_: object) -> None:
        """Return no new request, so that a redirect is an error."""


class HttpTimeStamper(TimeStamper):
    """Requests time stamps from one server, without proxies and redirects."""

    def __init__(self, url: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._url = url

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Send a request and parse the response.

        Raises:
            TimestampRequestError: the server cannot be reached, or its answer is not a time stamp response.
        """
        from asn1crypto import tsp

        data = await asyncio.get_running_loop().run_in_executor(None, self._post, req.dump())
        try:
            return tsp.TimeStampResp.load(data, strict=True)
        except ValueError as error:
            raise TimestampRequestError("no answer of a time stamp server") from error

    def _post(self, question: bytes) -> bytes:
        request = urllib.request.Request(  # noqa: S310 (the profile accepts http and https only)
            self._url, question, {"Content-Type": "application/timestamp-query", "Accept": _REPLY}
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)
        try:
            with opener.open(request, timeout=SECONDS) as answer:
                if answer.headers.get_content_type() != _REPLY:
                    raise TimestampRequestError("no answer of a time stamp server")
                data: bytes = answer.read(MAX_BYTES)
                return data
        except (OSError, ValueError) as error:
            raise TimestampRequestError("the time stamp server cannot be reached") from error
