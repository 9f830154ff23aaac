"""Load the parts of fontTools that WeasyPrint hardly ever needs when it needs them.

HarfBuzz subsets the fonts; WeasyPrint imports fontTools' own subsetter and its instancer of variable fonts nevertheless,
which takes 50 ms, a seventh of the loading of all libraries of a bundle.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

_SUBSET, _INSTANCER = "fontTools.subset", "fontTools.varLib.instancer"


class _OnDemand(ModuleType):
    """Stands for a module, and imports it when one of its names is asked for."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (whatever the module holds)
        """Give a name of the module; Python itself asks for names with underscores when it imports a module."""
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(_import_really(self), name)


def _import_really(stand_in: ModuleType) -> ModuleType:
    if sys.modules.get(stand_in.__name__) is stand_in:
        del sys.modules[stand_in.__name__]
    return import_module(stand_in.__name__)


@contextmanager
def font_tools_on_demand() -> Iterator[None]:
    """While WeasyPrint is imported in this block, give it stand-ins; every later import gets the modules themselves."""
    subset, instancer = _OnDemand(_SUBSET), _OnDemand(_INSTANCER)

    def instantiate(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401 (fontTools has no types)
        return _import_really(instancer).instantiateVariableFont(*arguments, **options)

    vars(instancer)["instantiateVariableFont"] = instantiate  # WeasyPrint imports it by name
    put = [one for one in (subset, instancer) if sys.modules.setdefault(one.__name__, one) is one]
    try:
        yield
    finally:
        for one in put:
            if sys.modules.get(one.__name__) is one:
                del sys.modules[one.__name__]
