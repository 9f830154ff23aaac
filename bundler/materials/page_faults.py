"""What of a cleaned page an archive may not have, and whether a picture of the page would do in its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pikepdf

from bundler.file_record import FileProblem
from bundler.materials.pdf_content import ContentCheck, ContentError
from bundler.materials.pdf_fonts import FontFault, find_font_fault, font_name, is_rendered_reliably

_CURE = "请用 WPS 另存为 PDF/A（嵌入字体），或者打印后扫描。"


@dataclass
class PageFaults:
    """The faults of a file's pages, gathered fault by fault.

    Attributes:
        lost: pages of which a picture would not show what they mean.
    """

    lost: set[int] = field(default_factory=set)
    _fonts: dict[tuple[str, FontFault], list[int]] = field(default_factory=dict)
    _drawings: dict[str, list[int]] = field(default_factory=dict)
    _programs: dict[tuple[int, int], Any] = field(default_factory=dict)

    def look(self, page: pikepdf.Page, number: int) -> bool:
        """Look at a page, counted from 1; whether its content was found sound."""
        drawing = ContentCheck()
        try:
            drawing.page(page.obj)
        except ContentError as error:
            self._drawings.setdefault(str(error), []).append(number)
        sound = True
        for use in drawing.fonts.values():
            fault = find_font_fault(use, self._programs)
            if fault is not None:
                sound = False
                self._note(use.font, fault, number)
        return sound and not any(number in pages for pages in self._drawings.values())

    def _note(self, font: Any, fault: FontFault, number: int) -> None:  # noqa: ANN401 (a PDF object)
        descendants = font.get("/DescendantFonts")
        inner = descendants[0] if isinstance(descendants, pikepdf.Array) and len(descendants) else font
        pages = self._fonts.setdefault((font_name(inner), fault), [])
        if number not in pages:
            pages.append(number)
        if not is_rendered_reliably(font):
            self.lost.add(number)

    @property
    def pages(self) -> set[int]:
        """Every page with a fault."""
        return {number for pages in (*self._fonts.values(), *self._drawings.values()) for number in pages}

    def problems(self) -> list[FileProblem]:
        """The faults as problems of the file."""
        found = [
            FileProblem("FILE-FONT", f"用的字体“{name}”{fault}。", _CURE, tuple(pages))
            for (name, fault), pages in self._fonts.items()
        ]
        return found + [
            FileProblem("FILE-DAMAGED", f"{fault}。", "请用阅读器“打印为 PDF”，或者打印后扫描。", tuple(pages))
            for fault, pages in self._drawings.items()
        ]
