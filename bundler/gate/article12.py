"""Art. 12: the registration's eight fields, and the entry in the petition system."""

from __future__ import annotations

from collections.abc import Iterator

from bundler.case.field_types import Unknown
from bundler.documents.requirements.common import MissingField
from bundler.documents.requirements.forms import require_registration
from bundler.gate.context import GateContext
from bundler.regulation.papers import Item
from bundler.regulation.rules import Finding, finding


def art12(context: GateContext) -> Iterator[Finding]:
    """Each of the eight fields that is missing, and each that may not be unknown."""
    for need in (*require_registration(context.case), *_wrongly_unknown(context)):
        yield finding(
            "ART12",
            message=f"登记事项缺少{need.label}。",
            fix=f"请在 case.json 的 {need.path} 填写{need.label}。",
            item=Item.REGISTRATION,
            path=need.path,
        )


def _wrongly_unknown(context: GateContext) -> Iterator[MissingField]:
    """An accepted case may leave only the phone unknown; a declined one also number, parties and handler."""
    if context.case.decision == "declined":
        return
    for index, enforcement in enumerate(context.case.enforcement_cases):
        if isinstance(enforcement.no, Unknown):
            yield MissingField(f"/enforcement_cases/{index}/no", "执行案号（已受理的案件不能写不详）")
        if isinstance(enforcement.parties, Unknown):
            yield MissingField(f"/enforcement_cases/{index}/parties", "案件当事人（已受理的案件不能写不详）")
    if isinstance(context.case.people.handler, Unknown):
        yield MissingField("/people/handler", "案件承办人（已受理的案件不能写不详）")


def art12_system(context: GateContext) -> Iterator[Finding]:
    """应录尽录: no case outside the system."""
    if context.case.registration.system_no is None:
        yield finding(
            "ART12-SYSTEM",
            message="没有执行申诉信访系统的录入号。",
            fix="请录入系统后，填写 system_no 和 system_on。",
            item=Item.REGISTRATION,
            path="/registration/system_no",
        )
