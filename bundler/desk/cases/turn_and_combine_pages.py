"""Pages of a file in a case's folder, placed or waiting: turning them, and making a PDF of chosen ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from bundler.bind.combine_selected_pages import ChosenPage, PageSource, pdf_of_pages
from bundler.case_edit.find_undoable_steps import UndoStep
from bundler.case_edit.turned_files import put_turned_file
from bundler.desk.cases.checked_case_cache import CaseView
from bundler.desk.cases.material_slots import MaterialCard
from bundler.desk.cases.unplaced_files import UnplacedFile
from bundler.desk.cases.worker_pool import WorkerSet
from bundler.errors import CaseError
from bundler.file_inspection_record import FileRecord
from bundler.ledger.history_entry import FileDigest, PageTurn
from bundler.materials.file_inspection import inspect_materials
from bundler.materials.rotate import rotate_pages
from bundler.materials.safe_opening import read_unchanged
from bundler.sandbox import LimitExceededError, WorkFailedError
from bundler.scan_reading.rotate_reading_record import keep_record_of_turned_file


@dataclass(frozen=True, slots=True)
class FilePages:
    """Some pages of a file.

    Attributes:
        file: the file, relative to the case folder.
        record: what its inspection found.
        pages: the numbers of the pages in the file.
    """

    file: str
    record: FileRecord
    pages: tuple[int, ...]

    @classmethod
    def of_card(cls, card: MaterialCard) -> Self:
        """The pages of a material."""
        return cls(card.material.file, card.record, tuple(card.pages))

    @classmethod
    def of_unplaced(cls, file: UnplacedFile) -> Self:
        """All pages of a file that waits."""
        return cls(file.file, file.record, tuple(range(1, len(file.record.pages) + 1)))

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return self.file.rpartition("/")[2]


def turn_pages(  # noqa: PLR0913, PLR0917 (what, how far, by which process and for whom)
    view: CaseView, of: FilePages, pages: Sequence[int], degrees: int, workers: WorkerSet, actor: str
) -> FileDigest:
    """Turn pages of a file, and record it in the history.

    Raises:
        CaseError: the file is damaged or has a password, or was changed a moment ago.
    """
    return _turn(view, of.record, [PageTurn(of.file, tuple(pages), degrees)], workers, actor=actor)


def turn_pages_upright(
    view: CaseView, of: FilePages, turns: Mapping[int, int], workers: WorkerSet, actor: str
) -> FileDigest:
    """Turn each page of a file by its own angle; the history has one line for all of them.

    Args:
        view: the case.
        of: the file.
        turns: by how many degrees clockwise each page is to be turned: 90, 180 or 270.
        workers: the processes that make PDFs.
        actor: the account that the history names.

    Raises:
        CaseError: as for `turn_pages`.
    """
    angles = {90: 90, 180: 180, 270: -90}
    found = [
        PageTurn(of.file, pages, degrees)
        for turn, degrees in angles.items()
        if (pages := tuple(page for page, needed in turns.items() if needed == turn))
    ]
    return _turn(view, of.record, found, workers, actor=actor)


def undo_turn(view: CaseView, step: UndoStep, workers: WorkerSet, actor: str) -> FileDigest:
    """Turn the pages of a step back.

    Raises:
        CaseError: the file is not there any more, or as for `turn_pages`.
    """
    file = step.turns[0].file
    record = inspect_materials(view.ref.folder, [file], workers.inspector)[file]
    if not record.pages:
        raise CaseError("没有撤销：这个文件已经不在案件里。", fix="请在回收箱里找。")
    back = [PageTurn(one.file, one.pages, -one.degrees) for one in step.turns]
    return _turn(view, record, back, workers, actor=actor, undoes=step.numbers)


def combined(view: CaseView, sources: Sequence[FilePages], pages: Sequence[ChosenPage], workers: WorkerSet) -> bytes:
    """A PDF of chosen pages of files; nothing in them is encoded again.

    Raises:
        CaseError: a file is a Word file, is damaged or has a password; or its form fields or layers would be lost.
        FileChangedError: a file is not the one that was inspected.
    """
    word = next((one for one in sources if one.record.is_word or not one.record.pages), None)
    if word is not None:
        raise CaseError(f"“{word.name}”不是扫描件，不能这样整理。", fix="Word 文件请在 Word 里改，再“替换”。")
    files = [
        PageSource(one.name, read_unchanged(view.ref.folder, one.file, one.record.sha256), one.record.media_type)
        for one in sources
    ]
    try:
        return workers.renderer.run(pdf_of_pages, files, list(pages))
    except (LimitExceededError, WorkFailedError) as error:
        workers.loaded_digest = ""
        raise CaseError("整理不了：文件已损坏，或者有密码。", fix="请重新扫描。") from error


def pdf_name(file: str) -> str:
    """The name that a PDF made of a file is to have."""
    name = file.rpartition("/")[2]
    return f"{name.rpartition('.')[0] or name}.pdf"


def _turn(  # noqa: PLR0913 (what, by which process and for whom)
    view: CaseView,
    record: FileRecord,
    turns: Sequence[PageTurn],
    workers: WorkerSet,
    *,
    actor: str,
    undoes: tuple[int, ...] = (),
) -> FileDigest:
    folder, file = view.ref.folder, turns[0].file
    name = file.rpartition("/")[2]
    data = turned = read_unchanged(folder, file, record.sha256)
    try:
        for turn in turns:
            turned = workers.renderer.run(rotate_pages, turned, record.media_type, list(turn.pages), turn.degrees)
    except (LimitExceededError, WorkFailedError) as error:
        workers.loaded_digest = ""
        raise CaseError(f"“{name}”转不了：已损坏，或者有密码。", fix="请重新扫描。") from error
    digest = put_turned_file(folder, file, data, turned, turns, actor=actor, undoes=undoes)
    degrees = {page: turn.degrees for turn in turns for page in turn.pages}
    keep_record_of_turned_file(folder, replace(record, file=file), digest.sha256, degrees)
    return digest
