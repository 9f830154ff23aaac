"""Cases drafted in memory: their words, and how many pages they take."""

from __future__ import annotations

import copy
from typing import Any

from bundler.case.model import Case
from bundler.case.validation import validate_tree
from bundler.documents.definitions import DOCUMENTS, find_templates_folder, list_copies
from bundler.documents.drafting import draft_document
from bundler.documents.views.receipt_and_commitment import DocumentCopy
from bundler.profile import Profile, load_profile
from bundler.typeset.typesetter import Typesetter
from bundler.word.docx_check import read_docx
from bundler.word.docx_reader import read_blocks
from tests.support import cases

PROFILE = load_profile()
TEMPLATES = find_templates_folder(None)

FORBIDDEN = (
    *("复查", "复核", "行政复议", "驳回", "上访", "缠访", "闹访", "无理", "越级", "维稳", "重点人员", "吸附", "否则"),
    *(
        "不得再信访",
        "后果自负",
        "视为放弃",
        "追究责任",
        "最终答复",
        "信访终结",
        "到此为止",
        "贵院",
        "您",
        "李法官",
        "王院长",
    ),
    *("待填", "×", "None", "{{", "{%"),
)
"""What stands on no paper of a court, whatever the case (禁用语)."""


def case_of(tree: dict[str, Any]) -> Case:
    """The case of a tree."""
    case = validate_tree(tree).case
    assert case is not None
    return case


def example() -> dict[str, Any]:
    """The drafting brief's own example: assigned, answered, and asked to be written off."""
    tree = cases.write_off()
    tree["registration"] |= {
        "source": "上级法院交办",
        "brief": "未及时查控财产、终结本次执行程序不当、发放执行款不及时等问题",
    }
    tree["petitioners"][0] |= {
        "sex": "男",
        "ethnicity": "汉族",
        "birth_date": "1968-05-02",
        "address": "济南市钢城区样某街道样某村",
        "id_number": "999999196805020013",
    }
    tree["enforcement_cases"][0]["parties"]["respondents"] = ["乙某某", "钢城区样某建材有限公司"]
    tree["people"] |= {"team": {"name": "孙某某"}, "clerk": {"name": "周某某"}}
    tree["assignment"] = {
        "body": "济南市中级人民法院",
        "notice_title": "关于交办甲某某执行申诉信访事项的通知",
        "notice_no": "济执信交〔2021〕9018号",
        "received_on": "2021-09-16",
        "feedback_due": "2021-11-15",
    }
    tree["acceptance"]["service_method"] = "direct"
    tree["reply"]["service_method"] = "direct"
    return copy.deepcopy(tree)


def drafted(tree: dict[str, Any], document: str, place: int = 0, profile: Profile = PROFILE) -> bytes:
    """One paper of a document, filled: the first, or the one at that place."""
    case = case_of(tree)
    return draft_document(case, DOCUMENTS[document], profile, TEMPLATES, papers(tree, document)[place])


def papers(tree: dict[str, Any], document: str) -> tuple[DocumentCopy, ...]:
    """The papers that a document makes of a case."""
    return list_copies(DOCUMENTS[document], case_of(tree))


def words(data: bytes) -> list[str]:
    """The paragraphs that hold words; nothing that the typesetter does not carry, nothing that no paper may say."""
    read = read_docx(data)
    assert read.problems == ()
    assert [word for word in FORBIDDEN if word in read.text()] == []
    return [paragraph for paragraph in read.paragraphs if paragraph.strip()]


def text(tree: dict[str, Any], document: str, place: int = 0, profile: Profile = PROFILE) -> str:
    """All the words of a paper, a paragraph a line."""
    return "\n".join(words(drafted(tree, document, place, profile)))


def pages(drafts: dict[str, bytes]) -> dict[str, int]:
    """How many pages each paper takes, all set in one layout."""
    return Typesetter().typeset_papers([(key, read_blocks(data)) for key, data in drafts.items()])
