"""Kill work before or after any call that changes the disk."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

from bundler import atomic_write
from tests.support.forks import start_process

CALLS = ("link", "replace", "unlink", "fsync", "mkdir", "rename", "rmdir")


def killed_at(moment: int, work: Callable[..., object], *arguments: object, after: bool, named: bool = False) -> bool:
    """Run work in a process that is killed at a call that changes the disk; return whether it came so far.

    Args:
        moment: the number of the call, from 1.
        work: a function at the top level of a module.
        arguments: its arguments, which must be picklable.
        after: kill after the call, not before it.
        named: behave as on a file system without nameless files.
    """
    process = start_process(_work_until_killed, moment, work, arguments, after, named)
    process.join()
    return process.exitcode == -signal.SIGKILL


def _work_until_killed(
    moment: int,
    work: Callable[..., object],
    arguments: tuple[object, ...],
    after: bool,  # noqa: FBT001 (a process gets its arguments by place)
    named: bool,  # noqa: FBT001
) -> None:
    if named:
        setattr(atomic_write, "_open_tmpfile", lambda _folder: None)  # noqa: B010 (a private name of the module)
    _arm(moment, after=after)
    work(*arguments)


def _arm(moment: int, *, after: bool) -> None:
    count = [0]

    def deadly(plain: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **options: object) -> object:
            count[0] += 1
            is_time = count[0] == moment
            if is_time and not after:
                os.kill(os.getpid(), signal.SIGKILL)
            try:
                return plain(*arguments, **options)
            finally:
                if is_time:
                    os.kill(os.getpid(), signal.SIGKILL)

        return call

    for name in CALLS:
        setattr(os, name, deadly(getattr(os, name)))
