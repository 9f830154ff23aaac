"""Small things that keep a clerk from guessing: red borders, the focus, pasted dates, corrected numbers, the search, the next number."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from bundler.desk.case_list.next_registration_number import next_registration_number
from tests.support.browser import accessibility_faults, held_request, hold, stopped_clock, wait_for_htmx
from tests.support.desk_client import clerk

pytestmark = pytest.mark.desk_case("write-off-complete", None)

CASE_NUMBER = "if-enforcement_cases-0-no"
RED = "rgb(179, 38, 30)"


def open_case(page: Page) -> None:
    """Open the case of the list."""
    page.locator('main a[href^="/cases/"]').first.click()
    expect(page.locator("#save-state")).to_have_text("已保存")


def test_a_case_number_in_half_width_is_put_right_with_a_click(page: Page, folder: Path) -> None:
    """Its field is red until then; the value of the button is what is saved."""
    open_case(page)
    field = page.locator(f'[id="{CASE_NUMBER}"]')
    right = field.input_value()
    field.fill("(2020)鲁0117执9001号")
    page.keyboard.press("Tab")
    fix = page.get_by_role("button", name=f"改成“{right}”")
    expect(fix).to_be_visible()
    expect(field).to_have_attribute("aria-invalid", "true")
    assert field.evaluate("one => getComputedStyle(one).borderTopColor") == RED
    assert accessibility_faults(page) == []
    fix.click()
    expect(field).to_have_value(right)
    expect(fix).to_be_hidden()
    assert json.loads((folder / "case.json").read_text(encoding="utf-8"))["enforcement_cases"][0]["no"] == right


def test_eight_digits_are_a_date_in_a_browser_that_shows_the_month_first(page: Page, folder: Path) -> None:
    """And eight digits in the browser's own order are what it takes them for."""
    open_case(page)
    field = page.locator('[id="if-registration-received_on"]')
    for digits in ("20220321", "03222022"):
        field.fill("")
        field.blur()
        field.focus()
        page.keyboard.type(digits)
        expect(field).to_have_value("2022-03-21" if digits[0] == "2" else "2022-03-22")
    page.keyboard.press("Tab")
    expect(page.locator("#save-state")).to_have_text("已保存")
    assert json.loads((folder / "case.json").read_text(encoding="utf-8"))["registration"]["received_on"] == "2022-03-22"


def test_the_answer_to_a_save_leaves_the_digits_of_a_date_that_is_being_typed(page: Page, folder: Path) -> None:
    """The field was emptied and is written in again when the desk answers that it saved the empty one."""
    open_case(page)
    field = page.locator('[id="if-registration-received_on"]')
    held = hold(page, "**/fields")
    field.fill("")
    field.blur()
    save = held_request(page, held)
    field.focus()
    page.keyboard.type("202")
    with page.expect_response("**/fields"):
        save.continue_()
    expect(page.locator("#f-registration-received_on .notes")).to_contain_text("缺少来访（件）时间")
    page.unroute("**/fields")
    page.keyboard.type("20321")
    expect(field).to_have_value("2022-03-21")
    page.keyboard.press("Tab")
    expect(page.locator("#f-registration-received_on > .save-mark")).to_have_text("已保存")
    expect(page.locator("#save-state")).to_have_text("已保存")
    assert json.loads((folder / "case.json").read_text(encoding="utf-8"))["registration"]["received_on"] == "2022-03-21"


@pytest.mark.parametrize(
    ("pasted", "day"), [("20210919", "2021-09-19"), ("2021.9.19", "2021-09-19"), ("２０２１年９月１９日", "2021-09-19")]
)
def test_a_pasted_date_is_understood_in_any_usual_form(page: Page, folder: Path, pasted: str, day: str) -> None:
    """And saved like one that was typed."""
    open_case(page)
    page.evaluate(
        """(text) => {
          const data = new DataTransfer();
          data.setData("text", text);
          const field = document.getElementById("if-registration-received_on");
          field.focus();
          field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        pasted,
    )
    expect(page.locator("#f-registration-received_on > .save-mark")).to_have_text("已保存")
    assert json.loads((folder / "case.json").read_text(encoding="utf-8"))["registration"]["received_on"] == day


def test_the_focus_stays_on_the_paper_among_others_of_its_name(page: Page, folder: Path) -> None:
    """The second of two papers with one title is turned twice; after it was taken away, no other one is in reach of Enter."""
    tree = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    evidence = [one for one in tree["materials"] if one["items"] == ["evidence"]]
    for one in evidence:
        one["title"] = "证据"
    (folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")
    open_case(page)
    page.get_by_role("navigation", name="本案各页").get_by_role("link", name="材料").click()
    turn = page.get_by_role("button", name="右转：证据", exact=True).nth(1)
    expect(turn).to_be_visible()
    page.wait_for_load_state()
    wanted = turn.get_attribute("id")
    turn.focus()
    for _ in range(2):
        with page.expect_response("**/turn/turn-right"):
            page.keyboard.press("Enter")
        wait_for_htmx(page)
        expect(page.locator(f'[id="{wanted}"]')).to_be_focused()
    count = page.locator(".card").count()
    page.locator(f'[id="{str(wanted).replace("right-", "take-")}"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator(".card")).to_have_count(count - 1)
    assert page.evaluate("document.activeElement.closest('.card')") is None


def test_the_search_waits_for_the_input_method(page: Page) -> None:
    """No letters of a syllable that is being composed are searched for."""
    asked: list[str] = []
    # Without a word the list may be asked for at any time, when a case changes.
    page.on("request", lambda request: asked.append(request.url) if re.search(r"/\?q=[^&]", request.url) else None)
    session = page.context.new_cdp_session(page)
    with stopped_clock(page):
        page.locator("#q").focus()
        session.send("Input.imeSetComposition", {"text": "jia", "selectionStart": 3, "selectionEnd": 3})
        page.clock.run_for(5000)
    assert asked == []
    with page.expect_response(lambda answer: f"?q={quote('甲')}&" in answer.url):
        session.send("Input.insertText", {"text": "甲"})
    expect(page.locator("#list")).to_contain_text("共 1 件")
    # It may be asked for again, and with empty filters, always by the whole word.
    assert {url.partition("?q=")[2].partition("&")[0] for url in asked} == {quote("甲")}


def test_a_new_case_is_proposed_the_next_number_and_today(page: Page) -> None:
    """Nothing has to be typed of what is known."""
    page.get_by_role("button", name="新建案件").click()
    dialog = page.get_by_role("dialog", name="新建案件")
    today = str(page.locator("body").get_attribute("data-today"))
    expect(dialog.get_by_label("收到日期")).to_have_value(today)
    expect(dialog.get_by_label("登记号")).to_have_value(f"钢信执{today[:4]}-0001")
    assert accessibility_faults(page) == []


@pytest.mark.parametrize(
    ("numbers", "wanted"),
    [
        (["钢信执2021-0042", "钢信执2021-0007", "钢信执2020-0100"], "钢信执2021-0043"),
        (["钢信执2020-0100"], "钢信执2021-0001"),
        (["（2021）信字第9号"], "（2021）信字第10号"),
        (["A-1"], ""),
        ([], ""),
    ],
)
def test_the_next_number_follows_the_highest_one_of_the_year(numbers: list[str], wanted: str) -> None:
    """In the form that the numbers have; a new year begins with one."""
    assert next_registration_number(numbers, 2021) == wanted


def test_pages_are_compressed_and_static_files_are_kept(tmp_path: Path) -> None:
    """The address of a static file changes with its content."""
    with clerk(tmp_path, "incomplete") as one:
        page = one.get()
        assert page.headers["content-encoding"] == "gzip"
        assert page.headers["cache-control"] == "no-store"
        address = page.text.partition('<link rel="stylesheet" href="')[2].partition('"')[0]
        assert "immutable" in one._client.get(address).headers["cache-control"]
        assert one._client.get(address.partition("?")[0]).headers["cache-control"] == "no-cache"
        icon = page.text.partition('<link rel="icon" href="')[2].partition('"')[0]
        assert one._client.get(icon).status_code == 200


def test_a_part_says_that_it_is_not_filled_in_only_while_it_is_not(page: Page) -> None:
    """Without a reload."""
    open_case(page)
    empty = page.locator("#ef-relief")
    expect(empty).to_have_text("（没有填）")
    page.locator("#f-relief > summary").click()
    page.locator("#if-relief-amount").fill("12600")
    page.keyboard.press("Tab")
    expect(empty).to_have_text("")


def test_help_and_keys_on_every_page(page: Page) -> None:
    """A question mark opens the help of the page, a digit another page of the case; in a field they are text."""
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="这一页怎么用")).to_contain_text("到查找框")
    assert accessibility_faults(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.goto("/".join(page.url.split("/")[:3]))
    open_case(page)
    page.locator("#main").focus()
    page.keyboard.press("5")
    expect(page.get_by_role("heading", name="历史")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="这一页怎么用")).to_contain_text("撤销，重做")
