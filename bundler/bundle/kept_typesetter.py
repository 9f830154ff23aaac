"""A process that typesets and stays for the next case, in a worker of a batch.

The libraries of the typesetter prepare fonts at their first use and start a thread then, so a process in which they have been
used cannot be forked, and each bundle would pay for that anew: a twentieth of a known case. The process that stays ends after
any error, and with the worker, which takes some dozens of cases. A case with a file from outside that is typeset, as Word
files are, gets a process of its own, so that nothing such a file might do outlives the case.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from bundler.bundle.build import TYPESETTER_LIMITS, BuildWorkers
from bundler.bundle.typesetter_process import forget_bundle, import_lasting_typesetter
from bundler.file_inspection_record import WORD
from bundler.process_start import count_threads
from bundler.sandbox import LimitExceededError, SandboxWorker, WorkFailedError

if TYPE_CHECKING:
    from bundler.bundle.read_and_check_case import CheckedCase

_kept: list[SandboxWorker] = []
"""The process that stays; empty before the first case and after an error."""


@contextmanager
def workers_with_kept_typesetter(checked: CheckedCase) -> Iterator[BuildWorkers | None]:
    """Give the processes for one case, of which the one that typesets stays for the next.

    Args:
        checked: the case.

    Yields:
        None where the case must have a process of its own, or where none can be started that stays.
    """
    if any(record.media_type == WORD for record in checked.records.values()) or count_threads() > 1:
        yield None
        return
    typesetter = _take() or _start()
    if typesetter is None:
        yield None
        return
    try:
        with SandboxWorker() as binder:
            yield BuildWorkers(binder, typesetter)
    except BaseException:
        typesetter.end()  # it may be at work for the case that failed
        raise
    with suppress(LimitExceededError, WorkFailedError):  # the bundle is made; another process is started for the next
        typesetter.run(forget_bundle)
        _kept.append(typesetter)


def _take() -> SandboxWorker | None:
    typesetter = _kept.pop() if _kept else None
    if typesetter is not None and not typesetter.is_running():
        typesetter.end()
        return None
    return typesetter


def _start() -> SandboxWorker | None:
    """Start a process, and send it its limits, as a binder to which it is lent cannot tell whether it has them; None if that fails."""
    typesetter = SandboxWorker(TYPESETTER_LIMITS)
    try:
        typesetter.run(import_lasting_typesetter)
    except (LimitExceededError, WorkFailedError):
        return None
    return typesetter


def _leave_to_parent() -> None:
    """In a new process: close the way to the one that stays, which only the process that forked both may use."""
    while _kept:
        _kept.pop().end()


os.register_at_fork(after_in_child=_leave_to_parent)
