"""Draft documents in tests: a case tree in, the text of a document out; and every document that a known case fills."""

from __future__ import annotations

import copy
import json
from typing import Any

from bundler.case.model import Case
from bundler.case.validation import validate_tree
from bundler.documents.definitions import DOCUMENTS, find_missing_fields, find_templates_folder, list_copies
from bundler.documents.document_subjects import DocumentCopy
from bundler.documents.drafting import draft_document
from bundler.profile import Profile, load_profile
from bundler.typeset.typesetter import Typesetter
from bundler.word.block_model import Blocks
from bundler.word.docx_reader import read_blocks
from bundler.word.unsupported_constructs import check_docx
from tests.support import cases
from tests.support.paths import SAMPLES
from tests.support.run_cache import made_once

PROFILE = load_profile()
TEMPLATES = find_templates_folder(None)

FORBIDDEN_WORDS = (
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
"""Words that no document of a court may contain (禁用语)."""


def build_case(tree: dict[str, Any]) -> Case:
    """Validate a case tree without errors."""
    result = validate_tree(tree)
    assert result.case is not None, result.findings
    return result.case


def load_sample(name: str) -> Case:
    """Load a sample's case."""
    return build_case(json.loads((SAMPLES / name / "case.json").read_text(encoding="utf-8")))


def example_tree() -> dict[str, Any]:
    """The example of the drafting brief: assigned, answered, with a request for write-off."""
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
    tree["enforcement_measures"] = [_of_both_debtors(one) for one in tree["enforcement_measures"]]
    tree["people"] |= {"team": {"name": "孙某某"}, "clerk": {"name": "周某某"}}
    tree["assignment"] = {
        "body": "济南市中级人民法院",
        "notice_title": "关于交办甲某某执行申诉信访事项的通知",
        "notice_no": "济执信交〔2021〕9018号",
        "received_on": "2021-09-16",
        "feedback_due": "2021-11-26",
    }
    tree["acceptance"]["service_method"] = "direct"
    tree["reply"]["service_method"] = "direct"
    return copy.deepcopy(tree)


_OF_BOTH = {
    "乙某某报告名下无财产": "二被执行人均报告无财产",
    "已向乙某某发出": "已向二被执行人发出",
    "乙某某不具有法律规定的失信情形": "均无法定失信情形",
    "乙某某住所地为租住房屋": "乙某某租住民房，公司停业",
}


def _of_both_debtors(measure: dict[str, str]) -> dict[str, str]:
    """A measure against the debtor, which was taken against the company as well."""
    return {key: _OF_BOTH.get(value, value) for key, value in measure.items()}


def draft_case(case: Case, document: str, profile: Profile = PROFILE) -> bytes:
    """Draft the first copy of a document."""
    return draft_document(case, DOCUMENTS[document], profile, TEMPLATES)


def draft_tree(tree: dict[str, Any], document: str, index: int = 0, profile: Profile = PROFILE) -> bytes:
    """Draft one copy of a document, by its index."""
    return draft_document(build_case(tree), DOCUMENTS[document], profile, TEMPLATES, copies_of(tree, document)[index])


def copies_of(tree: dict[str, Any], document: str) -> tuple[DocumentCopy, ...]:
    """List the copies that a case gets of a document."""
    return list_copies(DOCUMENTS[document], build_case(tree))


def read_paragraphs(data: bytes, allowed: tuple[str, ...] = ()) -> list[str]:
    """Read the paragraphs that are not blank; assert that the typesetter supports all content and no word is forbidden.

    Args:
        data: the .docx.
        allowed: forbidden words that a value of the case contains.
    """
    read = check_docx(data)
    assert read.problems == ()
    assert [word for word in FORBIDDEN_WORDS if word in read.text() and word not in allowed] == []
    return [paragraph for paragraph in read.paragraphs if paragraph.strip()]


def draft_paragraphs(tree: dict[str, Any], document: str, index: int = 0, profile: Profile = PROFILE) -> list[str]:
    """Draft one copy of a document and read its paragraphs."""
    return read_paragraphs(draft_tree(tree, document, index, profile))


def draft_text(tree: dict[str, Any], document: str, index: int = 0, profile: Profile = PROFILE) -> str:
    """Draft one copy of a document and read its text, one line for each paragraph."""
    return "\n".join(draft_paragraphs(tree, document, index, profile))


def missing_paths(tree: dict[str, Any], document: str) -> list[str]:
    """List the JSON Pointers of the fields that a case lacks for a document."""
    return [field.path for field in find_missing_fields(document, build_case(tree))]


def count_pages(drafts: dict[str, bytes]) -> dict[str, int]:
    """Count the pages of each document, all typeset together."""
    return Typesetter().typeset_papers([(key, read_blocks(data)) for key, data in drafts.items()])


def _rare_cases() -> dict[str, Case]:
    """Cases for the branches that no sample takes."""
    trees = {f"declined-{ground}": cases.declined(ground) for ground in range(1, 8)}
    rare = cases.with_records(cases.write_off())
    rare["people"]["clerk"] = {"name": "周某某"}
    rare["interview"]["place"] = "电话"
    rare["claims"][0] |= {"statement": "财产查找进度缓慢", "reason": "该项意见有利于及时查找被执行人的财产"}
    rare["approval"]["collective"]["opinion"] = "对该项意见在工作中予以考虑"
    rare["write_off"]["resolution"] = ["explained", "relieved"]
    rare["registration"] |= {
        "nature": "opinion",
        "source": "网上信访平台",
        "brief": "财产查找进度问题",
        "summary": "信访人反映执行案件财产查找进度缓慢，请求继续查找财产。",
        "channel": "network",
        "channel_text": "网上信访平台",
    }
    rare["reply"]["attachments"] = ["查询结果", "悬赏公告"]
    rare = cases.without_property(rare)
    rare["relief"] |= {
        "referred_on": "2021-10-12",
        "started_on": "2021-10-15",
        "amount": "10305",
        "paid_on": "2021-11-01",
    }
    return {name: build_case(tree) for name, tree in {**trees, "told": rare, "not-ours": _not_ours()}.items()}


def _not_ours() -> dict[str, Any]:
    """A matter that another court enforces, assigned to this one, which explains so to the assigning body."""
    tree = cases.declined(6)
    tree["registration"] |= {"source": "上级法院交办", "channel": "letter", "brief": "未全部执行到位等问题"}
    tree["assignment"] = example_tree()["assignment"] | {"feedback_on": "2021-10-12"}
    tree["not_ours"] = {
        "checked": "经查询，该案由样某区人民法院执行。",
        "reason": "该案的执行由样某区人民法院负责。",
        "work_done": "本院已于2021年10月8日向信访人当面释明上述情况。",
        "suggested_body": "样某区人民法院",
        "attachments": ["查询结果"],
        "noted_on": "2021-10-09",
    }
    return tree


CASES = {
    **{folder.parent.name: load_sample(folder.parent.name) for folder in sorted(SAMPLES.glob("*/case.json"))},
    **_rare_cases(),
}
PAPERS = [
    (name, document)
    for name, case in CASES.items()
    for document in DOCUMENTS
    if not find_missing_fields(document, case)
]
"""Every document that one of the cases fills; a test asserts that no template is left out."""


@made_once
def draft_paper(name: str, document: str) -> bytes:
    """Draft one of `PAPERS`."""
    return draft_case(CASES[name], document)


def typeset_together(papers: dict[str, Blocks]) -> tuple[bytes, dict[str, tuple[int, int]]]:
    """Typeset papers into one PDF, as a bundle does; the first and last page of each, from 0."""
    keys = {stem: f"p{number}" for number, stem in enumerate(papers)}
    typesetter = Typesetter()
    typesetter.typeset_papers([(keys[stem], blocks) for stem, blocks in papers.items()])
    data, page_ranges = typesetter.write(list(keys.values()), "题", b"0" * 16, None)
    return data, {stem: page_ranges[key] for stem, key in keys.items()}


@made_once
def typeset_all() -> tuple[bytes, dict[str, tuple[int, int]]]:
    """Typeset all of `PAPERS`, by ``case+document``."""
    return typeset_together(
        {f"{name}+{document}": read_blocks(draft_paper(name, document)) for name, document in PAPERS}
    )
