"""Checking a file's signature: whether it holds, whether it covers the whole file, and whether its signer is trusted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from io import BufferedReader
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asn1crypto import x509
    from pyhanko.sign.validation import EmbeddedPdfSignature
    from pyhanko.sign.validation.status import PdfSignatureStatus
    from pyhanko_certvalidator import ValidationContext


class SignatureState(StrEnum):
    """What a signature is worth."""

    UNCHECKED = "unchecked"
    """pyHanko is not installed."""
    INVALID = "invalid"
    UPDATED = "updated"
    """It holds, and something was appended after it."""
    UNKNOWN = "unknown"
    """It holds and covers the whole file; nobody said whom to trust."""
    FOREIGN = "foreign"
    """It holds, and its signer is none of those who are trusted."""
    TRUSTED = "trusted"


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature that was looked at.

    Attributes:
        signer: the name in the signer's certificate.
        signed_at: when, by the signer's own clock.
        stamped_at: when, by a time stamp that holds; None without one.
        stamp_trusted: the time stamp's server is one of those who are trusted.
        certifies: it certifies the file and permits no change.
    """

    state: SignatureState
    signer: str = ""
    signed_at: datetime | None = None
    stamped_at: datetime | None = None
    stamp_trusted: bool = False
    certifies: bool = False


def validate_signature(file: BufferedReader, trust: bytes | None) -> Signature:
    """Check the signature of a file that has one.

    Args:
        file: the file.
        trust: certificates in PEM that are trusted; None: nobody said.
    """
    try:
        from pyhanko.pdf_utils.reader import PdfFileReader
    except ImportError:
        return Signature(SignatureState.UNCHECKED)
    from bundler.signature.signing import silence_loggers

    silence_loggers()
    file.seek(0)
    reader = PdfFileReader(file, strict=True)
    signatures = reader.embedded_signatures
    if len(signatures) != 1:
        return Signature(SignatureState.UPDATED if signatures else SignatureState.INVALID)
    return _judge(signatures[0], _left_out(file, signatures[0]), _certificates(trust) if trust is not None else None)


def _left_out(file: BufferedReader, signature: EmbeddedPdfSignature) -> bytes:
    """The bytes between the two stretches that a signature covers."""
    _, first, second, _ = (int(number) for number in signature.byte_range)
    file.seek(first)
    return file.read(second - first)


def _certificates(data: bytes) -> list[x509.Certificate]:
    from asn1crypto import pem, x509

    if not pem.detect(data):
        raise ValueError("no PEM")
    return [x509.Certificate.load(der, strict=True) for _, _, der in pem.unarmor(data, multiple=True)]


def _judge(signature: EmbeddedPdfSignature, written: bytes, trusted: list[x509.Certificate] | None) -> Signature:
    from pyhanko.sign.fields import MDPPerm
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    from bundler.signature.cms_check import is_canonical

    status = _validated(signature, trusted or [])
    stamp = status.timestamp_validity
    stamp_holds = stamp is None or (stamp.intact and stamp.valid)
    holds = status.intact and status.valid and stamp_holds and is_canonical(signature, written)
    seen = Signature(
        state=SignatureState.INVALID,
        signer=status.signing_cert.subject.native.get("common_name", "") or status.signing_cert.subject.human_friendly,
        signed_at=signature.self_reported_timestamp,
        stamped_at=stamp.timestamp if stamp is not None and stamp_holds else None,
        stamp_trusted=bool(stamp is not None and stamp.trusted),
        certifies=signature.docmdp_level is MDPPerm.NO_CHANGES,
    )
    if not holds:
        return seen
    if status.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        return _with(seen, SignatureState.UPDATED)
    if trusted is None:
        return _with(seen, SignatureState.UNKNOWN)
    return _with(seen, SignatureState.TRUSTED if status.trusted else SignatureState.FOREIGN)


def _with(signature: Signature, state: SignatureState) -> Signature:
    from dataclasses import replace

    return replace(signature, state=state)


def _validated(signature: EmbeddedPdfSignature, trusted: list[x509.Certificate]) -> PdfSignatureStatus:
    """The library's judgement; a certificate that has run out counts at the time of a trusted time stamp."""
    from pyhanko.sign.validation import validate_pdf_signature

    status = validate_pdf_signature(signature, _context(trusted, None), skip_diff=True)
    stamp = status.timestamp_validity
    if status.trusted or stamp is None or not stamp.valid:
        return status
    at_stamp = _context(trusted, stamp.timestamp)
    then = validate_pdf_signature(signature, at_stamp, _context(trusted, stamp.timestamp), skip_diff=True)
    return then if then.timestamp_validity is not None and then.timestamp_validity.trusted else status


def _context(trusted: list[x509.Certificate], moment: datetime | None) -> ValidationContext:
    from pyhanko_certvalidator import ValidationContext

    return ValidationContext(
        trust_roots=trusted, other_certs=trusted, allow_fetching=False, moment=moment, revocation_mode="soft-fail"
    )
