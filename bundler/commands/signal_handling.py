"""Signals: SIGINT and SIGTERM both raise KeyboardInterrupt, so that a command cleans up before it ends."""

from __future__ import annotations

import _thread
import signal
import sys
import threading

INTERRUPTED_MESSAGE = "已中断，没有留下半成品。"
_signalled = threading.Event()


def was_interrupted() -> bool:
    """Whether a signal came. A library may have turned its KeyboardInterrupt into another error."""
    return _signalled.is_set()


def raise_if_interrupted() -> None:
    """Raise an interrupt that a library suppressed; called between the steps of long work.

    Raises:
        KeyboardInterrupt: a signal came earlier.
    """
    if was_interrupted():
        raise KeyboardInterrupt


def install_signal_handlers() -> None:
    """Handle both signals; an ignored SIGINT, as of a background process, stays ignored."""
    if threading.current_thread() is not threading.main_thread():
        return
    signal.signal(signal.SIGTERM, _handle_signal)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _handle_signal)
    sys.unraisablehook = _reraise_interrupt


def _handle_signal(*_: object) -> None:
    _signalled.set()
    raise KeyboardInterrupt


def _reraise_interrupt(unraisable: sys.UnraisableHookArgs) -> None:
    """Raise again an interrupt that came in a callback, such as the garbage collector's, where it cannot be raised."""
    if unraisable.exc_type is KeyboardInterrupt:
        _thread.interrupt_main()
    else:
        sys.__unraisablehook__(unraisable)
