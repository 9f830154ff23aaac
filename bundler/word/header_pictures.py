"""Pictures in the headers and footers of a Word file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bundler.word.block_model import Picture
from bundler.word.docx_package import to_number

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_EMU = 12700.0
"""English metric units, DrawingML's unit of length, per point."""
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class PictureSource:
    """The parts of a Word file, and what the ids of one part's relationships refer to."""

    parts: Mapping[str, bytes]
    targets: Mapping[str, str]


def read_pictures(node: Any, source: PictureSource) -> Iterator[Picture]:  # noqa: ANN401 (an lxml element)
    """Yield the inline PNG pictures of a run."""
    for inline in node.iter(f"{_WP}inline"):
        extent, blip = inline.find(f"{_WP}extent"), next(inline.iter(f"{_A}blip"), None)
        data = b"" if blip is None else source.parts.get(source.targets.get(blip.get(f"{R}embed", ""), ""), b"")
        if data.startswith(_PNG) and extent is not None:
            yield Picture(data, to_number(extent.get("cx", "0")) / _EMU, to_number(extent.get("cy", "0")) / _EMU)
