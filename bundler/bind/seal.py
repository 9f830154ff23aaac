"""The seal: a file's own identifier says what all its other bytes are.

A PDF's trailer ends with an identifier of two strings. In a bundle the first is the SHA-256 of its manifest, and the second
the SHA-256 of the whole file in which these last 64 digits stand as zeros. So each byte of the file is covered by a value
that lies within it, in a place that the PDF standard has for this, and `sed` and `sha256sum` are enough to check it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import BinaryIO

DIGITS = 64
_TAIL = 4096
"""The trailer and all that stands after it are far shorter."""
_CHUNK = 1 << 20
_MOST_SEALS = 8
"""Of more, somebody made a game; each costs a reading of the file."""
_SEALED = re.compile(rb"/ID \[<([0-9a-f]{64})><([0-9a-f]{64})>\] >>\nstartxref\n[0-9]+\n%%EOF\n")


@dataclass(frozen=True, slots=True)
class Seal:
    """What a file says of itself.

    Attributes:
        manifest: SHA-256 of the manifest, as the first identifier gives it.
        stated, found: SHA-256 of the file, as the second identifier gives it and as it is.
        length: bytes that the seal covers; more bytes in the file were appended later.
    """

    manifest: str
    stated: str
    found: str
    length: int

    @property
    def holds(self) -> bool:
        """Whether each of the bytes is as it was."""
        return self.stated == self.found


def sealed_ending(before: hashlib._Hash, after: bytes) -> bytes:
    """The last bytes of a file: its second identifier's digits, and what stands after them.

    Args:
        before: the SHA-256 of all that stands before those digits.
        after: what stands after them.
    """
    blank = before.copy()
    blank.update(b"0" * DIGITS + after)
    return blank.hexdigest().encode() + after


def read_seal(file: BinaryIO) -> Seal | None:
    """The seal of a file, compared with its bytes; None where it bears none.

    Of several the first that holds counts: what a program appended, it appended to what had been sealed.
    """
    found = None
    for start, end, manifest, stated in _places(file):
        file.seek(0)
        whole = _hash(file, start)
        file.seek(start + DIGITS)
        whole.update(b"0" * DIGITS)
        whole.update(file.read(end - start - DIGITS))
        found = Seal(manifest, stated, whole.hexdigest(), end)
        if found.holds:
            break
    return found


def _places(file: BinaryIO) -> list[tuple[int, int, str, str]]:
    """Where sealed digits begin and what they seal ends, with both identifiers."""
    file.seek(0)
    offset, kept = 0, b""
    places: dict[int, tuple[int, int, str, str]] = {}
    while chunk := file.read(_CHUNK):
        window = kept + chunk
        base = offset - len(kept)
        for match in _SEALED.finditer(window):
            start, end = base + match.start(2), base + match.end()
            places[start] = start, end, match[1].decode(), match[2].decode()
        offset += len(chunk)
        kept = window[-_TAIL:]
    return list(places.values())[-_MOST_SEALS:]


def _hash(file: BinaryIO, length: int) -> hashlib._Hash:
    """A digest that has taken in the next so many bytes."""
    digest = hashlib.sha256()
    while length:
        chunk = file.read(min(_CHUNK, length))
        if not chunk:
            break
        digest.update(chunk)
        length -= len(chunk)
    return digest
