"""A clerk's day at the desk in a real browser; the commands see the result in the folder."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page, expect

from bundler.regulation.papers import PAPER_KINDS, Item
from tests.support.browser import (
    accessibility_faults,
    open_page,
    page_errors,
    run_desk,
    run_desk_process,
    wait_for_htmx,
)
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
"""The scans that are uploaded, each with the day of its signature."""


def copy_sample_without(root: Path, name: str, *lacking: str) -> Path:
    """Copy the sample without its source field and without the materials of some items, whose scans move beside it."""
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
    """The report of ``bundler check --json``."""
    command = [sys.executable, "-m", "bundler", "check", str(folder), "--json", "--today", TODAY]
    return dict(json.loads(subprocess.run(command, check=False, capture_output=True).stdout))


def missing_items(folder: Path) -> set[str]:
    """The items that the case lacks."""
    return {line["item"] for line in checked(folder)["checklist"] if line["status"] == "missing"}


def section_link(page: Page, name: str) -> Locator:
    """The link to another section of the case."""
    return page.get_by_role("navigation", name="本案各页").get_by_role("link", name=name)


def source_field(page: Page) -> Locator:
    """The source field, which the copied sample lacks."""
    return page.get_by_label(re.compile("^案件来源"))


def test_a_clerks_whole_day_by_keyboard(browser: Browser, tmp_path: Path) -> None:
    """Create a case, fill in its form, upload scans, upload a stamped notice, build the bundle and verify it.

    `test_clicks_and_keys` does the same with the mouse.
    """
    (tmp_path / "cases").mkdir()
    with run_desk_process(tmp_path / "cases") as address:
        page = open_page(browser, address)
        driver = Keyboard(page)
        folder = create_case(page, driver, tmp_path / "cases")
        assert missing_items(folder) == {"registration", *SCANS, "leader_instruction", "acceptance_notice"}
        fill_in_form(page, driver)
        assert missing_items(folder) == {*SCANS, "leader_instruction"}
        assert accessibility_faults(page) == []
        upload_scans(page, driver)
        expect(page.locator("#case-head")).to_contain_text("材料齐全，可以成卷")
        assert accessibility_faults(page) == []
        upload_stamped_notice(page, driver, tmp_path)
        bundle = build_bundle(page, driver, tmp_path)
        assert accessibility_faults(page) == []
        assert page_errors(page) == []
    report = checked(folder)
    assert report["complete"]
    assert next(one["files"] for one in report["checklist"] if one["item"] == "acceptance_notice") != []
    command = [sys.executable, "-m", "bundler", "verify", str(bundle), "--case", str(folder)]
    assert subprocess.run(command, check=False).returncode == 0


def create_case(page: Page, driver: Mouse, root: Path) -> Path:
    """Create the case of a petition, and open its page."""
    driver.press(page.get_by_role("button", name="新建案件"))
    dialog = page.get_by_role("dialog", name="新建案件")
    driver.type_text(dialog.get_by_label("登记号"), NUMBER)
    driver.enter_date(dialog.get_by_label("收到日期"), "2021-09-16")
    driver.type_text(dialog.get_by_label("信访人"), "甲某某")
    driver.select(dialog.get_by_label("信访形式"), "走访")
    driver.press(dialog.get_by_role("button", name="新建"))
    expect(page.locator("#case-head")).to_contain_text(NUMBER)
    page.wait_for_load_state()
    return root / NUMBER


def fill_in_form(page: Page, driver: Mouse) -> None:
    """Fill in the required fields; each is saved when it loses the focus."""

    def within(place: str) -> Locator:
        return page.locator(f'[id="f-{place}"]')

    def field(place: str) -> Locator:
        return page.locator(f'[id="if-{place}"]')

    def save(use: Callable[[Locator, str], None], place: str, value: str) -> None:
        with page.expect_response("**/fields"):
            use(field(place), value)
            driver.leave(field(place))
        wait_for_htmx(page)

    def add(button: str, place: str) -> None:
        driver.press(page.get_by_role("button", name=button, exact=True))
        expect(within(place)).to_be_visible()
        wait_for_htmx(page)

    def unfold(place: str) -> None:
        if not within(place).evaluate("one => one.open"):
            driver.press(within(place).locator("summary").first)

    save(driver.type_text, "registration-source", "来访")
    save(driver.type_text, "registration-summary", "信访人反映执行案件没有执行到位，请求继续查找财产。")
    save(driver.type_text, "registration-proposed_opinion", "拟予受理。")
    save(driver.type_text, "petitioners-0-phone", "13800000000")
    save(driver.select, "petitioners-0-role", "当事人")
    add("加一项：执行案件", "enforcement_cases-0")
    save(driver.type_text, "enforcement_cases-0-no", "（2020）鲁0117执9001号")
    unfold("enforcement_cases-0-parties")
    save(driver.type_text, "enforcement_cases-0-parties-applicants", "甲某某")
    save(driver.type_text, "enforcement_cases-0-parties-respondents", "乙某某")
    unfold("people-handler")
    save(driver.type_text, "people-handler-name", "李某某")
    save(driver.select, "decision", "受理")
    unfold("people-leader")
    save(driver.type_text, "people-leader-name", "王某某")
    with page.expect_response("**/fields"):
        driver.check(page.get_by_label(re.compile("^（二）执行人员对具备执行条件的案件")))
    wait_for_htmx(page)
    unfold("acceptance")
    save(driver.enter_date, "acceptance-notice_on", "2021-09-17")
    unfold("approval")
    unfold("approval-leader_consent")
    save(driver.type_text, "approval-leader_consent-by", "王某某")
    save(driver.enter_date, "approval-leader_consent-on", "2021-11-08")


def upload_scans(page: Page, driver: Mouse) -> None:
    """Upload each scan to its slot with the day of its signature, and declare the one that does not exist."""
    driver.press(section_link(page, "材料"))
    expect(page.get_by_label("添加文件：相关证据材料", exact=True)).to_be_attached()
    page.wait_for_load_state()
    for item, (name, day) in SCANS.items():
        label = PAPER_KINDS[Item(item)].name
        driver.set_file(page.get_by_label(f"添加文件：{label}", exact=True), SAMPLE / "materials" / name)
        expect(page.get_by_role("button", name=f"打开预览：{label}", exact=True)).to_be_visible()
        if day:
            field = page.get_by_label(re.compile(f"^(签收|签名)日期：{re.escape(label)}$"))
            with page.expect_response("**/day/signed_on"):
                driver.enter_date(field, day)
                driver.leave(field)
            wait_for_htmx(page)
    driver.press(page.get_by_role("button", name="说明确无此件：相关领导批示"))
    dialog = page.get_by_role("dialog")
    driver.type_text(dialog.get_by_label("原因"), "本案无领导批示")
    driver.type_text(dialog.get_by_label("批准人"), "王某某")
    driver.enter_date(dialog.get_by_label("批准日期"), "2021-11-08")
    driver.press(dialog.get_by_role("button", name="保存"))
    expect(dialog).to_be_hidden()


def upload_stamped_notice(page: Page, driver: Mouse, desk: Path) -> None:
    """Download a notice, and upload it again as the stamped scan."""
    driver.press(section_link(page, "文书"))
    with page.expect_download() as waiting:
        driver.press(page.get_by_role("link", name="下载执行申诉信访事项受理告知书的 PDF"))
    notice = desk / "盖章后扫描.pdf"
    waiting.value.save_as(notice)
    page.wait_for_load_state()
    with page.expect_response("**/uploads"):
        driver.set_file(page.get_by_label("放回执行申诉信访事项受理告知书", exact=True), notice)
    expect(page.get_by_role("button", name="打开预览：受理告知", exact=True)).to_be_visible()


def build_bundle(page: Page, driver: Mouse, desk: Path) -> Path:
    """Build the bundle, verify it, and download it."""
    driver.press(section_link(page, "成卷"))
    driver.press(page.get_by_role("button", name="成卷", exact=True))
    expect(page.get_by_role("button", name=re.compile("^核对 "))).to_be_visible()
    driver.press(page.get_by_role("button", name=re.compile("^核对 ")))
    expect(page.get_by_text("与成卷时一致。")).to_be_visible()
    with page.expect_download() as waiting:
        driver.press(page.get_by_role("link", name=re.compile("^下载 .*pdf$")))
    bundle = desk / "卷宗.pdf"
    waiting.value.save_as(bundle)
    return bundle


def test_two_clerks_never_overwrite_each_other_unseen(browser: Browser, tmp_path: Path) -> None:
    """The second clerk is shown the first one's value, and her choice is saved."""
    folder = copy_sample_without(tmp_path, "甲")
    with run_desk(tmp_path / "cases") as address:
        first = open_page(browser, address)
        second = first.context.new_page()
        for page in (first, second):
            page.goto(address.partition("?")[0])
            page.locator('main a[href^="/cases/"]').first.click()
            expect(source_field(page)).to_be_visible()
        # The second clerk is typing while the first one saves.
        source_field(second).press_sequentially("来信")
        source_field(first).fill("来访")
        source_field(first).press("Tab")
        expect(source_field(first)).not_to_have_attribute("aria-invalid", "true")
        source_field(second).press("Tab")
        dialog = second.get_by_role("dialog")
        expect(dialog).to_contain_text("来访")
        assert json.loads((folder / "case.json").read_text(encoding="utf-8"))["registration"]["source"] == "来访"
        dialog.get_by_label(re.compile("^写你要写的")).check()
        dialog.get_by_role("button", name="按选择保存").click()
        expect(dialog).to_be_hidden()
    assert json.loads((folder / "case.json").read_text(encoding="utf-8"))["registration"]["source"] == "来信"


def test_the_page_stays_where_it_is_when_a_part_of_it_is_shown_anew(browser: Browser, tmp_path: Path) -> None:
    """After a row far down on the page is deleted, the page does not scroll."""
    shutil.copytree(SAMPLE.with_name("in-progress"), tmp_path / "cases" / "案")
    with run_desk(tmp_path / "cases") as address:
        page = open_page(browser, address)
        page.locator('main a[href^="/cases/"]').first.click()
        rows = page.get_by_role("button", name=re.compile("^删去"))
        rows.nth(3).scroll_into_view_if_needed()
        where, count = page.evaluate("window.scrollY"), rows.count()
        assert where > 0
        page.once("dialog", lambda asked: asked.accept())
        rows.nth(3).click()
        expect(rows).to_have_count(count - 1)
        wait_for_htmx(page)
        assert page.evaluate("window.scrollY") == where


def test_a_file_that_is_being_chosen_outlives_what_others_change(browser: Browser, tmp_path: Path) -> None:
    """The file field stays while the dialog is open, the file is uploaded, and then the slots are updated."""
    folder = copy_sample_without(tmp_path, "甲", "leader_instruction")
    with run_desk(tmp_path / "cases") as address:
        page = open_page(browser, address)
        page.locator('main a[href^="/cases/"]').first.click()
        section_link(page, "材料").click()
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
        assert page_errors(page) == []
    assert missing_items(folder) == {"registration", "commitment"}


def test_a_connection_cut_in_an_upload_leaves_the_case_as_it_was(browser: Browser, tmp_path: Path) -> None:
    """As when a clerk closes her laptop during an upload."""
    folder = copy_sample_without(tmp_path, "甲", "leader_instruction")
    before = read_files(folder)
    with run_desk(tmp_path / "cases") as address:
        page = open_page(browser, address)
        page.locator('main a[href^="/cases/"]').first.click()
        section_link(page, "材料").click()
        expect(page.get_by_label("添加文件：相关领导批示", exact=True)).to_be_attached()
        send_half_an_upload(page, (tmp_path / "领导批示.jpg").read_bytes())
        page.reload()
        expect(page.get_by_label("添加文件：相关领导批示", exact=True)).to_be_attached()
    after = read_files(folder)
    assert [name for name in before.keys() | after.keys() if before.get(name) != after.get(name)] == []
    assert missing_items(folder) == {"registration", "leader_instruction"}


def send_half_an_upload(page: Page, scan: bytes) -> None:
    """Send half of an upload with the session of the page, and close the connection."""
    where = urlsplit(page.url)
    csrf_token = json.loads(page.locator("body").get_attribute("hx-headers") or "")["X-CSRF-Token"]
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
        "X-CSRF-Token": csrf_token,
    }.items():
        connection.putheader(name, value)
    connection.endheaders()
    connection.send(body[: len(body) // 2])
    connection.close()


def read_files(folder: Path) -> dict[str, bytes]:
    """The content of every file of a case, hidden files too."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_keyboard_is_enough(browser: Browser, tmp_path: Path) -> None:
    """Open a case from the list, fill in a field, go to the materials, and preview a paper."""
    folder = copy_sample_without(tmp_path, "甲")
    with run_desk(tmp_path / "cases") as address:
        page = open_page(browser, address)
        tab_to(page, 'main a[href^="/cases/"]')
        page.keyboard.press("Enter")
        expect(source_field(page)).to_be_visible()
        expect(source_field(page)).to_be_focused()  # the form opens at the first field that is due and empty
        page.keyboard.type("来访")
        page.keyboard.press("Tab")
        expect(source_field(page)).not_to_have_attribute("aria-invalid", "true")
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
    """An element that is replaced keeps the focus, and a new row gets it."""
    copy_sample_without(tmp_path, "甲")
    with run_desk(tmp_path / "cases") as address:
        page = open_page(browser, address)
        driver = Keyboard(page)
        driver.press(page.locator('main a[href^="/cases/"]').first)
        driver.press(page.get_by_role("button", name="加一项：执行案件", exact=True))
        expect(page.locator('[id="if-enforcement_cases-1-no"]')).to_be_focused()
        driver.press(section_link(page, "材料"))
        turn = page.get_by_role("button", name="右转：领导批示笺", exact=True)
        turn.evaluate("one => one.classList.add('before')")
        driver.press(turn)
        expect(page.locator('[aria-label="右转：领导批示笺"]:not(.before)')).to_be_focused()
        driver.press(page.get_by_role("button", name="取走：领导批示笺", exact=True))
        expect(turn).to_have_count(0)
        focused = page.evaluate("document.activeElement.closest('.place').id")
        assert page_errors(page) == []
    assert focused == "place-leader_instruction"


def test_a_part_that_was_opened_stays_open_when_others_change_what_is_around_it(
    browser: Browser, tmp_path: Path
) -> None:
    """A section that a clerk has opened is still open after the update."""
    folder = copy_sample_without(tmp_path, "甲")
    with run_desk(tmp_path / "cases") as address:
        page = open_page(browser, address)
        page.locator('main a[href^="/cases/"]').first.click()
        unfilled = page.locator("#f-coordination")
        expect(unfilled).not_to_have_attribute("open", "")
        unfilled.locator("summary").first.click()
        tree = json.loads((folder / "case.json").read_text(encoding="utf-8"))
        tree["interview"]["place"] = "本院第二接待室"
        (folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")
        expect(page.locator("#if-interview-place")).to_have_value("本院第二接待室")
        expect(unfilled).to_have_attribute("open", "")
        assert page_errors(page) == []


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until an element has the focus."""
    for _ in range(400):
        page.keyboard.press("Tab")
        if page.evaluate("one => document.activeElement.matches(one)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")
