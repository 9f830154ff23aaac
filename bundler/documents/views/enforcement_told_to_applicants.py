"""What applicants are told of the enforcement of their cases: in the interview and in the reply (Art. 13)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from bundler.case.model import Case
from bundler.documents.document_subjects import list_principals
from bundler.documents.views.fact_cutoff_date import DocumentDay
from bundler.documents.views.petitioner_standing import list_positions
from bundler.documents.views.reply_opinion import day_of_inquiry
from bundler.documents.views.rewording_for_outside_readers import list_days_told, tells_later
from bundler.documents.views.work_done import (
    AGAINST_PROPERTY,
    SAME_DAY,
    WorkDone,
    is_told,
    join_measures,
    list_acts,
    list_results,
    name_measure,
)
from bundler.printable_text import format_day

_LOOKED_FOR = ("查询", "悬赏", "调查")
"""Words of a measure by which property was looked for."""
_MOST_RESULTS = 3
"""Results of one day that the reply tells apart."""
_FIGURE = re.compile(r"\d")


def list_told_in_interview(case: Case, day: date | None) -> tuple[str, ...]:
    """The measures of enforcement by the day of the interview, for the record of it; nothing where not all applied for it.

    Those that the case writes for the record stand in their place.
    """
    if case.interview and case.interview.told:
        return case.interview.told
    if day is None or not _is_for_applicants(case):
        return ()
    told = sorted(
        (one.work for one in list_results(case, DocumentDay(day, day), since_petition=False)), key=lambda one: one.on
    )
    lines = [f"{format_day(one.on)}，{one.text.removesuffix('。')}。" for one in told]
    return ("执行中，本院采取了以下措施：", *lines) if lines else ()


def list_told_in_reply(case: Case, moment: DocumentDay) -> tuple[WorkDone, ...]:
    """What was done since the petition arrived to find property and with property, as far as the reply does not tell of it.

    Nothing where not all petitioners applied for the enforcement. A result with figures is left to the facts that the case
    writes for the reply, and so is what a visit found, which is named only where the reply names no inquiry of its day.

    Args:
        case: the case.
        moment: when the reply speaks.
    """
    if not _is_for_applicants(case):
        return ()
    received, days = case.registration.received_on, _list_days_of_reply(case)
    inquired = {day_of_inquiry(one) for one in case.investigations}
    by_day: dict[date, dict[str, list[str]]] = {}
    for one in case.enforcement_measures:
        is_visit = "调查" in one.name
        is_kind = not AGAINST_PROPERTY.isdisjoint(list_acts(one.name)) or any(word in one.name for word in _LOOKED_FOR)
        if not (is_kind and one.on and one.result and moment.known(one.on)) or (received and one.on < received):
            continue
        if is_told(WorkDone(one.on, one.name), days) or (is_visit and one.on in inquired):
            continue
        is_left_out = is_visit or _FIGURE.search(one.result) or tells_later(one.result, moment.until)
        result = "" if is_left_out else f"，{one.result.removesuffix('。')}"
        by_day.setdefault(one.on, {}).setdefault(result, []).append(name_measure(one))
    return tuple(WorkDone(day, _tell_measures(by_day[day])) for day in sorted(by_day))


def _is_for_applicants(case: Case) -> bool:
    """Whether all petitioners applied for the enforcement, so that they may know what was done for it."""
    principals = [case.petitioners[index] for index in list_principals(case)]
    return bool(principals) and all("applicant" in list_positions(case, one) for one in principals)


def _list_days_of_reply(case: Case) -> list[tuple[date, str]]:
    """The days that the reply names with the words after each."""
    texts = [case.reply.case_facts if case.reply else None]
    for claim in case.claims:
        texts += [claim.facts, claim.reason, *(f"{format_day(one.on)}{one.text}" for one in claim.measures)]
    return [found for text in texts for found in list_days_told(text)]


def _tell_measures(by_result: Mapping[str, Sequence[str]]) -> str:
    """The measures of one day, those with one result together; of many results the searches are told without them."""
    if len(by_result) <= _MOST_RESULTS:
        return SAME_DAY.join(f"{join_measures(names)}{result}" for result, names in by_result.items())
    searched = [name for names in by_result.values() for name in names if name.startswith("查询")]
    others = [f"{name}{result}" for result, names in by_result.items() for name in names if not name.startswith("查询")]
    return SAME_DAY.join([*([join_measures(searched)] if searched else []), *others])
