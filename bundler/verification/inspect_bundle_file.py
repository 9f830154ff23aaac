"""Inspect a file that may be a bundle, in a sandbox: its bytes first, then its PDF. Nothing in it is trusted or executed."""

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

import pikepdf

from bundler.bind.digest_seal import read_seal
from bundler.bind.page_digest import DigestError, PageDigester
from bundler.bind.pdf_writer import TOOL_MARK
from bundler.case.reader import MAX_CASE_BYTES
from bundler.digest import sha256_of, sha256_of_stream
from bundler.manifest.model import MANIFEST_NAME, Manifest
from bundler.manifest.serialization import MAX_BYTES, ManifestError, is_paper_manifest, read_manifest
from bundler.materials.pdf_structure import check_page_tree
from bundler.process_limits import Limits
from bundler.sandbox import LimitExceededError, WorkFailedError, run_sandboxed
from bundler.signature.validation import Signature, SignatureState, validate_signature
from bundler.verification.active_content import scan_objects
from bundler.verification.inspection_result import Observation, ObservedEntry, ObservedFile, ObservedPage
from bundler.verification.signature_update import only_adds_signature
from bundler.verification.structure_reading import PARTS, Structure, find_differences, has_false_counts, read_structure

_BYTES_PER_SECOND = 10_000_000
_SECONDS = 60
_CHUNK = 1 << 20
_CASE = re.compile(r"case(-[0-9]+)?\.json")
_ERRORS = (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, RuntimeError, OverflowError)
"""What pikepdf raises over broken objects."""


class UnreadableError(Exception):
    """The file does not exist or cannot be read."""


def inspect_file(path: Path, trust: bytes | None = None) -> Observation:
    """Inspect a file.

    Args:
        path: the file.
        trust: certificates of trusted signers in PEM; None where none were given.

    Raises:
        UnreadableError: the file does not exist, or is not a regular file.
    """
    try:
        status = path.stat()
    except OSError as error:
        raise UnreadableError from error
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableError
    try:
        return run_sandboxed(
            _inspect, os.fspath(path), trust, limits=Limits(seconds=_SECONDS + status.st_size // _BYTES_PER_SECOND)
        )
    except LimitExceededError:
        return replace(_observe_bytes_of(path), fault="large")
    except WorkFailedError as error:
        if str(error) == UnreadableError.__name__:
            raise UnreadableError from None
        return replace(_observe_bytes_of(path), fault="damaged")


def _observe_bytes_of(path: Path) -> Observation:
    with _open_regular(path) as file:
        return _observe_bytes(file)


def _open_regular(path: str | Path) -> BufferedReader:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise UnreadableError from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise UnreadableError
    return os.fdopen(handle, "rb")


def _inspect(path: str, trust: bytes | None) -> Observation:
    """Inspect a file in the sandbox; it is opened once, so that all checks see the same bytes."""
    with _open_regular(path) as file:
        observed = _observe_bytes(file)
        try:
            # With inherit_page_attributes qpdf would already repair a broken page tree, and hide it.
            with pikepdf.open(file, suppress_warnings=True, inherit_page_attributes=False) as pdf:
                if check_page_tree(pdf) is not None:
                    return replace(observed, fault="damaged")
                observed = replace(observed, has_false_counts=has_false_counts(pdf))
            with pikepdf.open(file, suppress_warnings=True) as pdf:
                observed = _with_second_reading(file, _observe_pdf(pdf, observed))
                return _with_signature(file, pdf, observed, trust) if _is_signed(pdf) else observed
        except pikepdf.PasswordError:
            return replace(observed, fault="encrypted", encrypted=True)
        except _ERRORS:
            return replace(observed, fault="damaged")


def _observe_bytes(file: BufferedReader) -> Observation:
    """Digest, seal and appended data: what can be seen without parsing the PDF."""
    file.seek(0)
    digest = sha256_of_stream(file)
    size = file.tell()
    seal = read_seal(file)
    appended = ""
    if seal is not None and seal.length < size:
        file.seek(seal.length)
        appended = "update" if _contains(file, b"startxref") else "data"
    file.seek(0)
    return Observation(size, digest, seal, _contains(file, TOOL_MARK), appended)


def _contains(file: BufferedReader, word: bytes) -> bool:
    overlap = b""
    while chunk := file.read(_CHUNK):
        if word in overlap + chunk:
            return True
        overlap = chunk[-len(word) :]
    return False


def _observe_pdf(pdf: pikepdf.Pdf, observed: Observation) -> Observation:
    files = _read_embedded_files(pdf)
    structure = read_structure(pdf, [_page_label(page) for page in pdf.pages], files)
    found = scan_objects(pdf)
    observed = replace(
        observed,
        encrypted=pdf.is_encrypted,
        repaired=bool(pdf.get_warnings()),
        identifier=_first_identifier(pdf),
        title=_document_title(pdf),
        structure=structure,
        pages=tuple(_observe_pages(pdf, structure)),
        outline=tuple(_outline_leaves(structure)),
        embedded=tuple(ObservedFile(name, sha256_of(data), len(data)) for name, data in files),
        actions=found.actions,
        fonts=found.fonts,
        claims_pdfa=_claims_pdfa(pdf),
    )
    return _with_manifests(observed, files)


def _with_second_reading(file: BufferedReader, observed: Observation) -> Observation:
    """Read the structure with another library, and note what it finds otherwise."""
    from bundler.verification.second_structure_reading import read_structure_again

    again = read_structure_again(file)
    if again is None or observed.structure is None:
        return replace(observed, disagreements=tuple(PARTS.values()))
    return replace(observed, disagreements=find_differences(observed.structure, again))


def _is_signed(pdf: pikepdf.Pdf) -> bool:
    with contextlib.suppress(*_ERRORS):
        return any(thing.get("/FT") == "/Sig" for thing in pdf.Root.AcroForm.Fields)
    return False


def _with_signature(file: BufferedReader, pdf: pikepdf.Pdf, observed: Observation, trust: bytes | None) -> Observation:
    """Validate the signature, and compare the document with what had been sealed before it."""
    if observed.seal is not None:
        file.seek(0)
        with (
            contextlib.suppress(*_ERRORS),
            pikepdf.open(io.BytesIO(file.read(observed.seal.length)), suppress_warnings=True) as sealed,
        ):
            observed = replace(observed, adds_only_signature=only_adds_signature(sealed, pdf))
    try:
        return replace(observed, signature=validate_signature(file, trust))
    except Exception:  # noqa: BLE001 (any error of the library means that the signature is not valid)
        return replace(observed, signature=Signature(SignatureState.INVALID))


def _page_label(page: pikepdf.Page) -> str:
    with contextlib.suppress(*_ERRORS):
        return str(page.label)
    return ""


def _observe_pages(pdf: pikepdf.Pdf, structure: Structure) -> Iterator[ObservedPage]:
    digester = PageDigester()
    for label, links, page in zip(structure.labels, structure.annotations, pdf.pages, strict=True):
        digest = None
        with contextlib.suppress(DigestError, *_ERRORS):
            digest = digester.digest(page)
        targets = (structure.labels[target] for _, target in links if target is not None)
        yield ObservedPage(label, digest, tuple(int(target) for target in targets if target.isdecimal()))


def _outline_leaves(structure: Structure) -> Iterator[ObservedEntry]:
    for item in structure.outline:
        if not item.has_children:
            yield ObservedEntry(item.title, structure.labels[item.page] if item.page is not None else None)


def _read_embedded_files(pdf: pikepdf.Pdf) -> list[tuple[str, bytes]]:
    files = []
    for name, spec in pdf.attachments.items():
        data = b""
        with contextlib.suppress(*_ERRORS):
            data = spec.get_file().read_bytes()
        files.append((name, data))
    return files


def _first_identifier(pdf: pikepdf.Pdf) -> str:
    with contextlib.suppress(*_ERRORS):
        return bytes(pdf.trailer.ID[0]).hex()
    return ""


def _document_title(pdf: pikepdf.Pdf) -> str:
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


def _with_manifests(observed: Observation, files: list[tuple[str, bytes]]) -> Observation:
    """Read the manifest, and the manifests of the earlier bundles that it names."""
    data_by_name = dict(files)
    if MANIFEST_NAME not in data_by_name or len(data_by_name[MANIFEST_NAME]) > MAX_BYTES:
        return observed
    digest = sha256_of(data_by_name[MANIFEST_NAME])
    try:
        manifest = read_manifest(data_by_name[MANIFEST_NAME])
    except ManifestError as error:
        if is_paper_manifest(data_by_name[MANIFEST_NAME]):
            return replace(observed, is_paper=True)
        return replace(observed, manifest_sha256=digest, manifest_fault=str(error))
    earlier: dict[str, Manifest] = {}
    for one in manifest.earlier:
        with contextlib.suppress(ManifestError):
            earlier[one.file] = read_manifest(data_by_name.get(one.file, b""))
    cases = {name: data for name, data in files if _CASE.fullmatch(name) and len(data) <= MAX_CASE_BYTES}
    return replace(observed, manifest=manifest, manifest_sha256=digest, earlier=earlier, cases=cases)
