"""Signatures show who made a bundle and when, and any later change; a missing or untrusted one is reported."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bundler.profile import DEFAULT_PROFILE
from bundler.verification.verify import verify
from tests.support import certificate_authority, forgery
from tests.support.bundles import TODAY, add_material, run_bundler, run_here, write_sample_bundle
from tests.support.paths import SAMPLES
from tests.support.tampering import append_an_update
from tests.support.verapdf import VeraPdf

SAMPLE = SAMPLES / "declined"
FLIPPED_BITS = 40


@dataclass(frozen=True)
class SigningFiles:
    """A folder with a key, its root certificate, a bundle, and the same bundle signed with a time stamp."""

    folder: Path

    def __getattr__(self, name: str) -> Path:
        """A file by its stem."""
        return next(path for path in self.folder.iterdir() if path.stem == name)

    def sign(self, file: Path, target: Path, *options: str) -> subprocess.CompletedProcess[str]:
        """Run ``sign``."""
        return run_here("sign", file, "--key", self.key, "--passphrase-file", self.passphrase, "-o", target, *options)


def verify_json(*arguments: str | Path) -> tuple[int, dict[str, Any]]:
    """The exit status and JSON of ``verify``."""
    done = run_here("verify", *arguments, "--json")
    tree: dict[str, Any] = json.loads(done.stdout)
    return done.returncode, tree


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> SigningFiles:
    """The files, made once."""
    folder = tmp_path_factory.mktemp("desk")
    root, stranger = certificate_authority.authority("样本根证书"), certificate_authority.authority("别的根证书")
    (folder / "key.p12").write_bytes(
        certificate_authority.p12(certificate_authority.signer("样本法院档案章", root), root)
    )
    (folder / "root.pem").write_bytes(root.pem)
    (folder / "stranger.pem").write_bytes(stranger.pem)
    (folder / "passphrase.txt").write_bytes(certificate_authority.PASSPHRASE + b"\n")
    (folder / "wrong.txt").write_bytes(b"wrong\n")
    files = SigningFiles(folder)
    write_sample_bundle(SAMPLE.name, folder / "bundle.pdf")
    with certificate_authority.time_stamp_server(certificate_authority.stamper("样本时间戳", root)) as address:
        profile = folder / "profile.toml"
        profile.write_text(f'timestamp_url = "{address}"\n' + DEFAULT_PROFILE.read_text("utf-8"), "utf-8")
        assert files.sign(files.bundle, folder / "signed.pdf", "--profile", str(profile)).returncode == 0
    return files


def test_a_signed_bundle_is_unchanged_and_its_signer_trusted(files: SigningFiles) -> None:
    """With a trusted time stamp; the sealed bytes before the signature are unchanged."""
    status, tree = verify_json(files.signed, "--trust", files.root, "--case", SAMPLE)

    assert (status, tree["ok"], tree["problems"]) == (0, True, [])
    assert tree["signature"]["state"] == "trusted"
    assert tree["signature"]["signer"] == "样本法院档案章"
    assert tree["signature"]["stamped_at"] is not None
    assert tree["signature"]["stamp_trusted"] is True
    assert files.signed.read_bytes().startswith(files.bundle.read_bytes())


def test_a_signed_bundle_is_still_an_archive_file(files: SigningFiles, verapdf: VeraPdf) -> None:
    """A signed bundle is PDF/A-3b."""
    assert verapdf.faults([files.signed]) == {}


def test_a_signer_whom_nobody_vouches_for_is_named_as_such(files: SigningFiles) -> None:
    """Without trusted certificates the signer is reported as not verified."""
    done = run_here("verify", files.signed)

    assert done.returncode == 0
    assert "签名人自称“样本法院档案章”；没有用 --trust 给出信任的证书，未核实是谁" in done.stdout


def test_a_strangers_signature_is_said_plainly(files: SigningFiles) -> None:
    """The signer is not among the trusted certificates."""
    status, tree = verify_json(files.signed, "--trust", files.stranger)

    assert (status, [p["code"] for p in tree["problems"]]) == (1, ["SIGNATURE-FOREIGN"])


def test_a_missing_signature_is_said_plainly(files: SigningFiles) -> None:
    """A problem with --trust, a sentence without."""
    status, tree = verify_json(files.bundle, "--trust", files.root)

    assert (status, [p["code"] for p in tree["problems"]]) == (1, ["SIGNATURE-MISSING"])
    assert "没有电子签名：以上只能发现无意的改动，不能证明由谁制作" in run_here("verify", files.bundle).stdout


def test_an_update_after_the_signature_is_named(files: SigningFiles, tmp_path: Path) -> None:
    """Also the page that the update changes."""
    changed = append_an_update(files.signed, tmp_path / "o.pdf")
    codes = {(problem.code, problem.page) for problem in verify(changed, trust=files.root.read_bytes()).problems}

    assert codes == {("UPDATE-APPENDED", None), ("SIGNATURE-INVALID", None), ("PAGE-CHANGED", 6)}


@pytest.mark.parametrize("page", [0, 5])
@pytest.mark.parametrize("annotation", forgery.ANNOTATIONS)
def test_a_strangers_update_may_not_paint_a_page_or_carry_a_file(
    files: SigningFiles, tmp_path: Path, annotation: str, page: int
) -> None:
    """Although the annotation calls itself a signature field without a rectangle, and the signature is sound."""
    key = files.key.read_bytes()
    plain = forgery.signed_by_a_stranger(files.bundle, tmp_path / "a.pdf", key)
    forged = forgery.signed_by_a_stranger(files.bundle, tmp_path / "b.pdf", key, annotation, page)

    assert verify(plain).problems == ()
    found = {(problem.code, problem.page) for problem in verify(forged).problems}
    assert found >= {("UPDATE-APPENDED", None), ("PAGE-CHANGED", page + 1), ("ACTIVE-CONTENT", None)}


@pytest.mark.slow
def test_one_bit_changed_in_the_signature_is_never_called_unchanged(files: SigningFiles, tmp_path: Path) -> None:
    """Bits of its container, certificates, time stamp and padding."""
    whole, start, target = files.signed.read_bytes(), files.bundle.stat().st_size, tmp_path / "o.pdf"
    chance = random.Random(71)  # noqa: S311 (the same places each time)
    unnoticed = []
    for place in (chance.randrange(8 * start, 8 * len(whole)) for _ in range(FLIPPED_BITS)):
        changed_bundle = bytearray(whole)
        changed_bundle[place // 8] ^= 1 << place % 8
        target.write_bytes(changed_bundle)
        if verify(target).ok:
            unnoticed.append(place)

    assert unnoticed == []


def test_build_signs_what_it_makes(files: SigningFiles, tmp_path: Path) -> None:
    """The bytes without a key come first, then the signature; the passphrase comes from the environment."""
    target = tmp_path / "o.pdf"
    arguments = ("build", SAMPLE, "-o", target, "--today", TODAY, "--sign", files.key, "--json")
    done = run_bundler(*arguments, BUNDLER_PASSPHRASE=certificate_authority.PASSPHRASE.decode())
    status, tree = verify_json(target, "--trust", files.root, "--sha256", json.loads(done.stdout)["sha256"])

    assert done.returncode == 0
    assert target.read_bytes().startswith(files.bundle.read_bytes())
    assert (status, tree["problems"]) == (0, [])


def test_a_supplement_to_a_signed_bundle_keeps_its_pages(files: SigningFiles, tmp_path: Path) -> None:
    """The signature covers only the earlier file and is not kept."""
    folder, target = tmp_path / "case", tmp_path / "o.pdf"
    subprocess.run(["cp", "-r", str(SAMPLE), str(folder)], check=True)
    add_material(folder, "约谈笔录.pdf", "补交的谈话笔录")
    done = run_here("build", folder, "-o", target, "--today", TODAY, "--supplement", files.signed)
    status, tree = verify_json(target, "--case", folder)

    assert done.returncode == 0
    assert (status, tree["problems"], tree["signature"]) == (0, [], None)


def test_what_cannot_be_signed_is_refused(files: SigningFiles, tmp_path: Path) -> None:
    """A wrong or missing passphrase, a changed or signed bundle, another file: nothing is written."""
    target, changed = tmp_path / "o.pdf", tmp_path / "c.pdf"
    changed.write_bytes(files.bundle.read_bytes() + b" ")
    key = ("--key", files.key, "-o", target)

    assert run_here("sign", files.bundle, *key, "--passphrase-file", files.wrong).returncode == 2
    assert run_here("sign", files.bundle, *key).returncode == 2
    assert files.sign(changed, target).returncode == 1
    assert files.sign(files.signed, target).returncode == 1
    assert files.sign(files.root, target).returncode == 3
    assert (
        run_here("build", SAMPLE, "-o", target, "--sign", files.key, "--passphrase-file", files.wrong).returncode == 2
    )
    assert not target.exists()


def test_a_time_stamp_that_cannot_be_had_is_no_signature(files: SigningFiles, tmp_path: Path) -> None:
    """The server of the profile does not answer: an error, and nothing is written."""
    done = files.sign(files.bundle, tmp_path / "o.pdf", "--profile", str(files.profile))

    assert done.returncode == 1
    assert "时间戳服务器没有给出时间戳" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_library_of_signatures_loads_only_where_there_is_one(files: SigningFiles) -> None:
    """Neither `check` nor `verify` of an unsigned bundle imports pyHanko."""
    script = (
        "import sys; from bundler.commands import run; "
        "run(['check', sys.argv[1]]); run(['verify', sys.argv[2]]); "
        "sys.exit('pyhanko' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script, SAMPLE, files.bundle], capture_output=True, check=False)

    assert done.returncode == 0
