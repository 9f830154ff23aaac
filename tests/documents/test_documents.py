"""Notices and replies: their text word for word, for any values."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pypdf
import pytest

from bundler.api.render import render
from bundler.case.validation import validate_tree
from bundler.documents.definitions import find_templates_folder
from bundler.documents.views.case_view import build_case_view
from bundler.documents.word_template import fill_template
from bundler.errors import TemplateError
from bundler.profile import load_profile
from bundler.word.unsupported_constructs import check_docx
from tests.support import cases
from tests.support.paths import SAMPLES

NOTICE = """济南市钢城区人民法院
执行申诉信访事项受理告知书
登记号：钢信执2021-0042
甲某某：
本院于2021年9月16日收到济南市中级人民法院转来的你反映（2020）鲁0117执9001号申请执行人甲某某与被执行人乙某某、钢城区样某建材有限公司民间借贷纠纷执行一案未及时查控财产、终结本次执行程序不当、发放执行款不及时等问题的信访材料。
经审查，你反映的事项属于《济南市钢城区人民法院关于规范执行申诉信访案件办理的实施意见》（钢法发〔2021〕24号，以下简称《实施意见》）第六条第（二）项、第（七）项所列信访事由，本院予以受理。现将有关事项告知如下：
一、本事项由案件承办人李某某办理。
二、本院定于2021年9月22日9时30分在本院执行信访接待室与你约谈，请携带身份证件原件及相关材料到场。因故不能按时到场的，请提前联系，另行约定时间。
三、本院自承办人收到信访事项之日起40个工作日内（不晚于2021年11月17日）向你答复办理情况及办理结果。
四、你可以补充提交与所反映事项有关的证据、财产线索等材料，并注明登记号。提交复印件的，请携带原件核对。
五、信访事项的受理和办理不停止执行，不影响你依法提出执行异议、申请复议、申请恢复执行等权利，也不影响法律规定的期间的计算。
六、你的联系方式或者送达地址发生变化的，请及时告知本院。
特此告知。
济南市钢城区人民法院
2021年9月17日
联系人：孙某某　　联系电话：0531-00000000
联系地址：济南市钢城区样某路1号"""


def tree() -> dict[str, Any]:
    """The example of the drafting brief."""
    case = cases.archive()
    case["registration"]["brief"] = "未及时查控财产、终结本次执行程序不当、发放执行款不及时等问题"
    case["grounds"] = [2, 7]
    case["enforcement_cases"][0]["parties"]["respondents"] = ["乙某某", "钢城区样某建材有限公司"]
    case["interview"] = {"planned_at": "2021-09-22T09:30", "place": "本院执行信访接待室", "held_on": "2021-09-22"}
    case["assignment"] = {"body": "济南市中级人民法院"}
    case["people"]["contact"] = {"name": "孙某某", "phone": "0531-00000000"}
    return case


def notice(case: dict[str, Any]) -> bytes:
    """Fill the acceptance notice."""
    fitted = validate_tree(case).case
    assert fitted is not None
    return fill_template(
        find_templates_folder(None) / "acceptance_notice.docx",
        build_case_view(fitted, load_profile(), date(2021, 9, 17)),
    )


def words(data: bytes) -> list[str]:
    """The paragraphs that are not blank."""
    return [paragraph for paragraph in check_docx(data).paragraphs if paragraph.strip()]


def test_the_acceptance_notice_is_the_briefs_own_word_for_word() -> None:
    """It has no content that the typesetter does not support."""
    data = notice(tree())

    assert words(data) == NOTICE.split("\n")
    assert check_docx(data).problems == ()


@pytest.mark.parametrize(
    ("channel", "opening"),
    [
        ("visit", "你于2021年9月16日到本院反映（2020）鲁0117执9001号"),
        ("letter", "本院于2021年9月16日收到你反映（2020）鲁0117执9001号"),
        ("phone", "你于2021年9月16日通过电话向本院反映（2020）鲁0117执9001号"),
    ],
)
def test_the_channel_decides_the_opening(channel: str, opening: str) -> None:
    """For a petition that no other body forwarded."""
    case = tree()
    del case["assignment"]
    case["registration"]["channel"] = channel

    assert words(notice(case))[4].startswith(opening)


@pytest.mark.parametrize(
    ("petitioners", "heading", "you"),
    [
        ([{"name": "甲某某"}, {"name": "丙某某"}], "甲某某、丙某某：", "你们"),
        ([{"name": f"甲某{n}"} for n in "一二三四五六"], "甲某一等6人：", "你们"),
        ([{"name": "样某建材有限公司", "kind": "company"}], "样某建材有限公司：", "你公司"),
        ([{"name": "样某村村民委员会", "kind": "organization"}], "样某村村民委员会：", "你单位"),
    ],
)
def test_the_form_of_address(petitioners: list[dict[str, str]], heading: str, you: str) -> None:
    """One person, several, a company, another body."""
    paragraphs = words(notice({**tree(), "petitioners": petitioners}))

    assert paragraphs[3] == heading
    assert f"转来的{you}反映" in paragraphs[4]


@pytest.mark.parametrize("value", ["{{ reg_no }}", "{% if %}", "甲<w:p/>某", "A&B", "“甲”'某'\"某\""])
def test_values_print_as_they_stand(value: str) -> None:
    """Template tags and XML in a value are printed as text."""
    case = tree()
    case["petitioners"][0]["name"] = value

    assert words(notice(case))[3] == f"{value}："


EXPLAINED = {
    2: [
        "丙某某：",
        "本院于2021年10月8日收到你反映本院执行人员工作作风问题的来信。",
        "经核查，你反映的是本院执行人员工作作风方面的问题，未反映执行案件的办理问题。本院已于2021年10月11日将你的材料移送本院督察部门。",
        "根据《济南市钢城区人民法院关于规范执行申诉信访案件办理的实施意见》（钢法发〔2021〕24号）第十五条第（二）项的规定，本院对该信访事项不予受理。现向你释明如下：",
        "上述问题不属于执行申诉信访事项，由本院督察部门依照职责处理。",
        "你可以向本院督察部门了解情况、补充材料；如你认为执行案件的办理存在问题，可以另行向本院反映。",
        "特此告知。",
    ],
    7: [
        "丙某某：",
        "你于2021年10月8日到本院反映（2019）鲁0117执9008号执行案件有关问题。",
        "经核查，（2019）鲁0117执9008号执行案件已由济南市中级人民法院以（2021）鲁01执监9009号执行裁定书指定样某区人民法院执行，现由样某区人民法院办理。",
        "根据《济南市钢城区人民法院关于规范执行申诉信访案件办理的实施意见》（钢法发〔2021〕24号）第十五条第（七）项的规定，本院对该信访事项不予受理。现向你释明如下：",
        "该案现由样某区人民法院执行，有关问题由该院处理。",
        "你可以向样某区人民法院反映。",
        "特此告知。",
    ],
}


def explanation(ground: int) -> list[str]:
    """Fill the notice of a declined case and read its paragraphs."""
    case = cases.declined(ground)
    case["petitioners"][0]["name"] = "丙某某"
    case["registration"]["received_on"] = "2021-10-08"
    case["enforcement_cases"][0]["no"] = "（2019）鲁0117执9008号"
    if ground == 2:
        case["registration"] |= {"channel": "letter", "brief": "本院执行人员工作作风问题"}
    fitted = validate_tree(case).case
    assert fitted is not None
    view = build_case_view(fitted, load_profile(), date(2021, 10, 12))
    return words(fill_template(find_templates_folder(None) / "explanation_notice.docx", view))


@pytest.mark.parametrize("ground", [2, 7])
def test_the_explanation_notice_is_the_briefs_own_word_for_word(ground: int) -> None:
    """Art. 15, items 2 and 7."""
    assert explanation(ground)[3:10] == EXPLAINED[ground]


@pytest.mark.parametrize("ground", range(1, 8))
def test_every_ground_has_its_own_whole_sentences(ground: int) -> None:
    """No gap where a value is missing; the item cited is that of the ground."""
    text = "\n".join(explanation(ground))

    assert f"第十五条第（{'一二三四五六七'[ground - 1]}）项" in text
    assert not [
        gap for gap in ("，，", "。。", "（）", "于，", "None", "××", "《》", "向反映", "移送。") if gap in text
    ]


def test_a_provisional_day_is_not_printed() -> None:
    """The working days of that year are not published yet."""
    case = tree()
    case["transfer"] = {"received_on": "2026-11-20"}

    assert "不晚于" not in words(notice(case))[8]


def test_the_same_case_gives_the_same_bytes() -> None:
    """A document does not depend on the clock."""
    assert notice(tree()) == notice(tree())


def test_a_misspelt_name_in_a_template_is_an_error(tmp_path: Path) -> None:
    """The name is not printed as a blank."""
    from docx import Document

    for expression in ("{{ reg_nr }}", "{{ court.__class__ }}", "{{ reg_no.upper() }}", "{% include 'x' %}"):
        document = Document()
        document.add_paragraph(expression)
        document.save(str(tmp_path / "t.docx"))
        fitted = validate_tree(tree()).case
        assert fitted is not None
        with pytest.raises(TemplateError):
            fill_template(tmp_path / "t.docx", build_case_view(fitted, load_profile(), None))


def test_render_writes_word_and_pdf_of_the_same_words(tmp_path: Path) -> None:
    """Run as a command; apart from page numbers, the PDF has the text of the Word file."""
    (tmp_path / "case.json").write_text(json.dumps(tree(), ensure_ascii=False), encoding="utf-8")
    for ending in ("docx", "pdf"):
        command = [sys.executable, "-m", "bundler", "render", str(tmp_path), "--doc", "acceptance_notice"]
        target = tmp_path / f"out.{ending}"
        done = subprocess.run([*command, "--format", ending, "-o", str(target)], capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
    pages = [page.extract_text() for page in pypdf.PdfReader(tmp_path / "out.pdf").pages]
    printed = "".join("".join(page.split()) for page in pages).replace("—1—", "").replace("—2—", "")

    assert len(pages) == 2
    assert printed == "".join("".join(words((tmp_path / "out.docx").read_bytes())).split())


def reply(*outcomes: dict[str, Any], **changes: object) -> list[str]:
    """Fill the reply to claims with these outcomes and read its paragraphs."""
    case = tree() | changes
    basis = {"title": "执行", "statement": "甲", "demand": "乙", "facts": "丙"}
    case["claims"] = [{**basis, **outcome} for outcome in outcomes]
    case["enforcement_cases"][0]["terminated"] = True
    case["reply"] = {"replied_on": "2021-11-10", "case_facts": "本院于2020年3月4日立案。", "file_reviewed": True}
    case["investigations"] = [{"on": "2021-09-28"}]
    fitted = validate_tree(case).case
    assert fitted is not None
    view = build_case_view(fitted, load_profile(), date(2021, 11, 10))
    return words(fill_template(find_templates_folder(None) / "reply_opinion.docx", view))


@pytest.mark.parametrize(
    ("given", "opening"),
    [
        (
            {},
            "本院于2021年9月17日受理，于2021年9月22日约谈了你，查阅了执行卷宗，于2021年9月28日进行了调查。经研究，现答复如下：",
        ),
        (
            {"acceptance": {}},
            "本院于2021年9月22日约谈了你，查阅了执行卷宗，于2021年9月28日进行了调查。经研究，现答复如下：",
        ),
        ({"acceptance": {}, "interview": {}}, "本院查阅了执行卷宗，于2021年9月28日进行了调查。经研究，现答复如下："),
    ],
)
def test_what_was_done_is_a_sentence_of_its_own(given: dict[str, Any], opening: str) -> None:
    """A comma stands between two clauses only, whichever of them the case has."""
    told = reply({"outcome": "explained", "reason": "丁"}, **given)[4]

    assert told.endswith(f"信访材料。{opening}")


def test_a_reply_answers_each_claim_and_tells_the_remedies_of_its_day() -> None:
    """Three claims explained, as in the drafting brief; in 2021 the article is 第二百二十五条."""
    paragraphs = reply(*[{"outcome": "explained", "reason": "丁"}] * 3)

    assert paragraphs[4].endswith(
        "信访材料。本院于2021年9月17日受理，于2021年9月22日约谈了你，查阅了执行卷宗，于2021年9月28日进行了调查。经研究，现答复如下："
    )
    assert [p for p in paragraphs if p[0] in "一二三（"] == [
        "一、案件基本情况",
        "二、对反映问题的答复",
        "（一）关于执行的问题",
        "（二）关于执行的问题",
        "（三）关于执行的问题",
        "三、权利告知",
    ]
    assert paragraphs[9:12] == ["你反映，甲，请求乙。", "经查，丙。", "就该项反映，本院解释说明如下：丁。"]
    assert (
        "你发现被执行人有可供执行财产的，可以向本院提供财产线索，申请恢复执行；申请恢复执行不受申请执行时效期间的限制。"
        "如你认为本院的执行行为违反法律规定，可以依照《中华人民共和国民事诉讼法》第二百二十五条的规定，向本院提出书面异议，"
        "由本院依法审查。本意见书不影响你依法行使诉讼权利。"
    ) in paragraphs


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        (
            {"outcome": "supported", "measures": [{"on": "2021-10-15", "text": "解除对案外人丁某某名下车辆的查封"}]},
            "你的该项请求成立，本院予以支持。本院已于2021年10月15日解除对案外人丁某某名下车辆的查封。",
        ),
        (
            {"outcome": "not_supported", "lacks": "facts", "reason": "拍卖公告已于2021年3月2日依法发布"},
            "该项请求缺乏事实依据，本院不予支持。理由是：拍卖公告已于2021年3月2日依法发布。",
        ),
        (
            {"outcome": "led_into", "procedure": {"name": "案外人异议", "case_no": "（2021）鲁0117执异9003号"}},
            (
                "该项问题应当通过案外人异议程序解决，本院已依法导入该程序，案号为（2021）鲁0117执异9003号。"
                "有关争议以该程序作出的法律文书为准，本意见书不作评价。"
            ),
        ),
        (
            {
                "outcome": "led_into",
                "procedure": {"name": "执行异议", "told_on": "2021-09-22", "told_to": "提出书面异议"},
            },
            "该项问题应当通过执行异议程序解决。本院已于2021年9月22日告知你可以提出书面异议，你提出后由本院依法审查。",
        ),
    ],
)
def test_each_outcome_has_its_sentence(outcome: dict[str, Any], sentence: str) -> None:
    """A single claim has no number."""
    paragraphs = reply(outcome)

    assert sentence in paragraphs
    assert not [paragraph for paragraph in paragraphs if paragraph.startswith("（一）")]


def test_a_reply_without_approval_is_marked_a_draft() -> None:
    """With the approval it is not."""
    explained = {"outcome": "explained", "reason": "丁"}

    assert reply(explained, approval={})[0] == "草稿（未经审批，不得送达）"
    assert reply(explained)[0] == "济南市钢城区人民法院"


def test_a_document_is_drafted_with_an_empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a process of its own, as the first command after the installation does it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    paper = next(iter(render(SAMPLES / "declined", "explanation_notice")))
    assert paper.data.startswith(b"PK")
