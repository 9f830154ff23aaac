"""Decide whether what was appended to a sealed bundle is one invisible signature and nothing else.

A signature of any program may follow the seal, and anyone can sign what he appends. So the signed file is compared with the
sealed one object by object: every object must be unchanged, except the catalogue and the page that holds the signature's
field, which gain the entries that a signature needs; three objects are new, and have no entries but those. An annotation of another kind does not count, whatever its field type.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pikepdf

from bundler.bind.page_digest import is_signature_widget
from bundler.digest import sha256_of

_CATALOGUE_ENTRIES = frozenset({"/AcroForm", "/Perms", "/Extensions"})
_FORM_ENTRIES = frozenset({"/Fields", "/SigFlags"})
_VALUE_ENTRIES = frozenset(
    {"/Type", "/Filter", "/SubFilter", "/Contents", "/ByteRange", "/Reference", "/M", "/Prop_Build"}
)
_REFERENCE = {"/TransformMethod": "/DocMDP", "/Type": "/SigRef"}
_PERMISSION = {"/P": 1, "/Type": "/TransformParams", "/V": "/1.2"}
_EXTENSION = {"/BaseVersion": "/1.7", "/ExtensionLevel": 1, "/Type": "/DeveloperExtensions"}
"""What marks a PAdES signature in a PDF 1.7."""
_TRAILER_ENTRIES = frozenset({"/ID", "/Info", "/Prev", "/Root", "/Size"})
_NEW_OBJECTS = 3
"""The form, its field, and the field's value."""


def only_adds_signature(sealed: pikepdf.Pdf, signed: pikepdf.Pdf) -> bool:
    """Whether a signed file is the sealed one with an invisible signature.

    Args:
        sealed: the file as it was sealed.
        signed: the same file with what was appended to it.

    Raises:
        pikepdf.PdfError: an object cannot be read.
        ValueError, TypeError, KeyError, AttributeError: an object is not what its place asks for.
    """
    root: Any = signed.Root
    form, page = root.get("/AcroForm"), root.AcroForm.Fields[0].P
    field, value = form.Fields[0], form.Fields[0].V
    return (
        root.objgen == sealed.Root.objgen
        and set(signed.trailer.keys()) <= _TRAILER_ENTRIES
        and signed.trailer.get("/Info", pikepdf.Dictionary()).objgen
        == sealed.trailer.get("/Info", pikepdf.Dictionary()).objgen
        and _new_objects(sealed, signed) == {form.objgen, field.objgen, value.objgen}
        and len({form.objgen, field.objgen, value.objgen}) == _NEW_OBJECTS
        and _are_signature_objects(root, form, field, value)
        and _is_unchanged_but(sealed, signed, root.objgen, _CATALOGUE_ENTRIES)
        and _holds_only(page, field, sealed.get_object(page.objgen))
        and _is_unchanged_but(sealed, signed, page.objgen, frozenset({"/Annots"}))
        and _others_are_unchanged(sealed, signed, {root.objgen, page.objgen})
    )


def _new_objects(sealed: pikepdf.Pdf, signed: pikepdf.Pdf) -> set[tuple[int, int]]:
    return _ids(signed.objects) - _ids(sealed.objects)


def _ids(things: Iterable[Any]) -> set[tuple[int, int]]:
    return {thing.objgen for thing in things if isinstance(thing, pikepdf.Object)}


def _are_signature_objects(root: Any, form: Any, field: Any, value: Any) -> bool:  # noqa: ANN401 (PDF objects)
    """Whether the objects of the signature have the entries of a signature and no others."""
    reference = value.Reference[0]
    return (
        set(form.keys()) == _FORM_ENTRIES
        and len(form.Fields) == 1
        and is_signature_widget(field)
        and set(value.keys()) <= _VALUE_ENTRIES
        and str(value.Type) == "/Sig"
        and _is_note(value.get("/Prop_Build"))
        and len(value.Reference) == 1
        and set(reference.keys()) == {*_REFERENCE, "/TransformParams"}
        and _has(reference, _REFERENCE)
        and set(reference.TransformParams.keys()) == set(_PERMISSION)
        and _has(reference.TransformParams, _PERMISSION)
        and list(root.Perms.keys()) == ["/DocMDP"]
        and root.Perms.DocMDP.objgen == value.objgen
        and list(root.Extensions.keys()) == ["/ESIC"]
        and set(root.Extensions.ESIC.keys()) == set(_EXTENSION)
        and _has(root.Extensions.ESIC, _EXTENSION)
    )


def _is_note(note: Any) -> bool:  # noqa: ANN401 (a PDF object)
    """Whether the note of the container (`bundler.signature.signed_container_note`) is one, or there is none."""
    return note is None or (list(note.keys()) == ["/App"] and set(note.App.keys()) == {"/Name", "/REx"})


def _has(entries: Any, expected: Mapping[str, object]) -> bool:  # noqa: ANN401 (a PDF object)
    return all(entries.get(key) == value for key, value in expected.items())


def _holds_only(page: Any, field: Any, before: Any) -> bool:  # noqa: ANN401 (PDF objects)
    """Whether a page's annotations are those that it had, and the signature's field."""
    annotations = [one.objgen for one in page.Annots]
    return annotations == [*(one.objgen for one in before.get("/Annots", [])), field.objgen]


def _is_unchanged_but(sealed: pikepdf.Pdf, signed: pikepdf.Pdf, number: tuple[int, int], free: frozenset[str]) -> bool:
    """Whether a dictionary has the entries that it had, besides those that are free."""
    before, after = _entries(sealed.get_object(number), free), _entries(signed.get_object(number), free)
    return before == after


def _entries(thing: Any, free: frozenset[str] = frozenset()) -> dict[str, object]:  # noqa: ANN401 (a PDF object)
    """The entries of a dictionary as they are written: a reference as its number, not as what it leads to."""
    values = {key: thing[key] for key in thing.keys() if key not in free}  # noqa: SIM118 (it iterates otherwise)
    return {key: one.unparse() if isinstance(one, pikepdf.Object) else one for key, one in values.items()}


def _others_are_unchanged(sealed: pikepdf.Pdf, signed: pikepdf.Pdf, changed: set[tuple[int, int]]) -> bool:
    """Whether all objects but some have the same entries and the same bytes."""
    numbers = _ids(sealed.objects) - changed
    return all(_is_same(sealed.get_object(number), signed.get_object(number)) for number in numbers)


def _is_same(before: Any, after: Any) -> bool:  # noqa: ANN401 (PDF objects)
    if isinstance(before, pikepdf.Stream):
        return (
            isinstance(after, pikepdf.Stream)
            and _entries(before) == _entries(after)
            and sha256_of(before.read_raw_bytes()) == sha256_of(after.read_raw_bytes())
        )
    return bool(before.unparse(resolved=True) == after.unparse(resolved=True))
