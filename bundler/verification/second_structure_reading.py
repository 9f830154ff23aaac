"""Read the structure of a PDF with pypdf, which shares no code with pikepdf."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from io import BufferedReader
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from bundler.digest import sha256_of
from bundler.verification.structure_reading import MAX_ENTRIES, OutlineItem, Structure


def read_structure_again(file: BufferedReader) -> Structure | None:
    """Read the structure of a file with pypdf; None where it cannot."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)
    file.seek(0)
    try:
        return _read(PdfReader(file))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 (whatever a library raises over a broken file)
        return None


def _read(reader: PdfReader) -> Structure:
    numbers = tuple(page.indirect_reference.idnum if page.indirect_reference else 0 for page in reader.pages)
    indices = {number: index for index, number in enumerate(numbers)}
    return Structure(
        pages=numbers,
        labels=tuple(reader.page_labels),
        outline=tuple(_outline(reader, indices)),
        embedded=tuple(sorted((name, sha256_of(data)) for name, held in reader.attachments.items() for data in held)),
        annotations=tuple(tuple(_annotations(page, indices)) for page in reader.pages),
    )


def _outline(reader: PdfReader, indices: dict[int, int]) -> Iterator[OutlineItem]:
    """The entries of the outline, up to `MAX_ENTRIES`; a loop is left."""
    outlines = _resolved(reader.root_object.get("/Outlines"))
    if not isinstance(outlines, DictionaryObject):
        return
    seen: set[int] = set()
    stack = [(outlines.raw_get("/First"), 0)] if "/First" in outlines else []
    while stack and len(seen) < MAX_ENTRIES:
        reference, level = stack.pop()
        number = reference.idnum if isinstance(reference, IndirectObject) else 0
        if number in seen:
            continue
        seen.add(number)
        entry = _resolved(reference)
        if "/Next" in entry:
            stack.append((entry.raw_get("/Next"), level))
        has_children = "/First" in entry
        if has_children:
            stack.append((entry.raw_get("/First"), level + 1))
        yield OutlineItem(level, str(entry.get("/Title", "")), _page_of(entry.get("/Dest"), indices), has_children)


def _annotations(page: DictionaryObject, indices: dict[int, int]) -> Iterator[tuple[str, int | None]]:
    for reference in _resolved(page.get("/Annots")) or ():
        annotation = _resolved(reference)
        yield str(annotation.get("/Subtype", "")), _page_of(annotation.get("/Dest"), indices)


def _resolved(thing: Any) -> Any:  # noqa: ANN401 (a PDF object)
    return thing.get_object() if isinstance(thing, IndirectObject) else thing


def _page_of(destination: Any, indices: dict[int, int]) -> int | None:  # noqa: ANN401 (a PDF object)
    """The index of the page to which a destination leads."""
    array = _resolved(destination)
    if not isinstance(array, ArrayObject) or not array:
        return None
    first = list.__getitem__(array, 0)
    return indices.get(first.idnum) if isinstance(first, IndirectObject) else None
