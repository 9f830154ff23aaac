"""Rules about what is printed on a scan: whose paper it is, which paper, and of which day.

The engine makes mistakes, and a paper may rightly name another case; so each finding quotes what was read, and asks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain

from bundler.case.model import Case
from bundler.case.people_models import Parties
from bundler.gate.material_readings import ScannedMaterial, ScannedPage
from bundler.printable_text import format_day
from bundler.regulation.findings import Finding, ScanPlace
from bundler.regulation.papers import PAPER_KINDS, Item, Paper
from bundler.scan_reading.name_matching import find_name
from bundler.scan_reading.page_and_case_numbers import (
    CaseNumber,
    case_number_key,
    read_case_numbers,
    shows_case_number,
)
from bundler.scan_reading.page_dates import ReadDate, may_hold_unread_date, read_dates, shows_day, stands_at_end
from bundler.scan_reading.page_text_lines import fold
from bundler.scan_reading.paper_titles import PaperTitle, may_be_titled, read_title, read_title_rows

_MIN_CHARACTERS = 40
"""A scan with less text need not name its case."""
_MIN_LETTERS = 2
_NOT_REGISTRATION = re.compile(r"[^0-9A-Za-z\u3400-\u9fff]")
_FREE_ITEMS = frozenset({Item.EVIDENCE, Item.OTHER, Item.LEGAL_DOCUMENT})
"""Papers that may rightly be about another case of the same people."""
_ENFORCEMENT = "执"


@dataclass(frozen=True)
class CaseIdentity:
    """What tells that a paper belongs to a case.

    Attributes:
        registration_no: folded, letters and figures only; empty where there is none.
        numbers: the keys of the case's numbers.
        full_numbers: these numbers in full, folded.
        names: the names of its petitioners, their principals and the parties.
    """

    registration_no: str
    numbers: frozenset[str]
    full_numbers: tuple[str, ...]
    names: tuple[str, ...]

    @classmethod
    def of(cls, case: Case) -> CaseIdentity:
        """The identity of a case."""
        numbers = [one.no for one in case.enforcement_cases if isinstance(one.no, str)]
        numbers += [one.case_no for one in case.led_into if one.case_no]
        numbers += [one.procedure.case_no for one in case.claims if one.procedure and one.procedure.case_no]
        if case.relief and case.relief.case_no:
            numbers.append(case.relief.case_no)
        parties = [one.parties for one in case.enforcement_cases if isinstance(one.parties, Parties)]
        names = [
            *chain.from_iterable((*one.applicants, *one.respondents, *one.outsiders) for one in parties),
            *(name for one in case.petitioners for name in (one.name, one.short_name)),
            *(one.principal.name for one in case.petitioners if one.principal),
        ]
        return cls(
            _letters_and_figures(case.registration.no or ""),
            frozenset(case_number_key(fold(number)) for number in numbers),
            tuple(fold(number) for number in numbers),
            tuple(dict.fromkeys(name for name in names if name)),
        )

    def other_registration_no(self, text: str) -> str | None:
        """A registration number of the same form as the case's, which is another one; None where there is none.

        A number of figures alone has no form of its own: it could be any number.
        """
        letters = re.sub("[0-9]", "", self.registration_no)
        if len(letters) < _MIN_LETTERS:
            return None
        form = "".join(
            f"[0-9]{{{len(part)}}}" if part.isdecimal() else re.escape(part)
            for part in re.findall("[0-9]+|[^0-9]+", self.registration_no)
        )
        found = re.findall(f"{form}(?![0-9])", text)
        return next((number for number in found if number != self.registration_no), None)


def _letters_and_figures(text: str) -> str:
    return _NOT_REGISTRATION.sub("", fold(text))


def check_case(material: ScannedMaterial, identity: CaseIdentity) -> Iterator[Finding]:
    """READ-CASE: the paper names this case, or nothing that could be another's."""
    if len(material.text) < _MIN_CHARACTERS or not (identity.names or identity.registration_no or identity.numbers):
        return
    plain = _letters_and_figures(material.text)
    if identity.registration_no and identity.registration_no in plain:
        return
    numbers = [(page, number) for page in material.legible for number in read_case_numbers(page.upright)]
    names_number = any(number.key in identity.numbers for _, number in numbers) or any(
        shows_case_number(material.text, number) for number in identity.full_numbers
    )
    names_person = any(find_name(name, material.text) for name in identity.names)
    other = _sure_other_registration_no(material, identity)
    others = [(page, number) for page, number in numbers if number.key not in identity.numbers]
    fix = "请核对：放错的请移到它自己的案件，确是本案材料的不用处理。"
    if other:
        page, place = other
        yield from material.findings(
            "READ-CASE",
            f"第{page.number}页读到的登记号是“{place.read}”，不是本案的登记号：是不是另一件信访的材料？",
            fix,
            [place],
        )
    elif not (names_number or names_person) and material.is_well_read:
        read = f"，读到的案号是{_quote(others)}" if others else ""
        places = [material.place(page, number.box, number.text) for page, number in others[:8]]
        yield from material.findings(
            "READ-CASE",
            f"里没有读到本案的登记号、案号，也没有读到信访人、案件当事人的姓名{read}：是不是别的案件的材料？",
            fix,
            places or [material.place(material.legible[0])],
        )
    elif others and names_person and not names_number and not _FREE_ITEMS & set(material.material.items):
        foreign = [
            (page, number)
            for page, number in others
            if number.kind == _ENFORCEMENT and not any(number.may_be(own) for own in identity.numbers)
        ]
        if foreign and identity.numbers:
            yield from material.findings(
                "READ-CASE",
                f"里有本案的姓名，但是读到的执行案号是{_quote(foreign)}，没有读到本案的案号：是不是同一人另一案的材料？",
                fix,
                [material.place(page, number.box, number.text) for page, number in foreign[:8]],
            )


def _quote(numbers: list[tuple[ScannedPage, CaseNumber]]) -> str:
    texts = list(dict.fromkeys(number.text for _, number in numbers))
    return "、".join(texts[:3]) + ("等" if len(texts) > 3 else "")  # noqa: PLR2004 (a message is no list)


def _sure_other_registration_no(
    material: ScannedMaterial, identity: CaseIdentity
) -> tuple[ScannedPage, ScanPlace] | None:
    """The page and the place of another case's registration number; None where there is none of which the engine was sure."""
    number = identity.other_registration_no(_letters_and_figures(material.text))
    if number is None:
        return None
    pattern = re.compile("[^0-9A-Za-z\u3400-\u9fff]*".join(map(re.escape, number)))
    for page in material.legible:
        for found, box in page.upright.find(pattern):
            if not any("figures" in line.doubts for line in page.upright.lines_of(*found.span())):
                return page, material.place(page, box, found[0])
    return None


def check_item(material: ScannedMaterial, papers: Mapping[Item, Paper]) -> Iterator[Finding]:
    """READ-ITEM: the title on the first page is one of the papers that the material is listed for."""
    if not material.legible or material.legible[0].number != material.pages[0].number:
        return
    page = material.legible[0]
    items = set(material.material.items)
    title = read_title(page.upright)
    labels = "、".join(papers[item].label for item in dict.fromkeys(material.material.items))
    fix = "请核对：放错的请改正材料项目，没有放错的不用处理。"
    if title and not items & title.items:
        free = {Item.EVIDENCE, Item.OTHER} & items
        if free and not _is_unmistakable(title):
            return
        yield from material.findings(
            "READ-ITEM",
            f"第{page.number}页的标题读作“{title.row.text}”，列为{labels}：是不是放错了项目？",
            fix,
            [material.place(page, title.row.seen, title.row.text)],
            "items",
        )
    elif (
        not title
        and len(page.upright.text) >= _MIN_CHARACTERS
        and not any(_shows_item(page, item) or _may_show_item(page, item) for item in items)
    ):
        rows = read_title_rows(page.upright)
        first = rows[0] if rows else page.upright.rows[0]
        yield from material.findings(
            "READ-ITEM",
            f"第{page.number}页没有读到{labels}应有的标题，最上面读作“{first.text[:30]}”：是不是放错了项目？",
            fix,
            [material.place(page, first.seen, first.text)],
            "items",
        )


_UNMISTAKABLE = frozenset(
    {
        Item.REGISTRATION,
        Item.ACCEPTANCE_NOTICE,
        Item.ACCEPTANCE_SERVICE,
        Item.REPLY_OPINION,
        Item.REPLY_SERVICE,
        Item.COMMITMENT,
        Item.EXPLANATION_NOTICE,
        Item.EXPLANATION_SERVICE,
        Item.WRITE_OFF_REQUEST,
        Item.LEADER_INSTRUCTION,
        Item.APPROVAL,
        Item.SUPERIOR_NOTICE,
    }
)
"""Papers of the petition itself: filed as evidence or among the other papers, they are out of place."""


def _is_unmistakable(title: PaperTitle) -> bool:
    return title.items <= _UNMISTAKABLE and len(title.items) == 1


def _shows_item(page: ScannedPage, item: Item) -> bool:
    """Whether the page may be of an item: it shows one of its words, or such papers need not show any."""
    paper = PAPER_KINDS[item]
    if not paper.title_required:
        return True
    return any(word in page.upright.text for word in (*paper.titles, *paper.key_words))


def _may_show_item(page: ScannedPage, item: Item) -> bool:
    """Whether the page was hardly read, and its title may be one of the item's, misread."""
    return not page.upright.is_well_read and may_be_titled(page.upright, PAPER_KINDS[item].titles)


_YEARS_OFF = 3
_DATE_FIELDS = {"date": "形成日期", "signed_on": "签收（签名）日期", "posted_on": "交寄日期"}
_LABEL_REACH = 24
"""Characters before a date among which its label is looked for; a forged page has more than a hundred thousand dates."""
_NEAR_DATE = re.compile(
    r"(时间|日期|签收|收到|签名|捺印|签字|盖章|签署|寄|送达|\(印\))[^0-9〇零○一二三四五六七八九]{0,12}$"
)


def check_dates(material: ScannedMaterial) -> Iterator[Finding]:
    """READ-DATE: the dates that the case gives for a paper are among those on it, where it shows such a date at all."""
    read = [(page, found) for page in material.legible for found in read_dates(page.upright)]
    telling = [(page, found) for page, found in read if found.day and _is_own_date(material, page, found)]
    if not telling or not material.is_legible or any(may_hold_unread_date(page.upright) for page in material.legible):
        return
    surely_read = Counter(found.day for _, found in read if found.day and not found.doubts)
    wanted: dict[date, list[str]] = {}
    for key, label in _DATE_FIELDS.items():
        day = getattr(material.material, key)
        if day is not None:
            wanted.setdefault(day, []).append(label)
    for day, labels in wanted.items():
        if any(found.may_be(day, surely_read) or _has_misread_year(found, day) for _, found in read):
            continue
        if any(shows_day(page.upright, day) for page in material.legible):
            continue
        shown = list(dict.fromkeys(format_day(found.day) for _, found in telling if found.day))
        pages = "、".join(str(number) for number in dict.fromkeys(page.number for page, _ in telling))
        key = next(key for key in _DATE_FIELDS if getattr(material.material, key) == day)
        yield from material.findings(
            "READ-DATE",
            f"第{pages}页读到的日期是{'、'.join(shown[:4])}，填写的{'、'.join(labels)}是{format_day(day)}：哪一个对？",
            "请看原件：填错的请改正；读错的，或者原件另有日期的，不用处理。",
            [material.place(page, found.box, page.upright.text[found.begin : found.end]) for page, found in telling],
            key,
        )


def _has_misread_year(found: ReadDate, day: date) -> bool:
    """Whether only the year differs, and by so much that a figure was rather read than entered wrongly: 2011 for 2021."""
    return (
        found.day is not None
        and found.month_day == (day.month, day.day)
        and abs(found.day.year - day.year) >= _YEARS_OFF
    )


def _is_own_date(material: ScannedMaterial, page: ScannedPage, found: ReadDate) -> bool:
    """Whether a date stands where a paper says its own: after a label, or at its end."""
    text = page.upright.text
    if _NEAR_DATE.search(text[max(found.begin - _LABEL_REACH, 0) : found.begin]):
        return True
    return page is material.legible[-1] and stands_at_end(page.upright, found)
