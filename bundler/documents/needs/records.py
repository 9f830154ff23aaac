"""What the records (笔录式) need."""

from __future__ import annotations

from bundler.case.model import Case
from bundler.documents.needs.parts import Needs, handler, need, petitioners, registration_no


def interview_record(case: Case) -> Needs:
    """约谈（谈话）笔录."""
    yield from registration_no(case)
    yield from petitioners(case)
    interview = case.interview
    when = interview and (interview.started_at or interview.held_on or interview.planned_at)
    yield from need(when, "/interview/held_on", "约谈时间")
    yield from need(interview and interview.place, "/interview/place", "约谈地点")
    yield from handler(case)
    yield from need(case.people.clerk and case.people.clerk.name, "/people/clerk/name", "书记员")
