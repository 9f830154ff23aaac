"""The statistics of a batch, counted once: report.json, report.xlsx and report.pdf print them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bundler.case.identifiers import masked
from bundler.case.labels import LEDGERS
from bundler.case.model import Case
from bundler.gate.check_result import Deadline, ItemStatus
from bundler.ledger.case_deadlines import handler_of
from bundler.regulation.file_sections import Limit
from bundler.regulation.model import Regulation
from bundler.regulation.papers import BundleKind, Item
from bundler.regulation.working_day_calendar import working_days_between
from bundler.reports.case_result import CaseResult
from bundler.reports.period_figures import average

NO_OFFICER = "（未填承办人）"


@dataclass(frozen=True, slots=True)
class KindStatistics:
    """The number of cases of one kind that were bundled, returned, and are in progress."""

    kind: str
    label: str
    bundled: int
    returned: int
    open: int

    @property
    def total(self) -> int:
        """All of the kind."""
        return self.bundled + self.returned + self.open


@dataclass(frozen=True, slots=True)
class MissingStatistics:
    """The number of cases in which one paper is missing; of a case in progress (在办) nothing counts, since it is not due yet."""

    item: str
    article: str | None
    label: str
    cases: int


@dataclass(frozen=True, slots=True)
class Span:
    """The number of cases that took between `low` and `high` days.

    Attributes:
        low, high: days, both included; `high` None: no upper limit.
        within, late: the cases that kept the limit, extended over holidays, and those that did not.
    """

    low: int
    high: int | None
    within: int
    late: int

    @property
    def label(self) -> str:
        """The days in Chinese."""
        if self.high is None:
            return f"{self.low} 日以上"
        return f"{self.low} 日" if self.low == self.high else f"{self.low}—{self.high} 日"


@dataclass(frozen=True, slots=True)
class LimitStatistics:
    """The cases by one limit of Art. 13.

    Attributes:
        rule: the code of its rule.
        label: the action that it limits, in Chinese.
        limit: the limit, in Chinese.
        days: the limit in days (working days for the reply).
        within, late: the cases done in time, and late.
        open_within, open_late: the cases not done yet, before and after the limit.
        average: average days of the cases done, to one decimal; None where there are none.
        spans: the cases done, by days taken.
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
        """The cases after the limit, done or not."""
        return self.late + self.open_late


@dataclass(frozen=True, slots=True)
class OfficerStatistics:
    """The cases of one officer in charge (案件承办人; Art. 17)."""

    name: str
    cases: int
    bundled: int
    returned: int
    open: int
    replied: int
    late_interviews: int
    late_replies: int
    average_reply: float | None
    committed: int
    written_off: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """The statistics of a batch.

    Attributes:
        open: cases in progress (在办), neither bundled nor returned.
        unsealed: bundled write-offs that are not submitted, since a paper has no stamped copy (待盖章).
        unread: cases that could not be read at all.
        pages: the number of numbered pages (页号) of all bundles.
        file_pages: the number of all their pages, with covers, indexes and closing notes.
        sent: the bundled write-offs that were reported before or are written off, and are not submitted again.
        accepted, replied: the accepted cases, and those of them whose reply was served or posted.
        missing: papers by the number of cases that lack them, the highest first.
        ledgers: the number of cases in each ledger (台账), by its Chinese name.
    """

    total: int
    bundled: int
    returned: int
    open: int
    unsealed: int
    unread: int
    pages: int
    file_pages: int
    sent: int
    accepted: int
    replied: int
    kinds: tuple[KindStatistics, ...]
    missing: tuple[MissingStatistics, ...]
    limits: tuple[LimitStatistics, ...]
    officers: tuple[OfficerStatistics, ...]
    ledgers: tuple[tuple[str, int], ...]

    def as_json(self) -> dict[str, Any]:
        """The object in report.json."""
        return asdict(self) | {"ledgers": dict(self.ledgers)}


def compute_statistics(results: Sequence[CaseResult], regulation: Regulation) -> Statistics:
    """Count the results of a batch, the limits as the regulation sets them."""
    cases = [result.case for result in results if result.case]
    accepted = [result for result in results if result.case and result.case.decision == "accepted"]
    states = Counter(result.status for result in results)
    return Statistics(
        total=len(results),
        bundled=states["bundled"],
        returned=states["returned"],
        open=states["open"],
        unsealed=sum(result.awaiting_seal for result in results),
        unread=len(results) - len(cases),
        pages=sum(result.pages for result in results),
        file_pages=sum(result.file_pages for result in results),
        sent=sum(result.went_up_before for result in results),
        accepted=len(accepted),
        replied=sum(_is_done(result, "ART13-REPLY") for result in accepted),
        kinds=tuple(_count_kind(results, kind) for kind in BundleKind),
        missing=_count_missing(results),
        limits=tuple(_count_limit(results, limit) for limit in _list_limits(regulation)),
        officers=_count_officers(results),
        ledgers=tuple((name, sum(key in case.ledgers for case in cases)) for key, name in LEDGERS.items()),
    )


def find_deadline(result: CaseResult, rule: str) -> Deadline | None:
    """The deadline of a case under a rule; None where the case has none."""
    return next((one for one in result.deadlines if one.rule == rule), None)


def _is_done(result: CaseResult, rule: str) -> bool:
    deadline = find_deadline(result, rule)
    return deadline is not None and deadline.done is not None


def _count_kind(results: Iterable[CaseResult], kind: BundleKind) -> KindStatistics:
    states = Counter(result.status for result in results if result.kind is kind and result.case)
    return KindStatistics(kind.value, kind.label, states["bundled"], states["returned"], states["open"])


def _count_missing(results: Iterable[CaseResult]) -> tuple[MissingStatistics, ...]:
    lines = [
        line
        for result in results
        if result.status != "open"
        for line in result.checklist
        if line.status is ItemStatus.MISSING
    ]
    counted = Counter((line.item, line.article, line.label) for line in lines)
    order = {item: index for index, item in enumerate(Item)}
    ranked = sorted(counted.items(), key=lambda pair: (-pair[1], order[pair[0][0]]))
    return tuple(MissingStatistics(item.value, article, label, count) for (item, article, label), count in ranked)


def _count_calendar_days(deadline: Deadline) -> int:
    assert deadline.done is not None  # noqa: S101 (called only for what is done)
    assert deadline.start is not None  # noqa: S101 (every limit of Art. 13 has a start)
    return (deadline.done - deadline.start).days


def _count_working_days(deadline: Deadline) -> int:
    assert deadline.done is not None  # noqa: S101 (called only for what is done)
    assert deadline.start is not None  # noqa: S101 (every limit of Art. 13 has a start)
    return working_days_between(deadline.start, deadline.done)


def _list_limits(regulation: Regulation) -> Iterator[_Limit]:
    limits = regulation.limits
    for rule, label, limit in (
        ("ART13-TRANSFER", "转交承办人", limits.transfer),
        ("ART13-INTERVIEW", "约谈信访人", limits.interview),
        ("ART13-REPLY", "答复信访人", limits.reply),
    ):
        if rule in regulation.rules:
            yield _Limit(rule, label, limit)


@dataclass(frozen=True, slots=True)
class _Limit:
    """A limit of Art. 13.

    Attributes:
        rule, label: as in `LimitStatistics`.
        limit: the regulation's limit.
    """

    rule: str
    label: str
    limit: Limit

    def days(self, deadline: Deadline) -> int:
        """The days that a case took, of the kind that the limit counts."""
        return (_count_working_days if self.limit.kind == "working" else _count_calendar_days)(deadline)

    @property
    def starts(self) -> tuple[int, ...]:
        """The first day of each span of the chart: the quarters of the limit, and two more after it."""
        days = self.limit.days
        quarter = max(days // 4, 1)
        fractions = {0, *(one * quarter + 1 for one in (1, 2, 3) if one * quarter < days)}
        later = (days + 1, days + quarter + 1, days + 2 * quarter + 1)
        return _STARTS_OF_SHORT_LIMITS.get(days) or (*sorted(fractions), *later)


_STARTS_OF_SHORT_LIMITS = {2: (0, 1, 2, 3, 4, 6, 11), 5: (0, 2, 4, 6, 9, 16, 31)}


def _count_limit(results: Iterable[CaseResult], limit: _Limit) -> LimitStatistics:
    found = [deadline for result in results for deadline in [find_deadline(result, limit.rule)] if deadline]
    done = [(max(limit.days(one), 0), bool(one.overdue_days)) for one in found if one.done]
    waiting = [bool(one.overdue_days) for one in found if not one.done]
    ends = (*(start - 1 for start in limit.starts[1:]), None)
    return LimitStatistics(
        rule=limit.rule,
        label=limit.label,
        limit=f"{limit.limit.spaced}内",
        days=limit.limit.days,
        within=sum(not late for _, late in done),
        late=sum(late for _, late in done),
        open_within=sum(not late for late in waiting),
        open_late=sum(waiting),
        average=average([taken for taken, _ in done]),
        spans=tuple(_count_span(done, low, high) for low, high in zip(limit.starts, ends, strict=True)),
    )


def _count_span(done: Iterable[tuple[int, bool]], low: int, high: int | None) -> Span:
    here = [late for taken, late in done if low <= taken and (high is None or taken <= high)]
    return Span(low, high, len(here) - sum(here), sum(here))


def _count_officers(results: Iterable[CaseResult]) -> tuple[OfficerStatistics, ...]:
    by_name: dict[str, list[tuple[CaseResult, Case]]] = defaultdict(list)
    for result in results:
        if result.case:
            by_name[masked(handler_of(result.case)) or NO_OFFICER].append((result, result.case))
    ranked = sorted(by_name.items(), key=lambda pair: (pair[0] == NO_OFFICER, -len(pair[1]), pair[0]))
    return tuple(_count_officer(name, pairs) for name, pairs in ranked)


def _count_officer(name: str, pairs: Sequence[tuple[CaseResult, Case]]) -> OfficerStatistics:
    results = [result for result, _ in pairs]
    replies = [one for result in results for one in [find_deadline(result, "ART13-REPLY")] if one and one.done]
    states = Counter(result.status for result in results)
    return OfficerStatistics(
        name=name,
        cases=len(results),
        bundled=states["bundled"],
        returned=states["returned"],
        open=states["open"],
        replied=len(replies),
        late_interviews=sum(_is_late(result, "ART13-INTERVIEW") for result in results),
        late_replies=sum(_is_late(result, "ART13-REPLY") for result in results),
        average_reply=average([max(_count_working_days(one), 0) for one in replies]),
        committed=sum(any(m.signed_on for m in case.materials_for(Item.COMMITMENT)) for _, case in pairs),
        written_off=sum(bool(case.write_off and case.write_off.answer == "written_off") for _, case in pairs),
    )


def _is_late(result: CaseResult, rule: str) -> bool:
    deadline = find_deadline(result, rule)
    return deadline is not None and deadline.overdue_days > 0
