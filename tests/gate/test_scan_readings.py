"""What was read on the scans is compared with the case: the faults are found, and right papers raise no alarm."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from bundler.bundle.read_and_check_case import check_case
from bundler.profile import load_profile
from bundler.regulation.rule_codes import Severity
from bundler.scan_reading.record import ReadPage
from tests.support.invented_readings import InventedFolder, invented_folder, turned
from tests.support.paths import copy_sample
from tests.support.regulations import RULES
from tests.support.sample_readings import write_sample_readings
from tests.support.scan_readings import read_page

CASES = range(8)
"""Of the fifty cases that raise no alarm, those in which every fault is tried."""
SAMPLES_WITH_SCANS = ("archive-complete", "declined", "incomplete", "write-off-complete")


def messages(folder: InventedFolder, rule: str) -> list[str]:
    """What a rule says, once for each material."""
    return list(dict.fromkeys(found.message for found in folder.findings() if found.rule == rule))


def copy_read_sample(name: str, tmp_path: Path) -> Path:
    """A copy of a sample with a record of each scan."""
    case = copy_sample(name, tmp_path / name)
    write_sample_readings(name, case)
    return case


def readings_of(case: Path) -> list[str]:
    """What the rules about readings say of a case folder."""
    checked = check_case(str(case), kind=None, today=date(2021, 12, 20), profile=load_profile())
    return [f"{found.rule} {found.message}" for found in checked.check_result.findings if found.rule.startswith("READ")]


def test_no_finding_about_a_reading_is_an_error() -> None:
    """The engine makes mistakes, so no bundle hangs on it."""
    codes = [code for code in RULES if code.startswith("READ-")]
    assert len(codes) == 9
    assert {RULES[code].severity for code in codes} == {Severity.WARNING}


def test_fifty_cases_raise_no_alarm() -> None:
    """Each paper is its case's own, upright, whole, sealed and dated as the case says."""
    alarms = {
        number: found for number in range(50) if (found := [f.message for f in invented_folder(number).findings()])
    }
    assert alarms == {}


@pytest.mark.parametrize("name", SAMPLES_WITH_SCANS)
def test_a_sample_raises_no_alarm(name: str, tmp_path: Path) -> None:
    """Its papers name several days, people and cases, and some are evidence from another file."""
    assert readings_of(copy_read_sample(name, tmp_path)) == []


def test_a_paper_of_another_case_is_asked_about() -> None:
    """Whatever paper it is; in one of them at most nothing tells whose it is."""
    silent = []
    for number in CASES:
        for item in ("superior_notice", "acceptance_service", "interview", "investigation", "evidence", "commitment"):
            folder = invented_folder(number)
            folder.pages_of(item)[:] = invented_folder(number + 20).pages_of(item)
            if "READ-CASE" not in folder.codes():
                silent.append((number, item))
    assert len(silent) <= 1, silent


def test_the_other_cases_number_is_quoted_with_its_place() -> None:
    """The clerk sees which number was read, and the desk where."""
    folder = invented_folder(1)
    other = invented_folder(2)
    folder.pages_of("approval")[:] = other.pages_of("approval")
    found = next(found for found in folder.findings() if found.rule == "READ-CASE")
    number = other.tree["registration"]["no"]

    assert f"读到的登记号是“{number}”，不是本案的登记号" in found.message
    place = found.as_json()["places"][0]
    assert (place["page"], place["read"], place["size"]) == (1, number, [1654, 2339])
    box = next(line.box for line in other.pages_of("approval")[0].lines if number in line.text)
    assert place["box"] == list(box)


def test_a_rare_character_in_a_name_is_no_alarm() -> None:
    """The engine reads 𬭎 as another character, so any will do."""
    folder = invented_folder(3)
    name = folder.tree["petitioners"][0]["name"]
    rare = name[:2] + "𬭎某"
    folder.tree["petitioners"][0]["name"] = rare
    pages = folder.pages_of("superior_notice")
    pages[:] = [replace_text(page, name, name[:2] + "铵某") for page in pages]
    assert "READ-CASE" not in folder.codes()


def replace_text(page: ReadPage, old: str, new: str) -> ReadPage:
    """The page with other words."""
    lines = tuple(line.model_copy(update={"text": line.text.replace(old, new)}) for line in page.lines)
    return page.model_copy(update={"lines": lines})


WRONG_ITEMS = [
    ("acceptance_service", "interview", "笔录"),
    ("acceptance_service", "reply_service", "邮件详情单|送 ?达 ?回"),
    ("interview", "commitment", "承诺书"),
    ("commitment", "acceptance_service", "送 ?达 ?回"),
    ("investigation", "legal_document", "裁定书"),
    ("legal_document", "approval", "审批表"),
    ("superior_notice", "evidence", "反馈表"),
    ("commitment", "other", "反映材料"),
    ("evidence", "approval", "审批表"),
]


@pytest.mark.parametrize(("item", "paper", "title"), WRONG_ITEMS)
def test_a_paper_under_the_wrong_item_is_asked_about(item: str, paper: str, title: str) -> None:
    """The question quotes the title that was read."""
    for number in CASES:
        folder = invented_folder(number)
        folder.pages_of(item)[:] = folder.pages_of(paper)
        found = messages(folder, "READ-ITEM")
        assert found, number
        assert any(word.replace(" ?", "") in found[0] for word in title.split("|")), found


def long_records(folder: InventedFolder) -> list[list[ReadPage]]:
    """The records of several pages, each with page numbers."""
    return [pages for pages in folder.pages.values() if len(pages) > 1]


PAGE_FAULTS: list[tuple[Callable[[list[ReadPage]], object], str]] = [
    (lambda pages: pages.pop(), "没有见到其中的第2页"),
    (lambda pages: pages.pop(0), "没有见到其中的第1页"),
    (lambda pages: pages.reverse(), "页的顺序不对"),
    (lambda pages: pages.insert(0, pages[0]), "有两张"),
]


@pytest.mark.parametrize(("spoil", "words"), PAGE_FAULTS)
def test_a_page_missing_or_out_of_order_is_asked_about(spoil: Callable[[list[ReadPage]], object], words: str) -> None:
    """By 第x页 共y页 at the foot, in whatever form."""
    tried = 0
    for number in CASES:
        folder = invented_folder(number)
        for pages in long_records(folder):
            tried += 1
            spoil(pages)
        found = messages(folder, "READ-PAGES")
        assert len(found) == len(long_records(invented_folder(number)))
        assert all(words in message for message in found), found
    assert tried >= 8


def test_two_records_in_one_file_and_one_record_in_two_files_are_whole() -> None:
    """A stack scanned at once, and a record scanned page by page."""
    folder = invented_folder(0)
    record = long_records(folder)[0]
    record += record
    assert messages(folder, "READ-PAGES") == []

    folder = invented_folder(0)
    file = next(name for name, pages in folder.pages.items() if len(pages) > 1)
    material = next(one for one in folder.tree["materials"] if one["file"] == file)
    folder.tree["materials"].append({**material, "file": "materials/第二页.pdf"})
    folder.pages["materials/第二页.pdf"] = [folder.pages[file].pop()]
    assert messages(folder, "READ-PAGES") == []


@pytest.mark.parametrize(("turn", "words"), [(90, "向左横倒"), (180, "上下颠倒"), (270, "向右横倒")])
def test_a_turned_page_is_told_and_nothing_else(turn: int, words: str) -> None:
    """Title, page number and date are found on it where they are."""
    for number in CASES:
        folder = invented_folder(number)
        for pages in folder.pages.values():
            pages[:] = [turned(page, turn) for page in pages]
        assert folder.codes() == ["READ-TURNED"]
        assert all(words in message for message in messages(folder, "READ-TURNED"))


@pytest.mark.parametrize("days", [-31, -1, 1, 7])
def test_another_day_than_that_on_the_paper_is_asked_about(days: int) -> None:
    """Written in figures, with points or dashes, or in Chinese."""
    items = ("superior_notice", "acceptance_service", "interview", "investigation", "legal_document", "commitment")
    for number in CASES:
        folder = invented_folder(number)
        for item in items:
            material = folder.material(item)
            for key in material.keys() & {"date", "signed_on"}:
                material[key] = (date.fromisoformat(material[key]) + timedelta(days)).isoformat()
        told = {found.item.value for found in folder.findings() if found.rule == "READ-DATE" and found.item}
        assert told >= set(items)


def test_a_year_read_wrongly_is_no_alarm_and_a_year_entered_wrongly_is() -> None:
    """2011 for 2021 is the engine's mistake, 2020 for 2021 a clerk's."""
    folder = invented_folder(0)
    material = folder.material("other")
    day = date.fromisoformat(material["date"])
    pages = folder.pages_of("other")
    pages[:] = [replace_text(page, f"{day.year}年", f"{day.year - 10}年") for page in pages]
    assert "READ-DATE" not in folder.codes()
    material["date"] = day.replace(year=day.year - 9).isoformat()
    assert "READ-DATE" in folder.codes()


@pytest.mark.parametrize(
    ("read", "asks", "asks_in_doubt"),
    [("21", False, False), ("1", False, False), ("22", True, False), ("12", True, True)],
)
def test_a_figure_that_may_lack_or_is_doubted_is_not_asked_about(read: str, asks: bool, asks_in_doubt: bool) -> None:  # noqa: FBT001
    """The 1st may be the 21st with a figure lost, however sure the engine was; the 22nd may only be where it was not."""
    folder = invented_folder(0)
    material = folder.material("other")
    (page,) = folder.pages_of("other")
    day = date.fromisoformat(material["date"])
    material["date"] = day.replace(day=21).isoformat()
    page = replace_text(page, f"月{day.day}日", f"月{read}日")
    folder.pages_of("other")[:] = [page]
    assert ("READ-DATE" in folder.codes()) is asks
    folder.pages_of("other")[:] = [doubted(page)]
    assert ("READ-DATE" in folder.codes()) is asks_in_doubt


@pytest.mark.parametrize(("tail", "unsure", "asks"), [("8", False, True), ("8", True, False), ("88", True, True)])
def test_a_case_number_of_which_the_engine_was_not_sure_is_no_other_ones(tail: str, unsure: bool, asks: bool) -> None:  # noqa: FBT001
    """One figure is otherwise; where the engine was sure, or two figures are, another case of the same people is asked about."""
    folder = invented_folder(0)
    own, name = folder.tree["enforcement_cases"][0]["no"], folder.tree["petitioners"][0]["name"]
    number = own.removesuffix("号")[: -len(tail)] + tail + "号"
    page = read_page(
        1,
        [
            "约谈笔录",
            f"被约谈人：{name}",
            f"案号：{number}",
            "问：请说说你反映的问题。答：我申请执行的钱还没有给我，请催一催。",
        ],
    )
    folder.pages_of("interview")[:] = [doubted(page) if unsure else page]
    assert ("READ-CASE" in folder.codes()) is asks


def doubted(page: ReadPage, *, share: float = 1.0) -> ReadPage:
    """The page where the engine was unsure of its first lines: so many of all."""
    count = round(share * len(page.lines))
    doubts = ("figures", "words")
    lines = [
        line.model_copy(update={"doubts": doubts}) if place < count else line for place, line in enumerate(page.lines)
    ]
    return page.model_copy(update={"lines": tuple(lines)})


def test_no_name_is_missed_on_a_paper_that_was_hardly_read() -> None:
    """A letter in a running hand, copied: nothing tells whose it is. One line of many takes nothing away."""
    for share, asks in ((0.0, True), (0.2, True), (1.0, False)):
        folder = invented_folder(0)
        other = invented_folder(20).pages_of("other")
        folder.pages_of("other")[:] = [doubted(page, share=share) for page in other]
        assert ("READ-CASE" in folder.codes()) is asks, share


@pytest.mark.parametrize(
    ("title", "doubts", "asks"), [("约淡笔绿", True, False), ("约淡笔绿", False, True), ("反睡材科", True, True)]
)
def test_a_misread_title_is_not_missed_on_a_page_that_was_hardly_read(title: str, doubts: bool, asks: bool) -> None:  # noqa: FBT001
    """It may be the one that such a paper has if half of its characters are there."""
    folder = invented_folder(0)
    name = folder.tree["petitioners"][0]["name"]
    page = read_page(1, [title, *[f"我叫{name}，我反映的事情一直没有人管，请领导过问一下。"] * 3])
    folder.pages_of("interview")[:] = [doubted(page) if doubts else page]
    assert ("READ-ITEM" in folder.codes()) is asks


def test_the_notice_that_a_receipt_names_is_not_its_title() -> None:
    """A row of a table without a colon ends with a longer title than the receipt's own; a court's name before that is no other row."""
    folder = invented_folder(0)
    name = folder.tree["petitioners"][0]["name"]
    served = ["送达文书 执行申诉信访事项受理告知书", f"受送达人 {name}"]
    for title in ("送达回证", "样例县人民法院送达回证"):
        folder.pages_of("acceptance_service")[:] = [read_page(1, [title, *served])]
        assert messages(folder, "READ-ITEM") == []
    folder.pages_of("acceptance_service")[:] = [read_page(1, ["约谈笔录", *served])]
    assert len(messages(folder, "READ-ITEM")) == 1


def test_another_number_of_which_the_engine_was_not_sure_is_no_evidence() -> None:
    """Neither a registration number with another figure, nor a page number."""
    folder = invented_folder(1)
    own = folder.tree["registration"]["no"]
    other = own[:-1] + ("1" if own[-1] != "1" else "2")
    pages = [replace_text(page, own, other) for page in folder.pages_of("approval")]
    assert all(page.text.count(other) for page in pages)
    folder.pages_of("approval")[:] = pages
    assert messages(folder, "READ-CASE")
    folder.pages_of("approval")[:] = [doubted(page) for page in pages]
    assert messages(folder, "READ-CASE") == []

    folder = invented_folder(0)
    record = long_records(folder)[0]
    del record[-1]
    assert messages(folder, "READ-PAGES")
    record[:] = [doubted(page) for page in record]
    assert messages(folder, "READ-PAGES") == []


def test_a_paper_without_its_seal_is_asked_about_only_in_colour() -> None:
    """On a scan in grey no seal can be seen."""
    folder = invented_folder(4)
    for pages in folder.pages.values():
        pages[:] = [page.model_copy(update={"seals": ()}) for page in pages]
    assert {found.item and found.item.value for found in folder.findings()} == {
        *("superior_notice", "evidence", "legal_document")
    }
    assert folder.codes() == ["READ-SEAL"]
    for pages in folder.pages.values():
        pages[:] = [page.model_copy(update={"coloured": False}) for page in pages]
    assert folder.codes() == []


def test_a_page_scanned_twice_is_asked_about_and_two_alike_receipts_are_not() -> None:
    """Twice scanned, a few characters are read otherwise; two receipts differ in what they are filled in with."""
    for number in CASES:
        for item in ("interview", "acceptance_service", "commitment"):
            folder = invented_folder(number)
            page = folder.pages_of(item)[0]
            folder.pages_of(item).append(replace_text(page, "的", "白"))
            assert "READ-TWIN" in folder.codes()

    folder = invented_folder(5)
    receipt = folder.material("acceptance_service")
    second = {**receipt, "file": "materials/另一份.pdf", "signed_on": None, "date": None}
    folder.tree["materials"].append(second)
    pages = folder.pages_of("acceptance_service")
    folder.pages["materials/另一份.pdf"] = [replace_text(page, "受理告知书", "答复意见书") for page in pages]
    assert messages(folder, "READ-TWIN") == []


def test_a_page_that_cannot_be_read_is_told() -> None:
    """The engine failed on it, or nothing came out where there must be print."""
    folder = invented_folder(6)
    folder.pages_of("interview")[0] = ReadPage(number=1, status="unclear", width=1654, height=2339, picture="0" * 64)
    folder.pages_of("commitment")[0] = folder.pages_of("commitment")[0].model_copy(update={"lines": ()})
    folder.pages_of("evidence")[0] = folder.pages_of("evidence")[0].model_copy(update={"lines": ()})
    told = {found.item.value for found in folder.findings() if found.rule == "READ-UNCLEAR" and found.item}
    assert told == {"interview", "conversation_record", "commitment"}


def test_scraps_tell_nothing_but_that_the_page_is_unclear() -> None:
    """On a page too grainy for the engine, no name is missed and no title is wrong."""
    folder = invented_folder(7)
    page = folder.pages_of("legal_document")[0]
    scraps = tuple(
        line.model_copy(update={"text": text})
        for line, text in zip(page.lines * 3, "济2区人去完执—广书0117灰号丽住市网" * 3, strict=False)
    )
    folder.pages_of("legal_document")[0] = page.model_copy(update={"lines": scraps})
    assert folder.codes() == ["READ-UNCLEAR"]
    assert "支离破碎" in messages(folder, "READ-UNCLEAR")[0]


def test_the_report_and_its_json_say_page_and_words(tmp_path: Path) -> None:
    """With the records a turned receipt is told; the other findings are what they were without."""
    plain = copy_sample("archive-complete", tmp_path / "plain")
    without = check_case(str(plain), kind=None, today=date(2021, 12, 20), profile=load_profile()).check_result
    case = copy_read_sample("archive-complete", tmp_path)
    for record in (case / ".readings").iterdir():
        tree = json.loads(record.read_text("utf-8"))
        if any("受理告知书" in line["text"] for line in tree["pages"][0]["lines"]):
            tree["pages"][0]["turn"] = 180
            record.write_text(json.dumps(tree, ensure_ascii=False), "utf-8")
    with_records = check_case(str(case), kind=None, today=date(2021, 12, 20), profile=load_profile()).check_result

    told = [found for found in with_records.findings if found not in without.findings]
    assert {found.rule for found in told} == {"READ-TURNED"}
    assert [one for one in with_records.findings if one in without.findings] == list(without.findings)
    assert with_records.complete == without.complete
    assert all(
        set(one.as_json()) <= {"rule", "severity", "article", "item", "path", "message", "fix"}
        for one in without.findings
    )
