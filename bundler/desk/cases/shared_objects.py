"""The long-lived objects that the pages of all cases share: worker pools, caches, the build queue, uploads."""

from __future__ import annotations

import contextlib
import threading

from bundler.bundle.draft_single_papers import preload_drafter
from bundler.case_edit.read_version_cache import SnapshotCache, Tree
from bundler.desk.case_registry import CaseRef
from bundler.desk.cases.build_jobs import BuildQueue
from bundler.desk.cases.checked_case_cache import CaseView, CheckCache
from bundler.desk.cases.lru_cache import LruCache
from bundler.desk.cases.page_image_cache import PageImageCache
from bundler.desk.cases.page_renderer import preload_renderer
from bundler.desk.cases.upload_temporary_files import UnfinishedUploads
from bundler.desk.cases.worker_pool import WorkerPool
from bundler.desk.settings import DeskSettings
from bundler.intake.qr_scan import PageContent, preload_reader
from bundler.regulation.papers import BundleKind

_DOCUMENT_CACHE_BYTES = 64 * 1024 * 1024
_MAX_READ_FILES = 2000


class CaseServices:
    """One of each, for one desk.

    Attributes:
        settings: the desk's settings.
        workers: the pool that drafts documents and inspects uploaded files.
        render_pool: the pool that renders pages, so that leafing through a scan does not wait for a document.
        page_images: images of pages.
        document_cache: Word files and PDFs of drafted documents.
        build_queue: the bundles that are being built.
        check_cache: the gate's latest check results.
        snapshots: the versions of case.json that pages show, to merge edits with.
        incoming: the files that browsers are sending.
        serves: whether browsers use this desk over a server, so that processes are started before they are needed.
        page_contents: the QR codes and titles of the pages of unplaced files, by the file's digest.
    """

    def __init__(self, settings: DeskSettings) -> None:
        self.settings = settings
        self.workers, self.render_pool = WorkerPool(), WorkerPool()
        self.page_images = PageImageCache(self.render_pool)
        self.document_cache = LruCache[str, bytes](_DOCUMENT_CACHE_BYTES, len)
        self.build_queue = BuildQueue()
        self.check_cache = CheckCache()
        self.snapshots = SnapshotCache()
        self.incoming = UnfinishedUploads()
        self.serves = False
        self._warming: threading.Timer | None = None
        self.page_contents = LruCache[str, tuple[PageContent, ...]](_MAX_READ_FILES)

    def warm_up(self, *, after: float = 0.0) -> None:
        """Let the worker processes import now what a preview or an upload will need; only in a desk that serves browsers.

        Args:
            after: seconds to wait before; a form that was just opened needs no process yet.
        """
        if self.serves and self._warming is None:
            self._warming = threading.Timer(after, self._warm_up)
            self._warming.daemon = True
            self._warming.start()
        elif self._warming is not None and not after:
            self._warm_up()

    def _warm_up(self) -> None:
        with contextlib.suppress(RuntimeError):  # the pools are closed already
            self.render_pool.warm_up(preload_renderer)
            self.workers.warm_up(preload_drafter, preload_reader)

    def load_case(self, ref: CaseRef, kind: BundleKind | None = None) -> CaseView:
        """Read and check a case.

        Args:
            ref: the case.
            kind: the kind of bundle to check for; None: the kind that the case itself states.
        """
        return CaseView(ref, self.check_cache.check(ref.folder, kind, self.settings), self.settings)

    def keep_version(self, view: CaseView) -> None:
        """Keep the version of case.json that a page is going to show, to merge edits of the page with."""
        if view.snapshot is not None:
            self.snapshots.keep(view.snapshot)

    def known_tree(self, view: CaseView, version: str) -> Tree | None:
        """The content of case.json in a version that a page showed; None where that version is no longer cached."""
        return view.tree if version == view.version else self.snapshots.get(version)

    def close(self) -> None:
        """Shut the pools down and delete what is being uploaded."""
        if self._warming is not None:
            self._warming.cancel()
        self.workers.close()
        self.render_pool.close()
        self.build_queue.close()
        self.incoming.close()
