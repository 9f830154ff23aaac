"""All that the three reports of a batch say, counted once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bundler.regulation.model import Regulation
from bundler.reports.case_result import CaseResult, Removed
from bundler.reports.changes_since import Changes
from bundler.reports.period_figures import PeriodFigures
from bundler.reports.statistics import Statistics


@dataclass(frozen=True, slots=True)
class BatchReport:
    """The contents of report.json, report.xlsx and report.pdf.

    Attributes:
        results: the result of each case.
        removed: the outputs that were moved to another folder.
        statistics: the statistics of the batch.
        figures: the figures of Art. 17; their day is that of the check.
        changes: what has changed since an earlier batch.
        submitted: the results of the submitted cases.
        regulation: the court's regulation.
    """

    results: Sequence[CaseResult]
    removed: Sequence[Removed]
    statistics: Statistics
    figures: PeriodFigures
    changes: Changes
    submitted: Sequence[CaseResult]
    regulation: Regulation

    def as_json(self) -> dict[str, Any]:
        """The object of report.json."""
        return {
            "cases": [result.as_json() for result in self.results],
            "removed": [output.as_json() for output in self.removed],
            "figures": self.statistics.as_json(),
            "period_figures": self.figures.as_json(),
            "changes": self.changes.as_json(),
            "submission": [
                {"case": result.folder, "registration_no": result.registration_no, "output": result.output}
                for result in self.submitted
            ],
            "went_up_before": [
                {"case": result.folder, "registration_no": result.registration_no, "output": result.output}
                for result in self.results
                if result.went_up_before
            ],
        }
