"""A second, invented court with a regulation of its own: check, build, batch, ledger, desk and templates go by its file."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pikepdf
import pytest
from click.testing import CliRunner
from docx import Document

from bundler.api.render import render
from bundler.bundle.read_and_check_case import check_case
from bundler.commands import bundler
from bundler.documents.definitions import find_templates_folder
from bundler.errors import UsageError
from bundler.profile import load_profile
from bundler.template_check.check import check_folder
from bundler.verification.inspect_bundle_file import inspect_file
from bundler.verification.manifest_comparison import completeness
from tests.support.desk_client import app_of, desk, visible_text
from tests.support.paths import SAMPLES, copy_sample

PROFILE = SAMPLES / "other-regulation" / "profile.toml"
TODAY = "2023-05-04"
OWN_CASE = "other-regulation/case"


def case_of_the_other_court(folder: Path, sample: str = OWN_CASE, **changes: Any) -> Path:  # noqa: ANN401
    """The other court's own case, or another sample, with changes."""
    case = copy_sample(sample, folder)
    path = case / "case.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changes, ensure_ascii=False), "utf-8")
    return case


def run(*arguments: object) -> str:
    """The output of a command of the other court."""
    result = CliRunner().invoke(bundler, [*map(str, arguments), "--profile", str(PROFILE)])
    assert result.exception is None or isinstance(result.exception, SystemExit | UsageError), result.exception
    return f"{result.output}{result.exception or ''}"


def all_cells(path: Path) -> str:
    """The text of all tables of a Word file."""
    return "".join(cell.text for table in Document(str(path)).tables for row in table.rows for cell in row.cells)


def findings(case: Path) -> dict[str, str]:
    """The messages of a case's findings with articles, by rule."""
    checked = check_case(str(case), kind=None, today=date(2023, 5, 4), profile=load_profile(PROFILE))
    return {found.rule: found.message for found in checked.check_result.findings}


def test_its_limits_items_and_materials_are_checked(tmp_path: Path) -> None:
    """Ten items, five materials, working days from receipt, and the names of its own articles; a rule it lacks is silent."""
    case = case_of_the_other_court(tmp_path / "a")
    checked = json.loads(run("check", case, "--json", "--today", TODAY))

    assert checked["complete"], checked["findings"]
    assert [line["article"] for line in checked["checklist"]] == ["第二十三条"] * 10 + ["第二十一条"] * 5
    assert [line["label"] for line in checked["checklist"]][-2:] == ["化解措施", "息访承诺书"]
    assert {one["rule"]: (one["start"], one["due"]) for one in checked["deadlines"]} == {
        "ART13-TRANSFER": ("2023-03-06", "2023-03-09"),
        "ART13-INTERVIEW": ("2023-03-07", "2023-03-16"),
        "ART13-REPLY": ("2023-03-06", "2023-04-18"),
        "ART14-FEEDBACK": ("2023-03-06", "2023-04-28"),
    }
    late = json.loads(run("check", served_late(tmp_path / "b"), "--json", "--today", TODAY))["findings"]
    assert {one["rule"]: one["article"] for one in late}["ART13-REPLY"] == "第十条"
    assert "本院规定的期限是 30 个工作日" in json.dumps(checked["findings"], ensure_ascii=False)


def served_late(folder: Path) -> Path:
    """The case with a reply that was written and served a day after its limit."""
    case = case_of_the_other_court(folder)
    text = (case / "case.json").read_text("utf-8")
    (case / "case.json").write_text(
        text.replace("2023-04-11", "2023-04-19").replace("2023-04-12", "2023-04-19"), "utf-8"
    )
    return case


@pytest.mark.parametrize(
    ("changes", "rule", "message"),
    [
        ({"grounds": [2, 7]}, "ART06", "第六条没有第七项。"),
        ({"absent": []}, "ART16-6", "缺少听证或者评议记录。"),
        ({"absent": [{"item": "leader_instruction"}]}, "DATA-CONFLICT", "只有核查记录、听证或者评议记录"),
    ],
)
def test_its_lists_decide_what_is_wrong(tmp_path: Path, changes: dict[str, Any], rule: str, message: str) -> None:
    """Grounds, required papers, and which of them may be declared absent."""
    assert message in findings(case_of_the_other_court(tmp_path / "a", **changes))[rule]


def test_its_refusals_have_its_numbers_and_proofs(tmp_path: Path) -> None:
    """Ground 4 is its fourth item and needs a legal document; ground 1 it does not have."""
    case = case_of_the_other_court(tmp_path / "a", "declined")
    tree = json.loads((case / "case.json").read_text("utf-8"))
    tree["materials"] = [one for one in tree["materials"] if "legal_document" not in one["items"]]
    (case / "case.json").write_text(json.dumps(tree, ensure_ascii=False), "utf-8")
    assert findings(case)["ART15-4"] == "第七条第（四）项：缺少生效法律文书。"

    run("render", case, "--doc", "explanation_notice", "-o", tmp_path / "a.docx")
    text = "".join(one.text for one in Document(str(tmp_path / "a.docx")).paragraphs)
    assert "《样某县人民法院执行信访案件办理规程》（样县法发〔2023〕7号）第七条第（四）项的规定" in text

    tree["declined"]["ground"] = 1
    (case / "case.json").write_text(json.dumps(tree, ensure_ascii=False), "utf-8")
    assert findings(case)["DATA-CONFLICT"] == "第七条没有所选的不予受理情形。"


def test_a_refusal_of_its_own_is_worded_in_its_file(tmp_path: Path) -> None:
    """Ground 8: its facts are those that the words of the notice name; number and words are the file's, no code's."""
    case = case_of_the_other_court(tmp_path / "a", "declined")
    tree = json.loads((case / "case.json").read_text("utf-8"))
    tree["declined"] = {"ground": 8, "notice_on": "2021-10-22", "matter": "财产查控问题"}
    (case / "case.json").write_text(json.dumps(tree, ensure_ascii=False), "utf-8")
    assert findings(case)["ART15-8"] == "第七条第（七）项：未写明文书名称及文号。"

    tree["declined"]["instrument"] = "（2021）样0723访1号答复意见书"
    (case / "case.json").write_text(json.dumps(tree, ensure_ascii=False), "utf-8")
    assert "ART15-8" not in findings(case)
    run("render", case, "--doc", "explanation_notice", "-o", tmp_path / "a.docx")
    text = [one.text for one in Document(str(tmp_path / "a.docx")).paragraphs]
    assert (
        "经核查，你反映的财产查控问题，本院已以（2021）样0723访1号答复意见书作出答复，你没有提出新的事实、理由。"
        in text
    )
    assert "你有新的事实、理由的，可以补充材料后再次反映。" in text
    assert any("第七条第（七）项的规定" in one for one in text)

    shipped = check_case(str(case), kind=None, today=date(2021, 12, 1), profile=load_profile(None))
    refused = [one for one in shipped.check_result.findings if one.path == "/declined/ground"]
    assert [(one.rule, one.message) for one in refused] == [
        ("JSON-SCHEMA", "不予受理的项填错，只能填 1、2、3、4、5、6、7。")
    ]
    result = CliRunner().invoke(
        bundler, ["render", str(case), "--doc", "explanation_notice", "-o", str(tmp_path / "b")]
    )
    assert result.exit_code != 0
    assert not (tmp_path / "b").exists()


def test_more_than_eight_grounds_come_from_the_file(tmp_path: Path) -> None:
    """A ninth ground is offered, accepted and printed under a regulation that has it, and told under one that has not."""
    extra = "".join(f'  "第{word}种情形",\n' for word in "七八九")
    text = (PROFILE.parent / "regulation.toml").read_text("utf-8")
    text = text.replace('  "其他执行工作中的问题",\n', f'  "其他执行工作中的问题",\n{extra}')
    (tmp_path / "regulation.toml").write_text(text, "utf-8")
    court = tmp_path / "profile.toml"
    court.write_bytes(PROFILE.read_bytes())
    case = case_of_the_other_court(tmp_path / "cases" / "a", grounds=[2, 9])
    checked = check_case(str(case), kind=None, today=date(2021, 12, 1), profile=load_profile(court))
    assert not [one for one in checked.check_result.findings if one.path and one.path.startswith("/grounds")]
    papers = render(case, "acceptance_notice", profile=court)
    notice = "".join(one.text for one in Document(io.BytesIO(next(iter(papers)).data)).paragraphs)
    assert "第六条第（二）项、第（九）项所列信访事由" in notice
    schema = json.loads(CliRunner().invoke(bundler, ["schema", "--profile", str(court)]).output)
    assert schema["properties"]["grounds"]["items"]["maximum"] == 9
    assert schema["$defs"]["Declined"]["properties"]["ground"]["enum"] == [2, 3, 4, 5, 6, 7, 8]
    with desk(case.parent, profile=court) as client:
        (ref,) = app_of(client).state.services.case_registry.scan()
        assert "（九）第九种情形" in visible_text(client.get(f"/cases/{ref.key}").text)

    shipped = check_case(str(case), kind=None, today=date(2021, 12, 1), profile=load_profile(None))
    refused = [one for one in shipped.check_result.findings if one.path == "/grounds/1"]
    assert [(one.rule, one.message) for one in refused] == [("JSON-SCHEMA", "受理事由只能填 1 至 8。")]


def test_its_notice_and_slip_tell_its_limits(tmp_path: Path) -> None:
    """30 working days from the court's receipt, seven for the interview, and the last day that follows from them."""
    case = case_of_the_other_court(tmp_path / "a")
    for document in ("acceptance_notice", "transfer_slip", "write_off_request"):
        run("render", case, "--doc", document, "-o", tmp_path / f"{document}.docx")
    notice = Document(str(tmp_path / "acceptance_notice.docx"))
    text = "".join(one.text for one in notice.paragraphs)
    assert "（样县法发〔2023〕7号，以下简称《办理规程》）第六条第（二）项所列信访事由" in text
    assert "本院自收到信访事项之日起30个工作日内（不晚于2023年4月18日）向你答复" in text
    cells = all_cells(tmp_path / "transfer_slip.docx")
    assert "自收到本单之日起7个工作日内约谈信访人" in cells
    assert "自本院收到信访件之日起30个工作日内" in cells
    assert "反馈期限前2个工作日报送" in cells
    enclosed = "相关法律文书1件、交办通知1件、谈话笔录1件、接访后采取工作措施情况说明及佐证3件、息诉罢访承诺书1件"
    assert enclosed in all_cells(tmp_path / "write_off_request.docx")


def test_a_write_off_lists_only_what_its_regulation_asks_for(tmp_path: Path) -> None:
    """A material that another regulation does not have is not printed as 0 papers."""
    text = (PROFILE.parent / "regulation.toml").read_text("utf-8")
    start = text.index('[[write_off.materials]]\npaper = "commitment"')
    (tmp_path / "regulation.toml").write_text(text[:start] + text[text.index("[binding]") :], "utf-8")
    court = tmp_path / "profile.toml"
    court.write_bytes(PROFILE.read_bytes())
    papers = render(case_of_the_other_court(tmp_path / "a"), "write_off_request", profile=court)
    (tmp_path / "a.docx").write_bytes(next(iter(papers)).data)
    cells = all_cells(tmp_path / "a.docx")
    assert "接访后采取工作措施情况说明及佐证3件、其他1件。" in cells
    assert "息诉罢访承诺书" not in cells[cells.index("所附材料") :]
    assert "0件" not in cells


def test_its_bundle_and_batch_and_ledger(tmp_path: Path) -> None:
    """The bundle's outline has its articles; the batch's reports and the ledger's workbook its limits."""
    case = case_of_the_other_court(tmp_path / "cases" / "样县信2023-0007")
    run("batch", tmp_path / "cases", "-o", tmp_path / "out", "--today", TODAY)
    (bundle,) = (tmp_path / "out" / "bundles").glob("*.pdf")
    with pikepdf.open(bundle) as pdf, pdf.open_outline() as outline:
        titles = [one.title for one in outline.root]
        manifest = json.loads(pdf.attachments["manifest.json"].get_file().read_bytes())
    assert "第二十三条　信访登记表" in titles
    assert "第二十一条　生效法律文书" in titles
    assert titles.index("第二十一条　交办通知") < titles.index("第二十三条　受理通知")
    assert manifest["profile"] == load_profile(PROFILE).sha256
    assert manifest["regulation"]["number"] == "样县法发〔2023〕7号"

    report = json.loads((tmp_path / "out" / "report.json").read_text("utf-8"))
    assert [one["limit"] for one in report["figures"]["limits"]] == ["3 日内", "7 个工作日内", "30 个工作日内"]
    assert "收到之日起 30 个工作日" in report["period_figures"]["formulas"]["in_time"]
    run("ledger", tmp_path / "cases", "--today", TODAY, "--register", tmp_path / "register.xlsx")
    assert "（第五条，" in str(openpyxl.load_workbook(tmp_path / "register.xlsx").worksheets[0].cell(1, 1).value)
    assert "三本台账（第二十三条）" in run("ledger", case.parent, "--today", TODAY)


def test_its_desk_shows_its_items_and_articles(tmp_path: Path) -> None:
    """The slots of its ten items and five materials, the grounds of its form, and its columns in the list."""
    case = case_of_the_other_court(tmp_path / "案件" / "样县信2023-0007")
    with desk(case.parent, profile=PROFILE) as client:
        (ref,) = app_of(client).state.services.case_registry.scan()
        materials = visible_text(client.get(f"/cases/{ref.key}/materials").text)
        form = visible_text(client.get(f"/cases/{ref.key}").text)
        batches = visible_text(client.get("/centre").text)
        listed = client.get("/").text
    assert "第二十三条 信访档案内容" in materials.replace("\u3000", " ")
    assert "听证或者评议记录" in materials
    assert "（六）其他执行工作中的问题" in form
    assert "（七）" not in form.partition("受理事由")[2][:400]
    assert "第十三条" not in form + materials
    assert "台账（第二十三条）" in batches
    assert "十项、五件材料" in listed


def test_its_bundle_is_verified_by_the_regulation_that_it_names(tmp_path: Path) -> None:
    """Without the court's profile no item is missed by another court's list, and the report says what was not checked."""
    run("build", case_of_the_other_court(tmp_path / "a"), "-o", tmp_path / "a.pdf", "--today", TODAY)

    def report(*options: str) -> tuple[dict[str, Any], str]:
        printed = [
            CliRunner().invoke(bundler, ["verify", str(tmp_path / "a.pdf"), *options, *more])
            for more in (["--json"], [])
        ]
        assert [one.exit_code for one in printed] == [0, 0]
        return json.loads(printed[0].output), printed[1].output

    known, text = report("--profile", str(PROFILE))
    assert {one["point"]: one["result"] for one in known["report"]}["规定的材料项目齐全"] == "passed"
    assert known["regulation"] == {
        "title": "样某县人民法院执行信访案件办理规程",
        "number": "样县法发〔2023〕7号",
        "at_hand": True,
    }
    assert "材料项目按这部规定核对" in text

    unknown, text = report()
    assert {one["point"]: one["result"] for one in unknown["report"]}["规定的材料项目齐全"] == "unchecked"
    assert (unknown["problems"], unknown["regulation"]["at_hand"]) == ([], False)
    assert "手头没有这部规定" in text
    assert "请加 --profile" in text

    (manifest,) = (observed.manifest for observed in [inspect_file(tmp_path / "a.pdf")])
    assert manifest is not None
    other = load_profile(PROFILE).regulation
    bare = manifest.model_copy(update={"papers": (), "sources": ()})
    missing = [one for one in completeness(inspect_file(tmp_path / "a.pdf"), bare, other) if one.code == "ITEM-MISSING"]
    assert len(missing) == 10
    assert missing[5].message == "卷内没有第二十三条第 6 项“听证或者评议记录”。"


def test_its_import_lists_its_papers_in_the_guide(tmp_path: Path) -> None:
    """The guide of a case from the register is by the court's regulation, as that of `new` is."""
    book = openpyxl.Workbook()
    book.active.append(["登记号", "来访时间", "信访人"])  # type: ignore[union-attr]
    book.active.append(["样县信2023-0008", "2023-03-08", "和某某"])  # type: ignore[union-attr]
    book.save(tmp_path / "登记簿.xlsx")
    run("import", tmp_path / "登记簿.xlsx", "-o", tmp_path / "案件")
    guide = next((tmp_path / "案件" / "样县信2023-0008").glob("*.txt")).read_text("utf-8")
    assert "第二十三条　听证或者评议记录" in guide


def test_its_templates_are_proved() -> None:
    """The shipped templates print its numbers without a fault."""
    assert check_folder(find_templates_folder(None), load_profile(PROFILE)) == []


def test_it_lists_its_rules_and_papers(tmp_path: Path) -> None:
    """`rules` explains its tenth item, and knows nothing of a rule that it does not have; the guide names its papers."""
    assert "信访卷宗须有答复意见的送达凭证。" in run("rules", "ART16-10")
    assert "没有“ART05”这条规则" in run("rules", "ART05")
    run("new", tmp_path / "new", "--kind", "archive")
    assert "第二十三条　听证或者评议记录" in next((tmp_path / "new").glob("*.txt")).read_text("utf-8")
