"""Imports follow the order of the rooms in CONTRIBUTING.md, and the diagram in docs/architecture.md shows them."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.support.paths import ROOT

PACKAGE = ROOT / "bundler"
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text("utf-8")


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


@cache
def room_imports() -> dict[str, set[str]]:
    """The other rooms that each room imports."""
    found: dict[str, set[str]] = {room: set() for room in rooms()}
    for path in modules():
        here = room_of(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
        assert here
        found[here] |= {room for name in imports(path) if (room := room_of(name)) and room != here}
    return found


def drawn_rooms() -> tuple[set[str], set[str]]:
    """The rooms in the diagram: those that it joins by arrows, and those in its box of basic rooms."""
    diagram = re.search(r"```mermaid\n(.*?)```", ARCHITECTURE, re.DOTALL)
    assert diagram
    basic = re.search(r'basic\["(.*?)"\]', diagram[1])
    assert basic
    inside = set(re.findall(r"\w+", basic[1])) & set(rooms())
    return set(re.findall(r"\w+", diagram[1].replace(basic[0], ""))) & set(rooms()), inside


def drawn_arrows() -> set[tuple[str, str]]:
    """The arrows of the diagram, each from the room that is imported to the one that imports it."""
    found = set()
    for line in re.findall(r"^ *(\w[\w &]*) --> (\w[\w &]*)$", ARCHITECTURE, re.MULTILINE):
        sources, targets = (side.split(" & ") for side in line)
        found |= {(source, target) for source in sources for target in targets}
    return found


def test_the_diagram_shows_every_room() -> None:
    """Each room once: with arrows, or in the box of basic rooms, which import only each other."""
    joined, basic = drawn_rooms()

    assert joined | basic == set(rooms())
    assert joined & basic == set()
    assert [room for room in basic if room_imports()[room] - basic] == []
    assert {room for arrow in drawn_arrows() for room in arrow} == joined


def test_the_arrows_are_the_imports() -> None:
    """An arrow for each import between rooms, except where a longer way of arrows leads there as well."""
    joined, _ = drawn_rooms()
    direct = {room: room_imports()[room] & joined for room in joined}

    def reached_from(room: str) -> set[str]:
        return direct[room].union(*(reached_from(one) for one in direct[room]))

    expected = {
        (source, room)
        for room, sources in direct.items()
        for source in sources
        if not any(source in reached_from(other) for other in sources)
    }
    assert sorted(expected - drawn_arrows()) == [], "arrows that docs/architecture.md lacks"
    assert sorted(drawn_arrows() - expected) == [], (
        "arrows in docs/architecture.md without an import, or implied by others"
    )
