"""Mend what PDF/A forbids in the content streams of a PDF and in what they refer to, where nothing seen changes."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterator
from typing import Any

import pikepdf

from bundler.materials.pdf_filters import decode_stream, page_content
from bundler.materials.pdf_glyph_checks import program_stream
from bundler.materials.pdf_jpeg2000 import is_bare_codestream, wrap_codestream
from bundler.materials.pdf_objects import LIBRARY_ERRORS, decode_name, is_utf8, name_bytes, walk_objects
from bundler.materials.pdf_operators import UnfinishedContentError, parse_finished_operators

_HEX_STRING = re.compile(rb"(?<!<)<([0-9A-Fa-f\s]*)>")
_STATE = re.compile(rb"(?<![^\s\])>])[qQ](?![^\s/\[(<%])")
"""Where a graphics state seems to be saved or restored; a string may look like it."""
_DEVICE_SPACES = frozenset({"/DeviceGray", "/DeviceRGB", "/DeviceCMYK"})
_NAME = re.compile(rb"/[^\s()<>\[\]{}/%]+")
_PROPERTY_KEYS = frozenset({"/Type", "/Name", "/OCGs", "/P"})
"""Keys of a property list that say to which layer the marked content belongs; all others describe it."""


def mend_content(pdf: pikepdf.Pdf, pages: list[Any]) -> bool:
    """Write the content of pages anew that viewers read each in its own way once it is bound; whether there was any.

    That is a hexadecimal string with an odd number of digits, which readers complete with a zero, and a graphics state that is
    restored without having been saved, or never restored: some viewers draw nothing after it.
    """
    mended = [_mend_content(pdf, content) for content in list(_contents(pages))]
    return any(mended)


def finish_annotated_pages(pdf: pikepdf.Pdf, plain: Collection[int]) -> frozenset[int]:
    """Take from pages with annotations a last command that is unfinished: what is drawn after it would be part of it.

    Args:
        pdf: the file.
        plain: pages that need not be looked at, from 1.

    Returns:
        The pages that had one, from 1.
    """
    found = set()
    for number, page in enumerate(pdf.pages, start=1):
        if "/Annots" in page.obj and number not in plain:
            try:
                parse_finished_operators(page.obj)
            except UnfinishedContentError as error:
                page.obj.Contents = pdf.make_stream(pikepdf.unparse_content_stream(error.finished))
                found.add(number)
            except LIBRARY_ERRORS:
                continue  # the check of the content says what is wrong
    return frozenset(found)


def _contents(pages: list[Any]) -> Iterator[Any]:
    """Yield the pages, forms, patterns and glyphs below pages."""
    for part in walk_objects(pages):
        if "/Contents" in part and not isinstance(part, pikepdf.Stream):
            yield part
        elif isinstance(part, pikepdf.Stream):
            if str(part.get("/Subtype")) == "/Form" or "/PaintType" in part:
                yield part
        elif str(part.get("/Subtype")) == "/Type3" and isinstance(part.get("/CharProcs"), pikepdf.Dictionary):
            yield from (glyph for glyph in part.CharProcs.values() if isinstance(glyph, pikepdf.Stream))


def _mend_content(pdf: pikepdf.Pdf, owner: Any) -> bool:  # noqa: ANN401 (a PDF object)
    try:
        data = decode_stream(owner) if isinstance(owner, pikepdf.Stream) else page_content(owner)
        is_odd = any(len(b"".join(digits.split())) % 2 for digits in _HEX_STRING.findall(data))
        if not is_odd and _is_balanced(_STATE.findall(data)):
            return False
        instructions = list(parse_finished_operators(owner))
        if not is_odd and _is_balanced([str(one.operator).encode() for one in instructions]):
            return False
        anew = pikepdf.unparse_content_stream(list(_balanced(instructions)))
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError):
        return False  # the check of the content says what is wrong
    if isinstance(owner, pikepdf.Stream):
        owner.write(anew)
    else:
        owner.Contents = pdf.make_stream(anew)  # the old one may be another page's as well
    return True


def _is_balanced(operators: list[bytes]) -> bool:
    """Whether each graphics state that is saved is restored, and no other."""
    depth = 0
    for operator in operators:
        depth += (operator == b"q") - (operator == b"Q")
        if depth < 0:
            return False
    return depth == 0


def _balanced(instructions: list[Any]) -> Iterator[Any]:
    """Yield instructions without those that restore what was not saved, and restore at the end what was not restored."""
    depth = 0
    for instruction in instructions:
        operator = str(instruction.operator)
        if operator == "Q" and depth == 0:
            continue
        depth += (operator == "q") - (operator == "Q")
        yield instruction
    yield from [pikepdf.ContentStreamInstruction([], pikepdf.Operator("Q"))] * depth


def place_named_spaces(pages: list[Any]) -> bool:
    """Give images the colour space that they name in the resources of their page; whether there was any.

    Some viewers look it up there, others draw nothing.
    """
    found = False
    for owner in walk_objects(pages):
        resources: Any = owner.get("/Resources")
        if not isinstance(resources, pikepdf.Dictionary):
            continue
        spaces, drawn = resources.get("/ColorSpace"), resources.get("/XObject")
        if not isinstance(spaces, pikepdf.Dictionary) or not isinstance(drawn, pikepdf.Dictionary):
            continue
        for image in drawn.values():
            name = image.get("/ColorSpace") if isinstance(image, pikepdf.Stream) else None
            if isinstance(name, pikepdf.Name) and str(name) not in _DEVICE_SPACES and str(name) in spaces:
                image.ColorSpace = spaces[str(name)]
                found = True
    return found


def strip_property_lists(part: Any) -> bool:  # noqa: ANN401 (a PDF object)
    """Remove what property lists of marked content say besides the layer; whether there was anything."""
    resources = part.get("/Resources")
    listed = resources.get("/Properties") if isinstance(resources, pikepdf.Dictionary) else None
    if not isinstance(listed, pikepdf.Dictionary):
        return False
    stripped: dict[str, Any] = {}
    for name, properties in listed.items():
        if isinstance(properties, pikepdf.Dictionary) and not _PROPERTY_KEYS.issuperset(properties.keys()):
            if str(properties.get("/Type")) in {"/OCG", "/OCMD"}:
                for key in set(properties.keys()) - _PROPERTY_KEYS:
                    del properties[key]
                stripped[name] = properties
            else:  # a copy, since it may be a part of the file's structure besides, such as the page itself
                kept = {key: value for key, value in properties.items() if key in _PROPERTY_KEYS}
                stripped[name] = pikepdf.Dictionary(kept)
    if stripped:
        resources.Properties = pikepdf.Dictionary({**dict(listed.items()), **stripped})
    return bool(stripped)


def remove_metadata(part: Any) -> bool:  # noqa: ANN401 (a PDF object)
    """Remove the XMP packet of a part; whether it had one."""
    packet = part.get("/Metadata")
    if not isinstance(packet, pikepdf.Stream) or str(packet.get("/Type")) != "/Metadata":
        return False
    del part["/Metadata"]
    return True


def wrap_jpeg2000(image: Any) -> bool:  # noqa: ANN401 (a PDF object)
    """Put a bare JPEG 2000 codestream into a JP2 file; whether it was one that PDF/A then allows."""
    if not isinstance(image, pikepdf.Stream) or str(image.get("/Filter")) != "/JPXDecode":
        return False
    data = image.read_raw_bytes()
    wrapped = wrap_codestream(data) if is_bare_codestream(data) else None
    if wrapped is None:
        return False
    image.write(wrapped, filter=pikepdf.Name.JPXDecode)
    return True


def give_resources(pages: list[Any]) -> bool:
    """Give forms, patterns and Type 3 fonts without resources those of the content that uses them; whether there were any.

    Old programs leave them out and viewers look in the page. One that different contents use stays as it is.
    """
    wanting: dict[tuple[int, int], tuple[Any, list[Any]]] = {}
    for owner in (part for part in walk_objects(pages) if isinstance(part.get("/Resources"), pikepdf.Dictionary)):
        for part in _drawn_without_resources(owner.Resources):
            wanting.setdefault(part.objgen, (part, []))[1].append(owner.Resources)
    given = False
    for part, found in wanting.values():
        chosen = [_select_resources(part, resources) for resources in found]
        if all(one == chosen[0] for one in chosen):
            part.Resources = chosen[0]
            given = True
    return given


def _drawn_without_resources(resources: Any) -> Iterator[Any]:  # noqa: ANN401 (a PDF object)
    for kind in ("/XObject", "/Pattern", "/Font"):
        listed = resources.get(kind)
        for part in listed.values() if isinstance(listed, pikepdf.Dictionary) else ():
            if not isinstance(part, (pikepdf.Dictionary, pikepdf.Stream)) or "/Resources" in part:
                continue
            draws = isinstance(part, pikepdf.Stream) and str(part.get("/Subtype")) == "/Form"
            if part.objgen != (0, 0) and (draws or "/PaintType" in part or str(part.get("/Subtype")) == "/Type3"):
                yield part


def _select_resources(part: Any, resources: Any) -> pikepdf.Dictionary:  # noqa: ANN401 (PDF objects)
    """Return those resources that the content of a part names; all of them would include the part itself."""
    contents = [part] if isinstance(part, pikepdf.Stream) else part.get("/CharProcs", pikepdf.Dictionary()).values()
    with contextlib.suppress(pikepdf.PdfError, ValueError, RuntimeError):
        data = b"\n".join(decode_stream(one) for one in contents if isinstance(one, pikepdf.Stream))
        named = {name.decode("latin-1") for name in _NAME.findall(data)}
        chosen = pikepdf.Dictionary()
        for kind, listed in resources.items():
            if isinstance(listed, pikepdf.Dictionary):
                used = {key: listed[key] for key in listed.keys() if key in named}  # noqa: SIM118
                if used:
                    chosen[kind] = pikepdf.Dictionary(used)
        return chosen
    return pikepdf.Dictionary()


def state_glyph_map(font: Any) -> bool:  # noqa: ANN401 (a PDF object)
    """State the map from CIDs to glyphs that holds anyway where an embedded font states none that is valid; whether it did."""
    stated = font.get("/CIDToGIDMap")
    if str(font.get("/Subtype")) != "/CIDFontType2" or isinstance(stated, pikepdf.Stream) or stated == "/Identity":
        return False
    if program_stream(font.get("/FontDescriptor")) is None:
        return False
    font.CIDToGIDMap = pikepdf.Name.Identity
    return True


def name_opentype(descriptor: Any) -> bool:  # noqa: ANN401 (a PDF object)
    """Call an OpenType font program what it is, where its descriptor calls it bare CFF; whether it did."""
    program = descriptor.get("/FontFile3")
    if not isinstance(program, pikepdf.Stream) or str(program.get("/Subtype")) not in {"/Type1C", "/CIDFontType0C"}:
        return False
    with contextlib.suppress(pikepdf.PdfError, ValueError, RuntimeError):
        if decode_stream(program).startswith(b"OTTO"):
            program.Subtype = pikepdf.Name.OpenType
            return True
    return False


def spell_font_names(part: Any) -> bool:  # noqa: ANN401 (a PDF object)
    """Write the names of a font in UTF-8 where they are in GBK; whether one was."""
    found = [key for key in ("/BaseFont", "/FontName") if isinstance(part.get(key), pikepdf.Name)]
    odd = [key for key in found if not is_utf8(name_bytes(part[key]))]
    for key in odd:
        part[key] = pikepdf.Name("/" + decode_name(part[key]))
    return bool(odd)
