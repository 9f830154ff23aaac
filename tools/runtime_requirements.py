"""Print the part of the locks that a machine needs to run the tool and the desk, hashes included.

Usage: python tools/runtime_requirements.py [--read]

With --read also what reading scans needs (`make setup-read`). It follows the requirements of the installed packages, so that nothing has to be resolved again.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = "petition-bundler[desk,sign]"
PROJECT_WITH_READING = "petition-bundler[desk,sign,read]"
ROOT = Path(__file__).parents[1]


def needed(wanted: str) -> set[tuple[str, str]]:
    """Every package that a package needs, itself included, with the extra that needs it ("" for none)."""
    found: set[tuple[str, str]] = set()
    waiting = [Requirement(wanted)]
    while waiting:
        one = waiting.pop()
        name = canonicalize_name(one.name)
        for extra in {"", *one.extras} - {extra for known, extra in found if known == name}:
            found.add((name, extra))
            further = [Requirement(text) for text in requires(name) or []]
            waiting += [each for each in further if each.marker is None or each.marker.evaluate({"extra": extra})]
    return found


def locked(*names: str) -> dict[str, str]:
    """The entries of the locks by their names; a package may have one for each release of Python."""
    found: dict[str, dict[str, None]] = {}
    for name in names:
        for entry in re.split(r"(?m)^(?=[A-Za-z0-9])", (ROOT / name).read_text("utf-8"))[1:]:
            found.setdefault(canonicalize_name(entry.partition("==")[0]), {})[entry] = None
    return {name: "".join(entries) for name, entries in found.items()}


def main() -> int:
    """Print the entries, in the order of their names."""
    with_reading = "--read" in sys.argv[1:]
    entries = locked("requirements.lock", *(("requirements-read.lock",) if with_reading else ()))
    project = PROJECT_WITH_READING if with_reading else PROJECT
    names = sorted({name for name, _ in needed(project)} - {"petition-bundler"})
    missing = [name for name in names if name not in entries]
    if missing:
        print(f"requirements.lock 里没有 / not in requirements.lock: {', '.join(missing)}", file=sys.stderr)
        return 1
    sys.stdout.write("".join(entries[name] for name in names))
    return 0


if __name__ == "__main__":
    sys.exit(main())
