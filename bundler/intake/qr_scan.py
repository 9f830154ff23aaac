"""What a scan's pages show of themselves: QR codes, and the beginning of a text layer; read in a process with limits."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bundler.file_record import PDF, WORD, FileRecord
from bundler.sandbox import LimitExceededError, SandboxWorker, WorkFailedError, run_sandboxed

if TYPE_CHECKING:
    from PIL import Image

AT_ONCE = 40
"""Pages that one limited process looks at."""
COARSEST, FINEST = 200, 300
"""Pixels for each inch at which a page is looked at: as it was scanned, within these."""
MAX_PIXELS = 25_000_000
TITLE = 80
"""Characters at the top of a page among which its title stands."""


@dataclass(frozen=True, slots=True)
class PageContent:
    """One page: the texts of its QR codes, and its first characters where it has a text layer."""

    codes: tuple[str, ...] = ()
    text: str = ""


def read_pages(data: bytes, record: FileRecord, worker: SandboxWorker | None = None) -> tuple[PageContent, ...]:
    """A look at each page; a page that cannot be looked at shows nothing, since a proposal is all that hangs on it.

    Args:
        data: the file.
        record: what is known of it.
        worker: the process that looks; without, one is started.
    """
    run = worker.run if worker else run_sandboxed
    if record.media_type == WORD:
        return ()
    looks: list[PageContent] = []
    for first in range(0, len(record.pages), AT_ONCE):
        last = min(first + AT_ONCE, len(record.pages))
        try:
            fineness = [page.dpi or COARSEST for page in record.pages[first:last]]
            looks += run(_look_some, data, record.media_type, first, fineness)
        except (LimitExceededError, WorkFailedError):
            looks += [PageContent()] * (last - first)
    return tuple(looks)


def _look_some(data: bytes, media_type: str, first: int, fineness: list[float]) -> list[PageContent]:
    """Look at as many pages as there are resolutions given, from the first on."""
    if media_type == PDF:
        return list(_pdf_looks(data, first, fineness))
    return list(_picture_looks(data, first, len(fineness)))


def _pdf_looks(data: bytes, first: int, fineness: list[float]) -> Iterator[PageContent]:
    import pypdfium2

    with pypdfium2.PdfDocument(data) as pdf:
        for number, dpi in enumerate(fineness, start=first):
            page = pdf[number]
            width, height = page.get_size()
            scale = min(max(dpi, COARSEST), FINEST) / 72
            fitting = min(scale, (MAX_PIXELS / max(width * height, 1)) ** 0.5)
            picture = page.render(scale=fitting, grayscale=True).to_pil()
            text = page.get_textpage().get_text_range(0, TITLE * 3)
            yield PageContent(_codes(picture), "".join(text.split())[:TITLE])


def _picture_looks(data: bytes, first: int, count: int) -> Iterator[PageContent]:
    from PIL import Image

    with Image.open(io.BytesIO(data)) as picture:
        for number in range(first, first + count):
            if number:
                picture.seek(number)
            grey = picture.convert("L")
            if grey.width * grey.height > MAX_PIXELS:
                shrunk = (MAX_PIXELS / (grey.width * grey.height)) ** 0.5
                grey = grey.resize((int(grey.width * shrunk) or 1, int(grey.height * shrunk) or 1))
            yield PageContent(_codes(grey))


def _codes(picture: Image.Image) -> tuple[str, ...]:
    import zxingcpp

    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return tuple(dict.fromkeys(code.text for code in found if code.valid))
