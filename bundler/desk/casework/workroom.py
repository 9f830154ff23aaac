"""What the pages of all cases share: who works, what was drawn, what is being made."""

from __future__ import annotations

from starlette.requests import Request

from bundler.desk.casework.examinations import Examinations
from bundler.desk.casework.hands import Hands
from bundler.desk.casework.latest import Latest
from bundler.desk.casework.making import Benches
from bundler.desk.casework.pictures import Pictures
from bundler.desk.casework.waiting import Tray
from bundler.editing.draft import Seen

_PAPERS_BYTES = 64 * 1024 * 1024


class Workroom:
    """The desk's heavy tools, one of each.

    Attributes:
        hands: who draft, and look into what came in.
        painters: who draw, so that nobody who leafs through a scan waits for a paper that is being set.
        pictures: pages as pictures.
        papers: drafted papers, kept while they are looked at.
        benches: where bundles are made.
        examinations: what the gate said of them.
        seen: the cases that people have before them.
        tray: files that were sent up, until it is known what they are.
    """

    def __init__(self) -> None:
        self.hands, self.painters = Hands(), Hands()
        self.pictures = Pictures(self.painters)
        self.papers = Latest[str, bytes](_PAPERS_BYTES, len)
        self.benches = Benches()
        self.examinations = Examinations()
        self.seen = Seen()
        self.tray = Tray()

    def close(self) -> None:
        """Take no more work."""
        self.hands.close()
        self.painters.close()
        self.benches.close()
        self.tray.close()


def workroom_of(request: Request) -> Workroom:
    """The tools of the desk that is asked."""
    room: Workroom = request.app.state.casework
    return room
