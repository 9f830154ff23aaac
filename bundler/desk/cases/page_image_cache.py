"""Pictures of pages, kept by digest in memory: what was drawn once is not drawn again while it is looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bundler.desk.cases.latest import Latest
from bundler.desk.cases.page_renderer import ImageSize, count_pages, render_page
from bundler.desk.cases.worker_pool import WorkerPool, WorkerSet
from bundler.errors import BundlerError, CaseError
from bundler.sandbox import LimitExceededError, WorkFailedError

MAX_CACHE_BYTES = 128 * 1024 * 1024
DIGEST_PREFIX = 16
"""Digits of a digest that stand for it in an address."""


@dataclass(frozen=True, slots=True)
class PageRef:
    """A page of a file.

    Attributes:
        digest: the file's SHA-256.
        media_type: of the file.
        page: which, from 1.
        size: how large it is drawn.
    """

    digest: str
    media_type: str
    page: int
    size: ImageSize

    @property
    def name(self) -> str:
        """What its picture is kept under."""
        return f"{self.digest}/{self.page}/{self.size.value}"


class PageImageCache:
    """Pages as pictures, drawn by the hands."""

    def __init__(self, hands: WorkerPool) -> None:
        self._hands, self._store = hands, Latest[str, bytes](MAX_CACHE_BYTES, len)

    async def page(self, leaf: PageRef, load: Callable[[], bytes]) -> bytes:
        """A page as a WebP picture.

        Args:
            leaf: the page.
            load: gives the file's bytes, when they are needed.

        Raises:
            CaseError: it cannot be drawn.
        """
        kept = self._store.get(leaf.name)
        if kept is not None:
            return kept

        def work(hand: WorkerSet) -> bytes:
            again = self._store.get(leaf.name)
            if again is not None:
                return again
            data = None if hand.holds == leaf.digest else load()
            return self._store.keep(leaf.name, _drawn(hand, leaf, data))

        return await self._hands.do(work)

    async def count(self, digest: str, media_type: str, load: Callable[[], bytes]) -> int:
        """How many pages a PDF has, or a Word file when it is set.

        Raises:
            CaseError: it cannot be opened, or not be set.
        """
        name = f"{digest}/count"
        kept = self._store.get(name)
        if kept is not None:
            return int(kept)

        def work(hand: WorkerSet) -> int:
            try:
                count = hand.worker.run(count_pages, digest, load(), media_type)
            except (LimitExceededError, WorkFailedError, BundlerError) as error:
                hand.holds = ""
                raise _unseen(error) from error
            hand.holds = digest
            self._store.keep(name, str(count).encode())
            return count

        return await self._hands.do(work)


def _drawn(hand: WorkerSet, leaf: PageRef, data: bytes | None) -> bytes:
    try:
        picture = hand.worker.run(render_page, leaf.digest, data, leaf.media_type, leaf.page, leaf.size)
    except (LimitExceededError, WorkFailedError, BundlerError) as error:
        hand.holds = ""
        raise _unseen(error) from error
    hand.holds = leaf.digest
    return picture


def _unseen(error: Exception) -> CaseError:
    if isinstance(error, BundlerError):
        return CaseError(error.message, fix=error.fix, code=error.code)
    return CaseError(
        "这一页显示不出来：文件已损坏，或者太大。", fix="请重新扫描，或者下载后查看。", code="FILE-DAMAGED"
    )
