"""Building a bundle in worker processes with limits: the one way that the command, the desk and the batch share.

A library that fails over an attached file or a template, or takes too much memory or time, ends with its process.
Half of a cold ``build`` is the loading of libraries, so `preloaded_workers` loads them while the case is checked and its
papers are drafted: one process drafts and joins, and has the pages typeset by another.
For that reason nothing heavy is imported at the top of this module.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bundler.bind.volume_scope import VolumeScope
from bundler.bundle.built_here_proof import remember_built
from bundler.bundle.typesetter_process import find_typesetter, import_typesetter, lend_typesetter, preload_typesetter
from bundler.errors import CaseError
from bundler.process_limits import MEMORY_BYTES, Limits
from bundler.process_start import count_threads
from bundler.sandbox import LimitExceededError, SandboxWorker, WorkFailedError, run_sandboxed

if TYPE_CHECKING:
    from bundler.bind.join_types import BoundFile
    from bundler.bundle.binding_plan import BindingPlan
    from bundler.bundle.read_and_check_case import CheckedCase
    from bundler.bundle.supplement import EarlierBundle
    from bundler.cover_and_index.arranged_volume import Volume
    from bundler.signature.signing import SigningKey
    from bundler.word.block_model import WordPapers

Progress = Callable[[str | int], None]
"""Called with each step as a Chinese text, and once with a number: how many papers there are to join."""

STEPS_BESIDES_PAPERS = 3
"""Steps that are reported besides the joining of each paper."""
_SECONDS = 300
_FILE_BYTES = 1024**3
TYPESETTER_LIMITS = Limits(memory=2 * MEMORY_BYTES, seconds=_SECONDS, file_bytes=_FILE_BYTES)
"""The limits of a process that typesets the papers of one case after another."""
_TIMES_INPUT = 4
"""Bytes of output for each byte of input, and bytes of memory for each byte of the largest file, besides the fixed share."""


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """What bundle to build of a case, and where to write it.

    Attributes:
        templates: the templates' folder.
        target: the file to write; several books (册) are written beside it, each with its number.
        protected: files besides the case's own that the bundle must not replace; None: the target lies in a folder of
            the caller's own, where none of the inputs can be, and is not checked.
        scope: the whole (全卷) or the 正卷.
        earlier: the bundle to which the case's new papers are added; None for a bundle of its own.
        key: the key to sign with; None for no signature.
        divided: split into books where the profile limits the length of one.
        niceness: the niceness of the process that builds, as in nice(2).
        dry_run: plan and typeset, and write nothing.
    """

    templates: Path
    target: Path
    protected: tuple[Path, ...] | None = None
    scope: VolumeScope = VolumeScope.WHOLE
    earlier: EarlierBundle | None = None
    key: SigningKey | None = None
    divided: bool = True
    niceness: int = 0
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class BuildResult:
    """A bundle that was built.

    Attributes:
        volume: all papers, numbered throughout.
        books: the books (册) that they are written as.
        bound: the file of each book; empty after a dry run.
        left_out: how many papers a 正卷 leaves out.
        history_error: why `bundler.build` could not add a line to the case's history; empty where it could.
    """

    volume: Volume
    books: tuple[Volume, ...]
    bound: tuple[BoundFile, ...] = ()
    left_out: int = 0
    history_error: str = ""


def build_bundle(
    checked: CheckedCase, request: BuildRequest, progress: Progress, workers: BuildWorkers | None = None
) -> BuildResult:
    """Draft, typeset, number and join the bundle of a complete case.

    Args:
        checked: the case.
        request: what to build.
        progress: called before each step.
        workers: what `preloaded_workers` or `workers_with_kept_typesetter` gave; without them, everything is done in one
            new process.

    Raises:
        CaseError: the gate does not let the case through, a limit was exceeded, or a library failed over a file.
        UsageError: the bundle would replace one of its inputs, or the bundle of another case.
        OutputError: the bundle cannot be written.
        TemplateError: a template is broken.
        FontGlyphError: no font has one of the characters.
        FileChangedError: a file has changed since the check.
    """
    if not checked.complete:
        count = len(checked.check_result.errors)
        raise CaseError(f"没有成卷：还有 {count} 处必须补正。", fix="请按清单补正后再成卷。")
    if request.protected is not None:
        from bundler.bundle.output_path_checks import case_inputs, check_replaced_bundle, check_target

        inputs = (*case_inputs(checked.reading.folder, checked.case), *request.protected)
        check_target(request.target, inputs, request.templates, has_books=True)
        check_replaced_bundle(request.target, checked.case.registration.no)
    built = _build(checked, request, progress, workers)
    remember_built(one.sha256 for one in built.bound)
    return built


def _build(
    checked: CheckedCase, request: BuildRequest, progress: Progress, workers: BuildWorkers | None
) -> BuildResult:
    limits = _limits(checked, request)
    step = ""

    def report(event: str | int) -> None:
        nonlocal step
        step = event if isinstance(event, str) else step
        progress(event)

    try:
        if workers is None:
            return run_sandboxed(_draft_and_bind, checked, request, limits, limits=limits, progress=report)
        workers.preload_binder()
        workers.binder.set_limits(limits)
        return workers.binder.run(_draft_and_bind, checked, request, limits, progress=report)
    except LimitExceededError:
        what, code = "用的内存或者时间过多", "FILE-TOO-LARGE"
    except WorkFailedError as error:
        what, code = "出错", "FILE-DAMAGED"
        if error.in_helper and workers is not None and workers.typesetter.exceeded_limit():
            what, code = "用的内存或者时间过多", "FILE-TOO-LARGE"
    raise CaseError(f"制作“{step}”时{what}，没有成卷。", fix="请重新扫描这一份，或者换一个文件，再成卷。", code=code)


def _limits(checked: CheckedCase, request: BuildRequest) -> Limits:
    records = checked.records.values()
    sizes = [*(record.size for record in records), request.earlier.length if request.earlier else 0]
    return Limits(
        memory=2 * MEMORY_BYTES + _TIMES_INPUT * max(sizes),
        seconds=_SECONDS + sum(len(record.pages) for record in records),
        file_bytes=_FILE_BYTES + _TIMES_INPUT * sum(sizes),
        niceness=request.niceness,
    )


def _draft_and_bind(progress: Progress, checked: CheckedCase, request: BuildRequest, limits: Limits) -> BuildResult:
    """Plan the bundle, draft its Word papers, typeset, number and join."""
    from bundler.bundle.binding_plan import draft_word_papers, plan_bundle, plan_supplement

    def draft(plan: BindingPlan) -> WordPapers:
        progress("起草文书")
        yield from draft_word_papers(checked, plan.papers, request.templates)
        progress("排版")

    typesetter, earlier = find_typesetter(limits, _import_join), request.earlier
    plan = plan_supplement(checked, earlier.manifest) if earlier else plan_bundle(checked, request.scope)
    typesetter.typeset_papers(draft(plan))
    if earlier is not None:
        from bundler.bundle.supplement import prepare_supplement, write_supplement

        added = prepare_supplement(checked, plan, typesetter, earlier, request.templates)
        progress(len(added.volume.papers))
        bound = () if request.dry_run else (write_supplement(added, request.target, progress, request.key),)
        return BuildResult(added.volume, (added.volume,), bound)
    from bundler.bundle.typeset_and_number_books import prepare_bundle

    prepared = prepare_bundle(
        checked,
        plan,
        typesetter,
        request.templates,
        scope=request.scope,
        divided=request.divided,
    )
    progress(sum(len(book.papers) for book in prepared.books))
    if request.dry_run:
        return BuildResult(prepared.volume, prepared.books, left_out=len(plan.left_out))
    from bundler.bundle.write_books import write_bundle

    written = write_bundle(prepared, request.target, progress, request.key)
    return BuildResult(prepared.volume, prepared.books, written, len(plan.left_out))


class BuildWorkers:
    """Two processes that build one bundle: `binder` drafts its papers and joins it, `typesetter` typesets its pages."""

    def __init__(self, binder: SandboxWorker, typesetter: SandboxWorker) -> None:
        self.binder, self.typesetter = binder, typesetter
        typesetter.preload(preload_typesetter)

    def preload_binder(self) -> None:
        """Start the process that drafts, where it does not run yet; it has what this one has imported by now."""
        self.binder.preload(partial(_preload_binder, self.typesetter))


@contextmanager
def preloaded_workers() -> Iterator[BuildWorkers | None]:
    """Start the process that typesets, which loads its libraries meanwhile; None where there is no second core for it."""
    if len(os.sched_getaffinity(0)) == 1 or count_threads() > 1:
        yield None
        return
    with SandboxWorker() as typesetter, SandboxWorker() as binder:
        yield BuildWorkers(binder, typesetter)


def _preload_binder(typesetter: SandboxWorker) -> None:
    lend_typesetter(typesetter)
    import bundler.bundle.binding_plan  # noqa: F401


def import_libraries() -> None:
    """Import what a whole build needs, and use none of it: other processes may be forked from this one."""
    import_typesetter()
    _import_join()


def _import_join() -> None:
    import bundler.bundle.write_books  # noqa: F401
    from bundler.bind.page_number_font import digit_font
    from bundler.typeset.library_versions import library_versions

    digit_font()
    library_versions()
