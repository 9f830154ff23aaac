"""Follow the days, numbers, people, measures and money of an invented case, and list what contradicts itself in its data.

`contradictions` compares a case with its papers; this module compares a case with itself, so that who reads its papers
stumbles over the papers and not over the data.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any

import chinese_calendar

from bundler.case.case_step_models import Claim
from bundler.case.model import Case
from bundler.regulation.load import load_regulation
from bundler.regulation.model import count_days
from bundler.regulation.papers import Item
from tests.support.people_contradictions import list_contradictions_among_people, parties_of, principals_of

LAST_KNOWN_YEAR = 2026
"""The last year of which the calendar of working days is known."""
_PRIVATE_DAYS = {"birth_date"}
_ISO = re.compile(r"^(\d{4}-\d{2}-\d{2})(?:T[\d:]+)?$")
_TOLD_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日([^，。；]*)")
_YEAR_OF_NUMBER = re.compile(r"[（〔](\d{4})[）〕]")
_NOTICE_OF = re.compile(r"关于(?:交办|转办|督办|催办)(.+?)(?:等\d+人)?执行申诉信访事项的通知")
_AMOUNT = re.compile(r"执行到位(?:金额)?(\d+(?:\.\d{1,2})?)元")
_ACTS = (
    "查询",
    "报告财产",
    "调查",
    "约谈",
    "限制消费",
    "查封",
    "冻结",
    "扣划",
    "拍卖",
    "悬赏",
    "发放",
    "听证",
    "立案",
    "解除",
)
_BROUGHT_MONEY = re.compile(r"扣划|提取|成交|变卖|履行|交付")
_PROOFS = {
    "到期债权": ("查询", "反馈", "笔录"),
    "查询": ("查询", "反馈", "登记"),
    "报告财产": ("报告财产令", "财产申报", "财产报告"),
    "限制消费": ("限制消费令",),
    "失信": ("失信", "决定书"),
    "实地调查": ("笔录", "照片", "记录"),
    "悬赏": ("公告",),
}
"""What the proof of a measure is called, by a word of the measure's name."""
_WORDS = 4
"""So many characters in a row that a claim and the summary share tell of the same."""
_ALL_DEBTORS = ("被执行人", "均", "公司")


def list_data_contradictions(case: Case, tree: dict[str, Any]) -> list[str]:
    """List what in a case contradicts the rest of it; the kinds are those over which readers of the papers stumbled.

    Args:
        case: the case.
        tree: its data, as the case was read from.
    """
    return [
        *_days_off(tree),
        *_numbers_of_other_years(case),
        *_days_out_of_order(case),
        *_late_days(case),
        *_strange_sources(case),
        *_told_but_not_done(case, tree),
        *_silent_on_a_debtor(case),
        *_proofs_that_do_not_prove(case),
        *_money_from_nowhere(case),
        *list_contradictions_among_people(case),
    ]


def _walk(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Each text of a tree with its path."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _walk(one, f"{path}/{key}")
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from _walk(one, f"{path}/{place}")
    elif isinstance(value, str):
        yield path, value


def _iso_days(tree: object) -> Iterator[tuple[str, date]]:
    for path, text in _walk(tree):
        found = _ISO.match(text)
        if found and path.rsplit("/", 1)[-1] not in _PRIVATE_DAYS:
            yield path, date.fromisoformat(found[1])


def _days_off(tree: dict[str, Any]) -> Iterator[str]:
    """Days on which no court works: a Sunday, a Saturday or a holiday; the post works on some of them."""
    by_post = {
        f"/materials/{place}/signed_on" for place, one in enumerate(tree.get("materials", ())) if "posted_on" in one
    }
    for path, day in _iso_days(tree):
        if path in by_post:
            continue
        works = chinese_calendar.is_workday(day) if day.year <= LAST_KNOWN_YEAR else day.weekday() < 5
        if not works:
            yield f"{path} {day} 不是工作日"


def _numbers_of_other_years(case: Case) -> Iterator[str]:
    """Numbers whose year is not that of what they number."""
    register, assignment = case.registration, case.assignment
    dated: list[tuple[str | None, date | None]] = [
        (assignment.notice_no if assignment else None, _day(assignment, "received_on")),
        *((one.case_no, one.filed_on) for one in (*case.led_into, *_procedures(case))),
        *((one.no, one.filed_on) for one in case.enforcement_cases if isinstance(one.no, str)),
        (case.relief.case_no if case.relief else None, _day(case.relief, "started_on")),
    ]
    if register.received_on and register.no:
        years = re.findall(r"20\d\d", register.no)
        yield from (
            f"登记号 {register.no}，收到于 {register.received_on}"
            for year in years
            if int(year) != register.received_on.year
        )
    for number, day in dated:
        year = _YEAR_OF_NUMBER.search(number) if number else None
        if year and day and int(year[1]) != day.year:
            yield f"{number} 的年份不是 {day} 的"
    for one in case.enforcement_cases:
        year = _YEAR_OF_NUMBER.search(one.no) if isinstance(one.no, str) else None
        days = [measure.on for measure in case.enforcement_measures if measure.on]
        if year and days and min(days).year > int(year[1]) + 1:
            yield f"{one.no} 直到 {min(days)} 才有第一项措施"


def _procedures(case: Case) -> Iterator[Any]:
    return (claim.procedure for claim in case.claims if claim.procedure)


def _signed(case: Case, item: Item) -> list[date]:
    return [day for one in case.materials_for(item) if (day := one.signed_on or one.posted_on)]


def _day(part: object, *keys: str) -> date | None:
    """The day at some attributes of a part of a case; None where the case does not have it."""
    for key in keys:
        part = getattr(part, key, None)
    return part if isinstance(part, date) else None


def _days_out_of_order(case: Case) -> Iterator[str]:
    """Steps of which a later one has an earlier day."""
    replied, requested = _day(case.reply, "replied_on"), _day(case.write_off, "requested_on")
    chain: list[tuple[str, date | None]] = [
        ("收到", case.registration.received_on),
        ("转交", _day(case.transfer, "transferred_on")),
        ("承办人收到", _day(case.transfer, "received_on")),
        ("受理", _day(case.acceptance, "accepted_on")),
        ("受理告知", _day(case.acceptance, "notice_on")),
        ("约谈", _day(case.interview, "held_on")),
        *(("工作措施", one.on) for one in case.measures[:1]),
        ("呈批", _day(case.approval, "submitted_on")),
        ("同意", _day(case.approval, "leader_consent", "on")),
        ("答复", replied),
        *(("答复送达", day) for day in sorted(_signed(case, Item.REPLY_SERVICE))),
        *(("承诺", day) for day in sorted(_signed(case, Item.COMMITMENT))),
        ("申请核销", requested),
        *(("回访", one.on) for one in case.follow_ups),
    ]
    steps = [(name, day) for name, day in chain if day]
    yield from (
        f"{name} {day} 早于{before} {earlier}" for (before, earlier), (name, day) in pairwise(steps) if day < earlier
    )
    given = [_day(case.relief, key) for key in ("referred_on", "started_on", "paid_on")]
    known = [day for day in given if day]
    if known != sorted(known):
        yield f"救助的报请、启动、发放先后不对：{'、'.join(map(str, known))}"
    discussed = _day(case.approval, "collective", "on")
    if discussed and replied and discussed > replied:
        yield f"集体研究 {discussed} 晚于答复 {replied}"
    receipts = case.materials_for(Item.REPLY_SERVICE)
    if _signed(case, Item.COMMITMENT) and receipts and not any(one.signed_on for one in receipts):
        yield "答复还没有签收，已有承诺书"
    for number, claim in enumerate(case.claims, 1):
        for one in claim.measures:
            if requested and (not one.done or one.on > requested):
                yield f"第{number}项的措施定于 {one.on}，申请核销 {requested}"


def _late_days(case: Case) -> Iterator[str]:
    """Steps after the limit that the regulation or the assigning body set."""
    limits, transfer, received = load_regulation().limits, case.transfer, case.registration.received_on
    handed = transfer.received_on if transfer else None
    if (
        received
        and transfer
        and transfer.transferred_on
        and transfer.transferred_on > count_days(limits.transfer, received).day
    ):
        yield f"转交 {transfer.transferred_on} 逾期"
    held = case.interview.held_on if case.interview else None
    if handed and held and held > count_days(limits.interview, handed).day:
        yield f"约谈 {held} 逾期"
    served = [one.signed_on for one in case.materials_for(Item.REPLY_SERVICE) if one.signed_on]
    if handed and served and max(served) > count_days(limits.reply, handed).day:
        yield f"答复送达 {max(served)} 逾期"
    due = case.assignment.feedback_due if case.assignment else None
    reported = case.feedback_report.reported_on if case.feedback_report else None
    if due and reported and reported > due:
        yield f"报告 {reported} 晚于反馈期限 {due}"


def _strange_sources(case: Case) -> Iterator[str]:
    """A source that is not the channel, an assignment that the registration does not tell of, a notice about somebody else."""
    register, assignment = case.registration, case.assignment
    source, channel = register.source or "", register.channel
    came = {"visit": "来访", "letter": "来信", "network": "网", "phone": "来电"}.get(channel or "", "")
    if assignment and not any(word in source for word in ("交办", "转办", "督办", "上级")):
        yield f"有交办，来源写{source}"
    if "上级" in source and not (assignment and assignment.body):
        yield f"来源写{source}，没有交办"
    if assignment and channel == "visit" and "上级" in source:
        yield f"来源写{source}，形式是走访"
    if not assignment and came not in source:
        yield f"来源写{source}，形式是{channel}"
    title = _NOTICE_OF.search(assignment.notice_title or "") if assignment else None
    names = [one.name for one in principals_of(case) if one.name]
    if title and not all(name in names for name in title[1].split("、")):
        yield f"交办通知写{title[1]}，信访人是{'、'.join(names)}"
    if (
        case.reception
        and case.reception.received_at
        and channel == "letter"
        and case.reception.received_at == register.received_on
    ):
        yield "来信的当日接待"
    told = "建议" if register.nature == "suggestion" else "反映"
    if register.summary and told not in register.summary:
        yield f"{register.nature} 的摘要没有写{told}：{register.summary}"
    if case.decision == "accepted" and register.summary:
        lacking = [one for one in case.claims if not _stands_in(register.summary, one)]
        yield from (f"摘要没有写 {one.demand or one.statement}" for one in lacking)


def _stands_in(summary: str, claim: Claim) -> bool:
    """Whether a summary has some words in a row of a claim."""
    texts = [text for text in (claim.demand, claim.title, claim.statement) if text]
    parts = {text[place : place + _WORDS] for text in texts for place in range(len(text) - _WORDS + 1)}
    return any(part in summary for part in parts)


def _told_but_not_done(case: Case, tree: dict[str, Any]) -> Iterator[str]:
    """A day told in a text, with an act, of which no entry of a case that lists its measures has that day and act."""
    if not case.enforcement_measures:
        return
    entries: dict[date, str] = defaultdict(str)
    for path, day in _iso_days(tree):
        parent: Any = tree
        for step in path.split("/")[1:-1]:
            parent = parent[int(step)] if isinstance(parent, list) else parent[step]
        words = {
            "filed_on": "立案",
            "held_on": "约谈" if "/interview" in path else "听证",
            "on": "调查" if "/investigations" in path else "",
        }
        entries[day] += json.dumps(parent, ensure_ascii=False) + words.get(path.rsplit("/", 1)[-1], "")
    told = [text for claim in case.claims for text in (claim.facts, claim.reason, claim.result) if text]
    told += [
        text
        for text in (case.reply and case.reply.case_facts, case.feedback_report and case.feedback_report.found)
        if text
    ]
    for text in told:
        for found in _TOLD_DAY.finditer(text):
            day = date(int(found[1]), int(found[2]), int(found[3]))
            acts = [act for act in _ACTS if act in found[4]]
            if acts and not any(act in entries[day] for act in acts):
                yield f"写了 {found[0]}，案件里没有这一项"


def _silent_on_a_debtor(case: Case) -> Iterator[str]:
    """A measure that is told of one debtor and not of the other."""
    debtors = list(dict.fromkeys(name for parties in parties_of(case) for name in parties.respondents))
    measures: dict[str, str] = defaultdict(str)
    for one in case.enforcement_measures:
        measures[one.name] += f"{one.result or ''}{one.not_taken_because or ''}"
    for name, told in measures.items():
        silent = [debtor for debtor in debtors if debtor not in told]
        if 0 < len(silent) < len(debtors) and not any(word in told for word in _ALL_DEBTORS):
            yield f"{name} 没有写{'、'.join(silent)}"


def _proofs_that_do_not_prove(case: Case) -> Iterator[str]:
    for name, proof in ((one.name, one.proof) for one in case.enforcement_measures):
        words = next((words for act, words in _PROOFS.items() if act in name), None)
        if proof and words and not any(word in proof for word in words):
            yield f"{name} 的佐证是{proof}"


def _money_from_nowhere(case: Case) -> Iterator[str]:
    """Sums that came in though no measure brought any, and relief of more than is unpaid."""
    relief, request = case.relief, case.write_off
    sums = [one.amount for one in (request.payments if request else ()) if "救助" not in one.name]
    sums += [relief.enforced] if relief and relief.enforced and float(relief.enforced) else []
    sums += [found[1] for claim in case.claims for found in _AMOUNT.finditer(claim.facts or "")]
    brought = any(_BROUGHT_MONEY.search(f"{one.name}{one.result or ''}") for one in case.enforcement_measures)
    if sums and case.enforcement_measures and not brought:
        yield f"执行到位 {sums[0]}元，没有扣划、拍卖等措施"
    if relief and relief.unenforced:
        given = [one for one in (relief.asked, relief.proposed, relief.amount) if one]
        yield from (
            f"救助 {one}元 多于未执行到位的 {relief.unenforced}元"
            for one in given
            if float(one) > float(relief.unenforced)
        )
    if relief and relief.amount and sums and float(sums[0]) >= float(relief.amount) and not relief.unenforced:
        yield "发放了救助金，没有写未执行到位多少"
