"""After a command has made something: one line more in the case's history, or a note why not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bundler.commands.console import print_message

if TYPE_CHECKING:
    from bundler.ledger.case_history import FileDigest


def record_history(folder: Path, action: str, outputs: Sequence[FileDigest]) -> None:
    """Append to the history; a folder that cannot be written is a note, since what was made stands."""
    from bundler.ledger.case_history import HistoryError, append_history

    try:
        append_history(folder, action, outputs)
    except HistoryError as error:
        print_message(f"说明：没有写入案件历史（{error}）；结果不受影响。")
