"""Inspect an attached PDF: its pages as they appear upright, and what forbids binding them."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pikepdf
from PIL import Image

from bundler.file_inspection_record import FileProblem, FileRecord, PageInfo
from bundler.materials.annotation_visibility import find_annotated_pages, may_be_dynamic_form
from bundler.materials.detect_interpolated_images import SMOOTHED, smoothed_images
from bundler.materials.image_inspection import set_pillow_limits
from bundler.materials.pdf_colour import ColourSpaces
from bundler.materials.pdf_content import UNFINISHED, PageFaults
from bundler.materials.pdf_objects import LIBRARY_ERRORS
from bundler.materials.pdf_page_inspection import PageInspection
from bundler.materials.pdf_plain_scans import Matrix, find_plain_scans
from bundler.materials.pdf_structure import (
    MAX_PAGES,
    TOO_MANY,
    check_object_streams,
    check_page_tree,
    has_hidden_layers,
    may_be_read_otherwise,
    was_repaired,
)
from bundler.materials.pdfa_fixes import clean_pdf
from bundler.materials.visual_loss_check import PageLooks, asks_to_wait
from bundler.page_geometry import A4

_EXPORT_AGAIN = "请重新扫描，或者重新导出 PDF。"
_DYNAMIC_FORM = FileProblem(
    "FILE-TYPE",
    "是动态表单（XFA），多数阅读器只显示“请稍候”，看不到填写的内容。",
    "请用 Adobe Acrobat 打开，“打印为 PDF”，或者打印后扫描。",
)
_DAMAGED = FileProblem("FILE-DAMAGED", "已损坏，有内容读不出来。", _EXPORT_AGAIN)
_UNREADABLE_PAGE = PageInfo(*A4)
"""Stands for a page that cannot be read; the material can still use the others."""


def inspect_pdf(data: bytes) -> FileRecord:
    """Inspect a PDF; its record has pages, or problems that say why not."""
    set_pillow_limits()
    try:
        # pikepdf repairs the page tree when it applies inherited attributes, so the tree is checked before that.
        with _open(data, inherit_page_attributes=False) as pdf:
            fault = check_page_tree(pdf) or check_object_streams(pdf, data)
        if fault is not None:
            return FileRecord("", problems=(fault,))
        with _open(data) as pdf:
            return _inspect_document(pdf, data)
    except pikepdf.PasswordError:
        fault = FileProblem("FILE-ENCRYPTED", "有打开密码。", "请去掉密码后另存，或者打印后扫描。")
    except pikepdf.PdfError as error:
        encrypted = "encrypt" in str(error).lower()
        fault = (
            FileProblem("FILE-ENCRYPTED", "已加密，打不开。", "请向提供者要不加密的文件。") if encrypted else _DAMAGED
        )
    return FileRecord("", problems=(fault,))


def _open(data: bytes, *, inherit_page_attributes: bool = True) -> pikepdf.Pdf:
    """Open a PDF.

    Raises:
        PdfError: it cannot be read; a number that no computer holds is one reason.
    """
    try:
        return pikepdf.open(io.BytesIO(data), suppress_warnings=True, inherit_page_attributes=inherit_page_attributes)
    except (ValueError, OverflowError) as error:
        raise pikepdf.PdfError from error


def _inspect_document(pdf: pikepdf.Pdf, data: bytes) -> FileRecord:
    count = len(pdf.pages)
    if count == 0:
        return FileRecord("", problems=(FileProblem("FILE-EMPTY", "一页也没有。", "请重新扫描或者重新导出。"),))
    if count > MAX_PAGES:
        return FileRecord("", problems=(TOO_MANY,))
    repaired = was_repaired(pdf)
    problems: list[FileProblem] = list(_check_document(pdf, repaired=repaired))
    annotated = find_annotated_pages(pdf)
    problems += _check_dynamic_form(pdf, data)
    try:
        plain = {} if repaired else find_plain_scans(pdf)
        smoothed = {
            number for number, page in enumerate(pdf.pages, start=1) if number not in plain and smoothed_images(page)
        }
        cleaning = clean_pdf(pdf, plain)
    except LIBRARY_ERRORS:
        return FileRecord("", problems=(_DAMAGED,))
    problems += cleaning.problems
    found = _PagesFound(plain, smoothed, repaired=repaired)
    for number, page in enumerate(pdf.pages, start=1):
        found.add(page, number, drawn_over=number in cleaning.drawn)
    looks = PageLooks(data, pdf, found.drawn)
    found.complete(looks)
    for number in looks.find_changes(smoothed - found.damaged):
        found.faults.add(SMOOTHED, number)
    for number in cleaning.unfinished - found.damaged:
        found.faults.add(UNFINISHED, number)
    problems += found.problems()
    problems += [_missing_appearance_problem(tuple(cleaning.bare))] * bool(cleaning.bare)
    not_picturable = found.faults.lost.union(found.damaged, cleaning.lost, *found.pages_by_colour_fault.values())
    doubtful = set(range(1, count + 1)) if may_be_read_otherwise(data) else annotated
    problems += _check_losses(looks, doubtful.difference(found.damaged, cleaning.bare, cleaning.lost))
    return FileRecord(
        "",
        pages=tuple(found.pages),
        problems=tuple(problems),
        changes=tuple(cleaning.changes),
        touched=cleaning.touched,
        picturable=tuple(sorted((found.faults.pages | set(cleaning.bare)) - not_picturable)),
    )


class _PagesFound:
    """What was found on the pages of a file, one after the other.

    Attributes:
        pages: their records.
        drawn: the pictures that were kept of pages, by their number from 1.
        faults: what forbids binding some of them.
        pages_by_colour_fault: the numbers of pages by what is wrong with their colours.
        damaged: the numbers of pages that cannot be read.
    """

    def __init__(self, plain: Mapping[int, Matrix], smoothed: Collection[int], *, repaired: bool) -> None:
        """Begin.

        Args:
            plain: what `find_plain_scans` found: pages whose content needs no check.
            smoothed: the pages whose picture is compared later with what cleaning makes of it.
            repaired: pikepdf had to repair the file.
        """
        self._plain, self._smoothed, self._repaired = plain, smoothed, repaired
        self.pages: list[PageInfo] = []
        self.drawn: dict[int, Image.Image] = {}
        self.faults = PageFaults()
        self.pages_by_colour_fault: dict[str, list[int]] = {}
        self.damaged: set[int] = set()
        self._colour_spaces = ColourSpaces()

    def add(self, page: pikepdf.Page, number: int, *, drawn_over: bool) -> None:
        """Inspect a page."""
        plain = self._plain.get(number)
        try:
            inspection = PageInspection(
                page, self._colour_spaces, plain, drawn_over=drawn_over, repaired=self._repaired
            )
            info = inspection.info(keeps_picture=number in self._smoothed)
            if inspection.grey is not None:
                self.drawn[number] = inspection.grey
            if plain is None:
                self.faults.check(page, number)
        except LIBRARY_ERRORS:
            self.damaged.add(number)
            self.pages.append(_UNREADABLE_PAGE)
            return
        self.pages.append(info)
        for fault in inspection.picture_faults:
            self.faults.add(fault, number)
        for fault in inspection.colour_faults:
            self.pages_by_colour_fault.setdefault(fault, []).append(number)

    def complete(self, looks: PageLooks) -> None:
        """Add what is seen on the pages; one that no viewer draws is damaged."""
        for number, page in enumerate(self.pages, start=1):
            if number not in self.damaged:
                try:
                    self.pages[number - 1] = looks.complete(number, page)
                except LIBRARY_ERRORS:
                    self.damaged.add(number)

    def problems(self) -> Iterator[FileProblem]:
        """Say what is wrong with the pages."""
        if self.damaged:
            yield replace(_DAMAGED, pages=tuple(sorted(self.damaged)))
        yield from self.faults.problems()
        for fault, numbers in self.pages_by_colour_fault.items():
            yield _colour_problem(fault, tuple(numbers))


def _missing_appearance_problem(pages: tuple[int, ...]) -> FileProblem:
    return FileProblem(
        "FILE-DAMAGED",
        "的批注或者表单没有自带的外观，装订后会丢失。",
        "请用阅读器“打印为 PDF”，或者打印后扫描。",
        pages,
    )


def _check_dynamic_form(pdf: pikepdf.Pdf, data: bytes) -> Iterator[FileProblem]:
    if may_be_dynamic_form(pdf) and (pdf.Root.get("/NeedsRendering", False) or asks_to_wait(data)):
        yield _DYNAMIC_FORM


def _check_losses(looks: PageLooks, pages: set[int]) -> Iterator[FileProblem]:
    losses = looks.find_losses(pages)
    if losses:
        yield FileProblem(
            "FILE-DAMAGED",
            "的批注、印章、表单或者别的内容，装订后会丢失。",
            "请用阅读器“打印为 PDF”，或者打印后扫描。",
            losses,
        )


def _colour_problem(fault: str, pages: tuple[int, ...]) -> FileProblem:
    return FileProblem(
        "FILE-COLOUR",
        f"{fault}，颜色不能按归档格式表示，换一台电脑就可能显示成别的颜色。",
        "请用 WPS 另存为 PDF/A，或者打印后扫描。",
        pages,
    )


def _check_document(pdf: pikepdf.Pdf, *, repaired: bool) -> Iterator[FileProblem]:
    """Find problems of the file as a whole; cleaning removes what they are found by, so this runs first."""
    # Bytes before the header only shift the offsets, but a file without its trailer has lost pages or images.
    if repaired and not {"/Root", "/Size"} <= set(pdf.trailer.keys()):
        yield _DAMAGED
    if pdf.is_encrypted:
        yield FileProblem("FILE-OWNER-LOCKED", "设有权限密码，但可以打开；成卷时按可见内容装订。", "一般不用处理。")
    if has_hidden_layers(pdf):
        yield FileProblem(
            "FILE-LAYERS", "有隐藏的图层，装订后可能显示出来。", "请导出为不带图层的 PDF，或者打印后扫描。"
        )
    if _has_signature(pdf):
        yield FileProblem("FILE-SIGNED", "有电子签名，装订后签名不再有效，可见的印记保留。", "请另行保存原文件备查。")


def _has_signature(pdf: pikepdf.Pdf) -> bool:
    form: Any = pdf.Root.get("/AcroForm")
    if not isinstance(form, pikepdf.Dictionary):
        return False
    listed: Any = form.get("/Fields")
    fields = listed if isinstance(listed, pikepdf.Array) else ()
    return any(isinstance(one, pikepdf.Dictionary) and one.get("/FT") == "/Sig" and "/V" in one for one in fields)
