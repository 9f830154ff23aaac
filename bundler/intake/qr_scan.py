"""Read the QR codes of a scan's pages, and the beginning of their text layers, in a sandboxed process."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bundler.file_inspection_record import PDF, WORD, FileRecord
from bundler.sandbox import LimitExceededError, SandboxWorker, WorkFailedError, run_sandboxed

if TYPE_CHECKING:
    from PIL import Image

PAGES_PER_CALL = 40
"""Pages that one sandboxed call reads."""
MIN_DPI, MAX_DPI = 200, 300
"""Resolution in pixels per inch at which a page is rendered: that of its scan, within these limits."""
MAX_PIXELS = 25_000_000
TITLE_LENGTH = 80
"""Characters at the top of a page that are searched for its title."""


@dataclass(frozen=True, slots=True)
class PageContent:
    """What was read from a page.

    Attributes:
        codes: the texts of its QR codes.
        text: its first characters, where it has a text layer.
    """

    codes: tuple[str, ...] = ()
    text: str = ""


def preload_reader() -> None:
    """Import what the inspection of scans and the reading of their codes need."""
    import pypdfium2  # noqa: F401 (imported for later)
    import zxingcpp  # noqa: F401
    from PIL import Image  # noqa: F401

    import bundler.materials.image_inspection
    import bundler.materials.pdf_inspection  # noqa: F401


def read_pages(data: bytes, record: FileRecord, worker: SandboxWorker | None = None) -> tuple[PageContent, ...]:
    """Read the codes and titles of all pages; a page that fails gives nothing, because only a proposal depends on it.

    Args:
        data: the file.
        record: the result of its inspection.
        worker: the process that reads; without one, processes are started as needed.
    """
    run = worker.run if worker else run_sandboxed
    if record.media_type == WORD:
        return ()
    contents: list[PageContent] = []
    for first in range(0, len(record.pages), PAGES_PER_CALL):
        last = min(first + PAGES_PER_CALL, len(record.pages))
        try:
            resolutions = [page.dpi or MIN_DPI for page in record.pages[first:last]]
            contents += run(_read_range, data, record.media_type, first, resolutions)
        except (LimitExceededError, WorkFailedError):
            contents += [PageContent()] * (last - first)
    return tuple(contents)


def _read_range(data: bytes, media_type: str, first: int, resolutions: list[float]) -> list[PageContent]:
    """Read as many pages as there are resolutions, from the page with index `first` on; runs in the sandbox."""
    if media_type == PDF:
        return list(_pdf_contents(data, first, resolutions))
    return list(_image_contents(data, first, len(resolutions)))


def _pdf_contents(data: bytes, first: int, resolutions: list[float]) -> Iterator[PageContent]:
    import pypdfium2

    with pypdfium2.PdfDocument(data) as pdf:
        for number, dpi in enumerate(resolutions, start=first):
            page = pdf[number]
            width, height = page.get_size()
            scale = min(max(dpi, MIN_DPI), MAX_DPI) / 72
            bounded = min(scale, (MAX_PIXELS / max(width * height, 1)) ** 0.5)
            image = page.render(scale=bounded, grayscale=True).to_pil()
            text = page.get_textpage().get_text_range(0, TITLE_LENGTH * 3)
            yield PageContent(_codes(image), "".join(text.split())[:TITLE_LENGTH])


def _image_contents(data: bytes, first: int, count: int) -> Iterator[PageContent]:
    from PIL import Image

    with Image.open(io.BytesIO(data)) as image:
        for number in range(first, first + count):
            if number:
                image.seek(number)
            grey = image.convert("L")
            if grey.width * grey.height > MAX_PIXELS:
                factor = (MAX_PIXELS / (grey.width * grey.height)) ** 0.5
                grey = grey.resize((int(grey.width * factor) or 1, int(grey.height * factor) or 1))
            yield PageContent(_codes(grey))


def _codes(image: Image.Image) -> tuple[str, ...]:
    import zxingcpp

    found = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return tuple(dict.fromkeys(code.text for code in found if code.valid))
