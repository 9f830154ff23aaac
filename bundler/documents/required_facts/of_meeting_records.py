"""What the records of interviews, inquiries, hearings and discussions (笔录式) require."""

from __future__ import annotations

from bundler.case.meeting_models import CollectiveDiscussion
from bundler.case.model import Case
from bundler.case.people_models import Officer
from bundler.documents.document_subjects import find_recorded_inquiry
from bundler.documents.required_facts.shared_checks import (
    MissingField,
    MissingFields,
    require,
    require_handler,
    require_petitioners,
    require_registration_no,
)

_INVESTIGATORS = 2
_ATTENDEES = 2


def interview_record(case: Case) -> MissingFields:
    """约谈（谈话）笔录."""
    yield from require_registration_no(case)
    yield from require_petitioners(case)
    interview = case.interview
    when = interview and (interview.started_at or interview.held_on or interview.planned_at)
    yield from require(when, "/interview/held_on", "约谈时间")
    yield from require(interview and interview.place, "/interview/place", "约谈地点")
    yield from require_handler(case)
    yield from require(case.people.clerk and case.people.clerk.name, "/people/clerk/name", "书记员")


def coordination_record(case: Case) -> MissingFields:
    """协调会议记录."""
    yield from require_registration_no(case)
    yield from require_petitioners(case)
    meeting = case.coordination
    if meeting is None:
        yield MissingField("/coordination", "协调会议的时间、地点、主持人和参加人员")
        return
    yield from require(meeting.started_at, "/coordination/started_at", "协调会议时间")
    yield from require(meeting.place, "/coordination/place", "协调会议地点")
    yield from _require_name(meeting.chair, "/coordination/chair", "主持人")
    named = [one for one in (*meeting.court, *meeting.parties, *meeting.others) if one.name]
    yield from require(tuple(named), "/coordination/parties", "参加人员")
    yield from _require_recorder(case, meeting.recorder)
    if meeting.result in {"agreed", "partly"}:
        yield from require(meeting.agreed, "/coordination/agreed", "达成的一致意见")
    if meeting.result == "partly":
        yield from require(meeting.disputed, "/coordination/disputed", "未达成一致的事项")


def investigation_record(case: Case) -> MissingFields:
    """调查笔录."""
    yield from require_registration_no(case)
    yield from require_petitioners(case)
    found = find_recorded_inquiry(case)
    if found is None:
        yield MissingField("/investigations", "调查的时间、地点、调查人和被调查人")
        return
    index, inquiry = found
    path = f"/investigations/{index}"
    yield from require(inquiry.started_at or inquiry.on, f"{path}/started_at", "调查时间")
    yield from require(inquiry.place, f"{path}/place", "调查地点")
    investigators = [one for one in inquiry.investigators if one.name]
    if len(investigators) < _INVESTIGATORS:
        yield MissingField(f"{path}/investigators", "调查人二人")
    yield from require(inquiry.respondent and inquiry.respondent.name, f"{path}/respondent/name", "被调查人姓名")
    yield from _require_recorder(case, inquiry.recorder)


def hearing_record(case: Case) -> MissingFields:
    """听证笔录."""
    yield from require_registration_no(case)
    yield from require_petitioners(case)
    hearing = case.hearing
    if hearing is None:
        yield MissingField("/hearing", "听证的时间、地点、主持人和参加人")
        return
    yield from require(hearing.place, "/hearing/place", "听证地点")
    yield from _require_name(hearing.chair, "/hearing/chair", "主持人")
    named = [one for one in hearing.participants if one.name]
    yield from require(tuple(named), "/hearing/participants", "参加人")
    yield from _require_recorder(case, hearing.recorder)


def collective_record(case: Case) -> MissingFields:
    """集体研究记录."""
    yield from require_registration_no(case)
    yield from require_petitioners(case)
    meeting = case.approval.collective if case.approval else None
    if meeting is None:
        yield MissingField("/approval/collective", "集体研究的时间、地点、主持人、参加人员和意见")
        return
    path = "/approval/collective"
    yield from require(meeting.on or meeting.started_at, f"{path}/on", "研究日期")
    yield from require(meeting.place, f"{path}/place", "研究地点")
    yield from _require_name(meeting.chair, f"{path}/chair", "主持人")
    if len([one for one in meeting.attendees if one.name]) < _ATTENDEES:
        yield MissingField(f"{path}/attendees", "参加人员至少二人")
    from bundler.documents.views.meeting_records import find_reporter  # loaded late, since `check` starts without views

    yield from require(find_reporter(case), f"{path}/reporter", "汇报人")
    yield from _require_recorder(case, meeting.recorder)
    yield from _require_conclusion(meeting, path)


def _require_conclusion(meeting: CollectiveDiscussion, path: str) -> MissingFields:
    """The conclusion; a majority conclusion needs the dissent, and a recorded dissent excludes a unanimous one."""
    if meeting.result == "none":
        yield from require(meeting.referred_to, f"{path}/referred_to", "提请研究的人或者组织")
        return
    yield from require(meeting.opinion, f"{path}/opinion", "研究意见")
    if meeting.result == "majority":
        yield from require(meeting.dissent, f"{path}/dissent", "不同意见")
    elif meeting.dissent:
        yield MissingField(f"{path}/result", "研究结果（记有不同意见的，是多数意见）")


def _require_name(officer: Officer | None, path: str, label: str) -> MissingFields:
    """The name of an officer."""
    yield from require(officer and officer.name, f"{path}/name", label)


def _require_recorder(case: Case, recorder: Officer | None) -> MissingFields:
    """Who keeps the record: the person named for it, or the clerk."""
    from bundler.documents.views.meeting_records import find_recorder  # loaded late, since `check` starts without views

    yield from require(find_recorder(case, recorder), "/people/clerk/name", "记录人（书记员）")
