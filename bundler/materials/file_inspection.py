"""Inspect the attached files of a case: open and hash each once, detect its type, and inspect it in a sandbox.

What was found out about a file is cached by its digest.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from bundler import __version__, cache
from bundler.digest import sha256_of, sha256_of_stream
from bundler.file_inspection_record import (
    EXTENSIONS,
    JPEG,
    PDF,
    PNG,
    TIFF,
    WORD,
    Change,
    FileProblem,
    FileRecord,
    PageInfo,
    PageLook,
)
from bundler.materials.safe_opening import OpeningError, open_file, read_all
from bundler.sandbox import LimitExceededError, SandboxWorker, WorkFailedError, run_sandboxed

_CACHE_FORMAT = 15
"""Increased when a cached record changes its shape or meaning."""
_PDF_HEADER_WITHIN = 2048
"""Bytes in which the PDF header must begin; a mail's or a download's header may stand before it."""
_READ_AT_ONCE = 2 * 1024 * 1024
"""Bytes: a smaller file is read once, a larger one in pieces first, and into memory only if it is not in the cache."""
_MIN_DPI = 200 * 0.995
"""Scanners write 199.9996 for 200."""

_DAMAGED = FileProblem("FILE-DAMAGED", "已损坏，读不出来。", "请重新扫描，或者重新复制原文件。")
_TOO_LARGE = FileProblem("FILE-TOO-LARGE", "展开后过大，或者处理超时。", "请重新扫描，或者分成几个文件。")
_CONVERT_TO_PDF = "请用 WPS 或者 Word 打开，签名的打印后扫描，其余的导出为 PDF。"
_REJECTED_TYPES: tuple[tuple[bytes, str, str], ...] = (
    (
        b"\xd0\xcf\x11\xe0",
        "是旧版 Office 文件（.doc、.wps）或者加了密码的 Word 文件。",
        f"请去掉密码，另存为 .docx 或者 PDF。{_CONVERT_TO_PDF}",
    ),
    (b"GIF8", "是 GIF 图片。", "请重新扫描，或者另存为 PNG。"),
    (b"\x00\x00\x00\x0cjP", "是 JPEG 2000 图片。", "请另存为 JPEG 或者 PNG。"),
    (b"BM", "是 BMP 图片。", "请另存为 PNG。"),
    (b"RIFF", "是 WebP 图片或者音视频文件。", "图片请另存为 PNG；音视频不能装订，请另附光盘说明。"),
    (b"MZ", "是程序文件。", "这不是案件材料，请删去并检查电脑有没有病毒。"),
    (b"{\\rtf", "是 RTF 文件。", f"请另存为 .docx。{_CONVERT_TO_PDF}"),
)
"""First bytes of types that are recognised and not accepted, with message and fix."""
_ZIPPED_TYPES: tuple[tuple[str, str, str], ...] = (
    ("OFD.xml", "是 OFD 文件。", "请用阅读器导出为 PDF。"),
    ("xl/workbook.", "是 Excel 表格。", "请在 Excel 或者 WPS 里另存为 PDF。"),
    ("ppt/presentation.", "是演示文稿。", "请在 PowerPoint 或者 WPS 里另存为 PDF。"),
    ("opendocument.spreadsheet", "是电子表格（.ods）。", "请在 WPS 里另存为 PDF。"),
    ("opendocument.presentation", "是演示文稿（.odp）。", "请在 WPS 里另存为 PDF。"),
    ("opendocument.text", "是 ODT 文档，不是 .docx。", f"请另存为 .docx 或者 PDF。{_CONVERT_TO_PDF}"),
)
"""What the names in a zip, or its beginning, tell of it, with message and fix."""
_DECLARED_WITHIN = 120
_ZIP = ("是压缩包，不是 Word 文件。", "请解开压缩包，逐件放入。")


def inspect_materials(folder: Path, names: Iterable[str], worker: SandboxWorker | None = None) -> dict[str, FileRecord]:
    """Inspect files of a case; a file is read into memory only if its digest is not in the cache.

    Args:
        folder: the case folder.
        names: the files, relative to it.
        worker: the sandbox to use; if None, one is started when the first file needs it.

    Returns:
        The record of each file, by its name as given.
    """
    with nullcontext(worker) if worker else SandboxWorker() as sandbox:
        return {name: _inspect_file(folder, name, sandbox) for name in dict.fromkeys(names)}


def _inspect_file(folder: Path, name: str, worker: SandboxWorker) -> FileRecord:
    try:
        with open_file(folder, name) as file:
            if os.fstat(file.fileno()).st_size < _READ_AT_ONCE:
                data = read_all(file)
                digest = sha256_of(data)
                record = _load_record(digest) or _inspect_new(data, digest, worker)
            else:
                record = _load_record(sha256_of_stream(file)) or _inspect_large(read_all(file), worker)
    except OpeningError as error:
        return FileRecord(name, problems=(FileProblem(error.rule, error.message, error.fix),))
    return replace(record, file=name, problems=(*record.problems, *_check_extension(name, record.media_type)))


def _inspect_large(data: bytes, worker: SandboxWorker) -> FileRecord:
    """Inspect a file that was hashed piece by piece: it may have changed since, and these are the bytes inspected."""
    return _inspect_new(data, sha256_of(data), worker)


def _check_extension(name: str, media_type: str) -> Iterable[FileProblem]:
    if media_type and not name.lower().endswith(EXTENSIONS[media_type]):
        extension = EXTENSIONS[media_type][0]
        yield FileProblem("FILE-EXTENSION", f"的内容是 {extension} 文件，扩展名不符。", f"请把扩展名改为 {extension}。")


def _cache_name(digest: str) -> str:
    return f"file-{_CACHE_FORMAT}-{__version__}-{digest}.json"


def _cache_name_of_looks(digest: str) -> str:
    return f"looks-{_CACHE_FORMAT}-{__version__}-{digest}.bin"


def _load_record(digest: str) -> FileRecord | None:
    """Return the cached record of these bytes; None if there is none or it is damaged."""
    data = cache.load(_cache_name(digest))
    if data is None:
        return None
    try:
        tree = json.loads(data)
        if tree["looks"] and cache.stored_size(_cache_name_of_looks(digest)) != tree["looks"]:
            return None
        return FileRecord(
            file="",
            sha256=digest,
            size=int(tree["size"]),
            media_type=str(tree["media_type"]),
            pages=tuple(_page_from_json(page, digest) for page in tree["pages"]),
            problems=tuple(FileProblem(**{**p, "pages": tuple(p["pages"])}) for p in tree["problems"]),
            characters=str(tree["characters"]),
            changes=tuple(Change(change["what"], tuple(change["pages"])) for change in tree["changes"]),
            touched=bool(tree["touched"]),
            picturable=tuple(tree["picturable"]),
        )
    except (ValueError, KeyError, TypeError):
        return None


def _page_from_json(tree: dict[str, Any], digest: str) -> PageInfo:
    look = tree["look"]
    return PageInfo(**{**tree, "look": look and PageLook(**look, cache_name=_cache_name_of_looks(digest))})


def _store_record(record: FileRecord) -> None:
    """Cache a record; the cells of its pages' looks are an entry of their own, of which a comparison reads what it needs."""
    cells = [page.look.cells if page.look else b"" for page in record.pages]
    if any(cells):
        cache.store(_cache_name_of_looks(record.sha256), b"".join(cells))
    tree = asdict(record)
    begin = 0
    for page, data in zip(tree["pages"], cells, strict=True):
        if page["look"]:
            look = {"means": page["look"]["means"], "digest": page["look"]["digest"]}
            page["look"] = {**look, "begin": begin, "length": len(data)}
            begin += len(data)
    cache.store(_cache_name(record.sha256), json.dumps({**tree, "looks": begin}, ensure_ascii=False).encode())


def _inspect_new(data: bytes, digest: str, worker: SandboxWorker) -> FileRecord:
    """Inspect bytes that are not in the cache, and cache their record."""
    media_type = detect_media_type(data)
    if media_type is None:
        record = FileRecord("", digest, len(data), "", problems=(explain_rejection(data),))
    else:
        try:
            record = _run_inspector(data, media_type, worker)
            is_lasting = True
        except (LimitExceededError, WorkFailedError) as error:
            record = _record_of_failure(error)
            is_lasting = isinstance(error, WorkFailedError) and error.is_repeatable
        record = replace(record, sha256=digest, size=len(data), media_type=media_type)
        if not is_lasting:  # on a machine less busy it may be found sound
            return record
    _store_record(record)
    return _load_record(digest) or record


def detect_media_type(data: bytes) -> str | None:
    """Return the media type of an accepted file by its first bytes, never by its name; None for any other file."""
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data[:4] in {b"II*\x00", b"MM\x00*"}:
        return TIFF
    if data.startswith(b"PK\x03\x04"):
        return WORD if _is_word(data) else None
    return PDF if b"%PDF-" in data[:_PDF_HEADER_WITHIN] else None


def _is_word(data: bytes) -> bool:
    """Whether a zip is a Word document; a damaged zip that names a Word part counts as a damaged Word document."""
    names = _names_in_zip(data)
    return b"word/" in data if names is None else "word/document.xml" in names


def _text_of_zip(data: bytes) -> str:
    """The names in a zip, and its beginning, where an OpenDocument file tells what it is; of a damaged zip the beginning alone."""
    return "\n".join((data[:_DECLARED_WITHIN].decode("latin-1"), *(_names_in_zip(data) or ())))


def _names_in_zip(data: bytes) -> list[str] | None:
    """The names of the files in a zip; None where it is damaged."""
    import zipfile  # few cases have such files, and it takes `check` four milliseconds

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return None


def explain_rejection(data: bytes) -> FileProblem:
    """Say what a file that is not accepted is, and what to convert it to."""
    if not data:
        return FileProblem("FILE-EMPTY", "是空文件。", "请重新扫描或者重新复制。")
    for magic, message, fix in _REJECTED_TYPES:
        if data.startswith(magic):
            return FileProblem("FILE-TYPE", message, fix)
    if data[4:8] == b"ftyp":
        return FileProblem("FILE-TYPE", "是 HEIC 照片或者视频。", "请在手机上改用 JPEG 格式拍照，或者另存为 JPEG。")
    if data.startswith(b"PK"):
        inside = _text_of_zip(data)
        message, fix = next(((message, fix) for sign, message, fix in _ZIPPED_TYPES if sign in inside), _ZIP)
        return FileProblem("FILE-TYPE", message, fix)
    return FileProblem("FILE-TYPE", "不是 PDF、JPEG、PNG、TIFF 或者 .docx 文件。", "请重新扫描，或者另存为 PDF。")


def inspect_bytes(data: bytes, media_type: str, worker: SandboxWorker | None = None) -> FileRecord:
    """Inspect the content of one file in a sandbox; whatever is wrong with it becomes a problem of its record.

    Args:
        data: the file.
        media_type: its type by content.
        worker: the sandbox to use; if None, one is started for this file alone.
    """
    try:
        return _run_inspector(data, media_type, worker)
    except (LimitExceededError, WorkFailedError) as error:
        return _record_of_failure(error)


def _run_inspector(data: bytes, media_type: str, worker: SandboxWorker | None) -> FileRecord:
    """Inspect a file in a sandbox.

    Raises:
        LimitExceededError, WorkFailedError: as `SandboxWorker.run` does.
    """
    run = run_sandboxed if worker is None else worker.run
    record = run(_inspector(media_type), data)
    return replace(record, problems=(*record.problems, *_check_pages(record)))


def _record_of_failure(error: LimitExceededError | WorkFailedError) -> FileRecord:
    return FileRecord("", problems=(_TOO_LARGE if isinstance(error, LimitExceededError) else _DAMAGED,))


def _inspector(media_type: str) -> Callable[[bytes], FileRecord]:
    """Return the function that inspects this type; its module is loaded only now, because `check` must start quickly."""
    if media_type == PDF:
        from bundler.materials.pdf_inspection import inspect_pdf

        return inspect_pdf
    if media_type == WORD:
        from bundler.materials.word_inspection import inspect_word

        return inspect_word
    from bundler.materials.image_inspection import inspect_image

    return inspect_image


def _check_pages(record: FileRecord) -> Iterable[FileProblem]:
    """Find blank pages and scans of too low a resolution."""
    blank = tuple(n for n, page in enumerate(record.pages, start=1) if page.blank)
    if record.pages and len(blank) == len(record.pages):
        yield FileProblem("FILE-EMPTY", "全是空白页。", "请核对原件后重新扫描。")
    elif blank:
        yield FileProblem("SCAN-BLANK", "是空白页。", "请核对；多余的空白页可以用页码范围略去。", blank)
    coarse = tuple(
        n for n, page in enumerate(record.pages, start=1) if page.is_scan and (page.dpi is None or page.dpi < _MIN_DPI)
    )
    if coarse:
        yield FileProblem("SCAN-DPI", "扫描低于 200 dpi，或者没有写明。", "请用 200 dpi 以上重新扫描。", coarse)
