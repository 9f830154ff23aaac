"""The desk in the oldest Chromium that it supports, and in one that is older; `make old-browsers` fetches both builds."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from bundler import desk as desk_package
from tests.support.browser import run_desk_process
from tests.support.firefox import DEBIAN_11
from tests.support.old_browsers import launch_old_browser, old_chromium
from tests.support.paths import SAMPLES, copy_sample

needs = {
    version: pytest.mark.skipif(not old_chromium(version).exists(), reason="make old-browsers has not been run")
    for version in (85, 86)
}
NUMBER = "钢信执2026-0001"
STATIC = Path(desk_package.__file__).parent / "static"
NEWER_SCRIPT = (
    r"\.(at|findLast|findLastIndex|toSorted|toReversed|toSpliced|with|groupBy|canParse)\(",
    r"\b(structuredClone|hasOwn|fromAsync|withResolvers|startViewTransition|showPopover|requestIdleCallback)\b",
    r"AbortSignal\.(any|timeout)",
    r"\?\?=|\|\|=|&&=",
    r"^\s*static\s*\{",
)
"""What Chromium 86 or Firefox 98 lacks in scripts, and cannot be seen by the syntax alone."""
NEWER_STYLE = (
    r":has\(|:not\([^)]*,|:user-(in)?valid",
    r"@(container|layer|scope|property|starting-style)\b",
    r"\b(color-mix|oklch|light-dark|round|anchor)\(",
    r"\d(dvh|svh|lvh|dvw|cqw|cqi)\b",
    r"(?<![-\w])(accent-color|aspect-ratio|inset|text-wrap|scrollbar-gutter|container-type|content-visibility)\s*:",
)
"""The same in style sheets, but for what degrades well."""


@pytest.mark.parametrize(
    ("kind", "newer"), [("js", NEWER_SCRIPT), ("css", NEWER_STYLE)], ids=["scripts", "style sheets"]
)
def test_nothing_newer_than_the_oldest_browsers_is_used(kind: str, newer: tuple[str, ...]) -> None:
    """The desk's own scripts and style sheets; the oldest Firefox that can be had to try is 115."""
    files = [one for one in STATIC.glob(f"*.{kind}") if ".min." not in one.name]
    assert len(files) > 3
    found = [
        (one.name, match[0])
        for one in files
        for pattern in newer
        for match in re.finditer(pattern, one.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert found == []


@pytest.mark.skipif(not (DEBIAN_11 / "js78").exists(), reason="make old-browsers has not been run")
def test_the_engine_of_firefox_78_compiles_every_script() -> None:
    """It is older than any browser that the desk supports, so that nothing in them is too new to be parsed."""
    for script in sorted(STATIC.glob("*.js")):
        done = subprocess.run([DEBIAN_11 / "js78", "-c", script], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), script.name


@needs[86]
def test_a_clerk_works_in_chromium_86(tmp_path: Path) -> None:
    """New case, saving, undo, an upload, a preview, the help, and the search: without an error of a script."""
    root = copy_sample("archive-complete", tmp_path / "cases" / "甲").parent
    with run_desk_process(root) as address, launch_old_browser(86, tmp_path / "profile") as desk:
        desk.page.goto(address)
        desk.click('[data-opens="new-case"]')
        desk.wait_for("document.activeElement.id === 'new-petitioner'")
        desk.page.keyboard.type("乙某")
        desk.page.evaluate("(number) => { document.getElementById('new-no').value = number; }", NUMBER)
        desk.click("#new-case .primary")
        desk.wait_for_text("#case-head", "登记：还要填")
        desk.wait_for("document.activeElement.id === 'if-registration-channel'")
        desk.type_into("#if-registration-source", "来访")
        desk.page.keyboard.press("Tab")
        desk.wait_for_text("#f-registration-source > .save-mark", "已保存")
        case_file = root / NUMBER / "case.json"
        assert json.loads(case_file.read_text(encoding="utf-8"))["registration"]["source"] == "来访"
        desk.click("#undo")
        desk.wait_for("document.getElementById('if-registration-source').value === ''")
        desk.click('.tabs a[href$="/materials"]')
        desk.wait_for("document.querySelector('#place-interview form.upload')")
        scan = SAMPLES / "archive-complete" / "materials" / "约谈笔录.pdf"
        desk.choose_file('#place-interview form.upload input[type="file"]', scan)
        desk.click("#place-interview .card .thumb")
        desk.wait_for("[...document.querySelectorAll('#dialog img')].some((one) => one.naturalWidth > 300)")
        desk.page.keyboard.press("Escape")
        desk.wait_for("!document.querySelector('dialog[open]')")
        desk.page.keyboard.press("?")
        desk.wait_for_text("#help[open]", "这一页怎么用")
        desk.page.keyboard.press("Escape")
        desk.click(".top .home")
        desk.type_into("#q", "ymou")
        desk.wait_for_text("mark", "乙某")
        assert desk.errors == []


@needs[86]
def test_a_clerk_sorts_scans_in_chromium_86(tmp_path: Path) -> None:
    """Sent, seen, given a place by a key, undone; pages put into another order in the strip; a scan beside the form."""
    root = copy_sample("archive-complete", tmp_path / "cases" / "甲").parent
    with run_desk_process(root) as address, launch_old_browser(86, tmp_path / "profile") as desk:
        desk.page.set_viewport_size({"width": 1366, "height": 768})
        desk.page.goto(address)
        desk.click('main a[href^="/cases/"]')
        desk.click('.tabs a[href$="/materials"]')
        desk.wait_for("document.querySelector('#page-drop input[multiple]')")
        scan = SAMPLES / "write-off-complete" / "materials" / "交办通知和转交单.pdf"
        desk.choose_file("#page-drop input[multiple]", scan)
        desk.wait_for("(document.querySelector('.tile img') || {}).naturalWidth > 0")
        desk.click(".tile img")
        desk.wait_for("document.getElementById('preview-image').naturalWidth > 0")
        desk.page.keyboard.press("e")
        desk.wait_for("!document.querySelector('.tile')")
        tree = json.loads((root / "甲" / "case.json").read_text(encoding="utf-8"))
        assert tree["materials"][-1]["items"] == ["transfer_proof"]
        desk.page.keyboard.press("Control+z")
        desk.wait_for("document.querySelector('.tile')")
        desk.click('[data-sort="open"]')
        desk.click('#dialog .strip-page[data-index="1"]')
        desk.page.keyboard.press("Alt+ArrowDown")
        desk.wait_for_text("#undo", "整理页")
        desk.page.keyboard.press("Escape")
        desk.click(".tabs a")
        desk.wait_for_text("#save-state", "已保存")
        desk.click("#scan-toggle")
        desk.wait_for("[...document.querySelectorAll('#scan-view img')].some((one) => one.naturalWidth > 300)")
        assert desk.errors == []


@needs[85]
def test_an_older_browser_is_told_so(tmp_path: Path) -> None:
    """In Chinese, with what to use instead, and before anything can be typed."""
    (tmp_path / "cases").mkdir()
    with run_desk_process(tmp_path / "cases") as address, launch_old_browser(85, tmp_path / "profile") as desk:
        desk.page.goto(address)
        desk.wait_for_text("h1", "这个浏览器太旧，打不开案件工作台")
        desk.wait_for_text("li", "86 版或者更新")
