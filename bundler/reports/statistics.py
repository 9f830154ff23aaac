"""The figures of a batch, counted once: report.json, the workbook and the page all print these and count nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bundler.case.identifiers import masked
from bundler.case.labels import LEDGERS
from bundler.case.model import Case
from bundler.gate.check_result import Deadline, Status
from bundler.ledger.case_status import handler_of
from bundler.regulation.deadlines import INTERVIEW_DAYS, REPLY_WORKING_DAYS, TRANSFER_DAYS, working_days_between
from bundler.regulation.papers import BundleKind, Item
from bundler.reports.case_result import CaseResult

NOBODY = "（未填承办人）"


@dataclass(frozen=True, slots=True)
class KindStatistics:
    """How many cases of one kind were bundled, and how many returned."""

    kind: str
    label: str
    bundled: int
    returned: int

    @property
    def total(self) -> int:
        """All of the kind."""
        return self.bundled + self.returned


@dataclass(frozen=True, slots=True)
class MissingStatistics:
    """In how many cases one paper is missing."""

    item: str
    article: str | None
    label: str
    cases: int


@dataclass(frozen=True, slots=True)
class Span:
    """How many cases took so many days.

    Attributes:
        low, high: days, both included; high None: and more.
        within, late: of the cases, by whether the limit, rolled over holidays, was kept.
    """

    low: int
    high: int | None
    within: int
    late: int

    @property
    def label(self) -> str:
        """The days as a reader says them."""
        if self.high is None:
            return f"{self.low} 日以上"
        return f"{self.low} 日" if self.low == self.high else f"{self.low}—{self.high} 日"


@dataclass(frozen=True, slots=True)
class LimitStatistics:
    """How one limit of Art. 13 was kept.

    Attributes:
        rule: its warning's code.
        label: what is to be done.
        limit: in words.
        days: the limit as a number.
        within, late: done in time, or not.
        open_within, open_late: not done yet.
        average: days of those done, to one decimal; None where none is.
        spans: those done, by days taken.
    """

    rule: str
    label: str
    limit: str
    days: int
    within: int
    late: int
    open_within: int
    open_late: int
    average: float | None
    spans: tuple[Span, ...]

    @property
    def overdue(self) -> int:
        """All that went over the limit, done or not."""
        return self.late + self.open_late


@dataclass(frozen=True, slots=True)
class OfficerStatistics:
    """The cases of one officer in charge (案件承办人; Art. 17)."""

    name: str
    cases: int
    bundled: int
    returned: int
    replied: int
    late_interviews: int
    late_replies: int
    average_reply: float | None
    committed: int
    written_off: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """All of them.

    Attributes:
        unread: cases of which nothing could be read.
        pages: numbered pages of all bundles.
        accepted, replied: accepted cases, and those of them whose reply was served or posted.
        missing: the paper that is missing most comes first.
        ledgers: cases of each ledger, by its Chinese name.
    """

    total: int
    bundled: int
    returned: int
    unread: int
    pages: int
    accepted: int
    replied: int
    kinds: tuple[KindStatistics, ...]
    missing: tuple[MissingStatistics, ...]
    limits: tuple[LimitStatistics, ...]
    officers: tuple[OfficerStatistics, ...]
    ledgers: tuple[tuple[str, int], ...]

    def as_json(self) -> dict[str, Any]:
        """Everything, for programs."""
        return asdict(self) | {"ledgers": dict(self.ledgers)}


def compute_statistics(results: Sequence[CaseResult]) -> Statistics:
    """Count a batch."""
    cases = [result.case for result in results if result.case]
    accepted = [result for result in results if result.case and result.case.decision == "accepted"]
    bundled = sum(result.bundled for result in results)
    return Statistics(
        total=len(results),
        bundled=bundled,
        returned=len(results) - bundled,
        unread=len(results) - len(cases),
        pages=sum(result.pages for result in results),
        accepted=len(accepted),
        replied=sum(_done(result, "ART13-REPLY") for result in accepted),
        kinds=tuple(_kind(results, kind) for kind in BundleKind),
        missing=_missing(results),
        limits=tuple(_limit(results, limit) for limit in _LIMITS),
        officers=_officers(results),
        ledgers=tuple((name, sum(key in case.ledgers for case in cases)) for key, name in LEDGERS.items()),
    )


def find_deadline(result: CaseResult, rule: str) -> Deadline | None:
    """A case's deadline of that code."""
    return next((one for one in result.deadlines if one.rule == rule), None)


def _done(result: CaseResult, rule: str) -> bool:
    deadline = find_deadline(result, rule)
    return deadline is not None and deadline.done is not None


def _kind(results: Iterable[CaseResult], kind: BundleKind) -> KindStatistics:
    states = [result.bundled for result in results if result.kind is kind]
    return KindStatistics(kind.value, kind.label, sum(states), len(states) - sum(states))


def _missing(results: Iterable[CaseResult]) -> tuple[MissingStatistics, ...]:
    lines = [line for result in results for line in result.checklist if line.status is Status.MISSING]
    counted = Counter((line.item, line.article, line.label) for line in lines)
    order = {item: place for place, item in enumerate(Item)}
    ranked = sorted(counted.items(), key=lambda pair: (-pair[1], order[pair[0][0]]))
    return tuple(MissingStatistics(item.value, article, label, count) for (item, article, label), count in ranked)


_Days = Callable[[Deadline], int]


def _calendar(deadline: Deadline) -> int:
    assert deadline.done is not None  # noqa: S101 (asked of what is done)
    assert deadline.start is not None  # noqa: S101 (Art. 13's limits all start on a day)
    return (deadline.done - deadline.start).days


def _working(deadline: Deadline) -> int:
    assert deadline.done is not None  # noqa: S101 (asked of what is done)
    assert deadline.start is not None  # noqa: S101 (Art. 13's limits all start on a day)
    return working_days_between(deadline.start, deadline.done)


@dataclass(frozen=True, slots=True)
class _Limit:
    """A limit of Art. 13: how its days are counted, and where the spans begin that the chart shows."""

    rule: str
    label: str
    limit: str
    most: int
    days: _Days
    starts: tuple[int, ...]


_LIMITS = (
    _Limit("ART13-TRANSFER", "转交承办人", f"{TRANSFER_DAYS} 日内", TRANSFER_DAYS, _calendar, (0, 1, 2, 3, 4, 6, 11)),
    _Limit(
        "ART13-INTERVIEW", "约谈信访人", f"{INTERVIEW_DAYS} 日内", INTERVIEW_DAYS, _calendar, (0, 2, 4, 6, 9, 16, 31)
    ),
    _Limit(
        "ART13-REPLY",
        "答复信访人",
        f"{REPLY_WORKING_DAYS} 个工作日内",
        REPLY_WORKING_DAYS,
        _working,
        (0, 11, 21, 31, 41, 51, 61),
    ),
)


def _limit(results: Iterable[CaseResult], limit: _Limit) -> LimitStatistics:
    found = [deadline for result in results for deadline in [find_deadline(result, limit.rule)] if deadline]
    done = [(max(limit.days(one), 0), bool(one.overdue_days)) for one in found if one.done]
    waiting = [bool(one.overdue_days) for one in found if not one.done]
    ends = (*(start - 1 for start in limit.starts[1:]), None)
    return LimitStatistics(
        rule=limit.rule,
        label=limit.label,
        limit=limit.limit,
        days=limit.most,
        within=sum(not late for _, late in done),
        late=sum(late for _, late in done),
        open_within=sum(not late for late in waiting),
        open_late=sum(waiting),
        average=_average([taken for taken, _ in done]),
        spans=tuple(_span(done, low, high) for low, high in zip(limit.starts, ends, strict=True)),
    )


def _span(done: Iterable[tuple[int, bool]], low: int, high: int | None) -> Span:
    here = [late for taken, late in done if low <= taken and (high is None or taken <= high)]
    return Span(low, high, len(here) - sum(here), sum(here))


def _average(values: Sequence[int]) -> float | None:
    return round(sum(values) / len(values), 1) if values else None


def _officers(results: Iterable[CaseResult]) -> tuple[OfficerStatistics, ...]:
    by_name: dict[str, list[tuple[CaseResult, Case]]] = defaultdict(list)
    for result in results:
        if result.case:
            by_name[masked(handler_of(result.case)) or NOBODY].append((result, result.case))
    ranked = sorted(by_name.items(), key=lambda pair: (pair[0] == NOBODY, -len(pair[1]), pair[0]))
    return tuple(_officer(name, pairs) for name, pairs in ranked)


def _officer(name: str, pairs: Sequence[tuple[CaseResult, Case]]) -> OfficerStatistics:
    results = [result for result, _ in pairs]
    replies = [one for result in results for one in [find_deadline(result, "ART13-REPLY")] if one and one.done]
    bundled = sum(result.bundled for result in results)
    return OfficerStatistics(
        name=name,
        cases=len(results),
        bundled=bundled,
        returned=len(results) - bundled,
        replied=len(replies),
        late_interviews=sum(_is_late(result, "ART13-INTERVIEW") for result in results),
        late_replies=sum(_is_late(result, "ART13-REPLY") for result in results),
        average_reply=_average([max(_working(one), 0) for one in replies]),
        committed=sum(any(m.signed_on for m in case.materials_for(Item.COMMITMENT)) for _, case in pairs),
        written_off=sum(bool(case.write_off and case.write_off.answer == "written_off") for _, case in pairs),
    )


def _is_late(result: CaseResult, rule: str) -> bool:
    deadline = find_deadline(result, rule)
    return deadline is not None and deadline.overdue_days > 0
