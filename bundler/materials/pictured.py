"""Which pages of a file are bound as pictures of themselves, and what is said of it."""

from __future__ import annotations

from dataclasses import replace

from bundler.file_record import Change, FileProblem, FileRecord

DPI = 300
"""Of the picture as it lies on its sheet."""
_MENDED = frozenset({"FILE-FONT", "FILE-DAMAGED"})
"""Problems of pages that a picture takes away."""


def mark_rasterised_pages(record: FileRecord) -> FileRecord:
    """A file whose faulty pages are bound as pictures of themselves, as far as that keeps what they mean."""
    if not record.picturable:
        return record
    whys: dict[int, list[str]] = {}
    problems = []
    for problem in record.problems:
        if problem.rule not in _MENDED:
            problems.append(problem)
            continue
        for number in set(problem.pages) & set(record.picturable):
            whys.setdefault(number, []).append(problem.message.rstrip("。"))
        left = tuple(number for number in problem.pages if number not in record.picturable)
        if left or not problem.pages:
            problems.append(replace(problem, pages=left))
    told: dict[str, list[int]] = {}
    for number in record.picturable:
        told.setdefault("；".join(whys.get(number, [])), []).append(number)
    problems += [
        FileProblem(
            "FILE-PICTURED",
            f"{why}，装订时按 {DPI} dpi 转为图像。",
            "请核对该页；能重新导出的，请嵌入字体。",
            tuple(pages),
        )
        for why, pages in told.items()
    ]
    pictured = tuple(Change(f"{why}，按 {DPI} dpi 转为图像", tuple(pages)) for why, pages in told.items())
    return replace(record, problems=tuple(problems), pictured=pictured, touched=True)
