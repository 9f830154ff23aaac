"""What the court did about a petition by the day of a paper, in the order of dates: meetings, measures and their results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

from bundler.case.case_step_models import Measure
from bundler.case.meeting_models import Investigation
from bundler.case.model import Case
from bundler.case.people_models import Officer, Parties
from bundler.case.unenforceable_debt_models import EnforcementMeasure
from bundler.documents.views.fact_cutoff_date import DocumentDay
from bundler.documents.views.reply_opinion import day_of_inquiry
from bundler.documents.views.rewording_for_outside_readers import in_third_person, list_days_told, tells_later
from bundler.regulation.papers import Item

_ACTS = (
    *("约谈", "协调", "调查", "听证", "查询", "查封", "扣押", "冻结", "扣划", "评估", "拍卖", "变卖", "发放", "悬赏"),
    *("限制消费", "失信", "报告财产", "解除", "移送", "送达"),
)
"""Words that tell two mentions of the same day apart: a measure is told already where one of its words is."""


_AGAINST_PROPERTY = frozenset(("查封", "扣押", "冻结", "扣划", "拍卖", "变卖", "发放"))
"""What a measure of enforcement does with property."""
_INQUIRED = "进行调查"
_SHOWN = 2
"""Measures of one day and one result that are named; of more than one more, their number is told."""


@dataclass(frozen=True, slots=True)
class WorkDone:
    """What the court did on one day."""

    on: Annotated[date, "日期"]
    text: Annotated[str, "所做的工作，几项用“，同日”相连，不带句末标点"]


@dataclass(frozen=True, slots=True)
class EnforcementResult:
    """Measures of enforcement of one day that had one result.

    Attributes:
        work: the day, and how a sentence tells of them.
        proof: the papers that prove them, as the case names them.
    """

    work: WorkDone
    proof: str | None

    @property
    def is_against_property(self) -> bool:
        """Whether something was done with property, which no paper on the work done leaves out."""
        return not _AGAINST_PROPERTY.isdisjoint(_acts(self.work.text))

    def is_of(self, on: date, action: str) -> bool:
        """Whether a measure of the case, which tells no result, had this one."""
        whole = action in self.work.text
        search = _acts(action) == ("查询",) and "财产" in action and self.work.text.startswith("查询")
        return on == self.work.on and "，" not in action and (whole or search)

    def is_told(self, on: date, action: str) -> bool:
        """Whether a measure of the case tells of all of it."""
        return on == self.work.on and set(_acts(self.work.text) or (self.work.text,)) <= {*_acts(action), action}


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting of the file.

    Attributes:
        on: its day.
        text: how a sentence tells of it.
        words: the words by which another text does.
        asked: who was asked, in an inquiry.
        by: who held it, where the case says so.
        item: what its record is in the file; None for a coordination, whose record has no item of its own.
    """

    on: date
    text: str
    words: tuple[str, ...]
    asked: str | None = None
    by: str | None = None
    item: Item | None = None

    @property
    def is_inquiry(self) -> bool:
        """Whether it is an inquiry (调查)."""
        return self.item is Item.INVESTIGATION

    @property
    def sentence(self) -> str:
        """How a sentence tells of it that names who was asked."""
        return _tell(self.asked) if self.is_inquiry else self.text


def list_meetings(case: Case, moment: DocumentDay) -> tuple[Meeting, ...]:
    """The interview, the coordination, each inquiry and the hearing that took place by then, in the order of dates."""
    interview, coordination, hearing = case.interview, case.coordination, case.hearing
    given: list[tuple[date | None, Meeting]] = []
    if interview:
        held = Meeting(date.max, "约谈信访人", ("约谈信访人",), by=case.handler_name, item=Item.INTERVIEW)
        given.append((interview.held_on, held))
    if coordination and coordination.started_at:
        chair = _name(coordination.chair)
        given.append((coordination.started_at.date(), Meeting(date.max, "召开协调会", ("协调",), by=chair)))
    if hearing:
        held = Meeting(date.max, "进行听证", ("听证",), by=_name(hearing.chair), item=Item.HEARING_RECORD)
        given.append((hearing.held_on, held))
    for one in case.investigations:
        by = "、".join(officer.name for officer in one.investigators if officer.name) or None
        inquiry = Meeting(date.max, _INQUIRED, _name_inquiry(case, one), _find_asked(one), by, Item.INVESTIGATION)
        given.append((day_of_inquiry(one), inquiry))
    found = [replace(meeting, on=known) for day, meeting in given if (known := moment.known(day))]
    return tuple(sorted(found, key=lambda one: (one.on, one.text)))


def _name(officer: Officer | None) -> str | None:
    return officer.name if officer else None


def _name_inquiry(case: Case, inquiry: Investigation) -> tuple[str, ...]:
    """An inquiry is told of by 调查, or by the name of the person who was asked."""
    parties = (one.parties for one in case.enforcement_cases if isinstance(one.parties, Parties))
    known = [name for one in parties for name in (*one.applicants, *one.respondents, *one.outsiders)]
    asked = inquiry.respondent.name if inquiry.respondent else None
    return ("调查", *((asked,) if asked else ()), *(name for name in known if name in (inquiry.subject or "")))


def _find_asked(inquiry: Investigation) -> str | None:
    return inquiry.subject or (inquiry.respondent and inquiry.respondent.name) or None


def _tell(asked: str | None) -> str:
    return f"向{asked}调查" if asked else _INQUIRED


def _list_findings(case: Case, moment: DocumentDay) -> Iterator[WorkDone]:
    """What the inquiries found, with those who were asked."""
    for one in case.investigations:
        day = moment.known(day_of_inquiry(one))
        if day and one.finding:
            yield WorkDone(day, f"{_tell(_find_asked(one))}，{in_third_person(one.finding.removesuffix('。'))}")


def is_about(case: Case, meeting: Meeting, on: date | None, action: str | None) -> bool:
    """Whether a measure of that day tells of the meeting."""
    return meeting.on == on and _is_named(meeting, _call_petitioner(case, action or ""))


def _is_named(meeting: Meeting, text: str) -> bool:
    return any(word in text for word in meeting.words)


def list_work_done(case: Case, moment: DocumentDay, told: Sequence[str | None] = ()) -> tuple[WorkDone, ...]:
    """All that was done since the petition arrived, in the order of dates.

    What the given texts tell already is left out, and what names a day after the paper; an inquiry whose finding does is
    told without it.

    Args:
        case: the case.
        moment: when the paper speaks.
        told: other texts of the paper.
    """
    found = list_results(case, moment)
    results = [one.work for one in found]
    findings = [one for one in _list_findings(case, moment) if not tells_later(one.text, moment.until)]
    measures = [
        WorkDone(one.on, in_third_person(one.action) or "")
        for one in case.measures
        if one.on and one.action and moment.known(one.on) and not tells_later(one.action, moment.until)
    ]
    detailed = [one for one in measures if not any(result.is_of(one.on, one.text) for result in found)]
    days = [(day, _call_petitioner(case, clause)) for text in told for day, clause in list_days_told(text)]
    meetings = [
        WorkDone(meeting.on, meeting.sentence)
        for meeting in list_meetings(case, moment)
        if not any(is_about(case, meeting, one.on, one.text) for one in measures)
        and not any(day == meeting.on and _is_named(meeting, clause) for day, clause in days)
        and not (meeting.is_inquiry and _is_inquiry_told(case, meeting, findings))
    ]
    work = [*meetings, *findings, *(one for one in (*detailed, *results) if not _is_told(one, days))]
    by_day: dict[date, list[str]] = {}
    for one in sorted(dict.fromkeys(work), key=lambda one: one.on):
        by_day.setdefault(one.on, []).append(one.text)
    return tuple(WorkDone(day, "，同日".join(texts)) for day, texts in by_day.items())


def list_unrecorded_work(case: Case, moment: DocumentDay) -> tuple[tuple[Meeting, WorkDone], ...]:
    """The meetings by then that no measure tells of, each with what it found, in the order of dates."""
    found = []
    for meeting in list_meetings(case, moment):
        if not any(is_about(case, meeting, one.on, one.action) for one in case.measures):
            told = [one for one in _list_findings(case, moment) if one.on == meeting.on and meeting.is_inquiry]
            own = [one for one in told if one.text.startswith(meeting.sentence)]
            known = [one for one in own if not tells_later(one.text, moment.until)]
            if meeting.is_inquiry and not known and _is_inquiry_told(case, meeting, ()):
                continue
            found.append((meeting, known[0] if known else WorkDone(meeting.on, meeting.sentence)))
    return tuple(found)


def list_results(case: Case, moment: DocumentDay) -> tuple[EnforcementResult, ...]:
    """The measures of enforcement since the petition arrived, those of one day and one result together."""
    return tuple(one for one in _group_results(case, moment) if not tells_later(one.work.text, moment.until))


def _is_inquiry_told(case: Case, inquiry: Meeting, findings: Sequence[WorkDone]) -> bool:
    """Whether a finding of that day is this inquiry's, or a measure of enforcement gives its result.

    A measure gives the result of an inquiry of its day where its result names who was asked, or where nothing tells whom the
    inquiry asked.
    """
    if any(
        one.on == inquiry.on and (inquiry.asked is None or one.text.startswith(inquiry.sentence)) for one in findings
    ):
        return True
    return any(
        (inquiry.asked is None or inquiry.asked in one.result)
        for one in case.enforcement_measures
        if one.on == inquiry.on and one.result and "调查" in one.name + one.result
    )


def match_results(
    case: Case, moment: DocumentDay
) -> tuple[tuple[tuple[Measure, EnforcementResult | None], ...], tuple[EnforcementResult, ...]]:
    """The measures that the case lists by then, each with the result that it does not tell; and the results that none tells."""
    recorded = [one for one in case.measures if one.on and moment.known(one.on) and one.action]
    results = list_results(case, moment)
    matched = tuple(
        (one, next((result for result in results if one.on and result.is_of(one.on, one.action or "")), None))
        for one in recorded
    )
    used = {result for _, result in matched}
    others = tuple(
        result
        for result in results
        if result not in used and not any(one.on and result.is_told(one.on, one.action or "") for one in recorded)
    )
    return matched, others


def _group_results(case: Case, moment: DocumentDay) -> Iterator[EnforcementResult]:
    received = case.registration.received_on
    groups: dict[tuple[date, str], list[EnforcementMeasure]] = {}
    for one in case.enforcement_measures:
        if one.on and one.result and moment.known(one.on) and (received is None or one.on >= received):
            groups.setdefault((one.on, in_third_person(one.result) or ""), []).append(one)
    for (day, result), group in groups.items():
        work = WorkDone(day, f"{_join([one.name for one in group])}，{result}")
        yield EnforcementResult(work, "、".join(dict.fromkeys(one.proof for one in group if one.proof)) or None)


def _join(names: Sequence[str]) -> str:
    """Measures in a row, the verb 查询 once; of many the first two and their number."""
    shown = names if len(names) <= _SHOWN + 1 else names[:_SHOWN]
    searched = "查询" if shown[0].startswith("查询") else ""
    row = "、".join((shown[0], *(name.removeprefix(searched) for name in shown[1:])))
    if shown is names:
        return row
    return f"{row}等{len(names)}项{'财产信息' if all(name.startswith('查询') for name in names) else ''}"


def _is_told(work: WorkDone, days: Sequence[tuple[date, str]]) -> bool:
    acts = _acts(work.text) or (work.text,)
    return any(day == work.on and any(act in clause for act in acts) for day, clause in days)


def _acts(text: str) -> tuple[str, ...]:
    return tuple(act for act in _ACTS if act in text)


def _call_petitioner(case: Case, text: str) -> str:
    for name in sorted((one.name for one in case.petitioners if one.name), key=len, reverse=True):
        text = text.replace(name, "信访人")
    return text.replace("约谈了", "约谈").replace("约谈你", "约谈信访人")
