"""What others change reaches a browser without shared workers too: its pages ask the desk now and then."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Browser, expect

from bundler.batch.output_lock import hold_output_lock
from tests.support.browser import page_errors, run_desk
from tests.support.desk_client import Clerk, app_of, clerk
from tests.support.paths import copy_sample


def news(one: Clerk, query: str) -> list[tuple[str, dict[str, object]]]:
    """What has changed since the versions of a query: the kind and the content of each event."""
    answer = one._client.get(f"/live/now?{query}")
    assert answer.status_code == 200
    return [(str(event["event"]), json.loads(event["data"])) for event in answer.json()]


def test_only_what_has_changed_is_told(tmp_path: Path) -> None:
    """A case by its version, the list by its revision, a batch by its state; what is shown already is not told, nor what is unknown."""
    with clerk(tmp_path, "incomplete") as one:
        key, version = one.base.rpartition("/")[2], one.version()
        assert news(one, f"case={key}@{version}") == []
        one.fill("/registration/note", "备注")
        assert news(one, f"case={key}@{version}") == [("changed", {"case": key, "version": one.version()})]
        assert news(one, f"case={key}@{one.version()}") == []
        assert news(one, f"case={key}@") == []
        assert news(one, "case=0000@1") == []
        revision = str(app_of(one._client).state.services.case_index.revision)
        assert news(one, f"list={revision}") == []
        ((kind, told),) = news(one, "list=no-revision")
        assert (kind, told["first"]) == ("list", False)
        assert news(one, "list=")[0][1]["first"] is True
        state = app_of(one._client).state.services.batches.state()
        assert news(one, f"batch={state}") == news(one, "batch=") == []
        out = one.folder.parent.parent / "批处理"
        (out / ".bundler").mkdir(parents=True)
        with hold_output_lock(out / ".bundler"):
            ((kind, told),) = news(one, f"batch={state}")
            assert (kind, list(told)) == ("batch", ["batch"])
            assert news(one, f"batch={told['batch']}") == []
        assert news(one, f"batch={state}") == []
        (out / "report.json").write_text("{}", encoding="utf-8")
        assert [kind for kind, _ in news(one, f"batch={state}")] == ["batch"]


def test_a_browser_without_shared_workers_shows_what_others_change(browser: Browser, tmp_path: Path) -> None:
    """The notice names the field, and the section shows the new value."""
    folder = copy_sample("incomplete", tmp_path / "cases" / "案")
    with run_desk(folder.parent) as address:
        context = browser.new_context(locale="zh-CN")
        context.add_init_script("delete window.SharedWorker")
        page = context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(address)
        vars(page)["faults"] = faults
        page.locator('main a[href^="/cases/"]').first.click()
        expect(page.locator("#if-registration-source")).to_be_visible()
        assert page.evaluate("typeof window.SharedWorker") == "undefined"
        tree = json.loads((folder / "case.json").read_text(encoding="utf-8"))
        tree["registration"]["source"] = "别人写的来源"
        (folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")
        expect(page.locator(".changed-notice")).to_contain_text("案件来源")
        expect(page.locator("#if-registration-source")).to_have_value("别人写的来源")
        assert page_errors(page) == []
        context.close()
