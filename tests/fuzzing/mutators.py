"""Change JSON, XML and PDF by their structure: most changes of single bytes only make a file that does not parse."""

from __future__ import annotations

import copy
import io
import json
import random
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import pikepdf
from lxml import etree

from bundler.materials.pdf_objects import LIBRARY_ERRORS
from tests.fuzzing.zip_parts import flatten_parts, split_parts

Mutator = Callable[[bytes, random.Random], bytes]
MAX_CHANGES = 4
_MAX_DEPTH = 12
_TEXTS = (
    *("", " ", "\n", "0", "1", "-1", "99999999999", "2147483648", "1.5", "NaN", "1e999", "true", "off", "none", "auto"),
    *("甲", "甲某某", "待填", "\u200b", "\u2028", "\u202e", "\ue000", "\ud7ff", "𠅤", "（2020）鲁0117执9001号", "９９"),
    *("2021-02-30", "0001-01-01", "9999-12-31", "1-", "3-1", "../x", "a/b", "一、", "%1", "%9.", "FF0000", "A1:B999"),
)


def mutate_json(corpus: Sequence[bytes]) -> Mutator:
    """Return a mutator of JSON texts, which also puts in pieces of other ones."""
    trees = [json.loads(data) for data in corpus]
    pieces = [node for tree in trees for node in _json_nodes(tree)]
    keys = sorted({key for node in pieces if isinstance(node, dict) for key in node})

    def mutate(data: bytes, chance: random.Random) -> bytes:
        try:
            tree = json.loads(data)
        except (ValueError, RecursionError):
            tree = copy.deepcopy(chance.choice(trees))
        for _ in range(chance.randint(1, MAX_CHANGES)):
            holders = [node for node in _json_nodes(tree) if isinstance(node, dict | list) and node]
            if not holders:
                break
            _change_json(chance.choice(holders), pieces, keys, chance)
        return json.dumps(tree, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")

    return mutate


def _json_nodes(node: Any) -> Iterator[Any]:  # noqa: ANN401 (JSON)
    yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _json_nodes(child)


def _change_json(holder: Any, pieces: list[Any], keys: list[str], chance: random.Random) -> None:  # noqa: ANN401 (JSON)
    """Change one entry of an object or a list."""
    place = chance.choice(list(holder)) if isinstance(holder, dict) else chance.randrange(len(holder))
    way = chance.randrange(5)
    if way == 0:
        del holder[place]
    elif way == 1 and isinstance(holder, dict):
        holder[chance.choice(keys)] = copy.deepcopy(chance.choice(pieces))
    elif way == 1:
        holder.insert(place, copy.deepcopy(chance.choice(holder)))
    elif way == 2:
        holder[place] = copy.deepcopy(chance.choice(pieces))
    else:
        number = chance.choice((0, 1, -1, 7, 2**31, 10**14, 10**19, 0.5))
        holder[place] = chance.choice((None, True, False, number, chance.choice(_TEXTS), [], {}))


def mutate_xml_parts(corpus: Sequence[bytes]) -> Mutator:
    """Return a mutator of flattened zips, which also grafts elements of other ones."""
    pieces = [
        node
        for data in corpus
        for content in split_parts(data).values()
        if (root := _parsed(content)) is not None
        for node in root.iter(etree.Element)
    ]
    values = sorted({value for node in pieces for value in node.attrib.values()} | set(_TEXTS))

    def mutate(data: bytes, chance: random.Random) -> bytes:
        parts = split_parts(data)
        names = [name for name in parts if name.endswith((".xml", ".rels"))]
        root = _parsed(parts[name := chance.choice(names)]) if names else None
        if root is None:
            return data
        for _ in range(chance.randint(1, MAX_CHANGES)):
            _change_xml(chance.choice(list(root.iter(etree.Element))), pieces, values, chance)
        parts[name] = etree.tostring(root)
        return flatten_parts(parts)

    return mutate


def _parsed(content: bytes) -> Any:  # noqa: ANN401 (an lxml element; None for what is not well-formed)
    try:
        return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return None


def _change_xml(node: Any, pieces: list[Any], values: list[str], chance: random.Random) -> None:  # noqa: ANN401 (an lxml element)
    parent, way = node.getparent(), chance.randrange(7)
    if way == 0 and parent is not None:
        parent.remove(node)
    elif way == 1 and parent is not None:
        parent.insert(parent.index(node), copy.deepcopy(node))
    elif way in {2, 3} and node.attrib:
        node.set(chance.choice(list(node.attrib)), _xml_text(chance.choice(values)))
    elif way == 4 and node.attrib:
        del node.attrib[chance.choice(list(node.attrib))]
    elif way == 5:
        node.text = _xml_text(chance.choice(values))
    else:
        node.insert(chance.randint(0, len(node)), copy.deepcopy(chance.choice(pieces)))


def _xml_text(text: str) -> str:
    return "".join(letter for letter in text if letter >= " " or letter in "\t\n\r")


def mutate_pdf(corpus: Sequence[bytes]) -> Mutator:
    """Return a mutator of PDFs, which also puts in values of other ones."""
    pool = [(key, value) for data in corpus for key, value in _pdf_entries(data)]

    def mutate(data: bytes, chance: random.Random) -> bytes:
        try:
            with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as pdf:
                objects = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary | pikepdf.Stream)]
                for _ in range(chance.randint(1, MAX_CHANGES)):
                    _change_pdf(pdf, chance.choice(objects), pool, chance)
                target = io.BytesIO()
                pdf.save(target, static_id=True, compress_streams=False, fix_metadata_version=False)
                return target.getvalue()
        except (*LIBRARY_ERRORS, NotImplementedError):
            return data

    return mutate


def _pdf_entries(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the keys of dictionaries with their values as they are written, where these refer to no other object."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for one in pdf.objects:
            if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
                for key in sorted(one.keys()):
                    value = one.get(key)
                    written = value.unparse() if isinstance(value, pikepdf.Object) else str(value).encode()
                    if key != "/Length" and b" R" not in written and not isinstance(value, bool):
                        yield key, written


def _change_pdf(pdf: pikepdf.Pdf, holder: Any, pool: list[tuple[str, bytes]], chance: random.Random) -> None:  # noqa: ANN401
    """Change an entry of a dictionary, in it or in one within it, or a stream's data."""
    for _ in range(chance.randrange(_MAX_DEPTH)):
        inside = [value for value in _children(holder) if isinstance(value, pikepdf.Dictionary | pikepdf.Array)]
        if not inside:
            break
        holder = chance.choice(inside)
    way = chance.randrange(8)
    if way == 0 and isinstance(holder, pikepdf.Stream):
        data = holder.read_bytes().split()
        for _ in range(chance.randint(1, MAX_CHANGES) if data else 0):
            data[chance.randrange(len(data))] = chance.choice((*data, b"q", b"Q", b"0", b"-99999999999", b"/X", b"Do"))
        holder.write(b" ".join(data))
        return
    if isinstance(holder, pikepdf.Array):
        if len(holder):
            holder[chance.randrange(len(holder))] = _pdf_value(pdf, pool, chance)
        return
    keys = [key for key in sorted(holder.keys()) if key != "/Length"]
    if way == 1 and keys:
        del holder[chance.choice(keys)]
    elif way in {2, 3} or not keys:
        key, written = chance.choice(pool)
        holder[key] = pikepdf.Object.parse(written)
    elif way == 4:
        key = chance.choice(keys)
        holder[key] = pdf.make_indirect(holder[key])
    else:
        holder[chance.choice(keys)] = _pdf_value(pdf, pool, chance)


def _children(holder: Any) -> list[Any]:  # noqa: ANN401 (a PDF object)
    if isinstance(holder, pikepdf.Array):
        return list(holder)
    return [holder.get(key) for key in sorted(holder.keys())]


def _pdf_value(pdf: pikepdf.Pdf, pool: list[tuple[str, bytes]], chance: random.Random) -> Any:  # noqa: ANN401
    way = chance.randrange(4)
    if way == 0:
        return chance.choice((0, 1, -1, 8, 255, 2**31, -(2**40), Decimal("0.5"), Decimal("1e-40"), True, False))
    if way == 1:
        return chance.choice(list(pdf.objects))
    if way == 2:
        return chance.choice(
            (pikepdf.Name("/X"), pikepdf.String("\u200b"), pikepdf.Array(), pikepdf.Dictionary(), pikepdf.Array([0, 0]))
        )
    return pikepdf.Object.parse(chance.choice(pool)[1])
