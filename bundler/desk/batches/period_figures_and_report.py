"""The files of the command centre about a period: the figures of Art. 17 as a workbook, and the report (通报) in Word."""

from __future__ import annotations

from datetime import date
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from bundler.case.find_case_folders import find_cases
from bundler.profile import Profile
from bundler.reports.reporting_period import Period, parse_period, year_to_date

if TYPE_CHECKING:
    from bundler.desk.batches.batch_downloads import Export
    from bundler.desk.settings import DeskSettings
    from bundler.reports.period_figures import PeriodFigures

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def read_period(text: str, today: date) -> Period:
    """The period that a user typed; the year up to today for none.

    Raises:
        HTTPException: it names no period.
    """
    if not text.strip():
        return year_to_date(today)
    period = parse_period(text)
    if period is None:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "看不懂统计期间。请写成 2021、2021Q4 或者 2021-11。")
    return period


def figures_export(period: Period) -> Export:
    """Makes the workbook of the figures of a period."""
    return partial(_export_figures, period)


def report_export(period: Period, settings: DeskSettings) -> Export:
    """Makes the report on a period."""
    return partial(_export_report, (period, settings.templates))


def _export_figures(period: Period, root: Path, out: Path, today: date, profile: Profile) -> bytes:
    from bundler.reports.period_sheets import period_workbook

    return period_workbook(_figures(period, root, out, today, profile))


def _export_report(made_from: tuple[Period, Path], root: Path, out: Path, today: date, profile: Profile) -> bytes:
    """The report; it is made from a period, and a folder of templates."""
    from bundler.documents.drafting import fill_period_report
    from bundler.reports.period_report_view import build_period_report_view

    period, templates = made_from
    figures = _figures(period, root, out, today, profile)
    return fill_period_report(build_period_report_view(figures, profile), templates)


def _figures(period: Period, root: Path, out: Path, today: date, profile: Profile) -> PeriodFigures:
    from bundler.ledger.case_deadlines import case_statuses
    from bundler.reports.period_figures import compute_period_figures, facts_of

    statuses = case_statuses(find_cases(root, skip=out), today=today, profile=profile)
    facts = [
        facts_of(status.case, status.folder.relative_to(root).as_posix(), status.deadlines)
        for status in statuses
        if status.case is not None
    ]
    return compute_period_figures(facts, period, today, profile.regulation)
