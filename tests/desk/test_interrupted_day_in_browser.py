"""A clerk's whole day in eight tabs with the network cut at twelve moments: nothing is lost, and every tab shows it in the end."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.support.browser import open_page, page_errors, run_desk_process
from tests.support.clerk_day import (
    SCANS,
    build_bundle,
    checked,
    create_case,
    fill_in_form,
    missing_items,
    section_link,
    upload_scans,
    upload_stamped_notice,
)
from tests.support.page_drivers import InterruptedMouse

OTHER_TABS = ("表单", "材料", "文书", "成卷", "历史", "表单")
"""The section of the case that each further tab shows; the eighth tab shows the list of cases."""
CUTS = 12


def test_a_day_in_eight_tabs_loses_nothing_when_the_network_is_cut(browser: Browser, tmp_path: Path) -> None:
    """What the page calls saved is in the file; what it calls unsaved or not done is done when the network is back."""
    (tmp_path / "cases").mkdir()
    with run_desk_process(tmp_path / "cases") as address:
        page = open_page(browser, address)
        driver = InterruptedMouse(page)
        folder = create_case(page, driver, tmp_path / "cases")
        tabs = [page.context.new_page() for _ in range(7)]
        home = page.url.partition("/cases/")[0]
        tabs[0].goto(home)
        for tab, name in zip(tabs[1:], OTHER_TABS, strict=True):
            tab.goto(f"{home}{section_link(page, name).get_attribute('href')}")
        fill_in_form(page, driver)
        assert missing_items(folder) == {*SCANS, "leader_instruction"}
        upload_scans(page, driver)
        expect(page.locator("#case-head")).to_contain_text("材料齐全，可以成卷")
        upload_stamped_notice(page, driver, tmp_path)
        bundle = build_bundle(page, driver, tmp_path)
        assert len(driver.cuts) == CUTS, driver.cuts
        for tab in tabs[1:]:
            expect(tab.locator("#case-head")).to_contain_text("材料齐全，可以成卷")
        expect(tabs[1].locator("#if-registration-source")).to_have_value("来访")
        expect(tabs[6].locator("#if-people-leader-name")).to_have_value("王某某")
        expect(tabs[0].locator("main")).to_contain_text("李某某")
        assert page_errors(page) == []
    report = checked(folder)
    assert report["complete"]
    scans = [one["files"] for one in report["checklist"] if one["item"] in SCANS]
    assert [len(files) for files in scans] == [1] * len(SCANS)
    tree = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    assert len(tree["enforcement_cases"]) == 1
    assert re.fullmatch("来访", tree["registration"]["source"])
    command = [sys.executable, "-m", "bundler", "verify", str(bundle), "--case", str(folder)]
    assert subprocess.run(command, check=False).returncode == 0
