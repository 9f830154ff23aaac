"""Time stamps (RFC 3161) from the server that the court's profile names; no other address is ever asked."""

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
    """A server that sends us elsewhere is not the one that was named."""

    def redirect_request(self, *_: object) -> None:
        """Follow nothing."""


class HttpTimeStamper(TimeStamper):
    """Asks one server, without proxies and without following it elsewhere."""

    def __init__(self, url: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._url = url

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The server's answer."""
        from asn1crypto import tsp

        data = await asyncio.get_running_loop().run_in_executor(None, self._ask, req.dump())
        try:
            return tsp.TimeStampResp.load(data, strict=True)
        except ValueError as error:
            raise TimestampRequestError("no answer of a time stamp server") from error

    def _ask(self, question: bytes) -> bytes:
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
