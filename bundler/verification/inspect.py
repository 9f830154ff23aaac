"""Looking through a file, in a process with limits: its bytes first, then its PDF; nothing in it is believed or run."""

from __future__ import annotations

import contextlib
import io
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import replace
from io import BufferedReader
from pathlib import Path
from typing import Any

import pikepdf

from bundler.bind.page_digest import DigestError, PageDigester
from bundler.bind.pdf_writer import TOOL_MARK
from bundler.bind.seal import read_seal
from bundler.digest import sha256_of, sha256_of_stream
from bundler.manifest.model import MANIFEST_NAME, Manifest
from bundler.manifest.serialization import MAX_BYTES, ManifestError, is_paper_manifest, read_manifest
from bundler.materials.pdf_structure import check_page_tree
from bundler.sandbox import LimitExceededError, Limits, WorkFailedError, run_sandboxed
from bundler.signature.validation import Signature, SignatureState, validate_signature
from bundler.verification.active_content import scan_objects
from bundler.verification.observation import Observation, ObservedEntry, ObservedFile, ObservedPage

MAX_ENTRIES = 50_000
_BYTES_PER_SECOND = 10_000_000
_SECONDS = 60
_CHUNK = 1 << 20
_ERRORS = (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, RuntimeError, OverflowError)
"""What the library raises over broken objects."""


class UnreadableError(Exception):
    """There is no such file, or it is none that can be read."""


def inspect_file(path: Path, trust: bytes | None = None) -> Observation:
    """See what a file is.

    Args:
        path: the file.
        trust: certificates in PEM of those who may sign; None: nobody said.

    Raises:
        UnreadableError: there is none, or it is no regular file.
    """
    try:
        status = path.stat()
    except OSError as error:
        raise UnreadableError from error
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableError
    try:
        return run_sandboxed(
            _look, os.fspath(path), trust, limits=Limits(seconds=_SECONDS + status.st_size // _BYTES_PER_SECOND)
        )
    except LimitExceededError:
        return replace(_bytes_only(path), fault="large")
    except WorkFailedError as error:
        if str(error) == UnreadableError.__name__:
            raise UnreadableError from None
        return replace(_bytes_only(path), fault="damaged")


def _bytes_only(path: Path) -> Observation:
    with _opened(path) as file:
        return _raw(file)


def _opened(path: str | Path) -> BufferedReader:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise UnreadableError from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise UnreadableError
    return os.fdopen(handle, "rb")


def _look(path: str, trust: bytes | None) -> Observation:
    """The work of the worker: the file is opened once, and those bytes are what is judged."""
    with _opened(path) as file:
        seen = _raw(file)
        try:
            # Handing down what pages inherit mends a broken tree already, so that is looked at without it.
            with pikepdf.open(file, suppress_warnings=True, inherit_page_attributes=False) as pdf:
                if check_page_tree(pdf) is not None:
                    return replace(seen, fault="damaged")
            with pikepdf.open(file, suppress_warnings=True) as pdf:
                seen, signed = _inside(pdf, seen), _is_signed(pdf)
                frame = PageDigester().frame(pdf)
            return _with_signature(file, seen, frame, trust) if signed else seen
        except pikepdf.PasswordError:
            return replace(seen, fault="encrypted", encrypted=True)
        except _ERRORS:
            return replace(seen, fault="damaged")


def _raw(file: BufferedReader) -> Observation:
    """What the bytes alone tell."""
    file.seek(0)
    digest = sha256_of_stream(file)
    size = file.tell()
    seal = read_seal(file)
    appended = ""
    if seal is not None and seal.length < size:
        file.seek(seal.length)
        appended = "update" if _holds(file, b"startxref") else "data"
    file.seek(0)
    return Observation(size, digest, seal, _holds(file, TOOL_MARK), appended)


def _holds(file: BufferedReader, word: bytes) -> bool:
    kept = b""
    while chunk := file.read(_CHUNK):
        if word in kept + chunk:
            return True
        kept = chunk[-len(word) :]
    return False


def _inside(pdf: pikepdf.Pdf, seen: Observation) -> Observation:
    places = {page.obj.objgen: place for place, page in enumerate(pdf.pages)}
    labels = [_label(page) for page in pdf.pages]
    files = _embedded(pdf)
    found = scan_objects(pdf)
    seen = replace(
        seen,
        encrypted=pdf.is_encrypted,
        repaired=bool(pdf.get_warnings()),
        identifier=_identifier(pdf),
        title=_title(pdf),
        pages=tuple(_pages(pdf, labels, places)),
        outline=tuple(_outline(pdf, labels, places)),
        embedded=tuple(ObservedFile(name, sha256_of(data), len(data)) for name, data in files),
        actions=found.actions,
        fonts=found.fonts,
        claims_pdfa=_claims_pdfa(pdf),
    )
    return _with_manifests(seen, files)


def _is_signed(pdf: pikepdf.Pdf) -> bool:
    with contextlib.suppress(*_ERRORS):
        return any(thing.get("/FT") == "/Sig" for thing in pdf.Root.AcroForm.Fields)
    return False


def _with_signature(file: BufferedReader, seen: Observation, frame: str, trust: bytes | None) -> Observation:
    """Look at the signature, and at what the file was before it."""
    try:
        signature = validate_signature(file, trust)
    except Exception:  # noqa: BLE001 (whatever the library raises over a broken signature, it is no valid one)
        return replace(seen, signature=Signature(SignatureState.INVALID))
    if seen.seal is None:
        return replace(seen, signature=signature)
    file.seek(0)
    with pikepdf.open(io.BytesIO(file.read(seen.seal.length)), suppress_warnings=True) as pdf:
        kept = PageDigester().frame(pdf) == frame
    return replace(seen, signature=signature, frame_kept=kept)


def _label(page: pikepdf.Page) -> str:
    with contextlib.suppress(*_ERRORS):
        return str(page.label)
    return ""


def _pages(pdf: pikepdf.Pdf, labels: list[str], places: dict[tuple[int, int], int]) -> Iterator[ObservedPage]:
    digester = PageDigester()
    for label, page in zip(labels, pdf.pages, strict=True):
        digest = None
        with contextlib.suppress(DigestError, *_ERRORS):
            digest = digester.digest(page)
        yield ObservedPage(label, digest, tuple(_links(page, labels, places)))


def _links(page: pikepdf.Page, labels: list[str], places: dict[tuple[int, int], int]) -> Iterator[int]:
    with contextlib.suppress(*_ERRORS):
        for annotation in page.obj.get("/Annots", []):
            label = _target(annotation.get("/Dest"), labels, places)
            if label is not None and label.isdecimal():
                yield int(label)


def _target(goal: Any, labels: list[str], places: dict[tuple[int, int], int]) -> str | None:  # noqa: ANN401 (a PDF object)
    """The label of the page to which a destination leads."""
    if not isinstance(goal, pikepdf.Array) or not len(goal) or not isinstance(goal[0], pikepdf.Object):
        return None
    place = places.get(goal[0].objgen)
    return labels[place] if place is not None else None


def _outline(pdf: pikepdf.Pdf, labels: list[str], places: dict[tuple[int, int], int]) -> Iterator[ObservedEntry]:
    """The outline's leaves in order; a loop or a crowd of entries ends it."""
    seen: set[tuple[int, int]] = set()
    with contextlib.suppress(*_ERRORS):
        stack = [pdf.Root.Outlines.First]
        while stack and len(seen) < MAX_ENTRIES:
            entry = stack.pop()
            if entry.objgen in seen:
                continue
            seen.add(entry.objgen)
            if "/Next" in entry:
                stack.append(entry.Next)
            if "/First" in entry:
                stack.append(entry.First)
            else:
                yield ObservedEntry(str(entry.get("/Title", "")), _target(entry.get("/Dest"), labels, places))


def _embedded(pdf: pikepdf.Pdf) -> list[tuple[str, bytes]]:
    files = []
    for name, spec in pdf.attachments.items():
        data = b""
        with contextlib.suppress(*_ERRORS):
            data = spec.get_file().read_bytes()
        files.append((name, data))
    return files


def _identifier(pdf: pikepdf.Pdf) -> str:
    with contextlib.suppress(*_ERRORS):
        return bytes(pdf.trailer.ID[0]).hex()
    return ""


def _title(pdf: pikepdf.Pdf) -> str:
    with contextlib.suppress(*_ERRORS):
        return str(pdf.docinfo.get("/Title", ""))
    return ""


def _claims_pdfa(pdf: pikepdf.Pdf) -> bool:
    with contextlib.suppress(*_ERRORS):
        text = pdf.Root.Metadata.read_bytes()
        part = re.search(rb"pdfaid:part(?:>|=.)3", text)
        level = re.search(rb"pdfaid:conformance(?:>|=.)B", text)
        return bool(part and level and len(pdf.Root.OutputIntents))
    return False


def _with_manifests(seen: Observation, files: list[tuple[str, bytes]]) -> Observation:
    """The manifest, and those of the bundles that it says came before."""
    held = dict(files)
    if MANIFEST_NAME not in held or len(held[MANIFEST_NAME]) > MAX_BYTES:
        return seen
    digest = sha256_of(held[MANIFEST_NAME])
    try:
        manifest = read_manifest(held[MANIFEST_NAME])
    except ManifestError as error:
        if is_paper_manifest(held[MANIFEST_NAME]):
            return replace(seen, is_paper=True)
        return replace(seen, manifest_sha256=digest, manifest_fault=str(error))
    earlier: dict[str, Manifest] = {}
    for one in manifest.earlier:
        with contextlib.suppress(ManifestError):
            earlier[one.file] = read_manifest(held.get(one.file, b""))
    return replace(seen, manifest=manifest, manifest_sha256=digest, earlier=earlier)
