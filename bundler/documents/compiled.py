"""Templates compiled once: what was learnt of their words is kept in memory, and that of long ones in the user's cache.

Only the words of a template are kept, never a value of a case; the name is the digest of all on which the code hangs.
"""

from __future__ import annotations

import hashlib
import marshal
import sys
from collections.abc import Callable
from types import CodeType

import jinja2

from bundler import __version__
from bundler import cache as kept

_LONG = 4000
"""Characters; a shorter template is compiled as quickly as it is read."""
_DIGEST = 32
_known: dict[str, CodeType] = {}


def compiled(source: str, language: str, make: Callable[[str], CodeType]) -> CodeType:
    """The code of a template.

    Args:
        source: the template's words.
        language: what else its code hangs on: the digest of the filters' own code, and how values are finished.
        make: compiles it, where it is not known.
    """
    about = f"{__version__}\0{jinja2.__version__}\0{sys.implementation.cache_tag}\0{language}\0{source}"
    digest = hashlib.sha256(about.encode("utf-8", "surrogatepass")).hexdigest()
    code = _known.get(digest) or (_load(digest) if len(source) > _LONG else None)
    if code is None:
        code = make(source)
        if len(source) > _LONG:
            _keep(digest, code)
    _known[digest] = code
    return code


def _load(digest: str) -> CodeType | None:
    """What an earlier run kept; a spoilt file is as good as none."""
    data = kept.load(f"template-{digest}.bin")
    if data is None or hashlib.sha256(data[_DIGEST:]).digest() != data[:_DIGEST]:
        return None
    code = marshal.loads(data[_DIGEST:])  # noqa: S302 (the user's own cache folder, as with Python's own .pyc files)
    return code if isinstance(code, CodeType) else None


def _keep(digest: str, code: CodeType) -> None:
    data = marshal.dumps(code)
    kept.store(f"template-{digest}.bin", hashlib.sha256(data).digest() + data)
