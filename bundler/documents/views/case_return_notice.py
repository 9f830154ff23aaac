"""The view of the notice of return (退回补正通知单): a case's findings, one line for each material, on one page if they fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Annotated, Literal

from bundler.case.identifiers import masked
from bundler.case.model import Case
from bundler.documents.views.case_view import Court, build_court_view
from bundler.documents.views.people import build_people_view, find_addressees
from bundler.documents.views.record_fields import AT_LEAST_ONE
from bundler.documents.views.rewording_for_outside_readers import to_plain_language
from bundler.printable_text import count_lines
from bundler.profile import Profile
from bundler.regulation.findings import Finding
from bundler.regulation.model import Regulation
from bundler.regulation.papers import BundleKind
from bundler.regulation.rule_codes import Severity
from bundler.regulation.working_day_calendar import calendar_days

Print = Literal["normal", "small", "smallest"]
MAX_HINTS = 3


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """What is wrong with one material, who corrects it, and by when."""

    basis: Annotated[str | None, "依据的条、款"]
    lacking: Annotated[str, "缺少或者不合要求的材料"]
    asked: Annotated[str, "补正要求"]
    by: Annotated[str | None, "责任人"]
    due_on: Annotated[date | None, "完成期限"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnView:
    """The names that the template of the notice of return may use."""

    court: Annotated[Court, "本院"]
    reg_no: Annotated[str, "登记号；没有的为文件夹名"]
    has_number: Annotated[bool, "有登记号"]
    petitioner_names: Annotated[tuple[str, ...], "信访人姓名（名称）"]
    handler: Annotated[str | None, "案件承办人"]
    kind: Annotated[
        Literal["archive", "write-off", "declined"] | None, "申请类别：归档、核销、不予受理归档；读不出的没有"
    ]
    was_sent_in: Annotated[bool, "曾经报送：申请过核销，或者已经立卷"]
    checked_on: Annotated[date, "检查日期"]
    returned_on: Annotated[date, "退回日期"]
    due_on: Annotated[date | None, "补正期限"]
    lines: Annotated[tuple[ReturnLine, ...], "明细", AT_LEAST_ONE]
    hints: Annotated[tuple[str, ...], "提示"]
    print_size: Annotated[Print, "明细的字号：小四、五号、小五"]


def build_return_view(  # noqa: PLR0913 (the contents of a notice)
    case: Case | None,
    findings: Sequence[Finding],
    kind: BundleKind,
    profile: Profile,
    on: date,
    *,
    number: str | None,
    folder: str,
    handler: str | None = None,
) -> ReturnView:
    """Build the view of one returned case's notice.

    Args:
        case: None where nothing of the case could be read.
        findings: the findings of the gate, at least one of them an error.
        kind: the kind of bundle that was requested.
        profile: the court, and the number of days for corrections.
        on: the date of the check, which is the date of the return.
        number: the registration number; None where it is missing, invalid or used by another case too.
        folder: the folder's name, printed where there is no number.
        handler: who handles the case, where the case itself does not say so.
    """
    due = calendar_days(on, profile.return_days).day if profile.return_days else None
    people = build_people_view(case.people) if case else None
    named = people.handler.name if people and people.handler else handler
    handler = _shorten(named, _MAX_NAME) if named else None
    ordered = sorted(findings, key=profile.regulation.sort_key(kind))
    errors = [found for found in ordered if found.severity is Severity.ERROR]
    hints = tuple(_list_hints(ordered))
    lines = list(_group_by_material(errors, handler, due, profile.regulation))
    return ReturnView(
        court=build_court_view(profile),
        reg_no=number or _shorten(masked(folder), _MAX_NAME),
        has_number=number is not None,
        petitioner_names=_name_petitioners(case) if case else (),
        handler=handler,
        kind=kind.value if case else None,
        was_sent_in=_was_sent_in(case, kind),
        checked_on=on,
        returned_on=on,
        due_on=due,
        lines=tuple(lines),
        hints=hints,
        print_size=_choose_print_size(lines, hints),
    )


def _name_petitioners(case: Case) -> tuple[str, ...]:
    """The petitioners; an agent is none."""
    return tuple(_shorten(one.name, _MAX_NAME) for one in find_addressees(case).addressees if one.name)


def _was_sent_in(case: Case | None, kind: BundleKind) -> bool:
    """Whether the handler sent the case in: its write-off is asked for, or its file was put together."""
    if case is None:
        return False
    return kind is BundleKind.WRITE_OFF or bool(case.archive.filed_on or case.archive.archived_on)


_UNREADABLE = frozenset({"JSON-SYNTAX", "JSON-ENCODING"})
_DATA_LACKING = "案件数据读不出来，材料没有核对。"
_DATA_ASKED = "请执行信访团队恢复或者重新填写案件数据，再核对材料。"


def _tell(found: Finding) -> tuple[str, str]:
    """What is wrong and what is asked, in office words: where in a damaged file it stands helps no reader of paper."""
    if found.rule in _UNREADABLE:
        return _DATA_LACKING, _DATA_ASKED
    if found.rule == "FILE-MISSING":  # the paper is asked for; the name of its file concerns the case's folder only
        return f"{found.message.partition('：')[0]}。", "补送。"
    message = found.message.removeprefix(found.article or "")  # which stands beside it as the basis
    return to_plain_language(message), to_plain_language(found.fix)


def _group_by_material(
    errors: Iterable[Finding], by: str | None, due: date | None, regulation: Regulation
) -> Iterator[ReturnLine]:
    """A line for each material of each article, in the order of the law; errors about no material are grouped by rule.

    Where one file serves several items, a fault of the file gets one line, which names the legal basis of every item.
    """
    basis_of = regulation.basis_of
    ordered = sorted(errors, key=lambda found: _position_in_law(basis_of(found), regulation.article_names))
    bases: dict[tuple[str, str, str], dict[str, None]] = {}
    for found in ordered:
        bases.setdefault(_fault(found), {}).update(dict.fromkeys(filter(None, [basis_of(found)])))
    for (basis, _), group in groupby(ordered, key=lambda found: (basis_of(found), found.item or found.rule)):
        untold = [one for one in group if _fault(one) in bases]
        if not untold:
            continue
        named = dict.fromkeys(filter(None, (basis, *(name for one in untold for name in bases.pop(_fault(one), ())))))
        told = [_tell(one) for one in untold]
        lacking, asked = (_join_once(text.rstrip("。") for text in texts) for texts in zip(*told, strict=True))
        yield ReturnLine("、".join(named) or None, lacking, asked, by, due)


def _fault(found: Finding) -> tuple[str, str, str]:
    """What a finding says, whichever paper it says it of."""
    return found.rule, found.path, found.message


def _position_in_law(basis: str | None, articles: Sequence[str]) -> tuple[int, str]:
    known = [index for index, article in enumerate(articles) if basis and basis.startswith(article)]
    return (known[-1] if known else len(articles), basis or "")


def _list_hints(findings: Iterable[Finding]) -> Iterator[str]:
    warnings = [found for found in findings if found.severity is Severity.WARNING]
    kept = dict.fromkeys(to_plain_language(found.message) for found in warnings)
    yield from (_shorten(text, _MAX_HINT) for text in list(kept)[:MAX_HINTS])


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a print size sets the table.

    Attributes:
        ems: the width of the two wide columns, in characters.
        line_height: points of a line.
        row_height: points of the lowest row.
    """

    ems: float
    line_height: float
    row_height: float


_LAYOUTS: dict[Print, _Layout] = {
    "normal": _Layout(9.1, 17.0, 29.0),
    "small": _Layout(10.4, 14.0, 21.0),
    "smallest": _Layout(12.1, 12.0, 17.0),
}
_AVAILABLE_HEIGHT = 385.0
"""Points of the page for lines and hints; the rest holds the head and the signatures."""
_HINT = _Layout(41.0, 16.0, 0.0)
_MAX_HINT, _MAX_NAME = 78, 40


def _choose_print_size(lines: list[ReturnLine], hints: tuple[str, ...]) -> Print:
    """The largest print size at which the lines fit on one page, or else the smallest; no line is merged or cut.

    What does not fit even so goes on on a second page.
    """
    available = _AVAILABLE_HEIGHT - sum(_HINT.line_height * count_lines(hint, _HINT.ems) for hint in hints)
    return next((size for size in _LAYOUTS if _measure_height(lines, size) <= available), "smallest")


def _join_once(texts: Iterable[str]) -> str:
    return "；".join(dict.fromkeys(texts)) + "。"


def _shorten(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _measure_height(lines: Iterable[ReturnLine], size: Print) -> float:
    layout = _LAYOUTS[size]
    return sum(
        max(
            layout.row_height,
            3 + layout.line_height * max(count_lines(text, layout.ems) for text in (one.lacking, one.asked)),
        )
        for one in lines
    )
