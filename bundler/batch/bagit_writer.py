"""Write a BagIt bag (RFC 8493): a payload under ``data/`` with its digests; the same payload gives the same bytes.

The library bagit.py converts a folder in place and records the current date, so the bag is written here; the tests
validate it with that library.
"""

from __future__ import annotations

import os
import shutil
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bundler.atomic_write import new_permissions, write_atomic
from bundler.digest import sha256_of

_DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


@dataclass(frozen=True, slots=True)
class PayloadFile:
    """One file of the payload.

    Attributes:
        name: path relative to ``data/``, with ``/``.
        content: its bytes, or the path of a file to copy.
        sha256: the digest of that file, so that it is not read twice; unused for bytes.
    """

    name: str
    content: bytes | Path
    sha256: str = ""


def write_bag(folder: Path, payload: Sequence[PayloadFile], info: Mapping[str, str]) -> None:
    """Write a bag into a new folder.

    Args:
        folder: the bag; it must not exist.
        payload: the files, in any order.
        info: the fields of bag-info.txt; Payload-Oxum is added.

    Raises:
        OSError: it cannot be written.
    """
    folder.mkdir()
    entries = [(_digest_of_file(file), f"data/{unicodedata.normalize('NFC', file.name)}") for file in payload]
    size = 0
    for file, (_, name) in zip(payload, entries, strict=True):
        size += _add_file(file, folder / name)
    tags = {
        "bagit.txt": _DECLARATION,
        "bag-info.txt": _format_info({**info, "Payload-Oxum": f"{size}.{len(payload)}"}),
        "manifest-sha256.txt": _format_manifest(entries),
    }
    for name, text in tags.items():
        write_atomic(folder / name, text.encode())
    digests = [(sha256_of(text.encode()), name) for name, text in tags.items()]
    write_atomic(folder / "tagmanifest-sha256.txt", _format_manifest(digests).encode())


def encode_name(name: str) -> str:
    """Return a file name for a manifest: line breaks and the percent sign are percent-encoded (RFC 8493, 2.1.3)."""
    return name.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _format_manifest(entries: Iterable[tuple[str, str]]) -> str:
    ordered = sorted(entries, key=lambda entry: entry[1])
    return "".join(f"{digest}  {encode_name(name)}\n" for digest, name in ordered)


def _format_info(info: Mapping[str, str]) -> str:
    """Return the fields of bag-info.txt, each on one line."""
    return "".join(f"{label}: {' '.join(value.split())}\n" for label, value in info.items())


def _digest_of_file(file: PayloadFile) -> str:
    return file.sha256 if isinstance(file.content, Path) else sha256_of(file.content)


def _add_file(file: PayloadFile, target: Path) -> int:
    """Add a file to the payload, and return its size in bytes.

    A bundle is hard-linked if the file system allows it: bundles are replaced, never changed in place.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(file.content, bytes):
        write_atomic(target, file.content)
        return len(file.content)
    try:
        os.link(file.content, target, follow_symlinks=False)
    except OSError:
        shutil.copyfile(file.content, target, follow_symlinks=False)
        target.chmod(new_permissions(0o666))
    return target.stat().st_size
