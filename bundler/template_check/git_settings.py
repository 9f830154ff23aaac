"""Set up a git repository so that ``git diff`` shows the changed words of Word templates."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

from bundler.atomic_write import write_atomic
from bundler.errors import OutputError, UsageError, describe_os_error

ATTRIBUTES_LINE = "*.docx diff=docx"
_ATTRIBUTES_FILE = ".gitattributes"
_TIME_LIMIT = 30
"""Seconds that git may take for a setting."""


def configure_git(folder: Path) -> tuple[str, ...]:
    """Write the settings of a repository, and return them in Chinese.

    The command that turns a Word file into text is written with the path of this Python, so that it is found although
    ``bundler`` stands in no folder of ``PATH``. File names are shown as they are and not as octal numbers.

    Args:
        folder: any folder of the repository.

    Raises:
        UsageError: git is not installed, or the folder is in no repository.
        OutputError: ``.gitattributes`` cannot be written.
    """
    root = Path(_run_git(folder, "rev-parse", "--show-toplevel"))
    textconv = f"{shlex.quote(sys.executable)} -P -m bundler templates text"
    _run_git(root, "config", "diff.docx.textconv", textconv)
    _run_git(root, "config", "core.quotePath", "false")
    _add_attributes_line(root / _ATTRIBUTES_FILE)
    return (
        f"{root / _ATTRIBUTES_FILE}：{ATTRIBUTES_LINE}",
        f"diff.docx.textconv：{textconv}",
        "core.quotePath：false（中文文件名照原样显示）",
    )


def _run_git(folder: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 (fixed arguments; the folder is where it runs)
            ["git", *arguments],  # noqa: S607 (the user's own git)
            cwd=folder,
            capture_output=True,
            check=False,
            timeout=_TIME_LIMIT,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UsageError(f"“{folder}”里运行不了 git。", fix="请检查文件夹，并安装 git。") from error
    if done.returncode:
        raise UsageError(f"“{folder}”不在 git 仓库里，或者设置写不进去。", fix="请先在模板所在的文件夹运行 git init。")
    return done.stdout.decode("utf-8", "surrogateescape").rstrip("\n")


def _add_attributes_line(path: Path) -> None:
    """Add the line to ``.gitattributes``, unless it is there."""
    try:
        old = path.read_bytes() if path.exists() else b""
    except OSError as error:
        raise OutputError(f"“{path}”读不了：{describe_os_error(error)}。", fix="请检查权限。") from error
    if ATTRIBUTES_LINE.encode() in (line.strip() for line in old.splitlines()):
        return
    gap = b"" if not old or old.endswith(b"\n") else b"\n"
    write_atomic(path, old + gap + ATTRIBUTES_LINE.encode() + b"\n")
