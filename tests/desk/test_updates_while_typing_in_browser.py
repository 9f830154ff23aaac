"""Whatever the page shows anew, the field that is written in stays: its text, caret, unfinished date and word that is composed."""

from __future__ import annotations

import json
import re
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, Route, expect

from tests.support.browser import held_request, held_until_end, hold

pytestmark = pytest.mark.desk_case("write-off-complete")

SUMMARY, SOURCE, RECEIVED = "registration-summary", "registration-source", "registration-received_on"
STATE = """() => {
  const one = document.activeElement;
  const isText = one.matches('textarea, [type="text"]');
  return [one.value, isText ? one.selectionStart : null, one.validity.badInput, one === window.writtenIn];
}"""
"""What is in the focused field: the text, the caret, whether its date is unfinished; and whether it is still the element it was."""


def read_case(folder: Path) -> dict[str, Any]:
    """The content of case.json."""
    return dict(json.loads((folder / "case.json").read_text(encoding="utf-8")))


def write_case(folder: Path, tree: dict[str, Any]) -> None:
    """Write case.json, as a command of another person does."""
    (folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")


def change_by_another(page: Page, folder: Path, text: str) -> None:
    """Another person writes the name of the first petitioner and the source; wait until the page shows what it can of it."""
    tree = read_case(folder)
    tree["registration"]["source"] = text
    tree["materials"][-1]["title"] = text
    write_case(folder, tree)
    with page.expect_response(lambda answer: "/changed?" in answer.url):
        page.evaluate("Desk.fetchChanges(document.getElementById('case-head').dataset.version)")
    wait_for_answer(page)


def wait_for_answer(page: Page) -> None:
    """Wait until what others changed is shown; a save may still be held."""
    expect(page.locator("body.htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)


def saves_held(page: Page) -> AbstractContextManager[list[Route]]:
    """Hold the saves meanwhile, so that another person's change comes before them however long it takes."""
    return held_until_end(page, "**/fields")


def field(page: Page, name: str) -> Any:  # noqa: ANN401 (a locator)
    """The input of a field of the form."""
    return page.locator(f'[id="if-{name}"]')


def write(page: Page, name: str, *keys: str) -> None:
    """Press keys in a field, from its beginning, and remember the element."""
    field(page, name).focus()
    for key in keys:
        page.keyboard.press(key)
    page.evaluate("window.writtenIn = document.activeElement")


def compose(page: Page, letters: str) -> CDPSession:
    """Begin a word with an input method, which has not ended it."""
    session = page.context.new_cdp_session(page)
    session.send(
        "Input.imeSetComposition", {"text": letters, "selectionStart": len(letters), "selectionEnd": len(letters)}
    )
    return session


def expect_saved(page: Page) -> None:
    """Leave the field, and wait until everything is saved."""
    page.keyboard.press("Tab")
    expect(page.locator("#save-state")).to_have_text("已保存")


def test_a_change_by_another_leaves_text_unfinished_dates_composed_words_and_open_lists(
    page: Page, folder: Path
) -> None:
    """The rest of the section shows the change at once; what was typed is saved in the end."""
    before = read_case(folder)["registration"]

    with saves_held(page):
        write(page, SUMMARY, "Control+Home", "ArrowRight", "7")
        state = page.evaluate(STATE)
        change_by_another(page, folder, "甲写的")
        assert page.evaluate(STATE) == [*state[:3], True]
    expect(field(page, SOURCE)).to_have_value("甲写的")
    page.keyboard.type("8")
    expect_saved(page)

    write(page, RECEIVED, "ArrowRight", "Backspace")
    change_by_another(page, folder, "乙写的")
    assert page.evaluate(STATE) == ["", None, True, True]
    expect(field(page, SOURCE)).to_have_value("乙写的")
    page.keyboard.type("05")
    expect_saved(page)

    write(page, RECEIVED, "ArrowRight")  # at rest on the day
    change_by_another(page, folder, "丙写的")
    page.keyboard.type("06")
    expect(field(page, SOURCE)).to_have_value("丙写的")
    expect_saved(page)

    write(page, "registration-no", "Control+Home")
    session = compose(page, "zhong")
    change_by_another(page, folder, "丁写的")
    assert page.evaluate(STATE)[3]
    expect(field(page, SOURCE)).to_have_value("丁写的")
    page.evaluate("Desk.flushAll()")
    assert read_case(folder)["registration"]["no"] == before["no"], "a word that is composed is not saved"
    session.send("Input.insertText", {"text": "中"})
    expect_saved(page)

    field(page, "registration-channel").click()
    page.evaluate("window.writtenIn = document.activeElement")
    change_by_another(page, folder, "戊写的")
    assert page.evaluate("document.activeElement === window.writtenIn && window.writtenIn.matches(':open')")
    expect(field(page, SOURCE)).to_have_value("戊写的")
    page.keyboard.press("Escape")

    after = read_case(folder)["registration"]
    assert after["summary"] == f"{before['summary'][0]}78{before['summary'][1:]}"
    assert after["received_on"] == f"{before['received_on'][:-2]}06"
    assert after["no"] == f"中{before['no']}"


def test_what_is_typed_in_a_row_waits_for_its_save_before_other_rows_are_shown(page: Page, folder: Path) -> None:
    """Another person puts a row before it: the text must not land with somebody else."""
    name = "petitioners-0-name"
    tree = read_case(folder)
    with saves_held(page):
        write(page, name, "End", "7")
        tree["petitioners"].insert(0, {"name": "插进来的", "kind": "natural"})
        write_case(folder, tree)
        with page.expect_response(lambda answer: "/changed?" in answer.url):
            page.evaluate("Desk.fetchChanges(document.getElementById('case-head').dataset.version)")
        wait_for_answer(page)
        assert page.evaluate(STATE)[3]
    expect_saved(page)
    expect(field(page, name)).to_have_value("插进来的")
    names = [one["name"] for one in read_case(folder)["petitioners"]]
    assert names[:2] == ["插进来的", f"{tree['petitioners'][1]['name']}7"]


def test_an_unfinished_date_that_was_left_is_not_emptied_by_a_change_of_another(page: Page, folder: Path) -> None:
    """The field was put in its place with the saved date, and leaving the page then saved the empty one."""
    day = read_case(folder)["registration"]["received_on"]
    write(page, RECEIVED, "ArrowRight", "Backspace")
    field(page, SUMMARY).focus()
    expect(page.locator(f"#f-{RECEIVED}")).to_contain_text("日期没有写完")
    change_by_another(page, folder, "甲写的")
    expect(page.locator(f"#f-{RECEIVED}")).to_contain_text("日期没有写完")
    page.once("dialog", lambda asked: asked.accept())  # the page asks before it is left
    page.reload()
    expect(field(page, RECEIVED)).to_have_value(day)
    assert read_case(folder)["registration"]["received_on"] == day


def test_what_is_typed_before_the_page_has_its_scripts_is_saved(page: Page, folder: Path) -> None:
    """On a slow network a field can be written in, and left, before anything listens."""
    second = page.context.new_page()
    held = hold(second, "**/autosave.js*")
    second.goto(page.url, wait_until="commit")
    script = held_request(second, held)
    field(second, SUMMARY).fill("脚本没有到时写的")
    field(second, SOURCE).focus()
    script.continue_()
    expect(second.locator("#save-state")).to_have_text("已保存")
    expect(second.locator(f"#f-{SUMMARY} > .save-mark")).to_have_text("已保存")
    assert read_case(folder)["registration"]["summary"] == "脚本没有到时写的"


def test_a_dialog_that_opens_by_itself_waits_until_nobody_types(page: Page, folder: Path) -> None:
    """A refused save asks to sign in, and a conflict for a choice, while another field is written in."""
    held = hold(page, "**/fields")
    field(page, SOURCE).fill("甲写的")
    field(page, SOURCE).blur()
    save = held_request(page, held)
    write(page, SUMMARY, "Control+Home")
    session = compose(page, "zhong")
    with page.expect_response("**/fields"):
        save.fulfill(status=401, body="")
    expect(page.locator("#save-state")).to_contain_text("登录已经过期")
    assert page.evaluate(STATE)[3]
    page.unroute("**/fields")
    session.send("Input.insertText", {"text": "中7"})
    again = page.get_by_role("dialog", name="登录已经过期")
    expect(again).to_be_visible()
    again.get_by_role("button", name="已经打开，继续").click()
    expect(again).to_be_hidden()
    expect(page.locator("#save-state")).to_have_text("已保存")
    assert read_case(folder)["registration"]["summary"].startswith("中7")

    tree = read_case(folder)
    held = hold(page, "**/fields")
    field(page, SOURCE).fill("乙写的")
    field(page, SOURCE).blur()
    save = held_request(page, held)
    tree["registration"]["source"] = "别人写的"
    write_case(folder, tree)
    write(page, RECEIVED, "ArrowRight", "Backspace")
    with page.expect_response("**/fields"):
        save.continue_()
    expect(page.locator("#dialog form.conflict")).to_be_attached()
    assert page.evaluate(STATE) == ["", None, True, True]
    page.unroute("**/fields")
    page.keyboard.type("05")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_label(re.compile("^写你要写的")).check()
    dialog.get_by_role("button", name="按选择保存").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("#save-state")).to_have_text("已保存")
    after = read_case(folder)["registration"]
    assert after["source"] == "乙写的"
    assert after["received_on"].endswith("-05")


def test_dates_of_materials_and_of_the_sorting_page_stay_under_the_hands(page: Page, folder: Path) -> None:
    """The slots are shown anew by the answer to another date, and by another person's change; so is the sorting page."""
    page.goto(f"{page.url}/materials")
    days = page.locator('.day[data-saves] input[type="date"]')
    first, second = (days.nth(number) for number in range(2))
    held = hold(page, "**/day/*")
    first.fill("2021-09-03")
    first.blur()
    save = held_request(page, held)
    second.fill("2021-09-04")
    second.focus()
    for key in ("ArrowRight", "Backspace"):
        page.keyboard.press(key)
    page.evaluate("window.writtenIn = document.activeElement")
    with page.expect_response("**/day/*"):
        save.continue_()
    page.unroute("**/day/*")
    expect(page.locator(".htmx-request")).to_have_count(0)
    assert page.evaluate(STATE) == ["", None, True, True]
    change_by_another(page, folder, "甲改的名称")
    assert page.evaluate(STATE) == ["", None, True, True]
    expect(page.locator("#places")).to_contain_text("甲改的名称")
    page.keyboard.type("05")
    expect_saved(page)
    assert {"2021-09-03", "2021-09-05"} <= {
        value for one in read_case(folder)["materials"] for value in one.values() if isinstance(value, str)
    }

    page.goto(page.url.replace("/materials", "/sorting"))
    page.get_by_text("放的时候写上日期").click()
    page.locator("#sort-date").fill("2021-09-06")
    page.locator("#sort-signed").focus()
    page.keyboard.type("5")
    page.evaluate("window.writtenIn = document.activeElement")
    change_by_another(page, folder, "乙改的名称")
    assert page.evaluate(STATE) == ["", None, True, True]
    expect(page.locator("#sort-date")).to_have_value("2021-09-06")


def test_the_list_keeps_the_focus_and_the_newest_search(page: Page, folder: Path) -> None:
    """It is shown anew when a case changes; an answer that comes after another search was made is dropped."""
    page.goto("/".join(page.url.split("/")[:3]))
    expect(page.locator(".pick")).to_have_count(1)
    page.locator(".pick").focus()
    tree = read_case(folder)
    tree["petitioners"][0]["name"] = "改了名的"
    write_case(folder, tree)
    expect(page.locator("#list")).to_contain_text("改了名的")
    expect(page.locator(".pick")).to_be_focused()

    held: list[Route] = []

    def hold_first(route: Route) -> None:
        if route.request.headers.get("x-desk-background") == "list" and not held:
            held.append(route)
        else:
            route.continue_()

    page.route("**/*", hold_first)
    tree["petitioners"][0]["name"] = "又改了名的"
    write_case(folder, tree)
    refresh = held_request(page, held)
    held.append(refresh)  # the others pass
    page.locator("#q").fill("没有这个人")
    expect(page.locator(".pick")).to_have_count(0)
    with page.expect_response(lambda answer: answer.request.headers.get("x-desk-background") == "list"):
        refresh.continue_()
    expect(page.locator(".htmx-request")).to_have_count(0)
    expect(page.locator(".pick")).to_have_count(0)
