"""How pages show findings: the text without JSON keys, and a link to the field or slot where the problem is fixed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bundler.case.json_pointer import describe_pointer, field_title
from bundler.case.model import Case
from bundler.desk.cases.checked_case_cache import CaseView
from bundler.desk.request_helpers import is_number
from bundler.regulation.findings import Finding
from bundler.regulation.model import Regulation
from bundler.regulation.papers import Item
from bundler.regulation.rule_codes import Severity

_MATERIAL_PATHS = ("/materials", "/absent")
_SEVERITY_LABELS = {Severity.ERROR: "必须补正", Severity.WARNING: "提醒", Severity.INFO: "说明"}
_KEY = r"[a-z]+(?:_[a-z]+)*"
_KEYS_IN_BRACKETS = re.compile(rf"（{_KEY}(?:[.、]{_KEY})*）")
_POINTER = re.compile(rf" ?(?:案件数据的)? ?(?<![\w“])((?:/(?:{_KEY}|\d+))+) ?")
_DOTTED_KEYS = re.compile(rf" ?(?<![\w/“.-])({_KEY}(?:\.{_KEY})*)(?![\w/.”-]) ?")
_FOLDER = re.compile(r"(?<=[“（、 ])materials/")
_FILL_IN = re.compile(r"请在“[^”]*”填写[^，；。]*。")
_REPLACEMENTS = (
    ("本工具", "本系统"),
    ("改为 accepted 或者 declined", "改为“受理”或者“不予受理”"),
    ("在 case.json 里", ""),
    ("case.json 的", "案件数据的"),
    ("case.json", "案件数据"),
)
_UNKNOWN_FIELD_TITLE = field_title("")
"""The title of a key that the model does not have."""


@dataclass(frozen=True, slots=True)
class FindingLink:
    """A finding, and where the desk lets a clerk fix it.

    Attributes:
        finding: the finding.
        address: the URL of the field or slot.
        target_label: the name of the page or slot, for the link's text.
    """

    finding: Finding
    address: str
    target_label: str

    @property
    def severity_label(self) -> str:
        """The severity in Chinese."""
        return _SEVERITY_LABELS[self.finding.severity]


def finding_links(view: CaseView) -> tuple[FindingLink, ...]:
    """Link each finding of a case."""
    return tuple(_link(view, finding) for finding in view.checked.check_result.findings)


def _link(view: CaseView, finding: Finding) -> FindingLink:
    place, target_label = place_of_finding(finding, view.case, view.regulation)
    return FindingLink(finding, f"/cases/{view.ref.key}{place}", target_label)


def place_of_finding(finding: Finding, case: Case | None, regulation: Regulation) -> tuple[str, str]:
    """Where a finding is fixed: the end of the address, after that of the case; and the name of the page or slot."""
    path = finding.path or ""
    if path.startswith(_MATERIAL_PATHS) or (not path and finding.rule.startswith("FILE-")):
        item = finding.item or _item_at(case, path)
        if item is None:
            return "/materials#places", "材料"
        return f"/materials#place-{item.value}", f"材料：{regulation.papers[item].label}"
    return f"#{field_html_id(path)}" if path else "", "表单"


def _item_at(case: Case | None, path: str) -> Item | None:
    """The item of the material, or of the declaration of absence, that a JSON Pointer leads to."""
    _, key, index, *_ = (*path.split("/"), "", "", "")
    items_by_key: dict[str, tuple[Item, ...]] = {}
    if case is not None:
        items_by_key = {
            "materials": tuple(one.items[0] for one in case.materials),
            "absent": tuple(one.item for one in case.absent),
        }
    items = items_by_key.get(key, ())
    return items[int(index)] if is_number(index) and int(index) < len(items) else None


def field_html_id(path: str) -> str:
    """The HTML id of the form field at a JSON Pointer."""
    return "f" + path.replace("/", "-")


@lru_cache(maxsize=4096)
def without_json_keys(text: str) -> str:
    """A message with the form's field titles in place of the keys of case.json, which clerks at the desk never see."""
    text = _FOLDER.sub("", text)
    for phrase, replacement in _REPLACEMENTS:
        text = text.replace(phrase, replacement)
    text = _POINTER.sub(lambda match: f"“{describe_pointer(match[1])}”", _KEYS_IN_BRACKETS.sub("", text))
    return _DOTTED_KEYS.sub(_quoted_title, text)


def fix_beside_field(fix: str) -> str:
    """What to do, as it is said beside the field itself: nothing where it only says to fill that in."""
    text = without_json_keys(fix)
    return "" if _FILL_IN.fullmatch(text) else text


def _quoted_title(match: re.Match[str]) -> str:
    keys = match[1].split(".")
    if not all(field_title(key) != _UNKNOWN_FIELD_TITLE for key in keys):
        return match[0]
    return f"“{describe_pointer('/' + '/'.join(keys)) if len(keys) > 1 else field_title(keys[0])}”"
