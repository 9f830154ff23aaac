"""Whether the bytes of a signature's container are all accounted for: what a signature does not cover is the signature."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asn1crypto import cms, x509
    from pyhanko.sign.validation import EmbeddedPdfSignature


_HEX = re.compile(rb"<(?:[0-9A-F]{2})+>")


def is_canonical(signature: EmbeddedPdfSignature, written: bytes) -> bool:
    """Whether the container is written as it is written by rule, padded by zeros, and each certificate in it holds.

    The container itself lies outside what it signs. Its own signature value guards its signed attributes; what is left
    — lists of algorithms, versions, accompanying certificates, padding — is compared with the one right form here.

    Args:
        signature: the signature.
        written: the bytes of the file that it leaves out: its container, in hexadecimal digits.
    """
    from asn1crypto import cms

    raw = signature.pkcs7_content
    info = cms.ContentInfo.load(raw)
    length = len(info.dump())
    if any(raw[length:]) or _HEX.fullmatch(written) is None or not _is_strict(info):
        return False
    content = info["content"]
    stamps = [token["content"] for token in _stamps(content)]
    return _is_plain(content) and _is_closed(content) and all(map(_is_plain, stamps))


def _is_strict(info: cms.ContentInfo) -> bool:
    """Whether it is encoded in the one way that DER has."""
    return bool(info.dump() == type(info).load(info.dump(), strict=True).copy().dump(force=True))


def _is_plain(content: cms.SignedData) -> bool:
    signer = content["signer_infos"][0]
    algorithms = [one.dump() for one in content["digest_algorithms"]]
    return (
        len(content["signer_infos"]) == 1
        and content["version"].native in {"v1", "v3"}
        and signer["version"].native == "v1"
        and algorithms == [signer["digest_algorithm"].dump()]
        and _all_hold([one.chosen for one in content["certificates"]])
    )


def _stamps(content: cms.SignedData) -> list[Any]:
    attributes = content["signer_infos"][0]["unsigned_attrs"]
    return [
        token
        for attribute in attributes or ()
        if attribute["type"].native == "signature_time_stamp_token"
        for token in attribute["values"]
    ]


def _all_hold(certificates: list[x509.Certificate]) -> bool:
    """Whether each certificate whose issuer is among them was signed by it."""
    return len(issuer_verified(certificates, None)) == len(certificates)


def _is_closed(content: cms.SignedData) -> bool:
    """Whether the issuer of each certificate is there too, but for the signer's own, which the signature names by digest."""
    certificates = [one.chosen for one in content["certificates"]]
    signer = content["signer_infos"][0]["sid"].chosen["serial_number"].native
    others = [one for one in certificates if one.serial_number != signer]
    return len(issuer_verified(others, others)) == len(others)


def issuer_verified(
    certificates: list[x509.Certificate], among: list[x509.Certificate] | None
) -> list[x509.Certificate]:
    """The certificates that their issuers really signed.

    Args:
        certificates: the certificates.
        among: where each issuer has to be found; None: one that is not there is not asked for.
    """
    issuers = {one.subject.dump(): one for one in (certificates if among is None else among)}
    return [
        one
        for one in certificates
        if (among is None and one.issuer.dump() not in issuers)
        or (one.issuer.dump() in issuers and _was_signed_by(one, issuers[one.issuer.dump()]))
    ]


def _was_signed_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    from cryptography import x509 as parsed
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    try:
        parsed.load_der_x509_certificate(certificate.dump()).verify_directly_issued_by(
            parsed.load_der_x509_certificate(issuer.dump())
        )
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True
