"""What was read while a case stands open at the desk is seen at its next page, and a stack is proposed by what was read."""

from __future__ import annotations

from pathlib import Path

import pytest

from bundler.desk.cases import checked_case_cache
from tests.support.desk_client import clerk, visible_text
from tests.support.invented_readings import turned
from tests.support.sample_readings import write_sample_readings
from tests.support.scan_readings import read_page, write_record

RECEIPT = "materials/受理告知书送达回证.jpg"


def test_a_warning_appears_when_a_page_was_read_and_goes_when_the_record_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check that the desk keeps is made anew, although no visible file has changed."""
    monkeypatch.setattr(checked_case_cache, "_SETTLE_SECONDS", -1)
    with clerk(tmp_path, "archive-complete") as user:
        assert "上下颠倒" not in visible_text(user.get("/materials").text)
        page = read_page(1, ["送达回证", "登记号：钢信执2021-0057", "受理告知书", "签收日期：2021年10月14日"])
        record = write_record(user.folder, RECEIPT, [turned(page, 180)])
        assert "上下颠倒" in visible_text(user.get("/materials").text)
        record.unlink()
        assert "上下颠倒" not in visible_text(user.get("/materials").text)


def test_readings_without_a_fault_change_no_page(tmp_path: Path) -> None:
    """The sample's papers are what the case says."""
    with clerk(tmp_path, "archive-complete") as user:
        before = visible_text(user.get("/materials").text)
        write_sample_readings("archive-complete", user.folder)
        assert visible_text(user.get("/materials").text) == before
