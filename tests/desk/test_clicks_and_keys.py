"""What one accepted case costs a clerk, from the new case to the verified bundle: at most 55 clicks and 400 keys."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from bundler.commands import run
from bundler.regulation.papers import PAPER_KINDS, Item
from tests.support.browser import launch_browser, open_page, page_errors, wait_for_htmx
from tests.support.counting_clerk import CountingClerk, desk_on
from tests.support.paths import ROOT, SAMPLES

MAX_CLICKS, MAX_KEYS = 55, 400
SCANS = SAMPLES / "write-off-complete" / "materials"
NUMBER = "钢信执2021-0043"
_LONG = 180_000
"""Milliseconds in which a bundle is built, or built again to verify it, on a busy machine."""
STAFF = """
[[staff]]
name = "李某某"
title = "执行员"
phone = "0531-00000002"
usually = ["handler", "contact"]
[[staff]]
name = "王某某"
title = "副院长"
post = "vice_president"
usually = ["leader"]
[[staff]]
name = "周某某"
title = "书记员"
usually = ["clerk", "registrar", "first_contact", "receiver"]
"""


def test_one_accepted_case_costs_no_more(tmp_path: Path) -> None:
    """With a staff list and a number that follows the case before; the counts of each step are those of docs/desk.md."""
    root = tmp_path / "案件"
    before = root / "前案"
    (root / ".desk").mkdir(parents=True)
    before.mkdir()
    (root / ".desk" / "staff.toml").write_text(STAFF, encoding="utf-8")
    (before / "case.json").write_text('{"registration": {"no": "钢信执2021-0042"}}', encoding="utf-8")
    days = [date(2021, 9, 16)]
    with launch_browser() as browser, desk_on(root, tmp_path / "批处理", lambda: days[-1]) as address:
        page = open_page(browser, address)
        clerk = CountingClerk(page)
        expect(page.locator('a[id^="case-"]')).to_have_count(1)
        page.reload()
        register(clerk)
        days.append(date(2021, 9, 17))
        come_back(clerk)
        accept(clerk)
        put_back_notice(clerk, tmp_path)
        days.append(date(2021, 9, 22))
        page.reload()
        add_scans(clerk)
        replace_scan(clerk)
        split_scan(clerk)
        days.append(date(2021, 11, 8))
        reply(clerk)
        days.append(date(2021, 11, 12))
        serve_reply(clerk)
        bind(clerk)
        assert page_errors(page) == []
    assert run(["check", str(root / NUMBER), "--today", "2021-11-12"]) == 0
    assert (
        json.loads((root / NUMBER / "case.json").read_text(encoding="utf-8"))["people"]["leader"]["title"] == "副院长"
    )
    counts = [*((one.step, one.clicks, one.keys) for one in clerk.counts), ("合计", clerk.clicks, clerk.keys)]
    assert counts == documented_counts()
    assert clerk.clicks <= MAX_CLICKS
    assert clerk.keys <= MAX_KEYS


def documented_counts() -> list[tuple[str, int, int]]:
    """The rows of the table in docs/desk.md."""
    text = (ROOT / "docs" / "desk.md").read_text(encoding="utf-8").partition("| 做什么 |")[2]
    rows = re.findall(r"^\| ([^|]+) \| (\d+) \| (\d+) \|$", text, re.MULTILINE)
    return [(step, int(clicks), int(keys)) for step, clicks, keys in rows]


def tab(page: Page, name: str) -> Locator:
    """The link to a page of the case."""
    return page.get_by_role("navigation", name="本案各页").get_by_role("link", name=name)


def come_back(clerk: CountingClerk) -> None:
    """Open the case from the list, on another day."""
    clerk.begin("第二天打开案件")
    clerk.click(clerk.page.locator(".top .home"))
    clerk.click(clerk.page.get_by_role("link", name=NUMBER))
    clerk.wait_for_focus("decision")


def register(clerk: CountingClerk) -> None:
    """Create the case, and fill in its registration: only what is red, from one red field to the next."""
    page = clerk.page
    clerk.begin("新建案件")
    clerk.click(page.get_by_role("button", name="新建案件"))
    expect(page.get_by_label("登记号", exact=True)).to_have_value(NUMBER)
    clerk.type_text("甲某某")
    clerk.press("Tab", "ArrowDown", "Tab", "Tab", "Enter")
    clerk.wait_for_focus("registration-source")
    clerk.begin("登记")
    clerk.type_text("来访")
    clerk.press("F8")
    clerk.type_text("反映拍卖款发放过慢，请求尽快发放。")
    clerk.press("F8")
    clerk.type_text("拟予受理。")
    clerk.press("F8")
    clerk.wait_for_focus("petitioners-0-phone")
    clerk.begin("信访人")
    clerk.type_text("13800000000")
    clerk.press("F8")
    clerk.wait_for_focus("petitioners-0-role")
    clerk.press("ArrowDown")
    clerk.click("petitioners-0-id_number")
    clerk.type_text("370117198001010028")
    clerk.click("petitioners-0-address")
    clerk.type_text("济南市钢城区样某街1号")
    clerk.wait_until_saved()
    expect(page.locator("#if-petitioners-0-birth_date")).to_have_value("1980-01-01")
    clerk.begin("执行案件")
    clerk.press("F8", "Enter")
    clerk.wait_for_focus("enforcement_cases-0-no")
    clerk.type_text("（2020）鲁0117执9001号")
    clerk.press("Tab", "Tab")
    clerk.type_text("民间借贷纠纷")
    clerk.wait_until_saved()
    clerk.press("F8")
    clerk.wait_for_focus("enforcement_cases-0-parties-applicants")
    clerk.type_text("甲某某")
    clerk.press("Tab")
    clerk.type_text("济南样某建材有限公司")
    clerk.press("F8")
    clerk.wait_until_saved()


def accept(clerk: CountingClerk) -> None:
    """Decide, hand over, and enter the claim."""
    page = clerk.page
    clerk.begin("受理、转交")
    clerk.press("ArrowDown")
    clerk.press("F8")
    expect(page.locator("#if-grounds-1")).to_be_focused()
    clerk.press("Tab", "Space")
    clerk.wait_until_saved()
    clerk.press("F8")
    clerk.wait_for_focus("acceptance-notice_on")
    clerk.press("t")
    clerk.click("transfer-transferred_on")
    clerk.press("t")
    clerk.click("transfer-received_on")
    clerk.press("t")
    clerk.wait_until_saved()
    clerk.begin("反映与请求")
    clerk.click(page.get_by_role("button", name="加一项：反映与请求"))
    clerk.wait_for_focus("claims-0-by")
    clerk.press("Tab")
    clerk.type_text("拍卖款发放")
    clerk.press("Tab")
    clerk.type_text("本院发放拍卖款过慢")
    clerk.press("Tab")
    clerk.type_text("尽快发放拍卖款")
    clerk.press("Tab")
    clerk.wait_until_saved()


def put_back_notice(clerk: CountingClerk, folder: Path) -> None:
    """Print the notice, and put the stamped scan back."""
    page = clerk.page
    clerk.begin("受理告知书：打印、放回")
    clerk.click(tab(page, "文书"))
    with page.expect_download() as waiting:
        clerk.click(page.get_by_role("link", name="下载执行申诉信访事项受理告知书的 PDF"))
    scan = folder / "盖章后扫描.pdf"
    waiting.value.save_as(scan)
    clerk.choose_files(page.get_by_label("放回执行申诉信访事项受理告知书", exact=True), [scan])
    expect(page.get_by_role("button", name="打开预览：受理告知", exact=True)).to_be_visible()


def add_scan(clerk: CountingClerk, item: Item, name: str, *, is_signed: bool = False) -> None:
    """Add a scan to its place, signed today."""
    page, label = clerk.page, PAPER_KINDS[item].name
    clerk.choose_files(page.get_by_label(f"添加文件：{label}", exact=True), [SCANS / name])
    expect(page.get_by_role("button", name=f"打开预览：{label}", exact=True)).to_be_visible()
    if is_signed:
        clerk.click(page.locator(f"#place-{item.value}").get_by_label("签").first)
        with page.expect_response("**/day/signed_on"):
            clerk.press("t")
        clerk.wait_until_saved()


def add_scans(clerk: CountingClerk) -> None:
    """Five scans, of which two are signed on this day."""
    clerk.begin("扫描件五份")
    add_scan(clerk, Item.LEADER_INSTRUCTION, "领导批示.jpg")
    add_scan(clerk, Item.ACCEPTANCE_SERVICE, "受理告知书送达回证.jpg", is_signed=True)
    add_scan(clerk, Item.INVESTIGATION, "调查笔录.pdf")
    add_scan(clerk, Item.INTERVIEW, "约谈笔录.pdf", is_signed=True)
    add_scan(clerk, Item.EVIDENCE, "送达地址确认书.jpg")


def replace_scan(clerk: CountingClerk) -> None:
    """A better scan in the place of one that is there."""
    clerk.begin("换一份扫描件")
    card = clerk.page.locator("#place-leader_instruction .card")
    with clerk.page.expect_response("**/replace"):
        clerk.choose_files(card.locator(".replace input[type=file]"), [SCANS / "信访回访记录.jpg"])
    clerk.wait_until_saved()


def split_scan(clerk: CountingClerk) -> None:
    """Two papers in one scan: put it where the first belongs, split it at the second page, and move that to its place."""
    page = clerk.page
    clerk.begin("两件合在一起的扫描件：拆开")
    add_scan(clerk, Item.SUPERIOR_NOTICE, "交办通知和转交单.pdf")
    clerk.click(page.get_by_role("button", name="打开预览：交办、督办通知"))
    clerk.click(page.locator('#dialog .strip-page[data-index="2"]'))
    with page.expect_response("**/pages/split"):
        clerk.click(page.get_by_role("button", name="从这页拆开"))
    wait_for_htmx(page)
    expect(page.locator("#dialog .strip-page")).to_have_count(1)
    clerk.press("Escape")
    expect(page.locator("#dialog")).to_be_hidden()
    cards = page.locator("#place-superior_notice .card")
    expect(cards).to_have_count(2)
    clerk.click(cards.last.get_by_role("button", name="名称等"))
    page.wait_for_selector("#dialog[open] form.details")
    for label in ("转交、移送凭证", "交办、督办通知"):
        clerk.click(page.get_by_role("dialog").get_by_role("checkbox", name=label))
    clerk.click(page.get_by_role("dialog").get_by_role("button", name="保存"))
    expect(page.locator("#place-transfer_proof .card")).to_have_count(1)
    clerk.wait_until_saved()


def reply(clerk: CountingClerk) -> None:
    """The interview, the answer to the claim, the leader's consent, and the reply."""
    page = clerk.page
    clerk.begin("约谈、答复、审批")
    clerk.click(tab(page, "表单"))
    clerk.wait_for_focus("claims-0-outcome")
    clerk.press("ArrowDown", "ArrowDown")
    clerk.click("claims-0-facts")
    clerk.type_text("拍卖款于10月8日到账，10月20日发放")
    clerk.press("Tab", "Tab")
    clerk.type_text("款项已经依法分配并发放")
    clerk.wait_until_saved()
    clerk.click("interview-held_on")
    clerk.press("t")
    clerk.click("reply-replied_on")
    clerk.press("t")
    clerk.click(page.locator("#f-approval-leader_consent > summary"))
    clerk.press("Tab")
    clerk.type_text("王某某")
    clerk.press("Tab", "t")
    clerk.wait_until_saved()


def serve_reply(clerk: CountingClerk) -> None:
    """The receipt of the reply."""
    clerk.begin("答复送达")
    clerk.click(tab(clerk.page, "材料"))
    add_scan(clerk, Item.REPLY_SERVICE, "答复意见书送达回证.png", is_signed=True)


def bind(clerk: CountingClerk) -> None:
    """Build the bundle and verify it."""
    page = clerk.page
    clerk.begin("成卷、核对")
    clerk.click(tab(page, "成卷"))
    clerk.click(page.get_by_role("button", name="成卷", exact=True))
    verify: Callable[[], Locator] = lambda: page.get_by_role("button", name="核对")  # noqa: E731
    expect(verify()).to_be_visible(timeout=_LONG)
    clerk.click(verify())
    expect(page.get_by_text("与成卷时一致。")).to_be_visible(timeout=_LONG)
