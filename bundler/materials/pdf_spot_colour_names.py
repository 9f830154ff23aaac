"""Name each spot colour after what it looks like: in one PDF/A file, spot colours of one name must be the same.

A bundle holds many files, each with its own idea of a name, and even one file may have several.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import pikepdf

from bundler.materials.pdf_objects import decode_name, walk_objects

_SPECIAL = frozenset({"All", "None"})
"""Names with a meaning of their own."""
_DIGITS = 8
_NAME, _ALTERNATE, _TINT = 1, 2, 3
"""Places in the array of a Separation space."""


def name_spot_colours(pages: list[Any]) -> bool:
    """Add to the name of each spot colour a digest of how it is computed; whether there was any.

    Screens compute a spot colour from its alternate space, and never look at its name.
    """
    found = {}
    seen: set[tuple[int, int]] = set()
    for part in walk_objects(pages):
        for value in part.values():
            for array in _separations(value, seen):
                found[array.objgen if array.objgen != (0, 0) else id(array)] = array
    known: dict[tuple[int, int], bytes] = {}
    for array in found.values():
        looks = _encode(array[_ALTERNATE], known) + _encode(array[_TINT], known)
        digest = hashlib.sha256(looks).hexdigest()[:_DIGITS]
        array[_NAME] = pikepdf.Name(f"/{decode_name(array[_NAME])}-{digest}")
    return bool(found)


def _separations(value: Any, seen: set[tuple[int, int]]) -> Iterator[Any]:  # noqa: ANN401 (a PDF object)
    """Yield the arrays of Separation spaces within a value that is no dictionary, of those not seen yet."""
    if not isinstance(value, pikepdf.Array) or value.objgen in seen:
        return
    if value.objgen != (0, 0):
        seen.add(value.objgen)
    is_space = len(value) > _TINT and isinstance(value[0], pikepdf.Name) and value[0] == "/Separation"
    if is_space and isinstance(value[_NAME], pikepdf.Name) and decode_name(value[_NAME]) not in _SPECIAL:
        yield value
        return
    for item in value:
        yield from _separations(item, seen)


def _encode(thing: Any, known: dict[tuple[int, int], bytes]) -> bytes:  # noqa: ANN401 (a PDF object, or the value of one)
    """Return an object as bytes that are the same for the same object in another place.

    Args:
        thing: the object.
        known: digests of objects that were encoded before, to which this adds; one that holds itself ends there.
    """
    if not isinstance(thing, pikepdf.Object):
        return repr(thing).encode()
    if thing.objgen == (0, 0):
        return _encode_direct(thing, known)
    if thing.objgen not in known:
        known[thing.objgen] = b"cycle"
        known[thing.objgen] = hashlib.sha256(_encode_direct(thing, known)).digest()
    return known[thing.objgen]


def _encode_direct(thing: Any, known: dict[tuple[int, int], bytes]) -> bytes:  # noqa: ANN401 (a PDF object)
    if isinstance(thing, pikepdf.Array):
        return b"[" + b" ".join(_encode(item, known) for item in thing) + b"]"
    if isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
        data = hashlib.sha256(thing.read_raw_bytes()).digest() if isinstance(thing, pikepdf.Stream) else b""
        entries = (key.encode() + _encode(thing[key], known) for key in sorted(thing.keys()) if key != "/Length")
        return b"<" + b" ".join(entries) + b">" + data
    return bytes(thing.unparse(resolved=True))
