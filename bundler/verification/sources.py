"""A bundle compared with the case folder that it was made from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from bundler.case.reader import read_case
from bundler.manifest.model import CASE_NAME, Manifest
from bundler.materials.folder import OpeningError, read_file
from bundler.verification.problems import Problem


def sources(manifest: Manifest, case: Path) -> Iterator[Problem]:
    """Whether case.json and each source are those that were bound."""
    reading = read_case(case)
    if not reading.data:
        yield Problem("CASE-UNREADABLE", "案件文件夹里没有读得出来的 case.json，不能与来源核对。", file=CASE_NAME)
        return
    if hashlib.sha256(reading.data).hexdigest() != manifest.case.sha256:
        yield Problem("CASE-CHANGED", "case.json 与成卷时不同。", file=CASE_NAME)
    digests: dict[str, str | None] = {}
    for source in manifest.sources:
        if source.file not in digests:
            digests[source.file] = _digest(reading.folder, source.file)
            yield from _one(source.file, source.sha256, digests[source.file])
    named = {material.file for material in reading.case.materials} if reading.case else set()
    left_out = {one.sha256 for one in manifest.left_out}
    for file in sorted(named - set(digests)):
        if _digest(reading.folder, file) not in left_out and manifest.part.of == 1:
            yield Problem("SOURCE-NEW", f"“{file}”在案件里，不在卷里。", file=file)


def _one(file: str, expected: str, found: str | None) -> Iterator[Problem]:
    if found is None:
        yield Problem("SOURCE-MISSING", f"来源文件“{file}”不在案件文件夹里，或者打不开。", file=file)
    elif found != expected:
        yield Problem("SOURCE-CHANGED", f"来源文件“{file}”与装订时不同。", file=file)


def _digest(folder: Path, file: str) -> str | None:
    try:
        return hashlib.sha256(read_file(folder, file)).hexdigest()
    except (OpeningError, OSError):
        return None
