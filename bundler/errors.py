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
    errno.EEXIST: "已经有同名的文件、文件夹或者链接",
    errno.ENOTEMPTY: "文件夹里还有文件",
    errno.EBUSY: "正被别的程序占用",
    errno.EAGAIN: "正被别的程序占用",
    errno.ETXTBSY: "正被别的程序占用",
    errno.EINVAL: "名称或者操作不合规",
    errno.EILSEQ: "名称不合规",
    errno.ENXIO: "是没有人读写的管道或者设备",
    errno.ENODEV: "没有这个设备",
    errno.EIO: "磁盘读写出错",
    errno.EXDEV: "不在同一个磁盘上",
    errno.EMFILE: "同时打开的文件太多",
    errno.ENFILE: "同时打开的文件太多",
    errno.ENOMEM: "内存不足",
    errno.ENOLCK: "这个磁盘不能加锁",
    errno.ENOTSUP: "这个磁盘不支持这样的操作",
    errno.ESTALE: "网络磁盘上的文件已经变了",
    errno.ETIMEDOUT: "网络磁盘没有响应",
    errno.EHOSTDOWN: "网络磁盘没有响应",
    errno.EPIPE: "接收的程序已经关闭",
    errno.EADDRINUSE: "端口已被别的程序占用",
    errno.EADDRNOTAVAIL: "本机没有这个地址",
}


def describe_os_error(error: OSError) -> str:
    """Describe an OSError in Chinese: by its errno where that is a common one, else with its number."""
    if error.errno is None:
        return "系统没有说明原因"
    return _REASONS.get(error.errno, f"系统错误 {error.errno}")


def output_error(target: Path, error: OSError) -> OutputError:
    """Build the error for an output that cannot be written."""
    return OutputError(
        f"“{target}”写不了：{describe_os_error(error)}。", fix="请检查文件夹是否存在、有没有写权限、磁盘是否已满。"
    )
