"""The search inside papers at the desk: hits by case, masked, each with a link that shows its page with the words marked."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from tests.support.desk_client import Clerk, clerk, visible_text
from tests.support.scan_readings import read_page, write_record

RECEIPT = "materials/受理告知书送达回证.jpg"
LINES = ["送达回证", "受送达人甲某某", "装载机在院内", "联系电话13812345678"]


def find(user: Clerk, words: str) -> str:
    """The page of the search, once all cases are read."""
    while True:
        text = str(user._client.get("/find", params={"q": words}).text)
        if "正在读入案件" not in text:
            return text


def test_words_of_a_scan_are_found_and_shown_at_their_place(tmp_path: Path) -> None:
    """The list's button leads there; the link opens the viewer at the page, which gets the box of the words."""
    with clerk(tmp_path, "archive-complete") as user:
        assert "data-find-papers" in user._client.get("/").text
        page = read_page(1, LINES)
        write_record(user.folder, RECEIPT, [page])
        text = find(user, "装载机 甲某某")
        assert "在 1 件案件里找到 1 处，1 件" in visible_text(text)
        assert "受理告知书送达回证.jpg，第 1 页" in visible_text(text)
        address = unescape(text.partition('<ul class="hits">')[2].partition('href="')[2].partition('"')[0])
        shown = user._client.get(address).text
        viewer = unescape(shown.partition('data-opens-viewer="')[2].partition('"')[0])
        words = unescape(user._client.get(viewer).text.partition('data-words="')[2].partition('"')[0])
        (told,) = user._client.get(words).json()["pages"]
        assert sorted(told["found"]) == sorted(list(page.lines[at].box) for at in (1, 2))


def test_numbers_of_persons_are_masked_and_nothing_old_is_shown(tmp_path: Path) -> None:
    """A phone is found and shown masked; what was typed leads to the form; a record that is gone is found no more."""
    with clerk(tmp_path, "archive-complete") as user:
        record = write_record(user.folder, RECEIPT, [read_page(1, LINES)])
        text = find(user, "13812345678")
        assert "138****5678" in text
        assert "13812345678" not in visible_text(text)
        form = find(user, "钢信执2021-0057 来信")
        assert re.search(rf'<a href="{user.base}">表单</a>', form)
        record.unlink()
        assert "都没有找到" in find(user, "13812345678")
