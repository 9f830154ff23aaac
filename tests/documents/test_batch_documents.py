"""The two documents of a batch: the notice that returns a case, and the letter that submits cases for write-off."""

from __future__ import annotations

import copy
import io
import json
import random
import subprocess
import sys
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from docx import Document as WordDocument

from bundler.case.identifiers import masked
from bundler.case.model import Case
from bundler.documents.drafting import (
    fill_reception_register,
    fill_reminder_notice,
    fill_return_notice,
    fill_submission_letter,
)
from bundler.documents.views.case_return_notice import ReturnView, build_return_view
from bundler.documents.views.reception_register import build_reception_line, build_reception_register_view
from bundler.documents.views.reminder_notice import build_reminder_line, build_reminder_view
from bundler.documents.views.rewording_for_outside_readers import to_plain_language
from bundler.documents.views.submission_letter import build_submission_view
from bundler.errors import CaseError
from bundler.regulation.findings import Finding, finding
from bundler.regulation.papers import PAPER_KINDS, BundleKind, Item
from bundler.regulation.rule_codes import Severity
from bundler.word.block_model import Paragraph
from bundler.word.docx_reader import read_blocks
from tests.documents.test_pages import find_broken_headings, is_counted
from tests.support import cases
from tests.support.documents import (
    PROFILE,
    TEMPLATES,
    build_case,
    count_pages,
    example_tree,
    read_paragraphs,
    typeset_together,
)
from tests.support.regulations import REGULATION, RULES
from tests.support.variants import COMPANY, VARIANTS

RETURN_DAY = date(2021, 12, 1)
SERVICE_FINDING = finding(
    "ART16-4",
    message="缺少受理告知送达回执。",
    fix="请补入经信访人签收的送达回证扫描件，并填写 signed_on。",
    item=Item.ACCEPTANCE_SERVICE,
    path="/materials",
)


def build_notice_view(findings: list[Finding], case: Case | None = None, **changes: object) -> ReturnView:
    """Return the view of a notice that returns the example case."""
    profile = PROFILE.model_copy(update=changes)
    case = case or build_case(example_tree())
    return build_return_view(
        case, findings, BundleKind.WRITE_OFF, profile, RETURN_DAY, number="钢信执2021-0042", folder="案件"
    )


def notice_paragraphs(findings: list[Finding], case: Case | None = None, **changes: object) -> list[str]:
    """Return the paragraphs of that notice."""
    return read_paragraphs(fill_return_notice(build_notice_view(findings, case, **changes), TEMPLATES))


def test_the_notice_says_what_is_missing_under_which_article_who_mends_it_and_by_when() -> None:
    """Word for word, without any key or code of the data."""
    assert notice_paragraphs([SERVICE_FINDING], return_days=5) == [
        "济南市钢城区人民法院",
        "核销（归档）材料退回补正通知单",
        "登记号：钢信执2021-0042",
        "退回日期：2021年12月1日",
        "信访人",
        "甲某某",
        "案件承办人",
        "李某某",
        "申请类别",
        "□归档　☑核销",
        "□不予受理归档",
        "检查日期",
        "2021年12月1日",
        "经检查，下列材料缺少或者不符合要求，现退回补正。请不晚于2021年12月6日补齐后重新报送。",
        "序号",
        "依据",
        "缺少或者",
        "不合要求的材料",
        "补正要求",
        "责任人",
        "完成",
        "期限",
        "1",
        "第十六条",
        "缺少受理告知送达回执。",
        "补入经信访人签收的送达回证扫描件，并填写签收（签名）日期。",
        "李某某",
        "2021年12月6日",
        "退回人",
        "（签名）",
        "接收人",
        "（签名）",
        "及日期",
        "　　　年　　月　　日",
    ]


def test_no_heading_of_a_batch_paper_breaks_within_its_words() -> None:
    """Of the notice, of the list of submitted cases, of the reminder, of the register of a day, and of the report's tables."""
    names = ("return_notice", "submission_letter", "reminder_notice", "reception_register", "period_report")
    templates = {f"+{name}": read_blocks((TEMPLATES / f"{name}.docx").read_bytes()) for name in names}

    assert {(name, text) for name, text in find_broken_headings(templates) if "{" not in text} == set()


def test_a_form_of_a_batch_counts_its_pages_from_the_first_if_it_has_several() -> None:
    """The notice, the reminder, and the register of a day on landscape pages: 第1页　共2页 from the first, or nothing."""
    papers: dict[str, bytes] = {}
    few, many = 1, 30
    for count in (few, many):
        case, day = build_case(example_tree()), date(2021, 11, 15)
        line = build_reminder_line(case, "钢信执2021-0042", "答复", day, today=day, reminded_on=())
        visit = build_reception_line(case, "钢信执2021-0042", None)
        papers |= {
            f"return {count}": fill_return_notice(build_notice_view(make_findings(count, 60, seed=1)), TEMPLATES),
            f"reminder {count}": fill_reminder_notice(
                build_reminder_view(None, [line] * count, PROFILE, day), TEMPLATES
            ),
            f"register {count}": fill_reception_register(
                build_reception_register_view([visit] * count, PROFILE, day), TEMPLATES
            ),
        }
    data, ranges = typeset_together({key: read_blocks(paper) for key, paper in papers.items()})
    with pypdfium2.PdfDocument(data) as pdf:
        for key, (first, last) in ranges.items():
            pages = [pdf[number].get_textpage().get_text_range() for number in range(first, last + 1)]
            counted = [is_counted(page, number, len(pages)) for number, page in enumerate(pages, 1)]

            assert (len(pages) > 1) is key.endswith(f" {many}"), key
            assert counted == [len(pages) > 1] * len(pages), key


def test_an_agent_is_no_petitioner_of_the_notice() -> None:
    """Only who petitions, or is represented, is named."""
    view = build_notice_view([SERVICE_FINDING], build_case(VARIANTS["organisation-with-agent"]))

    assert view.petitioner_names == (COMPANY,)


def test_a_court_that_sets_no_days_prints_none() -> None:
    """The notice then has no date of completion."""
    paragraphs = notice_paragraphs([SERVICE_FINDING])

    assert "经检查，下列材料缺少或者不符合要求，现退回补正。请补齐后重新报送。" in paragraphs
    assert [p for p in paragraphs if p.startswith("2021年")] == ["2021年12月1日"]


def test_problems_of_one_material_share_a_line_and_lines_follow_the_law() -> None:
    """Paragraphs of Art. 14 are named, items of Art. 16 have no numbers; problems without an article come last."""
    damaged = finding("FILE-DAMAGED", message="甲。", fix="请乙。", item=Item.COMMITMENT, path="/materials/3")
    blank = finding("FILE-EMPTY", message="丙。", fix="请乙。", item=Item.COMMITMENT, path="/materials/3")
    phone = finding("DATA-CASE-NUMBER", message="丁。", fix="请戊。", path="/enforcement_cases/0/no")
    ours = finding("ART14-JURISDICTION", message="己。", fix="请庚。")
    lines = build_notice_view([phone, SERVICE_FINDING, blank, damaged, ours]).lines

    assert [(line.basis, line.lacking, line.asked) for line in lines] == [
        ("第十四条第一款", "己。", "庚。"),
        ("第十四条第二款", "甲；丙。", "乙。"),
        ("第十六条", SERVICE_FINDING.message, "补入经信访人签收的送达回证扫描件，并填写签收（签名）日期。"),
        (None, "丁。", "戊。"),
    ]


def test_a_fault_of_a_file_that_serves_several_papers_is_told_once() -> None:
    """With the basis of each paper; what else is wrong with one of them stands in its own line."""
    items = (Item.INTERVIEW, Item.CONVERSATION_RECORD)
    damaged = [
        finding("FILE-DAMAGED", message="甲打不开。", fix="请重新扫描。", item=item, path="/materials/3/file")
        for item in items
    ]
    undated = finding("ART14-2", message="乙。", fix="请丙。", item=Item.CONVERSATION_RECORD, path="/materials")
    lines = build_notice_view([*damaged, undated, SERVICE_FINDING]).lines

    assert [(line.basis, line.lacking) for line in lines] == [
        ("第十四条第二款、第十六条", "乙；甲打不开。"),
        ("第十六条", SERVICE_FINDING.message),
    ]
    assert [line.basis for line in build_notice_view(damaged).lines] == ["第十四条第二款、第十六条"]


def test_warnings_are_three_hints_at_most() -> None:
    """Warnings alone do not return a case."""
    warnings = [finding("SCAN-DPI", message=f"第{n}件低于 200 dpi。", fix="请重扫。") for n in range(5)]
    paragraphs = notice_paragraphs([SERVICE_FINDING, *warnings])

    assert paragraphs[-3:] == ["提示：1.第0件低于200 dpi。", "2.第1件低于200 dpi。", "3.第2件低于200 dpi。"]
    with pytest.raises(CaseError, match="没有要退回补正的问题"):
        fill_return_notice(build_notice_view(warnings), TEMPLATES)


def test_a_case_that_could_not_be_read_is_returned_by_its_folders_name() -> None:
    """A phone number in the folder's name is masked, and nothing is printed for the missing registration number."""
    broken = finding("JSON-SYNTAX", message="case.json 第 3 行第 5 列不是正确的 JSON。", fix="请改正。")
    view = build_return_view(
        None, [broken], BundleKind.ARCHIVE, PROFILE, RETURN_DAY, number=None, folder="甲某某13800000000"
    )
    data = fill_return_notice(view, TEMPLATES)

    assert "案件文件夹：甲某某138****0000" in read_paragraphs(data)
    told = read_paragraphs(data)
    assert "案件数据读不出来，材料没有核对。" in told
    assert not [
        text for text in told if "JSON" in text or "列不是" in text or "退回" in text.replace("退回补正通知单", "")
    ]
    assert "□归档　□核销" in told
    assert read_blocks(data).header.first == read_blocks((TEMPLATES / "return_notice.docx").read_bytes()).header.first


def test_each_missing_paper_has_a_line_of_its_own() -> None:
    """All nine papers and four materials, none cut off and none in the line of another."""
    missing = [*REGULATION.archive_items, *REGULATION.write_off_materials]
    findings = [
        finding(
            paper.rule, message=f"缺少{paper.label}。", fix=paper.fix or "请补入。", item=paper.item, path="/materials"
        )
        for paper in missing
    ]
    lines = build_notice_view(findings).lines

    assert len(lines) == len(missing) == 13
    assert {line.lacking for line in lines} == {found.message for found in findings}


def test_a_case_that_was_never_sent_in_is_not_sent_back() -> None:
    """Neither asked to be written off nor put together: the notice asks for completion, and its handler comes from the path."""
    tree = example_tree()
    tree.pop("write_off", None)
    tree["people"].pop("handler", None)
    tree["archive"] = {}
    view = build_return_view(
        build_case(tree),
        [SERVICE_FINDING],
        BundleKind.ARCHIVE,
        PROFILE,
        RETURN_DAY,
        number="钢信执2021-0042",
        folder="案件",
        handler="张某某",
    )
    told = read_paragraphs(fill_return_notice(view, TEMPLATES))

    assert "经检查，下列材料缺少或者不符合要求，请补正。" in told
    assert "张某某" in told
    assert not [text for text in told if "退回" in text.replace("退回补正通知单", "")]


def make_findings(count: int, length: int, *, seed: int) -> list[Finding]:
    """Return errors of several materials and articles.

    Args:
        count: the number of findings.
        length: the approximate length of a message.
        seed: the seed of the random choice.
    """
    rng = random.Random(seed)  # noqa: S311 (no security purpose)
    rules = [rule for rule in RULES.values() if rule.severity is Severity.ERROR]
    texts = ["国", "2021年12月6日", "“扫描件-0042.pdf”", "，", "缺少送达回执", "（", "）", "第3项"]
    found = []
    for _ in range(count):
        rule = rng.choice(rules)
        message = "".join(rng.choice(texts) for _ in range(length // 3))
        item = rng.choice([*PAPER_KINDS, None])
        found.append(finding(rule.id, message=f"{message}。", fix=f"请{message[::-1]}。", item=item, path="/materials"))
    return found


def test_the_notice_is_one_page_where_its_lines_fit_and_cuts_nothing_where_they_do_not() -> None:
    """By style: 小四, then 五号, then 小五; then a second page, with one line for each paper and every word of it."""
    warnings = [finding("SCAN-DPI", message="提" * 200, fix="请重扫。")] * 3
    drafts = {
        f"n{count}-{length}": fill_return_notice(
            build_notice_view([*make_findings(count, length, seed=count), *warnings]), TEMPLATES
        )
        for count, length in ((1, 10), (4, 20), (7, 20), (9, 20), (30, 60))
    }
    pages = count_pages(drafts)

    assert pages.pop("n30-60") > 1
    assert set(pages.values()) == {1}
    assert {"表选项五号", "表选项小五"} <= {style for data in drafts.values() for style in cell_styles(data)}
    words = "".join(read_paragraphs(drafts["n30-60"]))
    lines = build_notice_view([*make_findings(30, 60, seed=30), *warnings]).lines
    assert len(lines) > 20
    assert all(line.lacking in words and line.asked in words and "…" not in line.lacking for line in lines)


def cell_styles(data: bytes) -> set[str]:
    """Return the paragraph styles in the table cells of a document."""
    tables = (block for block in read_blocks(data).body if not isinstance(block, Paragraph))
    return {
        block.style
        for table in tables
        for row in table.rows
        for cell in row.cells
        for block in cell.blocks
        if isinstance(block, Paragraph)
    }


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("电话13800000000，", "电话138****0000，"),
        ("证件999999196805020013。", "证件999999********0013。"),
        ("0531-12345678", "0531-****5678"),
        ("（2020）鲁0117执9001号，12600元，2021-0042", "（2020）鲁0117执9001号，12600元，2021-0042"),
    ],
)
def test_personal_numbers_are_masked(text: str, shown: str) -> None:
    """The middle of phone numbers, all but six and four digits of identity numbers; case numbers and amounts stay."""
    assert masked(text) == shown


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("请在 case.json 的 /people/handler 填写案件承办人。", "填写案件承办人。"),
        (
            "请填写 approval 里的 leader_consent 或者 collective（须有日期）。",
            "填写审批里的主办院领导同意或者集体研究（须有日期）。",
        ),
        ("/petitioners/0/id_number 的校验码不对。", "第1名信访人的证件号码的校验码不对。"),
        ("“materials/a.pdf”没有签收日期（signed_on），不能算数。", "“materials/a.pdf”没有签收日期，不能算数。"),
        ("答复信访人应不晚于 2021-11-17，超期 3 天。", "答复信访人应不晚于2021年11月17日，超期3天。"),
    ],
)
def test_findings_are_told_without_keys_or_codes(text: str, plain: str) -> None:
    """With the Chinese titles of the model instead; file names stay."""
    assert to_plain_language(text) == plain


LETTER = """钢法〔2021〕　　号
签发人：王某某
济南市钢城区人民法院
关于报请核销执行申诉信访案件的请示
济南市中级人民法院：
按照上级法院对执行信访工作的要求和我院《济南市钢城区人民法院关于规范执行申诉信访案件办理的实施意见》（钢法发〔2021〕24号）第十四条的规定，我院对办理完毕的执行申诉信访案件进行了审核汇总，现将甲某某等3件执行申诉信访案件报请核销。有关情况请示如下：
一、案件基本情况
本次报请核销案件3件，其中执行实施类2件、执行审查类1件。上述案件均已录入执行申诉信访系统。
二、办理情况
上述案件均已约谈信访人，办理意见经主办院领导同意，答复意见书均已送达信访人。
三、材料情况
每件案件均附相关法律文书、谈话笔录、接访后采取工作措施情况说明、息诉罢访承诺书等材料，经执行指挥中心汇总。
妥否，请批示。
附件：1.报请核销执行申诉信访案件清单
　　　2.核销卷宗3册
济南市钢城区人民法院
2021年11月26日
（联系人：　　　　　联系电话：0531-00000000）
附件1
报请核销执行申诉信访案件清单"""


def fill_letter(*cases: Case) -> bytes:
    """Return the letter that submits these cases."""
    view = build_submission_view([(case, 58) for case in cases], PROFILE, date(2021, 11, 26), signer="王某某")
    return fill_submission_letter(view, TEMPLATES)


def test_the_submission_is_the_briefs_own_word_for_word() -> None:
    """Its list is on landscape pages whose numbering continues the letter's."""
    review = {**example_tree(), "category": "review"}
    data = fill_letter(build_case(example_tree()), build_case(example_tree()), build_case(review))
    blocks = read_blocks(data)

    assert "\n".join(read_paragraphs(data)).startswith(LETTER)
    assert (blocks.landscape, [part.landscape for part in blocks.following]) == (False, [True])
    assert count_pages({"p": data}) == {"p": 3}


def test_the_list_tells_each_case_and_no_personal_data() -> None:
    """A row for each case, with the page count of its bundle."""
    table = WordDocument(io.BytesIO(fill_letter(build_case(example_tree())))).tables[-1]
    heading, row = ([cell.text.replace("\n", "") for cell in row.cells] for row in table.rows)

    assert heading == [
        "序号",
        "登记号",
        "系统录入号",
        "信访人",
        "执行案号",
        "反映的主要问题",
        "交办机关及文号",
        "办理结果",
        "答复送达日期",
        "承诺书日期",
        "卷内页数",
        "备注",
    ]
    assert row == [
        "1",
        "钢信执2021-0042",
        "样0042",
        "甲某某",
        "（2020）鲁0117执9001号",
        "未及时查控财产、终结本次执行程序不当、发放执行款不及时等问题",
        "济南市中级人民法院济执信交〔2021〕9018号",
        "解释说明1项",
        "2021年11月12日",
        "2021年11月18日",
        "58",
        "",
    ]


def test_what_does_not_hold_of_every_case_is_not_said() -> None:
    """A statement is printed only if it holds for every case; the remaining sections are renumbered."""
    posted = example_tree()
    posted["materials"] = [m for m in posted["materials"] if "reply_service" not in m["items"]]
    posted["materials"].append({"items": ["reply_service"], "file": "b.pdf", "posted_on": "2021-11-11"})
    del posted["registration"]["system_no"]
    paragraphs = read_paragraphs(fill_letter(build_case(example_tree()), build_case(posted)))

    assert "本次报请核销案件2件，其中执行实施类2件。" in paragraphs
    assert "二、材料情况" in paragraphs
    assert not [p for p in paragraphs if "送达信访人" in p or ("录入" in p and "系统录入号" not in p and len(p) > 5)]


def test_the_reply_of_several_is_served_when_it_is_served_on_each() -> None:
    """One receipt of two petitioners does not prove it; two do, and the list tells both days."""
    case = example_tree()
    case["petitioners"].append({"name": "丙某某", "role": "party", "position": "applicant"})
    (receipt,) = [one for one in case["materials"] if one["items"] == ["reply_service"]]
    receipt["title"] = "答复意见书送达回证（甲某某）"

    assert "送达信访人" not in "".join(read_paragraphs(fill_letter(build_case(case))))
    case["materials"].append({**receipt, "title": "答复意见书送达回证（丙某某）", "signed_on": "2021-11-15"})
    letter = read_paragraphs(fill_letter(build_case(case)))
    assert "该案已约谈信访人，办理意见经主办院领导同意，答复意见书已送达信访人。" in letter
    assert "2021年11月12日、2021年11月15日" in letter


def test_one_case_is_told_as_one() -> None:
    """Without 等1件 and without 均."""
    paragraphs = "\n".join(read_paragraphs(fill_letter(build_case(example_tree()))))

    assert "现将甲某某执行申诉信访案件报请核销。" in paragraphs
    assert "本次报请核销案件1件，该案为执行实施类案件。该案已录入执行申诉信访系统。" in paragraphs
    assert "均" not in paragraphs


def test_nothing_is_submitted_without_a_case_or_a_superior_court() -> None:
    """The error is raised before a template is opened."""
    lonely = PROFILE.model_copy(update={"superior_court": ""})

    with pytest.raises(CaseError, match="没有报请核销的案件"):
        fill_submission_letter(build_submission_view([], PROFILE, None), TEMPLATES)
    with pytest.raises(CaseError, match="没有上级法院"):
        fill_submission_letter(build_submission_view([(build_case(example_tree()), 1)], lonely, None), TEMPLATES)


def test_render_makes_the_notice_of_a_case_and_leaves_the_submission_to_batch(tmp_path: Path) -> None:
    """The notice has the findings of ``check``, as of today."""
    case = tmp_path / "案件"
    case.mkdir()
    (case / "case.json").write_text(json.dumps(cases.archive(), ensure_ascii=False), encoding="utf-8")
    command = [sys.executable, "-m", "bundler", "render", str(case), "--doc"]
    done = subprocess.run([*command, "return_notice", "-o", "n.docx"], capture_output=True, check=True, cwd=tmp_path)
    letter = subprocess.run([*command, "submission_letter"], capture_output=True, check=False, cwd=tmp_path)

    assert done.stdout.decode().split() == ["n.docx"]
    told = read_paragraphs((tmp_path / "n.docx").read_bytes())
    assert "缺少受理告知送达回执。" in told
    assert not [text for text in told if ".pdf" in text]
    assert letter.returncode == 2
    assert "bundler batch" in letter.stderr.decode()


def test_a_submission_is_the_same_bytes_every_time() -> None:
    """Independent of clock and random numbers."""
    case = build_case(copy.deepcopy(example_tree()))

    assert fill_letter(case) == fill_letter(case)
