"""Accessibility: axe finds no serious fault on any page or dialog of the desk."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bundler.desk.security.accounts import edit_accounts, hash_password
from bundler.desk.security.roles import Role
from tests.support.browser import (
    TIMEOUT_MS,
    accessibility_faults,
    held_until_end,
    open_page,
    page_errors,
    run_desk,
)
from tests.support.paths import SAMPLES, copy_sample


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A desk over a complete case and one in progress: their folder and the address."""
    root = tmp_path_factory.mktemp("desk") / "案件"
    for sample in ("write-off-complete", "in-progress"):
        shutil.copytree(SAMPLES / sample, root / sample)
    with run_desk(root) as address:
        yield root, address


@pytest.fixture(scope="module")
def page(browser: Browser, desk: tuple[Path, str]) -> Page:
    """A logged-in page."""
    return open_page(browser, desk[1])


def go_to_section(page: Page, number: str, part: str = "") -> None:
    """Go to a section of a case."""
    page.goto("/".join(page.url.split("/")[:3]) + f"/?q={number}")
    # By its address: a click is lost where the list shows itself anew under the mouse.
    page.goto(str(page.get_by_role("link", name=number, exact=True).evaluate("(link) => link.href")))
    if part:
        page.get_by_role("navigation", name="本案各页").get_by_role("link", name=part).click()
    expect(page.locator("#case-head")).to_contain_text(number)
    page.wait_for_load_state()


def faults_of_dialog(page: Page, heading: str | re.Pattern[str]) -> list[str]:
    """The faults of the open dialog, which is closed; the page behind it is the one that other tests look at without it."""
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name=heading)).to_be_visible()
    found = accessibility_faults(page, within="dialog[open]")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    return found


COMPLETE, IN_PROGRESS = "钢信执2021-0042", "钢信执2021-0078"
DIALOGS = [
    (IN_PROGRESS, "", "填写：不予受理", "不予受理"),
    (IN_PROGRESS, "", "加一项：提交材料", "提交材料"),
    (IN_PROGRESS, "材料", "说明确无此件：相关领导批示", "确无此件：相关领导批示"),
    (COMPLETE, "材料", "名称等：领导批示笺", "领导批示笺"),
    (COMPLETE, "材料", "打开预览：领导批示笺", "领导批示笺"),
    (COMPLETE, "文书", "预览执行申诉信访事项受理告知书", "执行申诉信访事项受理告知书"),
]


@pytest.mark.parametrize(("number", "part", "button", "heading"), DIALOGS)
def test_the_dialogs_of_a_case(page: Page, number: str, part: str, button: str, heading: str) -> None:
    """The dialogs of a new row, an absence declaration, the details of a material, and a preview."""
    go_to_section(page, number, part)
    page.get_by_role("button", name=button, exact=True).click()
    assert faults_of_dialog(page, heading) == []


@pytest.mark.parametrize("part", ["材料", "文书"])
def test_the_pages_of_a_complete_case(page: Page, part: str) -> None:
    """Those behind the dialogs; the form and the materials of the other case are looked at below."""
    go_to_section(page, COMPLETE, part)
    assert accessibility_faults(page) == []


def test_the_dialog_of_a_new_case_and_its_refusal(page: Page) -> None:
    """Also when it shows an error."""
    page.goto("/".join(page.url.split("/")[:3]))
    assert accessibility_faults(page) == []
    page.get_by_role("button", name="新建案件").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("登记号").fill(COMPLETE)
    dialog.get_by_role("button", name="新建").click()
    expect(dialog.get_by_role("alert")).to_contain_text("已经有了")
    assert faults_of_dialog(page, "新建案件") == []


def test_the_page_of_waiting_scans(page: Page, tmp_path: Path) -> None:
    """Empty; with a scan that waits, one that is refused, and the strip of pages."""
    go_to_section(page, IN_PROGRESS, "材料")
    page.goto(page.url.replace("/materials", "/sorting"))
    assert accessibility_faults(page) == []
    page.get_by_role("link", name="回到材料").click()
    expect(page.locator("#places")).to_be_visible()
    page.wait_for_load_state()
    scan = SAMPLES / "archive-complete" / "materials" / "受理告知书送达回证.jpg"
    wrong = tmp_path / "视频.mp4"
    wrong.write_bytes(b"no paper")
    page.locator("#page-drop input[multiple]").set_input_files([scan, wrong])
    expect(page.locator("#queue-failed")).to_contain_text("没有收下")
    expect(page.get_by_role("option", name=re.compile("受理告知书送达回证"))).to_be_visible()
    assert accessibility_faults(page) == []
    page.get_by_role("button", name="看各页…").click()
    expect(page.locator("#dialog .strip-page")).to_be_visible()
    assert faults_of_dialog(page, "受理告知书送达回证.jpg") == []


def test_the_dialog_and_the_notice_where_two_have_written(page: Page, desk: tuple[Path, str]) -> None:
    """The notice of a change, and the dialog of a conflict."""
    go_to_section(page, IN_PROGRESS)
    path = desk[0] / "in-progress" / "case.json"
    tree = json.loads(path.read_text(encoding="utf-8"))
    with held_until_end(page, "**/fields"):
        page.get_by_label(re.compile("^案件来源")).press_sequentially("联名")
        tree["registration"]["source"] = "来信"
        path.write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")
        page.evaluate("Desk.fetchChanges(document.getElementById('case-head').dataset.version)")
        expect(page.locator(".changed-notice")).to_be_visible()
        assert accessibility_faults(page) == []
    page.keyboard.press("Tab")
    assert faults_of_dialog(page, "这里刚被别人改过，还没有保存") == []


def test_the_history_and_the_bin(page: Page) -> None:
    """With entries in both."""
    go_to_section(page, COMPLETE, "材料")
    page.get_by_role("button", name="取走：信访回访记录", exact=True).click()
    expect(page.get_by_role("button", name="取走：信访回访记录", exact=True)).to_be_hidden()
    go_to_section(page, COMPLETE, "历史")
    expect(page.get_by_role("button", name="恢复 信访回访记录.jpg")).to_be_visible()
    assert accessibility_faults(page) == []


def test_the_command_centre_before_while_and_after_a_batch(page: Page) -> None:
    """Idle, running, and with the results."""
    page.goto("/".join(page.url.split("/")[:3]) + "/centre")
    assert accessibility_faults(page) == []
    with held_until_end(page, "**/centre/run"):  # the panel stays as it is, however soon the batch is over
        page.get_by_role("button", name="开始批处理").click()
        expect(page.get_by_role("button", name="停止")).to_be_visible()
        assert accessibility_faults(page) == []
    expect(page.get_by_role("heading", name="上一次批处理的结果")).to_be_visible()
    expect(page.get_by_text("处理了 2 / 2 件")).to_be_visible(timeout=2 * TIMEOUT_MS)
    expect(page.get_by_role("link", name="汇总报告（PDF）")).to_be_visible()
    assert accessibility_faults(page) == []


def test_the_page_of_reminders(page: Page) -> None:
    """With somebody to be reminded."""
    page.goto("/".join(page.url.split("/")[:3]) + "/centre/reminders")
    expect(page.get_by_role("heading", name="催办、接访登记")).to_be_visible()
    assert accessibility_faults(page) == []


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("today", "我的今天"),
        ("staff", "人员名单"),
        ("register", "导入登记簿"),
        ("bin", "案件回收箱"),
        ("find?q=执行", "在材料里找"),
        ("reading", "识读扫描件"),
        ("templates", "模板"),
        ("templates/acceptance_notice", "执行申诉信访事项受理告知书"),
    ],
)
def test_the_other_pages(page: Page, path: str, heading: str) -> None:
    """The pages that the navigation and the list lead to."""
    page.goto("/".join([*page.url.split("/")[:3], path]))
    expect(page.get_by_role("heading", name=heading).first).to_be_visible()
    if path.startswith("find"):
        expect(page.locator("#hits [role=status]")).to_contain_text("件案件里")
    assert accessibility_faults(page) == []
    assert page_errors(page) == []


def test_what_stands_there_instead_of_a_page(page: Page) -> None:
    """The error page of an unknown case."""
    page.goto("/".join(page.url.split("/")[:3]) + "/cases/0000")
    expect(page.get_by_role("heading", name="没有办成")).to_be_visible()
    assert accessibility_faults(page) == []
    assert page_errors(page) == []


def test_pages_of_accounts(browser: Browser, tmp_path: Path) -> None:
    """Logging in, also after a wrong password; accounts and the own password; a case that may only be looked at."""
    users, password = tmp_path / "users.json", "只在测试里使用的口令"
    with edit_accounts(users) as accounts:
        for name, role in (("王书记员", Role.ADMIN), ("周督查", Role.AUDITOR)):
            accounts.hashes[name], accounts.given_roles[name] = hash_password(password), frozenset({role})
    copy_sample("archive-complete", tmp_path / "案件" / "甲")
    with run_desk(tmp_path / "案件", users=users) as address:
        page = open_page(browser, address)
        assert accessibility_faults(page) == []
        page.get_by_label("账号").fill("王书记员")
        page.get_by_label("口令").fill("不对的口令，不对的口令")
        page.get_by_role("button", name="登录").click()
        expect(page.get_by_role("alert")).to_contain_text("账号或者口令不对")
        assert accessibility_faults(page) == []
        page.get_by_label("口令").fill(password)
        page.get_by_role("button", name="登录").click()
        page.get_by_role("link", name="修改：周督查").click()
        expect(page.get_by_role("heading", name="修改：周督查")).to_be_visible()
        assert accessibility_faults(page) == []
        page.get_by_role("link", name="王书记员", exact=True).click()
        expect(page.get_by_label("现在的口令")).to_be_focused()
        assert accessibility_faults(page) == []
        page.get_by_role("button", name="退出").click()
        page.get_by_label("账号").fill("周督查")
        page.get_by_label("口令").fill(password)
        page.get_by_role("button", name="登录").click()
        page.locator('main a[href^="/cases/"]').first.click()
        expect(page.get_by_text("这个账号只看不改。")).to_be_visible()
        for part in ("", "材料", "文书", "成卷", "历史"):
            if part:
                page.get_by_role("navigation", name="本案各页").get_by_role("link", name=part).click()
            expect(page.locator("#case-head")).to_be_visible()
            assert accessibility_faults(page) == [], part
        assert page_errors(page) == []
