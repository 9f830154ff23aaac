"""The parts of a .docx, taken out of its zip with limits and parsed without entities."""

from __future__ import annotations

import io
import zipfile
import zlib
from functools import lru_cache

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
"""The namespace of WordprocessingML, in braces as lxml writes it."""
MAX_ENTRIES = 2000
MAX_PART = 32 * 1024 * 1024
MAX_PICTURE = 256 * 1024
MAX_TOTAL = 128 * 1024 * 1024
_SMALL = 1024 * 1024
"""A larger part's tree is not kept."""
_PLAIN = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


class PackageError(Exception):
    """A Word file that cannot be taken apart: the rule, and two sentences."""

    def __init__(self, rule: str, message: str, fix: str) -> None:
        super().__init__(rule)
        self.rule, self.message, self.fix = rule, message, fix


def _damaged() -> PackageError:
    return PackageError("FILE-DAMAGED", "已损坏，读不出来。", "请用 Word 打开后另存一份，再放入。")


def _too_large() -> PackageError:
    return PackageError("FILE-TOO-LARGE", "展开后过大。", "请删去不需要的图片，或者分成几个文件。")


def read_parts(data: bytes) -> dict[str, bytes]:
    """The parts by name.

    Raises:
        PackageError: broken, too large, or no plain Word document.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            names = [entry.filename for entry in entries]
            if len(names) != len(set(names)):
                raise _damaged()
            if len(entries) > MAX_ENTRIES or any(entry.file_size > MAX_PART for entry in entries):
                raise _too_large()
            if sum(entry.file_size for entry in entries) > MAX_TOTAL:
                raise _too_large()
            parts = {entry.filename: archive.read(entry) for entry in entries if _is_wanted(entry)}
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError, RuntimeError, zlib.error):
        raise _damaged() from None
    if _PLAIN not in parts.get("[Content_Types].xml", b""):
        raise PackageError("FILE-TYPE", "不是普通的 Word 文档（可能带宏）。", "请另存为 .docx（不带宏）。")
    return parts


def _is_wanted(entry: zipfile.ZipInfo) -> bool:
    """XML, and the small pictures that a header may hold."""
    if entry.filename.endswith(".png"):
        return entry.file_size <= MAX_PICTURE
    return entry.filename.endswith((".xml", ".rels"))


def parse_part_cached(part: bytes) -> etree._Element:
    """As `parse_part`, for whoever only reads: the parts that many files share, and those read twice, are parsed once.

    Raises:
        PackageError: it is no well-formed XML, or more than that.
    """
    return _kept(part) if len(part) <= _SMALL else parse_part(part)


def parse_part(part: bytes) -> etree._Element:
    """A part's root; a document type or an entity is damage.

    Raises:
        PackageError: it is no well-formed XML, or more than that.
    """
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise _damaged()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(part, parser)
    except etree.XMLSyntaxError as error:
        raise (_too_large() if "Resource limit" in str(error) or "too long" in str(error) else _damaged()) from None


_kept = lru_cache(maxsize=32)(parse_part)
