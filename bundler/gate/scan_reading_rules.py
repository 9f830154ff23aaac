"""Rules about what was read on the scans of a case: warnings all, and only where they were read (``bundler read``)."""

from __future__ import annotations

from collections.abc import Iterator

from bundler.gate.context import GateContext
from bundler.regulation.rules import Finding, finding


def check_scan_readings(context: GateContext) -> Iterator[Finding]:
    """The rules about readings."""
    yield from _check_records(context)


def _check_records(context: GateContext) -> Iterator[Finding]:
    """READ-RECORD: a record that is broken, or of another file, is not used."""
    for index, material in enumerate(context.case.materials):
        reason = context.scan_readings.refused.get(material.file)
        if reason is not None:
            for item in dict.fromkeys(material.items):
                yield finding(
                    "READ-RECORD",
                    message=f"“{material.file}”的识读记录{reason}，没有采用。",
                    fix="请重新运行 bundler read。",
                    item=item,
                    path=f"/materials/{index}/file",
                )
