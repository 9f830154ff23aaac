"""Imports follow the order of the rooms in CONTRIBUTING.md."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.support.paths import ROOT

PACKAGE = ROOT / "bundler"


def rooms() -> list[str]:
    """The rooms, in the order of CONTRIBUTING.md."""
    found = re.search(r"```rooms\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.DOTALL)
    assert found
    return found[1].split()


def room_of(module: str) -> str | None:
    """The room of a module: the longest name that matches."""
    name = module.removeprefix("bundler.")
    fitting = [room for room in rooms() if name == room or name.startswith(room + ".")]
    return max(fitting, key=len, default=None)


def modules() -> list[Path]:
    """Every module except `__init__` and `__main__` of the package."""
    return sorted(path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE or not path.stem.startswith("__"))


def imports(path: Path) -> set[str]:
    """Every module of the package that a file imports, inside functions too."""
    tree = ast.parse(path.read_text("utf-8"))
    found = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            is_package = (ROOT / node.module.replace(".", "/")).is_dir()
            found |= {f"{node.module}.{alias.name}" for alias in node.names} if is_package else {node.module}
    return {name for name in found if name.startswith("bundler.") and name != "bundler.__version__"}


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_rooms_above_it(path: Path) -> None:
    """Upwards, or within its own room."""
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    here = room_of(module)
    assert here, f"{module} stands in no room"

    order = rooms()
    below = [name for name in imports(path) if order.index(room_of(name) or here) > order.index(here)]
    assert below == []
