"""The server of the desk: uvicorn, which ends on SIGINT only where Ctrl-C is meant for it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager

import uvicorn


class DeskServer(uvicorn.Server):
    """A server that keeps ignoring SIGINT if it was started that way, as in the background of a script or by ``nohup``."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Handle the signals while the server runs."""
        is_ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
        with super().capture_signals():
            if is_ignored and threading.current_thread() is threading.main_thread():
                signal.signal(signal.SIGINT, signal.SIG_IGN)
            yield
