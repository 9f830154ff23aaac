"""Roles at the desk: who may not do a thing does not see it, and the server refuses it."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from argon2 import PasswordHasher
from starlette.routing import Match, Route

from bundler.commands import run
from bundler.desk.app import make_app
from bundler.desk.security import accounts
from bundler.desk.security.access_config import AccessConfig
from bundler.desk.security.accounts import edit_accounts, hash_password, read_accounts
from bundler.desk.security.roles import Permission, Role
from bundler.desk.security.route_permissions import FOR_EVERYONE, permission_for
from bundler.desk.settings import DeskSettings
from bundler.documents.definitions import find_templates_folder
from bundler.profile import load_profile
from tests.support.desk_client import TODAY, Clerk, TestClient, app_of
from tests.support.paths import copy_sample

PASSWORD = "只在测试里使用的口令"  # noqa: S105 (made for the tests)
ACCOUNTS = {
    "沈书记员": {Role.CLERK},
    "李某某": {Role.HANDLER},
    "外承办人": {Role.HANDLER},
    "wang": {Role.LEADER},
    "郑某某": {Role.CENTRE},
    "周督查": {Role.AUDITOR},
    "管理员": {Role.ADMIN},
}
"""The handler 李某某 and the leader 王某某 (as wang) stand in the case."""


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed without the costs that slow a guesser down."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(accounts, "_hasher", lambda: hasher)
    accounts._dummy_hash.cache_clear()


class Desk:
    """A desk with accounts over one case.

    Attributes:
        folder: the case folder.
    """

    def __init__(self, folder: Path, users: Path) -> None:
        root = folder.parent
        settings = DeskSettings(
            root, root.parent / "批处理", load_profile(None), find_templates_folder(None), lambda: TODAY
        )
        self.folder, self._users = folder, users
        self.app = make_app(settings, AccessConfig(users=users))

    def client(self, account: str) -> TestClient:
        """A client that is logged in as an account."""
        client = TestClient(self.app, base_url="http://127.0.0.1", follow_redirects=False)
        sessions = self.app.state.services.sessions
        token = sessions.open(account, read_accounts(self._users).hashes[account])
        client.cookies.set("desk", token)
        client.headers["X-CSRF-Token"] = sessions.find(token).csrf
        return client

    def clerk(self, account: str) -> Clerk:
        """The pages of the case, as an account sees them."""
        (ref,) = self.app.state.services.case_registry.scan()
        return Clerk(self.client(account), self.folder, f"/cases/{ref.key}")


@contextlib.contextmanager
def open_desk(tmp_path: Path, sample: str = "write-off-complete") -> Iterator[Desk]:
    """A desk with the accounts above over a copy of a sample."""
    folder, users = tmp_path / "案件" / sample, tmp_path / "账号.json"
    copy_sample(sample, folder)
    with edit_accounts(users) as content:
        for name, roles in ACCOUNTS.items():
            content.hashes[name] = hash_password(PASSWORD)
            content.given_roles[name] = frozenset(roles)
    desk = Desk(folder, users)
    staff = desk.client("管理员").post("/staff/save", data={"name": "王某某", "account": "wang"})
    assert staff.status_code == 303
    desk.app.state.services.case_index.refresh(60)
    try:
        yield desk
    finally:
        desk.app.state.services.close()


def test_nobody_reaches_an_address_without_a_role_for_it(tmp_path: Path) -> None:
    """Each address of each page is answered for the accounts with a role for it alone; for the others with status 403."""
    with open_desk(tmp_path) as desk:
        base = desk.clerk("沈书记员").base
        routes = [one for one in desk.app.routes if isinstance(one, Route) and one.path not in FOR_EVERYONE]
        assert len(routes) > 60
        for account, roles in ACCOUNTS.items():
            client = desk.client(account)
            for route in routes:
                path = re.sub(r"\{[^}]*\}", "0", route.path.replace("/cases/{key}", base))
                for method in (route.methods or set()) - {"HEAD"}:
                    permission = permission_for(route.path, method)
                    assert permission is not None
                    is_foreign = account == "外承办人" and route.path.startswith("/cases/{key}")
                    if permission.roles & roles and not is_foreign:
                        continue  # answered; the other tests say how
                    if (account, path) == ("管理员", "/"):
                        continue  # led to the accounts
                    answer = client.request(method, path)
                    assert answer.status_code == 403, (account, method, path)
                    assert re.search("[一-龥]", answer.text), path


def test_the_pages_show_each_account_what_it_may_do(tmp_path: Path) -> None:
    """The links and buttons of a page are those that the account's roles may use."""
    with open_desk(tmp_path) as desk:
        shown = {}
        for account in ACCOUNTS:
            page = desk.client(account).get("/", headers={"accept": "text/html"}, follow_redirects=True).text
            links = ["/today", "/centre", "/reading", "/staff", "/accounts", "/templates", "/bin", "/register"]
            shown[account] = {one for one in links if f'href="{one}"' in page}
            assert ("新建案件</button>" in page) is (account == "沈书记员"), account
        assert shown == {
            "沈书记员": {"/today", "/reading", "/register"},
            "李某某": {"/today"},
            "外承办人": {"/today"},
            "wang": {"/today", "/centre"},
            "郑某某": {"/centre", "/reading", "/templates"},
            "周督查": {"/centre"},
            "管理员": {"/reading", "/staff", "/accounts", "/templates"},
        }
        for account, edits in {"沈书记员": True, "李某某": True, "wang": False, "周督查": False}.items():
            case = desk.clerk(account)
            form, materials, history = case.get().text, case.get("/materials").text, case.get("/history").text
            assert ("加一项" in form) is edits
            assert ('aria-label="取走' in materials) is edits
            assert ("添加文件…" in materials) is edits
            assert ("放回<input" in case.get("/papers").text) is edits
            assert (">成卷</button>" in case.get("/bundle").text) is edits
            assert ('<select name="scope">' in case.get("/bundle").text) is edits
            assert ("移入案件回收箱</button>" in history) is (account == "沈书记员")


class _Controls(HTMLParser):
    """Collects what a page offers to press and to fill in.

    Attributes:
        asked: the method and address of each link, form and button, in the order of the page.
        loose: the fields that can be filled in, outside of every form and of every part that saves itself.
    """

    _POSTED = ("hx-post", "data-saves", "data-undo", "data-place", "data-work", "data-queue")
    _FIELDS = frozenset({"input", "select", "textarea"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.asked: list[tuple[str, str]] = []
        self.loose: set[str] = set()
        self._savers: list[str] = []
        self._form_method = "GET"
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form_method = given.get("method", "get").upper()
        if tag in {"form", "div", "fieldset"}:
            self._savers.append(tag if tag == "form" or "data-saves" in given or "disabled" in given else "")
        for name in self._POSTED:
            if given.get(name):
                self.asked.append(("POST", given[name]))
        for name, method in (("hx-get", "GET"), ("href", "GET"), ("action", self._form_method)):
            if given.get(name, "").startswith("/"):
                self.asked.append((method, given[name]))
        if "formaction" in given:
            self.asked.append((self._form_method, given["formaction"]))
        is_fixed = "readonly" in given or "disabled" in given or given.get("type") in {"hidden", "checkbox"}
        if tag in self._FIELDS and not is_fixed and not any(self._savers):
            self.loose.add(given.get("id") or given.get("name") or given.get("aria-label", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in {"form", "div", "fieldset"} and self._savers:
            self._savers.pop()


def route_of(desk: Desk, method: str, address: str) -> Route | None:
    """The route that answers an address; None for a static file."""
    scope = {"type": "http", "method": method, "path": urlsplit(address).path, "headers": [], "root_path": ""}
    found = (one for one in desk.app.routes if isinstance(one, Route) and one.matches(scope)[0] is Match.FULL)
    return next(found, None)


@pytest.mark.parametrize(
    ("account", "sample"),
    [
        *((name, "archive-complete") for name in ("沈书记员", "wang", "郑某某", "周督查", "管理员")),
        *((name, "in-progress") for name in ("沈书记员", "wang")),
        ("李某某", "write-off-complete"),
    ],
)
def test_no_page_offers_what_the_server_refuses(tmp_path: Path, account: str, sample: str) -> None:
    """Of every page and dialog that a role reaches, the links answer, the buttons may be pressed, and each field can be saved."""
    seen_fields: set[str] = set()
    with open_desk(tmp_path, sample) as desk:
        client, seen = desk.client(account), set()
        open_pages = [("GET", "/accounts" if account == "管理员" else "/")]
        while open_pages:
            method, address = open_pages.pop()
            route = route_of(desk, method, address)
            if route is None or (method, route.path) in seen or (account, address) == ("管理员", "/"):
                continue  # a static file; what was seen; what leads to the accounts
            seen.add((method, route.path))
            permission = permission_for(route.path, method) if route.path not in FOR_EVERYONE else None
            assert permission is None or permission.roles & ACCOUNTS[account], (method, address)
            if method != "GET" or "/templates/" in route.path or route.path.startswith("/live"):
                continue
            answer = client.get(address, headers={"accept": "text/html"}, follow_redirects=True)
            assert answer.status_code in {200, 204, 400}, address  # 400: it asks for values of its button
            if "text/html" in answer.headers.get("content-type", ""):
                controls = _Controls(answer.text)
                seen_fields |= controls.loose
                open_pages += controls.asked
        assert len(seen) > (8 if account == "管理员" else 15)
    edits = {Role.CLERK, Role.HANDLER} & ACCOUNTS[account]
    # What leads a view and changes nothing; and on what the buttons beside it act.
    assert seen_fields <= {"scan-choice", "到第几页", *(("选的页，如 1-3，5", "与哪一件合并") if edits else ())}


def test_a_handler_sees_and_edits_the_cases_that_name_him(tmp_path: Path) -> None:
    """A handler's list, search and pages have his own cases; another handler is told why he sees none."""
    with open_desk(tmp_path) as desk:
        own, other = desk.clerk("李某某"), desk.clerk("外承办人")
        assert own.fill("/registration/note", "已电话联系", before=None).status_code == 200
        assert own.tree()["registration"]["note"] == "已电话联系"
        refused = other.get()
        assert refused.status_code == 403
        assert "没有写着你的姓名" in refused.text
        number = own.tree()["registration"]["no"]
        assert number in desk.client("李某某").get("/").text
        listed = desk.client("外承办人").get("/").text
        assert number not in listed
        assert "没有你能看的案件" in listed
        packed = desk.client("外承办人").post("/package", data={"case": own.base.rpartition("/")[2], "what": "cases"})
        assert packed.status_code == 400


def test_a_handler_finds_words_in_his_own_cases_only(tmp_path: Path) -> None:
    """Although nobody has opened the list of cases, which tells whose they are; whoever sees all cases waits for nothing."""
    with open_desk(tmp_path) as desk:
        counts = {}
        for account in ("李某某", "外承办人", "沈书记员"):
            while "正在读入案件" in (text := desk.client(account).get("/find", params={"q": "钢信执2021-0042"}).text):
                pass
            counts[account] = len(re.findall(r'aria-labelledby="case-', text))
        assert counts == {"李某某": 1, "外承办人": 0, "沈书记员": 1}


def test_only_a_leader_consents_and_in_the_own_name(tmp_path: Path) -> None:
    """The consent of Article 13 is refused to others, also by adding the group, by undo and for another leader."""
    with open_desk(tmp_path) as desk:
        clerk, leader = desk.clerk("沈书记员"), desk.clerk("wang")
        path = "/approval/leader_consent"
        consent = clerk.tree()["approval"]["leader_consent"]
        assert consent["by"] == "王某某"
        refused = clerk.fill(f"{path}/on", "2021-11-09", before=consent["on"])
        assert refused.status_code == 403
        assert "院领导用自己的账号" in refused.text
        group = json.dumps(clerk.tree()["approval"], ensure_ascii=False)
        drop = {"path": "/approval", "do": "drop", "before": group, "version": clerk.version()}
        dropped = clerk.post("/rows", drop)
        assert dropped.status_code == 403
        assert clerk.tree()["approval"]["leader_consent"] == consent
        assert leader.fill(f"{path}/by", "金某某", before="王某某").status_code == 403
        assert leader.fill("/registration/note", "改一改").status_code == 403
        assert leader.fill(f"{path}/on", "2021-11-09", before=consent["on"]).status_code == 200
        assert clerk.tree()["approval"]["leader_consent"] == {"by": "王某某", "on": "2021-11-09"}
        step = re.search(r'id="undo"[^>]* value="([\d,]+)"', leader.get().text)
        assert step
        assert clerk.post("/undo", {"numbers": step[1]}).status_code == 403
        assert leader.post("/undo", {"numbers": step[1]}).status_code == 200
        assert clerk.tree()["approval"]["leader_consent"] == consent


def test_only_a_leader_approves_that_a_paper_is_absent(tmp_path: Path) -> None:
    """A clerk declares an absence, a leader approves it in the own name; another reason needs another approval."""
    with open_desk(tmp_path, "archive-complete") as desk:
        clerk, leader = desk.clerk("沈书记员"), desk.clerk("wang")
        item = clerk.tree()["absent"][0]["item"]
        address = f"/absent/{item}"
        assert 'name="approved_by"' not in clerk.get(address).text
        forged = {"reason": "确实没有批示", "approved_by": "金某某", "approved_on": "2021-12-06"}
        assert clerk.post(address, forged).status_code == 403
        assert clerk.post(address, {"reason": "确实没有批示"}).status_code == 200
        assert clerk.tree()["absent"] == [{"item": item, "reason": "确实没有批示"}]
        assert 'value="王某某" readonly' in leader.get(address).text
        approval = {"reason": "确实没有批示", "approved_on": "2021-12-07"}
        assert leader.post(address, {**approval, "approved_by": "金某某"}).status_code == 403
        assert leader.post(address, {**approval, "approved_by": "王某某", "reason": "另一个原因"}).status_code == 403
        assert leader.post(address, {**approval, "approved_by": "王某某"}).status_code == 200
        assert clerk.tree()["absent"] == [{"item": item, **approval, "approved_by": "王某某"}]
        assert clerk.post(f"{address}/withdraw").status_code == 200
        assert "absent" not in clerk.tree() or clerk.tree()["absent"] == []


def test_an_approval_does_not_stand_for_another_reason(tmp_path: Path) -> None:
    """A clerk who is a leader too changes a reason that another leader approved: the approval goes, or it is her own now."""
    with open_desk(tmp_path, "archive-complete") as desk:
        with edit_accounts(tmp_path / "账号.json") as content:
            content.hashes["金某某"] = hash_password(PASSWORD)
            content.given_roles["金某某"] = frozenset({Role.CLERK, Role.LEADER})
        leader, both = desk.clerk("wang"), desk.clerk("金某某")
        item = both.tree()["absent"][0]["item"]
        address = f"/absent/{item}"
        approval = {"approved_by": "王某某", "approved_on": "2021-12-07"}
        assert leader.post(address, {"reason": both.tree()["absent"][0]["reason"], **approval}).status_code == 200
        dialog = both.get(address).text
        assert "现在的原因是王某某批准的" in dialog
        assert 'value="金某某" readonly' in dialog
        assert f'value="{TODAY}"' in dialog
        kept = {"reason": "另一个原因", "reason_alone": "yes", "approved_by": "金某某", "approved_on": "2021-12-08"}
        assert both.post(address, kept).status_code == 200
        assert both.tree()["absent"] == [{"item": item, "reason": "另一个原因"}]
        assert leader.post(address, {"reason": "另一个原因", **approval}).status_code == 200
        own = {"reason": "第三个原因", "approved_by": "金某某", "approved_on": "2021-12-09"}
        assert both.post(address, own).status_code == 200
        assert both.tree()["absent"] == [{"item": item, **own}]
        assert "修改确无此件的说明" not in leader.get("/materials").text
        assert "修改确无此件的说明" in both.get("/materials").text


def test_an_administrator_keeps_the_accounts_on_the_page(tmp_path: Path) -> None:
    """Accounts are added, given other roles and removed; what an account may do changes at once, and nobody locks himself out."""
    with open_desk(tmp_path) as desk:
        admin = desk.client("管理员")
        assert admin.get("/", headers={"accept": "text/html"}).headers["location"] == "/accounts"
        added = {"name": "新来的人", "password": PASSWORD, "roles": ["clerk", "centre"]}
        assert admin.post("/accounts/save", data=added).status_code == 303
        assert "已有账号" in admin.post("/accounts/save", data=added).text
        assert "至少要有" in admin.post("/accounts/save", data={**added, "name": "另一人", "password": "短"}).text
        newcomer = desk.client("新来的人")
        assert newcomer.get("/centre").status_code == 200
        assert admin.post("/accounts/save", data={"edited": "新来的人", "roles": ["auditor"]}).status_code == 303
        assert newcomer.post("/centre/start").status_code == 403
        assert newcomer.get("/").status_code == 200
        assert (
            "不能去掉自己的管理员角色"
            in admin.post("/accounts/save", data={"edited": "管理员", "roles": ["clerk"]}).text
        )
        assert "还没有选角色" in admin.post("/accounts/save", data={"edited": "新来的人"}).text
        assert "不能删去自己" in admin.post("/accounts/remove", data={"name": "管理员"}).text
        assert admin.post("/accounts/remove", data={"name": "新来的人"}).status_code == 303
        assert newcomer.get("/", headers={"accept": "text/html"}).headers["location"] == "/login"
        lines = (desk.folder.parent / ".desk" / "audit.jsonl").read_text(encoding="utf-8")
        assert lines.count('"account"') == 3
        assert PASSWORD not in lines


def test_everyone_changes_the_own_password(tmp_path: Path) -> None:
    """The present password is asked for; the session goes on, others of the account end, and the new one logs in."""
    with open_desk(tmp_path) as desk:
        here, elsewhere = desk.client("沈书记员"), desk.client("沈书记员")
        new = "另一个只在测试里使用的口令"
        given = {"old": PASSWORD, "new": new, "again": new}
        assert "现在的口令不对" in here.post("/password", data={**given, "old": "猜的猜的猜的猜的"}).text
        assert "两次输入" in here.post("/password", data={**given, "again": new + "错"}).text
        changed = here.post("/password", data=given)
        assert changed.status_code == 303
        assert here.get("/").status_code == 200
        assert elsewhere.get("/", headers={"accept": "text/html"}).headers["location"] == "/login"
        login = TestClient(app_of(here), base_url="http://127.0.0.1", follow_redirects=False)
        assert login.post("/login", data={"name": "沈书记员", "password": new}).status_code == 303


def test_the_command_gives_roles(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An account without roles is a clerk; ``user role`` replaces them, ``user list --roles`` shows them."""
    users, secret = tmp_path / "账号.json", tmp_path / "口令"
    secret.write_text(PASSWORD, encoding="utf-8")
    given = ["--users", str(users)]
    assert run(["user", "add", "沈某某", *given, "--password-file", str(secret)]) == 0
    assert run(["user", "add", "李某某", *given, "--password-file", str(secret), "--role", "handler"]) == 0
    assert run(["user", "role", "李某某", *given, "--role", "admin", "--role", "handler"]) == 0
    assert run(["user", "role", "没有的人", *given, "--role", "clerk"]) == 2
    capsys.readouterr()
    assert run(["user", "list", *given, "--roles"]) == 0
    assert capsys.readouterr().out == "李某某\t承办人、管理员\n沈某某\t书记员\n"
    old = users.read_text(encoding="utf-8").partition('"roles"')[0].rstrip().rstrip(",") + "}"
    users.write_text(old, encoding="utf-8")
    assert read_accounts(users).roles("李某某") == {Role.CLERK}
    assert not read_accounts(users).roles("没有的人")


def test_every_role_has_its_name_and_duties() -> None:
    """The roles of the command are those of the desk, and each may do something."""
    from bundler.commands.user import _ROLES

    assert tuple(Role) == _ROLES
    assert all(one.label and one.duties and any(one in permission.roles for permission in Permission) for one in Role)
