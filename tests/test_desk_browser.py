"""A clerk's day at the desk, in a real browser: what she does there, the commands see in the folder."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browsing import browsing, faults_of, opened, serious, served

SAMPLE = Path(__file__).parents[1] / "samples" / "write-off-complete"
TODAY = "2021-12-31"
SECONDS = 60_000
"""Of patience with a busy machine, in milliseconds; nobody waits so long otherwise."""


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


def to(page: Page, part: str) -> None:
    """Another part of the case's page."""
    page.get_by_role("navigation", name="本案各页").get_by_role("link", name=part).click()


def source_of(page: Page) -> Locator:
    """The field that the sample is made to lack."""
    return page.get_by_label(re.compile("^案件来源"))


def put(page: Page, label: str, file: Path) -> None:
    """A file put on a place: what it is was said by that."""
    page.get_by_label(label, exact=True).set_input_files(file)
    title = label.partition("：")[2]
    expect(page.get_by_role("button", name=f"打开预览：{title}", exact=True)).to_be_visible(timeout=SECONDS)


def test_a_clerks_day(browser: Browser, tmp_path: Path) -> None:
    """She fills what lacks, puts scans in, prints a notice, puts the stamped one back, binds the file and proves it."""
    folder = case_folder(tmp_path, "甲", "leader_instruction", "commitment")
    assert missing(folder) == {"registration", "leader_instruction", "commitment"}
    with served(tmp_path / "cases") as address:
        page = opened(browser, address)
        page.locator('main a[href^="/cases/"]').first.click()

        source = source_of(page)
        expect(source).to_have_attribute("aria-invalid", "true")
        source.fill("上级法院交办")
        source.press("Tab")
        expect(source).not_to_have_attribute("aria-invalid", "true")
        assert serious(page) == []

        to(page, "材料")
        put(page, "添加文件：相关领导批示", tmp_path / "领导批示.jpg")
        put(page, "添加文件：息诉罢访承诺", tmp_path / "息诉罢访承诺书.jpg")
        page.get_by_label("签名日期：息诉罢访承诺").fill("2021-11-18")
        expect(page.locator("#case-head")).to_contain_text("材料齐全，可以成卷", timeout=SECONDS)
        assert serious(page) == []

        to(page, "文书")
        with page.expect_download() as waiting:
            page.get_by_role("link", name="下载执行申诉信访事项受理告知书的 PDF").click()
        notice = tmp_path / "盖章后扫描.pdf"
        waiting.value.save_as(notice)
        with page.expect_response("**/uploads"):
            page.get_by_label("放回执行申诉信访事项受理告知书", exact=True).set_input_files(notice)
        to(page, "材料")
        expect(page.get_by_role("button", name="打开预览：受理告知", exact=True)).to_be_visible(timeout=SECONDS)
        assert serious(page) == []

        to(page, "成卷")
        page.get_by_role("button", name="成卷", exact=True).click()
        page.get_by_role("button", name=re.compile("^核对 ")).click(timeout=SECONDS)
        expect(page.get_by_text("与成卷时一致。")).to_be_visible(timeout=SECONDS)
        with page.expect_download() as waiting:
            page.get_by_role("link", name=re.compile("^下载 .*pdf$")).click()
        waiting.value.save_as(tmp_path / "卷宗.pdf")
        assert serious(page) == []
        assert faults_of(page) == []

    told = checked(folder)
    assert told["complete"]
    assert next(one["files"] for one in told["checklist"] if one["item"] == "acceptance_notice") != []
    verified = subprocess.run(
        [sys.executable, "-m", "bundler", "verify", str(tmp_path / "卷宗.pdf"), "--case", str(folder)], check=False
    )
    assert verified.returncode == 0


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
        expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
        assert page.evaluate("window.scrollY") == where


def test_a_connection_cut_in_an_upload_leaves_the_case_as_it_was(browser: Browser, tmp_path: Path) -> None:
    """The clerk closes her laptop in the middle of it."""
    folder = case_folder(tmp_path, "甲", "leader_instruction")
    before = files_of(folder)
    with served(tmp_path / "cases") as address:
        page = opened(browser, address)
        page.locator('main a[href^="/cases/"]').first.click()
        to(page, "材料")
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
        expect(page.get_by_role("button", name="预览：领导批示笺", exact=True)).to_be_visible(timeout=SECONDS)
        tab_to(page, '[aria-label="预览：领导批示笺"]')
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
        focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert focused == "预览：领导批示笺"
    assert json.loads((folder / "case.json").read_text(encoding="utf-8"))["registration"]["source"] == "来访"


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the thing has the focus."""
    for _ in range(400):
        page.keyboard.press("Tab")
        if page.evaluate("one => document.activeElement.matches(one)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")
