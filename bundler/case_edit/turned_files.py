"""Files whose pages were turned: the original is kept in the recycle bin, and comes back once all turns are taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bundler.atomic_write import replace_unchanged
from bundler.case_edit.change_operations import Json
from bundler.case_edit.copy_into_materials import material_entries, normalised_path
from bundler.case_edit.lock import case_lock
from bundler.case_edit.materials import read_if_there
from bundler.case_edit.read_version_cache import read_snapshot
from bundler.case_edit.removed_materials import (
    CONTENT_FILE,
    bin_path,
    copy_to_bin,
    delete_bin_entry,
    read_bin_entry,
)
from bundler.case_edit.save import record_history
from bundler.digest import sha256_of
from bundler.errors import CaseError
from bundler.ledger.case_change_log import read_history
from bundler.ledger.history_entry import ActionDetails, FileDigest, HistoryError, PageTurn

TURNED = "转页以前的原件"
"""Why something is in the recycle bin, as its list shows it."""
_FULL_TURN = 360


@dataclass(frozen=True, slots=True)
class _Original:
    """The original of a turned file.

    Attributes:
        number: its number in the recycle bin.
        data: its bytes.
        turns: the turns since then.
    """

    number: int
    data: bytes
    turns: tuple[PageTurn, ...]


def put_turned_file(  # noqa: PLR0913 (the file before and after, and who turned what)
    folder: Path,
    file: str,
    before: bytes,
    after: bytes,
    turns: Sequence[PageTurn],
    *,
    actor: str = "",
    undoes: tuple[int, ...] = (),
) -> FileDigest:
    """Replace a file by itself with turned pages, and record that in the case's history as one step.

    The first time, the original goes into the recycle bin. Where these turns take back all turns since then, the original
    comes back byte for byte.

    Args:
        folder: the case folder.
        file: the file, relative to the folder.
        before: its bytes.
        after: its bytes with the pages turned.
        turns: the pages that were turned.
        actor: the account that the history names.
        undoes: the numbers of the lines that this undoes.

    Raises:
        CaseUnreadableError: case.json is no JSON object, or gone.
        CaseError: the file was changed a moment ago.
        OutputError: it cannot be written.
    """
    with case_lock(folder):
        original = _find_original(folder, file, sha256_of(before))
        is_back = original is not None and _cancel_out([*original.turns, *turns])
        kept = () if original is not None else (_keep_original(folder, file, before, actor),)
        written = original.data if original is not None and is_back else after
        if not replace_unchanged(folder / file, before, written):
            for number in kept:
                delete_bin_entry(folder / bin_path(number))
            raise CaseError(f"“{file.rpartition('/')[2]}”刚被别人改动，没有转。", fix="请刷新页面后再试。")
        if original is not None and is_back:
            delete_bin_entry(folder / bin_path(original.number))
        digest = FileDigest(file, sha256_of(written))
        details = ActionDetails(undoes=undoes, turns=tuple(turns), bin=kept)
        record_history(folder, "undo" if undoes else "turn", [digest], actor=actor, details=details)
    return digest


def _keep_original(folder: Path, file: str, data: bytes, actor: str) -> int:
    """Copy a file into the recycle bin, with its entry of case.json where it has one; its number there."""
    entries = material_entries(read_snapshot(folder).tree)
    own = (one for one in entries if normalised_path(str(one.get("file", ""))) == normalised_path(file))
    entry: dict[str, Json] = {key: value for key, value in next(own, {}).items() if key != "pages"}
    return copy_to_bin(folder, {**entry, "file": file}, data, TURNED, actor)


def _find_original(folder: Path, file: str, digest: str) -> _Original | None:
    """The original of a file whose present bytes a turn has made; None where these bytes are the original."""
    try:
        entries = read_history(folder).entries
    except HistoryError:
        return None
    lines = [one for one in reversed(entries) if not one.fault and any(out.file == file for out in one.outputs)]
    if not lines or all(out.sha256 != digest for out in lines[0].outputs if out.file == file):
        return None
    turns: list[PageTurn] = []
    for line in lines:
        if not line.details.turns:
            return None
        turns += line.details.turns
        for number in line.details.bin:
            entry, data = read_bin_entry(folder, number), read_if_there(folder, f"{bin_path(number)}/{CONTENT_FILE}")
            if entry is None or data is None or entry.why != TURNED or entry.entry.get("file") != file:
                return None
            return _Original(number, data, tuple(turns))
    return None


def _cancel_out(turns: Iterable[PageTurn]) -> bool:
    """Whether every page stands as it did before the turns."""
    degrees: Counter[int] = Counter()
    for turn in turns:
        for page in turn.pages:
            degrees[page] += turn.degrees
    return all(total % _FULL_TURN == 0 for total in degrees.values())
