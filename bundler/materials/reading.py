"""Each file of a case: opened once, hashed, told by content, and inspected by a process with limits; or known already."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import asdict, replace
from pathlib import Path

from bundler import __version__
from bundler import cache as kept
from bundler.digest import sha256_of, sha256_of_stream
from bundler.file_record import JPEG, PDF, PNG, TIFF, WORD, Change, FileProblem, FileRecord, PageInfo
from bundler.materials.content import detect_media_type, explain_rejection
from bundler.materials.folder import OpeningError, open_file, read_all
from bundler.sandbox import SandboxWorker

_FORMAT = 7
"""Raised when what is kept of a file changes its shape or meaning."""

_ENDINGS = {
    PDF: (".pdf",),
    JPEG: (".jpg", ".jpeg", ".jpe", ".jfif"),
    PNG: (".png",),
    TIFF: (".tif", ".tiff"),
    WORD: (".docx",),
}


def inspect_materials(folder: Path, names: Iterable[str], worker: SandboxWorker | None = None) -> dict[str, FileRecord]:
    """The record of each file, by the name given; each is opened once, and in memory only while it is not known yet.

    Args:
        folder: the case folder.
        names: the files, relative to it.
        worker: the process that looks into those that are not known yet; without, one is started where there are any.
    """
    with nullcontext(worker) if worker else SandboxWorker() as looking:
        return {name: _read(folder, name, looking) for name in dict.fromkeys(names)}


def _read(folder: Path, name: str, worker: SandboxWorker) -> FileRecord:
    try:
        with open_file(folder, name) as file:
            record = _known(sha256_of_stream(file)) or _learn(read_all(file), worker)
    except OpeningError as error:
        return FileRecord(name, problems=(FileProblem(error.rule, error.message, error.fix),))
    return replace(record, file=name, problems=(*record.problems, *_wrong_ending(name, record.media_type)))


def _wrong_ending(name: str, media_type: str) -> Iterable[FileProblem]:
    if media_type and not name.lower().endswith(_ENDINGS[media_type]):
        ending = _ENDINGS[media_type][0]
        yield FileProblem("FILE-EXTENSION", f"的内容是 {ending} 文件，扩展名不符。", f"请把扩展名改为 {ending}。")


def _key(digest: str) -> str:
    return f"file-{_FORMAT}-{__version__}-{digest}.json"


def _known(digest: str) -> FileRecord | None:
    """What was learnt of these bytes before; a spoilt cache entry is as good as none."""
    data = kept.load(_key(digest))
    if data is None:
        return None
    try:
        tree = json.loads(data)
        return FileRecord(
            file="",
            sha256=digest,
            size=int(tree["size"]),
            media_type=str(tree["media_type"]),
            pages=tuple(PageInfo(**page) for page in tree["pages"]),
            problems=tuple(FileProblem(**{**p, "pages": tuple(p["pages"])}) for p in tree["problems"]),
            characters=str(tree["characters"]),
            changes=tuple(Change(one["what"], tuple(one["pages"])) for one in tree["changes"]),
            touched=bool(tree["touched"]),
            picturable=tuple(tree["picturable"]),
        )
    except (ValueError, KeyError, TypeError):
        return None


def _learn(data: bytes, worker: SandboxWorker) -> FileRecord:
    """Inspect bytes that were never seen before, and keep what was learnt."""
    from bundler.materials.inspect import inspect_bytes

    digest = sha256_of(data)  # a file may change between two readings, and only these bytes are known
    media_type = detect_media_type(data)
    refusal = explain_rejection(data) if media_type is None else None
    if media_type is None:
        record = FileRecord("", digest, len(data), "", problems=(refusal,) if refusal else ())
    else:
        record = replace(inspect_bytes(data, media_type, worker), sha256=digest, size=len(data), media_type=media_type)
    kept.store(_key(digest), json.dumps(asdict(record), ensure_ascii=False).encode())
    return record
