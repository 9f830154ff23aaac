"""Values that were read are taken into the form one by one, each by a click; nothing is written by itself."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import Browser, expect

from bundler.digest import sha256_of_file
from bundler.scan_reading.case_readings import record_name
from tests.support.browser import accessibility_faults, open_case, page_errors, run_desk
from tests.support.desk_client import clerk, desk, visible_text
from tests.support.invented_readings import turned
from tests.support.paths import copy_sample
from tests.support.scan_readings import read_page, write_record

LETTER = "materials/来信及授权委托书.pdf"
LINES = ["关于执行问题的反映", "（2021）鲁0117执9012号", "反映人：丁某某", "联系电话：13812345678"]


def test_one_value_is_taken_by_a_click_and_the_others_stay(tmp_path: Path) -> None:
    """The history tells it; what is filled in is proposed no more, and cannot be taken again."""
    with clerk(tmp_path, "archive-complete") as user:
        tree = user.tree()
        del tree["petitioners"][0]["name"], tree["petitioners"][0]["phone"]
        (user.folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")
        assert user.get("/proposals").text.strip() == ""
        write_record(user.folder, LETTER, [read_page(1, LINES)])
        text = user.get("/proposals").text
        assert "表单里还空着（2）" in visible_text(text)
        assert user.tree() == tree
        names = re.findall(r'id="proposal-(\w+)"', text)
        assert user.post("/proposals/take", {"proposal": names[1]}).status_code == 200
        tree["petitioners"][0]["phone"] = "13812345678"
        assert user.tree() == tree
        assert "表单里还空着（1）" in visible_text(user.get("/proposals").text)
        refused = user.post("/proposals/take", {"proposal": names[1]})
        assert (refused.status_code, "刚被填过" in refused.text) == (422, True)
        assert "138****5678" in visible_text(user.get("/history").text)


def test_a_value_that_was_dismissed_stays_so_until_something_else_is_read(tmp_path: Path) -> None:
    """For this value on this scan, at every desk over the folder; nothing of it is in case.json, and all can be had back."""
    with clerk(tmp_path, "archive-complete") as user:
        tree = user.tree()
        del tree["petitioners"][0]["phone"]
        (user.folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")
        before = (user.folder / "case.json").read_bytes()
        write_record(user.folder, LETTER, [read_page(1, LINES), read_page(2, LINES)])
        (mark,) = re.findall(r'id="proposal-(\w+)"', user.get("/proposals").text)
        text = user.post("/proposals/dismiss", {"proposal": mark}).text
        assert "proposal-" not in text
        assert "选了“不填”的 1 项不再列出" in visible_text(text)
        assert (user.folder / "case.json").read_bytes() == before
        (kept,) = (user.folder.parent / ".desk" / "dismissed").iterdir()
        assert "1381234" not in kept.read_text(encoding="utf-8")
        assert kept.stat().st_mode & 0o077 == 0
    with desk(user.folder.parent, actor="另一人") as client:
        assert "13812345678" not in client.get(f"{user.base}/proposals").text
        write_record(user.folder, LETTER, [read_page(1, [*LINES[:3], "联系电话：13987654321"])])
        text = client.get(f"{user.base}/proposals").text
        assert "13987654321" in text, "another value"
        assert "proposals/again" not in text
        write_record(user.folder, LETTER, [read_page(1, LINES)])
        write_record(user.folder, "materials/调查笔录.pdf", [read_page(1, LINES)])
        assert "13812345678" in client.get(f"{user.base}/proposals").text, "another scan"
        (user.folder / record_name(sha256_of_file(user.folder / "materials/调查笔录.pdf"))).unlink()
        assert "13812345678" not in client.get(f"{user.base}/proposals").text
        text = client.post(f"{user.base}/proposals/again").text
        assert "13812345678" in text
        assert "proposals/again" not in text
        kept.parent.mkdir(exist_ok=True)
        kept.write_text("{ broken", encoding="utf-8")
        assert "13812345678" in client.get(f"{user.base}/proposals").text, "a broken file counts as none"


def test_in_the_browser_words_and_places_are_shown_and_a_value_is_taken(browser: Browser, tmp_path: Path) -> None:
    """The place lights up on the scan beside the form, exactly where it was read; the viewer shows words and warnings."""
    folder = copy_sample("archive-complete", tmp_path / "cases" / "案")
    tree = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    del tree["petitioners"][0]["phone"]
    (folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")
    page_read = read_page(1, LINES)
    write_record(folder, LETTER, [page_read, turned(read_page(2, LINES), 180)])
    with run_desk(folder.parent) as address:
        page = open_case(browser, address)
        page.get_by_role("button", name="看：信访人联系电话 13812345678").click()
        found = page.locator("#scan-view .page-layer .found")
        expect(found).to_have_count(1)
        line = page_read.lines[3]
        page.wait_for_function(  # where it lies is known once the picture is loaded
            """([left, top]) => {
              const box = document.querySelector("#scan-view .found").getBoundingClientRect();
              const img = document.querySelector("#scan-view .sheet img").getBoundingClientRect();
              const isNear = (at, wanted) => Math.abs(at - wanted) < 0.02;
              return isNear((box.left - img.left) / img.width, left) && isNear((box.top - img.top) / img.height, top);
            }""",
            arg=[line.box[0] / page_read.width, line.box[1] / page_read.height],
        )
        expect(page.locator("#scan-view .sheet img").first).to_be_visible()
        expect(page.locator(".proposals")).to_be_in_viewport()
        expect(found).to_be_in_viewport()
        assert accessibility_faults(page) == []
        page.get_by_role("button", name="不填：信访人联系电话 13812345678").click()
        expect(page.get_by_text("选了“不填”的 1 项不再列出")).to_be_visible()
        page.reload()
        expect(page.get_by_text("选了“不填”的 1 项不再列出")).to_be_visible()
        expect(page.locator(".proposals")).to_have_count(0)
        page.get_by_role("button", name="再列出").click()
        page.get_by_role("button", name="填入：信访人联系电话 13812345678").click()
        expect(page.locator("#if-petitioners-0-phone")).to_have_value("13812345678")
        expect(page.locator(".proposals")).to_have_count(0)
        page.get_by_role("navigation", name="本案各页").get_by_role("link", name="材料").click()
        expect(page.locator("#places")).to_be_visible()
        page.wait_for_load_state()
        page.get_by_role("button", name="打开预览：来信及授权委托书").click()
        page.get_by_role("button", name="识读的文字").click()
        expect(page.locator("#dialog .page-layer text", has_text="反映人：丁某某")).to_be_visible()
        page.get_by_role("button", name="下一页").click()
        expect(page.locator("#dialog .page-layer .warned").first).to_be_visible()
        expect(page.locator("#dialog .page-told")).to_contain_text("上下颠倒")
        page.get_by_role("button", name="放正 1 页").click()
        expect(page.get_by_role("button", name="放正 1 页")).to_have_count(0)
        assert page_errors(page) == []
        page.context.close()
