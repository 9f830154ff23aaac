"""The register (登记簿) of Art. 12: the eight facts of each case in the order of numbers, and the gaps between these."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bundler.case.field_types import Unknown
from bundler.case.identifiers import fold_registration_no, masked
from bundler.case.labels import DECISION
from bundler.case.model import Case
from bundler.case.registration_number_gaps import NumberGap, find_gaps, find_repeated, series_order
from bundler.documents.required_facts.of_forms import require_registration
from bundler.ledger.case_deadlines import CaseStatus, assigning_body_of, handler_of
from bundler.ledger.export_ledgers import ASSIGNMENT_COLUMNS, assignment_cells
from bundler.regulation.model import Regulation
from bundler.xlsx_writer.sheets import CellValue, Column, RowColour, RowTone, Sheet
from bundler.xlsx_writer.workbook import build_workbook

TITLE = "执行申诉信访案件登记簿"
_UNKNOWN = "不详"
_NEVER = 100_000


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One case of the register: its number, the eight facts of Art. 12, and what is registered beside them.

    Attributes:
        number: the registration number; empty where the case has none.
        received_on: 来访（件）时间.
        source: 案件来源.
        petitioners: 信访人姓名及联系电话, one petitioner on each line.
        parties: 案件当事人, one enforcement case on each line.
        handler: 案件承办人.
        case_numbers: 执行案号, one on each line.
        summary: 来访（件）内容摘要.
        proposed_opinion: 拟办意见.
        missing: the names of the facts that the case lacks.
        case: the case.
        folder: the case folder.
    """

    number: str
    received_on: date | None
    source: str
    petitioners: str
    parties: str
    handler: str
    case_numbers: str
    summary: str
    proposed_opinion: str
    missing: tuple[str, ...]
    case: Case
    folder: Path


@dataclass(frozen=True, slots=True)
class Register:
    """The register of a folder of cases.

    Attributes:
        rows: the cases, in the order of their numbers.
        gaps: the numbers that are left out.
        repeated: the numbers that several cases have.
        unread: the cases that could not be read.
    """

    rows: tuple[RegisterRow, ...]
    gaps: tuple[NumberGap, ...]
    repeated: tuple[str, ...]
    unread: tuple[CaseStatus, ...]


def build_register(cases: Iterable[CaseStatus], *, full_phones: bool = False) -> Register:
    """Build the register.

    Args:
        cases: all cases.
        full_phones: print phones in full, for the book that stays with the court; otherwise they are masked.
    """
    listed = list(cases)
    rows = [_build_row(status, status.case, full_phones=full_phones) for status in listed if status.case is not None]
    numbers = [row.number for row in rows if row.number]
    return Register(
        tuple(sorted(rows, key=lambda row: (series_order(row.number), row.folder.as_posix()))),
        find_gaps(numbers),
        find_repeated(numbers),
        tuple(status for status in listed if status.case is None),
    )


def _build_row(status: CaseStatus, case: Case, *, full_phones: bool) -> RegisterRow:
    registration = case.registration
    return RegisterRow(
        number=registration.no or "",
        received_on=registration.received_on,
        source=masked(registration.source or ""),
        petitioners="\n".join(_petitioner_lines(case, full_phones=full_phones)),
        parties="\n".join(_party_lines(case)),
        handler=_handler(case),
        case_numbers="\n".join(
            _UNKNOWN if isinstance(one.no, Unknown) else masked(one.no) for one in case.enforcement_cases if one.no
        ),
        summary=masked(registration.summary or ""),
        proposed_opinion=masked(registration.proposed_opinion or ""),
        missing=tuple(dict.fromkeys(field.label for field in require_registration(case))),
        case=case,
        folder=status.folder,
    )


def _petitioner_lines(case: Case, *, full_phones: bool) -> Iterable[str]:
    """Each petitioner with his phone; an agent with the principal for whom he acts."""
    for one in case.petitioners:
        name = masked(one.name or ("匿名" if one.anonymous else ""))
        if one.principal and one.principal.name:
            name += f"（{masked(one.principal.name)}的代理人）"
        phone = _UNKNOWN if isinstance(one.phone, Unknown) else one.phone or ""
        yield "　".join(part for part in (name, phone if full_phones else masked(phone)) if part)


def _party_lines(case: Case) -> Iterable[str]:
    for one in case.enforcement_cases:
        parties = one.parties
        if isinstance(parties, Unknown):
            yield _UNKNOWN
        elif parties is not None:
            named = (
                ("申请执行人", parties.applicants),
                ("被执行人", parties.respondents),
                ("案外人", parties.outsiders),
            )
            text = "；".join(f"{role}{'、'.join(names)}" for role, names in named if names)
            if text:
                yield masked(text)


def _handler(case: Case) -> str:
    return _UNKNOWN if isinstance(case.people.handler, Unknown) else masked(handler_of(case))


def register_json(register: Register, root: Path) -> dict[str, Any]:
    """The register as JSON values, under ``register`` of ``ledger --json``."""
    return {
        "rows": [
            {
                "registration_no": row.number or None,
                "case": _relative(row.folder, root),
                "received_on": row.received_on.isoformat() if row.received_on else None,
                "source": row.source or None,
                "petitioners": row.petitioners or None,
                "parties": row.parties or None,
                "handler": row.handler or None,
                "case_numbers": row.case_numbers or None,
                "summary": row.summary or None,
                "proposed_opinion": row.proposed_opinion or None,
                "assigned_by": masked(assigning_body_of(row.case)[0]) or None,
                "assigned_no": masked(assigning_body_of(row.case)[1]) or None,
                "missing": list(row.missing),
            }
            for row in register.rows
        ],
        "gaps": [
            {"after": gap.after, "before": gap.before, "first": gap.first, "last": gap.last, "count": gap.count}
            for gap in register.gaps
        ],
        "repeated": list(register.repeated),
    }


_COLUMNS = (
    Column("序号", 5),
    Column("登记号", 15),
    Column("来访（件）时间", 11),
    Column("案件来源", 9),
    Column("信访人姓名及联系电话", 17),
    Column("案件当事人", 18),
    Column("案件承办人", 8),
    Column("执行案号", 17),
    Column("来访（件）内容摘要", 27),
    Column("拟办意见", 17),
    Column("受理情况", 9),
    *ASSIGNMENT_COLUMNS,
    Column("系统录入号", 14),
    Column("所缺事项数", 7),
    Column("所缺的登记事项", 24),
    Column("备注", 16),
)
_MISSING = [column.title for column in _COLUMNS].index("所缺事项数")


def register_workbook(register: Register, root: Path, today: date, regulation: Regulation) -> bytes:
    """The register as a workbook: the book itself, then the gaps and what else a reader has to ask about."""
    rows = [_sheet_row(number, row) for number, row in enumerate(register.rows, start=1)]
    colours = (RowColour(_MISSING, 1, _NEVER, RowTone.SOON),)
    sheets = [
        Sheet("登记簿", f"{TITLE}（{regulation.name_of('registration')}，{today}）", _COLUMNS, rows, colours),
        _gap_sheet(register, today),
    ]
    if register.unread:
        unread = [
            (number, masked(_relative(one.folder, root)), masked(one.fault))
            for number, one in enumerate(register.unread, start=1)
        ]
        columns = (Column("序号", 6), Column("文件夹", 40), Column("读不了的原因", 80))
        sheets.append(Sheet("读不了的案件", f"读不了、没有登入本簿的案件（{today}）", columns, unread))
    return build_workbook(sheets, TITLE)


def _sheet_row(number: int, row: RegisterRow) -> tuple[CellValue, ...]:
    return (
        number,
        row.number or None,
        row.received_on,
        row.source or None,
        row.petitioners or None,
        row.parties or None,
        row.handler or None,
        row.case_numbers or None,
        row.summary or None,
        row.proposed_opinion or None,
        DECISION[row.case.decision],
        *assignment_cells(row.case),
        masked(row.case.registration.system_no or "") or None,
        len(row.missing) or None,
        "、".join(row.missing) or None,
        None,
    )


def _gap_sheet(register: Register, today: date) -> Sheet:
    columns = (
        Column("序号", 6),
        Column("问题", 10),
        Column("登记号", 40),
        Column("个数", 8),
        Column("前一个登记号", 22),
        Column("后一个登记号", 22),
        Column("原因（手填：作废、漏登、未收入）", 36),
    )
    found: list[tuple[CellValue, ...]] = [
        ("缺号", gap.first if gap.count == 1 else f"{gap.first} 至 {gap.last}", gap.count, gap.after, gap.before, None)
        for gap in register.gaps
    ]
    found += [("重号", number, _count_of(register.rows, number), None, None, None) for number in register.repeated]
    found += [("无号", _nameless(row), 1, None, None, None) for row in register.rows if not row.number]
    rows = [(number, *cells) for number, cells in enumerate(found, start=1)]
    return Sheet("缺号、重号", f"登记号的缺号、重号和无号（{today}）", columns, rows)


def _count_of(rows: Sequence[RegisterRow], number: str) -> int:
    return sum(fold_registration_no(row.number) == fold_registration_no(number) for row in rows)


def _nameless(row: RegisterRow) -> str:
    return masked(f"没有登记号：{row.folder.name}")


def _relative(folder: Path, root: Path) -> str:
    return folder.relative_to(root).as_posix() if folder.is_relative_to(root) else folder.as_posix()
