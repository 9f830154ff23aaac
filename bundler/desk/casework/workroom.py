"""What the pages of all cases share: who works, what was drawn, what is being made; and their routes."""

from __future__ import annotations

from starlette.routing import BaseRoute

from bundler.desk.casework import bundling, chronicle, materials, papers
from bundler.desk.casework.hands import Hands
from bundler.desk.casework.making import Benches
from bundler.desk.casework.pictures import Pictures, Store

_PAPERS_BYTES = 64 * 1024 * 1024


class Workroom:
    """The desk's heavy tools, one of each.

    Attributes:
        hands: who draft and draw.
        pictures: pages as pictures.
        papers: drafted papers, kept while they are looked at.
        benches: where bundles are made.
    """

    def __init__(self) -> None:
        self.hands = Hands()
        self.pictures = Pictures(self.hands)
        self.papers = Store(_PAPERS_BYTES)
        self.benches = Benches()

    def close(self) -> None:
        """Take no more work."""
        self.hands.close()
        self.benches.close()


routes: list[BaseRoute] = [*materials.routes, *papers.routes, *bundling.routes, *chronicle.routes]
"""Of the pages of a case."""
