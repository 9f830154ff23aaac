"""Findings of the gate: which rule is broken, where, what is wrong, and what the clerk should do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bundler.regulation.papers import Item
from bundler.regulation.rule_codes import Severity, severity_of

MAX_OF_A_RULE = 500
"""How many findings of one rule are listed; one more finding gives the number of the rest."""
REST_FIX = "请先改正已经列出的，再检查一次。"
"""What to do about findings that are not listed."""


@dataclass(frozen=True, slots=True)
class ScanPlace:
    """A place on a scanned page that a finding is about.

    Attributes:
        file: the file, as the case names it.
        page: the page of the file, from 1.
        box: left, top, right and bottom in pixels of the page as a viewer shows it.
        size: width and height of that page, in pixels.
        read: what was read there; empty where the finding is about a picture or about nothing that was read.
    """

    file: str
    page: int
    box: tuple[int, int, int, int]
    size: tuple[int, int]
    read: str = ""

    def as_json(self) -> dict[str, Any]:
        """The JSON form, as in ``check --json``."""
        return {"file": self.file, "page": self.page, "box": list(self.box), "size": list(self.size), "read": self.read}


@dataclass(frozen=True, slots=True)
class Finding:
    """A statement of the gate about one case: the rule, the place, what is wrong, and what the clerk should do.

    Attributes:
        article: the article that the rule comes from; the gate fills it in from the regulation in force.
        path: the JSON Pointer of the place in case.json; "" for the whole of it, and for what is no matter of a field.
        places: where on the scans it was read; only findings about readings have any.
    """

    rule: str
    severity: Severity
    article: str | None
    item: Item | None
    path: str
    message: str
    fix: str
    places: tuple[ScanPlace, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The JSON form, as in ``check --json``; places only where there are any."""
        value: dict[str, Any] = {
            "rule": self.rule,
            "severity": self.severity.value,
            "article": self.article,
            "item": self.item.value if self.item else None,
            "path": self.path,
            "message": self.message,
            "fix": self.fix,
        }
        return {**value, "places": [place.as_json() for place in self.places]} if self.places else value


def finding(rule: str, *, message: str, fix: str, item: Item | None = None, path: str = "") -> Finding:
    """Make a finding of a rule, with its severity; its article is filled in by `Regulation.cite`."""
    return Finding(rule, severity_of(rule), None, item, path, message, fix)


def limit_findings(findings: Iterable[Finding], not_described: Mapping[str, int]) -> list[Finding]:
    """The first findings of each rule, and for a rule that has more a finding with their number.

    Args:
        findings: in their order.
        not_described: by rule, how many more there are than these, which nobody described.
    """
    counts: Counter[str] = Counter()
    listed: list[Finding] = []
    for found in findings:
        counts[found.rule] += 1
        if counts[found.rule] <= MAX_OF_A_RULE:
            listed.append(found)
    articles = {found.rule: found.article for found in listed}
    for rule in dict.fromkeys((*counts, *not_described)):
        more = max(counts[rule] - MAX_OF_A_RULE, 0) + not_described.get(rule, 0)
        if more:
            message = f"同样的问题另有 {more} 处，没有逐一列出。"
            listed.append(replace(finding(rule, message=message, fix=REST_FIX), article=articles.get(rule)))
    return listed
