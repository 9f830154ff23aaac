"""What the court did about a petition by the day of a paper, in order of dates: meetings, relief, measures and their results."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from bundler.case.case_closing_models import Measure
from bundler.case.model import Case
from bundler.case.unenforceable_debt_models import EnforcementMeasure
from bundler.documents.views.fact_cutoff_date import DocumentDay
from bundler.documents.views.recorded_steps import Step, describe_asked, list_steps, tell_inquiry
from bundler.documents.views.reply_opinion import day_of_inquiry
from bundler.documents.views.rewording_for_outside_readers import in_third_person, list_days_told, tells_later

_ACTS = (
    *("约谈", "协调", "调查", "听证", "查询", "查封", "扣押", "冻结", "扣划", "评估", "拍卖", "变卖", "发放", "悬赏"),
    *("限制消费", "失信", "报告财产", "解除", "移送", "送达"),
)
"""Words that tell two mentions of the same day apart: a measure is told already where one of its words is."""


AGAINST_PROPERTY = frozenset(("查封", "扣押", "冻结", "扣划", "拍卖", "变卖", "发放"))
"""What a measure of enforcement does with property."""
SAME_DAY = "，同日"
"""What stands between two things done on one day."""
_VERB = 2
"""Characters of the verb with which a measure's name begins, such as 发出."""
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
        named: their names as the case gives them, and the result.
        proof: the papers that prove them, as the case names them.
    """

    work: WorkDone
    named: str
    proof: str | None

    @property
    def is_against_property(self) -> bool:
        """Whether something was done with property, which no paper on the work done leaves out."""
        return not AGAINST_PROPERTY.isdisjoint(list_acts(self.work.text))

    def is_of(self, on: date, action: str) -> bool:
        """Whether a measure of the case, which tells no result, had this one."""
        whole = action in self.named
        search = list_acts(action) == ("查询",) and "财产" in action and self.work.text.startswith("查询")
        return on == self.work.on and "，" not in action and (whole or search)

    def is_told(self, on: date, action: str) -> bool:
        """Whether a measure of the case tells of all of it."""
        return on == self.work.on and set(list_acts(self.work.text) or (self.work.text,)) <= {
            *list_acts(action),
            action,
        }


def _list_findings(case: Case, moment: DocumentDay) -> Iterator[WorkDone]:
    """What the inquiries found, with those who were asked."""
    for one in case.investigations:
        day = moment.known(day_of_inquiry(one))
        if day and one.finding:
            yield WorkDone(
                day, f"{tell_inquiry(describe_asked(case, one))}，{in_third_person(one.finding.removesuffix('。'))}"
            )


def is_about(case: Case, step: Step, on: date | None, action: str | None) -> bool:
    """Whether a measure of that day tells of the step."""
    return step.on == on and _is_named(step, _call_petitioner(case, action or ""))


def _is_named(step: Step, text: str) -> bool:
    return any(word in text for word in step.words)


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
    steps = [
        WorkDone(step.on, step.sentence)
        for step in list_steps(case, moment)
        if not any(is_about(case, step, one.on, one.text) for one in measures)
        and not any(day == step.on and _is_named(step, clause) for day, clause in days)
        and not (step.is_inquiry and _is_inquiry_told(case, step, findings))
    ]
    return join_days([*steps, *findings, *(one for one in (*detailed, *results) if not is_told(one, days))])


def join_days(work: Iterable[WorkDone]) -> tuple[WorkDone, ...]:
    """Join the entries of each day into one, sorted by date, without repetitions."""
    by_day: dict[date, list[str]] = {}
    for one in sorted(dict.fromkeys(work), key=lambda one: one.on):
        by_day.setdefault(one.on, []).append(one.text)
    return tuple(WorkDone(day, SAME_DAY.join(texts)) for day, texts in by_day.items())


def list_unrecorded_work(case: Case, moment: DocumentDay) -> tuple[tuple[Step, WorkDone], ...]:
    """The steps by then that no measure tells of, each with what it found, in the order of dates."""
    found = []
    for step in list_steps(case, moment):
        if not any(is_about(case, step, one.on, one.action) for one in case.measures):
            told = [one for one in _list_findings(case, moment) if one.on == step.on and step.is_inquiry]
            own = [one for one in told if one.text.startswith(step.sentence)]
            known = [one for one in own if not tells_later(one.text, moment.until)]
            if step.is_inquiry and not known and _is_inquiry_told(case, step, ()):
                continue
            found.append((step, known[0] if known else WorkDone(step.on, step.sentence)))
    return tuple(found)


def list_results(case: Case, moment: DocumentDay, *, since_petition: bool = True) -> tuple[EnforcementResult, ...]:
    """The measures of enforcement by then, those of one day and one result together.

    Args:
        case: the case.
        moment: when the paper speaks.
        since_petition: without those before the petition arrived.
    """
    found = _group_results(case, moment, case.registration.received_on if since_petition else None)
    return tuple(one for one in found if not tells_later(one.work.text, moment.until))


def _is_inquiry_told(case: Case, inquiry: Step, findings: Sequence[WorkDone]) -> bool:
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
    case: Case, moment: DocumentDay, results: Sequence[EnforcementResult]
) -> tuple[tuple[tuple[Measure, EnforcementResult | None], ...], tuple[EnforcementResult, ...]]:
    """The measures that the case lists by then, each with the result that it does not tell; and the results that none tells."""
    recorded = [one for one in case.measures if one.on and moment.known(one.on) and one.action]
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


def _group_results(case: Case, moment: DocumentDay, since: date | None) -> Iterator[EnforcementResult]:
    """The measures of enforcement by then, those of one day and one result together; not those before ``since``."""
    groups: dict[tuple[date, str], list[EnforcementMeasure]] = {}
    for one in case.enforcement_measures:
        if one.on and one.result and moment.known(one.on) and (since is None or one.on >= since):
            groups.setdefault((one.on, in_third_person(one.result) or ""), []).append(one)
    for (day, result), group in groups.items():
        named = f"{_join_names([one.name for one in group])}，{result}"
        yield EnforcementResult(
            WorkDone(day, _tell_result(group, result)),
            named,
            "、".join(dict.fromkeys(one.proof for one in group if one.proof)) or None,
        )


_TOLD_AS_FOUND = re.compile("查明|未|无|没|不|发现|经|据|已|信访人|被调查人")
"""How a result begins that says itself that something was found, or was not."""


def _tell_result(group: Sequence[EnforcementMeasure], result: str) -> str:
    """Measures with their result in good sentences: not 发出限制消费令，已向某某发出, but 向某某发出限制消费令."""
    name = group[0].name
    verb, matter = name[:_VERB], name[_VERB:]
    if len(group) == 1 and (name in result or (result.startswith(verb) and matter and matter in result)):
        return result.removeprefix("已")
    if len(group) == 1 and matter and result.endswith(verb):
        return f"{result.removeprefix('已')}{matter}"
    found = "查明" if "调查" in name and not _TOLD_AS_FOUND.match(result) else ""
    return f"{join_measures([name_measure(one) for one in group])}，{found}{result}"


def name_measure(one: EnforcementMeasure) -> str:
    """A measure's name; a reward whose notice runs for a period was published on its day, and the result came later."""
    if not one.name.startswith("悬赏") or "公告期" not in (one.result or ""):
        return one.name
    return f"发布悬赏公告{one.name.removeprefix('悬赏').removeprefix('执行').removeprefix('公告')}"


def join_measures(names: Sequence[str]) -> str:
    """Measures in a row, the verb 查询 and whose property it was once; of many the first two and their number."""
    return _join_names(names, "" if any("人" in name or "线索" in name for name in names) else "被执行人")


def _join_names(names: Sequence[str], whose: str = "") -> str:
    shown = names if len(names) <= _SHOWN + 1 else names[:_SHOWN]
    searched = "查询" if shown[0].startswith("查询") else ""
    first = f"{searched}{whose}{shown[0].removeprefix(searched)}" if searched else shown[0]
    row = "、".join((first, *(name.removeprefix(searched) for name in shown[1:])))
    if shown is names:
        return row
    return f"{row}等{len(names)}项{'财产信息' if all(name.startswith('查询') for name in names) else ''}"


def is_told(work: WorkDone, days: Sequence[tuple[date, str]]) -> bool:
    """Whether the words after one of the days tell of the work."""
    acts = list_acts(work.text) or (work.text,)
    return any(day == work.on and any(act in clause for act in acts) for day, clause in days)


def list_acts(text: str) -> tuple[str, ...]:
    """What a text says was done, in the words that tell mentions of one day apart."""
    return tuple(act for act in _ACTS if act in text)


def _call_petitioner(case: Case, text: str) -> str:
    for name in sorted((one.name for one in case.petitioners if one.name), key=len, reverse=True):
        text = text.replace(name, "信访人")
    return text.replace("约谈了", "约谈").replace("约谈你", "约谈信访人")
