"""The making of a bundle in a process with limits: what foreign files and templates do to a library ends there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bundler.bind.binding_order import papers_of
from bundler.bind.parts import BoundFile
from bundler.bind.volume_scope import VolumeScope
from bundler.bundle.binding_plan import binding_plan
from bundler.bundle.check import CheckedCase
from bundler.errors import CaseError
from bundler.pages.volume import Volume
from bundler.sandbox import (
    MEMORY_BYTES,
    LimitExceededError,
    Limits,
    Progress,
    SandboxWorker,
    WorkFailedError,
    run_sandboxed,
)

if TYPE_CHECKING:
    from bundler.bundle.supplement import EarlierBundle
    from bundler.signature.signing import SigningKey
    from bundler.word.blocks import WordPapers

STEPS_BESIDES_PAPERS = 3
"""Steps of which a listener is told beside the joining of each paper."""
_SECONDS = 300
_FILE_BYTES = 1024**3
_TIMES_INPUT = 4
"""So many bytes of output each byte of input may cost, and of memory each of the largest file, beside what all may."""


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What is to be made of a case.

    Attributes:
        scope: the whole or the 正卷.
        old: the earlier bundle behind which the case's new papers are to be bound; None: a bundle of its own.
        key: what the file is to be signed with; None: not at all.
        divided: into books, where the profile says how long one may be.
        niceness: how far its process lets others go first, as nice(2) counts.
    """

    scope: VolumeScope = VolumeScope.WHOLE
    old: EarlierBundle | None = None
    key: SigningKey | None = None
    divided: bool = True
    niceness: int = 0

    def file_name(self, number: str) -> str:
        """What the file is called where nobody names it, by the case's number (登记号)."""
        if self.old is not None:
            return f"{number}-补充{len(self.old.manifest.earlier) + 1}.pdf"
        return f"{number}-{self.scope.label}.pdf" if self.scope is VolumeScope.MAIN else f"{number}.pdf"


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """A bundle that is to be made.

    Attributes:
        examined: the case, which the gate has let through.
        templates: their folder.
        target: where to write; None: nowhere.
        wish: what is to be made of it.
    """

    examined: CheckedCase
    templates: Path
    target: Path | None
    wish: BuildOptions = BuildOptions()


@dataclass(frozen=True, slots=True)
class BuildResult:
    """A bundle that was made.

    Attributes:
        volume: the papers under one numbering.
        books: the books (册) that they are written as, and in `bound` what was written of each; empty for nothing.
        left_out: how many papers a 正卷 leaves out.
    """

    volume: Volume
    books: tuple[Volume, ...]
    bound: tuple[BoundFile, ...] = ()
    left_out: int = 0


def make(order: BuildRequest, listen: Progress, setter: SandboxWorker | None = None) -> BuildResult:
    """Draft, set, number and join the bundle of a complete case, under limits.

    Args:
        order: what is to be made.
        listen: told each step as a text, and once, as a number, how many papers there are to be joined.
        setter: a process that has loaded what setting and joining need; without one, all is done by one that is
            started now.

    Raises:
        CaseError: it went over a limit, or a library died of a file.
        BundlerError: as `prepare_bundle` and `write_bundle` say.
    """
    limits = _limits(order)
    doing = ""

    def hear(news: str | int) -> None:
        nonlocal doing
        doing = news if isinstance(news, str) else doing
        listen(news)

    try:
        if setter is None:
            return run_sandboxed(_make, order, limits=limits, listen=hear)
        with SandboxWorker(limits) as drafter:
            draft_word_papers = drafter.run(_draft, order, listen=hear)
            setter.limit(limits)
            return setter.run(_bind, order, draft_word_papers, listen=hear)
    except LimitExceededError:
        what, code = "用的内存或者时间过多", "FILE-TOO-LARGE"
    except WorkFailedError:
        what, code = "出错", "FILE-DAMAGED"
    raise CaseError(f"制作“{doing}”时{what}，没有成卷。", fix="请重新扫描这一份，或者换一个文件，再成卷。", code=code)


def _limits(order: BuildRequest) -> Limits:
    records, old = order.examined.records.values(), order.wish.old
    sizes = [*(record.size for record in records), old.length if old else 0]
    return Limits(
        memory=2 * MEMORY_BYTES + _TIMES_INPUT * max(sizes),
        seconds=_SECONDS + sum(len(record.pages) for record in records),
        file_bytes=_FILE_BYTES + _TIMES_INPUT * sum(sizes),
        niceness=order.wish.niceness,
    )


def _make(tell: Progress, order: BuildRequest) -> BuildResult:
    return _bind(tell, order, _draft(tell, order))


def _draft(tell: Progress, order: BuildRequest) -> WordPapers:
    """The Word papers of what is ordered."""
    from bundler.bundle.word_papers import draft_word_papers

    examined, wish = order.examined, order.wish
    if wish.old is not None:
        from bundler.bundle.supplement import new_papers

        papers = new_papers(examined, wish.old.manifest)
    else:
        sections, _ = binding_plan(examined, wish.scope)
        papers = papers_of(sections)
    tell("起草文书")
    return draft_word_papers(examined, papers, order.templates)


def _bind(tell: Progress, order: BuildRequest, draft_word_papers: WordPapers) -> BuildResult:
    """Set, number and join what was drafted."""
    examined, templates, target, wish = order.examined, order.templates, order.target, order.wish
    if wish.old is not None:
        from bundler.bundle.supplement import prepare_supplement, write_supplement

        added = prepare_supplement(examined, draft_word_papers, wish.old, templates, tell)
        tell(len(added.volume.papers))
        bound = (write_supplement(added, target, tell, wish.key),) if target else ()
        return BuildResult(added.volume, (added.volume,), bound)
    from bundler.bundle.build import prepare_bundle, write_bundle

    prepared = prepare_bundle(examined, draft_word_papers, templates, tell, wish.scope, divided=wish.divided)
    tell(sum(len(book.papers) for book in prepared.books))
    written = write_bundle(prepared, target, tell, wish.key) if target else ()
    return BuildResult(prepared.volume, prepared.books, written, len(prepared.left_out))
