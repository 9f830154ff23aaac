"""Being told to stop, by the keyboard (SIGINT) or politely by another program (SIGTERM): either is heard, and cleans up."""

from __future__ import annotations

import _thread
import signal
import sys
import threading

INTERRUPTED_MESSAGE = "已中断，没有留下半成品。"
_asked = threading.Event()


def was_interrupted() -> bool:
    """Whether a signal came: on its way up an interrupt may have been made into another error by a library."""
    return _asked.is_set()


def raise_if_interrupted() -> None:
    """Called between the steps of long work: an interrupt that a library swallowed is heard here.

    Raises:
        KeyboardInterrupt: a signal came before.
    """
    if was_interrupted():
        raise KeyboardInterrupt


def install_signal_handlers() -> None:
    """Take both signals in hand; where SIGINT is ignored, as under nohup, it stays so."""
    if threading.current_thread() is not threading.main_thread():
        return
    signal.signal(signal.SIGTERM, _stop)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _stop)
    sys.unraisablehook = _again


def _stop(*_: object) -> None:
    _asked.set()
    raise KeyboardInterrupt


def _again(swallowed: sys.UnraisableHookArgs) -> None:
    """One that came while a callback ran, at a fork or from the garbage collector, cannot be raised there."""
    if swallowed.exc_type is KeyboardInterrupt:
        _thread.interrupt_main()
    else:
        sys.__unraisablehook__(swallowed)
