"""Drafting papers in tests: a case tree in, the words of a paper out; and every paper that a sample or a rare case fills."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from bundler.case.model import Case
from bundler.case.validation import validate_tree
from bundler.documents.definitions import DOCUMENTS, find_missing_fields, find_templates_folder
from bundler.documents.drafting import draft_document
from bundler.profile import Profile, load_profile
from bundler.typeset.typesetter import Typesetter
from bundler.word.blocks import Blocks
from bundler.word.docx_check import read_docx
from bundler.word.docx_reader import read_blocks
from tests.support import cases
from tests.support.paths import SAMPLES


def case_of(tree: dict[str, Any]) -> Case:
    """The case of a tree without a fault."""
    fitted = validate_tree(tree)
    assert fitted.case is not None, fitted.findings
    return fitted.case


def sample_case(name: str) -> Case:
    """A sample's case."""
    return case_of(json.loads((SAMPLES / name / "case.json").read_text(encoding="utf-8")))


def word_file(document: str, case: Case, profile: Profile | None = None) -> bytes:
    """The filled .docx."""
    return draft_document(case, DOCUMENTS[document], profile or load_profile(), find_templates_folder(None))


def paragraphs(document: str, tree: dict[str, Any], profile: Profile | None = None) -> list[str]:
    """The paragraphs of a paper that hold words."""
    data = word_file(document, case_of(tree), profile)
    return [paragraph for paragraph in read_docx(data).paragraphs if paragraph.strip()]


def lacking(document: str, tree: dict[str, Any]) -> list[str]:
    """The paths that a paper lacks."""
    return [need.path for need in find_missing_fields(document, case_of(tree))]


def _rare_cases() -> dict[str, Case]:
    """Cases that take the branches that no sample does."""
    trees = {f"declined-{ground}": cases.declined(ground) for ground in range(1, 8)}
    told = cases.with_records(cases.write_off())
    told["people"]["clerk"] = {"name": "周某某"}
    told["interview"]["place"] = "电话"
    told["registration"] |= {
        "nature": "suggestion",
        "brief": "加快处置财产",
        "channel": "network",
        "channel_text": "网上信访平台",
    }
    told["assignment"] = {"body": "济南市中级人民法院", "received_on": "2021-09-16", "notice_title": "交办通知"}
    told["not_ours"] = {
        "checked": "经查询，该案由样某区人民法院执行。",
        "reason": "该案的执行由样某区人民法院负责。",
        "work_done": "本院已于2021年10月8日向信访人当面释明上述情况。",
        "attachments": ["查询结果", "执行申诉信访事项不予受理释明告知书"],
        "noted_on": "2021-10-09",
    }
    told["reply"]["attachments"] = ["查询结果", "拍卖公告"]
    told["relief"] = {"started_on": "2021-10-15", "amount": "10305", "paid_on": "2021-11-01"}
    return {name: case_of(tree) for name, tree in {**trees, "told": told}.items()}


CASES = {
    **{folder.parent.name: sample_case(folder.parent.name) for folder in sorted(SAMPLES.glob("*/case.json"))},
    **_rare_cases(),
}
PAPERS = [
    (name, document)
    for name, case in CASES.items()
    for document in DOCUMENTS
    if not find_missing_fields(document, case)
]
"""Every paper that one of the cases fills; a test sees to it that no template is left out."""


@cache
def drafted(name: str, document: str) -> bytes:
    """The .docx of one of the papers."""
    return word_file(document, CASES[name])


def set_together(papers: dict[str, Blocks]) -> tuple[bytes, dict[str, tuple[int, int]]]:
    """Papers set in one layout, as a bundle sets them: one PDF, and the first and last page of each, from 0."""
    keys = {stem: f"p{number}" for number, stem in enumerate(papers)}
    setter = Typesetter()
    setter.typeset_papers([(keys[stem], blocks) for stem, blocks in papers.items()])
    data, places = setter.write(list(keys.values()), "题", b"0" * 16, None)
    return data, {stem: places[key] for stem, key in keys.items()}


@cache
def all_set() -> tuple[bytes, dict[str, tuple[int, int]]]:
    """Every paper, by ``case+document``."""
    return set_together({f"{name}+{document}": read_blocks(drafted(name, document)) for name, document in PAPERS})
