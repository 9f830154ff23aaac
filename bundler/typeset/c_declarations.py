"""Keep the parsed C declarations of the font libraries, instead of parsing them in every process.

WeasyPrint declares the functions of Pango, HarfBuzz and fontconfig as C text. cffi parses the text at each import, and
each type at its first use, with a parser written in Python: a tenth of a second in every process that typesets. cffi
can also hand what it parsed to its C part as a table of bytes (its "out-of-line ABI mode"). That table is kept in the
cache, under the digest of all that it depends on. The declared functions and types are the same.
"""

from __future__ import annotations

import ast
import hashlib
import io
import marshal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bundler import __version__, cache
from bundler.digest import sha256_of

OWN_DECLARATION = "PangoAttribute * pango_attr_allow_breaks_new (int allow_breaks);"
"""What `bundler.typeset.chinese_justification` calls besides the functions that WeasyPrint declares."""
_MODULE = "weasyprint_declarations"
_DIGEST_BYTES = 32


@contextmanager
def kept_declarations() -> Iterator[None]:
    """While WeasyPrint is imported in this block, give it the kept declarations; where there are none, keep them."""
    import _cffi_backend
    import cffi

    name = _cache_name(cffi.__version__)
    table = _load_table(name)
    original = cffi.FFI
    parsed: list[Any] = []

    class _Kept(_cffi_backend.FFI):  # type: ignore[misc] # cffi has no types
        """Has all declarations from the beginning."""

        def cdef(self, text: str) -> None:
            """Ignore declarations: those that were kept are made of the same text."""

    def make() -> Any:  # noqa: ANN401 (cffi has no types)
        if table is not None:
            return _Kept(_MODULE, **table)
        parsed.append(original())
        return parsed[0]

    cffi.FFI = make
    try:
        yield
    finally:
        cffi.FFI = original
    for one in parsed:
        one.cdef(OWN_DECLARATION)
        _store_table(name, _table_of(one))


def _cache_name(release: str) -> str:
    """The name of the kept table, with the digest of WeasyPrint's text and the releases of cffi and Python."""
    package = find_spec("weasyprint")
    if package is None or package.origin is None:
        raise ImportError("weasyprint is not installed")
    text = Path(package.origin).with_name("text").joinpath("ffi.py").read_bytes()
    key = f"{__version__}\0{release}\0{sys.implementation.cache_tag}\0{sys.maxsize}\0{OWN_DECLARATION}\0"
    return f"declarations-{sha256_of(key.encode() + text)}.bin"


def _table_of(parsed: Any) -> dict[str, Any]:  # noqa: ANN401 (cffi has no types)
    """The arguments, plain bytes and numbers, with which cffi's C part makes the same declarations."""
    from cffi.recompiler import Recompiler

    parsed.set_source(_MODULE, None)
    recompiler = Recompiler(parsed, _MODULE, target_is_python=True)
    recompiler.collect_type_table()
    recompiler.collect_step_tables()
    source = io.StringIO()
    recompiler.write_source_to_f(source, None)
    calls = [node for node in ast.walk(ast.parse(source.getvalue())) if isinstance(node, ast.Call)]
    return {str(keyword.arg): ast.literal_eval(keyword.value) for keyword in calls[0].keywords}


def _load_table(name: str) -> dict[str, Any] | None:
    data = cache.load(name)
    if data is None or hashlib.sha256(data[_DIGEST_BYTES:]).digest() != data[:_DIGEST_BYTES]:
        return None
    table: dict[str, Any] = marshal.loads(data[_DIGEST_BYTES:])  # noqa: S302 (data of the user's own cache folder)
    return table


def _store_table(name: str, table: dict[str, Any]) -> None:
    data = marshal.dumps(table)
    cache.store(name, hashlib.sha256(data).digest() + data)
