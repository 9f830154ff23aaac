"""A certificate authority, a signer and a time stamp server of the tests' own, on the loopback interface only."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

from asn1crypto import keys, tsp
from asn1crypto import x509 as plain
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

PASSPHRASE = b"test"
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
_DAYS = timedelta(days=400)


@dataclass(frozen=True)
class Holder:
    """A key with its certificate."""

    key: Key
    certificate: x509.Certificate

    @property
    def pem(self) -> bytes:
        """The certificate in PEM."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)


def authority(name: str) -> Holder:
    """A root that signs itself."""
    return _holder(name, None, ca=True)


def rsa_key() -> Key:
    """A key of the usual kind."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def signer(
    name: str, root: Holder, valid: tuple[timedelta, timedelta] = (-_DAYS, _DAYS), make_key: Callable[[], Key] = rsa_key
) -> Holder:
    """A person who may sign papers, from and until these times from now."""
    return _holder(name, root, valid=valid, make_key=make_key)


def stamper(name: str, root: Holder) -> Holder:
    """A server that may give time stamps."""
    return _holder(name, root, usage=ExtendedKeyUsageOID.TIME_STAMPING)


def p12(holder: Holder, root: Holder) -> bytes:
    """A signer's PKCS #12 file, with the root's certificate beside his own."""
    encryption = serialization.BestAvailableEncryption(PASSPHRASE)
    return pkcs12.serialize_key_and_certificates(
        b"signer", holder.key, holder.certificate, [root.certificate], encryption
    )


def _holder(  # noqa: PLR0913 (what differs between certificates)
    name: str,
    root: Holder | None,
    *,
    ca: bool = False,
    usage: x509.ObjectIdentifier | None = None,
    valid: tuple[timedelta, timedelta] = (-_DAYS, _DAYS),
    make_key: Callable[[], Key] = rsa_key,
) -> Holder:
    key = make_key()
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(root.certificate.subject if root else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + valid[0])
        .not_valid_after(now + valid[1])
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(_key_usage(ca=ca), critical=True)
    )
    if usage is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=True)
    return Holder(key, builder.sign(root.key if root else key, hashes.SHA256()))


def _key_usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca,
        content_commitment=not ca,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )


def time_stamper(holder: Holder, moment: datetime | None = None) -> DummyTimeStamper:
    """Gives time stamps without a server, all with one time where `moment` is given."""
    key = holder.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return DummyTimeStamper(
        tsa_cert=plain.Certificate.load(holder.certificate.public_bytes(serialization.Encoding.DER)),
        tsa_key=keys.PrivateKeyInfo.load(key),
        certs_to_embed=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
        fixed_dt=moment,
    )


@contextmanager
def time_stamp_server(holder: Holder) -> Iterator[str]:
    """A responder (RFC 3161) that answers while the block runs; its address."""
    dummy = time_stamper(holder)

    class Responder(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = self.rfile.read(int(self.headers["Content-Length"]))
            answer = dummy.request_tsa_response(tsp.TimeStampReq.load(question)).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Responder)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
