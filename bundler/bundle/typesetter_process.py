"""A typesetter in a process of its own: it loads while the case is checked, and typesets one paper while the next is drafted.

The command starts it first; in a batch it stays from case to case. The process that drafts and joins the bundle is forked from the command afterwards, and gives
it its work. Both are at work at the same time, and the bytes are those that one process makes.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from bundler.process_limits import Limits
from bundler.sandbox import SandboxWorker

if TYPE_CHECKING:
    from bundler.typeset.typesetter import Typesetter
    from bundler.word.block_model import Blocks, WordPapers

_GC_THRESHOLD = 250_000
"""New objects before the garbage collector runs: the objects of a bundle's pages live until they are written anyway."""
_lent: list[SandboxWorker] = []
"""In the process that drafts: the process that typesets; empty where there is none."""
_typesetters: list[Typesetter] = []
"""In the process that typesets: the typesetter with the pages of the bundle."""


class TypesetterProcess:
    """The typesetter of another process; the methods are those of `Typesetter`, with the same errors.

    Attributes:
        page_counts: as of `Typesetter`.
    """

    def __init__(self, worker: SandboxWorker, meanwhile: Callable[[], None]) -> None:
        self.page_counts: dict[str, int] = {}
        self._worker, self._meanwhile, self._begun = worker, meanwhile, 0
        self._begin(_begin_bundle)

    def typeset_papers(self, papers: WordPapers) -> dict[str, int]:
        """Send each paper as soon as it is there, and wait for all of them."""
        keys = []
        for paper in papers:
            self._begin(_typeset_paper, paper)
            keys.append(paper[0])
        self._finish()
        return {key: self.page_counts[key] for key in keys}

    def typeset_pages(self, pages: Mapping[str, str], style: str) -> dict[str, int]:
        """Typeset the bundle's own HTML pages."""
        self._begin(_typeset_pages, dict(pages), style)
        self._meanwhile()
        self._finish()
        return {key: self.page_counts[key] for key in pages}

    def write(
        self, order: Sequence[str], title: str, identifier: bytes, dated: date | None
    ) -> tuple[bytes, dict[str, tuple[int, int]]]:
        """Write the pages as one PDF."""
        self._worker.begin(_write, list(order), title, identifier, dated)
        written: tuple[bytes, dict[str, tuple[int, int]]] = self._worker.finish()
        return written

    def _begin(self, work: Callable[..., dict[str, int]], *arguments: object) -> None:
        self._worker.begin(work, *arguments)
        self._begun += 1

    def _finish(self) -> None:
        while self._begun:
            self._begun -= 1
            self.page_counts |= self._worker.finish()


PageTypesetter: TypeAlias = "Typesetter | TypesetterProcess"
"""What typesets the pages of a bundle, and holds them until they are written."""


def lend_typesetter(worker: SandboxWorker) -> None:
    """In a process that was forked from the worker's owner: let `find_typesetter` give the typesetter of the worker."""
    _lent[:] = [worker]


def find_typesetter(limits: Limits, meanwhile: Callable[[], None]) -> PageTypesetter:
    """Find the typesetter of the other process where there is one, else make one in this process.

    Args:
        limits: what the other process may use; one that stays from case to case keeps those that it had from the first.
        meanwhile: called here while the other process typesets pages that this one waits for.
    """
    if _lent:
        _lent[0].set_limits(limits)
        return TypesetterProcess(_lent[0], meanwhile)
    from bundler.typeset.typesetter import Typesetter

    return Typesetter()


def import_typesetter() -> None:
    """Import what typesetting needs, and use none of it: other processes may be forked from this one."""
    gc.set_threshold(_GC_THRESHOLD, 20, 20)
    from bundler.fonts.coverage import find_missing_glyphs
    from bundler.typeset.typesetter import import_weasyprint

    find_missing_glyphs("暖")
    import_weasyprint()
    # What the first picture on a page needs.
    import email.policy  # noqa: F401

    from PIL import Image

    Image.preinit()


def preload_typesetter() -> None:
    """Import what typesetting needs, and typeset one page: libraries also load data at their first use.

    No process may be forked from this one afterwards: Pango starts a thread at its first use.
    """
    import_typesetter()
    from bundler.typeset.typesetter import Typesetter

    typesetter = Typesetter()
    typesetter.typeset_pages({"warm": "<p>暖</p>"}, "")
    typesetter.write(["warm"], "暖", b"warm", None)


def import_lasting_typesetter() -> None:
    """Import what typesetting needs, in a process that typesets many bundles; see `forget_bundle`."""
    import_typesetter()
    gc.freeze()


def forget_bundle() -> None:
    """Give back the memory of the last bundle; what was there before the first is not looked at, which would take longer."""
    _typesetters.clear()
    gc.collect()


def _begin_bundle() -> dict[str, int]:
    from bundler.typeset.typesetter import Typesetter

    _typesetters[:] = [Typesetter()]
    return {}


def _typeset_paper(paper: tuple[str, Blocks]) -> dict[str, int]:
    return _typesetters[0].typeset_papers([paper])


def _typeset_pages(pages: dict[str, str], style: str) -> dict[str, int]:
    return _typesetters[0].typeset_pages(pages, style)


def _write(
    order: list[str], title: str, identifier: bytes, dated: date | None
) -> tuple[bytes, dict[str, tuple[int, int]]]:
    return _typesetters[0].write(order, title, identifier, dated)
