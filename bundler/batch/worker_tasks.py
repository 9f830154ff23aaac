"""What a batch sends to a worker and gets back, as records that can be pickled, and the findings of a lost worker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bundler.errors import BundlerError
from bundler.profile import Profile
from bundler.regulation.findings import Finding, finding
from bundler.regulation.papers import BundleKind
from bundler.reports.reporting_period import Period

SUBMISSION_FOLDER, STATE_FOLDER, DAYS_FOLDER = "submission", ".bundler", ".bundler/days"
"""Folders of the output folder: the bag for the higher court (报送包), lock and build cache, and the states of each day."""
REMINDERS_FOLDER = "reminders"
"""The folder of the reminders (催办单) in the output folder."""


@dataclass(frozen=True, slots=True)
class BatchSettings:
    """The settings that all cases of a batch share.

    Attributes:
        out: the output folder.
        today: the day of checking.
        kind: the kind of bundle for every case; None: each case decides.
        profile: the court.
        templates: the folder of templates.
        environment_digest: digest of templates, profile, fonts and tool; when it changes, every bundle is rebuilt.
        print_notices: whether to write the notices of each handler as one PDF too.
        period: the period of the figures (Art. 17); None: the year up to `today`.
    """

    out: Path
    today: date
    kind: BundleKind | None
    profile: Profile
    templates: Path
    environment_digest: str
    period: Period | None = None
    print_notices: bool = False


@dataclass(frozen=True, slots=True)
class CaseTask:
    """One case to process.

    Attributes:
        folder: the case folder.
        place: the case folder relative to the folder of the batch, as the reports name it.
        stem: the file name of its output, without folder and extension.
        number: the registration number at the start of the batch; None if there is none or it is not valid.
        duplicates: the other case folders with the same registration number, as the reports name them.
        handler: the handler's name that the case gives, or else that its path names; empty where neither does.
    """

    folder: Path
    place: str
    stem: str
    number: str | None
    duplicates: tuple[str, ...]
    settings: BatchSettings
    handler: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """What the reports came to.

    Attributes:
        submitted: the number of cases in the submission.
        unprinted: the registration numbers of cases whose notice is in no PDF, though these were asked for.
    """

    submitted: int
    unprinted: tuple[str, ...]


class WorkerLostError(Exception):
    """A worker died, hung or ran out of memory while it processed a case; the message is the finding's rule."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


_WORKER_LOST = {
    "CASE-CRASH": (
        "处理这一件时程序出错",
        "请单独运行 bundler check 和 bundler build 查看；材料没有问题的，请报告给维护者。",
    ),
    "CASE-TIMEOUT": ("处理这一件超过了时间上限", "请检查有没有异常大或者损坏的文件，或者单独运行 bundler build。"),
    "CASE-MEMORY": ("处理这一件超过了内存上限", "请检查有没有异常大的文件，分成几个文件后再试。"),
}


def worker_lost_finding(rule: str, detail: str = "") -> Finding:
    """Return the finding of a case whose worker was lost.

    Args:
        rule: CASE-CRASH, CASE-TIMEOUT or CASE-MEMORY.
        detail: the type of the error if it is known; never a value of the case.
    """
    message, fix = _WORKER_LOST[rule]
    return finding(rule, message=f"{message}{f'（{detail}）' if detail else ''}。", fix=fix)


def error_finding(error: BundlerError) -> Finding:
    """Return the finding of an error that occurred after the gate, with the error's own code if it has one."""
    if error.code:
        return finding(error.code, message=error.message, fix=error.fix)
    return finding("CASE-CRASH", message=error.message, fix=error.fix)
