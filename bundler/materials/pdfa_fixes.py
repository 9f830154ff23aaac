"""Make a foreign PDF fit for PDF/A without changing what is seen.

Annotations are flattened, actions and other active parts are removed, and what PDF/A forbids is removed or, as for
CMYK without a profile, completed. Each change that a reader should know of is recorded in Chinese.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf

from bundler.file_inspection_record import Change, FileProblem
from bundler.materials.annotation_visibility import LostAnnotationError
from bundler.materials.detect_interpolated_images import smoothed_images
from bundler.materials.flatten_annotations import (
    find_pages_without_appearance,
    flatten_annotations,
    remove_annotations,
)
from bundler.materials.mend_page_boxes import mend_boxes
from bundler.materials.pdf_cmyk import give_cmyk_profile
from bundler.materials.pdf_filters import normalise_filters
from bundler.materials.pdf_objects import (
    MAX_NAME,
    MAX_STRING,
    RENDERING_INTENTS,
    is_number_out_of_range,
    name_bytes,
    walk_objects,
)
from bundler.materials.pdf_spot_colour_names import name_spot_colours
from bundler.materials.pdfa_content_fixes import (
    finish_annotated_pages,
    give_resources,
    mend_content,
    name_opentype,
    place_named_spaces,
    remove_metadata,
    spell_font_names,
    state_glyph_map,
    strip_property_lists,
    wrap_jpeg2000,
)

_PAGE_KEYS = (
    *("/AA", "/A", "/PieceInfo", "/Metadata", "/LastModified", "/StructParents", "/StructParent", "/AF", "/Thumb"),
    *("/B", "/Tabs", "/TemplateInstantiated", "/PresSteps", "/Trans", "/Dur", "/VP", "/DPart", "/SeparationInfo"),
    "/ID",
)
"""Keys of a page that start actions or refer to other objects, and draw nothing."""
_XOBJECT_KEYS: dict[str, tuple[str, ...]] = {
    "/Image": ("/Alternates", "/OPI", "/Metadata", "/StructParent", "/ID", "/Measure", "/PtData", "/AF"),
    "/Form": (
        *("/OPI", "/Ref", "/PS", "/Subtype2", "/Metadata", "/PieceInfo", "/LastModified", "/AF", "/Measure", "/PtData"),
        *("/StructParent", "/StructParents"),
    ),
}
"""Keys of images and forms that draw nothing."""
_SUBSET_LISTS = ("/CIDSet", "/CharSet")
"""Lists of a font's glyphs: optional, and wrong in many files."""
_HALFTONE_KEYS = ("/HT", "/HTP", "/HTO", "/BG", "/UCR", "/BG2", "/UCR2", "/TK")
"""Keys of a graphics state that only printing plates need."""
_PRINT_AGAIN = "请用阅读器“打印为 PDF”，或者打印后扫描。"


class OutOfRangeError(Exception):
    """The file has a number, a name or a string beyond the range that PDF/A allows."""


class TransferCurveError(Exception):
    """A transfer curve for printing plates changes the colours; PDF/A does not allow it."""


@dataclass
class CleaningResult:
    """What cleaning changed in a file, and what forbids binding it; pages count from 1.

    Attributes:
        changes: in Chinese, for the record.
        problems: what cannot be kept.
        bare: pages on which viewers draw an annotation without an appearance stream; only an image of the page keeps it.
        lost: pages with an annotation that nothing keeps.
        drawn: pages into which an annotation was drawn.
        unfinished: pages with annotations of which an unfinished command was left out.
        touched: the file must be cleaned again before it is bound.
    """

    changes: list[Change] = field(default_factory=list)
    problems: list[FileProblem] = field(default_factory=list)
    bare: list[int] = field(default_factory=list)
    lost: set[int] = field(default_factory=set)
    drawn: frozenset[int] = frozenset()
    unfinished: frozenset[int] = frozenset()
    touched: bool = False


def clean_pdf(pdf: pikepdf.Pdf, plain: Collection[int] = ()) -> CleaningResult:
    """Flatten annotations and apply the PDF/A fixes to an open file, in place.

    What hangs on the document as a whole, such as scripts and forms, stays until `strip_document`.

    Args:
        pdf: the file.
        plain: the pages that `find_plain_scans` found in it: they have nothing to fix but boxes and compression.
    """
    result = CleaningResult(changes=list(_list_removals(pdf)))
    others = [page.obj for number, page in enumerate(pdf.pages, start=1) if number not in plain]
    result.touched = pdf.is_encrypted or bool(result.changes) or any("/Annots" in page for page in others)
    result.unfinished = finish_annotated_pages(pdf, plain)
    result.touched |= normalise_filters(pdf) | mend_boxes(pdf) | mend_content(pdf, others) | place_named_spaces(others)
    if not others and "/AcroForm" not in pdf.Root:
        return result
    try:
        drawn = flatten_annotations(pdf)
        result.bare = find_pages_without_appearance(pdf)
        fixes = apply_pdfa_fixes(pdf, others)
    except LostAnnotationError as error:
        kind, page = error.args
        message = f"上的“{kind}”内容没有可用的外观，装订后会丢失。"
        result.problems.append(FileProblem("FILE-DAMAGED", message, _PRINT_AGAIN, (page,)))
        result.lost.add(page)
        return result
    except OutOfRangeError:
        result.problems.append(FileProblem("FILE-DAMAGED", "有超出归档格式范围的数值、名称或者文字。", _PRINT_AGAIN))
        return result
    except TransferCurveError:
        message = "用了制版的颜色转换曲线，颜色不能按归档格式表示。"
        result.problems.append(FileProblem("FILE-COLOUR", message, _PRINT_AGAIN))
        return result
    result.changes += [
        Change(f"{kind}按所见固定在页面上", tuple(n for n, drawn_kind in drawn.items() if drawn_kind == kind))
        for kind in dict.fromkeys(drawn.values())
    ]
    result.touched = result.touched or fixes.anything
    if fixes.cmyk:
        result.changes.append(Change("为印刷四色补充了颜色特性文件，像素未改"))
    result.drawn = frozenset(drawn)
    return result


def strip_document(pdf: pikepdf.Pdf) -> None:
    """Remove the remaining annotations, and everything in the catalog except the pages."""
    for page in pdf.pages:
        remove_annotations(page)
    for key in list(pdf.Root.keys()):
        if key not in {"/Type", "/Pages"}:
            del pdf.Root[key]


def clean_pdf_bytes(data: bytes, pictured: Collection[int] = ()) -> bytes:
    """Return a file cleaned and stripped.

    Args:
        data: the file.
        pictured: the pages, from 1, to replace by images of themselves.
    """
    from bundler.materials.rasterise import rasterise_pages

    with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as pdf:
        smoothed = [image for number in pictured for image in smoothed_images(pdf.pages[number - 1])]
        clean_pdf(pdf)
        if pictured:
            if "/Metadata" in pdf.Root:  # saving, which rasterising needs, reads it, and it may be damaged
                del pdf.Root["/Metadata"]
            for image in smoothed:  # drawn as the file says, and then stored as PDF/A says
                image.Interpolate = True
            rasterise_pages(pdf, pictured)
            for image in smoothed:
                del image.Interpolate
        strip_document(pdf)
        target = io.BytesIO()
        pdf.save(target, static_id=True, encryption=False)
        return target.getvalue()


def _list_removals(pdf: pikepdf.Pdf) -> Iterator[Change]:
    """List the active and hidden parts of a file, all of which cleaning and stripping remove."""
    root = pdf.Root
    names = root.get("/Names")
    name_trees = set(names.keys()) if isinstance(names, pikepdf.Dictionary) else set()
    if (
        "/OpenAction" in root
        or "/AA" in root
        or "/JavaScript" in name_trees
        or any("/AA" in page for page in pdf.pages)
    ):
        yield Change("去除了脚本和自动动作")
    if "/EmbeddedFiles" in name_trees or "/AF" in root or "/Collection" in root:
        yield Change("去除了附在文件里的其他文件")
    if "/AcroForm" in root:
        yield Change("去除了表单，填写的内容按所见保留")
    linked = tuple(number for number, page in enumerate(pdf.pages, start=1) if _has_links(page))
    if linked:
        yield Change("去除了链接", linked)


def _has_links(page: pikepdf.Page) -> bool:
    listed = page.obj.get("/Annots")
    return isinstance(listed, pikepdf.Array) and any(
        isinstance(annotation, pikepdf.Dictionary) and annotation.get("/Subtype") == "/Link" for annotation in listed
    )


@dataclass(frozen=True, slots=True)
class PdfaFixes:
    """Whether CMYK colours were given a profile, and whether anything was fixed."""

    cmyk: bool
    anything: bool


def apply_pdfa_fixes(pdf: pikepdf.Pdf, pages: list[Any]) -> PdfaFixes:
    """Remove invisible content that PDF/A forbids, and give CMYK colours a profile.

    Args:
        pdf: the file.
        pages: those of its pages that may have such content.

    Raises:
        OutOfRangeError: a number, a name or a string is out of range.
        TransferCurveError: a curve changes the colours.
    """
    for page in pages:
        _remove_keys(page, _PAGE_KEYS)
    anything = give_resources(pages)
    for part in walk_objects(pages):
        if _has_value_out_of_range(part):
            raise OutOfRangeError
        anything = _fix_part(part) or anything
    anything = name_spot_colours(pages) or anything
    cmyk = give_cmyk_profile(pdf, pages)
    return PdfaFixes(cmyk, anything or cmyk)


def _fix_part(part: Any) -> bool:  # noqa: ANN401 (a PDF object)
    """Remove the keys of one object that PDF/A forbids; whether there were any."""
    subtype = str(part.get("/Subtype", ""))
    keys = _XOBJECT_KEYS.get(subtype, ())
    if subtype == "/Image" and part.get("/Interpolate", False):
        keys += ("/Interpolate",)
    if "/FontName" in part or part.get("/Type") == "/FontDescriptor":
        keys += _SUBSET_LISTS
    keys += tuple(key for key in ("/RI", "/Intent") if key in part and str(part[key]) not in RENDERING_INTENTS)
    mended = [
        remove_metadata(part),
        strip_property_lists(part),
        wrap_jpeg2000(part),
        name_opentype(part),
        spell_font_names(part),
        state_glyph_map(part),
    ]
    return _remove_keys(part, keys + _plate_keys(part)) or any(mended)


def _plate_keys(part: Any) -> tuple[str, ...]:  # noqa: ANN401 (a PDF object)
    """Return the keys of a graphics state that are for printing plates.

    Raises:
        TransferCurveError: one of them changes the colours.
    """
    if isinstance(part, pikepdf.Stream) or str(part.get("/Type", "/ExtGState")) != "/ExtGState":
        return ()
    curves = [key for key in ("/TR", "/TR2") if key in part]
    if any(str(part[key]) not in {"/Identity", "/Default"} for key in curves):
        raise TransferCurveError
    # No screen shows the overprint mode, and PDF/A forbids it with the profile that CMYK is given.
    overprint = ("/OPM",) if part.get("/OPM", 0) == 1 else ()
    return (*curves, *overprint, *_HALFTONE_KEYS)


def _remove_keys(part: Any, keys: tuple[str, ...]) -> bool:  # noqa: ANN401 (a PDF object)
    """Remove keys; whether there were any."""
    found = [key for key in keys if key in part]
    for key in found:
        del part[key]
    return bool(found)


def _has_value_out_of_range(part: Any) -> bool:  # noqa: ANN401 (a PDF object)
    """Whether a part has a number, a name or a string that is larger or longer than PDF/A allows."""
    return any(len(key.encode("utf-8", "surrogateescape")) > MAX_NAME + 1 for key in part.keys()) or any(  # noqa: SIM118
        map(_is_out_of_range, part.values())
    )


def _is_out_of_range(value: Any, depth: int = 0) -> bool:  # noqa: ANN401 (a PDF object, or the value of one)
    if isinstance(value, pikepdf.Array):
        # An array that is an object of its own may hold itself, so it is not followed from another.
        follows = depth == 0 or value.objgen == (0, 0)
        return follows and any(_is_out_of_range(item, depth + 1) for item in value)
    if isinstance(value, pikepdf.Name):
        return len(name_bytes(value)) > MAX_NAME
    if isinstance(value, pikepdf.String):
        return len(bytes(value)) > MAX_STRING
    return is_number_out_of_range(value)
