"""Input and result of joining a PDF: its parts, outline and options, and the pages and files that were written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from bundler.bind.embed_files import EmbeddedFile
    from bundler.scan_reading.record import ReadPage


@dataclass(frozen=True, slots=True)
class TypesetPart:
    """Pages of the typeset PDF.

    Attributes:
        first, last: the pages, counted from 0, both included.
        label: the prefix of the page labels of pages without 页号; None for pages with 页号.
        name: the name to report while the part is bound.
    """

    first: int
    last: int
    label: str | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class SourcePart:
    """Pages of an attached file.

    Attributes:
        media_type: the file's media type.
        pages: which of its pages are bound, counted from 1.
        load: returns the bytes that were checked.
        free_corners: the pages whose corner is empty, so that they keep their size under the 页号.
        file: the file's name, for error messages.
        size: the file's size in bytes.
        touched: whether the file is bound after cleaning, not as it is.
        pictured: the pages that are rasterised.
        name: the name to report while the part is bound.
        layer: what was read on its pages, by page; it is written under their pictures.
    """

    media_type: str
    pages: range
    load: Callable[[], bytes]
    free_corners: frozenset[int] = frozenset()
    file: str = ""
    size: int = 0
    touched: bool = True
    pictured: frozenset[int] = frozenset()
    name: str = ""
    layer: Mapping[int, ReadPage] = field(default_factory=dict)


def layered_pages(parts: Iterable[TypesetPart | SourcePart]) -> list[ReadPage]:
    """What was read on the pages of these parts."""
    return [page for part in parts if isinstance(part, SourcePart) for page in part.layer.values()]


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """An entry of the outline (bookmark): it leads to the page with a 页号, and has entries below it."""

    title: str
    folio: int
    below: tuple[OutlineEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class BoundPage:
    """A page that was written.

    Attributes:
        label: its page label: the 页号, or 封面, 目录-n, 备考表.
        sha256: the digest of its content.
        links: the 页号 to which its links lead, in order.
    """

    label: str
    sha256: str
    links: tuple[int, ...] = ()


AttachFunction = Callable[[Sequence[BoundPage]], "Sequence[EmbeddedFile]"]
"""Returns the files to embed for the pages that were written; the first is the manifest."""


@dataclass(frozen=True, slots=True)
class EarlierFile:
    """An earlier bundle to which parts are added: its bytes, and its pages as its manifest gives them."""

    data: bytes
    pages: tuple[BoundPage, ...]


@dataclass(frozen=True, slots=True)
class JoinOptions:
    """What a file has besides its parts.

    Attributes:
        attach: returns the files to embed.
        first_folio: the 页号 of the first numbered page; a later book continues the numbering of the one before it.
        earlier: the bundle whose pages and outline come before the parts, unchanged.
        sign: appends a signature to the sealed file before it gets its name.
        layer_characters: the characters of the text layers of all parts (`bundler.bind.text_layer`); empty for no layer.
    """

    attach: AttachFunction = lambda _: ()
    first_folio: int = 1
    earlier: EarlierFile | None = None
    sign: Callable[[BinaryIO], None] | None = None
    layer_characters: str = ""


DEFAULT_OPTIONS = JoinOptions()


@dataclass(frozen=True, slots=True)
class BoundFile:
    """A file that was written.

    Attributes:
        sha256: digest of the whole file.
        size: its bytes.
        pages: how many pages it has.
        path: where it was written.
    """

    sha256: str
    size: int
    pages: int
    path: Path = field(default=Path(), compare=False)
