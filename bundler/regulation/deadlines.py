"""The deadlines of Art. 13 and 14, and the Supreme Court's own, which are only pointed out."""

from __future__ import annotations

from datetime import date

from bundler.regulation.calendar import Due, calendar_days, working_days

TRANSFER_DAYS = 2
INTERVIEW_DAYS = 5
REPLY_WORKING_DAYS = 40

SPC_REGISTER_WORKING_DAYS = 5
SPC_CLOSE_DAYS = 30


def transfer_due(received: date) -> Due:
    """Art. 13: handed to the handler within 2 days of receipt (T0)."""
    return calendar_days(received, TRANSFER_DAYS)


def interview_due(handed_over: date) -> Due:
    """Art. 13: the petitioner interviewed within 5 days of the handler's receipt (T1)."""
    return calendar_days(handed_over, INTERVIEW_DAYS)


def reply_due(handed_over: date) -> Due:
    """Art. 13: replied within 40 working days of the handler's receipt (T1)."""
    return working_days(handed_over, REPLY_WORKING_DAYS)


def feedback_due(notice_date: date) -> Due:
    """Art. 14: the day that the assigning body's notice gives, never rolled."""
    return Due(notice_date)


def spc_close_due(received: date) -> Due:
    """The Supreme Court's 30 days (法〔2021〕227号), shown beside Art. 13's limit and never enforced here."""
    return calendar_days(received, SPC_CLOSE_DAYS)
