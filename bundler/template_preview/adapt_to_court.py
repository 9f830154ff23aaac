"""Adapt the invented cases to a court: its names and case numbers, its grounds, its limits."""

from __future__ import annotations

import re
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

from bundler.profile import Profile, load_profile
from bundler.regulation.file_sections import SHIPPED_REFUSALS
from bundler.regulation.model import Regulation, count_days, in_hanzi
from bundler.template_preview.situation_facts import OWN_REFUSAL_FACTS, REFUSALS, Tree

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_RECEIVED, _REPLIED = date(2021, 9, 16), date(2021, 11, 10)
"""The days on which the invented cases are received and replied to."""
_ANSWERING = date(2021, 11, 1)
"""From this day on, the dates of the invented cases belong to the reply and to what follows it."""
_LONGEST_TITLE = 16


def refusals_of(regulation: Regulation) -> dict[str, Tree]:
    """Return the facts of each refusal that a regulation has, in its order, by the title of the situation."""
    found: dict[str, Tree] = {}
    for number, refusal in enumerate(regulation.refusal.items, start=1):
        known = [(words, facts) for words, facts in REFUSALS if facts["ground"] == refusal.ground]
        own = [(refusal.text[:_LONGEST_TITLE], {**OWN_REFUSAL_FACTS, "ground": refusal.ground})]
        for words, facts in own if refusal.ground > SHIPPED_REFUSALS else known:
            found[f"不予受理第{in_hanzi(number)}项：{words}"] = facts
    return found


def adapt_to_court(tree: Tree, profile: Profile) -> Tree:
    """Return an invented case as a court would have it.

    The names and codes of the shipped court become those of the court, its grounds of acceptance are ones that the
    regulation has, and a reply that would come too late under the regulation's limit comes on its last day.
    """
    regulation = profile.regulation
    adapted = deepcopy(tree)
    if "grounds" in adapted:
        adapted["grounds"] = [min(one, len(regulation.acceptance.grounds)) for one in adapted["grounds"]]
    names = _names(profile)
    late = max(0, (_REPLIED - count_days(regulation.limits.reply, _RECEIVED).day).days)
    if not names and not late:
        return adapted
    changed: Tree = _changed(adapted, names, late)
    return changed


def _names(profile: Profile) -> dict[str, str]:
    """The names of the shipped court, each with what the other court has in its place; the longest names come first."""
    shipped = load_profile()
    if profile.court_name == shipped.court_name:
        return {}
    old, new = shipped.court_code[0], profile.court_code[0]
    return {
        shipped.court_name: profile.court_name,
        shipped.superior_court: profile.superior_court or "上级人民法院",
        old: new,
        old[:3]: new[:3],
        "钢信执": "样信",
        "济执信交": "样执信交",
        "济南市钢城区": "",
        "钢城区": "",
    }


def _changed(node: Any, names: dict[str, str], days: int) -> Any:  # noqa: ANN401 (JSON)
    if isinstance(node, dict):
        return {key: _changed(value, names, days) for key, value in node.items()}
    if isinstance(node, list):
        return [_changed(value, names, days) for value in node]
    if not isinstance(node, str):
        return node
    if days and _DATE.match(node) and date.fromisoformat(node[:10]) >= _ANSWERING:
        return f"{date.fromisoformat(node[:10]) - timedelta(days=days)}{node[10:]}"
    for old, new in names.items():
        node = node.replace(old, new)
    return node
