"""What a file is, told by its first bytes and never by its name."""

from __future__ import annotations

import io
import zipfile

from bundler.file_record import JPEG, PDF, PNG, TIFF, WORD, FileProblem

_HEADER_WITHIN = 2048
"""A PDF header may stand behind some junk, such as the head of a mail or a download."""

_TO_PDF = "请用 WPS 或者 Word 打开，签名的打印后扫描，其余的导出为 PDF。"
_REFUSED: tuple[tuple[bytes, str, str], ...] = (
    (
        b"\xd0\xcf\x11\xe0",
        "是旧版 Office 文件（.doc、.wps）或者加了密码的 Word 文件。",
        f"请去掉密码，另存为 .docx 或者 PDF。{_TO_PDF}",
    ),
    (b"GIF8", "是 GIF 图片。", "请重新扫描，或者另存为 PNG。"),
    (b"\x00\x00\x00\x0cjP", "是 JPEG 2000 图片。", "请另存为 JPEG 或者 PNG。"),
    (b"BM", "是 BMP 图片。", "请另存为 PNG。"),
    (b"RIFF", "是 WebP 图片或者音视频文件。", "图片请另存为 PNG；音视频不能装订，请另附光盘说明。"),
    (b"MZ", "是程序文件。", "这不是案件材料，请删去并检查电脑有没有病毒。"),
    (b"{\\rtf", "是 RTF 文件。", f"请另存为 .docx。{_TO_PDF}"),
)


def detect_media_type(data: bytes) -> str | None:
    """The media type of an accepted file; None for any other."""
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data[:4] in {b"II*\x00", b"MM\x00*"}:
        return TIFF
    if data.startswith(b"PK\x03\x04"):
        return WORD if _is_word(data) else None
    return PDF if b"%PDF-" in data[:_HEADER_WITHIN] else None


def _is_word(data: bytes) -> bool:
    """Whether a zip is a Word document; a broken zip that names its Word part is one, though damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "word/document.xml" in archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return b"word/" in data


def explain_rejection(data: bytes) -> FileProblem:
    """Why a file is not accepted, and what to convert it to."""
    if not data:
        return FileProblem("FILE-EMPTY", "是空文件。", "请重新扫描或者重新复制。")
    for magic, what, cure in _REFUSED:
        if data.startswith(magic):
            return FileProblem("FILE-TYPE", what, cure)
    if data[4:8] == b"ftyp":
        return FileProblem("FILE-TYPE", "是 HEIC 照片或者视频。", "请在手机上改用 JPEG 格式拍照，或者另存为 JPEG。")
    if data.startswith(b"PK"):
        what = "是 OFD 文件。" if b"OFD.xml" in data else "是压缩包，不是 Word 文件。"
        return FileProblem("FILE-TYPE", what, "OFD 请用阅读器导出为 PDF；压缩包请解开，逐件放入。")
    return FileProblem("FILE-TYPE", "不是 PDF、JPEG、PNG、TIFF 或者 .docx 文件。", "请重新扫描，或者另存为 PDF。")
