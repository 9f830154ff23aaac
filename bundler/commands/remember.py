"""After a command has made something: one line more in the case's history, or a note why not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bundler.commands.console import message

if TYPE_CHECKING:
    from bundler.ledger.history import Output


def remember(folder: Path, action: str, outputs: Sequence[Output]) -> None:
    """Append to the history; a folder that cannot be written is a note, since what was made stands."""
    from bundler.ledger.history import HistoryError, append

    try:
        append(folder, action, outputs)
    except HistoryError as error:
        message(f"说明：没有写入案件历史（{error}）；结果不受影响。")
