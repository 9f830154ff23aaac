"""Print the part of requirements.lock that a machine needs to run the tool and the desk, hashes included.

It follows the requirements of the installed packages, so that nothing has to be resolved again.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = "petition-bundler[desk,sign]"
LOCK = Path(__file__).parents[1] / "requirements.lock"


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


def locked() -> dict[str, str]:
    """The entries of the lock by their names."""
    entries = re.split(r"(?m)^(?=[A-Za-z0-9])", LOCK.read_text("utf-8"))[1:]
    return {canonicalize_name(entry.partition("==")[0]): entry for entry in entries}


def main() -> int:
    """Print the entries, in the order of their names."""
    entries = locked()
    names = sorted({name for name, _ in needed(PROJECT)} - {"petition-bundler"})
    missing = [name for name in names if name not in entries]
    if missing:
        print(f"requirements.lock 里没有 / not in requirements.lock: {', '.join(missing)}", file=sys.stderr)
        return 1
    sys.stdout.write("".join(entries[name] for name in names))
    return 0


if __name__ == "__main__":
    sys.exit(main())
