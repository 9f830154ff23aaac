"""What the pages of all cases share: who works, what was drawn, what is being made; and their routes."""

from __future__ import annotations

from starlette.routing import BaseRoute

from bundler.desk.casework import bundling, chronicle, form, materials, papers
from bundler.desk.casework.hands import Hands
from bundler.desk.casework.making import Benches
from bundler.desk.casework.pictures import Pictures, Store
from bundler.editing.draft import Seen

_PAPERS_BYTES = 64 * 1024 * 1024


class Workroom:
    """The desk's heavy tools, one of each.

    Attributes:
        hands: who draft and draw.
        pictures: pages as pictures.
        papers: drafted papers, kept while they are looked at.
        benches: where bundles are made.
        seen: the cases that people have before them.
    """

    def __init__(self) -> None:
        self.hands = Hands()
        self.pictures = Pictures(self.hands)
        self.papers = Store(_PAPERS_BYTES)
        self.benches = Benches()
        self.seen = Seen()

    def close(self) -> None:
        """Take no more work."""
        self.hands.close()
        self.benches.close()


routes: list[BaseRoute] = [*form.routes, *materials.routes, *papers.routes, *bundling.routes, *chronicle.routes]
"""Of the pages of a case."""
