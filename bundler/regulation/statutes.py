"""Article numbers of the Civil Procedure Law (民事诉讼法), which move with the text in force on a document's date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Statutes:
    """The numbers in Chinese; blank where none was verified, so that none is printed.

    Attributes:
        conduct: objection to an act of enforcement (执行行为异议).
        delay: application to the higher court after six months (逾六个月申请上级执行).
        outsider: objection of one who is no party (案外人异议).
    """

    conduct: str = ""
    delay: str = ""
    outsider: str = ""


_TEXTS: tuple[tuple[date, Statutes], ...] = (
    (date(2024, 1, 1), Statutes("二百三十六", "二百三十七", "二百三十八")),
    (date(2022, 1, 1), Statutes("二百三十二", "二百三十三", "二百三十四")),
    (date(2013, 1, 1), Statutes("二百二十五", "二百二十六")),
)


def statutes_on(day: date | None) -> Statutes:
    """The numbers in force on a day; none for a day before the texts that were verified, or without a day."""
    if day is None:
        return Statutes()
    return next((numbers for since, numbers in _TEXTS if day >= since), Statutes())
