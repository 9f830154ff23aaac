"""The words of a template that a change touches, and which of them no situation prints: the comparison of papers misses them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from pathlib import Path

from bundler.documents.shared_template_passages import BLOCKS_FILE, load_blocks
from bundler.template_check.read_template_parts import template_parts
from bundler.template_check.tokens import BLOCKS_PART, Part, Token
from bundler.word.docx_package import PackageError

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_MARKUP = re.compile(r"<[^>]*>")
_CONSTANT = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_PIECE = re.compile(r"[^。；！？]*[。；！？]+[”’」』）]*|[^。；！？]+")


@dataclass(frozen=True, slots=True)
class WordChange:
    """Words between two tags of a template, or in quotation marks within a tag, that a change touches.

    Attributes:
        template: the file; that of the building blocks where they stand there.
        place: the part and the paragraph or line: 正文第43段.
        before, after: at most a sentence; empty where it is new, or gone.
        is_printed: a changed sentence of some situation shows the change.
    """

    template: str
    place: str
    before: str
    after: str
    is_printed: bool


@dataclass(frozen=True, slots=True)
class _Words:
    text: str
    template: str
    place: str


def changed_words(before: Path, after: Path, name: str, printed: Iterable[tuple[str, str]]) -> tuple[WordChange, ...]:
    """Return the words that differ between two versions of a template; none where a version cannot be read.

    Args:
        before: the folder of the earlier templates.
        after: the folder of templates.
        name: the file of the template.
        printed: the sentences that differ in some situation, before and after; empty where there is none.
    """
    try:
        old, new = (list(_words_of(folder, name)) for folder in (before, after))
    except (OSError, PackageError, UnicodeDecodeError):
        return ()
    shown = list(printed)
    matcher = SequenceMatcher(None, [one.text for one in old], [one.text for one in new], autojunk=False)
    groups = [(old[first:last], new[start:end]) for _, first, last, start, end in matcher.get_opcodes()]
    return tuple(
        _change(gone, added, shown)
        for removed, added_words in groups
        if _joined(removed) != _joined(added_words)  # the same words between other tags are no change of words
        for gone, added in zip_longest(removed, added_words)
    )


def _joined(words: Iterable[_Words]) -> str:
    return "".join(one.text for one in words)


def _change(old: _Words | None, new: _Words | None, printed: Iterable[tuple[str, str]]) -> WordChange:
    here, gone, added = new or old, old.text if old else "", new.text if new else ""
    assert here is not None  # noqa: S101 (one of them is there)
    is_printed = any((gone and gone in before) or (added and added in after) for before, after in printed)
    return WordChange(here.template, here.place, gone, added, bool(is_printed))


def _words_of(folder: Path, name: str) -> Iterator[_Words]:
    """The words of a template in the order of reading, those of the building blocks that it inserts among them."""
    blocks = load_blocks(folder) if name.endswith(".docx") else {}
    for part in template_parts(name, (folder / name).read_bytes(), blocks):
        for token in part.tokens:
            for text in _texts_of(token, part):
                for piece in _PIECE.findall(text):
                    if _CHINESE.search(piece):
                        yield _Words(piece.strip(), token.location.block_file or name, _place(token, part))


def _texts_of(token: Token, part: Part) -> Iterator[str]:
    if token.is_tag:
        yield from (single or double for single, double in _CONSTANT.findall(token.source))
    elif part.by_lines:
        yield from map(html.unescape, _MARKUP.split(token.text))
    else:
        yield token.text


def _place(token: Token, part: Part) -> str:
    name = BLOCKS_PART if token.location.block_file else part.name
    return f"{name}第{token.location.number}{'行' if part.by_lines else '段'}"


def without_printed(changes: Iterable[WordChange]) -> tuple[WordChange, ...]:
    """Return the changes that no paper shows, each once: a building block may be printed in one paper and not in another."""
    found: dict[tuple[str, str, str], list[WordChange]] = {}
    for change in changes:
        place = "" if change.template == BLOCKS_FILE else change.place
        found.setdefault((change.template, place, f"{change.before}\n{change.after}"), []).append(change)
    return tuple(same[0] for same in found.values() if not any(one.is_printed for one in same))
