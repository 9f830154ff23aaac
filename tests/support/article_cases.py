"""Generated cases for the duties of each article: a small court, and for each rule of an article a case that breaks it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.support import cases
from tests.support.case_folders import SCAN_NAME, add_scans, scan_file, write_case

Tree = dict[str, Any]
TODAY = "2021-12-20"
OUTSIDE = {
    "checked": "经查询，该案由样某区人民法院执行。",
    "reason": "该案的执行由样某区人民法院负责。",
    "work_done": "本院已于2021年10月8日向信访人当面释明上述情况。",
    "noted_on": "2021-10-09",
}
ASSIGNED = {
    "body": "济南市中级人民法院",
    "notice_no": "济执信交〔2021〕9018号",
    "received_on": "2021-09-16",
    "notice_title": "交办通知",
    "feedback_due": "2021-12-24",
}


def full_case() -> Tree:
    """An assigned case with every meeting and later duty, which fills all papers of an accepted case; nothing is drafted yet."""
    tree = cases.without_property(cases.with_records(cases.write_off()))
    tree["people"] |= {"clerk": {"name": "周某某"}, "team": {"name": "吴某某"}}
    tree["registration"]["brief"] = "执行措施"
    tree["interview"]["place"] = "本院接访室"
    tree["petitioners"][0]["address"] = "样某区样某街道"
    tree["assignment"] = copy.deepcopy(ASSIGNED)
    tree["not_ours"] = copy.deepcopy(OUTSIDE)
    return with_pages(tree)


def with_pages(tree: Tree) -> Tree:
    """The case with a page of the generated scan for each paper that it names."""
    for page, material in enumerate(tree["materials"], start=1):
        material |= {"file": SCAN_NAME, "pages": str(page)}
    return tree


def waiting_case(received: str, handler: str) -> Tree:
    """A case received on a day and handed over, with nothing done since."""
    tree = cases.archive()
    tree["registration"]["received_on"] = received
    tree["transfer"] = {"transferred_on": received, "received_on": received}
    tree["people"]["handler"] = {"name": handler}
    tree["materials"] = []
    for later in ("interview", "approval", "reply"):
        del tree[later]
    tree["acceptance"] = {"accepted_on": received, "notice_on": received}
    return tree


def write_court(root: Path) -> None:
    """Seven cases: one to write off and sealed, one that lacks its commitment, two waiting, one archived, one declined, one with all papers.

    One of the waiting cases has an appointment on the day, the other is long overdue.
    """
    sealed = add_scans(cases.write_off())
    sealed["assignment"] = ASSIGNED | {"feedback_on": "2021-11-20"}
    lacking = add_scans(cases.write_off())
    lacking["materials"] = [one for one in lacking["materials"] if "commitment" not in one["items"]]
    booked = waiting_case("2021-12-14", "陈某某")
    booked["interview"] = {"held_on": "2021-12-16"}
    booked["appointments"] = [{"reserved_for": f"{TODAY}T09:30", "place": "本院接访室", "arranged_by": "孙某某"}]
    booked["ledgers"] = ["special"]
    booked["follow_ups"] = [{"on": "2021-12-22", "means": "电话"}]
    late = waiting_case("2021-09-16", "赵某某") | {"ledgers": ["supervised"], "assignment": copy.deepcopy(ASSIGNED)}
    archived = add_scans(cases.archive()) | {"ledgers": ["backlog"]}
    refused = add_scans(cases.declined(7))
    refused["people"]["handler"] = {"name": "李某某"}
    refused["petitioners"][0]["address"] = "样某区样某街道"
    made = {
        "条信访2021-0001": sealed,
        "条信访2021-0002": lacking,
        "条信访2021-0003": booked,
        "条信访2021-0004": late,
        "条信访2021-0006": archived,
        "条信访2021-0007": refused,
        "条信访2021-0008": full_case(),
    }
    for number, tree in made.items():
        write_case(root / number, tree, number)


def _without_item(tree: Tree, item: str) -> Tree:
    tree["materials"] = [one for one in tree["materials"] if item not in one["items"]]
    return tree


def _changed(tree: Tree, place: str, value: Any) -> Tree:  # noqa: ANN401 (a value of a case)
    """The case with another value at a place such as ``people/leader``; with None, without what stands there."""
    *parents, key = place.split("/")
    node: Any = tree
    for step in parents:
        node = node[int(step)] if isinstance(node, list) else node[step]
    if value is not None:
        node[int(key) if isinstance(node, list) else key] = value
    else:
        del node[int(key) if isinstance(node, list) else key]
    return tree


def _absent_by_handler() -> Tree:
    tree = _without_item(cases.archive(), "leader_instruction")
    tree["absent"] = [{"item": "leader_instruction", "reason": "本案无领导批示", "approved_by": "李某某"}]
    return tree


def _by_item(item: str) -> Callable[[], Tree]:
    return lambda: _without_item(cases.write_off(), item)


def _by_place(place: str, value: Any = None, make: Callable[[], Tree] = cases.write_off) -> Callable[[], Tree]:  # noqa: ANN401
    return lambda: _changed(make(), place, value)


def _declined_without(ground: int, place: str) -> Callable[[], Tree]:
    return lambda: _changed(cases.declined(ground), place, None)


BROKEN: dict[str, Callable[[], Tree]] = {
    "ART04": _by_place("people/leader"),
    "ART04-SELF": _by_place("people/leader", {"name": "李某某", "title": "副院长"}),
    "ART05": _by_place("people/first_contact"),
    "ART06": _by_place("grounds"),
    "ART06-DECLINED": lambda: _changed(cases.declined(6), "grounds", [2]),
    "ART06-STANDING": _by_place("petitioners/0/role", "none"),
    "ART06-MEASURES": _by_place("enforcement_measures"),
    "ART07": _by_place("category", "review"),
    "ART08": _by_place("reception", {"major": True}),
    "ART10": _by_place("coercive_measure", {"measure": "训诫"}),
    "ART11": _by_place("relief", {"hardship": True, "no_property": True}),
    "ART12": _by_place("registration/summary"),
    "ART12-SYSTEM": _by_place("registration/system_no"),
    "ART13-TRANSFER": _by_place("transfer", {"transferred_on": "2021-09-22", "received_on": "2021-09-22"}),
    "ART13-INTERVIEW": _by_place("interview/held_on", "2021-09-24"),
    "ART13-REPLY": _by_place("materials/5/signed_on", "2021-11-18"),
    "ART13-APPROVAL": _by_place("approval"),
    "ART14-FEEDBACK": _by_place("assignment", {"body": "甲机关", "feedback_due": "2021-11-15"}),
    "ART14-JURISDICTION": _by_place("not_ours", {"checked": "经查询，由其他法院执行。"}),
    "ART14-CLOSED": _by_item("reply_service"),
    "ART14-REQUEST": _by_place("write_off/requested_on"),
    "ART14-1": _by_item("legal_document"),
    "ART14-2": _by_item("conversation_record"),
    "ART14-3": _by_place("measures"),
    "ART14-4": _by_item("commitment"),
    "ART14-NOT-OURS": _by_place("not_ours", {"reason": "该案由样某区人民法院执行。"}),
    "ART14-RESULT": _by_place("write_off/resolution", ["settled"]),
    "ART14-UNFINISHED": _by_place("claims/0/measures", [{"on": "2021-12-31", "text": "拍卖查封的房屋", "done": False}]),
    "ART14-PROOF": _by_place("measures/0/proof"),
    "ART15-1": _declined_without(1, "declined/contact_attempts"),
    "ART15-2": _declined_without(2, "declined/transferred_to"),
    "ART15-3": _declined_without(3, "declined/standing_checked"),
    "ART15-4": _declined_without(4, "declined/other_procedure"),
    "ART15-5": _declined_without(5, "declined/remedy"),
    "ART15-6": _declined_without(6, "materials/0"),
    "ART15-7": _declined_without(7, "declined/instrument"),
    "ART16-1": _by_place("registration/no"),
    "ART16-2": _by_item("leader_instruction"),
    "ART16-3": _by_place("acceptance/notice_on"),
    "ART16-4": _by_item("acceptance_service"),
    "ART16-5": _by_item("investigation"),
    "ART16-6": _by_item("interview"),
    "ART16-7": _by_item("evidence"),
    "ART16-8": _by_place("reply/replied_on"),
    "ART16-9": _by_item("reply_service"),
    "ART16-ABSENT": _absent_by_handler,
    "ART16-FOLLOW-UP": _by_place("follow_ups", [{"on": "2021-12-01"}]),
    "ART16-UNSEALED": cases.write_off,
}
"""For each rule of an article a case that breaks it; the same case without its one fault does not."""
SOUND: tuple[Callable[[], Tree], ...] = (
    lambda: add_scans(cases.write_off()),
    lambda: add_scans(cases.archive()),
    *(lambda ground=ground: add_scans(cases.declined(ground)) for ground in range(1, 8)),
)
"""The cases that break none."""


def write_tree(folder: Path, tree: Tree) -> None:
    """Write a case folder with its scan, and its registration number only if it has one."""
    folder.mkdir(parents=True)
    (folder / SCAN_NAME).write_bytes(scan_file())
    (folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")
