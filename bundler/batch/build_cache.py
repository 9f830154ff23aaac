"""What a later run needs to know of an output: what it was made of, and the digest that it had."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from bundler import __version__
from bundler.atomic_write import write_atomic
from bundler.batch.task import STATE
from bundler.bundle.check import CheckedCase
from bundler.digest import sha256_of_file
from bundler.fonts.files import font_digests
from bundler.profile import Profile
from bundler.reports.case_result import BUNDLES

_FORMAT = 1
"""Raised when bundles are to be made anew although nothing that is digested has changed."""

_LIBRARIES = ("docxtpl", "img2pdf", "pikepdf", "weasyprint")
"""Those whose release may change a bundle's bytes."""


@dataclass(frozen=True, slots=True)
class CachedBuild:
    """One output as an earlier run left it.

    Attributes:
        case: the folder it was made of, as the reports name it.
        registration_no: its number.
        made_of: digest of everything that went into it.
        sha256: its own digest.
        pages: its numbered pages.
    """

    case: str
    registration_no: str
    made_of: str
    sha256: str
    pages: int


def made_with(profile: Profile, templates: Path) -> str:
    """The digest of what all bundles share: tool, libraries, profile, fonts and templates, by content."""
    digest = hashlib.sha256(f"{_FORMAT} {__version__}\0".encode())
    for name in _LIBRARIES:
        digest.update(f"{name} {version(name)}\0".encode())
    digest.update(profile.model_dump_json().encode())
    for name, value in sorted(font_digests().items()):
        digest.update(f"{name} {value}\0".encode())
    for path in sorted(path for path in templates.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(templates).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def made_of(examined: CheckedCase, shared: str) -> str:
    """The digest of what one bundle is made of; the day of checking is no part of it."""
    digest = hashlib.sha256(f"{shared}\0{examined.check_result.kind}\0".encode())
    digest.update(hashlib.sha256(examined.reading.data).digest())
    for name, record in sorted(examined.records.items()):
        digest.update(f"{name}\0{record.sha256}\0".encode())
    return digest.hexdigest()


def keep(out: Path, stem: str, kept: CachedBuild) -> None:
    """Write down what was made; the output itself stands already."""
    write_atomic(_path(out, stem), json.dumps(asdict(kept), ensure_ascii=False, sort_keys=True).encode())


def recall(out: Path, stem: str) -> CachedBuild | None:
    """What was written down; a spoilt note is as good as none."""
    try:
        tree = json.loads(_path(out, stem).read_bytes())
        texts = {name: str(tree[name]) for name in ("case", "registration_no", "made_of", "sha256")}
        return CachedBuild(**texts, pages=int(tree["pages"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def still_there(out: Path, stem: str, kept: CachedBuild) -> bool:
    """Whether the bundle is, byte for byte, the one that was written down."""
    return digest_of(out / BUNDLES / f"{stem}.pdf") == kept.sha256


def digest_of(path: Path) -> str:
    """The SHA-256 of a regular file; empty where there is none, or it cannot be read."""
    try:
        return sha256_of_file(path)
    except OSError:
        return ""


def forget(out: Path, stems: Iterable[str]) -> None:
    """Drop notes whose output is no more."""
    for stem in stems:
        _path(out, stem).unlink(missing_ok=True)


def noted(out: Path) -> dict[str, CachedBuild]:
    """Every note, by its output's name."""
    stems = sorted(path.name.removesuffix(".json") for path in (out / STATE).glob("*.json"))
    found = {stem: recall(out, stem) for stem in stems}
    return {stem: kept for stem, kept in found.items() if kept}


def _path(out: Path, stem: str) -> Path:
    return out / STATE / f"{stem}.json"
