"""Mistakes of meaning made in copies of the shipped templates: each passes the proof, and should get a warning of its kind."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from docx import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from bundler.documents.shared_template_passages import BLOCKS_FILE
from bundler.template_check.meaning import warning_kinds


@dataclass(frozen=True)
class Mistake:
    """One mistake.

    Attributes:
        code: the kind of warning that it should get.
        template: the template without its ending.
        changes: what is replaced by what, each in the first paragraph that has it.
    """

    code: str
    template: str
    changes: tuple[tuple[str, str], ...]


def _mistake(code: str, template: str, *changes: str) -> Mistake:
    return Mistake(code, template, tuple(zip(changes[::2], changes[1::2], strict=True)))


MISTAKES = (
    _mistake(warning_kinds.DEADLINE, "acceptance_notice", "{{ rule.reply_limit }}内", "30个工作日内"),
    _mistake(warning_kinds.DEADLINE, "acceptance_notice", "{{ rule.interview_limit }}内", "十日内"),
    _mistake(warning_kinds.DEADLINE, "transfer_slip", "{{ rule.reply_limit }}内", "40个工作日内"),
    _mistake(warning_kinds.DEADLINE, "transfer_slip", "期限前{{ rule.draft_limit }}", "期限前5个工作日"),
    _mistake(warning_kinds.ARTICLE, "acceptance_notice", "{{ rule.acceptance_article }}", "第八条"),
    _mistake(warning_kinds.ARTICLE, "explanation_notice", "{{ rule.refusal_article }}", "第十五条"),
    _mistake(warning_kinds.ARTICLE, "acceptance_notice", "第（{{ ground|cn }}）项", "第（二）项"),
    _mistake(warning_kinds.ARTICLE, "relief_referral", "{{ rule.relief_article }}", "第十一条"),
    _mistake(warning_kinds.STATUTE, "reply_opinion", "第{{ statutes.conduct }}条", "第二百三十六条"),
    _mistake(warning_kinds.STATUTE, "reply_opinion", "第{{ statutes.outsider }}条", "第238条"),
    _mistake(warning_kinds.STATUTE, "reply_opinion", "第{{ statutes.delay }}条", "第二百三十七条"),
    _mistake(warning_kinds.NUMBERING, "acceptance_notice", "{{ section|cn }}、{{ you }}可以补充", "三、{{ you }}可以补充"),
    _mistake(warning_kinds.NUMBERING, "acceptance_notice", "{{ section|cn }}、{{ you }}的联系", "六、{{ you }}的联系"),
    _mistake(warning_kinds.NUMBERING, "supervision_report", "五、下一步工作", "四、下一步工作"),
    _mistake(warning_kinds.NUMBERING, "transfer_slip", "{{ item + 1 }}.办理材料", "{{ item }}.办理材料"),
    _mistake(warning_kinds.NUMBERING, "service_receipt", "4.本回证送达后附卷", "3.本回证送达后附卷"),
    _mistake(warning_kinds.SENTENCE, "hearing_record", "现在请阅读笔录并签名。", "办理结果由本院另行书面答复。各方意见已记录在案。听证情况作为办理信访事项的参考，办理结果由本院另行书面答复。"),
    _mistake(warning_kinds.SENTENCE, "measures_statement", "以上情况属实。", "接访后，我院采取了以下工作措施：以上情况属实。"),
    _mistake(warning_kinds.SENTENCE, "acceptance_notice", "特此告知。", "提交复印件的，请携带原件核对。特此告知。"),
    _mistake(warning_kinds.SENTENCE, "commitment", "{{ three }}", "{{ two }}"),
    _mistake(warning_kinds.LIST, "approval_form", "{{ case_numbers|names }}", "{{ case_numbers|first }}"),
    _mistake(warning_kinds.LIST, "acceptance_notice", "申请执行人：{{ case.applicants|names }}", "申请执行人：{{ case.applicants|first }}"),
    _mistake(warning_kinds.LIST, "hearing_record", "听证员：{% for one in hearing.panel %}", "听证员：{% for one in hearing.panel[:1] %}"),
    _mistake(warning_kinds.LIST, "interview_record", "{{ interview.present|names }}", "{{ interview.present[0] }}"),
    _mistake(warning_kinds.EMPTY_BRANCH, "acceptance_notice", "{% else %}执行人员的有关{% endif %}", "{% else %}{% endif %}"),
    _mistake(warning_kinds.EMPTY_BRANCH, "reply_opinion", "{% if file_reviewed %}{% if accepted_on or met %}，{% endif %}查阅了执行卷宗{% endif %}", "{% if file_reviewed %}{% endif %}"),
    _mistake(warning_kinds.EMPTY_BRANCH, "reminder_notice", "临近或者已经超过{% endif %}", "{% endif %}"),
    _mistake(warning_kinds.SAME_BRANCH, "acceptance_notice", "{% elif addressees[0].kind == 'person' %}与你约谈", "{% elif addressees[0].kind == 'person' %}与你们约谈（可推选代表）"),
    _mistake(warning_kinds.SAME_BRANCH, "submission_letter", "{% else %}执行审查类{% endif %}", "{% else %}执行实施类{% endif %}"),
    _mistake(warning_kinds.SAME_BRANCH, "return_notice", "{% if was_sent_in %}退回{% else %}通知{% endif %}日期", "{% if was_sent_in %}退回{% else %}退回{% endif %}日期"),
    _mistake(warning_kinds.SAME_BRANCH, "acceptance_notice", "'反映' if nature == 'complaint' else '提出'", "'反映' if nature == 'complaint' else '反映'"),
    _mistake(warning_kinds.ADDRESS, "acceptance_notice", "向{{ you }}答复办理情况", "向你答复办理情况"),
    _mistake(warning_kinds.ADDRESS, "explanation_notice", "现向{{ you }}释明如下", "现向你们释明如下"),
    _mistake(warning_kinds.ADDRESS, "reply_opinion", "本意见书不影响{{ you }}", "本意见书不影响您"),
    _mistake(warning_kinds.ADDRESS, "investigation_record", "请说明你的姓名", "请说明你们的姓名"),
    _mistake(warning_kinds.COURT, "measures_statement", "接访后，我院采取", "接访后，本院采取"),
    _mistake(warning_kinds.COURT, "reply_opinion", "本院予以支持。", "我院予以支持。"),
    _mistake(warning_kinds.COURT, "supervision_report", "我院收到信访事项后", "本院收到信访事项后"),
    _mistake(warning_kinds.LABEL, "write_off_request", "{% if accepted_on %}{{ accepted_on|day }}", "{% if commitment_on %}{{ commitment_on|day }}"),
    _mistake(warning_kinds.LABEL, "approval_form", "{% if people.leader %}{{ people.leader.name }}{% if people.leader.title %}（{{ people.leader.title }}）", "{% if people.handler %}{{ people.handler.name }}{% if people.handler.title %}（{{ people.handler.title }}）"),
    _mistake(warning_kinds.LABEL, "approval_form", "{% if received_on %}{{ received_on|day }}", "{% if reply_due %}{{ reply_due|day }}"),
    _mistake(warning_kinds.LABEL, "reply_opinion", "于{{ accepted_on|day }}受理", "于{{ received_on|day }}受理"),
    _mistake(warning_kinds.LABEL, "collective_record", "登记号：{{ reg_no }}", "登记号：{{ case_numbers|names or '' }}"),
    _mistake(warning_kinds.CONDITION, "reply_opinion", "{%p if not approved %}", "{%p if approved %}"),
    _mistake(warning_kinds.CONDITION, "acceptance_notice", "{% if period_sentence %}", "{% if not period_sentence %}"),
    _mistake(warning_kinds.CONDITION, "registration_form", "{{ (channel == 'visit')|box }}", "{{ (channel == 'phone')|box }}"),
    _mistake(warning_kinds.CONDITION, "transfer_slip", "{{ handler_left|box }}", "{{ (not handler_left)|box }}"),
    _mistake(warning_kinds.CONDITION, "approval_form", "claim.outcome == 'explained' %}拟予解释说明", "claim.outcome == 'not_supported' %}拟予解释说明", "claim.outcome == 'not_supported' %}拟{% if", "claim.outcome == 'explained' %}拟{% if"),
    _mistake(warning_kinds.CONDITION, "service_receipt", "{% if receipt.item == 'acceptance_service' %}", "{% if receipt.item == 'reply_service' %}", "{% elif receipt.item == 'reply_service' %}执行", "{% elif receipt.item == 'acceptance_service' %}执行"),
)  # fmt: skip
"""By kinds, in the order of `kinds.KINDS`."""


def make_mistake(mistake: Mistake, source: Path, target: Path) -> None:
    """Write a template with a mistake, edited as a user of Word would.

    Raises:
        LookupError: the template has no such words.
    """
    word = Document(str(source))
    for right, wrong in mistake.changes:
        _replace(word, right, wrong)
    word.save(str(target))


def _replace(word: object, right: str, wrong: str) -> None:
    for element in word.element.body.iter(qn("w:p")):  # type: ignore[attr-defined]
        paragraph = Paragraph(element, word)  # type: ignore[arg-type]
        if right in paragraph.text:
            text = paragraph.text.replace(right, wrong, 1)
            for run in paragraph.runs[1:]:
                run.text = ""
            paragraph.runs[0].text = text
            return
    raise LookupError(right)


_IF = re.compile(r"\{%(?:p|tr|tc)? (?:if|elif) (.+?) %\}")
_BOX = re.compile(r"\{\{ \((.+?)\)\|box \}\}")


def negated_conditions(folder: Path, seed: int, count: int) -> Iterator[tuple[str, str]]:
    """Negate conditions drawn at random from a folder of right templates, one at a time in the file itself.

    Yields:
        the name of the file and the condition, while the file has the mistake; then it is as it was.
    """
    places = [
        (path, number, found.span(1))
        for path in sorted(folder.glob("*.docx"))
        if path.name != BLOCKS_FILE
        for number, text in enumerate(_texts(path))
        for found in (*_IF.finditer(text), *_BOX.finditer(text))
    ]
    for path, number, (start, end) in random.Random(seed).sample(places, count):  # noqa: S311 (no secret)
        data = path.read_bytes()
        text = _texts(path)[number]
        condition = text[start:end]
        word = Document(str(path))
        nodes = list(list(word.element.body.iter(qn("w:p")))[number].iter(qn("w:t")))
        nodes[0].text = f"{text[:start]}not ({condition}){text[end:]}"
        for node in nodes[1:]:
            node.text = ""
        word.save(str(path))
        yield path.name, condition
        path.write_bytes(data)


def _texts(path: Path) -> list[str]:
    return [
        "".join(node.text or "" for node in one.iter(qn("w:t")))
        for one in Document(str(path)).element.body.iter(qn("w:p"))
    ]
