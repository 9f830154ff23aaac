"""Deadlines: the worked examples, and what holds for any day."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bundler.regulation.working_day_calendar import calendar_days, is_working_day, working_days

VECTORS: dict[str, Any] = json.loads((Path(__file__).parent / "deadline_vectors.json").read_text("utf-8"))
OFFICIAL = st.dates(date(2005, 1, 1), date(2026, 8, 31))


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: vector["start"])
def test_worked_examples(vector: dict[str, str]) -> None:
    """Calendar days roll off holidays, working days count 调休, and nothing of it is provisional."""
    start = date.fromisoformat(vector["start"])

    for key, days in (("2日_rolled", 2), ("5日_rolled", 5), ("30日_rolled", 30)):
        assert (calendar_days(start, days).day.isoformat(), calendar_days(start, days).provisional) == (
            vector[key],
            False,
        )
    for key, days in (("5工作日", 5), ("30工作日", 30), ("40工作日", 40)):
        assert (working_days(start, days).day.isoformat(), working_days(start, days).provisional) == (
            vector[key],
            False,
        )


@pytest.mark.parametrize("vector", VECTORS["outside_the_table"], ids=lambda vector: vector["start"])
def test_a_year_without_a_calendar_is_provisional(vector: dict[str, Any]) -> None:
    """No wrong date is claimed for a year that nobody has arranged yet."""
    due = working_days(date.fromisoformat(vector["start"]), 40)

    assert (due.day.isoformat(), due.provisional) == (vector["40工作日"], True)


@given(OFFICIAL, st.integers(1, 60))
def test_a_working_day_deadline_counts_exactly(start: date, days: int) -> None:
    """Between the start, excluded, and the end, included, lie so many working days."""
    due = working_days(start, days).day
    between = [start + timedelta(n) for n in range(1, (due - start).days + 1)]

    assert sum(map(is_working_day, between)) == days
    assert is_working_day(due)


@given(OFFICIAL, st.integers(1, 60))
def test_a_calendar_deadline_rolls_only_over_holidays(start: date, days: int) -> None:
    """It never ends early, ends on a working day, and skips nothing but holidays."""
    raw, due = start + timedelta(days), calendar_days(start, days).day

    assert due >= raw
    assert is_working_day(due)
    assert not any(is_working_day(raw + timedelta(n)) for n in range((due - raw).days))
