"""A process that typesets and stays for the next case, in a worker of a batch.

The libraries of the typesetter prepare fonts at their first use and start a thread then, so a process in which they have been
used cannot be forked, and each bundle would pay for that anew: a twentieth of a known case. The process that stays ends after
any error, and with the worker, which takes some dozens of cases. A case with a file from outside that is typeset, as Word
files are, gets a process of its own, so that nothing such a file might do outlives the case.
"""

from __future__ import annotations

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
        None where the case must have a process of its own, or where this process cannot be forked.
    """
    if any(record.media_type == WORD for record in checked.records.values()) or count_threads() > 1:
        yield None
        return
    typesetter = _take() or _start()
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


def _start() -> SandboxWorker:
    """Start a process that has received its limits: those to which it lends itself later cannot tell whether it has."""
    typesetter = SandboxWorker(TYPESETTER_LIMITS)
    typesetter.run(import_lasting_typesetter)
    return typesetter
