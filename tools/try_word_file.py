"""Bind one Word file for `try_files`, and compare its pages and words with those that LibreOffice prints."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pypdfium2

ROOT = Path(__file__).parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from bundler.bind.join import join  # noqa: E402 (the path comes first)
from bundler.bind.join_types import TypesetPart  # noqa: E402
from bundler.typeset.typesetter import Typesetter  # noqa: E402
from bundler.word.docx_reader import read_blocks  # noqa: E402
from tests.support.libreoffice import printed  # noqa: E402

_MAX_LISTED = 20


def bind_word(data: bytes, target: Path) -> None:
    """Typeset a Word file and bind its pages."""
    typesetter = Typesetter()
    pages = typesetter.typeset_papers([("p", read_blocks(data))])["p"]
    made, _ = typesetter.write(["p"], "题", b"0" * 16, None)
    join(made, [TypesetPart(0, pages - 1, "正文")], [], target)


def compare_words(path: Path, bound: Path) -> Iterator[str]:
    """Yield how a bound Word file differs from what LibreOffice prints: in its pages, in the characters on them."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "a.docx"
        copy.write_bytes(path.read_bytes())
        work = Path(folder) / "work"
        work.mkdir()
        try:
            (expected,) = printed([copy], work).values()
        except AssertionError:
            yield "LibreOffice does not open it"
            return
        (pages, characters), (shown_pages, shown) = _read(expected), _read(bound)
    if pages != shown_pages:
        yield f"{shown_pages} pages, LibreOffice {pages}"
    for word, more, fewer in (("lacks", characters, shown), ("has besides", shown, characters)):
        surplus = "".join((more - fewer).elements())
        if surplus:
            yield f"{word} {len(surplus)} characters: {surplus[:_MAX_LISTED]}"


def _read(path: Path) -> tuple[int, Counter[str]]:
    with pypdfium2.PdfDocument(path) as pdf:
        texts = [page.get_textpage().get_text_range() for page in pdf]
    return len(texts), Counter("".join("".join(texts).split()))
