"""``verify`` against a forger who has this program's source: every digest in his file fits."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from bundler.verification.verify import verify
from tests.support.bundles import write_sample_bundle
from tests.support.forgery import forge
from tests.support.paths import SAMPLES

CASE = SAMPLES / "declined"


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of the declined sample: twelve pages, scans among them."""
    return write_sample_bundle(CASE.name, tmp_path_factory.mktemp("forgery") / "卷宗.pdf")


def codes(path: Path, **options: Any) -> set[tuple[str, int | None]]:  # noqa: ANN401 (whatever verify takes)
    """What verification finds: each code with its page."""
    return {(problem.code, problem.page) for problem in verify(path, **options).problems}


def nest_pages(pdf: pikepdf.Pdf) -> None:
    """Put the last three pages under a node of their own."""
    kids = list(pdf.Root.Pages.Kids)
    node = pdf.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.Pages, Kids=kids[-3:], Parent=pdf.Root.Pages, Count=3)
    )
    for kid in kids[-3:]:
        kid.Parent = node
    pdf.Root.Pages.Kids = pikepdf.Array([*kids[:-3], node])


def test_a_forgery_fits_its_own_digests(bundle: Path, tmp_path: Path) -> None:
    """The forger's tools work: a file that he only saved again, and a nested page tree with true counts, pass."""
    assert codes(forge(bundle, tmp_path / "a.pdf")) == set()
    assert codes(forge(bundle, tmp_path / "b.pdf", nest_pages)) == set()


@pytest.mark.parametrize("count", [b"/Count 1", b"/Count 0", b"/Count 7", b"/Coumt 3", b"/Count/3", b"/Count()"])
def test_a_false_number_of_pages_is_a_problem(bundle: Path, tmp_path: Path, count: bytes) -> None:
    """Ghostscript goes by these numbers; poppler, pdfium and pdf.js count the pages."""
    forged = forge(bundle, tmp_path / "o.pdf", nest_pages, rewrite=lambda data: data.replace(b"/Count 3", count))

    assert count in forged.read_bytes()
    assert b"/Count 3" not in forged.read_bytes()
    assert ("PARSER-DISAGREES", None) in codes(forged)


def embed_twice(pdf: pikepdf.Pdf) -> None:
    """Another file under the name of the case, behind it in the list."""
    names = pdf.Root.Names.EmbeddedFiles.Names
    spec = pikepdf.Dictionary(dict(names[1].items()))
    spec.EF = pikepdf.Dictionary(F=pdf.make_stream(b'{"another": "case"}'))
    names.append(pikepdf.String("case.json"))
    names.append(pdf.make_indirect(spec))


def shuffle_labels(pdf: pikepdf.Pdf) -> None:
    """The ranges of the labels out of their order."""
    numbers = list(pdf.Root.PageLabels.Nums)
    pdf.Root.PageLabels.Nums = pikepdf.Array([*numbers[-2:], *numbers[:-2]])


def break_the_outline(pdf: pikepdf.Pdf) -> None:
    """The second entry is no dictionary."""
    pdf.Root.Outlines.First.Next = pdf.make_indirect(pikepdf.Array([]))


@pytest.mark.parametrize("change", [embed_twice, shuffle_labels, break_the_outline])
def test_what_two_libraries_read_otherwise_is_a_problem(
    bundle: Path, tmp_path: Path, change: Callable[[pikepdf.Pdf], None]
) -> None:
    """Each viewer would show something else."""
    problems = verify(forge(bundle, tmp_path / "o.pdf", rewrite=_with(change))).problems

    assert "PARSER-DISAGREES" in {problem.code for problem in problems}


def _with(change: Callable[[pikepdf.Pdf], None]) -> Callable[[bytes], bytes]:
    """The same as a change of the written bytes: when everything else of a forgery is done."""

    def rewrite(data: bytes) -> bytes:
        file = io.BytesIO()
        with pikepdf.open(io.BytesIO(data), inherit_page_attributes=False) as pdf:
            change(pdf)
            pdf.save(file, object_stream_mode=pikepdf.ObjectStreamMode.disable, static_id=True)
        return file.getvalue()

    return rewrite
