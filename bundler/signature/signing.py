"""Sign a bundle with a PAdES signature that certifies the file and permits no change, appended to the sealed bytes."""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from bundler import clock
from bundler.errors import CaseError, UsageError
from bundler.printable_text import printable_excerpt
from bundler.signature.signed_container_note import PROGRAM, container_note

if TYPE_CHECKING:
    from asn1crypto import x509
    from pyhanko.pdf_utils.extensions import DeveloperExtension
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import SimpleSigner
    from pyhanko.sign.timestamps import TimeStamper
    from pyhanko_certvalidator.registry import CertificateStore

FIELD = "Signature1"
_INSTALL = "请安装电子签名组件：pip install 'petition-bundler[sign]'。"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key with its certificate.

    Attributes:
        data: the bytes of a PKCS #12 file (.p12, .pfx).
        passphrase: the file's passphrase.
        timestamp_url: the time stamp server; empty for no time stamp.
    """

    data: bytes = field(repr=False)
    passphrase: bytes = field(repr=False)
    timestamp_url: str = ""

    def check(self) -> None:
        """Open the key, to find a wrong passphrase before anything is built.

        Raises:
            UsageError: pyHanko is not installed, the key does not open, or a certificate has expired or is not valid yet.
        """
        self._load_signer()

    def sign(self, file: BinaryIO) -> None:
        """Append the signature to a file that was just written.

        Raises:
            UsageError: the key does not open, or its certificate has expired or is not valid yet.
            CaseError: the server gave no time stamp, or the file cannot be signed.
        """
        signer, stamper = self._load_signer(), self._time_stamper()
        from pyhanko.pdf_utils.misc import PdfError
        from pyhanko.sign import PdfSignatureMetadata, PdfSigner
        from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
        from pyhanko.sign.general import SigningError
        from pyhanko.sign.signers.pdf_byterange import BuildProps
        from pyhanko.sign.timestamps import TimestampRequestError

        metadata = PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm=_digest_algorithm(signer),
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
            app_build_props=BuildProps(PROGRAM, _note(signer, has_stamp=stamper is not None)),
        )
        try:
            file.seek(0)
            writer = _signature_writer(file)
            asyncio.run(PdfSigner(metadata, signer, timestamper=stamper).async_sign_pdf(writer, in_place=True))
        except TimestampRequestError:
            raise CaseError(
                "时间戳服务器没有给出时间戳，没有签名。", fix="请检查配置中的 timestamp_url 和网络，再签名。"
            ) from None
        except (SigningError, PdfError, ValueError) as error:
            raise CaseError(f"签不了名（{type(error).__name__}）。", fix="请核对证书是否可以用于签名。") from None
        self._check_result(file)

    @staticmethod
    def _check_result(file: BinaryIO) -> None:
        """Make sure that what was appended is a signature that `verify` accepts.

        Raises:
            CaseError: it is not: the certificates or the time stamp are not as they should be.
        """
        from bundler.signature.validation import SignatureState, validate_signature

        try:
            state = validate_signature(file, None).state
        except Exception:  # noqa: BLE001 (any error of the library means that the signature is not valid)
            state = SignatureState.INVALID
        if state is not SignatureState.UNKNOWN:
            raise CaseError("签名以后核对不通过，没有签名。", fix="请核对证书和时间戳服务器给出的证书链。")

    def _load_signer(self) -> SimpleSigner:
        try:
            from pyhanko.sign import SimpleSigner

            from bundler.signature.cms_container_check import path_of
        except ImportError:
            raise UsageError("本机没有电子签名组件。", fix=_INSTALL) from None
        silence_loggers()
        try:
            opened: SimpleSigner = SimpleSigner.load_pkcs12_data(self.data, other_certs=[], passphrase=self.passphrase)
        except ValueError:
            raise UsageError("证书文件打不开：口令不对，或者不是 .p12 文件。", fix="请核对证书文件和口令。") from None
        certificates = path_of(opened.signing_cert, list(opened.cert_registry))
        _require_current(certificates)
        return SimpleSigner(opened.signing_cert, opened.signing_key, cert_registry=_complete_chains(certificates[1:]))

    def _time_stamper(self) -> TimeStamper | None:
        if not self.timestamp_url:
            return None
        from bundler.signature.timestamp import HttpTimeStamper

        return HttpTimeStamper(self.timestamp_url)


def sign_bytes(data: bytes, key: SigningKey) -> bytes:
    """Return a file with a signature appended; errors as of `SigningKey.sign`."""
    target = io.BytesIO(data)
    key.sign(target)
    return target.getvalue()


def _signature_writer(file: BinaryIO) -> IncrementalPdfFileWriter:
    """A pyHanko writer that appends the signature and nothing else.

    pyHanko's own would also renew the document information and the metadata, which must agree in PDF/A, and raise the
    version, which PDF/A-3 forbids. The signature contains the time of signing. With a key on an elliptic curve it would add the
    mark of an extension of PDF 2.0, which this file is not; only that of PAdES is written.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    class SignatureOnlyWriter(IncrementalPdfFileWriter):
        def _update_meta(self) -> None:
            pass

        def ensure_output_version(self, version: tuple[int, int]) -> None:
            pass

        def register_extension(self, ext: DeveloperExtension) -> None:
            if ext.prefix_name == "/ESIC":
                super().register_extension(ext)

    return SignatureOnlyWriter(file)


def _require_current(certificates: list[x509.Certificate]) -> None:
    """Make sure that the signer's certificate and those above it are valid today.

    Raises:
        UsageError: one has expired or is not valid yet: nobody would trust the signature.
    """
    now = clock.now()
    for one in certificates:
        name = printable_excerpt(one.subject.native.get("common_name", "") or one.subject.human_friendly)
        if now > one.not_valid_after:
            text = f"证书“{name}”已于 {one.not_valid_after.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M} 过期，没有签名。"
            raise UsageError(text, fix="请换用有效的证书，或者向发证机构换发。")
        if now < one.not_valid_before:
            text = (
                f"证书“{name}”要到 {one.not_valid_before.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M} 才生效，没有签名。"
            )
            raise UsageError(text, fix="请等证书生效以后再签，并核对本机的时间。")


def _digest_algorithm(signer: SimpleSigner) -> str:
    """The digest that a key signs: Ed25519 prescribes its own (RFC 8419), the others sign SHA-256."""
    certificate = signer.signing_cert
    return "sha512" if certificate is not None and certificate.public_key.algorithm == "ed25519" else "sha256"


def _note(signer: SimpleSigner, *, has_stamp: bool) -> str:
    """What stands in the container, for the signed bytes."""
    certificates = [signer.signing_cert, *signer.cert_registry]
    return container_note((one.dump() for one in certificates), has_stamp=has_stamp)


def _complete_chains(certificates: list[x509.Certificate]) -> CertificateStore:
    """Keep the certificates whose whole chain is included: only these can be validated later without other sources."""
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    from bundler.signature.cms_container_check import issuer_verified

    kept = issuer_verified(certificates, certificates)
    while len(kept) < len(certificates):
        certificates, kept = kept, issuer_verified(kept, kept)
    store: CertificateStore = SimpleCertificateStore.from_certs(kept)  # type: ignore[no-untyped-call]
    return store


def silence_loggers() -> None:
    """Silence pyHanko's log messages: they are in English, and may contain text of the file."""
    import logging

    for name in ("pyhanko", "pyhanko_certvalidator"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
