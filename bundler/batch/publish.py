"""After the cases: the three reports, written anew each time, and the submission."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from bundler.atomic_write import write_atomic
from bundler.batch.submission import write_submission, select_submitted
from bundler.batch.task import BatchSettings
from bundler.reports.case_result import CaseResult, Removed
from bundler.reports.excel_report import build_report_workbook
from bundler.reports.pdf_report import build_report_view, render_report_pdf
from bundler.reports.statistics import compute_statistics


def publish_reports(results: Sequence[CaseResult], removed: Sequence[Removed], root: Path, settings: BatchSettings) -> int:
    """Write the reports, all from the same figures.

    Returns:
        how many cases the submission holds.
    """
    figures = compute_statistics(results)
    tree = {
        "cases": [result.as_json() for result in results],
        "removed": [one.as_json() for one in removed],
        "figures": figures.as_json(),
    }
    text = json.dumps(tree, ensure_ascii=False, indent=2)
    write_atomic(settings.out / "report.json", text.encode("utf-8", "replace") + b"\n")
    write_atomic(settings.out / "report.xlsx", build_report_workbook(results, removed, figures, root, settings.today))
    submitted = select_submitted(results)
    view = build_report_view(
        results, removed, figures, submitted=len(submitted), profile=settings.profile, today=settings.today
    )
    write_atomic(settings.out / "report.pdf", render_report_pdf(view, settings.templates))
    write_submission(submitted, settings)
    return len(submitted)
