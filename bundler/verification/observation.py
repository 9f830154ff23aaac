"""What was seen of a file that may be a bundle: plain values, gathered by a process with limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bundler.bind.seal import Seal
from bundler.manifest.model import Manifest
from bundler.signature.validation import Signature, SignatureState

_IDENTIFIER = 64


@dataclass(frozen=True, slots=True)
class ObservedPage:
    """A page: its label, the digest of what it is made of (None where it cannot be read), where its links lead."""

    label: str
    sha256: str | None
    links: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ObservedEntry:
    """An entry of the outline with none below it: its title, and the label of the page it leads to."""

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
    """A file as it is.

    Attributes:
        seal: its seal, compared with its bytes; None where it has none.
        traces: something in its bytes speaks of this tool.
        appended: what the bytes after the seal are: "" for none, else "update" or "data".
        fault: why it could not be opened as a PDF: "" for nothing, else "damaged", "encrypted" or "large".
        repaired: it could be opened only after guesses at what is broken.
        identifier: the first identifier of its trailer, in hexadecimal digits.
        manifest: its manifest; None where it has none, or one that is refused for the reason in `manifest_fault`.
        is_paper: its manifest is that of a single paper, as `render` makes it.
        manifest_sha256: the digest of the manifest's bytes.
        earlier: the manifests of the bundles before it, by file name.
        actions: what could do something when the file is opened or clicked, in Chinese.
        fonts: fonts that are not embedded.
        claims_pdfa: it says of itself that it is PDF/A-3b, and has an output intent.
        frame_kept: what was appended left all but the pages as it was sealed.
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
    pages: tuple[ObservedPage, ...] = ()
    outline: tuple[ObservedEntry, ...] = ()
    embedded: tuple[ObservedFile, ...] = ()
    manifest: Manifest | None = None
    manifest_sha256: str = ""
    manifest_fault: str = ""
    is_paper: bool = False
    earlier: Mapping[str, Manifest] = field(default_factory=dict)
    actions: tuple[str, ...] = ()
    fonts: tuple[str, ...] = ()
    claims_pdfa: bool = False
    frame_kept: bool = False
    signature: Signature | None = None

    @property
    def only_signed(self) -> bool:
        """Whether what was appended after the seal is a signature that holds, and nothing else."""
        held = self.signature is not None and self.signature.state in {
            SignatureState.UNKNOWN,
            SignatureState.FOREIGN,
            SignatureState.TRUSTED,
        }
        return held and self.frame_kept

    @property
    def is_ours(self) -> bool:
        """Whether it is, or once was, a bundle of this tool; others' identifiers are half as long."""
        named = len(self.identifier) == _IDENTIFIER
        return self.traces or named or self.seal is not None or self.manifest is not None or bool(self.manifest_fault)
