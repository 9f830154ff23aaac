"""Days and case numbers are recognised in what the engine makes of handwriting (seen in `make measure-reading`)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bundler.scan_reading.page_and_case_numbers import read_page_number, shows_case_number
from bundler.scan_reading.page_dates import ReadDate, may_hold_unread_date, read_dates, shows_day
from bundler.scan_reading.page_text_lines import UprightPage
from bundler.scan_reading.record import MAX_LINES
from tests.support.scan_readings import read_page

NUMBER = "(2020)鲁0117执恢1007号"


def page_of(*texts: str, doubts: tuple[str, ...] = ()) -> UprightPage:
    """A page with these lines, and what the engine was not sure of in all of them."""
    page = read_page(1, texts)
    return UprightPage(
        page.model_copy(update={"lines": [line.model_copy(update={"doubts": doubts}) for line in page.lines]})
    )


def only_date(*texts: str, doubts: tuple[str, ...] = ()) -> ReadDate:
    """The only date on a page with these lines."""
    (found,) = read_dates(page_of(*texts, doubts=doubts))
    return found


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2022 5.20", date(2022, 5, 20)),
        ("李结雪20229.5", date(2022, 9, 5)),
        ("潘志雪2022-04.24", date(2022, 4, 24)),
        ("2022.06-17", date(2022, 6, 17)),
        ("2021-11.10", date(2021, 11, 10)),
        ("2021年1月1日", date(2021, 1, 1)),
        ("蒋永卿2022.228", date(2022, 2, 28)),
        ("2022824", date(2022, 8, 24)),
    ],
)
def test_a_day_is_seen_however_its_parts_are_divided(text: str, day: date) -> None:
    """And the days around it are not."""
    assert shows_day(page_of("签收", text, "13800000000"), day)
    assert not any(shows_day(page_of(text), day + timedelta(days)) for days in (-10, -1, 1, 10, 365))


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)), st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_only_the_day_that_is_written_is_seen(written: date, other: date) -> None:
    """With points, which leave no doubt where a figure belongs."""
    page = page_of(f"签收{written.year}.{written.month}.{written.day}止")
    assert shows_day(page, other) == (written == other)


@pytest.mark.parametrize(
    ("lines", "doubts"),
    [
        (["2022.8.2H"], {"room"}),
        (["2022.8.2王"], {"room"}),
        (["2022.8.2"], set()),
        (["2022.8.2", "王东"], set()),
        (["2022.8.2，王东"], set()),
        (["2022.8.7H"], set()),
        (["2022.8.24H"], set()),
        (["2022年8月2"], {"room"}),
        (["2022年8月2日王"], set()),
        (["2022年8月7"], set()),
        (["2O22年8月7日"], {"figures"}),
        (["二〇二三年四月二十"], {"room"}),
        (["二〇二三年四月二十日"], set()),
    ],
)
def test_a_day_to_which_a_figure_may_lack_is_doubted(lines: list[str], doubts: set[str]) -> None:
    """A letter or a name behind it may have been one, unless no day of the month has another figure there."""
    assert only_date(*lines).doubts == doubts


def test_a_doubted_day_may_be_one_that_differs_by_a_figure_unless_it_was_surely_read_elsewhere() -> None:
    """The 2nd may be the 3rd; not where the paper says the 2nd once more, and clearly. A doubted year may be another."""
    second, third = date(2022, 8, 2), date(2022, 8, 3)
    doubtful = only_date("2022.8.2", doubts=("figures",))
    assert doubtful.may_be(third, {})
    assert not doubtful.may_be(third, {second: 1})
    assert not only_date("2022.8.2").may_be(third, {})
    assert not only_date("2022.8.2H").may_be(third, {}), "a figure lacks, and none is another"
    assert not doubtful.may_be(date(2022, 9, 3), {})
    year = only_date("2022.8.2", doubts=("year",))
    assert year.may_be(date(2021, 8, 2), {})
    assert not year.may_be(third, {})
    assert shows_day(page_of("2022.8/2", doubts=("figures",)), date(2022, 8, 24))
    assert not shows_day(page_of("2022.8/2"), date(2022, 8, 24))


@pytest.mark.parametrize(
    ("read", "written", "may_be"),
    [
        ("2023年2月23日", date(2023, 12, 23), True),
        ("2023年2月3日", date(2023, 12, 23), True),
        ("2023.2.3", date(2023, 2, 13), True),
        ("2023-02-23", date(2023, 12, 23), False),
        ("2023年12月23日", date(2023, 2, 23), False),
        ("2023年2月23日", date(2022, 12, 23), False),
        ("二〇二三年二月十一日", date(2023, 12, 31), True),
        ("二〇二三年二月十日", date(2023, 2, 20), True),
        ("二〇二三年二月十日", date(2023, 3, 10), False),
    ],
)
def test_a_figure_may_lack_although_the_engine_was_sure(read: str, written: date, may_be: bool) -> None:  # noqa: FBT001
    """A 1 that touches 年 was read as a part of it. Where the same day is read in two places, none lacks; and none is too many."""
    found = only_date(read)
    assert not found.doubts
    assert found.day
    assert found.may_be(written, {found.day: 1}) is may_be
    assert not found.may_be(written, {found.day: 2})


@pytest.mark.parametrize(
    ("text", "fits", "not_these"),
    [
        ("2021年7月日", date(2021, 7, 2), [date(2021, 6, 2), date(2022, 7, 2)]),
        ("2022年月30日", date(2022, 6, 30), [date(2022, 6, 29)]),
        ("2022年605日", date(2022, 6, 5), [date(2022, 6, 4)]),
        ("2022年6015日", date(2022, 6, 15), [date(2022, 6, 16)]),
        ("2022年321日", date(2022, 3, 21), [date(2022, 3, 19)]),
        ("202.10.7", date(2021, 10, 7), [date(2021, 10, 8), date(2019, 10, 7)]),
        ("二二年五月日", date(2022, 5, 20), [date(2022, 6, 20), date(2019, 5, 20)]),
        ("2022年6月75日", date(2022, 6, 15), [date(2022, 7, 15)]),
    ],
)
def test_what_was_not_read_of_a_date_may_be_anything(text: str, fits: date, not_these: list[date]) -> None:
    """The rest of it is as it was read."""
    page = page_of("同意", text, "李德")
    assert shows_day(page, fits)
    assert not any(shows_day(page, day) for day in not_these)


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("E.口表2022手8011日", True),
        ("204年4日25日", True),
        ("2022年6月75日", True),
        ("同意。王卿慧2023.4.12", False),
        ("2022年8月11日", False),
        ("(2020)鲁0117执恢1007号", False),
        ("钢信执2021-0037", False),
        ("清领导过四一下", False),
    ],
)
def test_a_line_in_doubt_may_hold_a_date_that_was_not_read(text: str, unread: bool) -> None:  # noqa: FBT001
    """As its 年, 月 or 日 shows; a line that the engine was sure of holds what was read."""
    assert may_hold_unread_date(page_of("同意", text, doubts=("words",))) is unread
    assert not may_hold_unread_date(page_of("同意", text))


@pytest.mark.parametrize(
    ("lines", "day"),
    [
        (["二", "二一年五月一日"], date(2021, 5, 1)),
        (["〇二〇年十一月十", "九日"], date(2020, 11, 19)),
        (["二二〇年五月一日"], date(2020, 5, 1)),
        (["一九九八年五月一日"], date(1998, 5, 1)),
    ],
)
def test_a_year_is_known_although_one_of_its_characters_was_lost(lines: list[str], day: date) -> None:
    """The engine often reads 〇 as nothing."""
    assert only_date(*lines).day == day


def test_a_year_that_may_be_several_is_none() -> None:
    """二〇二 is 2020 to 2029."""
    assert not list(read_dates(page_of("二〇二年五月一日")))


@pytest.mark.parametrize("unsure", [False, True])
def test_a_page_number_is_as_sure_as_its_line(unsure: bool) -> None:  # noqa: FBT001
    """The rule of missing pages rests on sure ones only."""
    page = page_of("谈话笔录", "第1页 共3页", doubts=("figures",) if unsure else ("words",))
    page = UprightPage(page.page.model_copy(update={"height": 500}))
    found = read_page_number(page)
    assert found
    assert (found.number, found.total, found.unsure) == (1, 3, unsure)


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


@given(st.lists(st.text("甲1年", min_size=1, max_size=4), min_size=1, max_size=6), st.data())
def test_lines_are_found_by_their_place_in_the_text(texts: list[str], data: st.DataObject) -> None:
    """Those that hold a character of the part, and what follows the part on its last line."""
    page = page_of(*texts)
    owners = [number for number, text in enumerate(texts) for _ in text]
    begin = data.draw(st.integers(0, len(owners) - 1))
    end = data.draw(st.integers(begin + 1, len(owners)))
    numbers = sorted(set(owners[begin:end]))
    assert page.lines_of(begin, end) == tuple(page.lines[number] for number in numbers)
    assert page.rest_of_line(end) == page.text[end : sum(map(len, texts[: numbers[-1] + 1]))]


def test_a_page_full_of_dates_is_searched_in_time() -> None:
    """A forged record may have three thousand lines of them: a check must not compare each date with each line."""
    text = "2022年2月2日2023年11月24日" * 20
    page = read_page(1, [text])
    full = UprightPage(page.model_copy(update={"lines": page.lines * MAX_LINES}))
    looked = 0

    class Lines(tuple[object, ...]):
        """Counts how often all lines are gone through."""

        __slots__ = ()

        def __iter__(self) -> Iterator[object]:
            nonlocal looked
            looked += 1
            return super().__iter__()

    object.__setattr__(full, "lines", Lines(full.lines))
    assert len(list(read_dates(full))) == 2 * 20 * MAX_LINES
    assert looked < 10
