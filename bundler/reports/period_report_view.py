"""The report on a month, a quarter or a year (通报), from the figures of Art. 17."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from bundler.documents.views.case_view import build_court_view, build_rule_view
from bundler.documents.views.period_report_types import (
    Formula,
    HandlerCount,
    OverdueCase,
    PeriodCounts,
    PeriodReportView,
    PeriodRow,
    PeriodTable,
)
from bundler.profile import Profile
from bundler.reports.period_figures import GROUPS, CaseFacts, Figures, PeriodFigures
from bundler.reports.period_sheets import LABELS, NAMELESS, unit_of


def build_period_report_view(figures: PeriodFigures, profile: Profile) -> PeriodReportView:
    """Build the view of the report on a period."""
    lists = figures.total.now.lists
    return PeriodReportView(
        court=build_court_view(profile),
        rule=build_rule_view(profile),
        period=figures.period.label,
        previous=figures.period.previous.label,
        counted_on=figures.today,
        now=_build_counts(figures.total.now),
        before=_build_counts(figures.total.before),
        tables=tuple(
            PeriodTable(title, tuple(PeriodRow(one.name or NAMELESS[key], _build_counts(one.now)) for one in groups))
            for key, title in GROUPS.items()
            # Cases without an officer that count in the period before alone are nobody's row.
            for groups in [[one for one in figures.groups[key] if one.name or not one.now.is_empty]]
            if groups
        ),
        overdue_cases=tuple(
            OverdueCase(case.name, case.officers["handler"] or None, case.due_on) for case in lists["overdue"]
        ),
        late_handlers=tuple(_count_by_handler(lists["late"])),
        repeated_handlers=tuple(_count_by_handler(lists["repeated"])),
        formulas=tuple(Formula(LABELS[name], text) for name, text in figures.formulas.items()),
        date_style=profile.switches.date_style,
        seal_placeholder=profile.switches.seal_placeholder,
        cite_rule=profile.switches.cite_rule,
    )


def _build_counts(figures: Figures) -> PeriodCounts:
    shown = {
        name: None if value is None else f"{value:g}{'%' if unit_of(name) == '%' else ''}"
        for name, value in figures.rates.items()
    }
    return PeriodCounts(
        taken_in=figures.count("taken_in"),
        answered=figures.count("answered"),
        in_time=figures.count("in_time"),
        late=figures.count("late"),
        overdue=figures.count("overdue"),
        settled=figures.count("settled"),
        repeated=figures.count("repeated"),
        reported=figures.count("reported"),
        written_off=figures.count("written_off"),
        in_time_rate=shown["in_time_rate"],
        settled_rate=shown["settled_rate"],
        repeated_rate=shown["repeated_rate"],
        average_days=shown["average_days"],
        average_working_days=shown["average_working_days"],
    )


def _count_by_handler(cases: Iterable[CaseFacts]) -> list[HandlerCount]:
    """The number of cases of each handler, the most first."""
    counted = Counter(case.officers["handler"] or NAMELESS["handler"] for case in cases)
    return [HandlerCount(name, count) for name, count in sorted(counted.items(), key=lambda one: (-one[1], one[0]))]
