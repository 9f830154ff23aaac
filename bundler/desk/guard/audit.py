"""The audit file of a desk: a line for each who comes and goes, each change and each download.

Each line carries the digest of the one before, so that a line that is changed or taken out between two others shows.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from starlette.requests import Request

from bundler import clock
from bundler.case.masking import masked
from bundler.errors import OutputError, reason

AUDIT_FILE = Path(".desk") / "audit.jsonl"
_FIRST = "0" * 64
_TAIL = 256 * 1024


def audit(
    request: Request,
    action: str,
    *,
    case: str = "",
    files: Sequence[tuple[str, str]] = (),
    places: Sequence[str] = (),
) -> None:
    """Write a line.

    Args:
        request: which asked for it; its state says whose it is.
        action: what was done.
        case: the case folder, relative to the desk's.
        files: what was made, taken in or handed out: names without a folder, each with its digest.
        places: the places of case.json that were changed; never their values.

    Raises:
        OutputError: it cannot be written.
    """
    line: dict[str, Any] = {
        "at": clock.now().isoformat(timespec="seconds"),
        "actor": masked(str(getattr(request.state, "actor", ""))),
        "from": request.client.host if request.client else "",
        "action": action,
    }
    if case:
        line["case"] = masked(case)
    if files:
        line["files"] = [{"file": masked(name), "sha256": digest} for name, digest in files]
    if places:
        line["places"] = [masked(place) for place in places]
    _append(request.app.state.desk.root / AUDIT_FILE, line)


def _append(path: Path, line: dict[str, Any]) -> None:
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with os.fdopen(os.open(path, flags, 0o600), "r+b", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            size = os.fstat(file.fileno()).st_size
            tail = os.pread(file.fileno(), _TAIL, max(0, size - _TAIL))
            data = json.dumps(line | {"before": _digest_of_last(tail)}, ensure_ascii=False).encode("utf-8", "replace")
            # A line that a killed desk left half begins no other: what is whole stays readable.
            file.write((b"" if not tail or tail.endswith(b"\n") else b"\n") + data + b"\n")
    except OSError as error:
        raise OutputError(f"操作记录写不了：{reason(error)}。", fix="请告诉管理员。") from error


def _digest_of_last(tail: bytes) -> str:
    lines = tail.splitlines()
    return hashlib.sha256(lines[-1]).hexdigest() if lines else _FIRST
