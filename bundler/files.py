"""Files appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from bundler.errors import OutputError, reason


def write_whole(target: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all; an earlier file stays until the last moment.

    Raises:
        OutputError: it cannot be written; nothing is left behind.
    """
    if target.exists() and not target.is_file():
        raise OutputError(f"“{target}”不是普通文件，不能写。", fix="请换一个文件名。")
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".bundler-")
    except OSError as error:
        raise unwritable(target, error) from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except OSError as error:
        raise unwritable(target, error) from error
    finally:
        Path(name).unlink(missing_ok=True)


def unwritable(target: Path, error: OSError) -> OutputError:
    """The error for an output that cannot be written."""
    return OutputError(f"“{target}”写不了：{reason(error)}。", fix="请检查文件夹是否存在、有没有写权限、磁盘是否已满。")


_STAMP = (1980, 1, 1, 0, 0, 0)


def zip_without_clock(data: bytes, change: Callable[[str, bytes], bytes] = lambda _, part: part) -> bytes:
    """The same zip without the time of writing.

    Args:
        data: a zip that this tool wrote.
        change: what is to become of each entry, by its name.
    """
    import io
    import zipfile

    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as plain:
        for entry in source.infolist():
            info = zipfile.ZipInfo(entry.filename, _STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            plain.writestr(info, change(entry.filename, source.read(entry)))
    return target.getvalue()
