"""What a page asks for by itself is asked for again where a proxy answers with an error; what is written stays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bundler.desk.batches.runner import BatchRunner
from tests.support.browser import open_case, open_page, page_errors, run_desk, wait_for_htmx
from tests.support.failing_proxy import FailingProxy
from tests.support.scan_readings import read_page, write_record

pytestmark = pytest.mark.desk_case("archive-complete")

LETTER = "materials/来信及授权委托书.pdf"
LINES = ["关于执行问题的反映", "（2021）鲁0117执9012号", "反映人：丁某某", "联系电话：13812345678"]
TIMES = 2
"""How often each request is refused."""


@pytest.fixture
def proxy() -> FailingProxy:
    """What stands between the browser and the desk."""
    return FailingProxy()


@pytest.fixture
def address(folder: Path, proxy: FailingProxy) -> Iterator[str]:
    """The address of the desk behind the proxy."""
    with run_desk(folder.parent, proxy.before) as one:
        yield one


def change_by_another(folder: Path, **registration: str) -> None:
    """Another person writes into the registration."""
    tree = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    tree["registration"].update(registration)
    (folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")


def close(page: Page) -> None:
    """No script may have made an error."""
    assert page_errors(page) == []
    page.context.close()


def test_the_list_is_brought_up_to_date_in_spite_of_a_proxy(
    browser: Browser, folder: Path, address: str, proxy: FailingProxy
) -> None:
    """The stream of changes is refused, and then the list."""
    proxy.refuse("/live", TIMES)
    page = open_page(browser, address)
    expect(page.locator("#list")).to_contain_text("钢信执2021-0057")
    proxy.wait_until_refused("/live", TIMES)
    proxy.refuse("/", TIMES)
    change_by_another(folder, no="钢信执2021-9057")
    expect(page.locator("#list")).to_contain_text("钢信执2021-9057")
    assert proxy.refused == {"/live": TIMES, "/": TIMES}
    expect(page.locator("#notices")).to_be_empty()
    close(page)


def test_a_browser_without_shared_workers_goes_on_asking(
    browser: Browser, folder: Path, address: str, proxy: FailingProxy
) -> None:
    """Its own questions are refused, and then the changes."""
    proxy.refuse("/live/now", TIMES, status=502)
    proxy.refuse("/cases/.*/changed", TIMES, status=500)
    page = browser.new_context(locale="zh-CN").new_page()
    page.add_init_script("delete window.SharedWorker")
    page.goto(address)
    page.locator('main a[href^="/cases/"]').first.click()
    expect(page.locator("#if-registration-source")).to_be_visible()
    change_by_another(folder, source="别人写的来源")
    expect(page.locator("#if-registration-source")).to_have_value("别人写的来源")
    assert proxy.refused == {"/live/now": TIMES, "/cases/.*/changed": TIMES}
    page.context.close()


def test_changes_of_others_come_around_what_is_typed(
    browser: Browser, folder: Path, address: str, proxy: FailingProxy
) -> None:
    """Their request is refused while she writes; what she has typed stays, and is saved."""
    proxy.refuse("/cases/.*/changed", TIMES)
    page = open_case(browser, address)
    proxy.refuse("/cases/.*/fields", 1000)
    note = page.locator("#if-registration-note")
    note.fill("写了一半")
    change_by_another(folder, source="别人写的来源")
    expect(page.locator("#if-registration-source")).to_have_value("别人写的来源")
    expect(note).to_have_value("写了一半")
    assert proxy.refused["/cases/.*/changed"] == TIMES
    proxy.refuse("/cases/.*/fields", 0)
    expect(page.locator("#save-state")).to_have_text("已保存")
    assert json.loads((folder / "case.json").read_text(encoding="utf-8"))["registration"]["note"] == "写了一半"
    close(page)


def test_what_was_read_on_a_scan_and_its_pictures_come_late(
    browser: Browser, folder: Path, address: str, proxy: FailingProxy
) -> None:
    """The proposals, the words of a page, and its picture."""
    tree = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    del tree["petitioners"][0]["phone"]
    (folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")
    write_record(folder, LETTER, [read_page(1, LINES)])
    patterns = ["/cases/.*/proposals", "/cases/.*/words", "/cases/.*/pages/1"]
    for pattern in patterns:
        proxy.refuse(pattern, TIMES)
    page = open_case(browser, address)
    page.get_by_role("button", name="看：信访人联系电话 13812345678").click()
    expect(page.locator("#scan-view .page-layer .found")).to_have_count(1)
    page.wait_for_function("document.querySelector('#scan-view .sheet img').naturalWidth > 0")
    assert proxy.refused == dict.fromkeys(patterns, TIMES)
    expect(page.locator("#failed")).to_be_empty()
    close(page)


def test_a_bundle_that_is_made_meanwhile_is_shown(browser: Browser, address: str, proxy: FailingProxy) -> None:
    """Its progress is refused, and the panel that shows it at the end."""
    patterns = ["/cases/.*/bundle/progress", "/cases/.*/bundle/panel"]
    for pattern in patterns:
        proxy.refuse(pattern, TIMES)
    page = open_case(browser, address, "/bundle")
    page.get_by_role("button", name="成卷", exact=True).click()
    expect(page.get_by_text("已成卷：")).to_be_visible()
    assert proxy.refused == dict.fromkeys(patterns, TIMES)
    close(page)


def test_a_page_that_stays_behind_says_so_until_it_is_not(
    browser: Browser, address: str, proxy: FailingProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Quietly, and not as an error of what the clerk did; a proxy's words are not shown where she did something."""
    monkeypatch.setattr(BatchRunner, "_command", lambda _: ["sleep", "3600"])  # it ends when it is stopped
    page = open_page(browser, address)
    page.goto("/".join(page.url.split("/")[:3]) + "/centre")
    proxy.refuse("/centre/start", 1)
    page.get_by_role("button", name="开始批处理").click()
    expect(page.locator("#notices")).to_have_text("工作台暂时没有答复，没有办成；请稍后再试。")
    proxy.refuse("/centre/run", 1000)
    page.get_by_role("button", name="开始批处理").click()
    expect(page.get_by_role("button", name="停止")).to_be_visible()
    expect(page.locator("#behind")).to_contain_text("连上以后自己更新")
    expect(page.locator("#notices")).to_be_empty()
    proxy.refuse("/centre/run", 0)
    expect(page.locator("#behind")).to_be_empty()
    page.get_by_role("button", name="停止").click()
    expect(page.get_by_role("button", name="开始批处理")).to_be_visible()
    wait_for_htmx(page)
    close(page)
