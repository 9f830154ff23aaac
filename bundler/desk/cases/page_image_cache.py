"""Images of pages, cached in memory by the file's digest while the file is being viewed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bundler.desk.cases.lru_cache import LruCache
from bundler.desk.cases.page_renderer import ImageSize, count_pages, render_page
from bundler.desk.cases.worker_pool import WorkerPool, WorkerSet
from bundler.errors import BundlerError, CaseError
from bundler.sandbox import LimitExceededError, WorkFailedError

MAX_CACHE_BYTES = 128 * 1024 * 1024
DIGEST_PREFIX = 16
"""So many digits of a digest identify a file in an address."""


@dataclass(frozen=True, slots=True)
class PageRef:
    """A page of a file, at one size.

    Attributes:
        digest: the file's SHA-256.
        media_type: the file's media type.
        page: the page number, from 1.
        size: the size of the image.
    """

    digest: str
    media_type: str
    page: int
    size: ImageSize

    @property
    def cache_key(self) -> str:
        """The key of its image in the cache."""
        return f"{self.digest}/{self.page}/{self.size.value}"


class PageImageCache:
    """Renders pages in a worker pool and caches their images."""

    def __init__(self, pool: WorkerPool) -> None:
        self._pool, self._cache = pool, LruCache[str, bytes](MAX_CACHE_BYTES, len)

    async def image(self, page: PageRef, load: Callable[[], bytes]) -> bytes:
        """The WebP image of a page.

        Args:
            page: the page.
            load: reads the file; called only where the image is not cached.

        Raises:
            CaseError: the page cannot be rendered.
        """
        cached = self._cache.get(page.cache_key)
        if cached is not None:
            return cached

        def task(workers: WorkerSet) -> bytes:
            rendered_meanwhile = self._cache.get(page.cache_key)
            if rendered_meanwhile is not None:
                return rendered_meanwhile
            data = None if workers.loaded_digest == page.digest else load()
            return self._cache.put(page.cache_key, _render(workers, page, data))

        return await self._pool.run(task)

    async def count_pages(self, digest: str, media_type: str, load: Callable[[], bytes]) -> int:
        """The number of pages of a PDF, or of a Word file when it is typeset.

        Raises:
            CaseError: the file cannot be opened or typeset.
        """
        key = f"{digest}/count"
        cached = self._cache.get(key)
        if cached is not None:
            return int(cached)

        def task(workers: WorkerSet) -> int:
            try:
                count = workers.renderer.run(count_pages, digest, load(), media_type)
            except (LimitExceededError, WorkFailedError, BundlerError) as error:
                workers.loaded_digest = ""
                raise _rendering_error(error) from error
            workers.loaded_digest = digest
            self._cache.put(key, str(count).encode())
            return count

        return await self._pool.run(task)


def _render(workers: WorkerSet, page: PageRef, data: bytes | None) -> bytes:
    try:
        image = workers.renderer.run(render_page, page.digest, data, page.media_type, page.page, page.size)
    except (LimitExceededError, WorkFailedError, BundlerError) as error:
        workers.loaded_digest = ""
        raise _rendering_error(error) from error
    workers.loaded_digest = page.digest
    return image


def _rendering_error(error: Exception) -> CaseError:
    if isinstance(error, BundlerError):
        return CaseError(error.message, fix=error.fix, code=error.code)
    return CaseError(
        "这一页显示不出来：文件已损坏，或者太大。", fix="请重新扫描，或者下载后查看。", code="FILE-DAMAGED"
    )
