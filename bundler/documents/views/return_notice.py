"""What the notice of return (退回补正通知单) may print: one returned case's findings, grouped by material, on one page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Annotated, Literal

from bundler.case.identifiers import masked
from bundler.case.model import Case
from bundler.documents.views.case_view import Court, build_court_view
from bundler.documents.views.fields import AT_LEAST_ONE
from bundler.documents.views.people import build_people_view
from bundler.documents.views.plain_language import to_plain_language
from bundler.profile import Profile
from bundler.regulation.articles import ART_14, ARTICLES
from bundler.regulation.deadlines import calendar_days
from bundler.regulation.papers import PAPERS, BundleKind
from bundler.regulation.rules import RULES, Finding, Severity, sort_key
from bundler.text import count_lines

Print = Literal["normal", "small", "smallest"]
MOST_HINTS = 3


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """What is wrong with one material, and who mends it by when."""

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
    kind: Annotated[Literal["archive", "write-off", "declined"], "申请类别：归档、核销、不予受理归档"]
    checked_on: Annotated[date, "检查日期"]
    returned_on: Annotated[date, "退回日期"]
    due_on: Annotated[date | None, "补正期限"]
    lines: Annotated[tuple[ReturnLine, ...], "明细", AT_LEAST_ONE]
    hints: Annotated[tuple[str, ...], "提示"]
    print_size: Annotated[Print, "明细的字号：小四、五号、小五"]


def build_return_view(  # noqa: PLR0913 (a notice tells who, what, why and when)
    case: Case | None,
    findings: Sequence[Finding],
    kind: BundleKind,
    profile: Profile,
    on: date,
    *,
    number: str | None,
    folder: str,
) -> ReturnView:
    """The notice of one returned case.

    Args:
        case: None where nothing of the case could be read.
        findings: the gate's, errors and others; at least one is an error.
        kind: what the bundle would have been.
        profile: the court, and within how many days papers are to be mended.
        on: the day of the check, which is the day of the return.
        number: the registration number; None where it is missing, invalid or another case's too.
        folder: the folder's name, which stands in its place.
    """
    due = calendar_days(on, profile.return_days).day if profile.return_days else None
    people = build_people_view(case.people) if case else None
    handler = _cut(people.handler.name, _LONGEST_NAME) if people and people.handler else None
    errors = sorted((found for found in findings if found.severity is Severity.ERROR), key=sort_key)
    hints = tuple(_hints(findings))
    size, lines = _fitted(list(_by_material(errors, handler, due)), hints)
    return ReturnView(
        court=build_court_view(profile),
        reg_no=number or _cut(masked(folder), _LONGEST_NAME),
        has_number=number is not None,
        petitioner_names=tuple(_cut(one.name, _LONGEST_NAME) for one in case.petitioners if one.name) if case else (),
        handler=handler,
        kind=kind.value,
        checked_on=on,
        returned_on=on,
        due_on=due,
        lines=lines,
        hints=hints,
        print_size=size,
    )


def _basis(found: Finding) -> str | None:
    """The article that asks for it; Art. 16's items bear no numbers, Art. 14's paragraphs do."""
    article = found.article or (PAPERS[found.item].article if found.item else None)
    if article != ART_14:
        return article
    return ART_14 + (RULES[found.rule].paragraph or ("" if found.article else "第二款"))


def _by_material(errors: Iterable[Finding], by: str | None, due: date | None) -> Iterator[ReturnLine]:
    """A line for each material under each article, in the order of the law; what concerns no material, by its rule."""
    ordered = sorted(errors, key=lambda found: _place(_basis(found)))
    for (basis, _), group in groupby(ordered, key=lambda found: (_basis(found), found.item or found.rule)):
        told = list(group)
        yield ReturnLine(basis, _joined(one.message for one in told), _joined(one.fix for one in told), by, due)


def _place(basis: str | None) -> tuple[int, str]:
    known = [place for place, article in enumerate(ARTICLES) if basis and basis.startswith(article)]
    return (known[-1] if known else len(ARTICLES), basis or "")


def _joined(texts: Iterable[str]) -> str:
    """Sentences in plain words, each once, as one with semicolons."""
    return _once(to_plain_language(text).rstrip("。") for text in texts)


def _hints(findings: Iterable[Finding]) -> Iterator[str]:
    warnings = [found for found in findings if found.severity is Severity.WARNING]
    kept = dict.fromkeys(to_plain_language(found.message) for found in sorted(warnings, key=sort_key))
    yield from (_cut(text, _LONGEST_HINT) for text in list(kept)[:MOST_HINTS])


@dataclass(frozen=True, slots=True)
class _Look:
    """How a size sets the lines: characters to a line in the two wide columns, points to a line and to a row."""

    characters: float
    pitch: float
    row: float


_LOOKS: dict[Print, _Look] = {
    "normal": _Look(9.6, 17.0, 29.0),
    "small": _Look(11.0, 14.0, 21.0),
    "smallest": _Look(12.8, 12.0, 17.0),
}
_ROOM = 385.0
"""Points of the page that lines and hints may take; the rest is for the head and the signatures."""
_HINT = _Look(41.0, 16.0, 0.0)
_LONGEST_HINT, _LONGEST_NAME = 78, 40
_CUT_BY = 10


def _fitted(lines: list[ReturnLine], hints: tuple[str, ...]) -> tuple[Print, tuple[ReturnLine, ...]]:
    """The largest size at which the lines fit; then one line to an article; then lines that are cut."""
    room = _ROOM - sum(_HINT.pitch * count_lines(hint, _HINT.characters) for hint in hints)
    for size in _LOOKS:
        if _height(lines, size) <= room:
            return size, tuple(lines)
    merged = [_merged(list(group)) for _, group in groupby(lines, key=lambda line: line.basis)]
    longest = max(len(text) for line in merged for text in (line.lacking, line.asked))
    while _height(merged, "smallest") > room and longest > _CUT_BY:
        longest -= _CUT_BY
        merged = [replace(one, lacking=_cut(one.lacking, longest), asked=_cut(one.asked, longest)) for one in merged]
    return "smallest", tuple(merged)


def _merged(lines: list[ReturnLine]) -> ReturnLine:
    """The lines of one article as one, each text once."""
    return replace(
        lines[0],
        lacking=_once(part for one in lines for part in one.lacking.rstrip("。").split("；")),
        asked=_once(part for one in lines for part in one.asked.rstrip("。").split("；")),
    )


def _once(texts: Iterable[str]) -> str:
    return "；".join(dict.fromkeys(texts)) + "。"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _height(lines: Iterable[ReturnLine], size: Print) -> float:
    look = _LOOKS[size]
    return sum(
        max(look.row, 3 + look.pitch * max(count_lines(text, look.characters) for text in (one.lacking, one.asked)))
        for one in lines
    )
