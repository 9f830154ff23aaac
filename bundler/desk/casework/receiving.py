"""Files sent up by the browser, on the disk for as long as they are looked at."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from bundler.desk.casework.waiting import Tray
from bundler.desk.casework.workroom import workroom_of
from bundler.desk.guard.limits import LIMITS
from bundler.errors import CaseError


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that was sent up: what the browser calls it, and where it lies."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Received:
    """A form with files."""

    files: tuple[Sent, ...]
    fields: tuple[tuple[str, str], ...]

    def field(self, name: str) -> str:
        """The first field of that name; empty for none."""
        return next((value for key, value in self.fields if key == name), "")


@asynccontextmanager
async def received(request: Request) -> AsyncIterator[Received]:
    """Take in a form with files, each in a place of its own in the tray; whoever does not want one removes it."""
    tray = workroom_of(request).tray
    async with request.form(max_files=LIMITS.files, max_fields=LIMITS.fields) as form:
        _check_sizes(form)
        files, fields = [], []
        for key, value in form.multi_items():
            if isinstance(value, UploadFile):
                if value.filename:
                    files.append(await run_in_threadpool(_kept, tray, value))
            else:
                fields.append((key, value))
    yield Received(tuple(files), tuple(fields))


def _check_sizes(form: FormData) -> None:
    """Before any of them is kept.

    Raises:
        CaseError: one is too large.
    """
    for _, value in form.multi_items():
        if isinstance(value, UploadFile) and (value.size or 0) > LIMITS.file:
            most = LIMITS.file // (1024 * 1024)
            raise CaseError(f"有一个文件超过 {most} MB，都没有收下。", fix="请拆开或者降低分辨率后重新上传。")


def _kept(tray: Tray, upload: UploadFile) -> Sent:
    path = tray.place(upload.filename or "")
    with path.open("wb") as target:
        shutil.copyfileobj(upload.file, target)
    return Sent(path.name, path)
