"""Follow each name, date and amount of a case through all of its papers, and list what contradicts the case."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from bundler.case.model import Case
from bundler.documents.definitions import DOCUMENTS, find_missing_fields, find_moment, list_copies
from bundler.documents.drafting import draft_document
from bundler.regulation.load import load_regulation
from bundler.regulation.model import count_days
from bundler.word.unsupported_constructs import check_docx
from tests.support.documents import PROFILE, TEMPLATES

_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_AMOUNT = re.compile(r"\d+(?:\.\d{1,2})?(?=元)")
_RELATION = re.compile(r"(（\d{4}）鲁0117执\d+号)案(申请执行人|被执行人|案外人)")
_COUNTED = re.compile(r"等(\d+)人")

INNER_PAPERS = ("registration_form", "transfer_slip", "collective_record", "approval_form")
"""Papers that stay in the court: they say 信访人, and 本院."""
PAPERS_TO_SUPERIOR = ("measures_statement", "write_off_request", "supervision_report")
"""Papers that go to the superior court: they say 信访人, and 我院."""


@dataclass(frozen=True)
class Drafted:
    """A drafted paper: its document's id, the petitioner for whom it is made, its paragraphs, and the .docx itself."""

    document: str
    petitioner: int
    paragraphs: tuple[str, ...]
    data: bytes = b""

    @property
    def text(self) -> str:
        """The paragraphs, a line each."""
        return "\n".join(self.paragraphs)


def draft_all(case: Case) -> list[Drafted]:
    """Draft every copy of every document that the case fills."""
    return [
        Drafted(document.id, one.petitioner, tuple(check_docx(data).paragraphs), data)
        for document in DOCUMENTS.values()
        if not find_missing_fields(document.id, case)
        for one in list_copies(document, case)
        for data in [draft_document(case, document, PROFILE, TEMPLATES, one, packed=False)]
    ]


def list_contradictions(case: Case, tree: dict[str, Any], papers: list[Drafted]) -> list[str]:
    """List what the papers say against the case, each with its paper."""
    said = json.dumps(tree, ensure_ascii=False)
    found: list[str] = []
    for paper in papers:
        faults = (
            *_unknown(paper.text, said),
            *_later_days(case, paper),
            *_wrong_parties(case, paper.text),
            *_wrong_counts(case, paper.text),
            *_wrong_voice(paper),
        )
        found += [f"{paper.document}: {fault}" for fault in faults]
    return found


def _unknown(text: str, said: str) -> Iterator[str]:
    """Names of persons and amounts that the case does not hold."""
    yield from (f"人名 {name}" for name in set(re.findall(r"[一-龥]某[某𬭎]", text)) if name not in said)
    yield from (f"金额 {amount}元" for amount in set(_AMOUNT.findall(text)) if amount not in said)


def _later_days(case: Case, paper: Drafted) -> Iterator[str]:
    """Days after the paper's own day that are neither deadlines, nor planned, nor the end of a lease."""
    until = find_moment(case, paper.document).until
    for found in _DAY.finditer(paper.text):
        day = date(int(found[1]), int(found[2]), int(found[3]))
        lease_ends = paper.text.endswith("租期至", 0, found.start())
        if until and day > until and day not in _announced(case) and not lease_ends:
            yield f"文书日期 {until}，写了 {day}"


def _announced(case: Case) -> set[date | None]:
    """The days that a paper may name before they come: deadlines, and what is planned."""
    transfer = case.transfer
    starts = [transfer.received_on, transfer.transferred_on] if transfer else []
    limits = load_regulation().limits
    days: set[date | None] = {
        count_days(limit, day).day for day in starts if day for limit in (limits.interview, limits.reply)
    }
    days |= {one.on for claim in case.claims for one in claim.measures if not one.done}
    days |= {task.due for task in case.coordination.tasks} if case.coordination else set()
    days |= {case.assignment.feedback_due} if case.assignment else set()
    if case.interview and case.interview.planned_at:
        days.add(case.interview.planned_at.date())
    if case.registration.system_on:
        days.add(case.registration.system_on)
    return days | set(_days_in(json.dumps([case.registration.summary, _agreed(case)], ensure_ascii=False)))


def _agreed(case: Case) -> list[str]:
    return [*case.coordination.agreed] if case.coordination else []


def _days_in(text: str) -> Iterator[date]:
    return (date(int(one[1]), int(one[2]), int(one[3])) for one in _DAY.finditer(text))


def _wrong_parties(case: Case, text: str) -> Iterator[str]:
    """Somebody said to be a party of a case that does not name them: the name stands before, in the same line."""
    sides = {"申请执行人": "applicants", "被执行人": "respondents", "案外人": "outsiders"}
    parties = {one.no: one.parties for one in case.enforcement_cases if isinstance(one.no, str)}
    names = [one.name for one in case.petitioners if one.name and not one.principal]
    for line in text.split("\n"):
        for found in _RELATION.finditer(line):
            told = [name for name in names if name in line[: found.start()]]
            listed = getattr(parties.get(found[1]), sides[found[2]], ())
            if told and "委托代理人" not in line and told[-1] not in listed:
                yield f"{told[-1]}不是{found[1]}案{found[2]}"


def _wrong_counts(case: Case, text: str) -> Iterator[str]:
    """A count of petitioners that includes agents."""
    petitioners = sum(1 for one in case.petitioners if not (one.principal and one.principal.name))
    yield from (f"等{count}人" for count in _COUNTED.findall(text) if int(count) != petitioners)


def _wrong_voice(paper: Drafted) -> Iterator[str]:
    """你 in an inner paper, 本院 in one for the superior court, 我院 in any other."""
    if paper.document in (*INNER_PAPERS, *PAPERS_TO_SUPERIOR) and "你" in paper.text:
        yield "对内文书写了“你”"
    if paper.document in PAPERS_TO_SUPERIOR and "本院" in paper.text:
        yield "上报文书写了“本院”"
    if paper.document not in PAPERS_TO_SUPERIOR and "我院" in paper.text:
        yield "写了“我院”"
