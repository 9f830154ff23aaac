"""Each row of docs/articles.md holds on one day's generated cases: its rules, commands, papers and pages are all used.

A row's use records what it used; the table and the record must name the same.
"""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import icalendar
import openpyxl
import pytest

from bundler.commands import run
from tests.support.article_cases import BROKEN, SOUND, TODAY, with_pages, write_court, write_tree
from tests.support.case_folders import scan_file
from tests.support.desk_client import TestClient, app_of, desk, visible_text
from tests.support.documents import read_paragraphs
from tests.test_articles_table import codes, table


class Court:
    """A court with its generated cases, which records what is used of the software.

    Attributes:
        root: the folder of the cases.
        out: the output of its batch.
        rules, commands, papers, pages: what was used, by the names in the table.
    """

    def __init__(self, root: Path, out: Path, scratch: Path, client: TestClient) -> None:
        self.root, self.out, self._scratch, self._client = root, out, scratch, client
        self.rules: set[str] = set()
        self.commands: set[str] = set()
        self.papers: set[str] = set()
        self.pages: set[str] = set()

    def run(self, command: str, *arguments: object, status: int = 0, today: bool = True) -> str:
        """The standard output of a command that ends with a status."""
        self.commands.add(command)
        output = io.StringIO()
        line = [command, *map(str, arguments), *(["--today", TODAY] if today else [])]
        with contextlib.redirect_stdout(output):
            assert run(line) == status, line
        return output.getvalue()

    def case(self, number: int) -> Path:
        """The folder of a case."""
        return self.root / f"条信访2021-{number:04}"

    def check_rules(self, article: str, *rules: str) -> None:
        """A case that breaks a rule gets its finding under the article, with something to do; a sound case does not."""
        folders = [self._scratch / "违反" / rule for rule in rules]
        for rule, folder in zip(rules, folders, strict=True):
            if not folder.exists():
                write_tree(folder, with_pages(BROKEN[rule]()))
        self.commands.add("check")
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            run(["check", *map(str, folders), "--json", "--today", TODAY])
        told = json.loads(output.getvalue())
        for rule, report in zip(rules, told if isinstance(told, list) else [told], strict=True):
            found = [one for one in report["findings"] if one["rule"] == rule]
            assert found, rule
            assert {one["article"] for one in found} == {article}
            assert all(one["message"] and one["fix"] for one in found)
            self.rules.add(rule)

    def paper(self, document: str, number: int = 8, *options: str) -> str:
        """The text of a paper that `render` makes of a case, as the typesetter reads it."""
        target = self._scratch / f"{document}-{len(self.papers)}.docx"
        target.unlink(missing_ok=True)  # of another article
        self.run("render", self.case(number), "--doc", document, *options, "-o", target, today=False)
        return self.read(document, target)

    def read(self, document: str, path: Path) -> str:
        """The text of a paper that another command made."""
        self.papers.add(document)
        return "\n".join(read_paragraphs(path.read_bytes()))

    def page(self, name: str, number: int | None = None) -> str:
        """The words of a page of the desk, by its name in the table; of a case where a number is given."""
        self.pages.add(name)
        path = _PAGES[name]
        if number is not None:
            refs = app_of(self._client).state.services.case_registry.scan()
            (key,) = (ref.key for ref in refs if ref.folder.name == self.case(number).name)
            path = f"/cases/{key}{path}"
        answer = self._client.get(path)
        assert answer.status_code == 200, path
        return visible_text(answer.text)


_PAGES = {
    "案件列表": "/",
    "指挥中心": "/centre",
    "导入登记簿": "/register",
    "表单": "",
    "材料": "/materials",
    "文书": "/papers",
    "成卷": "/bundle",
    "历史": "/history",
}


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path, Path, TestClient]]:
    """The court's cases, its batch of the day with reminders, and a desk over them."""
    base = tmp_path_factory.mktemp("条文")
    root, out = base / "案件", base / "批处理"
    write_court(root)
    assert run(["batch", str(root), "-o", str(out), "--today", TODAY, "--jobs", "1", "--reminders"]) == 1
    with desk(root) as client:
        yield root, out, base, client


Use = Callable[[Court], None]
USES: dict[str, Use] = {}


def use_of(article: str) -> Callable[[Use], Use]:
    """Make a function the use of a row."""

    def register(use: Use) -> Use:
        USES[article] = use
        return use

    return register


@pytest.mark.parametrize("row", table(), ids=lambda row: row["条"])
def test_a_row_is_what_its_use_used(row: dict[str, str], generated: tuple[Path, Path, Path, TestClient]) -> None:
    """The same rules, commands, papers and pages, no more and no less."""
    root, out, base, client = generated
    court = Court(root, out, base, client)
    USES[row["条"]](court)

    assert court.rules == set(codes(row["规则"]))
    assert court.commands == set(codes(row["命令"]))
    assert court.papers == set(codes(row["文书"]))
    assert court.pages == set(row["页面"].split("、"))


def test_a_sound_case_breaks_no_rule_of_an_article(tmp_path: Path) -> None:
    """The same cases without their fault."""
    for number, make in enumerate(SOUND):
        write_tree(tmp_path / str(number), make())
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        assert run(["check", *map(str, sorted(tmp_path.iterdir())), "--json", "--today", TODAY]) == 0
    assert [
        one["rule"] for report in json.loads(output.getvalue()) for one in report["findings"] if one["article"]
    ] == []


@use_of("第四条")
def use_article_4(court: Court) -> None:
    """The leader in charge is asked for, counted by, and on the form."""
    court.check_rules("第四条", "ART04", "ART04-SELF")
    leaders = json.loads(court.run("figures", court.root, "--json"))["by"]["leader"]
    assert [(one["name"], one["taken_in"]) for one in leaders] == [("王某某", 7)]
    assert "王某某" in court.paper("approval_form")
    assert "主办院领导" in court.page("表单", 8)


@use_of("第五条")
def use_article_5(court: Court) -> None:
    """The handler past a limit gets a notice from ledger, batch and desk, and the ledger tells how often."""
    court.check_rules("第五条", "ART05")
    target = court.out.parent / "催办"
    court.run("ledger", court.root, "--reminders", target)
    notice = court.read("reminder_notice", target / f"催办单-赵某某-{TODAY}.docx")
    assert "对象：赵某某" in notice
    assert "条信访2021-0004" in notice
    court.commands.add("batch")
    assert (court.out / "reminders" / f"催办单-赵某某-{TODAY}.docx").is_file()
    due = json.loads(court.run("ledger", court.root, "--json"))["due"]
    assert {one["registration_no"] for one in due if one["reminded"]} >= {"条信访2021-0004"}
    assert "催办" in court.page("指挥中心")
    assert "催办（督办）单" in court.page("文书", 4)


@use_of("第六条（受理事由）")
def use_article_6_grounds(court: Court) -> None:
    """The grounds stand on the form and notice."""
    court.check_rules("第六条（受理事由）", "ART06", "ART06-DECLINED", "ART06-STANDING")
    assert "受理" in court.paper("acceptance_notice")
    assert "第六条（受理事由）第（二）项" in court.paper("registration_form")
    assert "受理事由" in court.page("表单", 8)


@use_of("第六条（实施类原则）")
def use_article_6_measures(court: Court) -> None:
    """Every measure with day and result."""
    court.check_rules("第六条（实施类原则）", "ART06-MEASURES")
    table_text = court.paper("measures_exhausted")
    assert "查询银行存款" in table_text
    assert "乙某某不具有法律规定的失信情形" in table_text
    assert "执行措施" in court.page("表单", 8)
    assert "已穷尽执行措施情况表" in court.page("文书", 8)


@use_of("第七条")
def use_article_7(court: Court) -> None:
    """The reply answers each claim; the form asks for the procedure."""
    court.check_rules("第七条", "ART07")
    assert "答复意见书" in court.paper("reply_opinion")
    assert "导入" in court.page("表单", 8)


@use_of("第八条")
def use_article_8(court: Court) -> None:
    """The appointment of the day is in the register, the ledger, the calendar and at the desk."""
    court.check_rules("第八条", "ART08")
    target = court.out.parent / "接访.docx"
    told = court.run("ledger", court.root, "--reception", target)
    assert "条信访2021-0003" in told
    register = court.read("reception_register", target)
    assert "9时30分" in register
    assert "条信访2021-0003" in register
    calendar = court.out.parent / "期限.ics"
    court.run("calendar", court.root, "-o", calendar)
    names = [str(one["SUMMARY"]) for one in icalendar.Calendar.from_ical(calendar.read_bytes()).walk("VEVENT")]
    assert [name for name in names if "接访" in name and "条信访2021-0003" in name]
    assert "接访" in court.page("指挥中心")
    assert "预约" in court.page("表单", 3)


@use_of("第九条")
def use_article_9(court: Court) -> None:
    """Records of an inquiry and of a hearing."""
    assert "郑某某" in court.paper("investigation_record")
    assert "听证" in court.paper("hearing_record")
    assert "听证笔录" in court.page("文书", 8)


@use_of("第十条")
def use_article_10(court: Court) -> None:
    """Who approved a coercive measure is asked for."""
    court.check_rules("第十条", "ART10")
    assert "强制措施" in court.page("表单", 8)


@use_of("第十一条")
def use_article_11(court: Court) -> None:
    """The request for relief tells hardship and amounts."""
    court.check_rules("第十一条", "ART11")
    assert "173400" in court.paper("relief_referral").replace(",", "")
    assert "司法救助" in court.page("表单", 8)
    assert "司法救助报请表" in court.page("文书", 8)


@use_of("第十二条")
def use_article_12(court: Court) -> None:
    """The register of all cases with the number that is left out; read in again it makes a case for each number."""
    court.check_rules("第十二条", "ART12", "ART12-SYSTEM")
    book = court.out.parent / "登记簿.xlsx"
    told = court.run("ledger", court.root, "--register", book, "--full-phones")
    assert "条信访2021-0005" in told
    assert len(openpyxl.load_workbook(book).worksheets) >= 1
    again = court.out.parent / "再读"
    noted = "".join(json.loads(court.run("import", book, "-o", again, "--json", today=False))["notes"])
    assert "没有列名" not in noted
    assert "信访人姓名及联系电话、案件当事人" in noted
    assert "分成几列" in noted
    assert sorted(path.parent.name for path in again.rglob("case.json")) == sorted(
        path.parent.name for path in court.root.glob("*/case.json")
    )
    assert "拟予受理" in court.paper("registration_form")
    assert "登记簿" in court.page("导入登记簿")
    assert "登记簿" in court.page("指挥中心")


@use_of("第十三条")
def use_article_13(court: Court) -> None:
    """What is overdue stands in list, ledger and calendar; every paper of the way to the reply is drafted."""
    rules = ("ART13-TRANSFER", "ART13-INTERVIEW", "ART13-REPLY", "ART13-APPROVAL")
    court.check_rules("第十三条", *rules)
    due = json.loads(court.run("ledger", court.root, "--json"))["due"]
    assert {(one["rule"], one["urgency"]) for one in due if one["registration_no"] == "条信访2021-0004"} >= {
        ("ART13-INTERVIEW", "late"),
        ("ART13-REPLY", "late"),
    }
    calendar = court.out.parent / "一案.ics"
    court.run("calendar", court.case(3), "-o", calendar)
    assert b"DTSTART;VALUE=DATE:20220214" in calendar.read_bytes()
    papers = {
        "transfer_slip": "转交",
        "interview_record": "约谈",
        "approval_form": "呈批",
        "collective_record": "集体研究",
        "reply_opinion": "答复意见书",
        "supervision_report": "办理情况",
    }
    for document, word in papers.items():
        assert word in court.paper(document)
    assert "逾期" in court.page("案件列表")
    assert "约谈" in court.page("表单", 4)
    assert "集体研究记录" in court.page("文书", 8)


@use_of("第十四条")
def use_article_14(court: Court) -> None:
    """The complete one goes up and no other; the incomplete one is told what it lacks; what was sent is recorded."""
    court.check_rules("第十四条", *(rule for rule in BROKEN if rule.startswith("ART14")))
    bundle = court.out.parent / "核销.pdf"
    court.run("build", court.case(1), "-o", bundle)
    assert bundle.read_bytes().startswith(b"%PDF")
    court.commands.add("batch")
    report = json.loads((court.out / "report.json").read_text(encoding="utf-8"))
    assert [one["registration_no"] for one in report["submission"]] == ["条信访2021-0001"]
    assert {one["registration_no"]: one["status"] for one in report["cases"]}["条信访2021-0002"] == "returned"
    (letter,) = (court.out / "submission" / "data").glob("*请示.docx")
    assert "条信访2021-0001" in court.read("submission_letter", letter)
    assert "济执信交〔2021〕9018号" in court.read("submission_letter", letter)
    assert "息诉罢访承诺" in court.read("return_notice", court.out / "returned" / "条信访2021-0002.docx")
    sheet = openpyxl.load_workbook(court.out / "report.xlsx")["全部案件"]
    assert "济执信交〔2021〕9018号" in {cell.value for row in sheet.iter_rows() for cell in row}
    for document, word in {
        "jurisdiction_note": "样某区人民法院",
        "supervision_report": "济南市中级人民法院",
        "write_off_request": "核销",
        "measures_statement": "查询被执行人银行存款",
        "commitment": "承诺",
    }.items():
        assert word in court.paper(document)
    assert "成卷" in court.page("成卷", 1)
    assert "报送" in court.page("指挥中心")
    assert "条信访2021-0001" in court.run("submitted", court.root, "-o", court.out, "--on", TODAY)


@use_of("第十五条")
def use_article_15(court: Court) -> None:
    """The ground's words are in the notice, with its receipt; the declined case is a bundle of its own."""
    court.check_rules("第十五条", *(f"ART15-{ground}" for ground in range(1, 8)))
    assert "样某区人民法院" in court.paper("explanation_notice", 7)
    assert "送达回证" in court.paper("service_receipt", 7, "--item", "explanation_service")
    court.run("build", court.case(7), "-o", court.out.parent / "不予受理.pdf")
    assert "不予受理" in court.page("表单", 7)
    assert "成卷" in court.page("成卷", 7)


@use_of("第十六条")
def use_article_16(court: Court) -> None:
    """A paper is added, the bundle is built and verified, the three ledgers are written, a follow-up is reminded of."""
    court.check_rules("第十六条", *(rule for rule in BROKEN if rule.startswith("ART16")))
    archived = court.case(6)
    scan = court.out.parent / "补充.tif"
    scan.write_bytes(scan_file()[:-1] + b"\0")
    court.run("add", archived, scan, "--item", "other", "--yes", today=False)
    bundle = court.out.parent / "归档.pdf"
    court.run("build", archived, "-o", bundle)
    court.run("verify", bundle, "--case", archived, today=False)
    assert "成卷" in court.run("history", archived, today=False)
    book = court.out.parent / "台账.xlsx"
    told = court.run("ledger", court.root, "--xlsx", book)
    assert "回访" in told
    sheets = openpyxl.load_workbook(book)
    for name, number in (("催督办台账", 4), ("专项化解台账", 3), ("信访积案台账", 6)):
        assert [row[1] for row in sheets[name].iter_rows(min_row=3, values_only=True)] == [court.case(number).name]
    for document, word, *options in (
        ("acceptance_notice", "受理告知书"),
        ("service_receipt", "送达回证", "--item", "reply_service"),
        ("coordination_record", "协调会议"),
        ("follow_up_record", "回访"),
    ):
        assert word in court.paper(document, 8, *options)
    assert "调查记录" in court.page("材料", 6)
    assert "成卷" in court.page("成卷", 6)
    assert "成卷" in court.page("历史", 6)


@use_of("第十七条")
def use_article_17(court: Court) -> None:
    """Figures by handler with their cases and formulas; the report on the year; the same in the batch and at the desk."""
    target = court.out.parent / "通报.docx"
    answer = json.loads(court.run("figures", court.root, "--json", "--report", target))
    by_handler = {one["name"]: one["taken_in"] for one in answer["by"]["handler"]}
    assert by_handler == {"李某某": 5, "陈某某": 1, "赵某某": 1}
    assert answer["total"]["cases"]["overdue"] == ["条信访2021-0004"]
    assert "条信访2021-0004（赵某某）" in court.read("period_report", target)
    court.commands.add("batch")
    report = json.loads((court.out / "report.json").read_text(encoding="utf-8"))["period_figures"]
    assert report["total"]["taken_in"] == answer["total"]["taken_in"] == 7
    assert "考核数据" in court.page("指挥中心")
