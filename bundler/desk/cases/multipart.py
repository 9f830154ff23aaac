"""Parse a multipart form whose files are written straight into the case's folder, hidden, while they arrive."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO, cast

from starlette.datastructures import FormData, Headers, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser

from bundler.case_edit.copy_into_materials import safe_file_name
from bundler.desk.cases.upload_temporary_files import UnfinishedUploads, UploadSink
from bundler.desk.security.access_config import REQUEST_LIMITS
from bundler.errors import CaseError


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """An uploaded file.

    Attributes:
        name: the file name that the browser sent, made safe.
        path: where the file is.
    """

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class UploadForm:
    """A parsed form with files."""

    files: tuple[UploadedFile, ...]
    fields: tuple[tuple[str, str], ...]

    def field(self, name: str) -> str:
        """The first value of a field; empty where the form has none."""
        return next((value for key, value in self.fields if key == name), "")


@asynccontextmanager
async def read_upload_form(
    headers: Headers, body: AsyncGenerator[bytes, None], folder: Path, incoming: UnfinishedUploads
) -> AsyncIterator[UploadForm]:
    """Parse a form with files; on exit its files are removed.

    Args:
        headers: the request's headers.
        body: the request's body.
        folder: the case folder, where the files are written.
        incoming: the owner of the files.

    Raises:
        CaseError: a file is too large.
        HTTPException: 400, the body is no multipart form or breaks its limits.
        OutputError: a file cannot be written.
    """
    sinks: list[UploadSink] = []
    try:
        form = await _parse(headers, body, folder, incoming, sinks)
        pairs = form.multi_items()
        fields = tuple((key, value) for key, value in pairs if isinstance(value, str))
        files = tuple(_uploaded_file(value) for _, value in pairs if isinstance(value, UploadFile) and value.filename)
        yield UploadForm(files, fields)
    finally:
        for sink in sinks:
            sink.discard()


async def _parse(
    headers: Headers,
    body: AsyncGenerator[bytes, None],
    folder: Path,
    incoming: UnfinishedUploads,
    sinks: list[UploadSink],
) -> FormData:
    if not headers.get("content-type", "").startswith("multipart/form-data"):
        raise HTTPException(HTTPStatus.BAD_REQUEST, "没有收到文件，请重新选择。")
    try:
        async with aclosing(body) as stream:
            return await _UploadParser(headers, stream, folder, incoming, sinks).parse()
    except MultiPartException:
        raise HTTPException(HTTPStatus.BAD_REQUEST) from None


def _uploaded_file(file: UploadFile) -> UploadedFile:
    sink = cast("UploadSink", file.file)
    return UploadedFile(safe_file_name(file.filename or ""), sink.path())


class _UploadParser(MultiPartParser):
    """A multipart parser that writes each file through an `UploadSink` instead of a temporary file."""

    def __init__(
        self,
        headers: Headers,
        stream: AsyncGenerator[bytes, None],
        folder: Path,
        incoming: UnfinishedUploads,
        sinks: list[UploadSink],
    ) -> None:
        super().__init__(headers, stream, max_files=REQUEST_LIMITS.files, max_fields=REQUEST_LIMITS.fields)
        self._folder, self._incoming, self._sinks = folder, incoming, sinks

    def on_headers_finished(self) -> None:
        """Replace the temporary file of a file part, which the library keeps in memory or in the system's folder."""
        super().on_headers_finished()
        file = self._current_part.file
        if file is not None:
            file.file.close()
            self._sinks.append(_LimitedSink(self._incoming, self._folder))
            file.file = cast("BinaryIO", self._sinks[-1])


class _LimitedSink(UploadSink):
    """An upload sink that refuses a file above the size limit."""

    def __init__(self, incoming: UnfinishedUploads, folder: Path) -> None:
        super().__init__(incoming, folder)
        self._size = 0

    def write(self, data: bytes) -> None:
        """Write a chunk.

        Raises:
            CaseError: the file is too large.
            OutputError: it cannot be written.
        """
        self._size += len(data)
        if self._size > REQUEST_LIMITS.file:
            max_mib = REQUEST_LIMITS.file // (1024 * 1024)
            raise CaseError(f"有一个文件超过 {max_mib} MB，都没有收下。", fix="请拆开或者降低分辨率后重新上传。")
        super().write(data)
