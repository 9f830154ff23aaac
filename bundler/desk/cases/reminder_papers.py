"""The reminders (催办、督办单) of one case: to whom, their Word files, and the record of what was sent."""

from __future__ import annotations

from bundler.desk.cases.checked_case_cache import CaseView
from bundler.documents.documents_with_own_view import BATCH_DOCUMENTS
from bundler.documents.drafting import fill_reminder_notice
from bundler.ledger.case_deadlines import case_status_of
from bundler.ledger.reminders import Reminder, reminder_days_of, reminder_view, reminders_due

REMINDER_NOTICE = BATCH_DOCUMENTS["reminder_notice"]


def reminders_of(view: CaseView) -> tuple[Reminder, ...]:
    """Who is to be reminded of what in a case today; empty where nothing is near its limit or past it."""
    if view.case is None:
        return ()
    today = view.settings.today()
    status = case_status_of(view.ref.folder, view.case, view.checked.check_result.deadlines, today, view.regulation)
    return reminders_due([status], view.settings.profile)


def draft_reminder_of(view: CaseView, number: int) -> bytes:
    """Draft the Word file of one of the reminders of a case.

    Args:
        view: the case.
        number: its place among `reminders_of`, from 1.

    Raises:
        TemplateError: the template is broken.
    """
    settings = view.settings
    shown = reminder_view(reminders_of(view)[number - 1], settings.profile, settings.today())
    return fill_reminder_notice(shown, settings.templates)


def reminder_inputs(view: CaseView) -> list[str]:
    """What a reminder depends on besides the case: the day, and the days of the earlier ones."""
    return [view.settings.today().isoformat(), *map(str, reminder_days_of(view.ref.folder))]
