"""Import a library without running modules that it imports at its top and that nothing here uses."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType


class _DeferredModule(ModuleType):
    """Stands for a module until one of its attributes is used. (The standard LazyLoader runs it at `import` already.)"""

    def __getattr__(self, attribute: str) -> object:
        name = self.__name__
        if sys.modules.get(name) is self:
            del sys.modules[name]
        return getattr(import_module(name), attribute)


@contextmanager
def deferred_imports(*names: str) -> Iterator[None]:
    """Let modules that are imported inside the block run only when one of their attributes is used.

    A module that is loaded already is left alone. After the block, an import of one that was put off loads it as usual.

    Args:
        names: modules without a package, such as `ssl`.
    """
    put_off = {name: _DeferredModule(name) for name in names if name not in sys.modules}
    sys.modules.update(put_off)
    try:
        yield
    finally:
        for name, module in put_off.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]
