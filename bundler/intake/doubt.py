"""What comes of reading a cell: a value, perhaps with a word about how it was read; or a doubt, and no value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class CellResult(Generic[Kind]):
    """A value as it was read.

    Attributes:
        value: the value.
        note: how it was read where a person should look again, in Chinese.
        left_out: what else stands in the cell and was not read, in Chinese.
    """

    value: Kind
    note: str = ""
    left_out: str = ""


class UnclearCellError(Exception):
    """A cell that does not plainly say one thing; it is left out and told.

    Neither sentence repeats what stands in the cell: it may be somebody's number.
    """

    def __init__(self, reason: str, fix: str) -> None:
        super().__init__(reason)
        self.reason, self.fix = reason, fix
