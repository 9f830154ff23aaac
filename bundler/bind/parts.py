"""What is bound, and what became of it: parts, outline, pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from bundler.bind.embedded_files import EmbeddedFile


@dataclass(frozen=True, slots=True)
class TypesetPart:
    """Pages of the set PDF, from 0, both included; `label` is the prefix of unnumbered pages, None for 页号."""

    first: int
    last: int
    label: str | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class SourcePart:
    """Pages of an attached file.

    Attributes:
        pages: which of its pages, from 1.
        load: gives the bytes that were checked.
        file: what to call it when it cannot be bound after all.
        size: bytes of the file.
        touched: whether it is bound as it comes out of cleaning, not as it is.
        pictured: the pages that are bound as pictures of themselves.
        free_corners: the pages on whose corner nothing is written, so that they keep their size under the 页号.
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


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """An entry of the outline, on the page with that 页号, with the entries below it."""

    title: str
    folio: int
    below: tuple[OutlineEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class BoundPage:
    """A page as it stands in the file.

    Attributes:
        label: its page label: the 页号, or 封面, 目录-n, 备考表.
        sha256: the digest of what it is made of.
        links: the 页号 to which its links lead, in order.
    """

    label: str
    sha256: str
    links: tuple[int, ...] = ()


Attach = Callable[[Sequence[BoundPage]], "Sequence[EmbeddedFile]"]
"""Told what the pages are, gives the files to embed; the first is the manifest."""


@dataclass(frozen=True, slots=True)
class EarlierFile:
    """A bundle to which parts are added: its bytes, and its pages as its manifest gives them."""

    data: bytes
    pages: tuple[BoundPage, ...]


@dataclass(frozen=True, slots=True)
class JoinOptions:
    """What a file may have beside its parts.

    Attributes:
        attach: gives the files to embed.
        first_folio: the 页号 of its first numbered page: a later book goes on where the one before it ends.
        earlier: the bundle that stands before the parts, its pages and its outline as they are.
        finish: appends to the file when it is sealed, before it takes its name: a signature.
    """

    attach: Attach = lambda _: ()
    first_folio: int = 1
    earlier: EarlierFile | None = None
    finish: Callable[[BinaryIO], None] | None = None


DEFAULT_OPTIONS = JoinOptions()


@dataclass(frozen=True, slots=True)
class BoundFile:
    """What was written, and where."""

    sha256: str
    size: int
    pages: int
    path: Path = field(default=Path(), compare=False)
