"""The exceptions for all errors that a user may meet, each with its exit status.

BundlerError
├── UsageError            2  wrong usage
├── CaseUnreadableError   3  no case could be read at all
├── TemplateError         4  a template is broken
├── OutputError           5  the output cannot be written
└── CaseError             1  the case has errors; nothing was written
    ├── FontGlyphError       a character that no font has
    └── FileChangedError     a file changed between check and binding
"""

from __future__ import annotations

import errno
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class ExitCode(IntEnum):
    """The exit statuses of all commands; they never change."""

    OK = 0
    INCOMPLETE = 1
    USAGE = 2
    UNREADABLE = 3
    TEMPLATE = 4
    OUTPUT = 5
    INTERRUPTED = 130


class BundlerError(Exception):
    """Base class; `message` and `fix` are Chinese.

    Args:
        message: what is wrong and where.
        fix: what to do next.
        code: the code of the rule, where there is one, such as ``FONT-GLYPH``.
    """

    exit_code = ExitCode.INCOMPLETE

    def __init__(self, message: str, *, fix: str = "", code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix
        self.code = code


class UsageError(BundlerError):
    """Wrong usage of a command."""

    exit_code = ExitCode.USAGE


class CaseUnreadableError(BundlerError):
    """No case could be read: no case.json, not UTF-8, or not JSON."""

    exit_code = ExitCode.UNREADABLE


class TemplateError(BundlerError):
    """A template is missing, broken, or uses a name that its view does not have."""

    exit_code = ExitCode.TEMPLATE


class OutputError(BundlerError):
    """The output cannot be written."""

    exit_code = ExitCode.OUTPUT


class CaseError(BundlerError):
    """The case has errors; nothing was written."""


class FontGlyphError(CaseError):
    """Characters that no installed font can print (FONT-GLYPH)."""


class FileChangedError(CaseError):
    """A file changed between check and binding (FILE-CHANGED)."""


_REASONS = {
    errno.ENOENT: "没有这个文件或者文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘限额已满",
    errno.EISDIR: "这是文件夹",
    errno.ENOTDIR: "路径里有一段不是文件夹",
    errno.EROFS: "磁盘是只读的",
    errno.ENAMETOOLONG: "名称太长",
    errno.ELOOP: "是链接",
    errno.EFBIG: "文件太大",
}


def describe_os_error(error: OSError) -> str:
    """Describe an OSError in Chinese where its errno is a common one; else in the words of the system."""
    return _REASONS.get(error.errno or 0, error.strerror or "系统没有说明原因")


def output_error(target: Path, error: OSError) -> OutputError:
    """Build the error for an output that cannot be written."""
    return OutputError(
        f"“{target}”写不了：{describe_os_error(error)}。", fix="请检查文件夹是否存在、有没有写权限、磁盘是否已满。"
    )
