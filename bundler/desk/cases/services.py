"""What the pages of all cases share: who works, what was drawn, what is being made."""

from __future__ import annotations

from starlette.requests import Request

from bundler.case_edit.snapshot import SnapshotCache
from bundler.desk.cases.build_jobs import BuildQueue
from bundler.desk.cases.check_cache import CheckCache
from bundler.desk.cases.latest import Latest
from bundler.desk.cases.page_image_cache import PageImageCache
from bundler.desk.cases.pending_uploads import PendingUploads
from bundler.desk.cases.worker_pool import WorkerPool

_DOCUMENT_CACHE_BYTES = 64 * 1024 * 1024


class CaseServices:
    """The desk's heavy tools, one of each.

    Attributes:
        hands: who draft, and look into what came in.
        render_pool: who draw, so that nobody who leafs through a scan waits for a paper that is being set.
        pictures: pages as pictures.
        papers: drafted papers, kept while they are looked at.
        build_queue: where bundles are made.
        check_cache: what the gate said of them.
        seen: the cases that people have before them.
        pending_uploads: files that were sent up, until it is known what they are.
    """

    def __init__(self) -> None:
        self.hands, self.render_pool = WorkerPool(), WorkerPool()
        self.pictures = PageImageCache(self.render_pool)
        self.papers = Latest[str, bytes](_DOCUMENT_CACHE_BYTES, len)
        self.build_queue = BuildQueue()
        self.check_cache = CheckCache()
        self.seen = SnapshotCache()
        self.pending_uploads = PendingUploads()

    def close(self) -> None:
        """Take no more work."""
        self.hands.close()
        self.render_pool.close()
        self.build_queue.close()
        self.pending_uploads.close()


def services_of(request: Request) -> CaseServices:
    """The tools of the desk that is asked."""
    room: CaseServices = request.app.state.services.cases
    return room
