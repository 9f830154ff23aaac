"""Draw the pictures of docs/templates.md: parts of the shipped templates, and the same parts filled from a sample.

Usage: python tools/make_template_pictures.py FOLDER
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pypdfium2
from docx import Document
from docx.text.paragraph import Paragraph
from PIL import Image, ImageChops

from bundler.case.validation import validate_tree
from bundler.documents.definitions import DOCUMENTS, find_templates_folder
from bundler.documents.drafting import draft_document
from bundler.profile import load_profile
from bundler.typeset.typesetter import Typesetter
from bundler.word.docx_reader import read_blocks

ROOT = Path(__file__).parents[1]
SCALE = 1.6
BORDER = 14
Selector = Callable[[Paragraph], bool]


def is_heading(paragraph: Paragraph) -> bool:
    """Whether it is the registration number or the salutation."""
    return paragraph.style is not None and paragraph.style.name in {"登记号", "抬头"}


def is_first_clause(paragraph: Paragraph) -> bool:
    """Whether it is the clause that names the officer in charge, which has a condition."""
    return paragraph.text.startswith("一、本") or paragraph.text.startswith("一、{% if handler_left")


PICTURES: dict[str, tuple[str, Selector | None]] = {
    "names": ("acceptance_notice", is_heading),
    "condition": ("acceptance_notice", is_first_clause),
    "rows": ("measures_statement", None),
}
"""Each picture: its document, and the function that selects its paragraphs; None: the first table."""


def main(folder: Path) -> None:
    """Draw each picture twice: the template, and the filled document."""
    tree = json.loads((ROOT / "samples" / "write-off-complete" / "case.json").read_text(encoding="utf-8"))
    case, profile = validate_tree(tree).case, load_profile(ROOT / "samples" / "other-court" / "profile.toml")
    assert case is not None  # noqa: S101 (the sample is complete)
    folder.mkdir(parents=True, exist_ok=True)
    for name, (document, selector) in PICTURES.items():
        template = (find_templates_folder(None) / f"{document}.docx").read_bytes()
        paper = draft_document(case, DOCUMENTS[document], profile, find_templates_folder(None))
        for when, data in (("before", template), ("after", paper)):
            render_page(keep_selected(data, selector)).save(folder / f"{name}-{when}.png", optimize=True)


def keep_selected(data: bytes, selector: Selector | None) -> bytes:
    """Reduce a Word file to the selected part."""
    word = Document(io.BytesIO(data))
    kept = [paragraph._p for paragraph in word.paragraphs if selector and selector(paragraph)]  # noqa: SLF001 (its element)
    shown = kept if selector else [word.tables[0]._tbl]  # noqa: SLF001 (its element)
    body = word.element.body
    for child in list(body):
        if child not in shown and not child.tag.endswith("}sectPr"):
            body.remove(child)
    target = io.BytesIO()
    word.save(target)
    return target.getvalue()


def render_page(data: bytes) -> Image.Image:
    """Render the text area of the first page, without the empty space below the text."""
    blocks = read_blocks(data)
    setter = Typesetter()
    setter.typeset_papers([("p", blocks)])
    with pypdfium2.PdfDocument(setter.write(["p"], "图", b"0" * 16, None)[0]) as pdf:
        page: Image.Image = pdf[0].render(scale=SCALE).to_pil().convert("L")
    top, right, bottom, left = (int(margin * SCALE) for margin in blocks.margins)
    inside = page.crop((left - BORDER, top - BORDER, page.width - right + BORDER, page.height - bottom))
    box = ImageChops.invert(inside).getbbox() or (0, 0, 1, 1)
    shown = inside.crop((0, 0, inside.width, box[3] + BORDER))
    return shown.quantize(16)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
