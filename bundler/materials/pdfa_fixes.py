"""Make a foreign PDF fit for an archive without changing what is seen: flatten annotations, remove active parts, fix what PDF/A forbids."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf

from bundler.file_record import Change, FileProblem
from bundler.materials.annotations import (
    LostAnnotationError,
    find_pages_without_appearance,
    flatten_annotations,
    remove_annotations,
)
from bundler.materials.pdf_objects import name_bytes, walk_objects

_ACTING = (
    *("/AA", "/A", "/PieceInfo", "/Metadata", "/LastModified", "/StructParents", "/StructParent", "/AF", "/Thumb"),
    *(
        "/B",
        "/Tabs",
        "/TemplateInstantiated",
        "/PresSteps",
        "/Trans",
        "/Dur",
        "/VP",
        "/DPart",
        "/SeparationInfo",
        "/ID",
    ),
)
"""Keys of a page that act or point elsewhere, and draw nothing."""
_NEEDLESS: dict[str, tuple[str, ...]] = {
    "/Image": ("/Alternates", "/OPI", "/Metadata", "/StructParent", "/ID", "/Measure", "/PtData", "/AF"),
    "/Form": (
        *("/OPI", "/Ref", "/PS", "/Subtype2", "/Metadata", "/PieceInfo", "/LastModified", "/AF", "/Measure", "/PtData"),
        *("/StructParent", "/StructParents"),
    ),
}
_SUBSET_LISTS = ("/CIDSet", "/CharSet")
"""Lists of a font's glyphs: not needed, and wrong in many files."""
_HALFTONES = ("/HT", "/HTP", "/HTO", "/BG", "/UCR", "/BG2", "/UCR2", "/TK")
"""For printing plates only."""
_INTENTS = frozenset({"/RelativeColorimetric", "/AbsoluteColorimetric", "/Perceptual", "/Saturation"})
_INK_OPERATORS = re.compile(rb"[\d.]\s+[kK]\s|/(?:Device)?CMYK\b")
_MOST_INTEGER = 2**31 - 1
_INKS = frozenset({"/DeviceCMYK", "/CMYK"})
_INK_NAMES = frozenset({b"DeviceCMYK", b"CMYK"})


class OutOfRangeError(Exception):
    """A number that an archive may not have."""


class TransferCurveError(Exception):
    """A page's colours go through a curve for printing plates, which an archive may not keep."""


@dataclass(frozen=True, slots=True)
class PdfaFixes:
    """Whether inks were given a profile, and whether anything at all was mended."""

    inks: bool
    anything: bool


def apply_pdfa_fixes(pdf: pikepdf.Pdf) -> PdfaFixes:
    """Take off what draws nothing, and give inks a profile.

    Raises:
        TransferCurveError: a curve changes the colours.
    """
    pages = [page.obj for page in pdf.pages]
    for page in pages:
        _drop(page, _ACTING)
    inks = anything = False
    for part in walk_objects(pages):
        if any(_is_too_large(one) for one in _values(part)):
            raise OutOfRangeError
        anything = _mend_part(part) or anything
        inks = inks or _has_inks(part)
    if inks:
        profile = _profile(pdf)
        for part in list(walk_objects(pages)):
            _give_profile(part, profile)
    return PdfaFixes(inks, anything or inks)


def _mend_part(part: Any) -> bool:  # noqa: ANN401 (a PDF object)
    kind = str(part.get("/Subtype", ""))
    needless = _NEEDLESS.get(kind, ())
    if kind == "/Image" and part.get("/Interpolate", False):
        needless += ("/Interpolate",)
    if "/FontName" in part or part.get("/Type") == "/FontDescriptor":
        needless += _SUBSET_LISTS
    needless += tuple(key for key in ("/RI", "/Intent") if key in part and str(part[key]) not in _INTENTS)
    return _drop(part, needless + _plates(part))


def _plates(part: Any) -> tuple[str, ...]:  # noqa: ANN401 (a PDF object)
    """The keys of a graphics state that are for printing plates; none may change the colours."""
    if isinstance(part, pikepdf.Stream) or str(part.get("/Type", "/ExtGState")) != "/ExtGState":
        return ()
    curves = [key for key in ("/TR", "/TR2") if key in part]
    if any(str(part[key]) not in {"/Identity", "/Default"} for key in curves):
        raise TransferCurveError
    return (*curves, *_HALFTONES)


def _drop(part: Any, keys: tuple[str, ...]) -> bool:  # noqa: ANN401 (a PDF object)
    """Take keys away; whether there were any."""
    found = [key for key in keys if key in part]
    for key in found:
        del part[key]
    return bool(found)


def _has_inks(part: Any) -> bool:  # noqa: ANN401 (a PDF object)
    """Whether a part draws with the four inks of a printer and says no more about them."""
    if any(isinstance(value, pikepdf.Name) and name_bytes(value) in _INK_NAMES for value in _flat(part)):
        return True
    draws = isinstance(part, pikepdf.Stream) and (part.get("/Subtype") == "/Form" or "/PaintType" in part)
    if draws:
        return _INK_OPERATORS.search(part.read_bytes()) is not None
    if part.get("/Type") == "/Page" or "/Contents" in part:
        return _INK_OPERATORS.search(contents_of(part)) is not None
    if part.get("/Subtype") == "/Type3":
        glyphs = part.get("/CharProcs")
        return isinstance(glyphs, pikepdf.Dictionary) and any(
            _INK_OPERATORS.search(glyph.read_bytes()) for glyph in glyphs.values() if isinstance(glyph, pikepdf.Stream)
        )
    return False


def contents_of(page: Any) -> bytes:  # noqa: ANN401 (a PDF object)
    """A page's content, its streams one after another."""
    contents = page.get("/Contents")
    streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    return b"\n".join(stream.read_bytes() for stream in streams if isinstance(stream, pikepdf.Stream)) + b"\n"


def _values(part: Any) -> Iterator[object]:  # noqa: ANN401 (a PDF object)
    """What a part gives directly or in its own arrays."""
    for value in part.values():
        if isinstance(value, pikepdf.Array):
            yield from value
        yield value


def _is_too_large(value: object) -> bool:
    return isinstance(value, int) and abs(value) > _MOST_INTEGER


def _flat(part: Any) -> Iterator[Any]:  # noqa: ANN401 (a PDF object)
    """The names that a part gives directly or in its own arrays."""
    for value in part.values():
        yield from _names(value, 0)


def _names(value: Any, depth: int) -> Iterator[Any]:  # noqa: ANN401 (a PDF object)
    if isinstance(value, pikepdf.Name):
        yield value
    elif isinstance(value, pikepdf.Array) and depth < 4 and len(value) < 64:  # noqa: PLR2004 (colour spaces are small)
        for part in value:
            yield from _names(part, depth + 1)


@cache
def _profile_bytes() -> bytes:
    return Path(__file__).with_name("cmyk.icc").read_bytes()


def _profile(pdf: pikepdf.Pdf) -> Any:  # noqa: ANN401 (a PDF object)
    stream = pdf.make_stream(_profile_bytes(), N=4, Alternate=pikepdf.Name.DeviceCMYK)
    return pdf.make_indirect(pikepdf.Array([pikepdf.Name.ICCBased, stream]))


def _give_profile(part: Any, profile: Any) -> None:  # noqa: ANN401 (PDF objects)
    """Say in a part's resources which inks are meant; its transparency group says it itself."""
    draws = str(part.get("/Subtype", "")) in {"/Form", "/Type3"} or "/PaintType" in part or "/Contents" in part
    if draws:
        if not isinstance(part.get("/Resources"), pikepdf.Dictionary):
            part.Resources = pikepdf.Dictionary()
        spaces = part.Resources.get("/ColorSpace")
        if not isinstance(spaces, pikepdf.Dictionary):
            part.Resources.ColorSpace = spaces = pikepdf.Dictionary()
        spaces["/DefaultCMYK"] = profile
    for key in ("/CS", "/ColorSpace"):
        if key in part and str(part[key]) in _INKS:
            part[key] = profile


_AGAIN = "请用阅读器“打印为 PDF”，或者打印后扫描。"


@dataclass
class CleaningResult:
    """What was done to a file, and what stands against binding it.

    Attributes:
        changes: in Chinese, for the record.
        problems: what cannot be kept.
        bare: pages on which viewers draw something that has no appearance of its own; only a picture keeps it.
        lost: pages on which something is seen that nothing keeps.
        drawn: pages into which something was drawn.
        touched: whether the file must be cleaned again before it is bound.
    """

    changes: list[Change] = field(default_factory=list)
    problems: list[FileProblem] = field(default_factory=list)
    bare: list[int] = field(default_factory=list)
    lost: set[int] = field(default_factory=set)
    drawn: frozenset[int] = frozenset()
    touched: bool = False


def clean_pdf(pdf: pikepdf.Pdf) -> CleaningResult:
    """Clean a file that was opened, in place."""
    cleaning = CleaningResult(changes=list(_taken_off(pdf)))
    cleaning.touched = pdf.is_encrypted or bool(cleaning.changes) or any("/Annots" in page for page in pdf.pages)
    try:
        drawn = flatten_annotations(pdf)
        cleaning.bare = find_pages_without_appearance(pdf)
        mended = apply_pdfa_fixes(pdf)
    except LostAnnotationError as error:
        kind, page = error.args
        message = f"上的“{kind}”内容没有可用的外观，装订后会丢失。"
        cleaning.problems.append(FileProblem("FILE-DAMAGED", message, _AGAIN, (page,)))
        cleaning.lost.add(page)
        return cleaning
    except OutOfRangeError:
        cleaning.problems.append(FileProblem("FILE-DAMAGED", "有超出归档格式范围的数值。", _AGAIN))
        return cleaning
    except TransferCurveError:
        message = "用了制版的颜色转换曲线，颜色不能按归档格式表示。"
        cleaning.problems.append(FileProblem("FILE-COLOUR", message, _AGAIN))
        return cleaning
    kinds = dict.fromkeys(drawn.values())
    cleaning.changes += [
        Change(f"{kind}按所见固定在页面上", tuple(n for n, one in drawn.items() if one == kind)) for kind in kinds
    ]
    cleaning.touched = cleaning.touched or mended.anything
    if mended.inks:
        cleaning.changes.append(Change("为印刷四色补充了颜色特性文件，像素未改"))
    cleaning.drawn = frozenset(drawn)
    return cleaning


def strip_document(pdf: pikepdf.Pdf) -> None:
    """Take off what was kept only for a picture of its page, and all that hangs on the file and on no page."""
    for page in pdf.pages:
        remove_annotations(page)
    for key in list(pdf.Root.keys()):
        if key not in {"/Type", "/Pages"}:
            del pdf.Root[key]


def clean_pdf_bytes(data: bytes, pictured: Collection[int] = ()) -> bytes:
    """The bytes of a file, cleaned; some pages, from 1, made pictures of themselves."""
    from bundler.materials.rasterise import rasterise_pages

    with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as pdf:
        clean_pdf(pdf)
        if pictured:
            rasterise_pages(pdf, pictured)
        strip_document(pdf)
        target = io.BytesIO()
        pdf.save(target, static_id=True, encryption=False)
        return target.getvalue()


def _taken_off(pdf: pikepdf.Pdf) -> Iterator[Change]:
    """What acts, or lies hidden in the file."""
    root = pdf.Root
    names = root.get("/Names")
    listed = set(names.keys()) if isinstance(names, pikepdf.Dictionary) else set()
    if "/OpenAction" in root or "/AA" in root or "/JavaScript" in listed or any("/AA" in page for page in pdf.pages):
        yield Change("去除了脚本和自动动作")
    if "/EmbeddedFiles" in listed or "/AF" in root or "/Collection" in root:
        yield Change("去除了附在文件里的其他文件")
    if "/AcroForm" in root:
        yield Change("去除了表单，填写的内容按所见保留")
    linked = tuple(number for number, page in enumerate(pdf.pages, start=1) if _has_links(page))
    if linked:
        yield Change("去除了链接", linked)


def _has_links(page: pikepdf.Page) -> bool:
    listed = page.obj.get("/Annots")
    return isinstance(listed, pikepdf.Array) and any(
        isinstance(one, pikepdf.Dictionary) and one.get("/Subtype") == "/Link" for one in listed
    )
