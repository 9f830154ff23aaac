"""The figures of Art. 17 for a period: by handler, leader in charge and team; each is the length of a list of cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bundler.case.identifiers import masked
from bundler.case.model import Case
from bundler.case.registration_number_gaps import series_order
from bundler.gate.check_result import Deadline
from bundler.ledger.case_deadlines import handler_of, is_reply_unproven
from bundler.regulation.model import Regulation
from bundler.regulation.papers import Item
from bundler.regulation.working_day_calendar import working_days_between
from bundler.reports.reporting_period import Period

GROUPS = {"handler": "案件承办人", "leader": "主办院领导", "team": "执行信访团队经办人"}
"""By whom the figures are given, with the Chinese title."""
LISTS = {
    "taken_in": "新收",
    "answered": "答复",
    "in_time": "按期答复",
    "late": "超期答复",
    "overdue": "期末超期未答复",
    "settled": "化解",
    "repeated": "重复访",
    "reported": "上报核销",
    "written_off": "核销",
}
"""The lists of cases that the figures count."""
RATES = {
    "in_time_rate": "按期答复率",
    "settled_rate": "化解率",
    "repeated_rate": "重复访率",
    "average_days": "平均办理天数",
    "average_working_days": "平均办理工作日",
}
FORMULAS = {
    "taken_in": "收到日期（来访、来件时间）在期内的案件，不予受理的也计入",
    "answered": "答复意见书在期内送达或者交寄的案件，以先到的一日为准",
    "in_time": "期内答复的案件中，不晚于答复期限（{start} {reply}）的；期限暂定的，不作超期",
    "late": "期内答复的案件中，晚于答复期限的",
    "overdue": "答复期限早于期末当日，截至期末还没有答复的案件，不论何时收到；登记簿记明已答复、只缺送达凭证的不计；期末晚于统计日的，算到统计日",
    "settled": "期内答复的案件中，截至期末已经签署息诉罢访承诺，或者上级法院已经核销的",
    "repeated": "期内收到的案件中，登记为第 2 次以上来访，或者记明重复来访的",
    "reported": "上报日期在期内的核销案件",
    "written_off": "上级法院予以核销，核销日期在期内的案件",
    "in_time_rate": "按期答复 ÷（答复 ＋ 期末超期未答复）",
    "settled_rate": "化解 ÷ 答复",
    "repeated_rate": "重复访 ÷ 新收",
    "average_days": "期内答复的案件，从收到之日到答复之日的自然日数，取平均数",
    "average_working_days": "期内答复的案件，从承办人收到之日到答复之日的工作日数，取平均数",
}
"""How each figure is counted, in Chinese, as reports print it."""
_REPLY = "ART13-REPLY"


def percentage(part: int, whole: int) -> float | None:
    """A share in percent, to one decimal, halves rounded up (四舍五入) as a workbook does; None of nothing."""
    return _one_decimal(100 * part, whole)


def average(values: Sequence[int]) -> float | None:
    """The average to one decimal, halves rounded up; None of no values."""
    return _one_decimal(sum(values), len(values))


def _one_decimal(dividend: int, divisor: int) -> float | None:
    return (20 * dividend + divisor) // (2 * divisor) / 10 if divisor else None


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What the figures need to know of a case.

    Attributes:
        name: its registration number, or else its folder.
        folder: its folder, as the reports name it.
        officers: the officer of each of `GROUPS`; empty where none is given.
        received_on: the day on which it was received.
        due_on: the limit of the reply; None where it has none.
        is_provisional: whether that limit is provisional (暂定).
        answered_on: the day on which the reply was served or posted, whichever came first.
        unproven_from: the day of the reply that the register tells, where no receipt or voucher proves its service; the
            first of all days where the register tells none.
        days: calendar days from receipt to reply; None while it is open.
        working_days: working days from the handler's receipt to the reply.
        settled_on: the day on which it was settled (化解); None where it is not.
        reported_on: the day on which it was reported to the superior court for write-off.
        written_off_on: the day on which the superior court wrote it off.
        is_repeated: whether it is a repeated visit (重复访).
    """

    name: str
    folder: str
    officers: Mapping[str, str]
    received_on: date | None
    due_on: date | None
    is_provisional: bool
    answered_on: date | None
    unproven_from: date | None
    days: int | None
    working_days: int | None
    settled_on: date | None
    reported_on: date | None
    written_off_on: date | None
    is_repeated: bool

    @property
    def is_late(self) -> bool:
        """Whether the reply came after its limit."""
        late = self.answered_on is not None and self.due_on is not None and self.answered_on > self.due_on
        return late and not self.is_provisional


def facts_of(case: Case, folder: str, deadlines: Iterable[Deadline]) -> CaseFacts:
    """The facts of a case whose deadlines are known."""
    reply = next((deadline for deadline in deadlines if deadline.rule == _REPLY), None)
    answered, received = reply.done if reply else None, case.registration.received_on
    people = case.people
    return CaseFacts(
        name=masked(case.registration.no or folder),
        folder=masked(folder),
        officers={
            "handler": masked(handler_of(case)),
            "leader": masked((people.leader.name if people.leader else None) or ""),
            "team": masked((people.team.name if people.team else None) or ""),
        },
        received_on=received,
        due_on=reply.due if reply else None,
        is_provisional=bool(reply and reply.provisional),
        answered_on=answered,
        unproven_from=((case.reply and case.reply.replied_on) or date.min)
        if is_reply_unproven(case, date.max)
        else None,
        days=max((answered - received).days, 0) if answered and received else None,
        working_days=working_days_between(reply.start, answered) if reply and reply.start and answered else None,
        settled_on=_find_settlement(case),
        reported_on=case.write_off.reported_on if case.write_off else None,
        written_off_on=_find_write_off(case),
        is_repeated=bool(case.reception and case.reception.repeated) or (case.registration.visit_no or 1) > 1,
    )


def _find_settlement(case: Case) -> date | None:
    """The day of the commitment, or of the superior court's write-off, whichever came first."""
    signed = [material.signed_on for material in case.materials_for(Item.COMMITMENT) if material.signed_on]
    return min((day for day in (*signed, _find_write_off(case)) if day), default=None)


def _find_write_off(case: Case) -> date | None:
    """The day on which the superior court wrote the case off; where it is not recorded, that of the report or the request."""
    write_off = case.write_off
    if write_off is None or write_off.answer != "written_off":
        return None
    return write_off.answered_on or write_off.reported_on or write_off.requested_on


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of some cases in one period.

    Attributes:
        lists: the cases of each of `LISTS`.
    """

    lists: Mapping[str, tuple[CaseFacts, ...]]

    def count(self, name: str) -> int:
        """How many cases a list has."""
        return len(self.lists[name])

    @property
    def rates(self) -> dict[str, float | None]:
        """The values of `RATES`: percentages and days to one decimal; None where there is nothing to divide by."""
        answered = self.lists["answered"]
        return {
            "in_time_rate": percentage(self.count("in_time"), len(answered) + self.count("overdue")),
            "settled_rate": percentage(self.count("settled"), len(answered)),
            "repeated_rate": percentage(self.count("repeated"), self.count("taken_in")),
            "average_days": average([case.days for case in answered if case.days is not None]),
            "average_working_days": average([case.working_days for case in answered if case.working_days is not None]),
        }

    def value(self, name: str) -> float | None:
        """A figure by its name in `FORMULAS`."""
        return self.count(name) if name in LISTS else self.rates[name]

    @property
    def is_empty(self) -> bool:
        """Whether no case is counted anywhere."""
        return not any(self.lists.values())

    def as_json(self) -> dict[str, float | None]:
        """The figures by name."""
        return {name: self.value(name) for name in FORMULAS}


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """The figures of one officer, or of the whole court, in a period and in the period before.

    Attributes:
        name: the officer; empty for cases without one, and for the court.
    """

    name: str
    now: Figures
    before: Figures

    def as_json(self) -> dict[str, Any]:
        """The figures, those of the period before, and the cases that each figure counts."""
        return {
            "name": self.name or None,
            **self.now.as_json(),
            "previous": self.before.as_json(),
            "cases": {key: [case.name for case in cases] for key, cases in self.now.lists.items()},
        }


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """The figures of Art. 17 for a period.

    Attributes:
        period: the period.
        today: the day of counting.
        total: the figures of all cases.
        groups: those of each officer, by the keys of `GROUPS`; officers with more cases first, cases without one last.
        regulation: the court's regulation.
    """

    period: Period
    today: date
    total: GroupFigures
    groups: Mapping[str, tuple[GroupFigures, ...]]
    regulation: Regulation

    @property
    def formulas(self) -> dict[str, str]:
        """How each figure is counted, with the limit of the regulation."""
        reply = self.regulation.limits.reply
        start = "承办人收到之日起" if reply.start == "handed" else "收到之日起"
        return {name: text.format(start=start, reply=reply.spaced) for name, text in FORMULAS.items()}

    @property
    def article(self) -> str:
        """The article that asks for the figures."""
        return self.regulation.name_of("figures")

    @property
    def counted(self) -> tuple[CaseFacts, ...]:
        """Every case that a figure of the period counts, in the order of numbers."""
        seen = {id(case): case for cases in self.total.now.lists.values() for case in cases}
        return tuple(sorted(seen.values(), key=lambda case: (series_order(case.name), case.folder)))

    def as_json(self) -> dict[str, Any]:
        """The JSON form: periods, formulas, total, and each officer's figures with their cases."""
        return {
            "period": self.period.as_json(),
            "previous": self.period.previous.as_json(),
            "today": self.today.isoformat(),
            "formulas": self.formulas,
            "total": self.total.as_json(),
            "by": {key: [group.as_json() for group in groups] for key, groups in self.groups.items()},
        }


def compute_period_figures(
    cases: Iterable[CaseFacts], period: Period, today: date, regulation: Regulation
) -> PeriodFigures:
    """Count the figures of a period and of the period before.

    Args:
        cases: the facts of all cases.
        period: the period.
        today: the day of counting; nothing after it has happened.
        regulation: the court's regulation.
    """
    listed = list(cases)
    total = GroupFigures("", _count(listed, period, today), _count(listed, period.previous, today))
    groups = {key: tuple(_count_group(listed, key, period, today)) for key in GROUPS}
    return PeriodFigures(period, today, total, groups, regulation)


def _count_group(cases: Sequence[CaseFacts], key: str, period: Period, today: date) -> list[GroupFigures]:
    by_officer: dict[str, list[CaseFacts]] = defaultdict(list)
    for case in cases:
        by_officer[case.officers[key]].append(case)
    groups = [
        GroupFigures(name, _count(own, period, today), _count(own, period.previous, today))
        for name, own in by_officer.items()
    ]
    seen = [group for group in groups if not (group.now.is_empty and group.before.is_empty)]
    return sorted(seen, key=lambda group: (not group.name, -group.now.count("taken_in"), group.name))


_Condition = Callable[[CaseFacts], bool]


def _count(cases: Iterable[CaseFacts], period: Period, today: date) -> Figures:
    end = min(period.last, today)
    until_now = Period(period.first, end) if end >= period.first else None

    def within(day: date | None) -> bool:
        return until_now is not None and day in until_now

    conditions: dict[str, _Condition] = {
        "taken_in": lambda case: within(case.received_on),
        "answered": lambda case: within(case.answered_on),
        "in_time": lambda case: within(case.answered_on) and not case.is_late,
        "late": lambda case: within(case.answered_on) and case.is_late,
        "overdue": lambda case: until_now is not None and _is_overdue(case, end),
        "settled": lambda case: within(case.answered_on) and case.settled_on is not None and case.settled_on <= end,
        "repeated": lambda case: within(case.received_on) and case.is_repeated,
        "reported": lambda case: within(case.reported_on),
        "written_off": lambda case: within(case.written_off_on),
    }
    ordered = sorted(cases, key=lambda case: (series_order(case.name), case.folder))
    return Figures({name: tuple(filter(holds, ordered)) for name, holds in conditions.items()})


def _is_overdue(case: CaseFacts, end: date) -> bool:
    """Whether the limit of the reply was past at the end of a period, and the reply was not given by then."""
    if case.due_on is None or case.is_provisional:
        return False
    is_unproven = case.unproven_from is not None and case.unproven_from <= end
    return case.due_on < end and not is_unproven and (case.answered_on is None or case.answered_on > end)
