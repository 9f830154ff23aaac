"""What a batch hands to a worker, as plain frozen records that pickle, and what a lost worker means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bundler.errors import BundlerError
from bundler.profile import Profile
from bundler.regulation.papers import BundleKind
from bundler.regulation.rules import Finding, finding

SUBMISSION, STATE = "submission", ".bundler"
"""Folders of OUT: what is sent up, and what a later run needs to know."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What all cases of a batch have in common.

    Attributes:
        out: the output folder.
        today: the day of checking.
        kind: what the cases are checked as; None: what each one says.
        profile: the court.
        templates: the templates' folder.
        made_with: digest of templates, profile, fonts and tool: where it changes, every bundle is made anew.
    """

    out: Path
    today: date
    kind: BundleKind | None
    profile: Profile
    templates: Path
    made_with: str


@dataclass(frozen=True, slots=True)
class Task:
    """One case to work on.

    Attributes:
        folder: the case folder.
        place: the folder as the reports name it, relative to the batch's own.
        stem: the name of its output, without folder and ending.
        number: the registration number that was seen when the cases were looked for, where it may name a file.
        twins: the other folders with the same registration number.
    """

    folder: Path
    place: str
    stem: str
    number: str | None
    twins: tuple[str, ...]
    settings: Settings


class CaseLostError(Exception):
    """A worker died, hung or ran out of memory over one case; the message is the finding's rule."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


_LOST = {
    "CASE-CRASH": (
        "处理这一件时程序出错",
        "请单独运行 bundler check 和 bundler build 查看；材料没有问题的，请报告给维护者。",
    ),
    "CASE-TIMEOUT": ("处理这一件超过了时间上限", "请检查有没有异常大或者损坏的文件，或者单独运行 bundler build。"),
    "CASE-MEMORY": ("处理这一件超过了内存上限", "请检查有没有异常大的文件，分成几个文件后再试。"),
}


def lost_finding(rule: str, detail: str = "") -> Finding:
    """The finding of a case over which a worker was lost.

    Args:
        rule: CASE-CRASH, CASE-TIMEOUT or CASE-MEMORY.
        detail: what is known; never a value of the case.
    """
    message, fix = _LOST[rule]
    return finding(rule, message=f"{message}{f'（{detail}）' if detail else ''}。", fix=fix)


def error_finding(error: BundlerError) -> Finding:
    """The finding of an error that came up after the gate: under its own code where it has one."""
    if error.code:
        return finding(error.code, message=error.message, fix=error.fix)
    return finding("CASE-CRASH", message=error.message, fix=error.fix)
