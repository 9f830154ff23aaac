"""The day of a document: facts after that day are left out of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class DocumentDay:
    """The day of a document.

    Attributes:
        day: the date that it bears; None where it is left blank.
        until: the last day of which it may tell; None where the case gives no day for the document.
        own_day: what it says for 本意见书作出之日, the day on which the facts of the reply were found.
    """

    day: date | None
    until: date | None
    own_day: str = "答复意见书作出之日"

    def is_later(self, day: date | None) -> bool:
        """Whether a day is known to come after the document."""
        return bool(day and self.until and day > self.until)

    def known(self, day: date | None) -> date | None:
        """A day; None where it comes after the document."""
        return None if self.is_later(day) else day
