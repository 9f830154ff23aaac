"""The case folder's files: opened without leaving it, following no link, waiting on nothing."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from bundler.case.model import Case
from bundler.errors import FileChangedError
from bundler.regulation.papers import Item, guess_item

MAX_FILE_BYTES = 512 * 1024 * 1024
_OWN_FILES = frozenset({"case.json", "放置说明.txt"})


class OpeningError(Exception):
    """A file that may not or cannot be opened: the rule, and two sentences."""

    def __init__(self, rule: str, message: str, fix: str) -> None:
        super().__init__(rule)
        self.rule, self.message, self.fix = rule, message, fix


def read_file(folder: Path, name: str) -> bytes:
    """The bytes of a file of the case, opened once.

    Raises:
        OpeningError: it lies outside, is not there, is no regular file, or is too large.
    """
    with open_file(folder, name) as file:
        return read_all(file)


def read_all(file: BufferedReader) -> bytes:
    """All bytes of an open file, and memory for no more than it has; what is added meanwhile belongs to a changed file."""
    file.seek(0)
    return file.read(min(os.fstat(file.fileno()).st_size, MAX_FILE_BYTES))


@contextmanager
def open_file(folder: Path, name: str) -> Iterator[BufferedReader]:
    """A file of the case, open for reading; errors are those of `read_file`."""
    handle = _open(folder, _parts(name))
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        os.close(handle)
        raise OpeningError("FILE-TYPE", "不是普通文件。", "请换成 PDF、JPEG、PNG、TIFF 或者 .docx 文件。")
    with os.fdopen(handle, "rb") as file:
        if status.st_size > MAX_FILE_BYTES:
            raise OpeningError("FILE-TOO-LARGE", "超过 512 MB。", "请分成几个文件。")
        yield file


def read_unchanged(folder: Path, name: str, sha256: str) -> bytes:
    """The bytes that were checked.

    Raises:
        FileChangedError: they are not those of the digest.
    """
    import hashlib

    try:
        data = read_file(folder, name)
    except OpeningError:
        data = b""
    if hashlib.sha256(data).hexdigest() != sha256:
        raise FileChangedError(
            f"“{name}”在检查以后被改动了，没有成卷。", fix="请等文件不再变动后重新运行。", code="FILE-CHANGED"
        )
    return data


def _parts(name: str) -> tuple[str, ...]:
    outside = OpeningError("FILE-OUTSIDE", "不在案件文件夹里。", "请把文件放进案件文件夹，用 / 写相对路径，不用链接。")
    if "\\" in name or "\0" in name or name.startswith("/") or (len(name) > 1 and name[1] == ":"):
        raise outside
    parts = tuple(part for part in name.split("/") if part not in {"", "."})
    if not parts or ".." in parts:
        raise outside
    return parts


def _open(folder: Path, parts: tuple[str, ...]) -> int:
    """Walk down from the folder, a step at a time, so that no link in between leads out."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    here = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for place, part in enumerate(parts):
            last = place == len(parts) - 1
            below = _step(here, part, flags if last else flags | os.O_DIRECTORY)
            os.close(here)
            here = below
    except BaseException:
        os.close(here)
        raise
    return here


def _step(here: int, part: str, flags: int) -> int:
    name = _spelling(here, part)
    try:
        if stat.S_ISLNK(os.stat(name, dir_fd=here, follow_symlinks=False).st_mode):
            raise OpeningError("FILE-OUTSIDE", "是一个链接。", "请把文件本身放进案件文件夹。")
        return os.open(name, flags, dir_fd=here)
    except (FileNotFoundError, NotADirectoryError):
        raise OpeningError(
            "FILE-MISSING", "不在案件文件夹里。", "请放入这个文件，或者改正 materials 里的文件名。"
        ) from None
    except (OSError, ValueError):
        raise OpeningError("FILE-TYPE", "打不开。", "请检查它是不是普通文件、有没有读取权限。") from None


def _spelling(here: int, part: str) -> str:
    """The name as the folder spells it: composed and decomposed forms of the same name both match."""
    wanted = unicodedata.normalize("NFC", part)
    try:
        names = os.listdir(here)
    except OSError:
        return part
    if part in names:
        return part
    return next((name for name in sorted(names) if unicodedata.normalize("NFC", name) == wanted), part)


def find_unlisted_files(folder: Path, case: Case) -> dict[str, Item | None]:
    """The folder's files that the case does not name, each with a guess at its item."""
    named = {unicodedata.normalize("NFC", "/".join(m.file.split("/"))) for m in case.materials}
    own = case.registration.no or ""
    return {
        name: guess_item(name)
        for name in _files_below(folder)
        if unicodedata.normalize("NFC", name) not in named and not _is_own(name, own)
    }


def _files_below(folder: Path) -> Iterator[str]:
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                yield (Path(root) / name).relative_to(folder).as_posix()


def _is_own(name: str, registration_no: str) -> bool:
    """Whether a file is the tool's own: the case, its guide, or a paper or bundle named after the case."""
    stem, _, ending = name.rpartition(".")
    made = (
        bool(registration_no)
        and ending in {"pdf", "docx"}
        and (stem == registration_no or stem.startswith(registration_no + "-"))
    )
    return name in _OWN_FILES or made
