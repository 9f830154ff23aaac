"""Open and list the files of a case folder safely: never outside it, through no link, without blocking on a pipe."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path

from bundler.case.model import Case
from bundler.digest import sha256_of
from bundler.errors import FileChangedError
from bundler.printable_text import readable_file_name
from bundler.regulation.papers import Item, guess_item

MAX_FILE_BYTES = 512 * 1024 * 1024
_OWN_FILES = frozenset({"case.json", "放置说明.txt"})


class OpeningError(Exception):
    """A file may not or cannot be opened: the rule, the message and the fix."""

    def __init__(self, rule: str, message: str, fix: str) -> None:
        super().__init__(rule)
        self.rule, self.message, self.fix = rule, message, fix


def read_file(folder: Path, name: str) -> bytes:
    """Read a file of the case, opened once.

    Raises:
        OpeningError: it is outside the folder, missing, not a regular file, or too large.
    """
    with open_file(folder, name) as file:
        return read_all(file)


def read_all(file: BufferedReader) -> bytes:
    """Read an open file from its start, up to the size that it has now, so that a growing file cannot fill the memory."""
    file.seek(0)
    return file.read(min(os.fstat(file.fileno()).st_size, MAX_FILE_BYTES))


@contextmanager
def open_file(folder: Path, name: str) -> Iterator[BufferedReader]:
    """Open a file of the case for reading; errors are those of `read_file`."""
    descriptor = _open_below(folder, _split_path(name))
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise OpeningError("FILE-TYPE", "不是普通文件。", "请换成 PDF、JPEG、PNG、TIFF 或者 .docx 文件。")
    with os.fdopen(descriptor, "rb") as file:
        if status.st_size > MAX_FILE_BYTES:
            raise OpeningError("FILE-TOO-LARGE", "超过 512 MB。", "请分成几个文件。")
        yield file


def read_unchanged(folder: Path, name: str, sha256: str) -> bytes:
    """Read a file that was checked before.

    Args:
        folder: the case folder.
        name: the file, relative to it.
        sha256: the digest of what was checked.

    Raises:
        FileChangedError: the file has another digest or cannot be read.
    """
    try:
        data = read_file(folder, name)
    except OpeningError:
        data = b""
    if sha256_of(data) != sha256:
        raise FileChangedError(
            f"“{name}”在检查以后被改动了，没有成卷。", fix="请等文件不再变动后重新运行。", code="FILE-CHANGED"
        )
    return data


def _split_path(name: str) -> tuple[str, ...]:
    """Split a relative path; OpeningError if it is absolute, has a drive or a backslash, or leads upwards."""
    outside = OpeningError("FILE-OUTSIDE", "不在案件文件夹里。", "请把文件放进案件文件夹，用 / 写相对路径，不用链接。")
    if "\\" in name and not name.startswith("\\") and ":" not in name:
        raise OpeningError("FILE-OUTSIDE", "写法不对：路径里用了“\\”。", "请改用“/”，如“materials/约谈笔录.pdf”。")
    if "\\" in name or "\0" in name or name.startswith("/") or (len(name) > 1 and name[1] == ":"):
        raise outside
    parts = tuple(part for part in name.split("/") if part not in {"", "."})
    if not parts or ".." in parts:
        raise outside
    return parts


def _open_below(folder: Path, parts: tuple[str, ...]) -> int:
    """Open a file component by component, so that no link on the way leads out of the folder."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    current = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for index, part in enumerate(parts):
            is_last = index == len(parts) - 1
            below = _open_component(current, part, flags if is_last else flags | os.O_DIRECTORY)
            os.close(current)
            current = below
    except BaseException:
        os.close(current)
        raise
    return current


def _open_component(current: int, part: str, flags: int) -> int:
    name = _name_on_disk(current, part)
    try:
        if stat.S_ISLNK(os.stat(name, dir_fd=current, follow_symlinks=False).st_mode):
            raise OpeningError("FILE-OUTSIDE", "是一个链接。", "请把文件本身放进案件文件夹。")
        return os.open(name, flags, dir_fd=current)
    except (FileNotFoundError, NotADirectoryError):
        raise OpeningError("FILE-MISSING", "不在案件文件夹里。", "请放入这个文件，或者改正文件名。") from None
    except (OSError, ValueError):
        raise OpeningError("FILE-TYPE", "打不开。", "请检查它是不是普通文件、有没有读取权限。") from None


def _name_on_disk(current: int, part: str) -> str:
    """Return the name as it is on disk: Unicode's composed and decomposed forms of a name match each other."""
    with suppress(OSError, ValueError):
        os.stat(part, dir_fd=current, follow_symlinks=False)
        return part
    wanted = unicodedata.normalize("NFC", part)
    try:
        names = os.listdir(current)
    except OSError:
        return part
    return next((name for name in sorted(names) if unicodedata.normalize("NFC", name) == wanted), part)


def find_unlisted_files(folder: Path, case: Case) -> dict[str, Item | None]:
    """Find the files of the folder that the case does not name, each with the item that its name suggests."""
    named = {unicodedata.normalize("NFC", "/".join(name.split("/"))) for name in case.named_files}
    return {
        name: guess_item(readable_file_name(name))
        for name in _walk_files(folder)
        if unicodedata.normalize("NFC", name) not in named and not _is_own_file(name, case.registration.no or "")
    }


def _walk_files(folder: Path) -> Iterator[str]:
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                yield (Path(root) / name).relative_to(folder).as_posix()


def _is_own_file(name: str, registration_no: str) -> bool:
    """Whether this tool wrote a file: case.json, the guide, or a paper or bundle named after the case."""
    stem, _, ending = name.rpartition(".")
    is_output = (
        bool(registration_no)
        and ending in {"pdf", "docx"}
        and (stem == registration_no or stem.startswith(registration_no + "-"))
    )
    return name in _OWN_FILES or is_output
