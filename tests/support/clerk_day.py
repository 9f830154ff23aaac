"""The steps of a clerk's day at the desk in a browser: create a case, fill it in, upload its scans, build and verify it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from bundler.regulation.papers import PAPER_KINDS, Item
from tests.support.browser import TIMEOUT_MS, wait_for_htmx
from tests.support.page_drivers import Mouse
from tests.support.paths import SAMPLES

SAMPLE = SAMPLES / "write-off-complete"
TODAY = "2021-12-31"
NUMBER = "钢信执2021-0042"
SCANS = {
    "acceptance_service": ("受理告知书送达回证.jpg", "2021-09-22"),
    "investigation": ("调查笔录.pdf", ""),
    "interview": ("约谈笔录.pdf", "2021-09-22"),
    "evidence": ("送达地址确认书.jpg", ""),
    "reply_opinion": ("信访回访记录.jpg", ""),
    "reply_service": ("答复意见书送达回证.png", "2021-11-12"),
}
"""The scans that are uploaded, each with the day of its signature."""


def copy_sample_without(root: Path, name: str, *lacking: str) -> Path:
    """Copy the sample without its source field and without the materials of some items, whose scans move beside it."""
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
    """The report of ``bundler check --json``."""
    command = [sys.executable, "-m", "bundler", "check", str(folder), "--json", "--today", TODAY]
    return dict(json.loads(subprocess.run(command, check=False, capture_output=True).stdout))


def missing_items(folder: Path) -> set[str]:
    """The items that the case lacks."""
    return {line["item"] for line in checked(folder)["checklist"] if line["status"] == "missing"}


def section_link(page: Page, name: str) -> Locator:
    """The link to another section of the case."""
    return page.get_by_role("navigation", name="本案各页").get_by_role("link", name=name)


def source_field(page: Page) -> Locator:
    """The source field, which the copied sample lacks."""
    return page.get_by_label(re.compile("^案件来源"))


def create_case(page: Page, driver: Mouse, root: Path) -> Path:
    """Create the case of a petition, and open its page."""
    driver.press(page.get_by_role("button", name="新建案件"))
    dialog = page.get_by_role("dialog", name="新建案件")
    driver.type_text(dialog.get_by_label("登记号"), NUMBER)
    driver.enter_date(dialog.get_by_label("收到日期"), "2021-09-16")
    driver.type_text(dialog.get_by_label("信访人"), "甲某某")
    driver.select(dialog.get_by_label("信访形式"), "走访")
    driver.press(dialog.get_by_role("button", name="新建"))
    expect(page.locator("#case-head")).to_contain_text(NUMBER)
    page.wait_for_load_state()
    return root / NUMBER


def fill_in_form(page: Page, driver: Mouse) -> None:
    """Fill in the required fields; each is saved when it loses the focus."""

    def within(place: str) -> Locator:
        return page.locator(f'[id="f-{place}"]')

    def field(place: str) -> Locator:
        return page.locator(f'[id="if-{place}"]')

    def save(use: Callable[[Locator, str], None], place: str, value: str) -> None:
        with page.expect_response("**/fields"):
            driver.fill_in(use, field(place), value)
        wait_for_htmx(page)

    def add(button: str, place: str) -> None:
        driver.press(page.get_by_role("button", name=button, exact=True))
        expect(within(place)).to_be_visible()
        wait_for_htmx(page)

    def unfold(place: str) -> None:
        if not within(place).evaluate("one => one.open"):
            driver.press(within(place).locator("summary").first)

    save(driver.type_text, "registration-source", "来访")
    save(driver.type_text, "registration-summary", "信访人反映执行案件没有执行到位，请求继续查找财产。")
    save(driver.type_text, "registration-proposed_opinion", "拟予受理。")
    save(driver.type_text, "petitioners-0-phone", "13800000000")
    save(driver.select, "petitioners-0-role", "当事人")
    add("加一项：执行案件", "enforcement_cases-0")
    save(driver.type_text, "enforcement_cases-0-no", "（2020）鲁0117执9001号")
    unfold("enforcement_cases-0-parties")
    save(driver.type_text, "enforcement_cases-0-parties-applicants", "甲某某")
    save(driver.type_text, "enforcement_cases-0-parties-respondents", "乙某某")
    unfold("people-handler")
    save(driver.type_text, "people-handler-name", "李某某")
    save(driver.select, "decision", "受理")
    unfold("people-leader")
    save(driver.type_text, "people-leader-name", "王某某")
    with page.expect_response("**/fields"):
        driver.check(page.get_by_label(re.compile("^（二）执行人员对具备执行条件的案件")))
    wait_for_htmx(page)
    unfold("acceptance")
    save(driver.enter_date, "acceptance-notice_on", "2021-09-17")
    unfold("approval")
    unfold("approval-leader_consent")
    save(driver.type_text, "approval-leader_consent-by", "王某某")
    save(driver.enter_date, "approval-leader_consent-on", "2021-11-08")
    expect(page.locator("#save-bar")).to_have_attribute("data-state", "saved")


def upload_scans(page: Page, driver: Mouse) -> None:
    """Upload each scan to its slot with the day of its signature, and declare the one that does not exist."""
    driver.press(section_link(page, "材料"))
    expect(page.get_by_label("添加文件：相关证据材料", exact=True)).to_be_attached()
    page.wait_for_load_state()
    for item, (name, day) in SCANS.items():
        label = PAPER_KINDS[Item(item)].name
        driver.set_file(page.get_by_label(f"添加文件：{label}", exact=True), SAMPLE / "materials" / name)
        expect(page.get_by_role("button", name=f"打开预览：{label}", exact=True)).to_be_visible()
        wait_for_htmx(page)  # what was just shown anew hears nothing before it is settled
        if day:
            field = page.get_by_label(re.compile(f"^(签收|签名)日期：{re.escape(label)}$"))
            with page.expect_response("**/day/signed_on"):
                driver.fill_in(driver.enter_date, field, day)
            wait_for_htmx(page)
    driver.press(page.get_by_role("button", name="说明确无此件：相关领导批示"))
    dialog = page.get_by_role("dialog")
    driver.type_text(dialog.get_by_label("原因"), "本案无领导批示")
    driver.type_text(dialog.get_by_label("批准人"), "王某某")
    driver.enter_date(dialog.get_by_label("批准日期"), "2021-11-08")
    driver.press(dialog.get_by_role("button", name="保存"))
    expect(dialog).to_be_hidden()


def upload_stamped_notice(page: Page, driver: Mouse, desk: Path) -> None:
    """Download a notice, and upload it again as the stamped scan."""
    driver.press(section_link(page, "文书"))
    expect(page.get_by_role("link", name="下载执行申诉信访事项受理告知书的 PDF")).to_be_visible()
    page.wait_for_load_state()
    with page.expect_download() as waiting:
        driver.press(page.get_by_role("link", name="下载执行申诉信访事项受理告知书的 PDF"))
    notice = desk / "盖章后扫描.pdf"
    waiting.value.save_as(notice)
    with page.expect_response("**/uploads"):
        driver.set_file(page.get_by_label("放回执行申诉信访事项受理告知书", exact=True), notice)
    expect(page.get_by_role("button", name="打开预览：受理告知", exact=True)).to_be_visible()


def build_bundle(page: Page, driver: Mouse, desk: Path) -> Path:
    """Build the bundle, verify it, and download it."""
    driver.press(section_link(page, "成卷"))
    expect(page.get_by_role("button", name="成卷", exact=True)).to_be_visible()
    page.wait_for_load_state()
    driver.press(page.get_by_role("button", name="成卷", exact=True))
    expect(page.get_by_role("button", name=re.compile("^核对 "))).to_be_visible(timeout=5 * TIMEOUT_MS)
    driver.press(page.get_by_role("button", name=re.compile("^核对 ")))
    expect(page.get_by_text("与成卷时一致。")).to_be_visible(timeout=5 * TIMEOUT_MS)
    with page.expect_download() as waiting:
        driver.press(page.get_by_role("link", name=re.compile("^下载 .*pdf$")))
    bundle = desk / "卷宗.pdf"
    waiting.value.save_as(bundle)
    return bundle
