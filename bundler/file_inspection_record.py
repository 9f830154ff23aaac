"""The record of an attached file: its type, digest, pages and problems."""

from __future__ import annotations

from dataclasses import dataclass

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
TIFF = "image/tiff"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXTENSIONS = {
    PDF: (".pdf",),
    JPEG: (".jpg", ".jpeg", ".jpe", ".jfif"),
    PNG: (".png",),
    TIFF: (".tif", ".tiff"),
    WORD: (".docx",),
}
"""The accepted media types, each with the extensions that its files may have; the first is the usual one."""


@dataclass(frozen=True, slots=True)
class PageLook:
    """What is seen on a page, as `bundler.materials.page_image_fingerprint` makes and compares it.

    The cells take some 20 KB a page, so they are held in memory only where they could not be put into the cache.

    Attributes:
        means: the mean grey of the parts of the page, as hexadecimal text.
        digest: SHA-256 of the compressed cells.
        cells: the cells, compressed; empty where they are in the cache.
        cache_name: the cache entry that has the cells, and the bytes of it that they take; empty where there is none.
        begin: the first of these bytes.
        length: the number of these bytes.
    """

    means: str
    digest: str
    cells: bytes = b""
    cache_name: str = ""
    begin: int = 0
    length: int = 0


@dataclass(frozen=True, slots=True)
class PageInfo:
    """One page in upright position.

    Attributes:
        width_pt, height_pt: its size in points.
        dpi: the resolution of the scan that fills it; None if it is no scan or the file does not say.
        is_scan: one image fills the page.
        blank: nothing is visible on it but dust.
        free_corner: a scan with an empty corner for the 页号, so that it is bound in its true size.
        look: what is seen on it; None if it could not be drawn.
    """

    width_pt: float
    height_pt: float
    dpi: float | None = None
    is_scan: bool = False
    blank: bool = False
    free_corner: bool = False
    look: PageLook | None = None


@dataclass(frozen=True, slots=True)
class FileProblem:
    """A problem of a file: the rule's id, message and fix in Chinese, and the pages concerned (from 1; empty: the file)."""

    rule: str
    message: str
    fix: str
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What binding changes in a file, in Chinese, and the pages concerned (from 1; empty: the file)."""

    what: str
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FileRecord:
    """All that is known of an attached file.

    Attributes:
        file: its name as the case gives it.
        sha256: its digest; empty if it could not be read.
        size: in bytes.
        media_type: detected from the content; empty if it is not an accepted type.
        pages: its pages; empty for a Word file, which is typeset later.
        problems: what is wrong with it.
        characters: the distinct characters of a Word file, to look for fonts that can print them.
        changes: what binding changes in it for PDF/A.
        touched: its pages are bound after cleaning instead of unchanged.
        picturable: the pages that may be bound as images, if the court's profile allows it.
        pictured: the pages that are bound as images, and why.
    """

    file: str
    sha256: str = ""
    size: int = 0
    media_type: str = ""
    pages: tuple[PageInfo, ...] = ()
    problems: tuple[FileProblem, ...] = ()
    characters: str = ""
    changes: tuple[Change, ...] = ()
    touched: bool = False
    picturable: tuple[int, ...] = ()
    pictured: tuple[Change, ...] = ()

    @property
    def pictured_pages(self) -> frozenset[int]:
        """The pages that are bound as images."""
        return frozenset(page for change in self.pictured for page in change.pages)

    @property
    def is_word(self) -> bool:
        """Whether it is a Word file."""
        return self.media_type == WORD
