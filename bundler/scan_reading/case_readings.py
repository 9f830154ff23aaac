"""The records of a case (``.readings/``), matched with its files by digest: those that count, and those that do not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bundler.atomic_write import write_atomic
from bundler.digest import sha256_of
from bundler.errors import OutputError
from bundler.file_inspection_record import FileRecord
from bundler.materials.safe_opening import OpeningError, read_file

if TYPE_CHECKING:  # loaded when there is a record: a check of a case without one must start quickly
    from bundler.scan_reading.record import ScanReading

FOLDER = ".readings"
"""Hidden, so that it is no material and in no list of files."""
MAX_BYTES = 64 * 1024 * 1024


class RecordError(ValueError):
    """The bytes are not the record of the file; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class CaseReadings:
    """The records of a case.

    Attributes:
        by_file: what was read on each file, by its name in the case; files without a record are not in it.
        digests: the SHA-256 of each of these records.
        refused: why a record is not used, in Chinese, by the name of the file that it should belong to.
    """

    by_file: Mapping[str, ScanReading] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)


NO_READINGS = CaseReadings()


def record_name(sha256: str) -> str:
    """The path of a file's record, relative to the case folder."""
    return f"{FOLDER}/{sha256}.json"


def load_case_readings(folder: Path, records: Mapping[str, FileRecord]) -> CaseReadings:
    """Load the records of a case's files; nothing that is wrong with one of them is an error.

    Args:
        folder: the case folder.
        records: what was found in each file, by its name.
    """
    if not (folder / FOLDER).is_dir():
        return NO_READINGS
    by_file: dict[str, ScanReading] = {}
    digests: dict[str, str] = {}
    refused: dict[str, str] = {}
    for name, record in records.items():
        if not record.sha256:
            continue
        try:
            data = read_file(folder, record_name(record.sha256))
            by_file[name] = _record_of(data, record)
            digests[name] = sha256_of(data)
        except OpeningError as error:
            if error.rule != "FILE-MISSING":
                refused[name] = error.message.rstrip("。")
        except RecordError as error:
            refused[name] = str(error)
    return CaseReadings(by_file, digests, refused)


def parse_record(data: bytes) -> ScanReading:
    """Read a record from untrusted bytes.

    Raises:
        RecordError: the bytes are no record.
    """
    from bundler.scan_reading.record import ScanReading

    if len(data) > MAX_BYTES:
        raise RecordError("超过 64 MB")
    try:
        return ScanReading.model_validate_json(data, strict=True)
    except ValueError:
        raise RecordError("内容不完整，或者被改动过") from None


def _record_of(data: bytes, record: FileRecord) -> ScanReading:
    """Read the record of a file.

    Raises:
        RecordError: the bytes are no record, or that of another file.
    """
    reading = parse_record(data)
    if reading.source != record.sha256:
        raise RecordError("写明的是另一个文件")
    if reading.scans and reading.scans[-1] > len(record.pages):
        raise RecordError("写明的页比文件的页多")
    return reading


def record_bytes(reading: ScanReading) -> bytes:
    """The record as it is written: UTF-8 JSON, keys in the order of the model; the same reading gives the same bytes."""
    return reading.model_dump_json().encode() + b"\n"


def write_record(folder: Path, reading: ScanReading) -> None:
    """Write the record of a file into its case folder.

    Raises:
        OutputError: it cannot be written.
    """
    path = folder / record_name(reading.source)
    if path.parent.is_symlink():
        raise OutputError(f"“{path.parent}”是一个链接，不能写。", fix="请删去这个链接，再运行 bundler read。")
    try:
        path.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(f"“{path.parent}”建不了。", fix="请检查案件文件夹的权限和磁盘空间。") from error
    write_atomic(path, record_bytes(reading), durable=False)
