"""Embed files in a PDF/A-3, each listed by name and with its relationship to the document."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import pikepdf

JSON = "application/json"
"""Media type of manifests and cases."""


@dataclass(frozen=True, slots=True)
class EmbeddedFile:
    """A file to embed.

    Attributes:
        name: its file name.
        data: its bytes.
        media_type: such as ``application/json``.
        relationship: to the document, as PDF/A-3 names it: Data, Source, Supplement …
        description: in Chinese, for a viewer's list of attachments.
    """

    name: str
    data: bytes
    media_type: str
    relationship: str
    description: str


def embed_files(pdf: pikepdf.Pdf, files: Sequence[EmbeddedFile]) -> None:
    """Embed the files; files that were embedded before are removed."""
    specs = [(file.name, _file_specification(pdf, file)) for file in sorted(files, key=lambda file: file.name)]
    names = [part for name, spec in specs for part in (pikepdf.String(name), spec)]
    if "/Names" not in pdf.Root:
        pdf.Root.Names = pikepdf.Dictionary()
    pdf.Root.Names.EmbeddedFiles = pikepdf.Dictionary(Names=pikepdf.Array(names))
    pdf.Root.AF = pikepdf.Array([spec for _, spec in specs])


def _file_specification(pdf: pikepdf.Pdf, file: EmbeddedFile) -> pikepdf.Object:
    digest = hashlib.md5(file.data, usedforsecurity=False).digest()
    stream = pdf.make_stream(
        file.data,
        Type=pikepdf.Name.EmbeddedFile,
        Subtype=pikepdf.Name("/" + file.media_type),
        Params=pikepdf.Dictionary(Size=len(file.data), CheckSum=pikepdf.String(digest)),
    )
    return pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Filespec,
            F=pikepdf.String(file.name),
            UF=pikepdf.String(file.name),
            Desc=pikepdf.String(file.description),
            AFRelationship=pikepdf.Name("/" + file.relationship),
            EF=pikepdf.Dictionary(F=stream, UF=stream),
        )
    )
