"""The effect of the work on a petition (工作效果) and its present state (目前状态), where the case does not write them (Art. 14)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bundler.case.model import Case
from bundler.documents.document_subjects import list_principals
from bundler.documents.views.fact_cutoff_date import DocumentDay
from bundler.documents.views.reply_opinion import count_outcomes
from bundler.documents.views.reply_service import ReplyService
from bundler.documents.views.rewording_for_outside_readers import in_third_person
from bundler.printable_text import format_day

_SEVERAL = 2
_OUTCOMES = {
    "supported": "支持",
    "explained": "解释说明",
    "not_supported": "不予支持",
    "led_into": "导入法定程序",
    "told": "告知法定程序",
}


def tell_effect(case: Case, moment: DocumentDay, service: ReplyService, signed: Sequence[date]) -> str | None:
    """The outcomes of several claims, the relief, and the service and commitments as far as known on whom and of whom.

    Args:
        case: the case.
        moment: when the paper speaks; what happened later is left out.
        service: of the reply, by then.
        signed: the days of the commitments signed by then.
    """
    relief = case.relief
    paid = moment.known(relief.paid_on) if relief else None
    told = []
    if relief and paid and relief.amount:
        told.append(f"救助金{relief.amount}元已于{format_day(paid)}发放")
    if service.served_to_all or service.served_names:
        days = "、".join(map(format_day, service.served_days))
        apart = "分别" if len(service.served_days) > 1 else ""
        told.append(f"答复意见书已{apart}于{days}送达{'、'.join(service.served_names) or '信访人'}")
    elif service.posted_on and service.rest_posted and not service.served_on:
        told.append(f"答复意见书已于{format_day(service.posted_on)}交寄")
    if signed and len(signed) >= len(list_principals(case)):
        told.append(f"信访人于{format_day(max(signed))}签署息诉罢访承诺书")
    outcomes = _tell_outcomes(case, moment)
    return f"{outcomes}{'，'.join(told)}。" if told else outcomes or None


def _tell_outcomes(case: Case, moment: DocumentDay) -> str:
    """How many of several claims were answered in which way; empty for one claim, and while one is not answered."""
    claims, reply = case.claims, case.reply
    is_answered = reply and moment.known(reply.replied_on) and all(claim.outcome for claim in claims)
    if len(claims) < _SEVERAL or not is_answered or case.registration.nature != "complaint":
        return ""
    counts = "，".join(f"{_OUTCOMES[one.outcome]}{one.count}项" for one in count_outcomes(case))
    return f"信访人的{len(claims)}项请求已经逐项答复：{counts}。"


def tell_unfinished(case: Case, moment: DocumentDay) -> str | None:
    """The measures promised in the reply that are not done yet, those whose day has passed among them."""
    told = []
    for one in (one for claim in case.claims for one in claim.measures if one.text and not one.done):
        text = f"我院将于{format_day(one.on)}前{one.text}" if moment.is_later(one.on) else f"{one.text}尚在办理"
        told.append(in_third_person(text, us="我院") or "")
    return f"{'；'.join(dict.fromkeys(told))}。" if told else None
