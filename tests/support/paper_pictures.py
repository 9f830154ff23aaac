"""Draw every paper of the samples, and of the variants and refusals of the tests, in the proof-reader's view.

Whoever changes a template sees at a glance which words of a page come from the case. Nothing of it is kept in the repository.

Usage: python -m tests.support.paper_pictures FOLDER [NAME …]   (only the cases whose names contain one of the NAMEs)
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pypdfium2

from bundler.bundle.proofreading_pdf import review_pdf
from bundler.case.model import Case
from tests.support.documents import CASES, PROFILE, TEMPLATES, build_case
from tests.support.variants import REFUSALS, VARIANTS, refusal

SCALE = 1.25
"""Pixels of a point: 90 dpi, at which 五号 and the notes in the margin can be read."""


def list_cases() -> Iterator[tuple[str, Case]]:
    """The samples and further cases of the tests, the variants, and each form of each refusal."""
    yield from CASES.items()
    yield from ((name, build_case(tree)) for name, tree in VARIANTS.items())
    yield from ((f"refusal-{name}", build_case(refusal(name))) for name in REFUSALS)


def draw_case(name: str, case: Case, folder: Path) -> list[Path]:
    """Write the proof-reader's PDF of a case and a picture of each of its pages.

    Returns:
        The pictures, in the order of the pages.
    """
    folder.mkdir(parents=True, exist_ok=True)
    data = review_pdf(case, PROFILE, TEMPLATES)
    (folder / f"{name}.pdf").write_bytes(data)
    pictures = []
    with pypdfium2.PdfDocument(data) as pdf:
        for number, page in enumerate(pdf, start=1):
            pictures.append(folder / f"{name}-{number:03}.png")
            page.render(scale=SCALE).to_pil().convert("RGB").quantize(32).save(pictures[-1])
    return pictures


def main(folder: Path, wanted: list[str]) -> None:
    """Draw the cases, and say how many pages there are."""
    chosen = [(name, case) for name, case in list_cases() if not wanted or any(one in name for one in wanted)]
    pages = sum(len(draw_case(name, case, folder)) for name, case in chosen)
    sys.stdout.write(f"{len(chosen)} cases, {pages} pages: {folder}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
