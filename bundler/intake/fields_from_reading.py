"""Propose values of a case's fields from what was read on its scans: the petitioner's letter and the enforcement papers.

Only fields that are empty get a proposal, and each says where it was read. A person takes or leaves each by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from bundler.case.identifiers import case_number_fault, id_number_fault, phone_fault
from bundler.case.json_pointer import parse_pointer
from bundler.case_edit.change_operations import ABSENT, Change, Insert, Put, value_at
from bundler.digest import sha256_of
from bundler.scan_reading.name_matching import find_name
from bundler.scan_reading.page_and_case_numbers import read_case_numbers
from bundler.scan_reading.page_dates import read_dates
from bundler.scan_reading.page_text_lines import UprightPage, surround
from bundler.scan_reading.record import Box, ScanReading

_ENFORCEMENT = ("执", "执恢")
"""What the court writes for an enforcement case; 执异, 执复 and others are other procedures."""
_PETITIONER = ("反映人", "信访人", "申诉人", "来信人", "承诺人", "被约谈人")
_PHONE = ("联系电话", "电话号码", "手机号码", "联系方式", "手机", "电话")
_ID_NUMBER = ("公民身份号码", "居民身份证号码", "身份证号码", "身份证号")
_APPLICANT, _RESPONDENT = "申请执行人", "被执行人"
_DAYS = {
    "收文日期": "/registration/received_on",
    "来信日期": "/registration/received_on",
    "来访日期": "/registration/received_on",
    "转交日期": "/transfer/transferred_on",
    "反馈期限": "/assignment/feedback_due",
}
"""By the label of a day on a form, its field."""
_LABELS = (*_PETITIONER, *_PHONE, *_ID_NUMBER, _APPLICANT, _RESPONDENT, *_DAYS)
_LABEL = re.compile(
    rf"(?<![\u4e00-\u9fa5])({'|'.join(sorted(_LABELS, key=len, reverse=True))})(?:\([^()签捺]*\))?(?::|$)"
)
"""Whoever signs (签名、捺印) may be an agent, and is not taken for the petitioner."""
_ANY_LABEL = re.compile(r"[\u4e00-\u9fa5]{2,8}(?:\([^()]*\))?:")
_PERSON = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af·]{2,4}")
_BODY = re.compile(
    r"[\u3400-\u9fff\U00020000-\U000323af0-9A-Za-z()]{4,40}(?:公司|厂|店|社|中心|银行|事务所|学校|医院|委员会|经营部)"
)
_AFTER_NAME = re.compile(r"[,，。;；、(（]")
_NUMBER_OF_PHONE = re.compile(r"(?<![0-9])(?:1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8})(?![0-9])")
_NUMBER_OF_ID = re.compile(r"(?<![0-9])[1-9][0-9]{16}[0-9Xx](?![0-9])")
_I_AM = re.compile(r"^我(?:叫|是)([\u3400-\u9fff\U00020000-\U000323af·]{2,4})[,，]")
_FILED = re.compile(r"立案执行|执行立案")
_BEFORE_FILED = 6
"""So many characters may stand between a day and the words that say what was done on it."""
_PAID = re.compile(r"(?:已执行到位|执行到位金额:?)([0-9]{1,12}(?:\.[0-9]{1,2})?)元")
_TITLES = {
    "/registration/received_on": "来访（件）时间",
    "/transfer/transferred_on": "转交日期",
    "/assignment/feedback_due": "反馈期限",
    "/enforcement_cases/0/filed_on": "执行立案日期",
    "/relief/enforced": "已执行到位金额",
}


@dataclass(frozen=True, slots=True)
class FieldProposal:
    """A value that was read for an empty field.

    Attributes:
        path: the JSON Pointer of the field.
        label: what the field is called.
        value: the value.
        file: the file on which it was read.
        page: the page of the file, from 1.
        box: where, in pixels of the page as a viewer shows it.
        read: the words that were read there.
        scan: the SHA-256 of the file.
    """

    path: str
    label: str
    value: str
    file: str
    page: int
    box: Box
    read: str
    scan: str

    @property
    def mark(self) -> str:
        """Names the value of this field as it was read on this scan; another value or another scan has another mark."""
        return sha256_of(f"{self.path}\0{self.value}\0{self.scan}".encode())[:32]


@dataclass(frozen=True, slots=True)
class _Pair:
    """A label on a page, and what stands behind it or in the next cell."""

    label: str
    value: str
    box: Box
    read: str


def find_values(tree: Mapping[str, Any], readings: Mapping[str, ScanReading]) -> Iterator[FieldProposal]:
    """The values that empty fields of a case may have, at every place where they were read.

    Args:
        tree: the case.json.
        readings: what was read on the files, by file; the first files count first.
    """
    for file, reading in readings.items():
        for page in reading.pages:
            for one in _read_page(UprightPage(page)):
                proposal = FieldProposal(
                    one.path, one.label, one.value, file, page.number, one.box, one.read, reading.source
                )
                if _is_open(tree, proposal):
                    yield proposal


def first_of_each(values: Iterable[FieldProposal]) -> tuple[FieldProposal, ...]:
    """Each value of a field once, at the place where it was read first, in the order of the form."""
    found: dict[tuple[str, str], FieldProposal] = {}
    for one in values:
        found.setdefault((one.path, one.value), one)
    return tuple(sorted(found.values(), key=lambda one: _ORDER.index(one.path)))


_ORDER = (
    "/enforcement_cases/0/no",
    "/petitioners/0/name",
    "/petitioners/0/phone",
    "/petitioners/0/id_number",
    "/enforcement_cases/0/parties/applicants",
    "/enforcement_cases/0/parties/respondents",
    *_TITLES,
)


def change_of(tree: Mapping[str, Any], proposal: FieldProposal) -> Change:
    """The change of case.json that takes a proposal."""
    key, *steps = proposal.path.split("/")[1:]
    if steps[:1] != ["0"]:
        return Put(proposal.path, proposal.value, ABSENT)
    value: Any = [proposal.value] if proposal.path in _LISTS else proposal.value
    for step in reversed(steps[1:]):
        value = {step: value}
    if value_at(tree, (key, 0)) is ABSENT:
        return Insert(f"/{key}", value)
    if proposal.path in _LISTS:
        present = value_at(tree, parse_pointer(proposal.path))
        if isinstance(present, list):
            return Put(proposal.path, [*present, proposal.value], present)
        parties = value_at(tree, (key, 0, "parties"))
        if parties is ABSENT:
            return Put(f"/{key}/0/parties", value["parties"], ABSENT)
        return Put(proposal.path, [proposal.value], ABSENT)
    return Put(proposal.path, proposal.value, ABSENT)


_LISTS = frozenset({"/enforcement_cases/0/parties/applicants", "/enforcement_cases/0/parties/respondents"})


def _is_open(tree: Mapping[str, Any], proposal: FieldProposal) -> bool:
    """Whether the case lacks what was read: its field is empty, or its list has no such name."""
    top = proposal.path.split("/")[1]
    if top in {"assignment", "relief"} and value_at(tree, (top,)) is ABSENT:
        return False  # the whole part means something, and nobody has begun it
    present = value_at(tree, parse_pointer(proposal.path))
    if proposal.path in _LISTS:
        if value_at(tree, parse_pointer("/enforcement_cases/0/parties/unknown")) is not ABSENT:
            return False  # 不详, with a reason
        names = [str(one) for one in present] if isinstance(present, list) else []
        return not any(find_name(name, proposal.value) for name in names)
    return present is ABSENT or present is None or present == ""


@dataclass(frozen=True, slots=True)
class _Value:
    """A value of a field: its path, what the field is called, and where it was read."""

    path: str
    label: str
    value: str
    box: Box
    read: str


def _read_page(page: UprightPage) -> Iterator[_Value]:
    """What a page says of the fields."""
    for read in (_case_numbers, _labelled_values, _own_names, _days_and_amounts):
        yield from read(page)


def _case_numbers(page: UprightPage) -> Iterator[_Value]:
    for found in read_case_numbers(page):
        if found.kind in _ENFORCEMENT and case_number_fault(found.text) is None:
            yield _Value("/enforcement_cases/0/no", "执行案号", found.text, found.box, found.text)


def _own_names(page: UprightPage) -> Iterator[_Value]:
    """Who says 我叫……; in a letter that is the petitioner."""
    for line in page.lines:
        name = _I_AM.match(line.text)
        if name:
            yield _Value("/petitioners/0/name", "信访人姓名（名称）", name[1], line.seen, line.text)


def _days_and_amounts(page: UprightPage) -> Iterator[_Value]:
    for found in read_dates(page):
        behind = page.text[found.end : found.end + _BEFORE_FILED]
        if found.day and _FILED.match(behind):
            path, read = "/enforcement_cases/0/filed_on", page.text[found.begin : found.end] + behind
            yield _Value(path, _TITLES[path], found.day.isoformat(), found.box, read)
    for match, box in page.find(_PAID):
        yield _Value("/relief/enforced", _TITLES["/relief/enforced"], match[1], box, match[0])


def _labelled_values(page: UprightPage) -> Iterator[_Value]:
    """What stands behind the labels of a page; phones and numbers count only on the petitioner's own papers."""
    pairs = list(_pairs(page))
    is_own = any(pair.label in _PETITIONER for pair in pairs) or any(_I_AM.match(line.text) for line in page.lines)
    for pair in pairs:
        for path, label, value in (*_people_of(pair), *(_numbers_of(pair) if is_own else ()), *_day_of(pair)):
            yield _Value(path, label, value, pair.box, pair.read)


def _people_of(pair: _Pair) -> Iterator[tuple[str, str, str]]:
    names = _names(pair.value)
    if pair.label in _PETITIONER and names:
        yield "/petitioners/0/name", "信访人姓名（名称）", names[0]
    fields = {_APPLICANT: "applicants", _RESPONDENT: "respondents"}
    if pair.label in fields:
        for name in names:
            yield f"/enforcement_cases/0/parties/{fields[pair.label]}", pair.label, name


def _numbers_of(pair: _Pair) -> Iterator[tuple[str, str, str]]:
    phone, number = _NUMBER_OF_PHONE.search(pair.value), _NUMBER_OF_ID.search(pair.value)
    if pair.label in _PHONE and phone and phone_fault(phone[0]) is None:
        yield "/petitioners/0/phone", "信访人联系电话", phone[0]
    if pair.label in _ID_NUMBER and number and id_number_fault(number[0].upper()) is None:
        yield "/petitioners/0/id_number", "信访人证件号码", number[0].upper()


def _day_of(pair: _Pair) -> Iterator[tuple[str, str, str]]:
    day = re.match(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日", pair.value)
    if pair.label in _DAYS and day:
        path = _DAYS[pair.label]
        with suppress(ValueError):
            yield path, _TITLES[path], date(*map(int, day.groups())).isoformat()


def _names(text: str) -> list[str]:
    """The names at the beginning of a text, separated by 、; what follows a comma, a bracket or a stop is no name."""
    found: list[str] = []
    rest = text
    while True:
        body = _BODY.match(rest)
        end = _AFTER_NAME.search(rest)
        name = body[0] if body else rest[: end.start()] if end else rest
        if not body and not _PERSON.fullmatch(name):
            return found
        found.append(name)
        rest = rest[len(name) :]
        if not rest.startswith("、"):
            return found
        rest = rest[1:]


def _pairs(page: UprightPage) -> Iterator[_Pair]:
    """The labels of a page: in a line up to the next label, or in a cell of a table with the text of the next cell."""
    cells = [line.cell for line in page.page.lines]
    for place, line in enumerate(page.lines):
        for match in _LABEL.finditer(line.text):
            if match[0].endswith(":"):
                rest = line.text[match.end() :]
                following = _ANY_LABEL.search(rest)
                value = rest[: following.start()] if following else rest
                if value:
                    yield _Pair(match[1], value, line.seen, line.text)
            elif match.start() == 0 and cells[place] is not None:
                behind = _next_cell(page, cells, place)
                if behind:
                    text = "".join(page.lines[at].text for at in behind)
                    yield _Pair(match[1], text, surround(page.lines[at].seen for at in (place, *behind)), text)


def _next_cell(page: UprightPage, cells: list[int | None], place: int) -> list[int]:
    """The places of the lines of the cell behind that of a line; none where the cell has more lines than this one."""
    first = place + 1
    if first >= len(page.lines) or cells[first] in {None, cells[place]}:
        return []
    return [at for at in range(first, len(page.lines)) if cells[at] == cells[first]]
