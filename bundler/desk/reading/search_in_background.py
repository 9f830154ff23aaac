"""The search inside papers: one at a time, since the first one of a folder reads all its cases and takes minutes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass

from bundler.case_search.full_text_search import SearchHit, search_cases
from bundler.desk.case_registry import CaseRef, CaseRegistry
from bundler.desk.settings import DeskSettings

_WAIT_SECONDS = 4.0
"""How long a request waits for its search; after that, the page asks again."""
_MAX_SEARCHES = 20


@dataclass(frozen=True, slots=True)
class FoundCase:
    """The hits in one case."""

    ref: CaseRef
    registration_no: str
    hits: tuple[SearchHit, ...]


@dataclass(frozen=True, slots=True)
class FoundPapers:
    """The result of a search.

    Attributes:
        cases: the cases with hits.
        count: the number of hits.
        searched: how many cases were searched.
        has_more: there are more hits than these.
    """

    cases: tuple[FoundCase, ...]
    count: int
    searched: int
    has_more: bool

    def only(self, keys: frozenset[str]) -> FoundPapers:
        """The hits in the cases with these keys, which are the ones that an account may see."""
        cases = tuple(one for one in self.cases if one.ref.key in keys)
        if len(cases) == len(self.cases):
            return self
        return FoundPapers(cases, sum(len(one.hits) for one in cases), len(keys), self.has_more)


class PaperSearch:
    """Searches the papers of a desk's cases."""

    def __init__(self, settings: DeskSettings, registry: CaseRegistry) -> None:
        self._settings, self._registry = settings, registry
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="paper-search")
        self._lock = threading.Lock()
        self._searches: OrderedDict[tuple[str, ...], Future[FoundPapers]] = OrderedDict()
        self.progress = (0, 0)
        """How many cases that are new or have changed were read, and how many there are."""

    def search(self, words: Sequence[str]) -> FoundPapers | None:
        """The papers that hold all words; None while the cases are still being read: then ask again.

        Args:
            words: as `search_words` gives them; at least one.

        Raises:
            BundlerError: the search failed.
        """
        key = tuple(words)
        with self._lock:
            search = self._searches.get(key)
            if search is None:
                search = self._searches[key] = self._thread.submit(self._search, key)
                while len(self._searches) > _MAX_SEARCHES:
                    self._searches.popitem(last=False)[1].cancel()
        try:
            found = search.result(_WAIT_SECONDS)
        except FutureTimeoutError:
            return None
        finally:
            if search.done():  # the next one looks at the cases as they are then
                with self._lock:
                    self._searches.pop(key, None)
        return found

    def close(self) -> None:
        """Give up the searches that have not begun."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _search(self, words: tuple[str, ...]) -> FoundPapers:
        refs = {ref.name: ref for ref in self._registry.scan()}
        folders = [ref.folder for ref in refs.values()]
        result = search_cases(
            self._settings.root, words, progress=self._tell_progress, folders=folders, with_places=False
        )
        by_case: dict[str, list[SearchHit]] = {}
        for hit in result.hits:
            if hit.case in refs:
                by_case.setdefault(hit.case, []).append(hit)
        cases = tuple(FoundCase(refs[name], hits[0].registration_no, tuple(hits)) for name, hits in by_case.items())
        return FoundPapers(cases, sum(map(len, by_case.values())), result.cases, result.has_more)

    def _tell_progress(self, done: int, total: int) -> None:
        self.progress = (done, total)
