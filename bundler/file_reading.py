"""Read untrusted files safely, explain a mistake in TOML, and notice that a file has changed without opening it."""

from __future__ import annotations

import errno
import os
import re
import stat
import tomllib
from pathlib import Path
from typing import Any

from bundler.errors import UsageError

_LINE = re.compile(r"\(at line (\d+), column (\d+)\)")
_LONGEST_LINE = 40
_STRAIGHT = {
    **dict.fromkeys("“”‘’", '"'),
    "＝": "=",
    "，": ",",
    "、": ",",
    "［": "[",
    "］": "]",
    "【": "[",
    "】": "]",
    "＂": '"',
    "＃": "#",
}
"""Characters that a Chinese keyboard or a word processor writes, each with the one that TOML has."""


def read_bounded(path: Path, max_bytes: int, *, follow: bool = False) -> bytes:
    """Read a regular file; a pipe does not block, and a device is not read.

    Args:
        path: the file.
        max_bytes: the largest size that is accepted.
        follow: whether the path may be a symbolic link.

    Raises:
        OSError: the file cannot be read, is not a regular file, or is larger.
    """
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | (0 if follow else os.O_NOFOLLOW)
    with os.fdopen(os.open(path, flags), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EACCES, "no regular file")
        data = file.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise OSError(errno.EFBIG, "too large")
    return data


def parse_toml(data: bytes, title: str, example: str) -> dict[str, Any]:
    """Parse a TOML file that an office keeps.

    Args:
        data: its bytes.
        title: what messages call it, such as 规定文件“规定.toml”.
        example: the name of a file of this kind that is right.

    Raises:
        UsageError: it is not UTF-8 or not TOML.
    """
    fix = f"请照 {example} 的写法修改。"
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{title}不是 UTF-8 编码。", fix="请用 UTF-8 编码另存。") from error
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise UsageError(f"{title}嵌套太深。", fix=fix) from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{title}不是正确的 TOML：{explain_toml_error(text, error)}。", fix=fix) from error


def explain_toml_error(text: str, error: tomllib.TOMLDecodeError) -> str:
    """Say in Chinese in which line of a text TOML is wrong, and how to write it.

    Args:
        text: the text that was parsed.
        error: what the parser says.
    """
    lines, found = text.replace("\r\n", "\n").split("\n"), _LINE.search(str(error))
    number, column = (int(found[1]), int(found[2])) if found else (len(lines), 1)
    line = lines[number - 1] if number <= len(lines) else ""
    reason = _toml_reason(line, line[column - 1 : column], str(error))
    shown = line.strip() if len(line.strip()) <= _LONGEST_LINE else f"{line.strip()[:_LONGEST_LINE]}…"
    if not found:
        return f"文件末尾或者前面：{reason}"
    return f"第 {number} 行“{shown}”：{reason}" if shown else f"第 {number} 行：{reason}"


def _toml_reason(line: str, wrong: str, told: str) -> str:
    """What is wrong in a line, from the character at which the parser stopped and from what it says."""
    if wrong in _STRAIGHT and wrong:
        right = _STRAIGHT[wrong]
        return '引号要用英文的（直的）"，不用中文的“”' if right == '"' else f"“{wrong}”要用英文的 {right}"
    if "Illegal character" in told or "Unterminated" in told or ("Expected newline" in told and '"' in line):
        return '引号没有成对：文字的开头、结尾各写一个英文的（直的）"，中间不能再有'
    if "Cannot overwrite" in told or "Cannot declare" in told or "twice" in told or "Duplicate" in told:
        return "同一项、同一段写了两次"
    if "Invalid value" in told:
        return "等号后面的写法不对：文字用英文引号括起来，数字不加引号，其他只能写 true、false 或者方括号的一列"
    return "写法不对"


def file_stamp(path: str) -> str:
    """A text that changes when the file is written, replaced or removed; the file is not opened.

    Args:
        path: the file, as text: this is called for tens of thousands of files every few seconds.
    """
    try:
        found = os.stat(path, follow_symlinks=False)  # noqa: PTH116 (see above)
    except (OSError, ValueError):
        return "gone;"
    return f"{found.st_mtime_ns},{found.st_ctime_ns},{found.st_size},{found.st_ino};"
