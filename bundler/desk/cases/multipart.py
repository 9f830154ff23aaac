"""Files sent up by the browser: each lands in its case's folder, hidden, for as long as it is looked at."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO, cast

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from bundler.case_edit.material_files import safe_file_name
from bundler.desk.cases.pending_uploads import PendingUploads, UploadSink
from bundler.desk.cases.services import services_of
from bundler.desk.security.config import REQUEST_LIMITS
from bundler.errors import CaseError


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file that was sent up: what the browser calls it, and where it lies."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class UploadForm:
    """A form with files."""

    files: tuple[UploadedFile, ...]
    fields: tuple[tuple[str, str], ...]

    def field(self, name: str) -> str:
        """The first field of that name; empty for none."""
        return next((value for key, value in self.fields if key == name), "")


@asynccontextmanager
async def read_upload_form(request: Request, folder: Path) -> AsyncIterator[UploadForm]:
    """Take in a form with files for a case; what nobody has kept by the end is gone.

    Raises:
        CaseError: a file is too large.
        HTTPException: it is no such form.
        OutputError: a file cannot be written.
    """
    landed: list[UploadSink] = []
    try:
        form = await _parsed(request, folder, landed)
        pairs = form.multi_items()
        fields = tuple((key, value) for key, value in pairs if isinstance(value, str))
        sent = tuple(_sent(value) for _, value in pairs if isinstance(value, UploadFile) and value.filename)
        yield UploadForm(sent, fields)
    finally:
        for one in landed:
            one.leave()


async def _parsed(request: Request, folder: Path, landed: list[UploadSink]) -> FormData:
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise HTTPException(HTTPStatus.BAD_REQUEST, "没有收到文件，请重新选择。")
    try:
        async with aclosing(request.stream()) as stream:
            return await _UploadParser(request, stream, folder, landed).parse()
    except MultiPartException:
        raise HTTPException(HTTPStatus.BAD_REQUEST) from None


def _sent(file: UploadFile) -> UploadedFile:
    landing = cast("UploadSink", file.file)
    return UploadedFile(safe_file_name(file.filename or ""), landing.land())


class _UploadParser(MultiPartParser):
    """Reads a form piece by piece, and has each piece of a file written where the file is to lie."""

    def __init__(
        self, request: Request, stream: AsyncGenerator[bytes, None], folder: Path, landed: list[UploadSink]
    ) -> None:
        super().__init__(request.headers, stream, max_files=REQUEST_LIMITS.files, max_fields=REQUEST_LIMITS.fields)
        self._tray, self._folder, self._landed = services_of(request).pending_uploads, folder, landed

    def on_headers_finished(self) -> None:
        """Where a file begins, it gets a place of ours; the library has one in memory, or among all programs' files."""
        super().on_headers_finished()
        file = self._current_part.file
        if file is not None:
            file.file.close()
            self._landed.append(_LimitedSink(self._tray, self._folder))
            file.file = cast("BinaryIO", self._landed[-1])


class _LimitedSink(UploadSink):
    """One that takes no more than the limit."""

    def __init__(self, pending_uploads: PendingUploads, folder: Path) -> None:
        super().__init__(pending_uploads, folder)
        self._size = 0

    def write(self, data: bytes) -> None:
        """Take a piece.

        Raises:
            CaseError: the file is too large.
            OutputError: it cannot be written.
        """
        self._size += len(data)
        if self._size > REQUEST_LIMITS.file:
            most = REQUEST_LIMITS.file // (1024 * 1024)
            raise CaseError(f"有一个文件超过 {most} MB，都没有收下。", fix="请拆开或者降低分辨率后重新上传。")
        super().write(data)
