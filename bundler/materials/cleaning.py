"""A foreign PDF made fit for an archive: what is seen stays, what acts goes, and each change is told."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

import pikepdf

from bundler.file_record import Change, FileProblem
from bundler.materials.annotations import (
    LostAnnotationError,
    find_pages_without_appearance,
    flatten_annotations,
    remove_annotations,
)
from bundler.materials.pdfa_fixes import OutOfRangeError, TransferCurveError, apply_pdfa_fixes

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
