"""A debt that cannot be enforced, in a case's view: measures exhausted (Art. 6), relief (Art. 11), follow-up (Art. 16)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from bundler.case.model import Case
from bundler.case.unenforceable_debt_models import FollowUp as FollowUpFacts
from bundler.case.unenforceable_debt_models import Relief
from bundler.documents.capital_amounts import to_capital_amount
from bundler.documents.unenforceable_debt_facts import find_relief_applicant, list_measure_rows, select_follow_up
from bundler.documents.views.fact_cutoff_date import DocumentDay
from bundler.documents.views.people import Petitioner, build_petitioners_view
from bundler.documents.views.petitioner_standing import list_own_cases
from bundler.documents.views.procedural_facts import EnforcementCase, build_enforcement_view
from bundler.documents.views.record_fields import copy_fields
from bundler.documents.views.rewording_for_outside_readers import in_third_person
from bundler.profile import Profile


@dataclass(frozen=True, slots=True)
class ExhaustedMeasure:
    """A row of the table of exhausted measures: a measure as the case calls it, or a usual one that it does not name."""

    name: Annotated[str, "执行措施"]
    on: Annotated[date | None, "日期"]
    result: Annotated[str | None, "结果"]
    not_taken_because: Annotated[str | None, "未采取的原因"]
    proof: Annotated[str | None, "佐证材料"]


@dataclass(frozen=True, slots=True)
class ReliefRequest:
    """What is asked of judicial relief (司法救助); empty where the case tells nothing of it."""

    applicant: Annotated[Petitioner | None, "救助申请人"]
    cases: Annotated[tuple[EnforcementCase, ...], "救助申请人自己的执行案件"]
    case_numbers: Annotated[tuple[str, ...], "救助申请人自己的执行案号"]
    enforced: Annotated[str | None, "已执行到位金额"]
    unenforced: Annotated[str | None, "未执行到位金额"]
    found: Annotated[str | None, "执行和财产调查情况"]
    difficulty: Annotated[str | None, "生活困难情况"]
    income: Annotated[str | None, "家庭成员和收入"]
    asked: Annotated[str | None, "申请救助金额"]
    asked_in_capitals: Annotated[str | None, "申请救助金额的大写"]
    proposed: Annotated[str | None, "拟救助金额"]
    proposed_in_capitals: Annotated[str | None, "拟救助金额的大写"]
    proofs: Annotated[tuple[str, ...], "证明材料"]


@dataclass(frozen=True, slots=True)
class EarlierFollowUp:
    """A follow-up that took place before."""

    on: Annotated[date, "回访日期"]
    text: Annotated[str, "情况"]
    by: Annotated[str | None, "回访人"]
    means: Annotated[str | None, "方式"]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The follow-up (回访) that the record is for: the next planned one, else the last one that took place."""

    on: Annotated[date | None, "回访日期；还没有进行的没有"]
    planned_on: Annotated[date | None, "计划的回访日期；已经进行的没有"]
    text: Annotated[str | None, "情况；还没有进行的没有"]
    by: Annotated[str | None, "回访人"]
    means: Annotated[str | None, "方式"]
    place: Annotated[str | None, "地点"]
    person: Annotated[str | None, "被回访人"]
    new_request: Annotated[str | None, "新的反映和请求"]
    next_steps: Annotated[str | None, "下一步工作"]
    earlier: Annotated[tuple[EarlierFollowUp, ...], "此前的回访，先后为序"]


def build_unenforceable_values(case: Case, profile: Profile, moment: DocumentDay) -> dict[str, Any]:
    """Build the values of Art. 6, 11 and 16 by name."""
    exhausted = _build_measures(case, profile, moment)
    return {
        "exhausted": exhausted,
        "no_property": bool(case.relief and case.relief.no_property)
        and all(one.result or one.not_taken_because for one in exhausted),
        "relief_request": _build_request(case, case.relief or Relief()),
        "follow_up": _build_follow_up(case),
    }


def _build_measures(case: Case, profile: Profile, moment: DocumentDay) -> tuple[ExhaustedMeasure, ...]:
    """A row for each measure taken by then, and for each usual one."""
    rows: list[ExhaustedMeasure] = []
    for row in list_measure_rows(case, profile.usual_measures):
        told = [one for one in row.taken if not moment.is_later(one.on)]
        rows += [copy_fields(ExhaustedMeasure, one, result=in_third_person(one.result)) for one in told] or [
            ExhaustedMeasure(row.name, None, None, None, None)
        ]
    return tuple(rows)


def _build_request(case: Case, relief: Relief) -> ReliefRequest:
    index = find_relief_applicant(case)
    own = list_own_cases(case, None if index is None else case.petitioners[index])
    return copy_fields(
        ReliefRequest,
        relief,
        applicant=None if index is None else build_petitioners_view(case)[index],
        cases=tuple(build_enforcement_view(one) for one in own),
        case_numbers=tuple(one.no for one in own if isinstance(one.no, str)),
        found=in_third_person(relief.found),
        asked_in_capitals=to_capital_amount(relief.asked) if relief.asked else None,
        proposed_in_capitals=to_capital_amount(relief.proposed) if relief.proposed else None,
    )


def _build_follow_up(case: Case) -> FollowUp | None:
    index = select_follow_up(case)
    if index is None:
        return None
    one = case.follow_ups[index]
    done = bool(one.text)
    return copy_fields(
        FollowUp,
        one,
        on=one.on if done else None,
        planned_on=None if done else one.on,
        text=in_third_person(one.text),
        new_request=in_third_person(one.new_request),
        next_steps=f"{one.next_steps.removesuffix('。')}。" if one.next_steps else None,
        earlier=_list_earlier(case.follow_ups, one),
    )


def _list_earlier(all_of_them: tuple[FollowUpFacts, ...], last: FollowUpFacts) -> tuple[EarlierFollowUp, ...]:
    before = [one for one in all_of_them if one.text and one is not last and one.on <= last.on]
    told = (
        EarlierFollowUp(one.on, in_third_person(one.text) or "", one.by or None, one.means or None) for one in before
    )
    return tuple(sorted(told, key=lambda one: one.on))
