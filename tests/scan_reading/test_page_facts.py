"""Days and case numbers are recognised in what the engine makes of handwriting (seen in `make measure-reading`)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bundler.scan_reading.page_facts import shows_case_number, shows_day

NUMBER = "(2020)鲁0117执恢1007号"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2022 5.20", date(2022, 5, 20)),
        ("李结雪20229.5", date(2022, 9, 5)),
        ("潘志雪2022-04.24", date(2022, 4, 24)),
        ("2022.06-17", date(2022, 6, 17)),
        ("2021-11.10", date(2021, 11, 10)),
        ("2021年1月1日", date(2021, 1, 1)),
    ],
)
def test_a_day_is_seen_however_its_parts_are_divided(text: str, day: date) -> None:
    """And the days around it are not."""
    assert shows_day(text, day)
    assert not any(shows_day(text, day + timedelta(days)) for days in (-10, -1, 1, 10, 365))


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)), st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_only_the_day_that_is_written_is_seen(written: date, other: date) -> None:
    """With points, which leave no doubt where a figure belongs."""
    assert shows_day(f"签收{written.year}.{written.month}.{written.day}止", other) == (written == other)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("案号是(2020)急0117执007号", True),
        ("案号是(2020)鲁0117执恢1007号", True),
        ("(2020)急.0117107号", True),
        ("(2020)鲁0117执恢1014号", False),
        ("(2021)鲁0117执恢1007号", False),
        ("(2020)鲁0118执恢1007号", False),
        ("(2020)鲁0117执恢10071号", False),
    ],
)
def test_a_case_number_may_lack_one_figure(text: str, shown: bool) -> None:  # noqa: FBT001 (the expected answer)
    """Year, court and the number itself must be there."""
    assert shows_case_number(text, NUMBER) is shown
