"""A note in the signed bytes of what stands in the signature's container, which the signature itself cannot protect.

Whoever holds a signed file can take the time stamp out of the container, put another in, or add and drop certificates; the
signature stays valid. The note says, among the signed entries of the signature's dictionary, which certificates were put in
and whether there was a time stamp.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bundler.digest import sha256_of

PROGRAM = "petition-bundler"


def container_note(certificates: Iterable[bytes], *, has_stamp: bool) -> str:
    """The note.

    Args:
        certificates: the certificates in the container, in DER.
        has_stamp: there is a time stamp in it.
    """
    digests = "".join(sorted({sha256_of(one) for one in certificates}))
    return f"certificates {sha256_of(digests.encode())}, time stamp {'yes' if has_stamp else 'no'}"


def read_note(value: Any) -> str | None:  # noqa: ANN401 (pyHanko's dictionary)
    """The note in a signature's dictionary; None in the signatures of releases and programs that write none."""
    app = value.get("/Prop_Build", {}).get("/App", {})
    return str(app.get("/REx", "")) if str(app.get("/Name", "")) == f"/{PROGRAM}" else None
