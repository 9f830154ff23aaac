"""Inspecting the bytes of one file, in a process with limits: its pages, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bundler.file_record import PDF, WORD, FileProblem, FileRecord
from bundler.sandbox import LimitExceededError, SandboxWorker, WorkFailedError, run_sandboxed

DAMAGED = FileProblem("FILE-DAMAGED", "已损坏，读不出来。", "请重新扫描，或者重新复制原文件。")
TOO_LARGE = FileProblem("FILE-TOO-LARGE", "展开后过大，或者处理超时。", "请重新扫描，或者分成几个文件。")
LOW_DPI = 200 * 0.995
"""Scanners write 199.9996 for 200."""


def inspect_bytes(data: bytes, media_type: str, worker: SandboxWorker | None = None) -> FileRecord:
    """What is to be known of a file; nothing that is wrong with it is raised.

    Args:
        data: the file.
        media_type: told by its content.
        worker: the process that does it; without, one is started for this file alone.
    """
    run = run_sandboxed if worker is None else worker.run
    try:
        record = run(_work(media_type), data)
    except LimitExceededError:
        return FileRecord("", problems=(TOO_LARGE,))
    except WorkFailedError:
        return FileRecord("", problems=(DAMAGED,))
    return replace(record, problems=_with_pages(record))


def _work(media_type: str) -> Callable[[bytes], FileRecord]:
    if media_type == PDF:
        from bundler.materials.pdf import inspect_pdf

        return inspect_pdf
    if media_type == WORD:
        from bundler.materials.word import inspect_word

        return inspect_word
    from bundler.materials.images import inspect_image

    return inspect_image


def _with_pages(record: FileRecord) -> tuple[FileProblem, ...]:
    """The problems, with those that the pages themselves show: blank ones, and scans that are too coarse."""
    problems = list(record.problems)
    blank = tuple(n for n, page in enumerate(record.pages, start=1) if page.blank)
    if record.pages and len(blank) == len(record.pages):
        problems.append(FileProblem("FILE-EMPTY", "全是空白页。", "请核对原件后重新扫描。"))
    elif blank:
        problems.append(FileProblem("SCAN-BLANK", "是空白页。", "请核对；多余的空白页可以用 pages 略去。", blank))
    coarse = tuple(
        n for n, page in enumerate(record.pages, start=1) if page.is_scan and (page.dpi is None or page.dpi < LOW_DPI)
    )
    if coarse:
        problems.append(
            FileProblem("SCAN-DPI", "扫描低于 200 dpi，或者没有写明。", "请用 200 dpi 以上重新扫描。", coarse)
        )
    return tuple(problems)
