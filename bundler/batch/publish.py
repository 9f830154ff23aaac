"""After the cases: the three reports, written anew each time, and the submission."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from bundler.batch.submission import submit, submitted_of
from bundler.batch.task import Settings
from bundler.files import write_whole
from bundler.reports.figures import figures_of
from bundler.reports.page import report_pdf, report_view
from bundler.reports.results import CaseResult, Removed
from bundler.reports.tables import report_workbook


def publish(results: Sequence[CaseResult], removed: Sequence[Removed], root: Path, settings: Settings) -> int:
    """Write the reports, all from the same figures.

    Returns:
        how many cases the submission holds.
    """
    figures = figures_of(results)
    tree = {
        "cases": [result.as_json() for result in results],
        "removed": [one.as_json() for one in removed],
        "figures": figures.as_json(),
    }
    text = json.dumps(tree, ensure_ascii=False, indent=2)
    write_whole(settings.out / "report.json", text.encode("utf-8", "replace") + b"\n")
    write_whole(settings.out / "report.xlsx", report_workbook(results, removed, figures, root, settings.today))
    submitted = submitted_of(results)
    view = report_view(
        results, removed, figures, submitted=len(submitted), profile=settings.profile, today=settings.today
    )
    write_whole(settings.out / "report.pdf", report_pdf(view, settings.templates))
    submit(submitted, settings)
    return len(submitted)
