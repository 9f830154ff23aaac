"""Draw, damage and read the pages of invented cases; what was read is kept by the digest of the picture."""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

from invented_papers import InventedCase, InventedPaper, invent_case
from page_damage import KINDS, damage
from page_drawing import Face, Hand, draw
from PIL import Image

from bundler.digest import sha256_of
from bundler.file_inspection_record import JPEG
from bundler.scan_reading.record import ReadPage
from bundler.text_recognition.case_reading import ENGINE
from bundler.text_recognition.ocr_engine import load_engine
from bundler.text_recognition.page_picture import SourcePages
from bundler.text_recognition.page_reading import read_page

_SYSTEM_FONTS = Path("/usr/share/fonts/opentype/noto")
"""Faces that `make setup` installs and the samples do not use."""
_SECOND_SCAN, _TURNED, _UNSEALED = 5, 6, 2
"""Of so many pages, or sealed papers, one is scanned again, turned, or drawn without its seal."""


@dataclass(frozen=True)
class Faces:
    """The typefaces in which papers are drawn."""

    prints: tuple[Face, ...]
    hands: tuple[Face, ...]


@dataclass
class ReadPaper:
    """A paper with what was read on it.

    Attributes:
        paper: its words and its entry in case.json.
        pages: what was read.
        kind: how it came in.
        again: what was read on a second scan of its first page; None for most.
        turned: what was read on its first page when it lay turned, and by how much; None for most.
        unsealed: what was read when it had no seal; None for most.
    """

    paper: InventedPaper
    pages: list[ReadPage]
    kind: str
    again: ReadPage | None = None
    turned: tuple[int, ReadPage] | None = None
    unsealed: list[ReadPage] | None = None


@dataclass
class ReadCase:
    """A case with its papers read."""

    case: InventedCase
    papers: list[ReadPaper] = field(default_factory=list)


def find_faces(prints: Path, hands: Path) -> Faces:
    """The typefaces: those of the system that the samples do not use, and more from two folders.

    Args:
        prints: a folder of fonts for print.
        hands: a folder with a folder for each handwriting, which may be the slices of a web font.
    """
    files = [*sorted(_SYSTEM_FONTS.glob("Noto*CJK-Regular.ttc")), *sorted(prints.rglob("*.tt?"))]
    faces = tuple(Face((path,)) for path in files)
    if not faces:
        raise FileNotFoundError("no font for print; see `make setup` and `make measure-reading`")
    folders = sorted(hands.iterdir()) if hands.is_dir() else []
    slices = [tuple(sorted(folder.glob("*.woff"))) for folder in folders]
    return Faces(faces, tuple(Face((*files, *faces[0].files)) for files in slices if files) or faces)


class PageStore:
    """Reads pages, each picture once."""

    def __init__(self, folder: Path) -> None:
        """Keep what is read in a folder."""
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.count = 0
        self.engine = ENGINE

    def read(self, page: Image.Image) -> ReadPage:
        """Read a page."""
        data = io.BytesIO()
        page.save(data, "JPEG", quality=82)
        kept = self._folder / f"{sha256_of(data.getvalue())}.json"
        self.count += 1
        if kept.exists():
            return ReadPage.model_validate_json(kept.read_bytes())
        read = read_page(load_engine(), SourcePages(data.getvalue(), JPEG).picture(1), 1)
        kept.write_text(read.model_dump_json(), encoding="utf-8")
        return read


def read_case(number: int, seed: str, faces: Faces, store: PageStore, *, with_faults: bool = True) -> ReadCase:
    """Invent, draw, damage and read a case; the same seed gives the same pages.

    Args:
        number: of the case.
        seed: from which everything is invented.
        faces: the typefaces.
        store: reads the pages.
        with_faults: whether pages are also read that are scanned again, turned, or without their seal.
    """
    case = invent_case(number, seed)
    rng = Random(f"{seed}-pages-{number}")  # noqa: S311 (a drawing, no secret)
    found = ReadCase(case)
    for place, paper in enumerate(case.papers):
        kind = rng.choice(KINDS)
        hand = Hand(rng.choice(faces.prints), rng.choice(faces.prints), rng.choice(faces.hands), rng)
        sheets = draw(paper.paper, hand)
        read = ReadPaper(paper, [store.read(damage(sheet, kind, rng)) for sheet in sheets], kind)
        ordinal = number * len(case.papers) + place
        # What is not read is drawn too: the chance goes on, and the other pages stay the same.
        if ordinal % _SECOND_SCAN == 0:
            second = damage(sheets[0], rng.choice(KINDS), rng)
            read.again = store.read(second) if with_faults else None
        if ordinal % _TURNED == 0:
            turn = rng.choice((90, 180, 270))
            lying = damage(sheets[0], kind, rng).rotate(
                turn, expand=True
            )  # counter-clockwise, so that `turn` puts it right
            read.turned = (turn, store.read(lying)) if with_faults else None
        if paper.is_sealed and ordinal % _UNSEALED == 0:
            plain = replace(paper.paper, blocks=tuple(_without_seal(block) for block in paper.paper.blocks))
            bare = [damage(sheet, kind, rng) for sheet in draw(plain, hand)]
            read.unsealed = [store.read(sheet) for sheet in bare] if with_faults else None
        found.papers.append(read)
    return found


def _without_seal(block: str | tuple[tuple[str, ...], ...]) -> str | tuple[tuple[str, ...], ...]:
    return block.replace("@", "") if isinstance(block, str) else block
