"""Property: however a PDF is written, a check without errors means that it binds, and what is seen stays."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bundler.file_inspection_record import FileRecord
from bundler.materials.pdf_inspection import inspect_pdf
from bundler.materials.rasterise import mark_rasterised_pages
from bundler.regulation.rule_codes import Severity
from tests.materials.test_found_pdfs import BOUND as FOUND
from tests.support import pdf_files
from tests.support.bind_file import bind_file
from tests.support.page_pictures import MAX_DIFFERING_SHARE, differing_share, render_with_pdfium
from tests.support.pdf_scrambler import INDIRECT_OR_NOT, scramble
from tests.support.regulations import RULES
from tests.support.verapdf import VeraPdf

REFUSED = frozenset({"chinese_font", "hidden_layer", "layer_turned_round", "layer_not_for_screens", "transfer_curve"})
KINDS = {
    **{name: make() for name, make in pdf_files.KINDS.items() if name not in REFUSED | {"set_text"}},
    **{make.__name__: make() for make in FOUND},
}
EXAMPLES = 60
DRAWN_ONCE_BOUND = frozenset({"page_of_another_type"})
"""What pdfium does not load before it is bound, and poppler draws."""


def _errors(record: FileRecord) -> list[str]:
    return [one.message for one in record.problems if RULES[one.rule].severity is Severity.ERROR]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_values_that_are_objects_of_their_own_change_nothing(kind: str, tmp_path: Path) -> None:
    """Each value of a file is one; it is judged as before, and binds; what becomes a picture shows the same."""
    data = scramble(_uncompressed(KINDS[kind]), lambda ways: 1 if ways == INDIRECT_OR_NOT else 0)
    record = mark_rasterised_pages(inspect_pdf(data))
    assert _errors(record) == _errors(mark_rasterised_pages(inspect_pdf(KINDS[kind])))
    bind_file(data, record, tmp_path / "bound.pdf")
    if record.pictured and kind not in DRAWN_ONCE_BOUND:
        (tmp_path / "source.pdf").write_bytes(KINDS[kind])
        pictures = render_with_pdfium(tmp_path / "source.pdf", 0), render_with_pdfium(tmp_path / "bound.pdf", 1)
        assert differing_share(*pictures) < MAX_DIFFERING_SHARE


def _uncompressed(data: bytes) -> bytes:
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(target, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.generalized)
    return target.getvalue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the files of all examples."""
    return tmp_path_factory.mktemp("scrambled")


@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
    phases=[Phase.generate],
)
@given(kind=st.sampled_from(sorted(KINDS)), seed=st.integers(0, 2**32))
def test_however_it_is_written_it_is_bound_as_seen(kind: str, seed: int, folder: Path, verapdf: VeraPdf) -> None:
    """Values are made indirect, filters chained and names escaped; each file was bound as it was written before."""
    data = scramble(KINDS[kind], random.Random(seed).randrange)  # noqa: S311 (a fixed series, no secret)
    source, target = folder / "source.pdf", folder / "bound.pdf"
    plain = mark_rasterised_pages(inspect_pdf(KINDS[kind]))
    record = mark_rasterised_pages(inspect_pdf(data))

    assert _errors(record) == _errors(plain)
    assert record.pictured == plain.pictured
    bind_file(data, record, target)
    assert verapdf.failed_rules(target) == "ok"
    is_bound = kind in DRAWN_ONCE_BOUND
    if is_bound:
        bind_file(KINDS[kind], plain, source)
    else:
        source.write_bytes(KINDS[kind])  # pdfium does not see everything in the scrambled file
    before = render_with_pdfium(source, 1 if is_bound else 0)
    assert differing_share(before, render_with_pdfium(target, 1), band=not is_bound) < MAX_DIFFERING_SHARE
