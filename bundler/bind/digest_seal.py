"""The seal: the file identifier in a bundle's trailer holds the digest of all its other bytes.

The trailer of a PDF ends with an identifier of two strings. In a bundle the first is the SHA-256 of the manifest, and the
second the SHA-256 of the whole file with these last 64 digits replaced by zeros. So a value within the file covers each of
its bytes, in a place that the PDF standard has for it, and `sed` and `sha256sum` are enough to check it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import BinaryIO

DIGITS = 64
_TAIL = 4096
"""Bytes that overlap between two chunks; the trailer and what follows it are far shorter."""
_CHUNK = 1 << 20
_MOST_SEALS = 8
"""Seals that are checked; each costs a pass over the file, and only a forged file has more."""
_SEALED = re.compile(rb"/ID \[<([0-9a-f]{64})><([0-9a-f]{64})>\] >>\nstartxref\n[0-9]+\n%%EOF\n")


@dataclass(frozen=True, slots=True)
class Seal:
    """The seal that was read from a file.

    Attributes:
        manifest: SHA-256 of the manifest, as the first identifier states it.
        stated, found: SHA-256 of the file, as the second identifier states it and as it was computed.
        length: bytes that the seal covers; further bytes in the file were appended later.
    """

    manifest: str
    stated: str
    found: str
    length: int

    @property
    def holds(self) -> bool:
        """Whether all bytes that the seal covers are unchanged."""
        return self.stated == self.found


def sealed_ending(before: hashlib._Hash, after: bytes) -> bytes:
    """The last bytes of a file: the digits of the second identifier, and what follows them.

    Args:
        before: the SHA-256 of everything before those digits.
        after: the bytes after them.
    """
    blank = before.copy()
    blank.update(b"0" * DIGITS + after)
    return blank.hexdigest().encode() + after


def read_seal(file: BinaryIO) -> Seal | None:
    """Read the seal of a file and compare it with the file's bytes; None where there is no seal.

    Of several seals the first that holds counts: another program appends to what had been sealed.
    """
    found = None
    for start, end, manifest, stated in _find_seals(file):
        file.seek(0)
        whole = _hash_bytes(file, start)
        file.seek(start + DIGITS)
        whole.update(b"0" * DIGITS)
        whole.update(file.read(end - start - DIGITS))
        found = Seal(manifest, stated, whole.hexdigest(), end)
        if found.holds:
            break
    return found


def _find_seals(file: BinaryIO) -> list[tuple[int, int, str, str]]:
    """Offset of the second identifier's digits and end of what it seals, with both identifiers, for each seal."""
    file.seek(0)
    offset, overlap = 0, b""
    seals: dict[int, tuple[int, int, str, str]] = {}
    while chunk := file.read(_CHUNK):
        window = overlap + chunk
        base = offset - len(overlap)
        for match in _SEALED.finditer(window):
            start, end = base + match.start(2), base + match.end()
            seals[start] = start, end, match[1].decode(), match[2].decode()
        offset += len(chunk)
        overlap = window[-_TAIL:]
    return list(seals.values())[-_MOST_SEALS:]


def _hash_bytes(file: BinaryIO, length: int) -> hashlib._Hash:
    """Digest the next `length` bytes of a file."""
    digest = hashlib.sha256()
    while length:
        chunk = file.read(min(_CHUNK, length))
        if not chunk:
            break
        digest.update(chunk)
        length -= len(chunk)
    return digest
