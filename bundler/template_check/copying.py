"""A court's own folder of templates, begun as a copy of the shipped ones."""

from __future__ import annotations

import shutil
from pathlib import Path

from bundler.atomic_write import write_atomic
from bundler.errors import OutputError, UsageError, reason
from bundler.template_check.authoring import names_text
from bundler.template_check.contracts import contracts

NAMES_FILE = "可用名称.txt"
_STYLE = "pages/pages.css"


def copy_templates(source: Path, folder: Path) -> tuple[Path, ...]:
    """Copy every template, and write beside them the list of names that they may use.

    Returns:
        the files written.

    Raises:
        UsageError: a file of that name stands there already; nothing is written.
        OutputError: the folder cannot be written.
    """
    wanted = [*contracts(), _STYLE]
    standing = [name for name in (*wanted, NAMES_FILE) if (folder / name).exists()]
    if standing:
        raise UsageError(f"“{folder}”里已经有“{standing[0]}”，没有改动。", fix="请换一个文件夹。")
    try:
        (folder / "pages").mkdir(parents=True, exist_ok=True)
        for name in wanted:
            shutil.copyfile(source / name, folder / name)
    except OSError as error:
        raise OutputError(f"“{folder}”写不了：{reason(error)}。", fix="请检查路径和权限。") from error
    write_atomic(folder / NAMES_FILE, (names_text(None) + "\n").encode())
    return tuple(folder / name for name in (*wanted, NAMES_FILE))
