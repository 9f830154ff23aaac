"""A BagIt bag (RFC 8493): a payload under ``data/`` with its digests, the same bytes for the same payload.

The bag is written beside its place and put there whole. bagit.py, the usual library, turns a folder into a bag where it
lies and stamps the day; so the few lines of text are written here, and the tests validate them with that library.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bundler.atomic_write import write_atomic

_DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


@dataclass(frozen=True, slots=True)
class PayloadFile:
    """One file of the payload.

    Attributes:
        name: below ``data/``, with ``/``.
        content: its bytes, or a file that holds them.
        sha256: the digest of that file; asked for nowhere else, so that it is not read twice.
    """

    name: str
    content: bytes | Path
    sha256: str = ""


def write_bag(folder: Path, payload: Sequence[PayloadFile], info: Mapping[str, str]) -> None:
    """Write a bag into a new folder.

    Args:
        folder: it is made, and must not be there.
        payload: the files, in any order.
        info: the lines of bag-info.txt, but the Payload-Oxum, which is counted.

    Raises:
        OSError: it cannot be written.
    """
    folder.mkdir()
    entries = [(_digest(one), f"data/{unicodedata.normalize('NFC', one.name)}") for one in payload]
    size = 0
    for one, (_, name) in zip(payload, entries, strict=True):
        size += _put(one, folder / name)
    tags = {
        "bagit.txt": _DECLARATION,
        "bag-info.txt": _lines({**info, "Payload-Oxum": f"{size}.{len(payload)}"}),
        "manifest-sha256.txt": _manifest(entries),
    }
    for name, text in tags.items():
        write_atomic(folder / name, text.encode())
    digests = [(hashlib.sha256(text.encode()).hexdigest(), name) for name, text in tags.items()]
    write_atomic(folder / "tagmanifest-sha256.txt", _manifest(digests).encode())


def encoded(name: str) -> str:
    """A name as a manifest holds it: line ends, and the sign that stands for them, percent-encoded (RFC 8493, 2.1.3)."""
    return name.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _manifest(entries: Iterable[tuple[str, str]]) -> str:
    ordered = sorted(entries, key=lambda entry: entry[1])
    return "".join(f"{digest}  {encoded(name)}\n" for digest, name in ordered)


def _lines(info: Mapping[str, str]) -> str:
    """Labels and values, each on one line."""
    return "".join(f"{label}: {' '.join(value.split())}\n" for label, value in info.items())


def _digest(one: PayloadFile) -> str:
    return one.sha256 if isinstance(one.content, Path) else hashlib.sha256(one.content).hexdigest()


def _put(one: PayloadFile, target: Path) -> int:
    """Put a file into the payload; a bundle is linked where the disk can, since bundles are replaced and never changed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(one.content, bytes):
        write_atomic(target, one.content)
        return len(one.content)
    try:
        os.link(one.content, target, follow_symlinks=False)
    except OSError:
        shutil.copyfile(one.content, target, follow_symlinks=False)
        target.chmod(0o644)
    return target.stat().st_size
