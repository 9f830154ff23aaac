"""A volume (卷) or a book of one (册) with its papers arranged and numbered, from which its own pages are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bundler.bind.binding_order import BoundPaper, FolioRange, Section, papers_of
from bundler.bind.volume_scope import VolumeScope
from bundler.case.model import Case
from bundler.profile import Profile
from bundler.regulation.papers import BundleKind


@dataclass(frozen=True, slots=True)
class RasterisedPages:
    """Pages of an attached file that are bound as images because they could not be kept as they were.

    Attributes:
        folios: their 页号.
        how: the reason and the method, in Chinese.
    """

    title: str
    folios: tuple[int, ...]
    how: str


@dataclass(frozen=True, slots=True)
class Volume:
    """One volume (卷) or one book of it (册): its papers in order, each with its 页号.

    Attributes:
        folios: the 页号 of its papers, and of papers in other books that its index mentions.
        scope: the whole volume or the main volume (正卷).
        book, books: number of this book (第 n 册), and how many there are.
        index_numbers: the papers' numbers in the index of the whole volume, by key; empty where this is the whole.
    """

    case: Case
    profile: Profile
    kind: BundleKind
    sections: tuple[Section, ...]
    folios: Mapping[str, FolioRange]
    rasterised: tuple[RasterisedPages, ...] = ()
    scope: VolumeScope = VolumeScope.WHOLE
    book: int = 1
    books: int = 1
    index_numbers: Mapping[str, int] = field(default_factory=dict)

    @property
    def reg_no(self) -> str:
        """The registration number (登记号); the gate returns a case without one."""
        assert self.case.registration.no is not None  # noqa: S101 (the gate returns such a case)
        return self.case.registration.no

    @property
    def papers(self) -> tuple[BoundPaper, ...]:
        """Every paper of this book, in order."""
        return papers_of(self.sections)

    @property
    def pages(self) -> int:
        """The number of its numbered pages."""
        return sum(self.folios[paper.key].last - self.folios[paper.key].first + 1 for paper in self.papers)

    @property
    def first_folio(self) -> int:
        """The 页号 of its first numbered page."""
        return min((self.folios[paper.key].first for paper in self.papers), default=1)

    def holds(self, paper: BoundPaper) -> bool:
        """Whether a paper is in this book, so that a link can point to it."""
        return paper in self.papers

    def index_number(self, paper: BoundPaper) -> int:
        """A paper's number in the index, from 1."""
        return self.index_numbers[paper.key] if self.index_numbers else self.papers.index(paper) + 1


def find_closing_date(case: Case) -> date | None:
    """The date of a volume: filed, else asked to be written off, else replied to or refused, else received."""
    asked, reply, declined = case.write_off, case.reply, case.declined
    return (
        case.archive.filed_on
        or (asked and asked.requested_on)
        or (reply and reply.replied_on)
        or (declined and declined.notice_on)
        or case.registration.received_on
    )
