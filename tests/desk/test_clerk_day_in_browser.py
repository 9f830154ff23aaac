"""A clerk's day at the desk, in a real browser: what she does there, the commands see in the folder."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from bundler.regulation.papers import PAPERS, Item
from tests.support.browser import browsing, faults_of, opened, serious, served, settled
from tests.support.page_drivers import Keyboard, Mouse
from tests.support.paths import SAMPLES

SAMPLE = SAMPLES / "write-off-complete"
TODAY = "2021-12-31"
NUMBER = "钢信执2021-0042"
SCANS = {
    "acceptance_service": ("受理告知书送达回证.jpg", "2021-09-22"),
    "investigation": ("调查笔录.pdf", ""),
    "interview": ("约谈笔录.pdf", "2021-09-22"),
    "evidence": ("送达地址确认书.jpg", ""),
    "reply_opinion": ("信访回访记录.jpg", ""),
    "reply_service": ("答复意见书送达回证.png", "2021-11-12"),
}
"""The scans that come in on that day, each with the day of its signature."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all windows."""
    with browsing() as chromium:
        yield chromium


def case_folder(root: Path, name: str, *lacking: str) -> Path:
    """A copy of the sample without the papers of some items, which lie beside it, and without where it came from."""
    folder = root / "cases" / name
    shutil.copytree(SAMPLE, folder)
    tree = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    for material in [one for one in tree["materials"] if set(lacking) & set(one["items"])]:
        tree["materials"].remove(material)
        scan = folder / material["file"]
        scan.rename(root / scan.name)
    del tree["registration"]["source"]
    (folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False, indent=2), encoding="utf-8")
    return folder


def checked(folder: Path) -> dict[str, Any]:
    """The case in the commands' eyes."""
    command = [sys.executable, "-m", "bundler", "check", str(folder), "--json", "--today", TODAY]
    return dict(json.loads(subprocess.run(command, check=False, capture_output=True).stdout))


def missing(folder: Path) -> set[str]:
    """The items that it lacks."""
    return {line["item"] for line in checked(folder)["checklist"] if line["status"] == "missing"}


def part(page: Page, name: str) -> Locator:
    """The link to another part of the case's page."""
    return page.get_by_role("navigation", name="本案各页").get_by_role("link", name=name)


def source_of(page: Page) -> Locator:
    """The field that the sample is made to lack."""
    return page.get_by_label(re.compile("^案件来源"))


@pytest.mark.parametrize("hands", [Mouse, Keyboard])
def test_a_clerks_whole_day(browser: Browser, tmp_path: Path, hands: type[Mouse]) -> None:
    """A petition is registered, filled in, its scans put in, a notice printed and put back stamped, bound and proved."""
    (tmp_path / "cases").mkdir()
    with served(tmp_path / "cases") as address:
        page = opened(browser, address)
        hand = hands(page)
        folder = register(page, hand, tmp_path / "cases")
        assert missing(folder) == {"registration", *SCANS, "leader_instruction", "acceptance_notice"}
        fill_in(page, hand)
        assert missing(folder) == {*SCANS, "leader_instruction"}
        assert serious(page) == []
        bring_the_scans(page, hand)
        expect(page.locator("#case-head")).to_contain_text("材料齐全，可以成卷")
        assert serious(page) == []
        put_back_the_notice(page, hand, tmp_path)
        made = bind(page, hand, tmp_path)
        assert serious(page) == []
        assert faults_of(page) == []
    told = checked(folder)
    assert told["complete"]
    assert next(one["files"] for one in told["checklist"] if one["item"] == "acceptance_notice") != []
    command = [sys.executable, "-m", "bundler", "verify", str(made), "--case", str(folder)]
    assert subprocess.run(command, check=False).returncode == 0


def register(page: Page, hand: Mouse, root: Path) -> Path:
    """The petition comes in: a case of its own, and its page."""
    hand.press(page.get_by_role("button", name="新建案件"))
    dialog = page.get_by_role("dialog", name="新建案件")
    hand.write(dialog.get_by_label("登记号"), NUMBER)
    hand.date(dialog.get_by_label("收到日期"), "2021-09-16")
    hand.write(dialog.get_by_label("信访人"), "甲某某")
    hand.choose(dialog.get_by_label("信访形式"), "走访")
    hand.press(dialog.get_by_role("button", name="新建"))
    expect(page.locator("#case-head")).to_contain_text(NUMBER)
    page.wait_for_load_state()
    return root / NUMBER


def fill_in(page: Page, hand: Mouse) -> None:
    """What the law asks for, field by field: each is saved when it is left."""

    def within(place: str) -> Locator:
        return page.locator(f'[id="f-{place}"]')

    def field(place: str) -> Locator:
        return page.locator(f'[id="if-{place}"]')

    def said(use: Callable[[Locator, str], None], place: str, value: str) -> None:
        with page.expect_response("**/fields"):
            use(field(place), value)
            hand.leave(field(place))
        settled(page)

    def add(button: str, place: str) -> None:
        hand.press(page.get_by_role("button", name=button, exact=True))
        expect(within(place)).to_be_visible()
        settled(page)

    def unfold(place: str) -> None:
        if not within(place).evaluate("one => one.open"):
            hand.press(within(place).locator("summary").first)

    said(hand.write, "registration-source", "来访")
    said(hand.write, "registration-summary", "信访人反映执行案件没有执行到位，请求继续查找财产。")
    said(hand.write, "registration-proposed_opinion", "拟予受理。")
    said(hand.write, "petitioners-0-phone", "13800000000")
    said(hand.choose, "petitioners-0-role", "当事人")
    add("加一项：执行案件", "enforcement_cases-0")
    said(hand.write, "enforcement_cases-0-no", "（2020）鲁0117执9001号")
    unfold("enforcement_cases-0-parties")
    said(hand.write, "enforcement_cases-0-parties-applicants", "甲某某")
    said(hand.write, "enforcement_cases-0-parties-respondents", "乙某某")
    unfold("people-handler")
    said(hand.write, "people-handler-name", "李某某")
    said(hand.choose, "decision", "受理")
    unfold("people-leader")
    said(hand.write, "people-leader-name", "王某某")
    with page.expect_response("**/fields"):
        hand.tick(page.get_by_label(re.compile("^（二）执行人员对具备执行条件的案件")))
    settled(page)
    unfold("acceptance")
    said(hand.date, "acceptance-notice_on", "2021-09-17")
    unfold("approval")
    unfold("approval-leader_consent")
    said(hand.write, "approval-leader_consent-by", "王某某")
    said(hand.date, "approval-leader_consent-on", "2021-11-08")


def bring_the_scans(page: Page, hand: Mouse) -> None:
    """Each paper on its place, with the day of its signature; and the one that there is not, with the reason."""
    hand.press(part(page, "材料"))
    expect(page.get_by_label("添加文件：相关证据材料", exact=True)).to_be_attached()
    page.wait_for_load_state()
    for item, (name, day) in SCANS.items():
        label = PAPERS[Item(item)].label
        hand.put(page.get_by_label(f"添加文件：{label}", exact=True), SAMPLE / "materials" / name)
        expect(page.get_by_role("button", name=f"打开预览：{label}", exact=True)).to_be_visible()
        if day:
            field = page.get_by_label(re.compile(f"^(签收|签名)日期：{re.escape(label)}$"))
            with page.expect_response("**/day/signed_on"):
                hand.date(field, day)
                hand.leave(field)
            settled(page)
    hand.press(page.get_by_role("button", name="说明确无此件：相关领导批示"))
    dialog = page.get_by_role("dialog")
    hand.write(dialog.get_by_label("原因"), "本案无领导批示")
    hand.write(dialog.get_by_label("批准人"), "王某某")
    hand.date(dialog.get_by_label("批准日期"), "2021-11-08")
    hand.press(dialog.get_by_role("button", name="保存"))
    expect(dialog).to_be_hidden()


def put_back_the_notice(page: Page, hand: Mouse, desk: Path) -> None:
    """Printed, stamped, scanned, and put where it belongs."""
    hand.press(part(page, "文书"))
    with page.expect_download() as waiting:
        hand.press(page.get_by_role("link", name="下载执行申诉信访事项受理告知书的 PDF"))
    notice = desk / "盖章后扫描.pdf"
    waiting.value.save_as(notice)
    page.wait_for_load_state()
    with page.expect_response("**/uploads"):
        hand.put(page.get_by_label("放回执行申诉信访事项受理告知书", exact=True), notice)
    expect(page.get_by_role("button", name="打开预览：受理告知", exact=True)).to_be_visible()


def bind(page: Page, hand: Mouse, desk: Path) -> Path:
    """One file of it all, looked through, and taken along."""
    hand.press(part(page, "成卷"))
    hand.press(page.get_by_role("button", name="成卷", exact=True))
    expect(page.get_by_role("button", name=re.compile("^核对 "))).to_be_visible()
    hand.press(page.get_by_role("button", name=re.compile("^核对 ")))
    expect(page.get_by_text("与成卷时一致。")).to_be_visible()
    with page.expect_download() as waiting:
        hand.press(page.get_by_role("link", name=re.compile("^下载 .*pdf$")))
    made = desk / "卷宗.pdf"
    waiting.value.save_as(made)
    return made


def test_two_clerks_never_overwrite_each_other_unseen(browser: Browser, tmp_path: Path) -> None:
    """The second is shown what the first wrote, and her choice stands."""
    folder = case_folder(tmp_path, "甲")
    with served(tmp_path / "cases") as address:
        first = opened(browser, address)
        second = first.context.new_page()
        for page in (first, second):
            page.goto(address.partition("?")[0])
            page.locator('main a[href^="/cases/"]').first.click()
            expect(source_of(page)).to_be_visible()
        # She is in the middle of a word when the other saves.
        source_of(second).press_sequentially("来信")
        source_of(first).fill("来访")
        source_of(first).press("Tab")
        expect(source_of(first)).not_to_have_attribute("aria-invalid", "true")
        source_of(second).press("Tab")
        dialog = second.get_by_role("dialog")
        expect(dialog).to_contain_text("来访")
        assert json.loads((folder / "case.json").read_text(encoding="utf-8"))["registration"]["source"] == "来访"
        dialog.get_by_label(re.compile("^写你要写的")).check()
        dialog.get_by_role("button", name="按选择保存").click()
        expect(dialog).to_be_hidden()
    assert json.loads((folder / "case.json").read_text(encoding="utf-8"))["registration"]["source"] == "来信"


def test_the_page_stays_where_it_is_when_a_part_of_it_is_shown_anew(browser: Browser, tmp_path: Path) -> None:
    """A row is taken away far down on the page: what the clerk was looking at is still before her."""
    shutil.copytree(SAMPLE.with_name("in-progress"), tmp_path / "cases" / "案")
    with served(tmp_path / "cases") as address:
        page = opened(browser, address)
        page.locator('main a[href^="/cases/"]').first.click()
        rows = page.get_by_role("button", name=re.compile("^删去"))
        rows.nth(3).scroll_into_view_if_needed()
        where, count = page.evaluate("window.scrollY"), rows.count()
        assert where > 0
        page.once("dialog", lambda asked: asked.accept())
        rows.nth(3).click()
        expect(rows).to_have_count(count - 1)
        settled(page)
        assert page.evaluate("window.scrollY") == where


def test_a_file_that_is_being_chosen_outlives_what_others_change(browser: Browser, tmp_path: Path) -> None:
    """The field that waits for it stays, what was sent arrives, and then the places are shown as they are."""
    folder = case_folder(tmp_path, "甲", "leader_instruction")
    with served(tmp_path / "cases") as address:
        page = opened(browser, address)
        page.locator('main a[href^="/cases/"]').first.click()
        part(page, "材料").click()
        field = page.get_by_label("添加文件：相关领导批示", exact=True)
        field.focus()
        waiting = field.element_handle()
        tree = json.loads((folder / "case.json").read_text(encoding="utf-8"))
        tree["materials"] = [one for one in tree["materials"] if one["items"] != ["commitment"]]
        (folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")
        expect(page.locator(".changed-notice")).to_be_visible()
        waiting.set_input_files(tmp_path / "领导批示.jpg")
        expect(page.get_by_role("button", name="打开预览：相关领导批示", exact=True)).to_be_visible()
        expect(page.locator("#place-commitment .card")).to_have_count(0)
        assert faults_of(page) == []
    assert missing(folder) == {"registration", "commitment"}


def test_a_connection_cut_in_an_upload_leaves_the_case_as_it_was(browser: Browser, tmp_path: Path) -> None:
    """The clerk closes her laptop in the middle of it."""
    folder = case_folder(tmp_path, "甲", "leader_instruction")
    before = files_of(folder)
    with served(tmp_path / "cases") as address:
        page = opened(browser, address)
        page.locator('main a[href^="/cases/"]').first.click()
        part(page, "材料").click()
        expect(page.get_by_label("添加文件：相关领导批示", exact=True)).to_be_attached()
        cut_in_the_middle(page, (tmp_path / "领导批示.jpg").read_bytes())
        page.reload()
        expect(page.get_by_label("添加文件：相关领导批示", exact=True)).to_be_attached()
    after = files_of(folder)
    assert [name for name in before.keys() | after.keys() if before.get(name) != after.get(name)] == []
    assert missing(folder) == {"registration", "leader_instruction"}


def cut_in_the_middle(page: Page, scan: bytes) -> None:
    """Send half of what the page's own form would send, with its session, and hang up."""
    where = urlsplit(page.url)
    word = json.loads(page.locator("body").get_attribute("hx-headers") or "")["X-CSRF-Token"]
    cookies = "; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies())
    head = (
        b'--b\r\nContent-Disposition: form-data; name="item"\r\n\r\nleader_instruction\r\n'
        b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n\r\n'
    )
    body = head + scan + b"\r\n--b--\r\n"
    connection = http.client.HTTPConnection(where.hostname or "", where.port or 0)
    connection.putrequest("POST", where.path.replace("/materials", "/uploads"))
    for name, value in {
        "Content-Type": "multipart/form-data; boundary=b",
        "Content-Length": str(len(body)),
        "Cookie": cookies,
        "Origin": f"{where.scheme}://{where.netloc}",
        "X-CSRF-Token": word,
    }.items():
        connection.putheader(name, value)
    connection.endheaders()
    connection.send(body[: len(body) // 2])
    connection.close()


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of a case, hidden ones too."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_keyboard_is_enough(browser: Browser, tmp_path: Path) -> None:
    """From the list into the case, a field filled in, to the materials, and a paper looked at and closed again."""
    folder = case_folder(tmp_path, "甲")
    with served(tmp_path / "cases") as address:
        page = opened(browser, address)
        tab_to(page, 'main a[href^="/cases/"]')
        page.keyboard.press("Enter")
        expect(source_of(page)).to_be_visible()
        tab_to(page, f'[id="{source_of(page).get_attribute("id")}"]')
        page.keyboard.type("来访")
        page.keyboard.press("Tab")
        expect(source_of(page)).not_to_have_attribute("aria-invalid", "true")
        page.keyboard.press("Home")
        page.reload()
        tab_to(page, 'nav[aria-label="本案各页"] a[href$="/materials"]')
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="预览：领导批示笺", exact=True)).to_be_visible()
        tab_to(page, '[aria-label="预览：领导批示笺"]')
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
        focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert focused == "预览：领导批示笺"
    assert json.loads((folder / "case.json").read_text(encoding="utf-8"))["registration"]["source"] == "来访"


def test_the_keyboard_stays_where_it_was(browser: Browser, tmp_path: Path) -> None:
    """What is shown anew takes the place of what had the focus; a row that was added has it."""
    case_folder(tmp_path, "甲")
    with served(tmp_path / "cases") as address:
        page = opened(browser, address)
        hand = Keyboard(page)
        hand.press(page.locator('main a[href^="/cases/"]').first)
        hand.press(page.get_by_role("button", name="加一项：执行案件", exact=True))
        expect(page.locator('[id="if-enforcement_cases-1-no"]')).to_be_focused()
        hand.press(part(page, "材料"))
        turn = page.get_by_role("button", name="右转：领导批示笺", exact=True)
        turn.evaluate("one => one.classList.add('before')")
        hand.press(turn)
        expect(page.locator('[aria-label="右转：领导批示笺"]:not(.before)')).to_be_focused()
        hand.press(page.get_by_role("button", name="取走：领导批示笺", exact=True))
        expect(turn).to_have_count(0)
        focused = page.evaluate("document.activeElement.closest('.place').id")
        assert faults_of(page) == []
    assert focused == "place-leader_instruction"


def test_a_part_that_was_opened_stays_open_when_others_change_what_is_around_it(
    browser: Browser, tmp_path: Path
) -> None:
    """Whoever is about to fill it in finds it as it was."""
    folder = case_folder(tmp_path, "甲")
    with served(tmp_path / "cases") as address:
        page = opened(browser, address)
        page.locator('main a[href^="/cases/"]').first.click()
        unfilled = page.locator("#f-coordination")
        expect(unfilled).not_to_have_attribute("open", "")
        unfilled.locator("summary").first.click()
        tree = json.loads((folder / "case.json").read_text(encoding="utf-8"))
        tree["interview"]["place"] = "本院第二接待室"
        (folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")
        expect(page.locator("#if-interview-place")).to_have_value("本院第二接待室")
        expect(unfilled).to_have_attribute("open", "")
        assert faults_of(page) == []


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the thing has the focus."""
    for _ in range(400):
        page.keyboard.press("Tab")
        if page.evaluate("one => document.activeElement.matches(one)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")
