"""The frozen record of one attached file."""

from __future__ import annotations

from dataclasses import dataclass

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
TIFF = "image/tiff"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class PageInfo:
    """One page as it stands upright.

    Attributes:
        width_pt, height_pt: its size in points.
        dpi: the resolution of the scan that fills it; None where there is none, or none is told.
        is_scan: one picture fills the page.
        blank: nothing is to be seen on it, dust apart.
        free_corner: a scan on which nothing is written where the 页号 goes, so that it is bound in its true size.
    """

    width_pt: float
    height_pt: float
    dpi: float | None = None
    is_scan: bool = False
    blank: bool = False
    free_corner: bool = False


@dataclass(frozen=True, slots=True)
class FileProblem:
    """What is wrong with a file, or worth a word: a rule's id, sentences, and the pages meant (from 1; none: the file)."""

    rule: str
    message: str
    fix: str
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What binding changes about a file, in Chinese, and the pages meant (from 1; none: the file)."""

    what: str
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What is known of one file.

    Attributes:
        file: its name as the case gives it.
        sha256: its digest; empty where it could not be read.
        size: bytes.
        media_type: told by content; empty where it is none that is accepted.
        pages: its pages; none for a Word file, which is set later.
        problems: what is wrong with it.
        characters: the distinct characters of a Word file, so that their fonts can be asked for.
        changes: what binding changes about it, so that an archive can have it.
        touched: whether its pages are bound as they come out of cleaning, not as they are.
        picturable: the pages that may be bound as pictures of themselves, where the court's profile allows it.
        pictured: the pages that are, and why.
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
        """The pages that are bound as pictures of themselves."""
        return frozenset(page for change in self.pictured for page in change.pages)

    @property
    def is_word(self) -> bool:
        """Whether it is a Word file."""
        return self.media_type == WORD
