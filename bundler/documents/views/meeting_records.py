"""The meetings in a case's view: coordination meeting, inquiry, hearing, collective discussion (笔录、记录)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, Any, Literal

from bundler.case import meeting_models as model
from bundler.case.field_types import Unknown
from bundler.case.model import Case
from bundler.case.people_models import Officer as OfficerFacts
from bundler.documents.document_subjects import find_recorded_inquiry
from bundler.documents.views.people import Officer, build_officer_view
from bundler.documents.views.record_fields import copy_fields

_LEAST_QUESTIONS = 4
"""Questions of an inquiry that its record has room for, so that little of a page stays blank before the signatures."""


@dataclass(frozen=True, slots=True)
class Attendee:
    """A participant whose name is known."""

    name: Annotated[str, "姓名"]
    unit: Annotated[str | None, "单位"]
    title: Annotated[str | None, "职务或者身份"]


@dataclass(frozen=True, slots=True)
class Statement:
    """What one participant said."""

    by: Annotated[str, "发言人"]
    title: Annotated[str | None, "身份"]
    text: Annotated[str, "发言"]


@dataclass(frozen=True, slots=True)
class FollowUpTask:
    """A task that the meeting assigned."""

    text: Annotated[str, "工作"]
    by: Annotated[str | None, "责任人"]
    due: Annotated[date | None, "时限"]


@dataclass(frozen=True, slots=True)
class Coordination:
    """The coordination meeting (协调会议)."""

    started_at: Annotated[datetime | None, "开始时间"]
    place: Annotated[str | None, "地点"]
    chair: Annotated[Officer | None, "主持人"]
    recorder: Annotated[Officer | None, "记录人"]
    court: Annotated[tuple[Attendee, ...], "本院参加人员"]
    parties: Annotated[tuple[Attendee, ...], "案件当事人及代理人"]
    others: Annotated[tuple[Attendee, ...], "其他单位参加人员"]
    everyone: Annotated[tuple[Attendee, ...], "全部参加人员"]
    observers: Annotated[tuple[Attendee, ...], "列席人员"]
    absent: Annotated[str | None, "缺席人员及原因"]
    agenda: Annotated[str | None, "议题"]
    background: Annotated[str | None, "案件和信访事项基本情况"]
    statements: Annotated[tuple[Statement, ...], "各方意见"]
    result: Annotated[Literal["agreed", "partly", "none"] | None, "协调结果：达成一致、部分达成、未达成"]
    agreed: Annotated[tuple[str, ...], "达成的一致意见"]
    disputed: Annotated[str | None, "未达成一致的事项"]
    tasks: Annotated[tuple[FollowUpTask, ...], "后续工作"]


@dataclass(frozen=True, slots=True)
class Respondent:
    """The person questioned (被调查人)."""

    name: Annotated[str | None, "姓名"]
    sex: Annotated[Literal["男", "女"] | None, "性别"]
    birth_date: Annotated[date | None, "出生日期"]
    ethnicity: Annotated[str | None, "民族"]
    occupation: Annotated[str | None, "职业"]
    address: Annotated[str | None, "住址"]
    id_type: Annotated[Literal["resident", "other"], "证件种类：居民身份证、其他"]
    id_number: Annotated[str | None, "证件号码"]
    phone: Annotated[str | None, "联系电话"]
    relation: Annotated[str | None, "与案件的关系"]


@dataclass(frozen=True, slots=True)
class Inquiry:
    """The inquiry (调查) that the record is about."""

    started_at: Annotated[datetime | None, "开始时间"]
    day: Annotated[date | None, "调查日期"]
    place: Annotated[str | None, "地点"]
    investigators: Annotated[tuple[Officer, ...], "调查人"]
    recorder: Annotated[Officer | None, "记录人"]
    respondent: Annotated[Respondent, "被调查人"]
    present: Annotated[tuple[str, ...], "在场人"]
    questions: Annotated[tuple[str, ...], "问题"]
    blanks: Annotated[tuple[int, ...], "另留空白的问，使全部的问不少于四个"]


@dataclass(frozen=True, slots=True)
class Hearing:
    """The hearing (听证)."""

    started_at: Annotated[datetime | None, "开始时间"]
    held_on: Annotated[date, "听证日期"]
    place: Annotated[str | None, "地点"]
    public: Annotated[bool | None, "公开听证"]
    chair: Annotated[Officer | None, "主持人"]
    panel: Annotated[tuple[Attendee, ...], "听证员"]
    recorder: Annotated[Officer | None, "记录人"]
    participants: Annotated[tuple[Attendee, ...], "参加人"]
    audience: Annotated[int | None, "旁听人数"]
    petitioner_said: Annotated[tuple[Statement, ...], "信访人陈述"]
    handler_said: Annotated[tuple[Statement, ...], "案件承办人说明"]
    shown: Annotated[tuple[Statement, ...], "出示和辨认材料"]
    asked: Annotated[tuple[Statement, ...], "询问"]
    last_words: Annotated[tuple[Statement, ...], "最后陈述"]


@dataclass(frozen=True, slots=True)
class Collective:
    """The collective discussion (集体研究)."""

    started_at: Annotated[datetime | None, "开始时间"]
    day: Annotated[date | None, "研究日期"]
    place: Annotated[str | None, "地点"]
    chair: Annotated[Officer | None, "主持人"]
    attendees: Annotated[tuple[Officer, ...], "参加人员"]
    members: Annotated[tuple[Officer, ...], "发言、签名的人员：汇报人最先，主持人最后"]
    observers: Annotated[tuple[Officer, ...], "列席人员"]
    reporter: Annotated[Officer | None, "汇报人"]
    recorder: Annotated[Officer | None, "记录人"]
    report: Annotated[str | None, "承办人汇报"]
    statements: Annotated[tuple[Statement, ...], "讨论情况"]
    result: Annotated[Literal["unanimous", "majority", "none"] | None, "研究结果：一致、多数、未形成一致意见"]
    opinion: Annotated[str | None, "研究意见"]
    dissent: Annotated[tuple[Statement, ...], "不同意见"]
    referred_to: Annotated[str | None, "提请研究的人或者组织"]


def build_meeting_record_values(case: Case) -> dict[str, Any]:
    """The four meetings by name in the case's view; None where the case has no such meeting."""
    return {
        "coordination": _build_coordination(case),
        "inquiry": _build_inquiry(case),
        "hearing": _build_hearing(case),
        "collective": _build_collective(case),
    }


def find_recorder(case: Case, recorder: OfficerFacts | None) -> Officer | None:
    """Who keeps a record: the person named for it, else the clerk, who is 书记员 where the case gives no other title."""
    clerk = build_officer_view(case.people.clerk)
    named = replace(clerk, title=clerk.title or "书记员") if clerk else None
    return build_officer_view(recorder) or named


def find_reporter(case: Case) -> Officer | None:
    """Who reports to the collective discussion: the person named for it, else the officer in charge."""
    collective = case.approval.collective if case.approval else None
    handler = None if isinstance(case.people.handler, Unknown) else case.people.handler
    return build_officer_view(collective.reporter if collective else None) or build_officer_view(handler)


def _build_attendees(given: tuple[model.Attendee, ...]) -> tuple[Attendee, ...]:
    return tuple(copy_fields(Attendee, one) for one in given if one.name)


def _build_officers(given: tuple[OfficerFacts, ...]) -> tuple[Officer, ...]:
    return tuple(found for one in given if (found := build_officer_view(one)))


def _build_statements(given: tuple[model.Statement, ...]) -> tuple[Statement, ...]:
    return tuple(copy_fields(Statement, one) for one in given)


def _build_coordination(case: Case) -> Coordination | None:
    meeting = case.coordination
    if meeting is None:
        return None
    court, parties, others = (_build_attendees(group) for group in (meeting.court, meeting.parties, meeting.others))
    return copy_fields(
        Coordination,
        meeting,
        chair=build_officer_view(meeting.chair),
        recorder=find_recorder(case, meeting.recorder),
        court=court,
        parties=parties,
        others=others,
        everyone=(*court, *parties, *others),
        observers=_build_attendees(meeting.observers),
        statements=_build_statements(meeting.statements),
        tasks=tuple(copy_fields(FollowUpTask, one) for one in meeting.tasks),
    )


def _build_inquiry(case: Case) -> Inquiry | None:
    found = find_recorded_inquiry(case)
    if found is None or found[1].respondent is None:
        return None
    inquiry = found[1]
    return copy_fields(
        Inquiry,
        inquiry,
        day=inquiry.on or (inquiry.started_at.date() if inquiry.started_at else None),
        investigators=_build_officers(inquiry.investigators),
        recorder=find_recorder(case, inquiry.recorder),
        respondent=copy_fields(Respondent, inquiry.respondent),
        blanks=tuple(range(len(inquiry.questions) + 1, _LEAST_QUESTIONS + 1)),
    )


def _build_hearing(case: Case) -> Hearing | None:
    hearing = case.hearing
    if hearing is None:
        return None
    stages = ("petitioner_said", "handler_said", "shown", "asked", "last_words")
    return copy_fields(
        Hearing,
        hearing,
        chair=build_officer_view(hearing.chair),
        panel=_build_attendees(hearing.panel),
        recorder=find_recorder(case, hearing.recorder),
        participants=_build_attendees(hearing.participants),
        **{stage: _build_statements(getattr(hearing, stage)) for stage in stages},
    )


def _build_collective(case: Case) -> Collective | None:
    meeting = case.approval.collective if case.approval else None
    if meeting is None:
        return None
    chair, attendees, reporter = (
        build_officer_view(meeting.chair),
        _build_officers(meeting.attendees),
        find_reporter(case),
    )
    return copy_fields(
        Collective,
        meeting,
        day=meeting.on or (meeting.started_at.date() if meeting.started_at else None),
        chair=chair,
        attendees=attendees,
        members=_order_speakers(attendees, reporter, chair),
        observers=_build_officers(meeting.observers),
        reporter=reporter,
        recorder=find_recorder(case, meeting.recorder),
        statements=_build_statements(meeting.statements),
        dissent=_build_statements(meeting.dissent),
    )


def _order_speakers(
    attendees: tuple[Officer, ...], reporter: Officer | None, chair: Officer | None
) -> tuple[Officer, ...]:
    """Every participant once: the reporter first, the chair last."""
    by_name = {one.name: one for one in attendees}
    ends = {one.name for one in (reporter, chair) if one}
    between = [one for name, one in by_name.items() if name not in ends]
    first = [reporter] if reporter and (not chair or reporter.name != chair.name) else []
    return (*first, *between, *([chair] if chair else []))
