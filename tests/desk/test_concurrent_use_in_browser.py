"""Two people, or two tabs, at once: no click and no message is lost, and each page says what the other one has done."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bundler.batch.output_lock import hold_output_lock
from bundler.desk.batches.runner import BatchRunner
from tests.support.browser import held_request, hold, stopped_clock, wait_for_htmx

pytestmark = pytest.mark.desk_case("incomplete")

FETCH_CHANGES = "Desk.fetchChanges(document.getElementById('case-head').dataset.version)"


def change_by_another(folder: Path, source: str) -> None:
    """Another person writes the source of the petition."""
    tree = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    tree["registration"]["source"] = source
    (folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")


def test_a_click_is_not_lost_when_its_button_is_shown_anew(page: Page, folder: Path) -> None:
    """What another person changed comes between the press of the mouse and its release, and while the click is answered."""
    button = page.get_by_role("button", name="加一项：执行案件", exact=True)
    before = len(json.loads((folder / "case.json").read_text(encoding="utf-8"))["enforcement_cases"])
    held = hold(page, "**/rows")
    with stopped_clock(page):  # a press that never ends is ended by the page
        change_by_another(folder, "甲写的")
        button.hover()
        page.mouse.down()
        with page.expect_response(lambda answer: "/changed?" in answer.url):
            page.evaluate(f"void {FETCH_CHANGES}")
        page.mouse.up()
    click = held_request(page, held)
    change_by_another(folder, "乙写的")
    with page.expect_response(lambda answer: "/changed?" in answer.url):
        page.evaluate(f"void {FETCH_CHANGES}")
    click.continue_()
    expect(page.locator(f'[id="if-enforcement_cases-{before}-no"]')).to_be_focused()
    expect(page.locator("#if-registration-source")).to_have_value("乙写的")


def test_what_was_refused_stays_in_view_when_the_page_is_brought_up_to_date(page: Page, folder: Path) -> None:
    """Two tabs take the same step back; the second is told, and goes on being told."""
    source = page.locator("#if-registration-source")
    source.fill("甲写的")
    page.keyboard.press("Tab")
    expect(page.locator("#undo")).to_be_enabled()
    second = page.context.new_page()
    second.goto(page.url)
    held = hold(page, "**/undo")
    page.locator("#undo").click()
    undo = held_request(page, held)
    second.locator("#undo").click()
    expect(second.locator("#redo")).to_be_enabled()
    undo.continue_()
    expect(page.locator("#failed")).to_contain_text("不能撤销")
    change_by_another(folder, "乙写的")
    expect(source).to_have_value("乙写的")
    expect(page.locator("#failed")).to_contain_text("不能撤销")


def test_an_entry_of_the_staff_list_is_removed_around_what_is_typed(page: Page) -> None:
    """And where another person has removed it already, or the network is cut, the page says so."""
    home = "/".join(page.url.split("/")[:3])
    page.on("dialog", lambda asked: asked.accept())
    page.goto(f"{home}/staff")
    for name in ("孙某", "李某"):
        page.get_by_label("姓名").fill(name)
        page.get_by_role("button", name="保存").click()
        expect(page.get_by_role("rowheader", name=name)).to_be_visible()
    page.wait_for_load_state()
    second = page.context.new_page()
    second.on("dialog", lambda asked: asked.accept())
    second.goto(f"{home}/staff")
    page.get_by_label("姓名").fill("写了一半")
    page.get_by_role("button", name="从名单删去：李某").click()
    expect(page.get_by_role("rowheader", name="李某")).to_have_count(0)
    expect(page.get_by_label("姓名")).to_have_value("写了一半")
    second.get_by_role("button", name="从名单删去：李某").click()
    expect(second.locator("#notices")).to_contain_text("刚被别人改过或者删去了")
    second.context.set_offline(True)
    second.get_by_role("button", name="从名单删去：孙某").click()
    expect(second.locator("#notices")).to_contain_text("连不上工作台，没有办成")
    second.context.set_offline(False)
    second.get_by_role("button", name="从名单删去：孙某").click()
    expect(second.get_by_role("rowheader", name="孙某")).to_have_count(0)
    expect(second.locator("#notices")).to_be_empty()


def test_a_batch_that_another_page_has_started_is_shown_and_stopped(
    page: Page, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that stood idle shows it by itself; its progress page survives a reload and a cut of the network, which it tells of."""
    monkeypatch.setattr(BatchRunner, "_command", lambda _: ["sleep", "3600"])  # it ends when it is stopped
    page.goto("/".join(page.url.split("/")[:3]) + "/centre")
    second = page.context.new_page()
    second.goto(page.url)
    page.get_by_role("button", name="开始批处理").click()
    stop = page.get_by_role("button", name="停止")
    expect(stop).to_be_visible()
    process = int(json.loads((folder.parent / ".desk" / "batch.json").read_text(encoding="utf-8"))["process"])
    os.kill(process, signal.SIGSTOP)
    try:
        expect(second.get_by_role("button", name="停止")).to_be_visible()
        page.reload()
        expect(stop).to_be_visible()
        page.context.set_offline(True)
        expect(page.locator("#behind")).to_contain_text("暂时没有答复")
        page.context.set_offline(False)
        expect(page.locator("#behind")).to_be_empty()
        second.get_by_role("button", name="停止").click()
        expect(page.locator("#run")).to_contain_text("正在停止")
    finally:
        os.kill(process, signal.SIGCONT)
    expect(page.locator("#run")).to_contain_text("已停止")
    expect(page.get_by_role("button", name="开始批处理")).to_be_visible()
    wait_for_htmx(page)


def test_an_idle_page_shows_a_batch_of_the_terminal_and_its_results(page: Page, folder: Path) -> None:
    """Without a click; a period that is being written is not taken away by the new results."""
    out = folder.parent / "批处理"
    state = out / ".bundler"
    state.mkdir(parents=True)
    page.goto("/".join(page.url.split("/")[:3]) + "/centre")
    expect(page.get_by_role("button", name="开始批处理")).to_be_visible()
    with hold_output_lock(state):
        expect(page.locator("#run")).to_contain_text("另一个批处理正在写")
    expect(page.get_by_role("button", name="开始批处理")).to_be_visible()
    page.wait_for_load_state()
    period = page.get_by_label("统计期间")
    period.fill("2021Q4")
    case = {"case": "案", "registration_no": "信1", "output": "bundles/信1.pdf", "kind": "archive", "findings": []}
    (out / "report.json").write_text(json.dumps({"cases": [case]}), encoding="utf-8")
    expect(page.locator("#run")).to_have_attribute("data-late", "")
    expect(period).to_have_value("2021Q4")
    period.blur()
    expect(page.get_by_role("rowheader", name="信1")).to_be_visible()
