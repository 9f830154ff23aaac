"""Check the CMS container of a signature byte for byte, since the signature cannot protect its own container."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bundler.signature.signed_container_note import container_note, read_note

if TYPE_CHECKING:
    from asn1crypto import cms, x509
    from pyhanko.sign.validation import EmbeddedPdfSignature


_HEX = re.compile(rb"<(?:[0-9A-F]{2})+>")


def is_canonical(signature: EmbeddedPdfSignature, container: bytes) -> bool:
    """Whether the container has its one canonical form, padded with zeros, and each certificate in it is valid.

    The container is outside the signed bytes. The signature value protects the signed attributes; everything else in
    it (lists of algorithms, versions, further certificates, padding) is compared here with the only form allowed.

    Args:
        signature: the signature.
        container: the bytes of the file that the signature leaves out: its container in hexadecimal digits.
    """
    from asn1crypto import cms

    raw = signature.pkcs7_content
    info = cms.ContentInfo.load(raw)
    length = len(info.dump())
    if any(raw[length:]) or _HEX.fullmatch(container) is None or not _is_strict(info):
        return False
    content = info["content"]
    attributes = content["signer_infos"][0]["unsigned_attrs"]
    if not _are_permitted(attributes):
        return False
    stamps = [attribute["values"][0]["content"] for attribute in attributes or ()]
    return (
        _has_expected_values(content)
        and _has_complete_chain(content)
        and _agrees_with_note(signature, content, has_stamp=bool(stamps))
        and all(_has_expected_values(stamp) and not stamp["signer_infos"][0]["unsigned_attrs"] for stamp in stamps)
    )


def _are_permitted(attributes: Any) -> bool:  # noqa: ANN401 (asn1crypto is untyped)
    """Whether the unsigned attributes are none, or one time stamp."""
    return not attributes or (
        len(attributes) == 1
        and attributes[0]["type"].native == "signature_time_stamp_token"
        and len(attributes[0]["values"]) == 1
    )


def _agrees_with_note(signature: EmbeddedPdfSignature, content: cms.SignedData, *, has_stamp: bool) -> bool:
    """Whether the container holds what the note in the signed bytes says, where there is one."""
    note = read_note(signature.sig_object)
    found = container_note((one.chosen.dump() for one in content["certificates"]), has_stamp=has_stamp)
    return note is None or note == found


def _is_strict(info: cms.ContentInfo) -> bool:
    """Whether it is encoded in DER."""
    return bool(info.dump() == type(info).load(info.dump(), strict=True).copy().dump(force=True))


def _has_expected_values(content: cms.SignedData) -> bool:
    signer = content["signer_infos"][0]
    algorithms = [one.dump() for one in content["digest_algorithms"]]
    return (
        len(content["signer_infos"]) == 1
        and content["version"].native in {"v1", "v3"}
        and signer["version"].native == "v1"
        and algorithms == [signer["digest_algorithm"].dump()]
        and not content["crls"]
        and _are_issued_correctly([one.chosen for one in content["certificates"]])
        and _are_on_path(content)
    )


def _are_on_path(content: cms.SignedData) -> bool:
    """Whether each certificate is the signer's own, or an issuer's above it, and no stranger's."""
    certificates = [one.chosen for one in content["certificates"]]
    name = content["signer_infos"][0]["sid"].chosen
    signer = next(
        (
            one
            for one in certificates
            if one.issuer.dump() == name["issuer"].dump() and one.serial_number == name["serial_number"].native
        ),
        None,
    )
    return not certificates if signer is None else len(path_of(signer, certificates)) == len(certificates)


def path_of(signer: x509.Certificate, certificates: list[x509.Certificate]) -> list[x509.Certificate]:
    """The certificates of a signer and of the issuers above it, as far as they are there, each once."""
    path = [signer]
    while True:
        last = path[-1]
        known = {one.dump() for one in path}
        above = [one for one in certificates if one.subject.dump() == last.issuer.dump() and one.dump() not in known]
        issuer = next((one for one in above if _is_issued_by(last, one)), None)
        if issuer is None:
            return path
        path.append(issuer)


def _are_issued_correctly(certificates: list[x509.Certificate]) -> bool:
    """Whether each certificate whose issuer is among them was really signed by it."""
    return len(issuer_verified(certificates, None)) == len(certificates)


def _has_complete_chain(content: cms.SignedData) -> bool:
    """Whether the issuer of each certificate is included, except for the signer's own, which the signature names by digest."""
    certificates = [one.chosen for one in content["certificates"]]
    signer = content["signer_infos"][0]["sid"].chosen["serial_number"].native
    others = [one for one in certificates if one.serial_number != signer]
    return len(issuer_verified(others, others)) == len(others)


def issuer_verified(
    certificates: list[x509.Certificate], among: list[x509.Certificate] | None
) -> list[x509.Certificate]:
    """The certificates whose issuer's signature on them is valid.

    Args:
        certificates: the certificates.
        among: certificates that must include each issuer; None: an issuer that is not among `certificates` is not needed.
    """
    issuers = {one.subject.dump(): one for one in (certificates if among is None else among)}
    return [
        one
        for one in certificates
        if (among is None and one.issuer.dump() not in issuers)
        or (one.issuer.dump() in issuers and _is_issued_by(one, issuers[one.issuer.dump()]))
    ]


def _is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    from cryptography import x509 as parsed
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    try:
        parsed.load_der_x509_certificate(certificate.dump()).verify_directly_issued_by(
            parsed.load_der_x509_certificate(issuer.dump())
        )
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True
