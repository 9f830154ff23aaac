"""The making of a bundle in a process with limits: what foreign files and templates do to a library ends there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bundler.assembly.build import prepare, write
from bundler.assembly.examine import Examined
from bundler.assembly.supplement import OldBundle, prepare_supplement, write_supplement
from bundler.bind.parts import Bound
from bundler.bind.volumes import Scope
from bundler.errors import CaseError
from bundler.pages.volume import Volume
from bundler.sandbox import MEMORY_BYTES, FailedError, Limits, OverLimitError, Tell, run_limited
from bundler.signature.making import SigningKey

STEPS_BESIDE_PAPERS = 3
"""Steps of which a listener is told beside the joining of each paper."""
_SECONDS = 300
_FILE_BYTES = 1024**3
_TIMES_INPUT = 4
"""So many bytes of output each byte of input may cost, and of memory each of the largest file, beside what all may."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be made of a case.

    Attributes:
        scope: the whole or the 正卷.
        old: the earlier bundle behind which the case's new papers are to be bound; None: a bundle of its own.
        key: what the file is to be signed with; None: not at all.
        divided: into books, where the profile says how long one may be.
    """

    scope: Scope = Scope.WHOLE
    old: OldBundle | None = None
    key: SigningKey | None = None
    divided: bool = True

    def file_name(self, number: str) -> str:
        """What the file is called where nobody names it, by the case's number (登记号)."""
        if self.old is not None:
            return f"{number}-补充{len(self.old.manifest.earlier) + 1}.pdf"
        return f"{number}-{self.scope.label}.pdf" if self.scope is Scope.MAIN else f"{number}.pdf"


@dataclass(frozen=True, slots=True)
class Made:
    """A bundle that was made.

    Attributes:
        volume: the papers under one numbering.
        books: the books (册) that they are written as, and in `bound` what was written of each; empty for nothing.
        left_out: how many papers a 正卷 leaves out.
    """

    volume: Volume
    books: tuple[Volume, ...]
    bound: tuple[Bound, ...] = ()
    left_out: int = 0


def make(examined: Examined, templates: Path, target: Path | None, listen: Tell, wish: Wish = Wish()) -> Made:
    """Draft, set, number and join the bundle of a complete case, under limits.

    Args:
        examined: the case, which the gate has let through.
        templates: their folder.
        target: where to write; None: nowhere.
        listen: told each step as a text, and once, as a number, how many papers there are to be joined.
        wish: what is to be made of it.

    Raises:
        CaseError: it went over a limit, or a library died of a file.
        BundlerError: as `prepare` and `write` say.
    """
    sizes = [*(record.size for record in examined.records.values()), wish.old.length if wish.old else 0]
    pages = sum(len(record.pages) for record in examined.records.values())
    limits = Limits(
        memory=2 * MEMORY_BYTES + _TIMES_INPUT * max(sizes),
        seconds=_SECONDS + pages,
        file_bytes=_FILE_BYTES + _TIMES_INPUT * sum(sizes),
    )
    doing = ""

    def hear(news: str | int) -> None:
        nonlocal doing
        doing = news if isinstance(news, str) else doing
        listen(news)

    try:
        return run_limited(
            _make,
            examined,
            templates,
            target,
            wish,
            limits=limits,
            listen=hear,
        )
    except OverLimitError:
        what, code = "用的内存或者时间过多", "FILE-TOO-LARGE"
    except FailedError:
        what, code = "出错", "FILE-DAMAGED"
    raise CaseError(f"制作“{doing}”时{what}，没有成卷。", fix="请重新扫描这一份，或者换一个文件，再成卷。", code=code)


def _make(tell: Tell, examined: Examined, templates: Path, target: Path | None, wish: Wish) -> Made:
    if wish.old is not None:
        added = prepare_supplement(examined, wish.old, templates, tell)
        tell(len(added.volume.papers))
        bound = (write_supplement(added, target, tell, wish.key),) if target else ()
        return Made(added.volume, (added.volume,), bound)
    prepared = prepare(examined, templates, tell, wish.scope, divided=wish.divided)
    tell(sum(len(book.papers) for book in prepared.books))
    written = write(prepared, target, tell, wish.key) if target else ()
    return Made(prepared.volume, prepared.books, written, len(prepared.left_out))
