"""Sorting scans and working on their pages in a real browser, by mouse and by keys; the focus stays on the paper it was on."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from openpyxl import Workbook
from playwright.sync_api import Locator, Page, expect

from tests.support.browser import (
    accessibility_faults,
    held_request,
    hold,
    stopped_clock,
    wait_for_htmx,
)
from tests.support.paths import SAMPLES

pytestmark = pytest.mark.desk_case("incomplete", "/materials")

SCANS = SAMPLES / "write-off-complete" / "materials"
NAMES = ("交办通知和转交单.pdf", "执行申诉材料.pdf", "送达地址确认书.jpg", "息诉罢访承诺书.jpg")


def materials(folder: Path) -> list[dict[str, Any]]:
    """The materials of case.json."""
    return list(json.loads((folder / "case.json").read_text(encoding="utf-8"))["materials"])


def tile(page: Page, name: str) -> Locator:
    """The picture of a waiting scan."""
    return page.locator(f'.tile[data-name="{name}"]')


def focused(page: Page) -> str:
    """The id of the focused element."""
    return str(page.evaluate("document.activeElement.id"))


def test_scans_are_sent_sorted_and_brought_back(page: Page, folder: Path) -> None:
    """Sent from the page of materials; dragged two at once; given a place by a key; undone by a key; discarded after a question."""
    count = len(materials(folder))
    Workbook().save(folder.parent / "账.xlsx")
    page.locator("#page-drop input[multiple]").set_input_files(
        [*(SCANS / name for name in NAMES), folder.parent / "账.xlsx"]
    )
    expect(page.locator("#queue-told")).to_contain_text("收下 4 份，1 份没有收下")
    expect(page.locator("#queue-failed")).to_contain_text("是 Excel 表格")
    expect(page.locator(".tile")).to_have_count(4)
    expect(page.get_by_text("正在辨认")).to_have_count(0)
    assert page.url.endswith("/sorting")
    tile(page, NAMES[0]).click()
    expect(page.locator("#preview-image")).to_have_attribute("alt", f"{NAMES[0]}，第 1 页")
    tile(page, NAMES[1]).locator(".tick").click()
    expect(page.locator("#sort-chosen")).to_have_text("选了 2 份")
    tile(page, NAMES[1]).drag_to(page.locator("#sort-place-other"))
    expect(page.locator(".tile")).to_have_count(2)
    assert [one["items"] for one in materials(folder)[count:]] == [["other"], ["other"]]

    tile(page, NAMES[2]).focus()
    wanted = focused(page)
    with page.expect_response("**/turn-right"):
        page.keyboard.press("]")
    wait_for_htmx(page)
    assert focused(page) == wanted
    page.keyboard.press("7")
    expect(page.locator(".tile")).to_have_count(1)
    assert materials(folder)[-1] == {"items": ["evidence"], "file": f"materials/{NAMES[2]}"}
    expect(tile(page, NAMES[3])).to_be_focused()
    page.keyboard.press("Control+z")
    expect(page.locator(".tile")).to_have_count(2)
    assert len(materials(folder)) == count + 2

    page.once("dialog", lambda asked: asked.dismiss())
    tile(page, NAMES[3]).focus()
    page.keyboard.press("Delete")
    expect(tile(page, NAMES[3])).to_be_visible()
    page.once("dialog", lambda asked: asked.accept())
    page.keyboard.press("Delete")
    expect(tile(page, NAMES[3])).to_have_count(0)
    page.get_by_role("button", name="放", exact=True).click()
    expect(page.locator("#sort-failed")).to_contain_text("没有选放在哪一项")
    assert accessibility_faults(page) == []


def test_keys_that_come_faster_than_answers_are_all_obeyed(page: Page, folder: Path) -> None:
    """Three scans are placed by three keys, one right after the other."""
    for name in NAMES[:3]:
        shutil.copy(SCANS / name, folder / "materials" / name)
    page.goto(page.url.replace("/materials", "/sorting"))
    expect(page.locator(".tile")).to_have_count(3)
    expect(page.get_by_text("正在辨认")).to_have_count(0)
    before = len(materials(folder))
    page.locator(".tile").first.focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("]")
    page.keyboard.press("[")
    page.keyboard.press("7")
    expect(page.locator(".tile")).to_have_count(0)
    assert [one["items"] for one in materials(folder)[before:]] == [["evidence"]] * 3
    history = (folder / ".bundler-history.jsonl").read_text(encoding="utf-8")
    assert history.count('"action":"turn"') + history.count('"action": "turn"') == 6


def test_pages_are_reordered_by_keys_and_by_dragging_and_split(page: Page, folder: Path) -> None:
    """The order is saved when she pauses; the viewer shows it anew, and the focus is on the page that was moved.

    A page that is moved while an order is being saved, is moved in the new order.
    """
    page.locator("#place-evidence form.upload input[type=file]").set_input_files(SCANS / NAMES[0])
    expect(page.locator("#place-evidence .card")).to_have_count(2)
    page.locator("#place-evidence .card").last.get_by_role("button", name="打开预览").click()
    strip = page.locator("#dialog .strip-page")
    expect(strip).to_have_count(3)
    with pikepdf.open(SCANS / NAMES[0]) as pdf:
        before = [next(iter(one.get_images().values())).read_raw_bytes() for one in pdf.pages]

    def images() -> list[int]:
        with pikepdf.open(folder / materials(folder)[-1]["file"]) as pdf:
            return [before.index(next(iter(one.get_images().values())).read_raw_bytes()) for one in pdf.pages]

    held = hold(page, "**/pages/order")
    strip.first.focus()
    page.keyboard.press("Alt+ArrowDown")
    first = held_request(page, held)
    page.keyboard.press("Alt+ArrowDown")
    with page.expect_response(lambda one: one.url.endswith("/pages/order") and one.request != first.request):
        first.continue_()
        page.unroute("**/pages/order")
    wait_for_htmx(page)
    assert images() == [1, 2, 0]
    expect(page.locator('#dialog .strip-page[data-index="3"]')).to_be_focused()
    with page.expect_response("**/pages/order"):
        strip.last.drag_to(strip.first, target_position={"x": 10, "y": 2})
    wait_for_htmx(page)
    assert images() == [0, 1, 2]
    page.get_by_role("textbox", name="到第几页").fill("２")
    page.keyboard.press("Enter")
    expect(page.locator("#dialog .chosen-pages")).to_have_value("2")
    page.get_by_role("button", name="从这页拆开").click()
    expect(page.locator("#place-evidence .card")).to_have_count(3)
    assert [one.get("pages") for one in materials(folder)[-2:]] == ["1", "2-3"]
    page.get_by_role("textbox", name="选的页").fill("9")
    page.get_by_role("button", name="取出").click()
    expect(page.locator("#dialog .work-failed")).to_contain_text("没有第 9 页，一共 1 页")
    assert accessibility_faults(page) == []


def test_a_placed_paper_is_dragged_to_another_place(page: Page, folder: Path) -> None:
    """The focus stays on the paper, and undo brings it back to where it was."""
    before = materials(folder)[0]["items"]
    paper = page.locator("#place-interview .card .thumb").first
    paper.focus()
    paper.drag_to(page.locator("#place-evidence > header"))
    expect(page.locator("#place-interview .card")).to_have_count(0)
    wait_for_htmx(page)
    assert materials(folder)[0]["items"] == ["evidence"]
    expect(page.locator('.card[aria-label="约谈（谈话）笔录"] :focus')).to_have_count(1)
    page.keyboard.press("Control+z")
    expect(page.locator("#place-interview .card")).to_have_count(1)
    assert materials(folder)[0]["items"] == before


def test_a_scan_is_seen_beside_the_form_as_wide_as_wanted(page: Page) -> None:
    """The width is changed by keys and by dragging, and kept over a reload; on a narrow screen the form is alone."""
    page.get_by_role("navigation", name="本案各页").get_by_role("link", name="表单").click()
    page.get_by_role("button", name="旁边看扫描件").click()
    side, splitter = page.locator("#scan-side"), page.get_by_role("separator", name="扫描件的宽度")
    expect(side.locator(".sheet img:not([hidden])")).to_be_visible()
    before = side.bounding_box()
    splitter.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    wider, handle = side.bounding_box(), splitter.bounding_box()
    assert before
    assert wider
    assert handle
    assert wider["width"] > before["width"]
    page.mouse.move(handle["x"] + 2, 400)
    page.mouse.down()
    page.mouse.move(handle["x"] + 202, 400)
    page.mouse.up()
    narrower = side.bounding_box()
    assert narrower
    assert narrower["width"] < before["width"]
    side.get_by_label("看", exact=True).select_option(index=2)
    expect(side.locator(".sheet img:not([hidden])")).to_be_visible()
    assert accessibility_faults(page) == []
    page.reload()
    expect(side).to_be_visible()
    again = side.bounding_box()
    assert again
    assert abs(again["width"] - narrower["width"]) <= 1
    page.set_viewport_size({"width": 900, "height": 700})
    expect(side).to_be_hidden()
    expect(page.locator("#if-registration-source")).to_be_visible()


def test_scans_chosen_while_the_network_is_cut_are_sent_when_it_is_back(page: Page, folder: Path) -> None:
    """From the page of materials and from that of waiting scans: they stay in the page, one line says so, and none is chosen again."""
    page.context.set_offline(True)
    page.locator("#page-drop input[multiple]").set_input_files([SCANS / name for name in NAMES[:2]])
    unsent = page.locator("#queue-unsent")
    expect(unsent).to_contain_text("2 份还没有传上")
    assert accessibility_faults(page) == []
    page.context.set_offline(False)
    expect(page.locator("#queue-told")).to_contain_text("收完了：2 份")
    expect(unsent).to_be_hidden()
    with stopped_clock(page):  # nothing is sent again by itself
        page.route("**/uploads", lambda route: route.abort())
        page.locator("#page-drop input[multiple]").set_input_files([SCANS / name for name in NAMES[2:]])
        expect(unsent).to_contain_text("2 份还没有传上")
        page.unroute("**/uploads")
        unsent.get_by_role("button", name="现在再传").click()
        expect(page.locator("#queue-told")).to_contain_text("收完了：2 份")
    expect(unsent).to_be_hidden()
    for name in NAMES:
        expect(tile(page, name).first).to_be_visible()
        assert (folder / "materials" / name).exists()
