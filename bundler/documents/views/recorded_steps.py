"""The steps about a petition that the case records in parts of their own: meetings, inquiries, judicial relief."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from bundler.case.meeting_models import Investigation
from bundler.case.model import Case
from bundler.case.people_models import Parties
from bundler.documents.views.fact_cutoff_date import DocumentDay
from bundler.documents.views.reply_opinion import day_of_inquiry, find_relieved
from bundler.regulation.papers import Item

_INQUIRED = "进行调查"
_NO_ATTRIBUTE = re.compile("[，。；：、（）]|关系$|^[无与同和不]")
"""In a relation to the case that cannot stand before a name: a clause, or 朋友关系."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step that the case records in a part of its own: a meeting, or judicial relief (司法救助).

    Attributes:
        on: its day.
        text: how a sentence tells of it.
        words: the words by which another text does.
        asked: the name of who was asked, in an inquiry.
        asked_as: the same with who that is in the case, such as 被执行人的邻居丙某某.
        by: who handled it, where the case says so.
        item: what its record is in the file; None where the record has no item of its own.
    """

    on: date
    text: str
    words: tuple[str, ...]
    asked: str | None = None
    asked_as: str | None = None
    by: str | None = None
    item: Item | None = None

    @property
    def is_inquiry(self) -> bool:
        """Whether it is an inquiry (调查)."""
        return self.item is Item.INVESTIGATION

    @property
    def sentence(self) -> str:
        """How a sentence tells of it that names who was asked."""
        return tell_inquiry(self.asked_as) if self.is_inquiry else self.text


def list_steps(case: Case, moment: DocumentDay) -> tuple[Step, ...]:
    """The meetings that took place by then, and the judicial relief since the petition arrived, in the order of dates."""
    given = (*_list_meetings(case), *_list_relief(case))
    found = [replace(step, on=known) for day, step in given if (known := moment.known(day))]
    return tuple(sorted(found, key=lambda one: (one.on, one.text)))


def _list_meetings(case: Case) -> Iterator[tuple[date | None, Step]]:
    """The interview, the coordination, the hearing and each inquiry.

    The officer in charge holds the interview (Art. 13); nobody handles a meeting because he presides over it or attends it.
    """
    interview, coordination, hearing = case.interview, case.coordination, case.hearing
    if interview:
        held = Step(date.max, "约谈信访人", ("约谈信访人",), by=case.handler_name, item=Item.INTERVIEW)
        yield interview.held_on, held
    if coordination and coordination.started_at:
        yield coordination.started_at.date(), Step(date.max, "召开协调会", ("协调",))
    if hearing:
        yield hearing.held_on, Step(date.max, "进行听证", ("听证",), item=Item.HEARING_RECORD)
    for one in case.investigations:
        by = "、".join(officer.name for officer in one.investigators if officer.name) or None
        asked, asked_as = _find_asked(one), describe_asked(case, one)
        words = _name_inquiry(case, one)
        yield day_of_inquiry(one), Step(date.max, _INQUIRED, words, asked, asked_as, by, Item.INVESTIGATION)


def _list_relief(case: Case) -> Iterator[tuple[date | None, Step]]:
    """The relief that was started, and paid, since the petition arrived; of several petitioners for whom, if known."""
    relief, received = case.relief, case.registration.received_on
    if relief is None or relief.started_on is None or (received and relief.started_on < received):
        return
    one = find_relieved(case, relief)
    number = f"，案号为{relief.case_no}" if relief.case_no else ""
    started = f"{f'为{one}' if one else ''}启动司法救助程序{number}"
    paid = f"{f'向{one}' if one else ''}发放救助金{f'{relief.amount}元' if relief.amount else ''}"
    yield relief.started_on, Step(date.max, started, ("救助",))
    yield relief.paid_on, Step(date.max, paid, ("救助",))


def _name_inquiry(case: Case, inquiry: Investigation) -> tuple[str, ...]:
    """The words by which a text mentions an inquiry: 调查, or the name of a person whom it asked."""
    parties = (one.parties for one in case.enforcement_cases if isinstance(one.parties, Parties))
    known = [name for one in parties for name in (*one.applicants, *one.respondents, *one.outsiders)]
    asked = inquiry.respondent.name if inquiry.respondent else None
    return ("调查", *((asked,) if asked else ()), *(name for name in known if name in (inquiry.subject or "")))


def _find_asked(inquiry: Investigation) -> str | None:
    return inquiry.subject or (inquiry.respondent and inquiry.respondent.name) or None


def describe_asked(case: Case, inquiry: Investigation) -> str | None:
    """Who was asked, with who that is: the relation that the record gives, else the position in the case."""
    asked = _find_asked(inquiry)
    if asked is None:
        return None
    respondent = inquiry.respondent
    relation = respondent.relation if respondent and respondent.name == asked else None
    known = (relation or "").removeprefix("系").removeprefix("为")
    if known and not _NO_ATTRIBUTE.search(known) and asked not in known:
        return f"{known}{asked}"
    return f"{_find_position(case, asked)}{asked}"


def _find_position(case: Case, name: str) -> str:
    """What a person is in the cases, if the same in all that name the person; else nothing."""
    found = {
        label
        for one in case.enforcement_cases
        if isinstance(one.parties, Parties)
        for label, names in (
            ("申请执行人", one.parties.applicants),
            ("被执行人", one.parties.respondents),
            ("案外人", one.parties.outsiders),
        )
        if name in names
    }
    return found.pop() if len(found) == 1 else ""


def tell_inquiry(asked: str | None) -> str:
    """How a sentence tells of an inquiry: whom the court asked, if known."""
    return f"向{asked}调查" if asked else _INQUIRED
