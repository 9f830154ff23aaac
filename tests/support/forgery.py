"""Ways to forge a bundle so that every digest in it fits: what an attacker with this program's source can do."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.timestamps import TimeStamper

from bundler.bind.page_digest import PageDigester
from tests.support.certificate_authority import PASSPHRASE
from tests.support.tampering import edit_the_manifest

ANNOTATIONS: dict[str, dict[str, object]] = {
    "Highlight": {"/QuadPoints": [0, 842, 595, 842, 0, 0, 595, 0], "/C": [0, 0, 0]},
    "Line": {"/L": [0, 0, 595, 842], "/C": [1, 0, 0], "/BS": {"/W": 40}},
    "Ink": {"/InkList": [[0, 0, 300, 400, 595, 842]], "/C": [1, 0, 0], "/BS": {"/W": 40}},
    "Polygon": {"/Vertices": [0, 0, 595, 0, 595, 842], "/C": [1, 0, 0], "/IC": [1, 0, 0]},
    "FileAttachment": {},
}
"""Annotations that viewers draw without an appearance and with an empty rectangle, and one that carries a program."""


class _QuietWriter(IncrementalPdfFileWriter):
    """Appends what it is given, and renews neither the metadata nor the version, as the tool's own does."""

    def _update_meta(self) -> None:
        """Do nothing."""

    def ensure_output_version(self, version: tuple[int, int]) -> None:
        """Do nothing."""


def signed_by_a_stranger(bundle: Path, target: Path, p12: bytes, annotation: str = "", page: int = 0) -> Path:
    """Append a signature and, in the same update, an annotation that calls itself a signature field.

    Args:
        bundle: the bundle without a signature.
        target: the file to write.
        p12: the stranger's key.
        annotation: a key of `ANNOTATIONS`; empty for none.
        page: the page that gets it, from 0.
    """
    file = io.BytesIO(bundle.read_bytes())
    writer = _QuietWriter(file)
    if annotation:
        _add_annotation(writer, annotation, page)
    _sign(writer, p12)
    target.write_bytes(file.getvalue())
    return target


def signed_otherwise(bundle: Path, target: Path, p12: bytes, stamper: TimeStamper | None = None) -> Path:
    """Sign with a key that the tool may refuse, and with the time stamps of one's own choice."""
    file = io.BytesIO(bundle.read_bytes())
    _sign(_QuietWriter(file), p12, stamper)
    target.write_bytes(file.getvalue())
    return target


def _sign(writer: IncrementalPdfFileWriter, p12: bytes, stamper: TimeStamper | None = None) -> None:
    metadata = PdfSignatureMetadata(
        field_name="Signature1",
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    signer = SimpleSigner.load_pkcs12_data(p12, other_certs=[], passphrase=PASSPHRASE)
    PdfSigner(metadata, signer, timestamper=stamper).sign_pdf(writer, in_place=True)


def _add_annotation(writer: Any, annotation: str, page: int) -> None:  # noqa: ANN401 (pyHanko is half typed)
    entries = {"/Type": "/Annot", "/Subtype": f"/{annotation}", "/FT": "/Sig", "/Rect": [0, 0, 0, 0], "/F": 4}
    thing = _pdf_object({**entries, **ANNOTATIONS[annotation]})
    if annotation == "FileAttachment":
        stream = generic.StreamObject(
            stream_data=b"MZ program", dict_data={pdf_name("/Type"): pdf_name("/EmbeddedFile")}
        )
        spec = _pdf_object({"/Type": "/Filespec"})
        spec[pdf_name("/F")] = generic.TextStringObject("a.exe")
        spec[pdf_name("/EF")] = _dictionary({pdf_name("/F"): writer.add_object(stream)})
        thing[pdf_name("/FS")] = writer.add_object(spec)
    writer.register_annotation(writer.find_page_for_modification(page)[0], writer.add_object(thing))


def _pdf_object(value: object) -> Any:  # noqa: ANN401 (an object of a PDF)
    if isinstance(value, dict):
        return _dictionary({pdf_name(key): _pdf_object(one) for key, one in value.items()})
    if isinstance(value, list):
        return generic.ArrayObject([_pdf_object(one) for one in value])
    if isinstance(value, str):
        return pdf_name(value)
    return generic.NumberObject(value)  # type: ignore[no-untyped-call]


def _dictionary(entries: dict[Any, Any]) -> Any:  # noqa: ANN401 (an object of a PDF)
    return generic.DictionaryObject(entries)  # type: ignore[no-untyped-call]


def forge(
    bundle: Path,
    target: Path,
    change: Callable[[pikepdf.Pdf], None] = lambda _: None,
    edit: Callable[[dict[str, Any]], None] = lambda _: None,
    rewrite: Callable[[bytes], bytes] = lambda data: data,
) -> Path:
    """Change a bundle, and make its page digests, its manifest, its identifiers and its seal fit again.

    Args:
        bundle: the bundle.
        target: the file to write.
        change: changes the document.
        edit: changes the manifest, whose page digests are those of the changed pages already.
        rewrite: changes the written bytes, and not their number: for faults that pikepdf mends when it saves.
    """
    first = io.BytesIO()
    with pikepdf.open(bundle) as pdf:
        change(pdf)
        _save(pdf, first)
    second = io.BytesIO()
    with pikepdf.open(first) as pdf:
        digests = [PageDigester().digest(page) for page in pdf.pages]
        known: dict[str, str] = {}

        def fit(tree: dict[str, Any]) -> None:
            for page, digest in zip(tree["page_digests"], digests, strict=False):
                page["sha256"] = digest
            for one in tree["earlier"]:
                one["sha256"] = known[one["file"]]

        for one in json.loads(pdf.attachments["manifest.json"].get_file().read_bytes())["earlier"]:
            edit_the_manifest(pdf, fit, one["file"])
            known[one["file"]] = hashlib.sha256(pdf.attachments[one["file"]].get_file().read_bytes()).hexdigest()
        edit_the_manifest(pdf, fit)
        edit_the_manifest(pdf, edit)
        manifest = pdf.attachments["manifest.json"].get_file().read_bytes()
        _save(pdf, second)
    target.write_bytes(seal(rewrite(second.getvalue()), manifest))
    return target


def draw_block(pdf: pikepdf.Pdf, page: int) -> None:
    """Draw a black block on a page, counted from 0."""
    pdf.pages[page].contents_add(b"q 0 0 0 rg 100 400 200 60 re f Q")


def _save(pdf: pikepdf.Pdf, file: io.BytesIO) -> None:
    pdf.save(file, object_stream_mode=pikepdf.ObjectStreamMode.disable, static_id=True)
    file.seek(0)


def seal(data: bytes, manifest: bytes) -> bytes:
    """Give a file the identifiers of a bundle, as `docs/archive.md` says how."""
    first, blank = hashlib.sha256(manifest).hexdigest().encode(), b"0" * 64
    end = data.rindex(b"trailer <<")
    trailer = re.sub(rb"/ID \[.*?\]", b"", data[end:]).replace(b" >>", b" /ID [<" + first + b"><" + blank + b">] >>")
    whole = data[:end] + trailer
    return whole.replace(b"><" + blank, b"><" + hashlib.sha256(whole).hexdigest().encode())
