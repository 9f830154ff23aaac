"""The typesetter and the binder, loaded in a process of their own while the case is still being checked.

Half of a cold `build` is the loading of libraries. Nothing heavy may be imported here: this module is what starts first.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager

from bundler.sandbox import SandboxWorker

_OBJECTS = 250_000
"""How many more there have to be before garbage is looked for: a bundle's pages are kept until they are written anyway."""


@contextmanager
def preloaded_worker() -> Iterator[SandboxWorker | None]:
    """A process that loads what setting and joining need; None where there is no second core to do it."""
    if len(os.sched_getaffinity(0)) == 1:
        yield None
        return
    with SandboxWorker() as worker:
        worker.load(preload_typesetter)
        yield worker


def preload_typesetter() -> None:
    """Load it, and set a first page: what the libraries make at their first use is there then."""
    gc.set_threshold(_OBJECTS, 20, 20)
    import bundler.bundle.build  # noqa: F401
    from bundler.bind.page_numbers import digit_font
    from bundler.typeset.typesetter import Typesetter

    digit_font()
    setter = Typesetter()
    setter.set_pages({"warm": "<p>暖</p>"}, "")
    setter.write(["warm"], "暖", b"warm", None)
