"""Word files written as XML, as Word and WPS save them, and what they become."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import pypdfium2
from PIL.Image import Image

from bundler.materials.word_inspection import inspect_word
from bundler.typeset.typesetter import Typesetter
from bundler.word.docx_reader import read_blocks

_NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "v": "urn:schemas-microsoft-com:vml",
        "wpsCustomData": "http://www.wps.cn/officeDocument/2013/wpsCustomData",
    }.items()
)
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PAGE = (
    '<w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1440" w:right="1800" w:bottom="1440" w:left="1800" w:header="851" w:footer="992"/>'
)
TEXT = "材料正文甲乙丙丁，共三项。"


def paragraph(text: str = "", properties: str = "", run: str = "") -> str:
    """A paragraph of one run; `text` may hold other elements of a run."""
    content = text if text.startswith("<") else f'<w:t xml:space="preserve">{text}</w:t>'
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr>{content}</w:r></w:p>"


def table(rows: Sequence[str], properties: str = "", columns: Sequence[int] = (3000, 3000, 3000)) -> str:
    """A table; each row is the XML inside its ``w:tr``."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in columns)
    inside = "".join(f"<w:tr>{row}</w:tr>" for row in rows)
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{inside}</w:tbl>"


def cell(content: str, properties: str = "") -> str:
    """A cell with a paragraph of text, or with other blocks."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content if content.startswith('<') else paragraph(content)}</w:tc>"


def borders(name: str = "tblBorders", size: int = 4) -> str:
    """All lines of a table or a cell."""
    sides = ("top", "left", "bottom", "right", *(("insideH", "insideV") if name == "tblBorders" else ()))
    lines = "".join(f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="000000"/>' for side in sides)
    return f"<w:{name}>{lines}</w:{name}>"


def field(code: str, result: str = "1") -> str:
    """The runs of a field, as Word writes them."""
    marks = [f'<w:fldChar w:fldCharType="{kind}"/>' for kind in ("begin", "separate", "end")]
    parts = (
        marks[0],
        f'<w:instrText xml:space="preserve">{code}</w:instrText>',
        marks[1],
        f"<w:t>{result}</w:t>",
        marks[2],
    )
    return "".join(f"<w:r>{part}</w:r>" for part in parts)


def word_file(  # noqa: PLR0913 (the parts of a Word file)
    body: str,
    *,
    styles: str = "",
    numbering: str = "",
    edges: dict[str, str] | None = None,
    section: str = PAGE,
    files: dict[str, bytes] | None = None,
    relations: str = "",
) -> bytes:
    """Make a Word file.

    Args:
        body: the XML of its blocks.
        styles: the styles.
        numbering: the lists.
        edges: the XML of headers and footers, by ``header`` or ``footer`` with the kind after a hyphen.
        section: the properties of the last section.
        files: further parts.
        relations: further relationships of the body.
    """
    parts: dict[str, bytes] = {}
    references, targets = "", ""
    for number, (name, xml) in enumerate((edges or {}).items(), start=1):
        which, _, kind = name.partition("-")
        tag = "hdr" if which == "header" else "ftr"
        parts[f"word/{which}{number}.xml"] = _part(tag, xml)
        references += f'<w:{which}Reference w:type="{kind or "default"}" r:id="rIdE{number}"/>'
        targets += f'<Relationship Id="rIdE{number}" Type="{_RELATION}/{which}" Target="{which}{number}.xml"/>'
    for name in ("styles", *(("numbering",) if numbering else ())):
        targets += f'<Relationship Id="rId-{name}" Type="{_RELATION}/{name}" Target="{name}.xml"/>'
    relationships = f"<Relationships>{targets}{relations}</Relationships>".replace(
        "<Relationships>", '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    )
    content = _part("document", f"<w:body>{body}<w:sectPr>{references}{section}</w:sectPr></w:body>")
    parts |= {
        "[Content_Types].xml": _content_types(parts),
        "_rels/.rels": (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{_RELATION}/officeDocument" Target="word/document.xml"/></Relationships>'
        ).encode(),
        "word/document.xml": content,
        "word/styles.xml": _part("styles", styles),
        "word/_rels/document.xml.rels": relationships.encode(),
        **({"word/numbering.xml": _part("numbering", numbering)} if numbering else {}),
        **(files or {}),
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target.getvalue()


def _content_types(edges: Iterable[str]) -> bytes:
    kinds = {"word/document.xml": "document.main", "word/styles.xml": "styles", "word/numbering.xml": "numbering"}
    kinds |= {name: "header" if "header" in name else "footer" for name in edges}
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{_TYPE}.{kind}+xml"/>' for name, kind in kinds.items()
    )
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
        f"{overrides}</Types>"
    ).encode()


def _part(tag: str, xml: str) -> bytes:
    return f"<w:{tag} {_NAMESPACES}>{xml}</w:{tag}>".encode()


def problems_of(data: bytes) -> list[tuple[str, str]]:
    """The problems of a Word file as evidence, each with its rule and message."""
    return [(problem.rule, problem.message) for problem in inspect_word(data).problems]


def errors_of(data: bytes) -> list[str]:
    """The rules of the problems that keep a Word file out."""
    return [rule for rule, _ in problems_of(data) if rule != "DOCX-ADAPTED"]


def typeset(data: bytes) -> bytes:
    """The PDF of a Word file."""
    typesetter = Typesetter()
    typesetter.typeset_papers([("p", read_blocks(data))])
    made, _ = typesetter.write(["p"], "题", b"0" * 16, None)
    return made


def page_texts(data: bytes) -> list[str]:
    """The text of each page that a Word file becomes, a line per line, without spaces."""
    with pypdfium2.PdfDocument(typeset(data)) as pdf:
        return [
            "\n".join("".join(line.split()) for line in page.get_textpage().get_text_range().splitlines())
            for page in pdf
        ]


def positions(data: bytes, words: str) -> tuple[float, float, float, float]:
    """The left, bottom, right and top of some words on the first page, in points from its lower left corner."""
    with pypdfium2.PdfDocument(typeset(data)) as pdf:
        text = pdf[0].get_textpage()
        start = text.get_text_range().index(words)
        boxes = [text.get_charbox(start + number) for number in range(len(words))]
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)


def picture(data: bytes, scale: float = 4) -> Image:
    """The first page as a viewer draws it."""
    with pypdfium2.PdfDocument(typeset(data)) as pdf:
        image: Image = pdf[0].render(scale=scale).to_pil().convert("RGB")
    return image


def save(data: bytes, path: Path) -> Path:
    """Write a file, for LibreOffice to read."""
    path.write_bytes(data)
    return path
