"""The core of a clerk's day in Firefox: Debian's present one, and the oldest one to be had, which is newer than 98."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.browser import run_desk_process
from tests.support.firefox import PROGRAMS, launch_firefox
from tests.support.paths import SAMPLES, copy_sample

NUMBER = "钢信执2026-0001"


@pytest.mark.parametrize("release", PROGRAMS)
def test_a_clerk_works_in_firefox(release: str, tmp_path: Path) -> None:
    """A new case; a field saved, undone, and a date typed; a scan given its place and previewed; a bundle built and verified."""
    program = PROGRAMS[release]
    if program is None:
        pytest.skip("make old-browsers has not been run")
    root = tmp_path / "cases"
    folder = copy_sample("archive-complete", root / "甲")
    with run_desk_process(root) as address, launch_firefox(program, tmp_path / "profile") as desk:
        assert desk.version.startswith(f"{release}.") or release == "present"
        desk.open(address)
        # New case, saving, undo.
        desk.click('[data-opens="new-case"]')
        desk.type_into("#new-petitioner", "乙某")
        desk.value(f"(document.getElementById('new-no').value = {json.dumps(NUMBER)})")
        desk.click("#new-case .primary")
        desk.wait_for_text("#case-head", "登记：还要填")
        desk.type_into("#if-registration-source", "来访{Tab}")
        desk.wait_for_text("#f-registration-source > .save-mark", "已保存")
        case_file = root / NUMBER / "case.json"
        assert json.loads(case_file.read_text(encoding="utf-8"))["registration"]["source"] == "来访"
        desk.click("#undo")
        desk.wait_for("document.getElementById('if-registration-source').value === ''")
        desk.wait_for("document.getElementById('redo').disabled === false")
        assert "source" not in json.loads(case_file.read_text(encoding="utf-8"))["registration"]
        # A scan comes in, gets its place by a key, and is looked at.
        desk.click('.tabs a[href$="/materials"]')
        scan = SAMPLES / "write-off-complete" / "materials" / "约谈笔录.pdf"
        desk.type_into("#page-drop input[multiple]", str(scan))
        desk.wait_for("(document.querySelector('.tile img') || {}).naturalWidth > 0")
        desk.click(".tile img")
        desk.click("#sort-place-interview")
        desk.wait_for("!document.querySelector('.tile')")
        (material,) = json.loads(case_file.read_text(encoding="utf-8"))["materials"]
        assert material["items"] == ["interview"]
        desk.click(".sort-bar a")
        desk.click("#place-interview .card .thumb")
        desk.wait_for("[...document.querySelectorAll('#dialog .sheet img')].some((one) => one.naturalWidth > 300)")
        desk.click('#dialog .strip-page[data-index="2"]')
        desk.click('#dialog [data-work-do="turn-right"]')
        desk.wait_for_text("#undo", "转页")
        desk.click('#dialog [data-do="close"]')
        # The other case is complete: its bundle.
        desk.click(".top .home")
        desk.type_into("#q", "0057")
        desk.wait_for("document.querySelectorAll('#list tbody tr').length === 1")
        desk.click('#list tbody a[href^="/cases/"]')
        desk.click('.tabs a[href$="/bundle"]')
        desk.click("form.make .primary")
        desk.wait_for("document.querySelector('.bundle-file')")
        desk.click(".bundle-file [hx-post]")
        desk.wait_for_text(".bundle-file", "与成卷时一致。")
        assert list(folder.glob("*.pdf"))
        assert desk.value("document.getElementById('notices').textContent.trim()") == ""
