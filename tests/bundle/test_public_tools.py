"""``docs/archive.md``: its commands check a bundle with public tools only."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.bundles import write_sample_bundle
from tests.support.paths import ROOT
from tests.support.tampering import nothing, resaved

SAMPLE = ROOT / "samples" / "declined"


def steps() -> list[str]:
    """The shell commands of the page, one per step."""
    text = (ROOT / "docs" / "archive.md").read_text("utf-8")
    return re.findall(r"```sh\n(.*?)```", text.partition("## 只用公开工具核对")[2], re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle, its case, and the bundle with something appended, by the names that the page uses."""
    folder = tmp_path_factory.mktemp("public")
    shutil.copytree(SAMPLE, folder / "CASE")
    sealed = write_sample_bundle(SAMPLE.name, folder / "BUNDLE.pdf").read_bytes()
    (folder / "SIGNED.pdf").write_bytes(sealed + b"1 0 obj\nnull\nendobj\nstartxref\n0\n%%EOF\n")
    return folder


def passed(folder: Path) -> list[bool]:
    """For each step, whether it ends well in a plain shell and each of its tests says so."""
    results = []
    for step in steps():
        done = subprocess.run(["sh", "-eu", "-c", step], cwd=folder, check=False, capture_output=True, text=True)
        results.append(done.returncode == 0 and done.stdout.count("一致") == step.count("echo 一致"))
    return results


def test_the_commands_pass_on_a_bundle_that_is_as_it_was(folder: Path) -> None:
    """Each of the steps; the first gives the sealed file without what was appended."""
    assert passed(folder) == [True] * 5
    assert (folder / "UNSIGNED.pdf").read_bytes() == (folder / "BUNDLE.pdf").read_bytes()


def test_a_changed_byte_fails_the_seal(folder: Path, tmp_path: Path) -> None:
    """A byte in the middle of the file."""
    shutil.copytree(folder, tmp_path / "a")
    data = bytearray((folder / "BUNDLE.pdf").read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "a" / "BUNDLE.pdf").write_bytes(data)

    assert not passed(tmp_path / "a")[2]


def test_a_file_saved_by_another_program_fails_the_seal(folder: Path, tmp_path: Path) -> None:
    """Also where its pages are unchanged."""
    shutil.copytree(folder, tmp_path / "a")
    resaved(folder / "BUNDLE.pdf", tmp_path / "a" / "BUNDLE.pdf", nothing)

    assert not passed(tmp_path / "a")[2]


def test_a_changed_source_fails_its_step(folder: Path, tmp_path: Path) -> None:
    """The other steps pass."""
    shutil.copytree(folder, tmp_path / "a")
    source = next((tmp_path / "a" / "CASE" / "materials").rglob("*.*"))
    source.write_bytes(source.read_bytes() + b" ")

    assert passed(tmp_path / "a") == [True, True, True, True, False]
