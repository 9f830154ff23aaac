"""The entry of ``bundler`` and ``python -m bundler``: an interrupt while the program still loads ends it at once."""

from __future__ import annotations

import os
import signal

_INTERRUPTED_STATUS = 130


def _end_at_once(*_: object) -> None:
    """End without a traceback; nothing was begun that would have to be cleaned up."""
    os.write(2, "已中断，没有留下半成品。\n".encode())
    os._exit(_INTERRUPTED_STATUS)


def main() -> None:
    """Load the command line, and run it; it then handles signals itself."""
    handles_interrupts = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if handles_interrupts:
        signal.signal(signal.SIGINT, _end_at_once)
    from bundler.commands import main as run_command_line

    if handles_interrupts:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    run_command_line()


if __name__ == "__main__":
    main()
