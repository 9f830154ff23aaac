"""Import a register: one case folder for each petition; nothing is overwritten, and every doubtful cell is reported."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bundler.case.find_case_folders import find_cases
from bundler.case.identifiers import fold_registration_no
from bundler.case.reader import read_case
from bundler.case_edit.create import write_case_folder
from bundler.case_edit.lock import FolderBusyError, folder_lock
from bundler.digest import sha256_of
from bundler.errors import CaseUnreadableError, UsageError, output_error
from bundler.intake.case_from_register_rows import Petition, Remark
from bundler.intake.parse_register_cells import UnclearCellError, is_nothing, read_registration_no
from bundler.intake.read_register_worksheet import (
    MAX_ROWS,
    Cell,
    Header,
    Worksheet,
    find_header,
    is_repeated_header,
    read_worksheets,
)
from bundler.intake.register_row_kinds import describe_row_kind, kind_of_row
from bundler.profile import Profile
from bundler.regulation.model import Regulation
from bundler.regulation.papers import BundleKind


@dataclass(frozen=True, slots=True)
class ImportedPetition:
    """The result for one petition of a register.

    Attributes:
        number: its registration number (登记号); empty where the row has no valid one.
        sheet, row: its place in the workbook.
        folder: the case folder; None where none was created.
        remarks: what a person has to check.
    """

    number: str
    sheet: str
    row: int
    folder: Path | None
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class ImportResult:
    """The result of an import.

    Attributes:
        sha256: the register's digest.
        petitions: its petitions, in the order of the register.
        notes: remarks about whole sheets, in Chinese.
    """

    sha256: str
    petitions: tuple[ImportedPetition, ...]
    notes: tuple[str, ...]

    @property
    def created(self) -> tuple[ImportedPetition, ...]:
        """The petitions for which a folder was created; in a dry run, would be."""
        return tuple(one for one in self.petitions if one.folder)

    @property
    def is_complete(self) -> bool:
        """Whether every row has a folder, and every cell of it was read."""
        return all(one.folder and all(remark.is_read for remark in one.remarks) for one in self.petitions)


def import_register(path: Path, root: Path, profile: Profile, *, dry_run: bool = False) -> ImportResult:
    """Create a case folder for each petition of a register.

    Args:
        path: the workbook (.xlsx).
        root: the folder of cases; created where it is missing.
        profile: the court's profile, with the headings by which the columns are known, and the regulation whose papers
            the guide in each folder lists.
        dry_run: read and report, but create nothing.

    Raises:
        CaseUnreadableError: the workbook cannot be read, or none of its sheets is a register.
        UsageError: another import writes to the same root.
        OutputError: a folder cannot be written; the earlier ones stay, and the next import leaves them alone.
    """
    sheets, data = read_worksheets(path)
    notes: list[str] = []
    petitions: list[tuple[Petition, str]] = []
    is_register = False
    for sheet in sheets:
        header = None if sheet.hidden else find_header(sheet, profile.register_columns)
        notes += _sheet_notes(sheet, header)
        if header is not None:
            is_register = True
            petitions += [(petition, sheet.title) for petition in _read_petitions(sheet, header, notes)]
    if not is_register:
        raise CaseUnreadableError(
            f"“{path.name}”里没有找到登记簿的表头。",
            fix="表头要有登记号、来访时间、信访人等列名；叫法不同的，写进法院配置文件的 [register_columns]。",
        )
    imported = _import_all(petitions, root, profile.regulation, dry_run=dry_run)
    return ImportResult(sha256_of(data), imported, tuple(notes))


def _import_all(
    petitions: Iterable[tuple[Petition, str]], root: Path, regulation: Regulation, *, dry_run: bool
) -> tuple[ImportedPetition, ...]:
    """Import petitions, each given with the title of its sheet, under the lock of the root."""
    if dry_run:
        known = _numbers_below(root)
        return tuple(_import_one(petition, sheet, root, known, None) for petition, sheet in petitions)
    try:
        root.mkdir(parents=True, exist_ok=True)
        with folder_lock(root, wait=False):
            known = _numbers_below(root)
            return tuple(_import_one(petition, sheet, root, known, regulation) for petition, sheet in petitions)
    except FolderBusyError:
        raise UsageError(f"另一个导入正在往“{root}”里写。", fix="请等它结束后重新运行。") from None
    except OSError as error:
        raise output_error(root, error) from error


_UNREAD_COLUMNS = (
    "要读的，一列里有几项的分成几列，列名写成“信访人”“联系电话”“申请执行人”“被执行人”等，再导入；"
    "叫法不同的、不用读的，写进法院配置文件的 [register_columns]。"
)


def _sheet_notes(sheet: Worksheet, header: Header | None) -> Iterator[str]:
    where = f"工作表“{sheet.title}”"
    if sheet.hidden:
        yield f"{where}是隐藏的，没有读。"
    elif header is None and sheet.rows:
        yield f"{where}没有找到表头，没有读。"
    elif header is not None and header.unknown:
        yield f"{where}这些列没有读：{'、'.join(_one_line(title) for title in header.unknown)}。{_UNREAD_COLUMNS}"
    if header is not None and header.doubled:
        yield f"{where}这些列与前面的列重复，没有读：{'、'.join(_one_line(title) for title in header.doubled)}。"
    if header is not None and "no" not in header.fields.values():
        yield f"{where}没有“登记号”一列，各行都不能建文件夹。"
    if sheet.cut:
        yield f"{where}超过 {MAX_ROWS} 行，后面的没有读。"


def _one_line(title: str) -> str:
    return "".join(title.split())[:40]


def _read_petitions(sheet: Worksheet, header: Header, notes: list[str]) -> Iterator[Petition]:
    """Read the petitions of a sheet, each from the rows that its merged 登记号 covers; a note tells of each row that is none."""
    current: Petition | None = None
    unnamed: set[int] = set()
    number_place = next((place for place, field in header.fields.items() if field == "no"), None)
    for number, cells in sheet.rows:
        fields = {
            field: (place, _one_line(header.titles[place]), cells[place] if place < len(cells) else Cell())
            for place, field in header.fields.items()
        }
        has_own_cells = any(not is_nothing(cell) and not cell.inherited for _, _, cell in fields.values())
        if number <= header.row or is_repeated_header(cells, header):
            continue
        if kind := kind_of_row(cells, _own_text(cells, number_place)):
            notes.append(f"工作表“{sheet.title}”第 {number} 行{describe_row_kind(kind)}，不是案件，没有读。")
            continue
        unnamed |= {
            place
            for place, cell in enumerate(cells)
            if place not in header.titles and not cell.inherited and not is_nothing(cell)
        }
        if not has_own_cells:
            continue
        if current is None or not _continues(current, fields):
            if current is not None:
                yield current
            current = _start_petition(number, fields, sheet)
        if current.number:
            current.add_row(number, fields)
    if current is not None:
        yield current
    if unnamed:
        notes.append(f"工作表“{sheet.title}”这些列没有列名，没有读：{'、'.join(_column_names(unnamed))}。")


def _continues(petition: Petition, fields: dict[str, tuple[int, str, Cell]]) -> bool:
    """Whether a row belongs to a petition: its 登记号 is merged with that of the petition's first row."""
    cell = fields["no"][2] if "no" in fields else Cell()
    if not petition.number or not cell.inherited:
        return False
    try:
        return read_registration_no(cell).value == petition.number
    except UnclearCellError:
        return False


def _column_names(places: Iterable[int]) -> Iterator[str]:
    """The names of columns as Excel shows them, such as P列."""
    from openpyxl.utils import get_column_letter

    for place in sorted(places):
        yield f"{get_column_letter(place + 1)}列"


def _own_text(cells: tuple[Cell, ...], place: int | None) -> str:
    """The text of a cell that is not that of a merged range above it."""
    if place is None or place >= len(cells) or cells[place].inherited or cells[place].value is None:
        return ""
    return str(cells[place].value)


def _start_petition(row: int, fields: dict[str, tuple[int, str, Cell]], sheet: Worksheet) -> Petition:
    """Start a petition with the number of its row; without a valid number it only has a remark."""
    place, heading, cell = fields.get("no", (None, "", Cell()))
    try:
        number = read_registration_no(cell)
    except UnclearCellError as error:
        petition = Petition("", row, sheet.base)
        petition.remarks.append(Remark(row, heading, place, error.reason, error.fix))
        return petition
    if cell.inherited:
        petition = Petition("", row, sheet.base)
        reason = "登记号那一格与上面不是案件的行合并在一起，没有建文件夹"
        petition.remarks.append(Remark(row, heading, place, reason, "请拆开合并的格子，写上这一件的登记号，重新导入。"))
        return petition
    petition = Petition(number.value, row, sheet.base, (heading, place))
    if number.note:
        petition.remarks.append(Remark(row, heading, place, number.note, "", is_read=True))
    return petition


def _numbers_below(root: Path) -> dict[str, str]:
    """The folded registration numbers of the existing cases, each with its folder in Chinese."""
    found: dict[str, str] = {}
    for folder in find_cases(root):
        case = read_case(folder).case
        if case is not None and case.registration.no:
            found[fold_registration_no(case.registration.no)] = f"文件夹“{folder.relative_to(root)}”"
    return found


def _import_one(
    petition: Petition, sheet: str, root: Path, known: dict[str, str], regulation: Regulation | None
) -> ImportedPetition:
    """Create the folder of a petition, unless its number or its folder exists already; in a dry run no regulation is given."""
    remarks = list(petition.remarks)
    folder = root / petition.number if petition.number else None
    key = fold_registration_no(petition.number)
    if folder is not None and key in known:
        reason = f"登记号与{known[key]}相同，没有另建文件夹"
        remarks = [
            Remark(
                petition.row,
                *petition.number_column,
                reason,
                "请核对是不是重复登记；确是两件的，改正登记号后重新导入。",
            )
        ]
        folder = None
    elif folder is not None and os.path.lexists(folder):
        reason = f"“{folder.name}”已经存在，没有改动"
        remarks = [Remark(petition.row, *petition.number_column, reason, "请把它移开或者改名后重新导入。")]
        folder = None
    if folder is not None:
        known[key] = f"工作表“{sheet}”第 {petition.row} 行"
        try:
            if regulation:
                write_case_folder(folder, BundleKind.ARCHIVE, petition.tree, regulation)
        except UsageError as error:  # the other rows are imported all the same
            remarks = [Remark(petition.row, "", None, error.message.rstrip("。"), error.fix)]
            folder = None
    return ImportedPetition(petition.number, sheet, petition.row, folder, tuple(remarks))


def all_remarks(petitions: Iterable[ImportedPetition]) -> Iterator[tuple[ImportedPetition, Remark]]:
    """Every remark with its petition, in the order of the register."""
    for one in petitions:
        for remark in one.remarks:
            yield one, remark
