"""Every page and dialog of the desk before the judge of accessibility: nothing that it calls serious."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bundler.desk.security.accounts import edit_accounts, hash_password
from tests.support.browser import PATIENCE, browsing, faults_of, opened, serious, served
from tests.support.paths import SAMPLES


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all windows."""
    with browsing() as chromium:
        yield chromium


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A desk over a case that is complete and one that is at work, and where they lie."""
    root = tmp_path_factory.mktemp("desk") / "案件"
    for sample in ("write-off-complete", "in-progress"):
        shutil.copytree(SAMPLES / sample, root / sample)
    with served(root) as address:
        yield root, address


@pytest.fixture(scope="module")
def page(browser: Browser, desk: tuple[Path, str]) -> Page:
    """A clerk's window, which has come in."""
    return opened(browser, desk[1])


def go(page: Page, number: str, part: str = "") -> None:
    """A part of a case."""
    page.goto("/".join(page.url.split("/")[:3]) + f"/?q={number}")
    page.get_by_role("link", name=number, exact=True).click()
    if part:
        page.get_by_role("navigation", name="本案各页").get_by_role("link", name=part).click()
    expect(page.locator("#case-head")).to_contain_text(number)
    page.wait_for_load_state()


def judged(page: Page, heading: str | re.Pattern[str]) -> list[str]:
    """What is wrong with the dialog that stands there, and with what lies behind it; then it is closed."""
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name=heading)).to_be_visible()
    found = serious(page)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    return found


COMPLETE, BEGUN = "钢信执2021-0042", "钢信执2021-0078"
DIALOGS = [
    (BEGUN, "", "填写：不予受理", "不予受理"),
    (BEGUN, "", "加一项：提交材料", "提交材料"),
    (BEGUN, "材料", "说明确无此件：相关领导批示", "确无此件：相关领导批示"),
    (COMPLETE, "材料", "名称等：领导批示笺", "领导批示笺"),
    (COMPLETE, "材料", "打开预览：领导批示笺", "领导批示笺"),
    (COMPLETE, "文书", "预览执行申诉信访事项受理告知书", "执行申诉信访事项受理告知书"),
]


@pytest.mark.parametrize(("number", "part", "button", "heading"), DIALOGS)
def test_the_dialogs_of_a_case(page: Page, number: str, part: str, button: str, heading: str) -> None:
    """What is asked before a row is there, why a paper is not there, what a paper is called, and its pages."""
    go(page, number, part)
    page.get_by_role("button", name=button, exact=True).click()
    assert judged(page, heading) == []


def test_the_dialog_of_a_new_case_and_its_refusal(page: Page) -> None:
    """Also when it says what is wrong."""
    page.goto("/".join(page.url.split("/")[:3]))
    page.get_by_role("button", name="新建案件").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("登记号").fill(COMPLETE)
    dialog.get_by_role("button", name="新建").click()
    expect(dialog.get_by_role("alert")).to_contain_text("已经有了")
    assert judged(page, "新建案件") == []


def test_the_question_about_dropped_files(page: Page, tmp_path: Path) -> None:
    """What they are, and what cannot be taken."""
    go(page, BEGUN, "材料")
    scan = SAMPLES / "archive-complete" / "materials" / "受理告知书送达回证.jpg"
    wrong = tmp_path / "视频.mp4"
    wrong.write_bytes(b"no paper")
    page.get_by_label("添加文件…").set_input_files([scan, wrong])
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("没有收下")
    expect(dialog.get_by_role("heading", name="这些文件是什么？")).to_be_visible()
    assert serious(page) == []
    dialog.get_by_role("button", name="都不要").click()
    expect(dialog).to_be_hidden()


def test_the_dialog_and_the_notice_where_two_have_written(page: Page, desk: tuple[Path, str]) -> None:
    """Who wrote what, and which is to stand."""
    go(page, BEGUN)
    source = page.get_by_label(re.compile("^案件来源"))
    source.press_sequentially("联名")
    path = desk[0] / "in-progress" / "case.json"
    tree = json.loads(path.read_text(encoding="utf-8"))
    tree["registration"]["source"] = "来信"
    path.write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")
    expect(page.locator(".changed-notice")).to_be_visible()
    assert serious(page) == []
    source.press("Tab")
    assert judged(page, "这里刚被别人改过，还没有保存") == []


def test_the_history_and_the_bin(page: Page) -> None:
    """With something in them."""
    go(page, COMPLETE, "材料")
    page.get_by_role("button", name="取走：信访回访记录", exact=True).click()
    expect(page.get_by_role("button", name="取走：信访回访记录", exact=True)).to_be_hidden()
    go(page, COMPLETE, "历史")
    expect(page.get_by_role("button", name="恢复 信访回访记录.jpg")).to_be_visible()
    assert serious(page) == []


def test_the_command_centre_before_while_and_after_a_batch(page: Page) -> None:
    """Idle, at work, and with what it left."""
    page.goto("/".join(page.url.split("/")[:3]) + "/centre")
    assert serious(page) == []
    page.get_by_role("button", name="开始批处理").click()
    expect(page.get_by_role("button", name="停止")).to_be_visible()
    assert serious(page) == []
    expect(page.get_by_role("heading", name="上一次批处理的结果")).to_be_visible()
    expect(page.get_by_text("处理了 2 / 2 件")).to_be_visible(timeout=2 * PATIENCE)
    expect(page.get_by_role("link", name="汇总报告（PDF）")).to_be_visible()
    assert serious(page) == []


def test_what_stands_there_instead_of_a_page(page: Page) -> None:
    """A case that is not there."""
    page.goto("/".join(page.url.split("/")[:3]) + "/cases/0000")
    expect(page.get_by_role("heading", name="没有办成")).to_be_visible()
    assert serious(page) == []
    assert faults_of(page) == []


def test_the_page_that_asks_who_it_is(browser: Browser, tmp_path: Path) -> None:
    """Empty, and after a wrong password."""
    users = tmp_path / "users.json"
    with edit_accounts(users) as accounts:
        accounts["王书记员"] = hash_password("只在测试里使用的口令")
    (tmp_path / "案件").mkdir()
    with served(tmp_path / "案件", "--users", str(users)) as address:
        page = opened(browser, address)
        assert serious(page) == []
        page.get_by_label("账号").fill("王书记员")
        page.get_by_label("口令").fill("不对的口令，不对的口令")
        page.get_by_role("button", name="登录").click()
        expect(page.get_by_role("alert")).to_contain_text("账号或者口令不对")
        assert serious(page) == []
