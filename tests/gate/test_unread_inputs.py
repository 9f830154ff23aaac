"""No rule speaks of a case differently because a value that it looks at cannot be read: the value may be right."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support import cases

Tree = dict[str, Any]
Place = tuple[str | int, ...]
UNREADABLE = 1.5
"""No field of a case takes it."""


def kept_by_a_director() -> Tree:
    """A case for review with a repeated visit, coercion, relief, an assignment, a hearing, and a paper that does not exist."""
    tree = cases.archive()
    tree["registration"]["visit_no"] = 3
    tree["people"] |= {
        "receiver": {"name": "赵某", "post": "bureau_director"},
        "former_handler": {"name": "钱某", "in_enforcement": False},
        "team": {"name": "孙某某"},
    }
    tree["materials"] = [one for one in tree["materials"] if one["items"] != ["investigation"]] + [
        {"items": ["other"], "file": "全卷.pdf", "pages": "1"},
        {"items": ["approval"], "file": "全卷.pdf", "pages": "2"},
    ]
    return tree | {
        "category": "review",
        "reception": {"repeated": True},
        "coercive_measure": {"measure": "司法拘留", "approved_by": "王某某", "approved_on": "2021-10-01"},
        "relief": {"hardship": True, "no_property": True, "started_on": "2021-11-01"},
        "led_into": [{"name": "执行异议", "case_no": "（2021）鲁0117执异1号"}],
        "assignment": {
            "body": "济南市中级人民法院",
            "received_on": "2021-09-20",
            "feedback_due": "2021-11-01",
            "feedback_on": "2021-10-30",
        },
        "hearing": {"held_on": "2021-10-20", "public": True, "audience": 5},
        "absent": [{"item": "investigation", "reason": "本案无需调查", "approved_by": "王某某"}],
    }


def kept_by_others() -> Tree:
    """The same in the other ways that the rules allow: an agent, a letter, an appointment kept, a discussion, only receipts."""
    tree = kept_by_a_director()
    del tree["people"]["receiver"], tree["led_into"], tree["reception"]
    tree["registration"]["channel"] = "letter"
    return tree | {
        "petitioners": [{"name": "丙某", "phone": "13800000001", "role": "agent", "principal": {"name": "甲某某"}}],
        "appointments": [
            {"reserved_for": "2021-10-01T09:00", "receiver": {"post": "president"}, "outcome": "received"}
        ],
        "no_procedure_reason": "不宜导入",
        "relief": {"hardship": True, "no_property": True, "case_no": "（2021）鲁0117司救执1号"},
        "approval": {"collective": {"on": "2021-11-05", "chair": {"name": "王某"}, "attendees": [{"name": "李某某"}]}},
        "transfer": {"received_on": "2021-09-17"},
        "interview": {"attempted_on": "2021-09-21"},
    }


def written_off_as(resolution: str, **facts: Any) -> Tree:  # noqa: ANN401 (values of case.json)
    """A write-off whose interview and acceptance are dated by one of two days alone, settled in this way with these facts."""
    tree = cases.write_off() | {"interview": {"attempted_on": "2021-09-21"}, "acceptance": {"notice_on": "2021-09-17"}}
    tree["write_off"] |= {"resolution": [resolution]}
    return tree | facts


CASES: dict[str, Tree] = {
    "write-off": written_off_as("led_into", led_into=[{"name": "执行异议"}]),
    "relieved": written_off_as("relieved", relief={"case_no": "（2021）鲁0117司救执1号"}),
    "without property": cases.without_property(cases.write_off()),
    "director": kept_by_a_director(),
    "others": kept_by_others(),
    **{f"declined {ground}": cases.declined(ground) for ground in (1, 4, 7)},
}


def places(node: object, here: Place = ()) -> Iterator[Place]:
    """Every place of a tree, the outer before the inner."""
    members = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, child in members:
        yield (*here, step)
        yield from places(child, (*here, step))


def without_value(tree: Tree, place: Place, *, misspelt: bool) -> Tree:
    """The tree with something unreadable at a place, or with its key misspelt."""
    changed = copy.deepcopy(tree)
    around: Any = changed
    for step in place[:-1]:
        around = around[step]
    if misspelt:
        around[f"{place[-1]}x"] = around.pop(place[-1])
    else:
        around[place[-1]] = UNREADABLE
    return changed


def found_in(tree: Tree) -> set[tuple[str, str]]:
    """What the gate says of a case, but for the faults of its JSON."""
    return {(one.rule, one.path) for one in cases.judge(tree).findings if not one.rule.startswith("JSON-")}


@pytest.mark.parametrize("name", CASES)
def test_no_rule_speaks_of_what_cannot_be_read(name: str) -> None:
    """Whatever value is broken, the gate says nothing that it did not say of the whole case."""
    tree = CASES[name]
    whole = found_in(tree)
    assert not {one for one in cases.judge(tree).findings if one.rule.startswith("JSON-")}

    told = {
        (place, rule, path)
        for number, place in enumerate(places(tree))
        for rule, path in found_in(without_value(tree, place, misspelt=isinstance(place[-1], str) and number % 4 == 0))
        - whole
    }

    assert not told
