"""The law that papers cite or repeat, each provision with the days on which it is in force and where its text was read.

A paper cites what was in force on its own date. Nothing is in this table that was not read in a published text, and a paper
prints no article for a day that no row covers. The sources are mirrors and commentaries, named by what they reproduce; where
two of them agree, one is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

CIVIL_PROCEDURE = "中华人民共和国民事诉讼法"
BANKRUPTCY = "中华人民共和国企业破产法"
TERMINATION_RULES = "最高人民法院关于严格规范终结本次执行程序的规定（试行）"


class Provision(StrEnum):
    """What a provision is about, whatever number it has in the text of a year."""

    CONDUCT = "conduct"
    """Objection of a party or interested person to an act of enforcement (执行行为异议)."""
    DELAY = "delay"
    """Application to the higher court after six months without enforcement (逾六个月申请上级执行)."""
    OUTSIDER = "outsider"
    """Objection of a person who is not a party to the object of enforcement (案外人异议)."""
    WORKERS = "workers"
    """Claims of a bankrupt's workers need not be declared; the administrator lists them (职工债权不必申报)."""
    RESUMPTION = "resumption"
    """Enforcement that was terminated for this time is resumed without a limit of time (恢复执行不受时效限制)."""


@dataclass(frozen=True, slots=True)
class CitedLaw:
    """One provision in one text of a law.

    Attributes:
        provision: what it is about.
        law: the title of the law, without brackets.
        article: its number in Chinese, without 第 and 条.
        since: the first day on which it is in force, or for which a source applies it.
        until: the last day; None where it is in force still.
        is_numbered: papers print its number; of the others they repeat the content alone.
        sources: where the text and the days were read.
    """

    provision: Provision
    law: str
    article: str
    since: date
    until: date | None
    is_numbered: bool
    sources: tuple[str, ...]


_TEXT_2012 = "民事诉讼法（2012年修正，主席令第五十九号），自2013年1月1日起施行；2017年修正未改动这些条号"
_TEXT_2021 = "民事诉讼法（2021年12月24日修正，主席令第一〇六号），自2022年1月1日起施行"
_TEXT_2023 = "民事诉讼法（2023年9月1日修正，主席令第十一号），自2024年1月1日起施行"
_OBJECTIONS = "最高人民法院关于人民法院办理执行异议和复议案件若干问题的规定第七条，引第二百二十五条"
_OUTSIDERS = "民事诉讼法解释第三百零四条，引第二百二十七条"

CITED_LAW: tuple[CitedLaw, ...] = (
    *(
        CitedLaw(provision, CIVIL_PROCEDURE, article, since, until, is_numbered=True, sources=sources)
        for since, until, sources, articles in (
            (
                date(2013, 1, 1),
                date(2021, 12, 31),
                (_TEXT_2012, _OBJECTIONS, _OUTSIDERS),
                ("二百二十五", "二百二十六", "二百二十七"),
            ),
            (date(2022, 1, 1), date(2023, 12, 31), (_TEXT_2021,), ("二百三十二", "二百三十三", "二百三十四")),
            (date(2024, 1, 1), None, (_TEXT_2023,), ("二百三十六", "二百三十七", "二百三十八")),
        )
        for provision, article in zip((Provision.CONDUCT, Provision.DELAY, Provision.OUTSIDER), articles, strict=True)
    ),
    CitedLaw(
        Provision.WORKERS,
        BANKRUPTCY,
        "四十八",
        date(2007, 6, 1),
        None,
        is_numbered=False,
        sources=("企业破产法（2006年8月27日通过）第四十八条第二款；第一百三十六条，自2007年6月1日起施行",),
    ),
    CitedLaw(
        Provision.RESUMPTION,
        TERMINATION_RULES,
        "九",
        # The day of the ruling (2020)京执复164号, which applies it; the day on which the rules took effect was not read.
        date(2020, 12, 10),
        None,
        is_numbered=False,
        sources=("终结本次执行程序规定第九条第一款；民事诉讼法解释第五百一十九条；人民法院案例库2023-17-5-203-008",),
    ),
)
"""Every provision whose number or content a paper prints."""


def find_law(provision: Provision, day: date | None) -> CitedLaw | None:
    """The text of a provision that is in force on a day; None where no text was read for that day, or without a day."""
    if day is None:
        return None
    return next(
        (
            one
            for one in CITED_LAW
            if one.provision is provision and one.since <= day and (one.until is None or day <= one.until)
        ),
        None,
    )


@dataclass(frozen=True, slots=True)
class Statutes:
    """Article numbers of the Civil Procedure Law, in Chinese; empty where none was verified, so that none is printed.

    Attributes:
        conduct: objection to an act of enforcement (执行行为异议).
        delay: application to the higher court after six months without enforcement (逾六个月申请上级执行).
        outsider: objection of a person who is not a party (案外人异议).
    """

    conduct: str = ""
    delay: str = ""
    outsider: str = ""


def statutes_on(day: date | None) -> Statutes:
    """The article numbers in force on a day; empty ones before the first text that was read, or without a day."""
    found = {one: find_law(one, day) for one in (Provision.CONDUCT, Provision.DELAY, Provision.OUTSIDER)}
    return Statutes(**{provision.value: law.article if law else "" for provision, law in found.items()})
