"""Rules about what was read on the scans of a case: warnings all, and only where they were read (``bundler read``)."""

from __future__ import annotations

from collections.abc import Iterator

from bundler.gate.rule_input import GateContext
from bundler.regulation.findings import Finding, finding


def check_scan_readings(context: GateContext) -> Iterator[Finding]:
    """The rules about readings."""
    yield from _check_records(context)
    if context.scan_readings.by_file:
        yield from _check_contents(context)


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


def _check_contents(context: GateContext) -> Iterator[Finding]:
    """What the records say; loaded only where there is one, because a check without any must start quickly."""
    from bundler.gate import scan_content_rules, scan_page_rules
    from bundler.gate.material_readings import list_scanned_materials
    from bundler.gate.scan_twin_rules import check_twins

    materials = list_scanned_materials(context)
    identity = scan_content_rules.CaseIdentity.of(context.case)
    for material in materials:
        yield from scan_page_rules.check_turned(material)
        yield from scan_page_rules.check_unclear(material)
        yield from scan_page_rules.check_seal(material)
        yield from scan_content_rules.check_case(material, identity)
        yield from scan_content_rules.check_item(material, context.regulation.papers)
        yield from scan_content_rules.check_dates(material)
    yield from scan_page_rules.check_page_numbers(materials)
    yield from check_twins(materials, identity.names)
