"""Every bundle and every single document is valid PDF/A-3b according to veraPDF."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from bundler.commands import run
from tests.support.bundles import write_sample_bundle
from tests.support.paths import SAMPLES
from tests.support.verapdf import VeraPdf

COMPLETE = ("write-off-complete", "archive-complete", "declined")


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The bundle of every complete sample."""
    folder = tmp_path_factory.mktemp("bundles")
    return {name: write_sample_bundle(name, folder / f"{name}.pdf") for name in COMPLETE}


def test_the_bundle_of_every_sample_is_valid(bundles: dict[str, Path], verapdf: VeraPdf) -> None:
    """Checked with veraPDF's whole profile of PDF/A-3b."""
    assert verapdf.faults(bundles.values()) == {}


@pytest.mark.parametrize("sample", COMPLETE)
def test_every_single_document_is_valid(sample: str, tmp_path: Path, verapdf: VeraPdf) -> None:
    """Each document for which the case has the data."""
    assert run(["render", str(SAMPLES / sample), "--all", "--format", "pdf", "-o", str(tmp_path)]) == 0
    made = sorted(tmp_path.glob("*.pdf"))

    assert made
    assert verapdf.faults(made) == {}


def test_the_validator_finds_what_is_wrong(bundles: dict[str, Path], tmp_path: Path, verapdf: VeraPdf) -> None:
    """It reports a missing output intent and a script; otherwise an empty report would prove nothing."""
    with pikepdf.open(bundles["declined"]) as pdf:
        del pdf.Root["/OutputIntents"]
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("1"))
        pdf.save(tmp_path / "a.pdf")

    failed_rules = verapdf.failed_rules(tmp_path / "a.pdf")

    assert "6.2.4.3" in failed_rules
    assert "6.5.1-1" in failed_rules
