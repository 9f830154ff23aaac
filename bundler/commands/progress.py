"""The progress of a command that takes minutes: lines for other programs, a bar on a terminal, otherwise nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from bundler.commands import signal_handling

Progress = Callable[[int, int], None]
"""Called with how many are done, and how many there are."""


@contextmanager
def show_progress(label: str, print_line: Progress | None) -> Iterator[Progress]:
    """Yield the callback that shows the progress, and raises an interrupt that has come meanwhile.

    Args:
        label: stands before the bar.
        print_line: prints a line; None where none are wanted.
    """
    if print_line is not None or not sys.stderr.isatty():
        yield _after_interrupts(print_line or (lambda *_: None))
        return
    with click.progressbar(length=1, label=label, file=sys.stderr, show_pos=True) as bar:
        shown = 0

        def move_bar(done: int, total: int) -> None:
            nonlocal shown
            bar.length = max(total, 1)
            bar.update(done - shown)
            shown = done

        yield _after_interrupts(move_bar)


def _after_interrupts(show: Progress) -> Progress:
    def watch(done: int, total: int) -> None:
        signal_handling.raise_if_interrupted()
        show(done, total)

    return watch
