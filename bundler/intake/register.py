"""A register turned into case folders: one for each petition, nothing overwritten, everything doubtful told."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bundler.case.discovery import find_cases
from bundler.case.identifiers import fold_registration_no
from bundler.case.reader import read_case
from bundler.case_edit.create import write_case_folder
from bundler.case_edit.lock import FolderBusyError, folder_lock
from bundler.errors import CaseUnreadableError, UsageError, output_error
from bundler.intake.cells import UnclearCellError, is_nothing, read_registration_no
from bundler.intake.petition import Petition, Remark
from bundler.intake.worksheets import (
    MAX_ROWS,
    Cell,
    Header,
    Worksheet,
    find_header,
    is_repeated_header,
    read_worksheets,
)
from bundler.profile import RegisterColumns
from bundler.regulation.papers import BundleKind


@dataclass(frozen=True, slots=True)
class ImportedPetition:
    """One petition as it was taken in.

    Attributes:
        number: its registration number; empty where the row has none that can be used.
        sheet, row: where it stands in the workbook.
        folder: the case folder; None where none was made.
        remarks: what a person has to look at.
    """

    number: str
    sheet: str
    row: int
    folder: Path | None
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What came of a register.

    Attributes:
        sha256: the register's digest.
        taken: its petitions, in the order of the register.
        notes: what is to be said of whole sheets, in Chinese.
    """

    sha256: str
    taken: tuple[ImportedPetition, ...]
    notes: tuple[str, ...]

    @property
    def made(self) -> tuple[ImportedPetition, ...]:
        """Those for which a folder was made, or would be."""
        return tuple(one for one in self.taken if one.folder)

    @property
    def is_whole(self) -> bool:
        """Whether every row was taken in and every cell of it read."""
        return all(one.folder and all(remark.is_read for remark in one.remarks) for one in self.taken)


def import_register(path: Path, root: Path, columns: RegisterColumns, *, dry_run: bool = False) -> ImportResult:
    """Make a case folder below a root for each petition of a register.

    Raises:
        CaseUnreadableError: the workbook cannot be read, or no sheet of it is a register.
        OutputError: a folder cannot be written; those made before stand, and are left alone the next time.
    """
    grids, data = read_worksheets(path)
    notes: list[str] = []
    petitions: list[tuple[Petition, str]] = []
    is_register = False
    for grid in grids:
        header = None if grid.hidden else find_header(grid, columns)
        notes += _sheet_notes(grid, header)
        if header is not None:
            is_register = True
            petitions += [(petition, grid.title) for petition in _petitions(grid, header)]
    if not is_register:
        raise CaseUnreadableError(
            f"“{path.name}”里没有找到登记簿的表头。",
            fix="表头要有登记号、来访时间、信访人等列名；叫法不同的，写进法院配置文件的 [register_columns]。",
        )
    taken = _take_all(petitions, root, dry_run=dry_run)
    return ImportResult(hashlib.sha256(data).hexdigest(), taken, tuple(notes))


def _take_all(petitions: Iterable[tuple[Petition, str]], root: Path, *, dry_run: bool) -> tuple[ImportedPetition, ...]:
    """Each petition with its sheet's name, one import at a time."""
    if dry_run:
        known = _numbers_below(root)
        return tuple(_take(petition, sheet, root, known, dry_run=True) for petition, sheet in petitions)
    try:
        root.mkdir(parents=True, exist_ok=True)
        with folder_lock(root, wait=False):
            known = _numbers_below(root)
            return tuple(_take(petition, sheet, root, known, dry_run=False) for petition, sheet in petitions)
    except FolderBusyError:
        raise UsageError(f"另一个导入正在往“{root}”里写。", fix="请等它结束后重新运行。") from None
    except OSError as error:
        raise output_error(root, error) from error


def _sheet_notes(grid: Worksheet, header: Header | None) -> Iterator[str]:
    where = f"工作表“{grid.title}”"
    if grid.hidden:
        yield f"{where}是隐藏的，没有读。"
    elif header is None and grid.rows:
        yield f"{where}没有找到表头，没有读。"
    elif header is not None and header.unknown:
        yield f"{where}这些列没有读：{'、'.join(_one_line(title) for title in header.unknown)}。"
    if header is not None and header.doubled:
        yield f"{where}这些列与前面的列重复，没有读：{'、'.join(_one_line(title) for title in header.doubled)}。"
    if header is not None and "no" not in header.fields.values():
        yield f"{where}没有“登记号”一列，各行都不能建文件夹。"
    if grid.cut:
        yield f"{where}超过 {MAX_ROWS} 行，后面的没有读。"


def _one_line(title: str) -> str:
    return "".join(title.split())[:40]


def _petitions(grid: Worksheet, header: Header) -> Iterator[Petition]:
    """The petitions of a sheet, each with the rows that its merged 登记号 covers."""
    current: Petition | None = None
    for number, cells in grid.rows:
        fields = {
            field: (place, _one_line(header.titles[place]), cells[place] if place < len(cells) else Cell())
            for place, field in header.fields.items()
        }
        own = any(not is_nothing(cell) and not cell.inherited for _, _, cell in fields.values())
        if number <= header.row or not own or is_repeated_header(cells, header):
            continue
        if current is None or not (current.number and "no" in fields and fields["no"][2].inherited):
            if current is not None:
                yield current
            current = _begin(number, fields, grid)
        if current.number:
            current.take(number, fields)
    if current is not None:
        yield current


def _begin(row: int, fields: dict[str, tuple[int, str, Cell]], grid: Worksheet) -> Petition:
    """A petition with the number of its row; without one that can be used it is only told."""
    place, heading, cell = fields.get("no", (None, "", Cell()))
    try:
        number = read_registration_no(cell)
    except UnclearCellError as doubt:
        petition = Petition("", row, grid.base)
        petition.remarks.append(Remark(row, heading, place, doubt.reason, doubt.fix))
        return petition
    petition = Petition(number.value, row, grid.base)
    if number.note:
        petition.remarks.append(Remark(row, heading, place, number.note, "", is_read=True))
    return petition


def _numbers_below(root: Path) -> dict[str, str]:
    """The folded registration numbers of the cases that are there, each with its place in words."""
    found: dict[str, str] = {}
    for folder in find_cases(root):
        case = read_case(folder).case
        if case is not None and case.registration.no:
            found[fold_registration_no(case.registration.no)] = f"文件夹“{folder.relative_to(root)}”"
    return found


def _take(petition: Petition, sheet: str, root: Path, known: dict[str, str], *, dry_run: bool) -> ImportedPetition:
    """Make the petition's folder, unless its number or its folder is there already."""
    remarks = list(petition.remarks)
    folder = root / petition.number if petition.number else None
    key = fold_registration_no(petition.number)
    if folder is not None and key in known:
        told = f"登记号与{known[key]}相同，没有另建文件夹"
        remarks = [Remark(petition.row, "", None, told, "请核对是不是重复登记；确是两件的，改正登记号后重新导入。")]
        folder = None
    elif folder is not None and os.path.lexists(folder):
        told = f"“{folder.name}”已经存在，没有改动"
        remarks = [Remark(petition.row, "", None, told, "请把它移开或者改名后重新导入。")]
        folder = None
    if folder is not None:
        known[key] = f"工作表“{sheet}”第 {petition.row} 行"
        if not dry_run:
            write_case_folder(folder, BundleKind.ARCHIVE, petition.tree)
    return ImportedPetition(petition.number, sheet, petition.row, folder, tuple(remarks))


def remarks_of(taken: Iterable[ImportedPetition]) -> Iterator[tuple[ImportedPetition, Remark]]:
    """Every remark with its petition, in the order of the register."""
    for one in taken:
        for remark in one.remarks:
            yield one, remark
