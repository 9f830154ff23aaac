"""A bundle that is arranged and numbered: what its own pages tell of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bundler.bind.plan import BoundPaper, Folios, Section, papers_of
from bundler.case.model import Case
from bundler.profile import Profile
from bundler.regulation.kinds import Kind


@dataclass(frozen=True, slots=True)
class Pictured:
    """Pages of an attached file that are bound as pictures of themselves.

    Attributes:
        folios: their 页号.
        how: why, and in what way, in Chinese.
    """

    title: str
    folios: tuple[int, ...]
    how: str


@dataclass(frozen=True, slots=True)
class Volume:
    """One volume (卷): its papers in order, each with its 页号."""

    case: Case
    profile: Profile
    kind: Kind
    sections: tuple[Section, ...]
    folios: Mapping[str, Folios]
    pictured: tuple[Pictured, ...] = ()

    @property
    def reg_no(self) -> str:
        """The 登记号; the gate lets no case through without one."""
        assert self.case.registration.no is not None  # noqa: S101 (the gate is closed without it)
        return self.case.registration.no

    @property
    def papers(self) -> tuple[BoundPaper, ...]:
        """Every bound paper, in order."""
        return papers_of(self.sections)

    @property
    def pages(self) -> int:
        """The number of numbered pages."""
        return max((folios.last for folios in self.folios.values()), default=0)

    def place(self, paper: BoundPaper) -> int:
        """A paper's number in the index, from 1."""
        return self.papers.index(paper) + 1
