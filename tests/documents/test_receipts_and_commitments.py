"""Documents for one petitioner: the receipt of service, and the commitment."""

from __future__ import annotations

import json
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from bundler.errors import CaseError
from bundler.word.block_model import Paragraph
from bundler.word.docx_reader import read_blocks
from tests.support import cases
from tests.support.documents import (
    copies_of,
    count_pages,
    draft_paragraphs,
    draft_text,
    draft_tree,
    example_tree,
    read_paragraphs,
)
from tests.support.variants import VARIANTS

RECEIPT = """济南市钢城区人民法院
送达回证
案由
（信访事由）
执行申诉信访事项（民间借贷纠纷执行一案）
登记号、
执行案号
钢信执2021-0042
（2020）鲁0117执9001号
送达文书名称
和件数
执行申诉信访事项答复意见书　1份
受送达人
甲某某
送达地址
济南市钢城区样某街道样某村
送达方式
☑直接送达　□留置送达　□邮寄送达
□电子送达　□委托送达　□转交送达"""


def test_the_receipt_is_the_briefs_own() -> None:
    """The printed part; signature, witness and dates stay blank although the case has them."""
    paragraphs = read_paragraphs(draft_tree(example_tree(), "service_receipt", index=1))

    assert "\n".join(paragraphs).startswith(RECEIPT + "\n受送达人签名\n")
    assert paragraphs[-4:-1] == ["填发人", "孙某某", "送达人"]
    assert "2021年" not in "".join(paragraphs)


def test_a_receipt_for_each_service_and_each_petitioner() -> None:
    """In the order in which they fall due."""
    tree = example_tree()
    tree["petitioners"].append({"name": "丙某某", "address": "样某街", "role": "party", "position": "applicant"})
    made = [draft_text(tree, "service_receipt", place) for place in range(len(copies_of(tree, "service_receipt")))]

    assert ["受理告知书　1份" in one for one in made] == [True, True, False, False]
    assert ["\n丙某某\n" in one for one in made] == [False, True, False, True]


@pytest.mark.parametrize(
    ("method", "line"),
    [
        ("lien", "□邀请见证人"),
        ("mail", "邮件号"),
        ("electronic", "接收账号（号码）"),
        ("entrusted", "受托单位"),
        ("forwarded", "转交单位"),
    ],
)
def test_a_method_of_service_has_its_line(method: str, line: str) -> None:
    """No other method's line is printed."""
    tree = example_tree()
    tree["acceptance"]["service_method"] = method
    receipt = draft_text(tree, "service_receipt")

    assert line in receipt
    assert "代收理由＿＿＿＿" in receipt
    assert receipt.count("☑") == 1
    assert sum(mark in receipt for mark in ("□邀请", "邮件号", "接收账号", "受托单位", "转交单位")) == 1


def test_an_undecided_method_ticks_no_box() -> None:
    """Six empty boxes, and no line of a method."""
    tree = example_tree()
    del tree["acceptance"]["service_method"]

    assert draft_text(tree, "service_receipt").count("□") == 6


def test_a_declined_matters_receipt_is_of_the_explanation() -> None:
    """It does not mention an enforcement case whose cause is unknown."""
    tree = cases.declined(6)
    tree["petitioners"][0]["address"] = "样某村"
    del tree["enforcement_cases"][0]["cause"]
    receipt = draft_text(tree, "service_receipt")

    assert "执行申诉信访事项不予受理释明告知书　1份" in receipt
    assert "\n执行申诉信访事项\n" in receipt


def test_a_receipt_without_an_address_is_refused() -> None:
    """The error names the field."""
    tree = example_tree()
    del tree["petitioners"][0]["address"]

    with pytest.raises(CaseError, match="未填送达地址"):
        draft_tree(tree, "service_receipt")


COMMITMENT = """息诉罢访承诺书
承诺人：甲某某，男，1968年5月2日出生，汉族，住济南市钢城区样某街道样某村，公民身份号码999999196805020013，联系电话13800000000。
本人就（2020）鲁0117执9001号申请执行人甲某某与被执行人乙某某、钢城区样某建材有限公司民间借贷纠纷执行一案反映未及时查控财产、终结本次执行程序不当、发放执行款不及时等问题（登记号：钢信执2021-0042），济南市钢城区人民法院已约谈本人，并于2021年11月12日向本人送达《执行申诉信访事项答复意见书》。现本人自愿承诺如下：
一、本人已知悉该案的执行情况和信访事项的办理结果，对办理结果表示理解和接受。
二、本人自愿息诉罢访，不再以同一事实和理由通过信访渠道反映。
三、本承诺不影响本人依法享有的诉讼权利，以及申请恢复执行、提供财产线索、提出执行异议等权利；有新的事实、新的证据的，本人仍可以依法反映。
四、本承诺是本人真实意思表示，没有受到欺骗、胁迫。以上内容□本人已阅读　□已由他人向本人宣读，本人均理解。
承诺人（签名、捺印）：　　　　　　　　　　　年　　月　　日
在场人（签名）：　　　　　　　　　　　　　　年　　月　　日"""


def test_the_commitment_is_the_briefs_own_word_for_word() -> None:
    """No heading of the court; signature and date stay blank."""
    assert draft_text(example_tree(), "commitment") == COMMITMENT


def test_money_received_is_told_in_figures_and_capitals() -> None:
    """The clauses after it are renumbered; payments to another petitioner are not printed."""
    tree = example_tree()
    tree["write_off"]["payments"] = [
        {"on": "2020-08-05", "name": "执行款", "amount": "12600"},
        {"on": "2020-08-06", "name": "执行款", "amount": "36.25", "to": "丙某某"},
    ]
    paragraphs = read_paragraphs(draft_tree(tree, "commitment"))

    assert paragraphs[4] == "二、本人已于2020年8月5日收到执行款12600元（大写：人民币壹万贰仟陆佰元整）。"
    assert [p[:2] for p in paragraphs[5:8]] == ["三、", "四、", "五、"]


def test_a_reply_that_was_only_posted_and_no_interview() -> None:
    """The sentence says so."""
    tree = example_tree()
    tree["materials"] = [{"items": ["reply_service"], "file": "a.pdf", "posted_on": "2021-11-11"}]
    del tree["interview"]["held_on"]

    assert "（登记号：钢信执2021-0042），济南市钢城区人民法院于2021年11月11日向本人邮寄《" in draft_text(
        tree, "commitment"
    )


@pytest.mark.parametrize(
    ("petitioner", "opening", "sign"),
    [
        (
            {"kind": "company", "name": "样某公司", "representative": {"name": "卫某某", "title": "经理"}},
            "承诺人：样某公司。法定代表人：卫某某，经理。\n本公司就",
            "承诺人（盖章及法定代表人签名）：",
        ),
        (
            {"kind": "organization", "name": "样某村村民委员会", "representative": {"name": "卫某某"}},
            "承诺人：样某村村民委员会。负责人：卫某某。\n本单位就",
            "承诺人（盖章及负责人签名）：",
        ),
        (
            {
                "name": "丁某某",
                "role": "agent",
                "principal": {"name": "甲某某", "authority": "特别授权，可代为承诺"},
            },
            "承诺人：甲某某。委托代理人：丁某某。\n本人就",
            "委托代理人（签名、捺印）：",
        ),
    ],
)
def test_who_commits(petitioner: dict[str, Any], opening: str, sign: str) -> None:
    """A company, another organisation, an agent empowered to commit."""
    made = draft_text({**example_tree(), "petitioners": [petitioner]}, "commitment")

    assert opening in made
    assert f"\n{sign}" in made
    assert "　　　　　　年　　月　　日" in made.split(sign)[1]


def test_an_agent_commits_only_with_that_power() -> None:
    """The authority must include 承诺."""
    agent = {"name": "丁某某", "principal": {"name": "甲某某", "authority": "一般代理"}}

    with pytest.raises(CaseError, match="可代为承诺"):
        draft_tree({**example_tree(), "petitioners": [agent]}, "commitment")


def test_a_commitment_and_a_receipt_keep_to_one_page() -> None:
    """For texts of any length that court papers have."""
    drafts: dict[str, bytes] = {}
    for step in range(9):
        tree = example_tree()
        tree["petitioners"][0]["address"] = "样" * (9 + 9 * (step % 6))
        if step < 3:
            tree["registration"]["brief"] = "发放执行款不及时问题"
            tree["enforcement_cases"][0]["parties"]["respondents"] = ["乙某某"]
        if step > 5:
            tree["write_off"]["payments"] = [{"on": "2020-08-05", "name": "执行款", "amount": "12600"}]
        drafts |= {f"c{step}": draft_tree(tree, "commitment"), f"r{step}": draft_tree(tree, "service_receipt")}

    assert set(count_pages(drafts).values()) == {1}
    assert len({size_of(drafts[f"c{step}"]) for step in range(9)}) == 2


def test_a_commitment_counts_only_what_it_prints() -> None:
    """Facts that the case does not have take no line: one that fits in 三号 is not set in 四号."""
    tree = VARIANTS["group-with-outsider"]
    made = {f"c{index}": draft_tree(tree, "commitment", index) for index in range(3)}

    assert {size_of(data) for data in made.values()} == {"条款"}
    assert set(count_pages(made).values()) == {1}


def test_each_of_several_commits_to_what_is_known_to_be_his_own() -> None:
    """His own matter; the day of a receipt that has his name, else a blank; the interview where he is named in it."""
    tree = serve(VARIANTS["group-with-outsider"], (RECEIPT_TITLE, "2021-11-12"))
    del tree["claims"][2]
    first, second, third = (draft_text(tree, "commitment", index) for index in range(3))

    assert "执行一案反映财产查控问题（登记号" in first
    assert "执行一案反映有关问题（登记号" in second
    assert "执行一案反映车辆查封问题（登记号" in third
    for text in (first, second, third):
        assert "），济南市钢城区人民法院于　　　　年　　月　　日向本人送达《" in text
    for material in tree["materials"]:
        if material["items"] == ["reply_service"]:
            material["title"] = "答复意见书送达回证（丁某某）"
    tree["interview"]["present"] = ["丁某某"]
    assert "），济南市钢城区人民法院已约谈本人，并于2021年11月12日向本人送达《" in draft_text(tree, "commitment", 2)
    assert draft_text(tree, "commitment", 0) == first


def test_a_name_within_a_longer_one_is_another_persons() -> None:
    """王某 is not served by the receipt of 王某某."""
    tree = deepcopy(VARIANTS["group-with-outsider"])
    tree["petitioners"][0]["name"] = "丁某"
    for material in tree["materials"]:
        if material["items"] == ["reply_service"]:
            material["title"] = "答复意见书送达回证（丁某某）"

    assert "于　　　　年　　月　　日向本人送达《" in draft_text(tree, "commitment", 0)
    assert "于2021年11月12日向本人送达《" in draft_text(tree, "commitment", 2)


def size_of(data: bytes) -> str:
    """The style of a commitment's clauses."""
    return next(b.style for b in read_blocks(data).body if isinstance(b, Paragraph) and b.text.startswith("承诺人："))


def test_render_names_several_papers_of_one_document_apart(tmp_path: Path) -> None:
    """Their file names end in the service; ``--item`` selects one, which has the plain name."""
    case = tmp_path / "case"
    case.mkdir()
    (case / "case.json").write_text(json.dumps(example_tree(), ensure_ascii=False), encoding="utf-8")
    command = [sys.executable, "-m", "bundler", "render", str(case), "--doc", "service_receipt"]
    both = subprocess.run(command, capture_output=True, check=True, cwd=tmp_path)
    one = subprocess.run([*command, "--item", "reply_service"], capture_output=True, check=True, cwd=tmp_path)
    none = subprocess.run([*command, "--item", "explanation_service"], capture_output=True, check=False, cwd=tmp_path)

    assert both.stdout.decode().split() == [
        "钢信执2021-0042-service_receipt-acceptance_service.docx",
        "钢信执2021-0042-service_receipt-reply_service.docx",
    ]
    assert one.stdout.decode().split() == ["钢信执2021-0042-service_receipt.docx"]
    assert none.returncode == 1
    assert "没有这一次送达" in none.stderr.decode()


def serve(tree: dict[str, Any], *receipts: tuple[str, str]) -> dict[str, Any]:
    """The case with these receipts of the reply, the title and the day of each, and without commitments."""
    tree = deepcopy(tree)
    tree["materials"] = [one for one in tree["materials"] if one["items"][0] not in {"reply_service", "commitment"}] + [
        {"items": ["reply_service"], "file": f"回证{place}.pdf", "title": title, "signed_on": day}
        for place, (title, day) in enumerate(receipts)
    ]
    return tree


RECEIPT_TITLE = "答复意见书送达回证"


@pytest.mark.parametrize(
    ("receipts", "asked", "report", "effect"),
    [
        (
            [(f"{RECEIPT_TITLE}（甲某某、丙某某、戊某某）", "2021-11-12")],
            "答复意见书已送达信访人。",
            "答复意见书于2021年11月12日送达信访人。",
            "答复意见书已于2021年11月12日送达信访人",
        ),
        (
            [(f"{RECEIPT_TITLE}（甲某某、丙某某）", "2021-11-12"), (f"{RECEIPT_TITLE}（戊某某）", "2021-11-15")],
            "答复意见书已送达信访人。",
            "答复意见书分别于2021年11月12日、2021年11月15日送达信访人。",
            "答复意见书已分别于2021年11月12日、2021年11月15日送达信访人",
        ),
        (
            [(f"{RECEIPT_TITLE}（甲某某、丙某某）", "2021-11-12")],
            "答复意见书已送达甲某某、丙某某。",
            "答复意见书于2021年11月12日送达甲某某、丙某某。",
            "答复意见书已于2021年11月12日送达甲某某、丙某某",
        ),
        (
            [(RECEIPT_TITLE, "2021-11-12")],
            "已收到答复意见书送达凭证1份。",
            "已收到答复意见书送达凭证1份，载明于2021年11月12日签收。",
            None,
        ),
        (
            [(RECEIPT_TITLE, "2021-11-12"), (f"{RECEIPT_TITLE}（甲某某）", "2021-11-15")],
            "已收到答复意见书送达凭证2份。",
            "已收到答复意见书送达凭证2份，最后一份载明于2021年11月15日签收。",
            None,
        ),
    ],
)
def test_the_reply_is_told_to_be_served_on_whom_the_receipts_name(
    receipts: list[tuple[str, str]], asked: str, report: str, effect: str | None
) -> None:
    """A receipt that names none is one petitioner's; each day is told; one of three is not all."""
    tree = serve(VARIANTS["one-agent-for-two-of-three"], *receipts)
    statement = draft_text(tree, "measures_statement")

    assert asked in draft_paragraphs(tree, "write_off_request")
    assert [line for line in draft_paragraphs(tree, "supervision_report") if line.startswith(report)]
    assert f"{effect}。" in statement if effect else "答复意见书" not in statement


def test_of_those_who_were_not_served_all_or_not_all_were_posted_to() -> None:
    """其余已于……交寄 only where every other petitioner was."""
    tree = serve(VARIANTS["one-agent-for-two-of-three"], (f"{RECEIPT_TITLE}（甲某某）", "2021-11-12"))
    posted = {"items": ["reply_service"], "file": "凭证.pdf", "posted_on": "2021-11-13", "service_kind": "posted"}
    tree["materials"].append(posted | {"title": "邮寄凭证（丙某某）"})

    assert "答复意见书已送达甲某某。" in draft_paragraphs(tree, "write_off_request")
    tree["materials"][-1]["title"] = "邮寄凭证（丙某某、戊某某）"
    told = "答复意见书已送达部分信访人，其余已于2021年11月13日交寄。"
    assert told in draft_paragraphs(tree, "write_off_request")
