"""What the inspection of a file found: plain values that a sandboxed process returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bundler.bind.digest_seal import Seal
from bundler.manifest.model import Manifest
from bundler.signature.validation import Signature, SignatureState
from bundler.verification.structure_reading import Structure

_IDENTIFIER_DIGITS = 64


@dataclass(frozen=True, slots=True)
class ObservedPage:
    """A page: its label, the digest of its content (None where it cannot be read), the 页号 to which its links lead."""

    label: str
    sha256: str | None
    links: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ObservedEntry:
    """An entry of the outline without children: its title, and the label of the page to which it leads."""

    title: str
    label: str | None


@dataclass(frozen=True, slots=True)
class ObservedFile:
    """An embedded file."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Observation:
    """What was found in a file.

    Attributes:
        size: its bytes.
        sha256: the digest of the whole file.
        seal: its seal, compared with its bytes; None where it has none.
        traces: its bytes contain this tool's mark.
        appended: what the bytes after the seal are: "" for none, else "update" or "data".
        fault: why it could not be opened as a PDF: "" for nothing, else "damaged", "encrypted" or "large".
        encrypted: it is encrypted.
        repaired: it could be opened only after repairs.
        identifier: the first identifier of its trailer, in hexadecimal digits.
        title: the title in its document information.
        has_false_counts: its page tree states another number of pages than it has.
        structure: its structure as pikepdf reads it; None where it cannot be opened.
        disagreements: the parts of the structure that pypdf reads otherwise, in Chinese.
        pages: its pages in order.
        outline: the entries of its outline without children, in order.
        embedded: the files that it contains.
        manifest: its manifest; None where it has none, or an invalid one, for the reason in `manifest_fault`.
        manifest_sha256: the digest of the manifest's bytes.
        manifest_fault: why its manifest is invalid, in Chinese.
        is_paper: its manifest is that of a single paper, as `render` makes it.
        cases: the bytes of the case.json files that it contains, by file name.
        earlier: the manifests of the earlier bundles to which it adds papers, by file name.
        actions: content that could act when the file is opened or clicked, in Chinese.
        fonts: fonts that are not embedded.
        claims_pdfa: it declares PDF/A-3b and has an output intent.
        adds_only_signature: what was appended is an invisible signature; all else is as it was sealed.
        signature: its signature; None where it has none.
    """

    size: int
    sha256: str
    seal: Seal | None = None
    traces: bool = False
    appended: str = ""
    fault: str = ""
    encrypted: bool = False
    repaired: bool = False
    identifier: str = ""
    title: str = ""
    has_false_counts: bool = False
    structure: Structure | None = None
    disagreements: tuple[str, ...] = ()
    pages: tuple[ObservedPage, ...] = ()
    outline: tuple[ObservedEntry, ...] = ()
    embedded: tuple[ObservedFile, ...] = ()
    manifest: Manifest | None = None
    manifest_sha256: str = ""
    manifest_fault: str = ""
    is_paper: bool = False
    cases: Mapping[str, bytes] = field(default_factory=dict)
    earlier: Mapping[str, Manifest] = field(default_factory=dict)
    actions: tuple[str, ...] = ()
    fonts: tuple[str, ...] = ()
    claims_pdfa: bool = False
    adds_only_signature: bool = False
    signature: Signature | None = None

    @property
    def only_signed(self) -> bool:
        """Whether what was appended after the seal is an intact signature and nothing else."""
        is_intact = self.signature is not None and self.signature.state in {
            SignatureState.UNKNOWN,
            SignatureState.FOREIGN,
            SignatureState.EXPIRED,
            SignatureState.TRUSTED,
        }
        return is_intact and self.adds_only_signature

    @property
    def is_ours(self) -> bool:
        """Whether it is or was a bundle of this tool; the identifiers of other programs are half as long."""
        has_our_identifier = len(self.identifier) == _IDENTIFIER_DIGITS
        return (
            self.traces
            or has_our_identifier
            or self.seal is not None
            or self.manifest is not None
            or bool(self.manifest_fault)
        )
