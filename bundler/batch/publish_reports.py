"""Write what a batch publishes from its results: the three reports, the submission and the notices to print."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from bundler.atomic_write import write_atomic
from bundler.batch.combine_return_notices import write_printed_notices
from bundler.batch.states_at_earlier_batches import read_earlier_states, write_states
from bundler.batch.superior_court_submission import select_submitted, write_submission
from bundler.batch.worker_tasks import BatchSettings, Published
from bundler.reports.batch_report_contents import BatchReport
from bundler.reports.batch_report_workbook import build_report_workbook
from bundler.reports.case_result import CaseResult, Removed
from bundler.reports.changes_since import compare_states, states_of
from bundler.reports.period_figures import compute_period_figures, facts_of
from bundler.reports.reporting_period import year_to_date
from bundler.reports.statistics import compute_statistics
from bundler.reports.statistics_pdf import build_report_view, render_report_pdf


def publish_reports(
    results: Sequence[CaseResult], removed: Sequence[Removed], root: Path, settings: BatchSettings
) -> Published:
    """Write the three reports from the same statistics, the submission, and the notices to print if they are asked for."""
    figures = compute_period_figures(
        (facts_of(result.case, result.folder, result.deadlines) for result in results if result.case),
        settings.period or year_to_date(settings.today),
        settings.today,
        settings.profile.regulation,
    )
    submitted = select_submitted(results)
    states = states_of(results)
    since, before = read_earlier_states(settings.out, settings.today)
    report = BatchReport(
        results,
        removed,
        compute_statistics(results, settings.profile.regulation),
        figures,
        compare_states(states, before, since),
        [result for result, _ in submitted],
        settings.profile.regulation,
    )
    text = json.dumps(report.as_json(), ensure_ascii=False, indent=2)
    write_atomic(settings.out / "report.json", text.encode("utf-8", "replace") + b"\n")
    write_atomic(settings.out / "report.xlsx", build_report_workbook(report, root))
    view = build_report_view(report, settings.profile)
    write_atomic(settings.out / "report.pdf", render_report_pdf(view, settings.templates))
    write_states(settings.out, settings.today, states)
    unprinted = write_printed_notices(results, settings.out, settings.today) if settings.print_notices else ()
    write_submission(submitted, settings)
    return Published(len(submitted), unprinted)
