"""The case list of the desk: it agrees with the commands, is filtered and sorted, and follows the folder."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shutil
import threading
from concurrent.futures import Future
from html import unescape
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from playwright.sync_api import expect

from bundler.commands import run
from bundler.desk.case_list import routes
from tests.support.browser import accessibility_faults, launch_browser, open_page, page_errors, run_desk
from tests.support.desk_client import TODAY, TestClient, app_of, desk, visible_text, wait_for_page
from tests.support.paths import SAMPLES

STATUS_LABELS = {"present": "有", "generated": "生成", "absent": "无此件", "missing": "缺"}


def copy_samples(root: Path, *samples: str) -> Path:
    """A folder with copies of some samples."""
    cases = root / "案件"
    cases.mkdir()
    for sample in samples:
        shutil.copytree(SAMPLES / sample, cases / sample)
    return cases


def make_bare_case(cases: Path, name: str, tree: dict[str, Any]) -> Path:
    """Make a case that has nothing but its case.json."""
    folder = cases / name
    folder.mkdir()
    (folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")
    return folder


def checked(folder: Path) -> dict[str, Any]:
    """The report of ``bundler check --json``."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        run(["check", str(folder), "--json", "--today", TODAY.isoformat()])
    return dict(json.loads(output.getvalue()))


def count_errors(folder: Path) -> int:
    """The number of errors that ``check`` finds."""
    return sum(found["severity"] == "error" for found in checked(folder)["findings"])


def rows(text: str) -> list[str]:
    """The rows of the list, as HTML."""
    body = re.search(r"<tbody>(.*?)</tbody>", text, re.DOTALL)
    assert body
    return re.findall(r"<tr>(.*?)</tr>", body[1], re.DOTALL)


def listed_numbers(text: str) -> list[str]:
    """The registration numbers of the list, in its order."""
    return [unescape(found) for found in re.findall(r'<a id="case-[^>]*>([^<]*)</a>', text)]


def wait_for_checked_list(client: TestClient, path: str = "/") -> str:
    """The list once the gate has checked every case."""
    return wait_for_page(client, path, lambda text: not re.search("正在读取|正在核对|等待核对", text))


def test_each_case_stands_there_as_the_commands_see_it(tmp_path: Path) -> None:
    """The status of every paper, the number of errors and the next deadline are those of ``check``."""
    cases = copy_samples(tmp_path, "in-progress", "incomplete", "write-off-complete", "declined")
    with desk(cases) as client:
        text = wait_for_checked_list(client)
    for row in rows(text):
        name = next(one for one in cases.iterdir() if checked(one)["registration_no"] in row)
        report, errors = checked(name), count_errors(name)
        titles = re.findall(r'title="([^"]*)：(有|生成|无此件|缺)"', row)
        assert titles == [(line["label"], STATUS_LABELS[line["status"]]) for line in report["checklist"]]
        assert (f"{errors} 处" if errors else "齐全") in row
        due = min((one["due"] for one in report["deadlines"] if one["done"] is None), default="没有待办的期限")
        assert due in row


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("/", ["甲-3", "甲-1", "甲-2", "甲-4"]),
        ("/?sort=number", ["甲-1", "甲-2", "甲-3", "甲-4"]),
        ("/?sort=number&down=1", ["甲-4", "甲-3", "甲-2", "甲-1"]),
        ("/?q=王某", ["甲-2"]),
        ("/?stand=late", ["甲-3"]),
        ("/?ledger=special", ["甲-1", "甲-4"]),
        ("/?kind=declined", ["甲-4"]),
        ("/?ledger=special&kind=archive", ["甲-1"]),
        ("/?mine=1", ["甲-2"]),
        ("/?q=没有这个人", []),
        ("/?sort=nothing&page=minus&kind=x&stand=y", ["甲-3", "甲-1", "甲-2", "甲-4"]),
    ],
)
def test_the_list_is_searched_filtered_and_sorted_by_its_address(
    tmp_path: Path, address: str, found: list[str]
) -> None:
    """The address holds the query, and the next deadline comes first."""
    cases = copy_samples(tmp_path)

    def case(number: str, received: str = "", **more: Any) -> None:  # noqa: ANN401 (parts of a case)
        registration = {"no": number, **({"received_on": received} if received else {})}
        make_bare_case(cases, number, {"registration": registration, "decision": "accepted", **more})

    case("甲-1", "2021-12-29", ledgers=["special"])
    case("甲-2", "2021-12-30", petitioners=[{"name": "王某"}], people={"handler": {"name": "书记员"}})
    case("甲-3", "2021-09-01")
    case("甲-4", ledgers=["special"], decision="declined")
    with desk(cases) as client:
        assert listed_numbers(wait_for_page(client, address, lambda text: "正在读取" not in text)) == found


def test_what_cannot_be_read_comes_first_with_its_reason(tmp_path: Path) -> None:
    """A broken case is listed with its error, and the others are listed too."""
    cases = copy_samples(tmp_path, "incomplete")
    (cases / "坏的").mkdir()
    (cases / "坏的" / "case.json").write_text("{", encoding="utf-8")
    with desk(cases) as client:
        first, second = rows(wait_for_checked_list(client))
    assert "坏的" in first
    assert "读不了" in visible_text(first)
    assert "不是正确的 JSON" in visible_text(first)
    assert "钢信执2021-0063" in second


def test_two_cases_of_one_number_are_flagged(tmp_path: Path) -> None:
    """Also where the two numbers are spelled differently."""
    cases = copy_samples(tmp_path)
    for name, number in (("甲", "钢信执2021-0001"), ("乙", "钢信执２０２１-０００１"), ("丙", "钢信执2021-0002")):
        make_bare_case(cases, name, {"registration": {"no": number}})
    with desk(cases) as client:
        text = wait_for_page(client, "/", lambda text: "正在读取" not in text)
        trouble = listed_numbers(client.get("/?stand=trouble").text)
    assert [("登记号重复" in row) for row in rows(text)] == ["0002" not in row for row in rows(text)]
    assert len(trouble) == len(("甲", "乙"))


def test_personal_numbers_are_covered(tmp_path: Path) -> None:
    """An identity number or a phone number in a name is masked."""
    cases = copy_samples(tmp_path)
    make_bare_case(
        cases, "甲", {"registration": {"no": "甲-1"}, "petitioners": [{"name": "王某 370117199001011234 13800001111"}]}
    )
    with desk(cases) as client:
        text = wait_for_page(client, "/", lambda text: "正在读取" not in text)
    assert "王某" in text
    assert "370117199001011234" not in text
    assert "13800001111" not in text


def test_a_change_in_the_folder_shows_and_one_that_left_goes(tmp_path: Path) -> None:
    """The list follows every change of the folder, by the desk or by others."""
    cases = copy_samples(tmp_path, "incomplete")
    folder = cases / "incomplete"
    with desk(cases) as client:
        counts = {count_errors(folder)}
        assert f"{count_errors(folder)} 处" in wait_for_checked_list(client)
        tree = json.loads((folder / "case.json").read_text(encoding="utf-8"))
        del tree["registration"]["source"]
        (folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")
        make_bare_case(cases, "新来的", {"registration": {"no": "甲-9"}})
        counts.add(count_errors(folder))
        wait_for_page(client, "/", lambda text: f"{count_errors(folder)} 处" in text and "甲-9" in text)
        (folder / tree["materials"][0]["file"]).unlink()
        counts.add(count_errors(folder))
        wait_for_page(client, "/", lambda text: f"{count_errors(folder)} 处" in text)
        shutil.rmtree(folder)
        wait_for_page(client, "/", lambda text: listed_numbers(text) == ["甲-9"])
    assert len(counts) == len(("as it was", "without its source", "without a paper"))


def test_what_is_known_is_kept_until_the_next_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a restart the list is complete at once; only what changed meanwhile is checked again."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    cases = copy_samples(tmp_path, "incomplete", "declined")
    with desk(cases) as client:
        before = rows(wait_for_checked_list(client))
    (cases / "incomplete" / "materials" / "约谈笔录.pdf").touch()
    with desk(cases) as client:
        index = app_of(client).state.services.case_index
        index.refresh(60)
        assert {one.row.name: one.is_checked for one in index.rows()} == {"incomplete": False, "declined": True}
        assert rows(wait_for_checked_list(client)) == before


def test_nobody_who_asks_for_the_list_waits_for_the_gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A case whose check takes long does not delay the ones after it."""
    cases = copy_samples(tmp_path)
    make_bare_case(cases, "第一件", {"registration": {"no": "甲-1"}})
    begun, may_end = threading.Event(), threading.Event()
    with desk(cases) as client:
        gate = app_of(client).state.services.case_index._executor
        submit = gate.submit

        def slow(*work: Any) -> Future[Any]:  # noqa: ANN401 (handed through)
            begun.set()
            may_end.wait(60)
            result: Future[Any] = submit(*work)
            return result

        monkeypatch.setattr(gate, "submit", slow)
        try:
            client.get("/")
            assert begun.wait(60)
            make_bare_case(cases, "第二件", {"registration": {"no": "甲-2"}})
            wait_for_page(client, "/", lambda text: sorted(listed_numbers(text)) == ["甲-1", "甲-2"], seconds=30)
        finally:
            may_end.set()
        wait_for_checked_list(client)


def test_a_long_list_is_turned_by_pages(tmp_path: Path) -> None:
    """A page has fifty rows, and all pages together have each case once."""
    cases = copy_samples(tmp_path)
    for number in range(120):
        make_bare_case(cases, f"{number:03}", {"registration": {"no": f"甲-{number:03}"}})
    with desk(cases) as client:
        wait_for_page(client, "/", lambda text: "正在读取" not in text)
        pages = [listed_numbers(client.get(f"/?sort=number&page={page}").text) for page in (1, 2, 3)]
        beyond = listed_numbers(client.get("/?sort=number&page=99").text)
    assert [len(page) for page in pages] == [50, 50, 20]
    assert [number for page in pages for number in page] == [f"甲-{number:03}" for number in range(120)]
    assert beyond == pages[-1]


def test_a_new_case_is_made_and_opened(tmp_path: Path) -> None:
    """It has its number, day, petitioner and channel in a folder that the commands can read, and a line in the audit log."""
    cases = copy_samples(tmp_path)
    asked = {"no": "甲-1", "received_on": "2021-12-30", "petitioner": "王某", "channel": "visit"}
    with desk(cases) as client:
        answer = client.post("/cases", data=asked, headers={"hx-request": "true"})
        assert "王某" in client.get(answer.headers["hx-redirect"]).text
    tree = json.loads((cases / "甲-1" / "case.json").read_text(encoding="utf-8"))
    assert tree["registration"] == {"no": "甲-1", "received_on": "2021-12-30", "channel": "visit"}
    assert tree["petitioners"] == [{"name": "王某"}]
    assert '"action": "new"' in (cases / ".desk" / "audit.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("entered", "message"),
    [
        ({"no": ""}, "登记号"),
        ({"no": "../甲"}, "登记号"),
        ({"no": "钢信执2021—0063"}, "登记号"),
        ({"no": "甲-1", "received_on": "昨天"}, "received_on"),
        ({"no": "钢信执2021-0063"}, "已经有了"),
    ],
)
def test_a_new_case_that_cannot_be_is_refused_with_the_reason(
    tmp_path: Path, entered: dict[str, str], message: str
) -> None:
    """The form keeps what was entered, and nothing is created."""
    cases = copy_samples(tmp_path, "incomplete")
    with desk(cases) as client:
        answer = client.post("/cases", data={"petitioner": "王某", **entered}, headers={"hx-request": "true"})
    assert 'role="alert"' in answer.text
    assert message in answer.text
    assert 'value="王某"' in answer.text
    assert [one.name for one in cases.iterdir() if not one.name.startswith(".")] == ["incomplete"]


def test_the_list_in_a_browser_follows_the_folder(tmp_path: Path) -> None:
    """Without a reload; the address holds the filters; and axe finds no serious fault of accessibility."""
    cases = copy_samples(tmp_path, "incomplete")
    with launch_browser() as browser, run_desk(cases) as address:
        page = open_page(browser, address)
        expect(page.locator(".bar")).to_be_visible(timeout=60_000)
        make_bare_case(cases, "新来的", {"registration": {"no": "甲-9"}})
        expect(page.get_by_role("link", name="甲-9")).to_be_visible(timeout=60_000)
        page.get_by_label("类别").select_option("write-off")
        expect(page.get_by_text("没有符合条件的案件")).to_be_visible(timeout=60_000)
        assert page.url.endswith("kind=write-off")
        page.go_back()
        expect(page.get_by_role("link", name="甲-9")).to_be_visible(timeout=60_000)
        page.get_by_role("button", name="新建案件").click()
        assert accessibility_faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page_errors(page) == []


def test_the_printed_list_holds_all_that_the_filter_leaves(tmp_path: Path) -> None:
    """Every row of every page, in the same order."""
    cases = copy_samples(tmp_path)
    for number in range(60):
        handler = {"name": "书记员" if number % 10 else "李某某"}
        assigned = {"body": "济南市中级人民法院", "notice_no": f"济执信交〔2021〕{number}号"}
        tree = {"registration": {"no": f"甲-{number:02}"}, "people": {"handler": handler}, "assignment": assigned}
        make_bare_case(cases, f"甲-{number:02}", tree)
    with desk(cases) as client:
        wait_for_page(client, "/?sort=number", lambda text: "正在" not in text)
        printed = client.get("/print?sort=number&mine=1").text
        everything = client.get("/print").text
    wanted = [f"甲-{number:02}" for number in range(60) if number % 10]
    assert re.findall(r'<th scope="row">([^<]*)</th>', printed) == wanted
    assert "书记员承办、经手，共 54 件" in visible_text(printed)
    assert "济南市中级人民法院，济执信交〔2021〕7号" in visible_text(everything)


def test_more_than_can_be_printed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list beyond the limit is cut, and says so."""
    cases = copy_samples(tmp_path)
    for number in range(3):
        make_bare_case(cases, f"甲-{number}", {"registration": {"no": f"甲-{number}"}})
    monkeypatch.setattr(routes, "MAX_PRINTED_ROWS", 2)
    with desk(cases) as client:
        wait_for_page(client, "/", lambda text: "正在" not in text)
        printed = client.get("/print").text
    assert len(rows(printed)) == 2
    assert "共 3 件，只印前 2 件" in visible_text(printed)


def test_the_sheets_are_a4_across_and_each_bears_the_columns_names(tmp_path: Path) -> None:
    """Printed by the browser."""
    cases = copy_samples(tmp_path)
    for number in range(60):
        make_bare_case(cases, f"甲-{number:02}", {"registration": {"no": f"甲-{number:02}"}})
    with run_desk(cases) as address, launch_browser() as chromium:
        page = open_page(chromium, address)
        expect(page.locator("#list [role=status]")).to_have_text("共 60 件")
        page.get_by_label("查找", exact=True).fill("甲-")
        page.get_by_role("button", name="查找").click()
        page.get_by_role("link", name="打印清单").click()
        expect(page.get_by_role("button", name="打印")).to_be_focused()
        assert accessibility_faults(page) == []
        sheets = page.pdf(prefer_css_page_size=True)
        assert page_errors(page) == []
    with pypdfium2.PdfDocument(sheets) as pdf:
        texts = ["".join(sheet.get_textpage().get_text_range().split()) for sheet in pdf]
        sizes = {tuple(round(side) for side in sheet.get_size()) for sheet in pdf}
    assert sizes == {(842, 595)}
    assert len(texts) > 1
    assert [text for text in texts if "下一期限" not in text] == []
    assert sorted(re.findall("甲-[0-9]{2}", "".join(texts))) == [f"甲-{number:02}" for number in range(60)]
