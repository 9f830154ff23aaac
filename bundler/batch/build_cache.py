"""Build cache: for each bundle, digests of its inputs and of its bytes, so that an unchanged case is not bundled again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from bundler import __version__
from bundler.atomic_write import write_atomic
from bundler.batch.worker_tasks import STATE_FOLDER
from bundler.bundle.read_and_check_case import CheckedCase
from bundler.digest import sha256_of_file
from bundler.fonts.files import font_digests
from bundler.profile import Profile
from bundler.reports.case_result import BUNDLES

_FORMAT_VERSION = 1
"""Incremented to rebuild every bundle although no digested input has changed."""

_LIBRARIES = ("docxtpl", "img2pdf", "pikepdf", "weasyprint")
"""The libraries whose release may change the bytes of a bundle."""


@dataclass(frozen=True, slots=True)
class CachedBuild:
    """One entry of the cache, for a bundle of an earlier run.

    Attributes:
        case: the case folder, relative to the folder of the batch.
        registration_no: the case's registration number.
        made_of: digest of the inputs of the bundle.
        sha256: digest of the bundle.
        pages: the number of its numbered pages (页号).
        file_pages: the number of all its pages, with cover, index and closing note.
    """

    case: str
    registration_no: str
    made_of: str
    sha256: str
    pages: int
    file_pages: int


def compute_environment_digest(profile: Profile, templates: Path) -> str:
    """Return the digest of what all bundles depend on: tool, libraries, profile, fonts and templates, by content."""
    digest = hashlib.sha256(f"{_FORMAT_VERSION} {__version__}\0".encode())
    for name in _LIBRARIES:
        digest.update(f"{name} {version(name)}\0".encode())
    digest.update(profile.cache_key.encode())
    for name, value in sorted(font_digests().items()):
        digest.update(f"{name} {value}\0".encode())
    for path in sorted(path for path in templates.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(templates).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def compute_inputs_digest(checked: CheckedCase, environment_digest: str) -> str:
    """Return the digest of the inputs of one bundle, which do not include the day of checking.

    Args:
        checked: the case and its materials.
        environment_digest: see `compute_environment_digest`.
    """
    digest = hashlib.sha256(f"{environment_digest}\0{checked.check_result.kind}\0".encode())
    digest.update(hashlib.sha256(checked.reading.data).digest())
    for name, record in sorted(checked.records.items()):
        digest.update(f"{name}\0{record.sha256}\0".encode())
    for name, reading in sorted(checked.scan_readings.digests.items()):
        digest.update(f"{name}\0{reading}\0".encode())
    return digest.hexdigest()


def write_entry(out: Path, stem: str, entry: CachedBuild) -> None:
    """Write the entry of a bundle, which is written before it."""
    write_atomic(_entry_path(out, stem), json.dumps(asdict(entry), ensure_ascii=False, sort_keys=True).encode())


def read_entry(out: Path, stem: str) -> CachedBuild | None:
    """Return the entry of a bundle; None if there is none or it is damaged."""
    try:
        tree = json.loads(_entry_path(out, stem).read_bytes())
        texts = {name: str(tree[name]) for name in ("case", "registration_no", "made_of", "sha256")}
        return CachedBuild(**texts, pages=int(tree["pages"]), file_pages=int(tree["file_pages"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def is_output_unchanged(out: Path, stem: str, entry: CachedBuild) -> bool:
    """Whether the bundle has the digest that its entry records."""
    return output_digest(out / BUNDLES / f"{stem}.pdf") == entry.sha256


def output_digest(path: Path) -> str:
    """Return the SHA-256 of a regular file; empty if it is missing, a link, or unreadable."""
    try:
        return sha256_of_file(path)
    except OSError:
        return ""


def delete_entries(out: Path, stems: Iterable[str]) -> None:
    """Delete entries."""
    for stem in stems:
        _entry_path(out, stem).unlink(missing_ok=True)


def read_all_entries(out: Path) -> dict[str, CachedBuild]:
    """Return every readable entry by the name of its bundle, without extension."""
    stems = sorted(path.name.removesuffix(".json") for path in (out / STATE_FOLDER).glob("*.json"))
    found = {stem: read_entry(out, stem) for stem in stems}
    return {stem: entry for stem, entry in found.items() if entry}


def _entry_path(out: Path, stem: str) -> Path:
    return out / STATE_FOLDER / f"{stem}.json"
