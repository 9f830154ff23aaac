"""Validate a file's signature: whether it is intact, covers the whole file, and comes from a trusted signer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from asn1crypto import x509
    from pyhanko.sign.validation import EmbeddedPdfSignature
    from pyhanko.sign.validation.status import PdfSignatureStatus
    from pyhanko_certvalidator import ValidationContext


class SignatureState(StrEnum):
    """The result of validating a signature."""

    UNCHECKED = "unchecked"
    """pyHanko is not installed."""
    INVALID = "invalid"
    UPDATED = "updated"
    """It is intact, and something was appended after it."""
    UNKNOWN = "unknown"
    """It is intact and covers the whole file; no trusted certificates were given."""
    FOREIGN = "foreign"
    """It is intact, and its signer is not trusted."""
    EXPIRED = "expired"
    """It is intact, and its signer would be trusted if the certificates were valid now; no trusted time stamp helps."""
    TRUSTED = "trusted"


@dataclass(frozen=True, slots=True)
class Signature:
    """A validated signature.

    Attributes:
        state: the result.
        signer: the name in the signer's certificate.
        signed_at: the time of signing by the signer's own clock.
        stamped_at: the time of a valid time stamp; None without one.
        stamp_trusted: whether the time stamp's server is trusted.
        certifies: whether it certifies the file and permits no change.
    """

    state: SignatureState
    signer: str = ""
    signed_at: datetime | None = None
    stamped_at: datetime | None = None
    stamp_trusted: bool = False
    certifies: bool = False


def validate_signature(file: BinaryIO, trust: bytes | None) -> Signature:
    """Validate the signature of a file that has one.

    Args:
        file: the file.
        trust: trusted certificates in PEM; None where none were given.
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
    trusted = _read_certificates(trust) if trust is not None else None
    return _evaluate(signatures[0], _read_container(file, signatures[0]), trusted)


def _read_container(file: BinaryIO, signature: EmbeddedPdfSignature) -> bytes:
    """The bytes between the two ranges that a signature covers: its own container."""
    _, first, second, _ = (int(number) for number in signature.byte_range)
    file.seek(first)
    return file.read(second - first)


def _read_certificates(data: bytes) -> list[x509.Certificate]:
    from asn1crypto import pem, x509

    if not pem.detect(data):
        raise ValueError("no PEM")
    return [x509.Certificate.load(der, strict=True) for _, _, der in pem.unarmor(data, multiple=True)]


def _evaluate(signature: EmbeddedPdfSignature, container: bytes, trusted: list[x509.Certificate] | None) -> Signature:
    from pyhanko.sign.fields import MDPPerm
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    from bundler.signature.cms_container_check import is_canonical

    status = _validate(signature, trusted or [])
    stamp = status.timestamp_validity
    stamp_is_valid = stamp is None or (stamp.intact and stamp.valid)
    is_valid = status.intact and status.valid and stamp_is_valid and is_canonical(signature, container)
    result = Signature(
        state=SignatureState.INVALID,
        signer=status.signing_cert.subject.native.get("common_name", "") or status.signing_cert.subject.human_friendly,
        signed_at=signature.self_reported_timestamp,
        stamped_at=stamp.timestamp if stamp is not None and stamp_is_valid else None,
        stamp_trusted=bool(stamp is not None and stamp.trusted),
        certifies=signature.docmdp_level is MDPPerm.NO_CHANGES,
    )
    if not is_valid:
        return result
    if status.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        return replace(result, state=SignatureState.UPDATED)
    if trusted is None:
        return replace(result, state=SignatureState.UNKNOWN)
    if status.trusted:
        return replace(result, state=SignatureState.TRUSTED)
    was_trusted = _was_trusted(signature, trusted, status.signing_cert)
    return replace(result, state=SignatureState.EXPIRED if was_trusted else SignatureState.FOREIGN)


def _was_trusted(
    signature: EmbeddedPdfSignature, trusted: list[x509.Certificate], certificate: x509.Certificate
) -> bool:
    """Whether the signer is trusted at the beginning or at the end of the time for which his certificate is valid."""
    from pyhanko.sign.validation import validate_pdf_signature

    second = timedelta(seconds=1)
    moments = (certificate.not_valid_before + second, certificate.not_valid_after - second)
    contexts = (_validation_context(trusted, moment) for moment in moments)
    return any(validate_pdf_signature(signature, one, skip_diff=True).trusted for one in contexts)


def _validate(signature: EmbeddedPdfSignature, trusted: list[x509.Certificate]) -> PdfSignatureStatus:
    """Validate with pyHanko; an expired certificate is judged at the time of a trusted time stamp."""
    from pyhanko.sign.validation import validate_pdf_signature

    status = validate_pdf_signature(signature, _validation_context(trusted, None), skip_diff=True)
    stamp = status.timestamp_validity
    if status.trusted or stamp is None or not stamp.valid:
        return status
    at_stamp = _validation_context(trusted, stamp.timestamp)
    status_at_stamp = validate_pdf_signature(
        signature, at_stamp, _validation_context(trusted, stamp.timestamp), skip_diff=True
    )
    validity = status_at_stamp.timestamp_validity
    return status_at_stamp if validity is not None and validity.trusted else status


def _validation_context(trusted: list[x509.Certificate], moment: datetime | None) -> ValidationContext:
    from pyhanko_certvalidator import ValidationContext

    return ValidationContext(
        trust_roots=trusted, other_certs=trusted, allow_fetching=False, moment=moment, revocation_mode="soft-fail"
    )
