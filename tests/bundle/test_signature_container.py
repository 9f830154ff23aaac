"""What no signature covers, its own container, and certificates that are not valid at the time."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import cms, core
from asn1crypto import x509 as plain
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from bundler.commands import run
from bundler.profile import DEFAULT_PROFILE
from bundler.verification.verify import verify
from tests.support import certificate_authority
from tests.support.bundles import build, write_sample_bundle
from tests.support.certificate_authority import Holder
from tests.support.forgery import signed_otherwise
from tests.support.paths import SAMPLES

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Signed:
    """A root, a bundle, the same bundle signed without and with a time stamp, and somebody else's root."""

    root: Holder
    stranger: Holder
    bundle: Path
    plain: Path
    stamped: Path


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Signed:
    """The files, made once by the command."""
    folder = tmp_path_factory.mktemp("container")
    root, stranger = certificate_authority.authority("样本根证书"), certificate_authority.authority("别的根证书")
    files = Signed(root, stranger, folder / "卷.pdf", folder / "签.pdf", folder / "戳.pdf")
    write_sample_bundle("declined", files.bundle)
    key, word = folder / "key.p12", folder / "word.txt"
    key.write_bytes(certificate_authority.p12(certificate_authority.signer("样本法院档案章", root), root))
    word.write_bytes(certificate_authority.PASSPHRASE)
    sign = ["sign", str(files.bundle), "--key", str(key), "--passphrase-file", str(word)]
    assert run([*sign, "-o", str(files.plain)]) == 0
    with certificate_authority.time_stamp_server(certificate_authority.stamper("样本时间戳", root)) as address:
        profile = folder / "profile.toml"
        profile.write_text(f'timestamp_url = "{address}"\n' + DEFAULT_PROFILE.read_text("utf-8"), "utf-8")
        assert run([*sign, "-o", str(files.stamped), "--profile", str(profile)]) == 0
    return files


Change = Callable[[cms.SignedData, Signed], None]


def with_container(file: Path, target: Path, change: Change, signed: Signed) -> Path:
    """Change the container of a signature, and put it back in its place."""
    data = file.read_bytes()
    with pikepdf.open(file) as pdf:
        _, first, second, _ = (int(number) for number in pdf.Root.AcroForm.Fields[0].V.ByteRange)
    info = cms.ContentInfo.load(bytes.fromhex(data[first + 1 : second - 1].decode()))
    info = cms.ContentInfo.load(info.dump())
    change(info["content"], signed)
    digits = info.dump(force=True).hex().upper().encode()
    assert len(digits) <= second - first - 2
    target.write_bytes(data[: first + 1] + digits.ljust(second - first - 2, b"0") + data[second - 1 :])
    return target


def leave_as_it_is(content: cms.SignedData, _: Signed) -> None:
    """Write the same again."""


def take_the_stamp_out(content: cms.SignedData, _: Signed) -> None:
    """As if there had been none."""
    old = content["signer_infos"][0]
    names = ("version", "sid", "digest_algorithm", "signed_attrs", "signature_algorithm", "signature")
    content["signer_infos"] = cms.SignerInfos([cms.SignerInfo({name: old[name] for name in names})])


def stamp_as_a_stranger(content: cms.SignedData, signed: Signed) -> None:
    """A stranger's time stamp, of a year ago."""
    stamper = certificate_authority.time_stamper(
        certificate_authority.stamper("别的时间戳", signed.stranger), datetime.now(UTC) - 365 * _DAY
    )
    value = content["signer_infos"][0]["signature"].native
    token = asyncio.run(stamper.async_timestamp(hashlib.sha256(value).digest(), "sha256"))
    content["signer_infos"][0]["unsigned_attrs"] = cms.CMSAttributes(
        [cms.CMSAttribute({"type": "signature_time_stamp_token", "values": [token]})]
    )


def add_an_attribute(content: cms.SignedData, _: Signed) -> None:
    """Another attribute that no signature covers."""
    attributes = list(content["signer_infos"][0]["unsigned_attrs"] or ())
    attributes.append(cms.CMSAttribute({"type": "1.2.3.4.5", "values": [core.OctetString(b"anything")]}))
    content["signer_infos"][0]["unsigned_attrs"] = cms.CMSAttributes(attributes)


def add_a_certificate(content: cms.SignedData, signed: Signed) -> None:
    """A stranger's."""
    der = signed.stranger.certificate.public_bytes(serialization.Encoding.DER)
    certificates = [*content["certificates"], cms.CertificateChoices("certificate", plain.Certificate.load(der))]
    content["certificates"] = cms.CertificateSet(certificates)


def drop_the_root(content: cms.SignedData, _: Signed) -> None:
    """The signer's certificate alone is left."""
    serial = content["signer_infos"][0]["sid"].chosen["serial_number"].native
    content["certificates"] = cms.CertificateSet(
        [one for one in content["certificates"] if one.chosen.serial_number == serial]
    )


def codes(file: Path, signed: Signed) -> set[str]:
    """What verification finds with the root that is trusted."""
    return {problem.code for problem in verify(file, trust=signed.root.pem).problems}


@pytest.mark.parametrize("file", ["plain", "stamped"])
def test_the_container_as_it_is_passes(signed: Signed, tmp_path: Path, file: str) -> None:
    """So the changes below are what is found."""
    assert codes(with_container(getattr(signed, file), tmp_path / "o.pdf", leave_as_it_is, signed), signed) == set()


@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("plain", add_an_attribute),
        ("plain", add_a_certificate),
        ("plain", drop_the_root),
        ("stamped", take_the_stamp_out),
        ("stamped", stamp_as_a_stranger),
        ("stamped", add_an_attribute),
        ("stamped", add_a_certificate),
        ("stamped", drop_the_root),
    ],
)
def test_a_changed_container_is_a_problem(signed: Signed, tmp_path: Path, file: str, change: Change) -> None:
    """Whoever changed it could not change what was signed."""
    forged = with_container(getattr(signed, file), tmp_path / "o.pdf", change, signed)

    assert codes(forged, signed) & {"SIGNATURE-INVALID", "SIGNATURE-STAMP"}


def test_an_untrusted_time_stamp_is_a_problem(signed: Signed, tmp_path: Path) -> None:
    """Where the signature says nothing of its container, as other programs' signatures do."""
    key = certificate_authority.p12(certificate_authority.signer("样本法院档案章", signed.root), signed.root)
    stranger = certificate_authority.time_stamper(certificate_authority.stamper("别的时间戳", signed.stranger))

    assert codes(signed_otherwise(signed.bundle, tmp_path / "o.pdf", key, stranger), signed) == {"SIGNATURE-STAMP"}


@pytest.mark.parametrize(
    ("valid", "words"), [((-20 * _DAY, -10 * _DAY), "过期，没有签名"), ((10 * _DAY, 20 * _DAY), "才生效，没有签名")]
)
def test_a_certificate_that_is_not_valid_today_signs_nothing(
    signed: Signed,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    valid: tuple[timedelta, timedelta],
    words: str,
) -> None:
    """Neither with `sign` nor with `build --sign`; and `verify` says of such a signature what it is."""
    holder = certificate_authority.signer("样本法院档案章", signed.root, valid)
    key, word, out = tmp_path / "key.p12", tmp_path / "word.txt", tmp_path / "o.pdf"
    key.write_bytes(certificate_authority.p12(holder, signed.root))
    word.write_bytes(certificate_authority.PASSPHRASE)

    assert run(["sign", str(signed.bundle), "--key", str(key), "--passphrase-file", str(word), "-o", str(out)]) == 2
    assert words in capsys.readouterr().err
    assert build(SAMPLES / "declined", out, "--sign", str(key), "--passphrase-file", str(word)) == 2
    assert not out.exists()
    assert codes(signed_otherwise(signed.bundle, out, key.read_bytes()), signed) == {"SIGNATURE-EXPIRED"}


@pytest.mark.parametrize(
    "make_key",
    [
        lambda: ec.generate_private_key(ec.SECP256R1()),
        lambda: ec.generate_private_key(ec.SECP384R1()),
        ed25519.Ed25519PrivateKey.generate,
    ],
    ids=["P-256", "P-384", "Ed25519"],
)
def test_keys_of_other_kinds_sign_and_are_verified(
    signed: Signed, tmp_path: Path, make_key: Callable[[], certificate_authority.Key]
) -> None:
    """By the command, and trusted; a bit changed in the bundle is a problem as with RSA."""
    holder = certificate_authority.signer("样本法院档案章", signed.root, make_key=make_key)
    key, word, out = tmp_path / "key.p12", tmp_path / "word.txt", tmp_path / "o.pdf"
    key.write_bytes(certificate_authority.p12(holder, signed.root))
    word.write_bytes(certificate_authority.PASSPHRASE)

    assert run(["sign", str(signed.bundle), "--key", str(key), "--passphrase-file", str(word), "-o", str(out)]) == 0
    assert codes(out, signed) == set()
    data = bytearray(out.read_bytes())
    data[5000] ^= 1
    out.write_bytes(data)
    assert "SIGNATURE-INVALID" in codes(out, signed)


def test_a_time_stamp_keeps_a_signature_beyond_its_certificate(signed: Signed, tmp_path: Path) -> None:
    """A trusted one, of a day on which the certificate was valid; one of a later day does not help."""
    key = certificate_authority.p12(
        certificate_authority.signer("样本法院档案章", signed.root, (-40 * _DAY, -10 * _DAY)), signed.root
    )
    server = certificate_authority.stamper("样本时间戳", signed.root)
    for days, expected in ((20, set()), (5, {"SIGNATURE-EXPIRED"})):
        stamper = certificate_authority.time_stamper(server, datetime.now(UTC) - days * _DAY)
        assert codes(signed_otherwise(signed.bundle, tmp_path / "o.pdf", key, stamper), signed) == expected
