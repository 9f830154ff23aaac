"""Fill the tree of a case.json from the row or rows of one petition in a register; doubtful cells are left out."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from bundler.case.identifiers import id_number_fault
from bundler.case_edit.new_case_skeleton import skeleton_tree
from bundler.intake.parse_register_cells import (
    CellResult,
    RegisteredReply,
    UnclearCellError,
    is_nothing,
    read_case_numbers,
    read_choice,
    read_choices,
    read_count,
    read_day,
    read_id_number,
    read_phone,
    read_progress,
    read_text,
    told_unknown,
)
from bundler.intake.petitioner_names import read_name, read_names, read_petitioners
from bundler.intake.read_register_worksheet import Cell
from bundler.regulation.papers import BundleKind

_CHANNELS = {
    **dict.fromkeys(("来访", "走访", "上访", "接访"), "visit"),
    **dict.fromkeys(("来信", "书信", "信件", "信函"), "letter"),
    **dict.fromkeys(("来电", "电话", "12368"), "phone"),
    **dict.fromkeys(("网络", "网上", "网信", "邮箱"), "network"),
}
_LEDGERS = {"催": "supervised", "督办": "supervised", "专项": "special", "积案": "backlog"}
_STANDINGS = {"申请执行人": "applicant", "被执行人": "respondent", "案外人": "outsider"}
_ROLES = {"当事人": "party", "利害关系人": "interested", "受托": "agent", "代理": "agent"}
_DIFFERENT, _AGAIN = "合并的各行写得不一样，只读了前面的", "请核对后补填。"


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark about a cell, or about a whole row.

    Attributes:
        row: the row's number in the workbook.
        column: the column's heading; empty for a whole row.
        place: the column's index, from 0; None for a whole row.
        reason: what is wrong, or how the cell was read; in Chinese.
        fix: what to do next, in Chinese; empty where checking is enough.
        is_read: whether the value was read, and is only to be checked.
    """

    row: int
    column: str
    place: int | None
    reason: str
    fix: str
    is_read: bool = False


class Petition:
    """A petition as it is read; further rows of a merged 登记号 add to it.

    Args:
        number: its registration number (登记号).
        row: the first of its rows.
        base: day 0 of the workbook's serial numbers.
        number_column: the heading and the index of the column with the number.
    """

    def __init__(self, number: str, row: int, base: date, number_column: tuple[str, int | None] = ("", None)) -> None:
        self.number, self.row, self.number_column = number, row, number_column
        self.remarks: list[Remark] = []
        self.tree = skeleton_tree(BundleKind.ARCHIVE)
        # An entry in a register is no decision about admission.
        self.tree["decision"] = "pending"
        self.tree["registration"]["no"] = number
        self.blank_petitioner = copy.deepcopy(self.tree["petitioners"][0])
        self.blank_case = copy.deepcopy(self.tree["enforcement_cases"][0])
        self.row_people: list[dict[str, Any]] = []
        self.row_cases: list[dict[str, Any]] = []
        self.given: dict[str, Any] = {}
        self._base = base

    def add_row(self, row: int, cells: dict[str, tuple[int, str, Cell]]) -> None:
        """Add the cells of a row.

        Args:
            row: its number in the workbook.
            cells: by field, the column's index, its heading, and the cell.
        """
        self.row_people, self.row_cases = [], []
        # Names come first: a phone number or an address belongs to a person only where there is exactly one.
        for name in _FIELDS:
            if name not in cells:
                continue
            place, heading, cell = cells[name]
            if not is_nothing(cell) and not (cell.inherited and name in self.given):
                self._add_cell(row, name, (place, heading), cell)

    def _add_cell(self, row: int, name: str, column: tuple[int, str], cell: Cell) -> None:
        place, heading = column
        try:
            read = self._read(name, cell)
            is_known = self.given.get(name) == read.value
            if not is_known:
                _FIELDS[name][1](self, read.value)
                self.given[name] = read.value
        except UnclearCellError as error:
            self.remarks.append(Remark(row, heading, place, error.reason, error.fix))
            return
        if read.note and not is_known:
            self.remarks.append(Remark(row, heading, place, read.note, "", is_read=True))
        if read.left_out:
            self.remarks.append(Remark(row, heading, place, read.left_out, "请核对后补填。"))

    def _read(self, name: str, cell: Cell) -> CellResult[Any]:
        if cell.fault:
            raise UnclearCellError(cell.fault, "请照登记簿补填。")
        reader = _FIELDS[name][0]
        if name == "progress":
            return self._read_progress(cell)
        return read_day(cell, self._base) if reader is None else reader(cell)

    def _read_progress(self, cell: Cell) -> CellResult[RegisteredReply | None]:
        """How far the matter is; beside a column with the day of the reply only another day raises a question."""
        read = read_progress(cell, self._base)
        own_day = self.given.get("replied_on")
        if read.value is None or not isinstance(own_day, date):
            return read
        if read.value.on in {None, own_day}:
            return CellResult(RegisteredReply(own_day))
        return CellResult(
            RegisteredReply(own_day), f"写的答复日期与“答复日期”一列（{own_day}）不同，照那一列读入，请核对"
        )


Reader = Callable[[Cell], CellResult[Any]]
Setter = Callable[[Petition, Any], None]


def _setter(*steps: str) -> Setter:
    """A setter of the value at a location of the tree; a further row may not have another value."""
    name = "/".join(steps)

    def put(petition: Petition, value: Any) -> None:  # noqa: ANN401 (the type of the reader's result)
        if name in petition.given:
            raise UnclearCellError(_DIFFERENT, _AGAIN)
        node = petition.tree
        for step in steps[:-1]:
            node = node.setdefault(step, {})
        node[steps[-1]] = value.isoformat() if isinstance(value, date) else value
        petition.given[name] = value

    return put


def _petitioners(petition: Petition, names: list[str]) -> None:
    """Add a petitioner for each name; one that ends in 公司 is a company. Without a name, add one anonymous person."""
    if not names:
        anonymous = {key: value for key, value in petition.blank_petitioner.items() if key != "name"}
        petition.row_people.append({**copy.deepcopy(anonymous), "kind": "person", "anonymous": True})
    for name in names:
        kind = {"kind": "company"} if name.endswith("公司") else {}
        petition.row_people.append({**copy.deepcopy(petition.blank_petitioner), **kind, "name": name})
    earlier = [one for one in petition.tree["petitioners"] if one != petition.blank_petitioner]
    petition.tree["petitioners"] = earlier + petition.row_people


def _petitioner_setter(key: str) -> Setter:
    """A setter of a field of the row's petitioner; the row must have exactly one."""

    def put(petition: Petition, value: Any) -> None:  # noqa: ANN401 (the type of the reader's result)
        people = petition.row_people or petition.tree["petitioners"]
        if len(people) > 1:
            raise UnclearCellError("有几名信访人，看不出是哪一名的", "请分别补填。")
        if people[0].get(key) != petition.blank_petitioner.get(key):
            raise UnclearCellError(_DIFFERENT, _AGAIN)
        people[0][key] = value

    return put


def _id_number(petition: Petition, number: str) -> None:
    _petitioner_setter("id_number" if id_number_fault(number) is None else "credit_code")(petition, number)


def _role(petition: Petition, given: str) -> None:
    """Set the role; a position in the enforcement (申请执行人) implies one (当事人), and both are set."""
    if given in _STANDINGS.values():
        _petitioner_setter("position")(petition, given)
        given = "party" if given != "outsider" else ""
    if given:
        _petitioner_setter("role")(petition, given)


def _case_numbers(petition: Petition, numbers: list[str]) -> None:
    petition.row_cases += [{**copy.deepcopy(petition.blank_case), "no": number} for number in numbers]
    earlier = [one for one in petition.tree["enforcement_cases"] if one != petition.blank_case]
    petition.tree["enforcement_cases"] = earlier + petition.row_cases


def _case_of_the_row(petition: Petition) -> dict[str, Any]:
    """The enforcement case of the row; the row must have exactly one."""
    cases = petition.row_cases or petition.tree["enforcement_cases"]
    if len(cases) > 1:
        raise UnclearCellError("有几个执行案号，看不出是哪一案的", "请分别补填。")
    case: dict[str, Any] = cases[0]
    return case


def _cause(petition: Petition, cause: str) -> None:
    case = _case_of_the_row(petition)
    if case["cause"] != petition.blank_case["cause"]:
        raise UnclearCellError(_DIFFERENT, _AGAIN)
    case["cause"] = cause


def _party_adder(key: str) -> Setter:
    """A setter of the parties of the row's enforcement case; a further row adds to them."""

    def put(petition: Petition, names: list[str]) -> None:
        parties = _case_of_the_row(petition)["parties"]
        earlier = [] if parties[key] == petition.blank_case["parties"][key] else parties[key]
        parties[key] = list(dict.fromkeys(earlier + names))

    return put


def _assignment_setter(key: str) -> Setter:
    """A setter of a field of the assignment (交办); the assigning body must be there."""

    def put(petition: Petition, value: Any) -> None:  # noqa: ANN401 (the type of the reader's result)
        if "assigned_by" not in petition.given:
            raise UnclearCellError("没有写交办机关，不能单独读入", "请连同交办机关一起补填。")
        _setter("assignment", key)(petition, value)

    return put


def _replied_on(petition: Petition, day: date) -> None:
    """Set the day of the reply; that the register tells it is remembered until its receipt comes in."""
    _setter("reply", "replied_on")(petition, day)
    petition.tree["reply"]["answered_by_register"] = True


def _progress(petition: Petition, reply: RegisteredReply) -> None:
    """Set that the register tells a reply, and its day unless a column of its own gives it."""
    petition.tree.setdefault("reply", {})["answered_by_register"] = True
    if reply.on is not None and "replied_on" not in petition.given:
        _setter("reply", "replied_on")(petition, reply.on)


def _read_handler(cell: Cell) -> CellResult[Any]:
    """Read the name of the officer in charge, or that he is unknown."""
    unknown = told_unknown(read_text(cell).value)
    return CellResult(unknown, "读成承办人不详，请核对") if unknown else read_name(cell)


def _handler(petition: Petition, given: str | dict[str, str]) -> None:
    if petition.given.keys() & {"people/handler", "people/handler/name"}:
        raise UnclearCellError(_DIFFERENT, _AGAIN)
    steps = ("people", "handler", "name") if isinstance(given, str) else ("people", "handler")
    _setter(*steps)(petition, given)


_FIELDS: dict[str, tuple[Reader | None, Setter]] = {
    "petitioner": (read_petitioners, _petitioners),
    "case_no": (read_case_numbers, _case_numbers),
    "assigned_by": (read_text, _setter("assignment", "body")),
    "received_on": (None, _setter("registration", "received_on")),
    "registered_on": (None, _setter("registration", "registered_on")),
    "channel": (read_choice(_CHANNELS, "信访形式"), _setter("registration", "channel")),
    "source": (read_text, _setter("registration", "source")),
    "role": (read_choice(_STANDINGS | _ROLES, "身份"), _role),
    "phone": (read_phone, _petitioner_setter("phone")),
    "id_number": (read_id_number, _id_number),
    "address": (read_text, _petitioner_setter("address")),
    "cause": (read_text, _cause),
    "applicants": (read_names, _party_adder("applicants")),
    "respondents": (read_names, _party_adder("respondents")),
    "handler": (_read_handler, _handler),
    "leader": (read_name, _setter("people", "leader", "name")),
    "brief": (read_text, _setter("registration", "brief")),
    "summary": (read_text, _setter("registration", "summary")),
    "proposed_opinion": (read_text, _setter("registration", "proposed_opinion")),
    "visit_no": (read_count, _setter("registration", "visit_no")),
    "ledgers": (read_choices(_LEDGERS, "台账"), _setter("ledgers")),
    "transferred_on": (None, _setter("transfer", "transferred_on")),
    "handed_on": (None, _setter("transfer", "received_on")),
    "interviewed_on": (None, _setter("interview", "held_on")),
    "replied_on": (None, _replied_on),
    "progress": (None, _progress),
    "assigned_no": (read_text, _assignment_setter("notice_no")),
    "assigned_on": (None, _assignment_setter("received_on")),
    "feedback_due": (None, _assignment_setter("feedback_due")),
    "system_no": (read_text, _setter("registration", "system_no")),
    "system_on": (None, _setter("registration", "system_on")),
    "note": (read_text, _setter("registration", "note")),
}
"""The reader of each field (None: `read_day`, or `read_progress` for how far a matter is), and its setter."""
