"""Remember the digests of the bundles that were built here, in the user's own cache folder.

That a file is the very one that `build` wrote is a proof from outside the file: `sign` accepts it where no case is given.
"""

from __future__ import annotations

from collections.abc import Iterable

from bundler import cache


def remember_built(digests: Iterable[str]) -> None:
    """Remember bundles by the SHA-256 of each file."""
    for digest in digests:
        cache.store(_name(digest), b"\n")


def was_built_here(digest: str) -> bool:
    """Whether this user built the file with this SHA-256 on this machine."""
    return cache.load(_name(digest)) is not None


def _name(digest: str) -> str:
    return f"built-{digest}"
