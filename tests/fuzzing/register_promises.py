"""What an import promises of any register: totals make no case, notes make no name, and nothing is left out in silence."""

from __future__ import annotations

import copy
import json
import re
import tempfile
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from unittest import mock

from openpyxl.utils import get_column_letter

from bundler.case.identifiers import fold_registration_no
from bundler.case_edit.create import refuse_faulty_tree
from bundler.errors import CaseUnreadableError
from bundler.intake import import_register
from bundler.intake.case_from_register_rows import Petition
from bundler.intake.import_register import ImportResult
from bundler.intake.parse_register_cells import is_nothing
from bundler.intake.read_register_worksheet import Cell, Worksheet, find_header, is_repeated_header, read_worksheets
from bundler.profile import Profile, RegisterColumns

Columns = dict[str, tuple[int, str, Cell]]

_NO_PLAIN_NAME = re.compile(
    r"[0-9()、,;:/|?\s]|代理|已故|之子|家属|夫妇|律师|女士|一家|合计|小计|总计|匿名|同上|群众|等$|等人|等户"
)
_ORGANISATION = re.compile(r"(?:公司|委员会|合伙企业(?:\(有限合伙\))?)$")
_TOTALS = frozenset({"合计", "小计", "总计", "本页小计", "本月合计", "合计:", "小计:", "合计(件)", "TOTAL"})
_COUNT = re.compile("共?[0-9]+[件起人]?")
_BRACKETS = str.maketrans("[]", "〔〕")
"""Which an import writes as the contract has them, and tells."""
_CHOSEN = frozenset({"channel", "role", "ledgers", "visit_no", "progress"})
"""Fields whose value is not what the cell says, but what it means."""


@dataclass(slots=True)
class _Recorded:
    """What an import did: the trees of the cases by number, the rows that were read, each with its petition, and the sheets."""

    trees: dict[str, dict[str, Any]] = field(default_factory=dict)
    rows: list[tuple[Petition, int, Columns]] = field(default_factory=list)
    sheets: tuple[Worksheet, ...] = ()


def check_import(workbook: bytes, profile: Profile) -> None:
    """Import a register that is a sound workbook, without writing cases, and assert what is promised.

    Raises:
        AssertionError: a promise is broken.
    """
    recorded = _Recorded()

    def keep_tree(folder: Path, _kind: object, tree: Mapping[str, Any], _regulation: object) -> Path:
        refuse_faulty_tree(tree)
        recorded.trees[folder.name] = copy.deepcopy(dict(tree))
        return folder

    add_row = Petition.add_row

    def keep_row(petition: Petition, row: int, cells: Columns) -> None:
        recorded.rows.append((petition, row, cells))
        add_row(petition, row, cells)

    def keep_sheets(path: Path) -> tuple[tuple[Worksheet, ...], bytes]:
        recorded.sheets, data = read_worksheets(path)
        return recorded.sheets, data

    with (
        tempfile.TemporaryDirectory() as folder,
        mock.patch.object(import_register, "read_worksheets", keep_sheets),
        mock.patch.object(import_register, "write_case_folder", keep_tree),
        mock.patch.object(Petition, "add_row", keep_row),
    ):
        path = Path(folder) / "a.xlsx"
        path.write_bytes(workbook)
        try:
            result = import_register.import_register(path, Path(folder) / "cases", profile)
        except CaseUnreadableError as error:
            if "已损坏" in error.message:
                raise
            return
    _check_cases(result, recorded)
    _check_rows(result, recorded, profile.register_columns)


def _check_cases(result: ImportResult, recorded: _Recorded) -> None:
    assert {one.number for one in result.created} == set(recorded.trees)
    assert len({fold_registration_no(one.number) for one in result.created}) == len(result.created)
    petitions = list({id(petition): petition for petition, _, _ in recorded.rows}.values())
    for one, read in zip([one for one in result.petitions if one.number], petitions, strict=True):
        if one.folder is None:
            continue
        tree = recorded.trees[one.number]
        own = [(row, cells) for petition, row, cells in recorded.rows if petition is read]
        _, first = own[0]
        assert _folded(_text(first["no"][2])) == fold_registration_no(one.number)
        firsts = [text for _, _, cell in sorted(first.values()) if (text := _text(cell))]
        is_total = firsts[0] in _TOTALS and bool(_COUNT.fullmatch(one.number))
        assert not is_total, "totals became a case"
        assert _folded(one.number) not in _TOTALS, "totals became a case"
        for name in _names(tree):
            plain = unicodedata.normalize("NFKC", name)
            is_latin = re.fullmatch("[A-Za-z]+(?: [A-Za-z]+)*", plain) is not None
            assert is_latin or _ORGANISATION.search(plain) or not _NO_PLAIN_NAME.search(plain), "no name"
        remarked = {(remark.row, remark.place) for remark in one.remarks}
        told = {
            (name, _text(cell))
            for row, cells in own
            for name, (place, _, cell) in cells.items()
            if (row, place) in remarked
        }
        for row, cells in own:
            _check_row(row, cells, tree, remarked, told)


def _check_row(
    row: int,
    cells: Columns,
    tree: Mapping[str, Any],
    remarked: set[tuple[int, int | None]],
    told: set[tuple[str, str]],
) -> None:
    """Each cell of a row is in the case, or there is a remark about it, or about the same text in another of its rows."""
    shown = _squeezed(json.dumps(tree, ensure_ascii=False))
    for name, (place, _heading, cell) in cells.items():
        if name == "no" or name in _CHOSEN or cell.inherited or is_nothing(cell) or (row, place) in remarked:
            continue
        assert not cell.fault, "a fault is not told"
        is_told = (name, _text(cell)) in told or (name == "petitioner" and '"anonymous":true' in shown)
        parts = [part for part in re.split("[,;/、]", _squeezed(_text(cell))) if part]
        is_told |= name in {"petitioner", "applicants", "respondents"} and all(part in shown for part in parts)
        assert is_told or any(text in shown for text in _readings(cell)), f"a cell of {name} is lost"


def _check_rows(result: ImportResult, recorded: _Recorded, columns: RegisterColumns) -> None:
    """Each row below a header is read, or told as no petition; of each column that is not read, that it is not."""
    notes = "\n".join(result.notes)
    read = {row for _, row, _ in recorded.rows}
    for sheet in recorded.sheets:
        header = None if sheet.hidden else find_header(sheet, columns)
        if header is None:
            assert sheet.title in notes or not sheet.rows
            continue
        no_petition = {int(row) for row in re.findall(rf"“{sheet.title}”第 (\d+) 行", notes)}
        told = {one.row for one in result.petitions if one.sheet == sheet.title} | read | no_petition
        for row, cells in sheet.rows:
            if row <= header.row or row in told or is_repeated_header(cells, header):
                continue
            left = [place for place, cell in enumerate(cells) if not cell.inherited and not is_nothing(cell)]
            assert not set(left) & set(header.fields), "a row is lost"
        unread = {
            place
            for row, cells in sheet.rows
            for place, cell in enumerate(cells)
            if row > header.row
            and row not in no_petition
            and not is_repeated_header(cells, header)
            and not cell.inherited
            and not is_nothing(cell)
        } - set(header.fields)
        for place in unread:
            title = "".join(header.titles.get(place, f"{get_column_letter(place + 1)}列").split())[:40]
            assert title in notes or title.rstrip(".。:：") in columns["ignored"], "a column is lost"


def _readings(cell: Cell) -> list[str]:
    """Return what a case may have for a cell that was read without a remark."""
    value = cell.value
    if isinstance(value, datetime | date):
        return [_squeezed(value.strftime("%Y-%m-%d"))]
    text = _squeezed(_text(cell))
    days = [
        f"{int(y):04}{int(m):02}{int(d):02}" for y, m, d in re.findall(r"(\d{4})\D(\d{1,2})\D(\d{1,2})", str(value))
    ]
    words = re.search("[〇○零一二三四五六七八九]{4}年", text)
    return [_squeezed(json.dumps(text, ensure_ascii=False)[1:-1]), *days, *([""] if words else [])]


def _names(tree: Mapping[str, Any]) -> list[str]:
    people = [one.get("name", "") for one in tree["petitioners"]]
    people += [tree.get("people", {}).get(who, {}).get("name", "") for who in ("handler", "leader")]
    for case in tree["enforcement_cases"]:
        people += [name for side in ("applicants", "respondents") for name in case["parties"][side]]
    return [name for name in people if name and "待填" not in name]


def _text(cell: Cell) -> str:
    value = cell.value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", str(value))) if value is not None else ""


def _folded(text: str) -> str:
    return fold_registration_no(unicodedata.normalize("NFKC", text).translate(_BRACKETS))


def _squeezed(text: str) -> str:
    """Return text without spaces and dashes, of one width."""
    return re.sub(r"[\s\-‐‑‒–—―−－]|\\[nrt]", "", unicodedata.normalize("NFKC", text))
