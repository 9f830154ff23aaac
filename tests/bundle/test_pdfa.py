"""PDF/A-3b: every bundle and every single document is a valid archive file, and veraPDF says so."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from bundler.commands import run
from tests.support.paths import SAMPLES
from tests.support.verapdf import VeraPdf

COMPLETE = ("write-off-complete", "archive-complete", "declined")
TODAY = "2021-12-20"


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The bundle of every complete sample."""
    folder = tmp_path_factory.mktemp("bundles")
    made = {name: folder / f"{name}.pdf" for name in COMPLETE}
    for name, target in made.items():
        assert run(["build", str(SAMPLES / name), "-o", str(target), "--today", TODAY]) == 0
    return made


def test_the_bundle_of_every_sample_is_valid(bundles: dict[str, Path], verapdf: VeraPdf) -> None:
    """By veraPDF's whole profile of PDF/A-3b."""
    assert verapdf.faults(bundles.values()) == {}


@pytest.mark.parametrize("sample", COMPLETE)
def test_every_single_document_is_valid(sample: str, tmp_path: Path, verapdf: VeraPdf) -> None:
    """Each that the sample's case can fill."""
    assert run(["render", str(SAMPLES / sample), "--all", "--format", "pdf", "-o", str(tmp_path)]) == 0
    made = sorted(tmp_path.glob("*.pdf"))

    assert made
    assert verapdf.faults(made) == {}


def test_the_validator_finds_what_is_wrong(bundles: dict[str, Path], tmp_path: Path, verapdf: VeraPdf) -> None:
    """Or its silence would prove nothing: a bundle without its output intent, and one with a script."""
    with pikepdf.open(bundles["declined"]) as pdf:
        del pdf.Root["/OutputIntents"]
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("1"))
        pdf.save(tmp_path / "a.pdf")

    check_result = verapdf.check_result(tmp_path / "a.pdf")

    assert "6.2.4.3" in check_result
    assert "6.5.1-1" in check_result
