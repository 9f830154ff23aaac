"""What is typed at the desk is saved, or stays in view and is saved later: with the network cut, the session ended, the page left."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from bundler.commands import run
from tests.support.browser import (
    accessibility_faults,
    held_request,
    hold,
    open_page,
    page_errors,
    run_desk,
    run_desk_process,
    stopped_clock,
)
from tests.support.desk_client import clerk
from tests.support.paths import SAMPLES, copy_sample

pytestmark = pytest.mark.desk_case("in-progress")

SOURCE = "#if-registration-source"
ENTERED = "zao-chi-miantiao-7"
RECEIVED = "#if-registration-received_on"
KEPT_DRAFTS = "Object.keys(localStorage).filter((key) => key.startsWith('desk-draft:'))"
"""The drafts in the browser's storage, from which a page offers what was not saved."""


def registration(folder: Path) -> dict[str, Any]:
    """The registration as the file has it."""
    return dict(json.loads((folder / "case.json").read_text(encoding="utf-8"))["registration"])


def mark(page: Page, field: str = "registration-source") -> Any:  # noqa: ANN401 (a locator)
    """The mark of a field that says whether it is saved."""
    return page.locator(f"#f-{field} > .save-mark")


def cut(page: Page) -> None:
    """Cut the network."""
    page.context.set_offline(True)


def mend(page: Page) -> None:
    """Mend the network."""
    page.context.set_offline(False)


def saved(folder: Path, page: Page, value: str) -> None:
    """Wait until the page says that everything is saved, and look at the file."""
    expect(page.locator("#save-state")).to_have_text("已保存")
    assert registration(folder)["source"] == value


def test_a_text_is_saved_a_second_after_the_last_key_under_the_hands_of_its_writer(page: Page, folder: Path) -> None:
    """The field keeps the focus and the caret; the mark goes from 未保存 to 保存中 and 已保存."""
    before = registration(folder)["source"]
    held = hold(page, "**/fields")
    with stopped_clock(page):
        page.locator(SOURCE).fill("")
        page.locator(SOURCE).press_sequentially("来电")
        page.clock.run_for(900)
        expect(mark(page)).to_have_text("未保存")
        page.clock.run_for(200)
        expect(mark(page)).to_have_text("保存中")
    page.keyboard.press("ArrowLeft")
    assert registration(folder)["source"] == before
    held_request(page, held).continue_()
    page.unroute("**/fields")
    expect(mark(page)).to_have_text("已保存")
    saved(folder, page, "来电")
    expect(page.locator(SOURCE)).to_be_focused()
    page.keyboard.type("信")
    page.keyboard.press("Tab")
    expect(page.locator(SOURCE)).to_have_value("来信电")
    expect(page.locator("#save-bar")).to_have_attribute("data-state", "saved")
    saved(folder, page, "来信电")
    assert accessibility_faults(page) == []


def test_a_save_that_failed_stays_in_view_and_is_done_again(page: Page, folder: Path) -> None:
    """Several fields, the network cut before, between and while they are sent."""
    before = registration(folder)
    cut(page)
    page.locator(SOURCE).fill("来电")
    page.keyboard.press("Tab")
    expect(mark(page)).to_have_text("未保存")
    expect(page.locator("#save-state")).to_contain_text("连不上工作台")
    page.locator("#if-registration-summary").fill("断网时写的")
    page.keyboard.press("Tab")
    expect(page.locator("#save-state")).to_contain_text("2 处未保存")
    expect(page.locator("#save-bar")).to_be_in_viewport()
    assert accessibility_faults(page) == []
    assert registration(folder) == before
    mend(page)
    saved(folder, page, "来电")
    assert registration(folder)["summary"] == "断网时写的"
    expect(mark(page)).to_have_text("已保存")


def test_an_answer_that_never_came_is_asked_for_again(page: Page, folder: Path) -> None:
    """The desk had saved it; sending it a second time changes nothing and is no conflict."""
    asked: list[Route] = []

    def drop_first(route: Route) -> None:
        asked.append(route)
        if len(asked) > 1:
            route.continue_()
            return
        route.fetch()
        route.abort("connectionreset")

    page.route("**/fields", drop_first)
    with page.expect_event("requestfailed"):
        page.locator(SOURCE).fill("来电")
        page.keyboard.press("Tab")
    saved(folder, page, "来电")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert len(asked) == 2


def test_a_page_that_is_left_sends_what_it_has(page: Page, folder: Path) -> None:
    """Reload, Back and Forward and a closed tab, in the middle of typing."""
    page.locator(SOURCE).fill("重新载入")
    page.reload()
    expect(page.locator(SOURCE)).to_have_value("重新载入")
    saved(folder, page, "重新载入")
    case = page.url
    page.goto(case.partition("/cases/")[0])
    page.goto(case)
    page.locator(SOURCE).fill("后退")
    page.go_back()
    page.go_forward()
    expect(page.locator(SOURCE)).to_have_value("后退")
    saved(folder, page, "后退")
    second = page.context.new_page()
    second.goto(page.url)
    second.locator(SOURCE).fill("关掉的")
    second.close(run_before_unload=True)
    page.reload()
    expect(page.locator(SOURCE)).to_have_value("关掉的")
    saved(folder, page, "关掉的")


def leave_unsaved(page: Page, text: str, clock: str = "") -> None:
    """Write the text in a second tab, with the network cut, close that tab, and see the page offer the text.

    The browser may send what a closed page sends last although the network is cut for its pages; here it sends nothing.
    """
    second = page.context.new_page()
    second.add_init_script("navigator.sendBeacon = () => false")
    if clock:
        second.clock.set_fixed_time(clock)
    second.goto(page.url)
    second.wait_for_load_state()
    cut(page)
    second.locator(SOURCE).fill(text)
    second.keyboard.press("Tab")
    expect(second.locator("#save-state")).to_contain_text("未保存")
    with second.expect_event("close"):
        second.close(run_before_unload=True)
    mend(page)
    page.reload()
    expect(page.locator("#drafts")).to_contain_text(text)


def test_what_is_saved_after_all_is_offered_no_longer(page: Page, folder: Path) -> None:
    """The last request of a closed tab may come late: the bar would go on saying that its text is not saved."""
    leave_unsaved(page, "迟到的")
    other = page.context.new_page()
    other.goto(page.url)
    other.locator(SOURCE).fill("迟到的")
    saved(folder, other, "迟到的")
    expect(page.locator(SOURCE)).to_have_value("迟到的")
    expect(page.locator("#drafts")).to_be_empty()
    assert page.evaluate(KEPT_DRAFTS) == []


def test_what_a_closed_tab_could_not_send_is_offered_again(page: Page, folder: Path) -> None:
    """She puts it back with a click; what she does not want is forgotten."""
    leave_unsaved(page, "断网后关掉的")
    assert accessibility_faults(page) == []
    assert registration(folder)["source"] != "断网后关掉的"
    page.get_by_role("button", name="填回并保存").click()
    expect(page.locator(SOURCE)).to_have_value("断网后关掉的")
    saved(folder, page, "断网后关掉的")
    page.evaluate("localStorage.setItem('desk-draft:老', JSON.stringify({at: Date.now() - 15 * 86400000}))")
    page.reload()
    page.wait_for_function(f"{KEPT_DRAFTS}.length === 0")  # what is offered is kept
    expect(page.locator("#drafts")).to_be_empty()
    assert page.evaluate("localStorage.getItem('desk-draft:老')") is None, "what is older than 14 days is deleted"


UNFINISHED = [["ArrowRight", "Backspace"], ["0", "2", "3", "1"], ["ArrowRight", "ArrowRight", "2"]]


@pytest.mark.parametrize("keys", UNFINISHED)
def test_a_date_that_is_not_finished_or_does_not_exist_changes_nothing(
    page: Page, folder: Path, keys: list[str]
) -> None:
    """The saved one stays in the file, and the field says so; a finished one is saved."""
    before = registration(folder)
    field = page.locator(RECEIVED)
    box = page.locator("#f-registration-received_on")
    with stopped_clock(page):
        field.focus()
        for key in keys:  # after some of them the date is one by chance
            page.keyboard.press(key)
        page.clock.run_for(5000)
        page.locator(SOURCE).focus()
        expect(box).to_contain_text(f"案件里还是“{before['received_on']}”")
    expect(mark(page, "registration-received_on")).to_have_text("未保存")
    assert registration(folder) == before
    if keys == UNFINISHED[0]:  # the page looks the same after each of them
        assert accessibility_faults(page) == []
    assert page.evaluate(KEPT_DRAFTS) == [], "a draft of it would empty the field"
    field.fill("2021-09-18")
    page.locator(SOURCE).focus()
    expect(mark(page, "registration-received_on")).to_have_text("已保存")
    assert registration(folder)["received_on"] == "2021-09-18"
    expect(box).not_to_contain_text("没有保存")


def test_eight_digits_are_a_date(page: Page, folder: Path) -> None:
    """The year takes four digits, not six."""
    page.locator(RECEIVED).focus()
    page.keyboard.type("09182021")  # headless, this browser shows the month first
    page.keyboard.press("Tab")
    expect(mark(page, "registration-received_on")).to_have_text("已保存")
    assert registration(folder)["received_on"] == "2021-09-18"


def test_a_row_that_was_deleted_comes_back_by_key_and_goes_again(page: Page, folder: Path) -> None:
    """Ctrl+Z and Ctrl+Y, and the buttons at the bottom, which say what they take back."""
    tree = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    page.get_by_role("button", name=re.compile("^删去")).first.click()
    expect(page.locator("#undo")).to_contain_text("撤销：修改")
    assert json.loads((folder / "case.json").read_text(encoding="utf-8")) != tree
    page.locator("#changed").evaluate("() => document.activeElement.blur()")
    page.keyboard.press("Control+z")
    expect(page.locator("#redo")).to_be_enabled()
    assert json.loads((folder / "case.json").read_text(encoding="utf-8")) == tree
    page.keyboard.press("Control+y")
    expect(page.locator("#undo")).to_be_enabled()
    assert json.loads((folder / "case.json").read_text(encoding="utf-8")) != tree
    page.locator("#undo").click()
    expect(page.locator("#redo")).to_be_enabled()
    assert json.loads((folder / "case.json").read_text(encoding="utf-8")) == tree
    assert accessibility_faults(page) == []


def test_the_history_tells_the_values_before_and_after_with_numbers_of_persons_masked(tmp_path: Path) -> None:
    """The file keeps them whole, in its chain; and each line offers to be undone."""
    with clerk(tmp_path, "in-progress") as one:
        one.fill("/registration/source", "来电", before=one.tree()["registration"]["source"])
        one.fill("/petitioners/0/id_number", "11010119900307803X")
        page = one.get("/history").text
        assert "<del>来访</del> → <ins>来电</ins>" in page
        assert "<ins>110101********803X</ins>" in page
        assert "11010119900307803X" not in page
        assert "11010119900307803X" in (one.folder / ".bundler-history.jsonl").read_text(encoding="utf-8")
        numbers = re.findall(r'hx-vals=\'\{"numbers": "([^"]+)"\}', page)
        assert len(numbers) == 2
        assert one.post("/undo", {"numbers": numbers[0]}).headers["hx-refresh"] == "true"
        assert "id_number" not in one.tree()["petitioners"][0]
        assert "已撤销" in one.get("/history").text
        again = one.post("/undo", {"numbers": numbers[0]})
        assert again.status_code == 422
        assert "不能撤销" in again.text


def test_materials_that_were_taken_away_or_turned_come_back(page: Page, folder: Path) -> None:
    """By the key and by the button, on the page of the materials."""
    shutil.copytree(
        SAMPLES / "write-off-complete",
        folder,
        ignore=shutil.ignore_patterns(".bundler-history.jsonl"),
        dirs_exist_ok=True,
    )
    tree = (folder / "case.json").read_bytes()
    page.goto(page.url + "/materials")
    take = page.get_by_role("button", name=re.compile("^取走")).first
    cards = page.locator(".card")
    count = cards.count()
    page.wait_for_load_state()
    take.click()
    expect(cards).to_have_count(count - 1)
    page.keyboard.press("Control+z")
    expect(cards).to_have_count(count)
    assert json.loads((folder / "case.json").read_bytes()) == json.loads(tree)
    page.get_by_role("button", name=re.compile("^右转")).first.click()
    expect(page.locator("#undo")).to_contain_text("转页")
    page.locator("#undo").click()
    expect(page.locator("#redo")).to_be_enabled()
    actions = [json.loads(line)["action"] for line in (folder / ".bundler-history.jsonl").read_text().splitlines()]
    assert actions == ["take-away", "undo", "turn", "undo"]


def test_signing_in_over_the_page_keeps_what_was_typed(browser: Browser, tmp_path: Path) -> None:
    """The desk was restarted, and with it every session ended."""
    folder = Path(shutil.copytree(SAMPLES / "in-progress", tmp_path / "cases" / "案"))
    users, secret = tmp_path / "账号.json", tmp_path / "口令"
    secret.write_text(f"{ENTERED}\n", encoding="utf-8")
    assert run(["user", "add", "王书记员", "--users", str(users), "--password-file", str(secret)]) == 0
    with run_desk_process(folder.parent, "--users", str(users)) as address:
        window = open_page(browser, address)

        def log_in() -> None:
            window.get_by_label("账号").fill("王书记员")
            window.get_by_label("口令").fill(ENTERED)
            window.get_by_role("button", name="登录").click()

        log_in()
        window.locator('main a[href^="/cases/"]').first.click()
        expect(window.locator(SOURCE)).to_be_visible()
        window.wait_for_load_state()  # the page's script is loaded while the session lasts
        cookies = window.context.cookies()
        window.context.clear_cookies()
        window.locator(SOURCE).fill("登录过期以后")
        window.keyboard.press("Tab")
        dialog = window.get_by_role("dialog", name="登录已经过期")
        expect(dialog).to_be_visible()
        assert accessibility_faults(window) == []
        dialog.get_by_label("口令").fill("wrong")
        dialog.get_by_role("button", name="登录", exact=True).click()
        expect(dialog).to_contain_text("账号或者口令不对")
        assert dialog.get_by_label("账号").input_value() == "王书记员"
        dialog.get_by_label("口令").fill(ENTERED)
        dialog.get_by_role("button", name="登录", exact=True).click()
        expect(dialog).to_be_hidden()
        saved(folder, window, "登录过期以后")
        expect(window.locator(SOURCE)).to_have_value("登录过期以后")
        assert cookies != window.context.cookies()
        assert page_errors(window) == []
        window.context.close()


def test_eight_tabs_save_and_are_told_of_each_others_changes(browser: Browser, tmp_path: Path) -> None:
    """One stream serves them all: none waits for a connection."""
    folders = [
        Path(shutil.copytree(SAMPLES / "in-progress", tmp_path / "cases" / f"案{number}")) for number in range(7)
    ]
    for number, folder in enumerate(folders):
        tree = json.loads((folder / "case.json").read_text(encoding="utf-8"))
        tree["registration"]["no"] = f"钢信执2021-010{number}"
        (folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")
    with run_desk(tmp_path / "cases") as address:
        tabs = [open_page(browser, address)]
        links = tabs[0].locator('main a[href^="/cases/"]')
        expect(links).to_have_count(7)
        for link in links.all():
            tabs.append(tabs[0].context.new_page())
            tabs[-1].goto(f"{address.partition('/?')[0]}{link.get_attribute('href')}")
            expect(tabs[-1].locator(SOURCE)).to_be_visible()
        ports = {tab.url.split("/")[2].rpartition(":")[2] for tab in tabs}
        for number, tab in enumerate(tabs[1:]):
            tab.locator(SOURCE).fill(f"第{number}页")
            tab.keyboard.press("Tab")
        for tab in tabs[1:]:
            expect(tab.locator("#f-registration-source > .save-mark")).to_have_text("已保存")
        for folder in folders:
            assert re.fullmatch("第[0-6]页", registration(folder)["source"])
            tree = json.loads((folder / "case.json").read_text(encoding="utf-8"))
            tree["registration"]["source"] = "命令写的"
            tree["petitioners"][0]["name"] = "丁某某"
            (folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")
        for tab in tabs[1:]:
            expect(tab.locator(SOURCE)).to_have_value("命令写的")
        expect(tabs[0].get_by_text("丁某某")).to_have_count(7)
        assert len(open_connections(int(ports.pop()))) <= 6
        assert [page_errors(tabs[0])] == [[]]
        tabs[0].context.close()


def open_connections(port: int) -> list[str]:
    """The established connections to a port of this machine."""
    lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    return [line for line in lines if line.split()[1].endswith(f":{port:04X}") and line.split()[3] == "01"]


def test_a_draft_outlives_a_wrong_clock(page: Page, folder: Path) -> None:
    """Written offline while the computer's clock stood years back; the clock is put right before the draft is offered."""
    leave_unsaved(page, "时钟错了时写的", "2015-01-01T08:00:00")
    page.get_by_role("button", name="填回并保存").click()
    saved(folder, page, "时钟错了时写的")


def wait_for_picture(image: Locator) -> None:
    """Wait until a page of the viewer can be seen."""
    for _ in range(600):
        if image.evaluate("(one) => one.naturalWidth") > 300:
            return
        image.page.wait_for_timeout(100)
    raise AssertionError("the picture does not come")


def test_a_preview_goes_on_after_the_session_ended_and_after_the_network_was_cut(
    browser: Browser, tmp_path: Path
) -> None:
    """The next page asks for the password over the preview, and comes then; cut off, it comes when the network is back."""
    folder = copy_sample("write-off-complete", tmp_path / "cases" / "案")
    users, secret = tmp_path / "账号.json", tmp_path / "口令"
    secret.write_text(f"{ENTERED}\n", encoding="utf-8")
    assert run(["user", "add", "王书记员", "--users", str(users), "--password-file", str(secret)]) == 0
    with run_desk(folder.parent, users=users) as address:
        window = open_page(browser, address)
        window.get_by_label("账号").fill("王书记员")
        window.get_by_label("口令").fill(ENTERED)
        window.get_by_role("button", name="登录").click()
        window.locator('main a[href^="/cases/"]').first.click()
        window.get_by_role("navigation", name="本案各页").get_by_role("link", name="材料").click()
        expect(window.locator("#places")).to_be_visible()
        window.wait_for_load_state()
        window.get_by_role("button", name="打开预览：约谈（谈话）笔录", exact=True).first.click()
        shown = window.locator("#dialog .sheet img:not([hidden])")
        wait_for_picture(shown)
        window.context.clear_cookies()
        window.locator('#dialog .strip-page[data-index="3"]').click()
        dialog = window.get_by_role("dialog", name="登录已经过期")
        dialog.get_by_label("口令").fill(ENTERED)
        dialog.get_by_role("button", name="登录", exact=True).click()
        wait_for_picture(shown)
        cut(window)
        window.locator('#dialog [data-do="larger"]').click()
        window.locator('#dialog [data-do="larger"]').click()
        expect(shown).to_have_attribute("alt", re.compile("没有取到"))
        mend(window)
        wait_for_picture(shown)
        expect(shown).not_to_have_attribute("alt", re.compile("没有取到"))
        assert page_errors(window) == []
        window.context.close()
