"""A clerk's day at the desk in a real browser; the commands see the result in the folder."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, expect

from tests.support.browser import (
    accessibility_faults,
    held_until_end,
    open_case,
    open_page,
    page_errors,
    run_desk,
    run_desk_process,
    wait_for_htmx,
)
from tests.support.clerk_day import (
    SAMPLE,
    SCANS,
    build_bundle,
    checked,
    copy_sample_without,
    create_case,
    fill_in_form,
    missing_items,
    section_link,
    source_field,
    upload_scans,
    upload_stamped_notice,
)
from tests.support.page_drivers import Keyboard


def test_a_clerks_whole_day_with_the_keyboard_alone(browser: Browser, tmp_path: Path) -> None:
    """Create a case, fill in its form, upload scans, upload a stamped notice, build the bundle and verify it."""
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
            page.wait_for_load_state()
        # The second clerk is typing while the first one saves: her own text, sent a second later, comes after his.
        with held_until_end(second, "**/fields"):
            source_field(second).press_sequentially("来信")
            source_field(first).fill("来访")
            source_field(first).press("Tab")
            expect(first.locator("#f-registration-source > .save-mark")).to_have_text("已保存")
        second.keyboard.press("Tab")
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
        page = open_case(browser, address)
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
        page = open_case(browser, address, "/materials")
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
        page = open_case(browser, address, "/materials")
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
        expect(page.locator('main a[href^="/cases/"]')).to_be_visible()
        tab_to(page, 'main a[href^="/cases/"]')
        page.keyboard.press("Enter")
        expect(source_field(page)).to_be_visible()
        expect(source_field(page)).to_be_focused()  # the form opens at the first field that is due and empty
        page.wait_for_load_state()
        page.keyboard.type("来访")
        page.keyboard.press("Tab")
        expect(page.locator("#save-state")).to_have_text("已保存")
        expect(source_field(page)).not_to_have_attribute("aria-invalid", "true")
        page.keyboard.press("Home")
        page.reload()
        tab_to(page, 'nav[aria-label="本案各页"] a[href$="/materials"]')
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="预览：领导批示笺", exact=True)).to_be_visible()
        page.wait_for_load_state()
        tab_to(page, '[aria-label="预览：领导批示笺"]')
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
        expect(page.locator('[aria-label="预览：领导批示笺"]')).to_be_focused()
    assert json.loads((folder / "case.json").read_text(encoding="utf-8"))["registration"]["source"] == "来访"


def test_the_keyboard_stays_where_it_was(browser: Browser, tmp_path: Path) -> None:
    """An element that is replaced keeps the focus, and a new row gets it."""
    copy_sample_without(tmp_path, "甲")
    with run_desk(tmp_path / "cases") as address:
        page = open_page(browser, address)
        driver = Keyboard(page)
        driver.press(page.locator('main a[href^="/cases/"]').first)
        expect(source_field(page)).to_be_visible()
        page.wait_for_load_state()
        driver.press(page.get_by_role("button", name="加一项：执行案件", exact=True))
        expect(page.locator('[id="if-enforcement_cases-1-no"]')).to_be_focused()
        driver.press(section_link(page, "材料"))
        turn = page.get_by_role("button", name="右转：领导批示笺", exact=True)
        expect(turn).to_be_visible()
        page.wait_for_load_state()
        turn.evaluate("one => one.classList.add('before')")
        driver.press(turn)
        expect(page.locator('[aria-label="右转：领导批示笺"]:not(.before)')).to_be_focused()
        driver.press(page.get_by_role("button", name="取走：领导批示笺", exact=True))
        expect(turn).to_have_count(0)
        expect(page.locator("#place-leader_instruction :focus")).to_have_count(1)
        assert page_errors(page) == []


def test_a_part_that_was_opened_stays_open_when_others_change_what_is_around_it(
    browser: Browser, tmp_path: Path
) -> None:
    """A section that a clerk has opened is still open after the update."""
    folder = copy_sample_without(tmp_path, "甲")
    with run_desk(tmp_path / "cases") as address:
        page = open_case(browser, address)
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
