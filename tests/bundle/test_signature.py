"""Signatures: who made a bundle, that nobody changed it since, and when; a missing or a stranger's is said plainly."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bundler.commands import run
from bundler.profile import DEFAULT_PROFILE
from bundler.verification.verify import verify
from tests.support import certificate_authority
from tests.support.paths import SAMPLES
from tests.support.tampering import append_an_update
from tests.support.verapdf import VeraPdf

SAMPLE = SAMPLES / "declined"
TODAY = "2021-12-20"
PLACES = 60


@dataclass(frozen=True)
class Desk:
    """A clerk's key, the authority behind it, a bundle, and the same bundle signed with a time stamp."""

    folder: Path

    def __getattr__(self, name: str) -> Path:
        """A file by its stem."""
        return next(path for path in self.folder.iterdir() if path.stem == name)

    def sign(self, file: Path, target: Path, *options: str) -> subprocess.CompletedProcess[str]:
        """Sign in a process of its own."""
        return process("sign", file, "--key", self.key, "--passphrase-file", self.passphrase, "-o", target, *options)


def process(*arguments: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own, without a terminal."""
    return subprocess.run(
        [sys.executable, "-m", "bundler", *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **variables},
    )


def told(*arguments: str | Path) -> tuple[int, dict[str, Any]]:
    """The exit status and JSON of ``verify``."""
    done = process("verify", *arguments, "--json")
    tree: dict[str, Any] = json.loads(done.stdout)
    return done.returncode, tree


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """All of it, made once."""
    folder = tmp_path_factory.mktemp("desk")
    root, stranger = certificate_authority.authority("样本根证书"), certificate_authority.authority("别的根证书")
    (folder / "key.p12").write_bytes(
        certificate_authority.p12(certificate_authority.signer("样本法院档案章", root), root)
    )
    (folder / "root.pem").write_bytes(root.pem)
    (folder / "stranger.pem").write_bytes(stranger.pem)
    (folder / "passphrase.txt").write_bytes(certificate_authority.PASSPHRASE + b"\n")
    (folder / "wrong.txt").write_bytes(b"wrong\n")
    desk = Desk(folder)
    assert run(["build", str(SAMPLE), "-o", str(folder / "bundle.pdf"), "--today", TODAY]) == 0
    with certificate_authority.time_stamp_server(certificate_authority.stamper("样本时间戳", root)) as address:
        profile = folder / "profile.toml"
        profile.write_text(f'timestamp_url = "{address}"\n' + DEFAULT_PROFILE.read_text("utf-8"), "utf-8")
        assert desk.sign(desk.bundle, folder / "signed.pdf", "--profile", str(profile)).returncode == 0
    return desk


def test_a_signed_bundle_is_unchanged_and_its_signer_trusted(desk: Desk) -> None:
    """With the time that the server gave; the sealed bytes stand before the signature as they were."""
    status, tree = told(desk.signed, "--trust", desk.root, "--case", SAMPLE)

    assert (status, tree["ok"], tree["problems"]) == (0, True, [])
    assert tree["signature"]["state"] == "trusted"
    assert tree["signature"]["signer"] == "样本法院档案章"
    assert tree["signature"]["stamped_at"] is not None
    assert tree["signature"]["stamp_trusted"] is True
    assert desk.signed.read_bytes().startswith(desk.bundle.read_bytes())


def test_a_signed_bundle_is_still_an_archive_file(desk: Desk, verapdf: VeraPdf) -> None:
    """PDF/A-3b, with the signature in it."""
    assert verapdf.faults([desk.signed]) == {}


def test_a_signer_whom_nobody_vouches_for_is_named_as_such(desk: Desk) -> None:
    """Unchanged, and who signed is open."""
    done = process("verify", desk.signed)

    assert done.returncode == 0
    assert "签名人自称“样本法院档案章”；没有用 --trust 给出信任的证书，未核实是谁" in done.stdout


def test_a_strangers_signature_is_said_plainly(desk: Desk) -> None:
    """Under the certificates that are trusted."""
    status, tree = told(desk.signed, "--trust", desk.stranger)

    assert (status, [p["code"] for p in tree["problems"]]) == (1, ["SIGNATURE-FOREIGN"])


def test_a_missing_signature_is_said_plainly(desk: Desk) -> None:
    """A problem where one is wanted, a sentence where none is."""
    status, tree = told(desk.bundle, "--trust", desk.root)

    assert (status, [p["code"] for p in tree["problems"]]) == (1, ["SIGNATURE-MISSING"])
    assert "没有电子签名：以上只能发现无意的改动，不能证明由谁制作" in process("verify", desk.bundle).stdout


def test_an_update_after_the_signature_is_named(desk: Desk, tmp_path: Path) -> None:
    """With the page that it redraws."""
    changed = append_an_update(desk.signed, tmp_path / "o.pdf")
    codes = {(problem.code, problem.page) for problem in verify(changed, trust=desk.root.read_bytes()).problems}

    assert codes == {("UPDATE-APPENDED", None), ("SIGNATURE-INVALID", None), ("PAGE-CHANGED", 6)}


@pytest.mark.slow
def test_one_bit_changed_in_the_signature_is_never_called_unchanged(desk: Desk, tmp_path: Path) -> None:
    """In its container, its certificates, its time stamp or its padding."""
    whole, start, target = desk.signed.read_bytes(), desk.bundle.stat().st_size, tmp_path / "o.pdf"
    chance = random.Random(71)  # noqa: S311 (the same places each time)
    passed = []
    for place in (chance.randrange(8 * start, 8 * len(whole)) for _ in range(PLACES)):
        spoilt = bytearray(whole)
        spoilt[place // 8] ^= 1 << place % 8
        target.write_bytes(spoilt)
        if verify(target).ok:
            passed.append(place)

    assert passed == []


def test_build_signs_what_it_makes(desk: Desk, tmp_path: Path) -> None:
    """The same bytes as without a key, and the signature behind them; the passphrase from the environment."""
    target = tmp_path / "o.pdf"
    arguments = ("build", SAMPLE, "-o", target, "--today", TODAY, "--sign", desk.key, "--json")
    done = process(*arguments, BUNDLER_PASSPHRASE=certificate_authority.PASSPHRASE.decode())
    status, tree = told(target, "--trust", desk.root, "--sha256", json.loads(done.stdout)["sha256"])

    assert done.returncode == 0
    assert target.read_bytes().startswith(desk.bundle.read_bytes())
    assert (status, tree["problems"]) == (0, [])


def test_a_supplement_to_a_signed_bundle_keeps_its_pages(desk: Desk, tmp_path: Path) -> None:
    """The signature vouched for the old file and does not go on."""
    from tests.bundle.test_volumes import add

    folder, target = tmp_path / "case", tmp_path / "o.pdf"
    subprocess.run(["cp", "-r", str(SAMPLE), str(folder)], check=True)
    add(folder, "约谈笔录.pdf", "补交的谈话笔录")
    done = process("build", folder, "-o", target, "--today", TODAY, "--supplement", desk.signed)
    status, tree = told(target, "--case", folder)

    assert done.returncode == 0
    assert (status, tree["problems"], tree["signature"]) == (0, [], None)


def test_what_cannot_be_signed_is_refused(desk: Desk, tmp_path: Path) -> None:
    """A wrong passphrase, none at all, a changed bundle, one that is signed, another's PDF: nothing is written."""
    target, changed = tmp_path / "o.pdf", tmp_path / "c.pdf"
    changed.write_bytes(desk.bundle.read_bytes() + b" ")
    key = ("--key", desk.key, "-o", target)

    assert process("sign", desk.bundle, *key, "--passphrase-file", desk.wrong).returncode == 2
    assert process("sign", desk.bundle, *key).returncode == 2
    assert desk.sign(changed, target).returncode == 1
    assert desk.sign(desk.signed, target).returncode == 1
    assert desk.sign(desk.root, target).returncode == 3
    assert process("build", SAMPLE, "-o", target, "--sign", desk.key, "--passphrase-file", desk.wrong).returncode == 2
    assert not target.exists()


def test_a_time_stamp_that_cannot_be_had_is_no_signature(desk: Desk, tmp_path: Path) -> None:
    """The server that the profile names is gone: said, and nothing written."""
    done = desk.sign(desk.bundle, tmp_path / "o.pdf", "--profile", str(desk.profile))

    assert done.returncode == 1
    assert "时间戳服务器没有给出时间戳" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_library_of_signatures_loads_only_where_there_is_one(desk: Desk) -> None:
    """Neither `check` nor the verification of an unsigned bundle waits for it."""
    script = (
        "import sys; from bundler.commands import run; "
        "run(['check', sys.argv[1]]); run(['verify', sys.argv[2]]); "
        "sys.exit('pyhanko' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script, SAMPLE, desk.bundle], capture_output=True, check=False)

    assert done.returncode == 0
