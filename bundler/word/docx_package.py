"""Read the parts of a .docx package with limits, parse their XML without entities, and read numbers from it."""

from __future__ import annotations

import io
import math
import posixpath
import zipfile
import zlib
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import unquote

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
"""The namespace of WordprocessingML, in braces as lxml writes it."""
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
"""The namespace of content that is written in a newer and an older way."""
MAX_ENTRIES = 2000
MAX_PART_SIZE = 32 * 1024 * 1024
MAX_PICTURE_SIZE = 256 * 1024
MAX_TOTAL_SIZE = 128 * 1024 * 1024
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
MAX_CACHED_SIZE = 1024 * 1024
"""The tree of a larger part is not cached."""
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
"""The namespace in a file that Word saved in the strict form of ISO/IEC 29500; WPS writes none."""
_DOCUMENT_CONTENT_TYPE = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


class PackageError(Exception):
    """A Word file's package cannot be read: the rule, the message and the fix."""

    def __init__(self, rule: str, message: str, fix: str) -> None:
        super().__init__(rule)
        self.rule, self.message, self.fix = rule, message, fix


def _damaged() -> PackageError:
    return PackageError("FILE-DAMAGED", "已损坏，读不出来。", "请用 Word 打开后另存一份，再放入。")


def _too_large() -> PackageError:
    return PackageError("FILE-TOO-LARGE", "展开后过大。", "请删去不需要的图片，或者分成几个文件。")


def _ambiguous() -> PackageError:
    return PackageError(
        "FILE-DAMAGED", "里有同名的部分，不同软件会读出不同的内容。", "请用 Word 打开核对后另存一份，再放入。"
    )


def _comparable(name: str) -> str:
    """Return a part's name as Word compares it: without regard to case, and to how slashes are written."""
    return unquote(name).replace("\\", "/").lstrip("/").casefold()


def read_parts(data: bytes) -> dict[str, bytes]:
    """Read the XML parts and small pictures of a package, by name.

    Raises:
        PackageError: it is damaged, too large, or not a .docx (for example one with macros).
    """
    return dict(_read_cached(data) if len(data) <= MAX_CACHED_SIZE else _read_parts(data))


def _read_parts(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            names = [entry.filename for entry in entries]
            if len(names) != len({_comparable(name) for name in names}):
                raise _ambiguous()
            if len(entries) > MAX_ENTRIES or any(entry.file_size > MAX_PART_SIZE for entry in entries):
                raise _too_large()
            if sum(entry.file_size for entry in entries) > MAX_TOTAL_SIZE:
                raise _too_large()
            parts = {entry.filename: archive.read(entry) for entry in entries if _is_needed(entry)}
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError, RuntimeError, zlib.error):
        raise _damaged() from None
    main = part_targets(parts, "", "officeDocument")
    if any(_comparable(target) != "word/document.xml" for target in main.values()):
        raise PackageError("FILE-DAMAGED", "的正文不在通常的位置。", "请用 Word 打开后另存一份，再放入。")
    if _DOCUMENT_CONTENT_TYPE not in parts.get("[Content_Types].xml", b""):
        raise PackageError("FILE-TYPE", "不是普通的 Word 文档（可能带宏）。", "请另存为 .docx（不带宏）。")
    if any(_STRICT in part for part in parts.values()):
        text = "是“Strict Open XML 文档”，排版读不了。"
        raise PackageError("FILE-TYPE", text, "请在 Word 里另存为，类型选“Word 文档（*.docx）”，再放入。")
    return parts


_read_cached = lru_cache(maxsize=2)(_read_parts)
"""A file is checked, measured and then read."""


def _is_needed(entry: zipfile.ZipInfo) -> bool:
    """Whether a part is XML, or a picture small enough for a header."""
    if entry.filename.endswith(".png"):
        return entry.file_size <= MAX_PICTURE_SIZE
    return entry.filename.endswith((".xml", ".rels"))


def part_targets(parts: Mapping[str, bytes], name: str, *kinds: str) -> dict[str, str]:
    """Return the parts that a part refers to, by the id of the relationship.

    Args:
        parts: all parts.
        name: the part; empty for the package itself.
        kinds: the last words of the relationships' types that are wanted; all if none is given.

    Raises:
        PackageError: the relationships cannot be read.
    """
    folder, _, file = name.rpartition("/")
    rels = parts.get(f"{folder}/_rels/{file}.rels".lstrip("/"))
    if rels is None:
        return {}
    return {
        node.get("Id", ""): posixpath.normpath(posixpath.join("/", folder, node.get("Target", ""))).lstrip("/")
        for node in parse_part_cached(rels).iter(_RELATIONSHIP)
        if node.get("TargetMode") != "External" and (not kinds or node.get("Type", "").rpartition("/")[2] in kinds)
    }


def parse_part_cached(part: bytes) -> etree._Element:
    """As `parse_part`, for callers that do not change the tree: equal parts of many files share one tree.

    Raises:
        PackageError: it is not well-formed, or has a document type or an entity.
    """
    return _parse_cached(part) if len(part) <= MAX_CACHED_SIZE else parse_part(part)


def parse_part(part: bytes) -> etree._Element:
    """Parse a part into a new tree and return its root.

    Raises:
        PackageError: it is not well-formed, or has a document type or an entity.
    """
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise _damaged()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(part, parser)
    except etree.XMLSyntaxError as error:
        raise (_too_large() if "Resource limit" in str(error) or "too long" in str(error) else _damaged()) from None


_parse_cached = lru_cache(maxsize=32)(parse_part)


class NumberError(ValueError):
    """An attribute that should be a number is none; then the file is damaged."""


def to_number(text: str) -> float:
    """Return the number that an attribute gives.

    Raises:
        NumberError: it is none, or not finite.
    """
    try:
        number = float(text)
    except ValueError:
        raise NumberError from None
    if not math.isfinite(number):
        raise NumberError
    return number


def to_integer(text: str) -> int:
    """Return the whole number that an attribute gives, without the fraction that some programs write.

    Raises:
        NumberError: it is no number, or not finite.
    """
    return int(to_number(text))
