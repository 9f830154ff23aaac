"""SHA-256 digests as lower-case hexadecimal text."""

from __future__ import annotations

import hashlib
import os
from io import BufferedIOBase
from pathlib import Path


def sha256_of(data: bytes) -> str:
    """The digest of bytes."""
    return hashlib.sha256(data).hexdigest()


def sha256_of_stream(file: BufferedIOBase) -> str:
    """The digest of an open file from its current position to the end, read in blocks."""
    return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_of_file(path: Path) -> str:
    """The digest of a file on disk; a link is not followed.

    Raises:
        OSError: the file is missing, is a link, or cannot be read.
    """
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as file:
        return sha256_of_stream(file)
