"""Draw the pictures of docs/templates.md: paragraphs of shipped templates, and the same filled from a sample.

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
Chooser = Callable[[Paragraph], bool]


def heading(paragraph: Paragraph) -> bool:
    """The registration number and the salutation."""
    return paragraph.style is not None and paragraph.style.name in {"登记号", "抬头"}


def first_clause(paragraph: Paragraph) -> bool:
    """Who handles the matter; with a condition."""
    return paragraph.text.startswith("一、本") or paragraph.text.startswith("一、{% if handler_left")


PICTURES: dict[str, tuple[str, Chooser | None]] = {
    "names": ("acceptance_notice", heading),
    "condition": ("acceptance_notice", first_clause),
    "rows": ("measures_statement", None),
}
"""Each picture: its document, and the paragraphs that it shows; None: the first table."""


def main(folder: Path) -> None:
    """Draw each picture twice: the template, and the paper."""
    tree = json.loads((ROOT / "samples" / "write-off-complete" / "case.json").read_text(encoding="utf-8"))
    case, profile = validate_tree(tree).case, load_profile(ROOT / "samples" / "other-court" / "profile.toml")
    assert case is not None  # noqa: S101 (the sample is whole)
    folder.mkdir(parents=True, exist_ok=True)
    for name, (document, chooser) in PICTURES.items():
        template = (find_templates_folder(None) / f"{document}.docx").read_bytes()
        paper = draft_document(case, DOCUMENTS[document], profile, find_templates_folder(None))
        for when, data in (("before", template), ("after", paper)):
            picture(cut(data, chooser)).save(folder / f"{name}-{when}.png", optimize=True)


def cut(data: bytes, chooser: Chooser | None) -> bytes:
    """The Word file with nothing left but what is shown."""
    word = Document(io.BytesIO(data))
    kept = [paragraph._p for paragraph in word.paragraphs if chooser and chooser(paragraph)]  # noqa: SLF001 (its element)
    shown = kept if chooser else [word.tables[0]._tbl]  # noqa: SLF001 (its element)
    body = word.element.body
    for child in list(body):
        if child not in shown and not child.tag.endswith("}sectPr"):
            body.remove(child)
    target = io.BytesIO()
    word.save(target)
    return target.getvalue()


def picture(data: bytes) -> Image.Image:
    """What stands between the margins of the first page, without the empty rest."""
    blocks = read_blocks(data)
    setter = Typesetter()
    setter.set_papers([("p", blocks)])
    with pypdfium2.PdfDocument(setter.write(["p"], "图", b"0" * 16, None)[0]) as pdf:
        page: Image.Image = pdf[0].render(scale=SCALE).to_pil().convert("L")
    top, right, bottom, left = (int(margin * SCALE) for margin in blocks.margins)
    inside = page.crop((left - BORDER, top - BORDER, page.width - right + BORDER, page.height - bottom))
    box = ImageChops.invert(inside).getbbox() or (0, 0, 1, 1)
    shown = inside.crop((0, 0, inside.width, box[3] + BORDER))
    return shown.quantize(16)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
