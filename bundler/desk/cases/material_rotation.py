"""Turn pages of a material's file by a quarter, and turn them back."""

from __future__ import annotations

from bundler.atomic_write import replace_unchanged
from bundler.case_edit.lock import case_lock
from bundler.case_edit.save import record_history
from bundler.case_edit.undo_steps import UndoStep
from bundler.desk.cases.checked_case_cache import CaseView
from bundler.desk.cases.material_slots import MaterialCard, all_cards
from bundler.desk.cases.worker_pool import WorkerSet
from bundler.digest import sha256_of
from bundler.errors import CaseError
from bundler.ledger.case_change_log import ActionDetails, FileDigest, PageTurn
from bundler.materials.rotate import rotate_pages
from bundler.materials.safe_opening import read_unchanged
from bundler.sandbox import LimitExceededError, WorkFailedError


def turn_pages(  # noqa: PLR0913, PLR0917 (what, how far, by which process and for whom)
    view: CaseView, card: MaterialCard, page: int, degrees: int, workers: WorkerSet, actor: str
) -> FileDigest:
    """Turn one page of a material's file, or all where the page is none of its pages, and record it in the history.

    Raises:
        CaseError: the file is damaged or has a password, or somebody just changed it.
    """
    pages = (page,) if page in card.pages else tuple(card.pages)
    return _turn(view, card, PageTurn(card.material.file, pages, degrees), workers, actor=actor)


def undo_turn(view: CaseView, step: UndoStep, workers: WorkerSet, actor: str) -> FileDigest:
    """Turn the pages of a step back.

    Raises:
        CaseError: the file is no material any more, or as for `turn_pages`.
    """
    turn = step.turn
    card = next((one for one in all_cards(view) if turn is not None and one.material.file == turn.file), None)
    if turn is None or card is None:
        raise CaseError("没有撤销：这个文件已经不在材料里。", fix="请在回收箱里找。")
    back = PageTurn(turn.file, turn.pages, -turn.degrees)
    return _turn(view, card, back, workers, actor=actor, undoes=step.numbers)


def _turn(  # noqa: PLR0913 (what, by which process and for whom)
    view: CaseView,
    card: MaterialCard,
    turn: PageTurn,
    workers: WorkerSet,
    *,
    actor: str,
    undoes: tuple[int, ...] = (),
) -> FileDigest:
    folder, file, record = view.ref.folder, turn.file, card.record
    data = read_unchanged(folder, file, record.sha256)
    try:
        turned = workers.renderer.run(rotate_pages, data, record.media_type, list(turn.pages), turn.degrees)
    except (LimitExceededError, WorkFailedError) as error:
        workers.loaded_digest = ""
        raise CaseError(f"“{file}”转不了：已损坏，或者有密码。", fix="请重新扫描。") from error
    digest = FileDigest(file, sha256_of(turned))
    with case_lock(folder):
        if not replace_unchanged(folder / file, data, turned):
            raise CaseError(f"“{file}”刚被别人改动，没有转。", fix="请刷新页面后再试。")
        details = ActionDetails(undoes=undoes, turn=turn)
        record_history(folder, "undo" if undoes else "turn", [digest], actor=actor, details=details)
    return digest
