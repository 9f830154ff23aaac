"""The security of the desk: login, limits of requests, security headers and the audit log."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from argon2 import PasswordHasher, extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY
from starlette.applications import Starlette

from bundler.commands import run, serve
from bundler.desk.app import make_app
from bundler.desk.cases import multipart
from bundler.desk.security import accounts, middleware
from bundler.desk.security.access_config import REQUEST_LIMITS, AccessConfig, RequestLimits
from bundler.desk.security.accounts import Authenticator, TooManyAttemptsError
from bundler.desk.security.header_timeout import HeaderTimeoutProtocol
from bundler.desk.security.middleware import SecurityMiddleware
from bundler.desk.security.sessions import SessionStore
from bundler.desk.settings import DeskSettings
from bundler.documents.definitions import find_templates_folder
from bundler.profile import load_profile
from tests.support.desk_client import TODAY, TestClient, clerk, logged_in_client
from tests.support.paths import SAMPLES, WITH_SIGINT, copy_sample

PASSWORD = "一个很长的口令2021"  # noqa: S105 (made for the tests)
HOST = "http://127.0.0.1"


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed without the costs that slow a guesser down; `test_a_password_is_kept_as_a_costly_hash` has them."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(accounts, "_hasher", lambda: hasher)
    accounts._dummy_hash.cache_clear()


def stop_the_clock(app: Starlette) -> None:
    """Let no time pass between the attempts at a desk, however busy the machine is: a wait would be over meanwhile."""
    app.state.services.authenticator._clock = lambda: 1000.0


class DeskFactory:
    """Makes desks without cases, and closes them after the test."""

    def __init__(self) -> None:
        self._open: list[Starlette] = []

    def __call__(self, root: Path, access: AccessConfig | None = None) -> Starlette:
        """Make a desk over a folder, which is created."""
        root.mkdir(exist_ok=True)
        settings = DeskSettings(root, root / "批处理", load_profile(None), find_templates_folder(None), lambda: TODAY)
        self._open.append(make_app(settings, access))
        return self._open[-1]

    def close(self) -> None:
        """Stop the workers of every desk."""
        for app in self._open:
            app.state.services.cases.close()


@pytest.fixture
def desk() -> Iterator[DeskFactory]:
    """Makes desks, which are closed after the test."""
    factory = DeskFactory()
    yield factory
    factory.close()


def client_without_session(app: Starlette) -> TestClient:
    """A client without a session."""
    return TestClient(app, base_url=HOST, follow_redirects=False)


def make_accounts_file(tmp_path: Path, name: str = "王书记员") -> Path:
    """A file with one account, made by the command ``user add``."""
    secret = tmp_path / "口令"
    secret.write_text(PASSWORD, encoding="utf-8")
    users = tmp_path / "账号.json"
    assert run(["user", "add", name, "--users", str(users), "--password-file", str(secret)]) == 0
    return users


def test_without_a_session_nothing_is_shown_and_nothing_done(desk: DeskFactory, tmp_path: Path) -> None:
    """A client without a session gets no page, no part and no change; each response says in Chinese how to log in."""
    client = client_without_session(desk(tmp_path))
    page = client.get("/", headers={"accept": "text/html"})
    assert page.status_code == 401
    assert "终端" in page.text
    assert client.get("/cases/0/history", headers={"hx-request": "true"}).status_code == 401
    assert client.post("/cases/0/fields").status_code == 401
    assert client.get("/?token=guessed").status_code == 401


def test_the_terminals_link_opens_one_session_with_a_strict_cookie(desk: DeskFactory, tmp_path: Path) -> None:
    """The link sets a cookie that no script reads, redirects to an address without the token, and opens no second session."""
    access = AccessConfig()
    app = desk(tmp_path, access)
    word = access.start.value
    answer = client_without_session(app).get(f"/?token={word}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    flags = {part.strip().lower() for part in answer.headers["set-cookie"].split(";")[1:]}
    assert flags == {"httponly", "samesite=strict", "path=/"}
    assert client_without_session(app).get(f"/?token={word}").status_code == 401
    assert '"action": "login"' in (tmp_path / ".desk" / "audit.jsonl").read_text(encoding="utf-8")


def test_the_cookie_is_secure_where_there_is_tls(desk: DeskFactory, tmp_path: Path) -> None:
    """Over TLS the cookie never travels without it, and a request without TLS is refused."""
    app = desk(tmp_path / "案件", AccessConfig(users=make_accounts_file(tmp_path), secure=True))
    client = TestClient(app, base_url="https://127.0.0.1", follow_redirects=False)
    cookie = client.post("/login", data={"name": "王书记员", "password": PASSWORD}).headers["set-cookie"]
    assert cookie.startswith("__Host-")
    assert "secure" in cookie.lower()
    assert client_without_session(app).get("/login").status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "192.0.2.7", ""])
def test_a_foreign_host_is_refused(desk: DeskFactory, tmp_path: Path, host: str) -> None:
    """A foreign page whose name resolves to this machine (DNS rebinding) gets nothing, even with a session."""
    assert logged_in_client(desk(tmp_path)).get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"x-csrf-token": ""},
        {"x-csrf-token": "另一个".encode()},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_change_that_no_page_of_the_desk_sent_is_refused(
    desk: DeskFactory, tmp_path: Path, headers: dict[str, Any]
) -> None:
    """Without the session's CSRF token, or from another site, nothing is changed."""
    client = logged_in_client(desk(tmp_path))
    assert client.post("/logout", headers=headers).status_code == 403
    assert client.get("/").status_code == 200


def test_the_word_may_stand_in_a_form(desk: DeskFactory, tmp_path: Path) -> None:
    """A form without script carries the token in a field; logging out ends the session."""
    app = desk(tmp_path)
    client = logged_in_client(app)
    word = client.headers.pop("x-csrf-token")
    token = client.cookies["desk"]
    headers = {"sec-fetch-site": "same-origin", "origin": "null"}
    assert client.post("/logout", data={"csrf": word}, headers=headers).status_code == 303
    assert app.state.services.sessions.find(token) is None


def test_every_answer_has_the_policy_and_no_page_breaks_it(tmp_path: Path) -> None:
    """Pages, parts, errors and files forbid all foreign content; no page has an inline script or style."""
    with clerk(tmp_path, "incomplete") as one:
        for path, status in {"": 200, "/materials": 200, "/history": 200, "/bundle": 200, "/none": 404}.items():
            answer = one.get(path, accept="text/html")
            assert answer.status_code == status
            policy = answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "no-store" in answer.headers["cache-control"]
            assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", answer.text)


def test_sessions_end_when_unused_and_when_old() -> None:
    """A session ends when it was not used for long, and after its maximum time however much it is used."""
    now = [0.0]
    sessions = SessionStore(clock=lambda: now[0])
    idle, busy = sessions.open("甲"), sessions.open("乙")
    now[0] = REQUEST_LIMITS.idle - 1
    assert sessions.find(busy)
    now[0] = REQUEST_LIMITS.idle + 1
    assert sessions.find(idle) is None
    assert sessions.find(busy)
    now[0] = REQUEST_LIMITS.session
    assert sessions.find(busy) is None


def test_a_body_beyond_the_limit_is_refused_told_or_streamed(desk: DeskFactory, tmp_path: Path) -> None:
    """A body that is too large is refused by its content-length; without one, as soon as it exceeds the limit."""
    client = logged_in_client(desk(tmp_path))
    limit = REQUEST_LIMITS.form
    form = {"content-type": "application/x-www-form-urlencoded", "x-csrf-token": ""}
    declared = client.post("/logout", content=b"a" * (limit + 1), headers=form)
    pieces = (b"a" * 65536 for _ in range(limit // 65536 + 1))
    streamed = client.post("/logout", content=pieces, headers=form)
    assert (declared.status_code, streamed.status_code) == (413, 413)
    assert "MB" in streamed.text


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    """More files than one request may upload are refused, and the case is unchanged."""
    with clerk(tmp_path, "incomplete") as one:
        before = one.tree()
        many = [("files", (f"{number}.jpg", b"x")) for number in range(REQUEST_LIMITS.files + 1)]
        assert one.post("/uploads", {"item": "evidence"}, files=many).status_code == 400
        assert one.tree() == before


def test_a_file_that_is_too_large_is_refused_with_all_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file beyond the limit is reported, and no other file of the request is kept."""
    monkeypatch.setattr(multipart, "REQUEST_LIMITS", RequestLimits(file=1024 * 1024))
    with clerk(tmp_path, "incomplete") as one:
        before = one.tree()
        files = [("files", ("小.jpg", b"x")), ("files", ("大.jpg", b"x" * (1024 * 1024 + 1)))]
        answer = one.post("/uploads", {"item": "evidence"}, files=files)
        assert answer.status_code == 422
        assert "超过 1 MB" in answer.text
        assert one.tree() == before


def test_a_body_that_stops_is_not_waited_for(
    desk: DeskFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client that stops sending its body gets status 408."""
    monkeypatch.setattr(middleware, "REQUEST_LIMITS", replace(REQUEST_LIMITS, silence=0.05))
    received: list[Any] = []
    sent: list[Any] = []
    part = {"type": "http.request", "body": b"x", "more_body": True}

    async def reads(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 (ASGI's)
        del scope, send
        while True:
            received.append(await receive())

    async def receive() -> Any:  # noqa: ANN401 (ASGI's)
        if received:
            await asyncio.Event().wait()
        return part

    async def send(message: Any) -> None:  # noqa: ANN401 (ASGI's)
        sent.append(message)

    app = desk(tmp_path)
    client = logged_in_client(app)
    before = _with_app(app, SecurityMiddleware(reads, app.state.services.access, app.state.services.sessions))
    headers = {
        "host": "127.0.0.1",
        "cookie": f"desk={client.cookies['desk']}",
        "x-csrf-token": client.headers["X-CSRF-Token"],
    }
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "query_string": b"",
        "scheme": "http",
        "server": ("127.0.0.1", 80),
        "headers": [(key.encode(), value.encode()) for key, value in headers.items()],
    }
    asyncio.run(before(scope, receive, send))
    assert (sent[0]["status"], received) == (408, [part])


def test_a_connection_that_asks_nothing_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half the head of a request, and then nothing: the server closes the connection."""
    monkeypatch.setattr(HeaderTimeoutProtocol, "head_timeout", 0.05)

    async def nothing(scope: object, receive: object, send: object) -> None:
        raise AssertionError((scope, receive, send))

    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(
            uvicorn.Config(nothing, http=HeaderTimeoutProtocol, lifespan="off", log_level="critical")
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            with socket.create_connection(listening.getsockname(), timeout=60) as slow:
                slow.sendall(b"GET / HTTP/1.1\r\nHost: 127.0")
                assert slow.recv(100) == b""
        finally:
            server.should_exit = True
            thread.join()


def test_a_password_is_kept_as_a_costly_hash(tmp_path: Path) -> None:
    """By the command in a process of its own: Argon2id, with at least the memory and the rounds of RFC 9106."""
    secret, users = tmp_path / "口令", tmp_path / "账号.json"
    secret.write_text(PASSWORD, encoding="utf-8")
    command = ["user", "add", "王书记员", "--users", str(users), "--password-file", str(secret)]
    subprocess.run([sys.executable, "-m", "bundler", *command], check=True, capture_output=True)
    kept = extract_parameters(json.loads(users.read_text(encoding="utf-8"))["accounts"]["王书记员"])

    assert kept.type is RFC_9106_LOW_MEMORY.type
    assert kept.memory_cost >= RFC_9106_LOW_MEMORY.memory_cost
    assert kept.time_cost >= RFC_9106_LOW_MEMORY.time_cost


def test_whoever_guesses_waits_longer_each_time(tmp_path: Path) -> None:
    """After a few wrong passwords an account waits, twice as long each time, at that address alone."""
    now = [0.0]
    authenticator = Authenticator(make_accounts_file(tmp_path), clock=lambda: now[0])
    waits: list[float] = []
    for _ in range(5):
        assert try_password(authenticator, "192.0.2.1", "wrong") is False
        waits.append(try_password(authenticator, "192.0.2.1", "wrong") if len(waits) > 1 else 0)
        now[0] += waits[-1]
    assert waits == [0, 0, 1, 2, 4]
    assert try_password(authenticator, "192.0.2.2", "wrong") is False
    assert try_password(authenticator, "192.0.2.1", PASSWORD) is True
    assert try_password(authenticator, "192.0.2.1", "wrong") is False
    authenticator.close()


def try_password(authenticator: Authenticator, address: str, password: str) -> bool | float:
    """Whether a password is right, or the seconds for which it was not looked at."""
    try:
        return asyncio.run(authenticator.check_password("王书记员", address, password))
    except TooManyAttemptsError as error:
        return error.seconds


def test_of_many_guesses_at_once_no_more_are_tried_than_one_after_the_other(desk: DeskFactory, tmp_path: Path) -> None:
    """Of a hundred attempts at the same moment three are checked; the responses to the others say how long to wait."""
    app = desk(tmp_path / "案件", AccessConfig(users=make_accounts_file(tmp_path)))
    stop_the_clock(app)
    client = client_without_session(app)
    with ThreadPoolExecutor(100) as threads:
        guesses = threads.map(
            lambda number: client.post("/login", data={"name": "王书记员", "password": f"guess{number}"}), range(100)
        )
        statuses = Counter(answer.status_code for answer in guesses)
    assert statuses == {401: 3, 429: 97}
    lines = (tmp_path / "案件" / ".desk" / "audit.jsonl").read_text(encoding="utf-8")
    assert lines.count("login-refused") == 3


def test_whoever_invents_addresses_waits_too_and_keeps_nobody_out(tmp_path: Path) -> None:
    """Guesses from changing addresses delay one another, by a minute at most; the owner can log in from a known address."""
    now = [0.0]
    authenticator = Authenticator(make_accounts_file(tmp_path), clock=lambda: now[0])
    assert try_password(authenticator, "192.0.2.1", PASSWORD) is True
    tried = [try_password(authenticator, f"198.51.100.{number}", "wrong") for number in range(40)]
    assert tried[:20] == [False] * 20
    assert tried[20:] == [1.0] * 20
    assert try_password(authenticator, "192.0.2.1", PASSWORD) is True
    for number in range(100):
        waited = try_password(authenticator, f"203.0.113.{number}", "wrong")
        assert waited <= 60
        now[0] += waited
    authenticator.close()


def test_guesses_wait_where_no_page_waits(desk: DeskFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While every place for checking passwords is taken, a page is served."""
    going = threading.Event()
    begun = threading.Semaphore(0)

    def wait(*_: object) -> bool:
        begun.release()
        return going.wait(600) and False

    monkeypatch.setattr(accounts, "verify_password", wait)
    app = desk(tmp_path / "案件", AccessConfig(users=make_accounts_file(tmp_path)))
    stop_the_clock(app)
    with client_without_session(app) as client, ThreadPoolExecutor(60) as threads:
        guesses = [
            threads.submit(client.post, "/login", data={"name": f"某人{number}", "password": "guess"})
            for number in range(60)
        ]
        begun.acquire()
        try:
            assert client.get("/login").status_code == 200
            assert sum(not guess.done() for guess in guesses) >= 20  # had the page waited, they would be over
        finally:
            going.set()
        assert Counter(one.result().status_code for one in guesses) == {401: 20, 429: 40}


def test_an_unknown_account_is_told_the_same_as_a_wrong_password(desk: DeskFactory, tmp_path: Path) -> None:
    """The login page does not reveal which accounts exist; after too many attempts it says how long to wait."""
    app = desk(tmp_path / "案件", AccessConfig(users=make_accounts_file(tmp_path)))
    stop_the_clock(app)
    client = client_without_session(app)
    wrong = [client.post("/login", data={"name": name, "password": "x"}) for name in ("王书记员", "无此人")]
    assert {one.status_code for one in wrong} == {401}
    assert wrong[0].text == wrong[1].text.replace("无此人", "王书记员")
    for _ in range(2):
        client.post("/login", data={"name": "王书记员", "password": "x"})
    assert client.post("/login", data={"name": "王书记员", "password": PASSWORD}).status_code == 429


def test_who_is_removed_or_has_a_new_password_is_out_at_once(desk: DeskFactory, tmp_path: Path) -> None:
    """A session ends with its account, and with the password that opened it."""
    users = make_accounts_file(tmp_path)
    client = client_without_session(desk(tmp_path / "案件", AccessConfig(users=users)))
    client.post("/login", data={"name": "王书记员", "password": PASSWORD})
    assert client.get("/").status_code == 200
    given = ["--users", str(users), "--password-file", str(tmp_path / "口令")]
    assert run(["user", "passwd", "王书记员", *given]) == 0
    assert client.get("/").status_code == 303
    client.post("/login", data={"name": "王书记员", "password": PASSWORD})
    assert client.get("/").status_code == 200
    assert run(["user", "remove", "王书记员", "--users", str(users)]) == 0
    assert client.get("/").status_code == 303


def test_accounts_are_made_listed_changed_and_removed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file holds no password, and only its owner can read it."""
    users = make_accounts_file(tmp_path)
    assert users.stat().st_mode & 0o777 == 0o600
    assert PASSWORD not in users.read_text(encoding="utf-8")
    assert "$argon2id$" in users.read_text(encoding="utf-8")
    short = tmp_path / "短"
    short.write_text("短", encoding="utf-8")
    given = ["--users", str(users), "--password-file", str(short)]
    assert run(["user", "passwd", "王书记员", *given]) == 2
    assert run(["user", "add", "王书记员", *given]) == 2
    capsys.readouterr()
    assert run(["user", "list", "--users", str(users)]) == 0
    assert capsys.readouterr().out == "王书记员\n"
    users.chmod(0o640)
    assert run(["user", "list", "--users", str(users)]) == 2
    assert "别人也能读" in capsys.readouterr().err
    users.chmod(0o600)
    assert run(["user", "remove", "王书记员", "--users", str(users)]) == 0
    assert run(["user", "remove", "王书记员", "--users", str(users)]) == 2


def test_changes_and_downloads_are_written_down_without_personal_numbers(tmp_path: Path) -> None:
    """Each has a line with its account and case, chained by digests and without numbers of persons."""
    number = "110101199003078515"
    with clerk(tmp_path, "incomplete") as one:
        one.fill("/registration/source", f"来访 {number}", before=one.tree()["registration"]["source"])
        scan = SAMPLES / "write-off-complete" / "materials" / "领导批示.jpg"
        one.post("/uploads", {"item": "evidence"}, files=[("files", (f"{number}.jpg", scan.read_bytes()))])
        scans = re.findall(r"/materials/\d+-[0-9a-f]+/file", one.get("/materials").text)
        assert one.get(scans[0]).status_code == 200
        file = one.folder.parent / ".desk" / "audit.jsonl"
    data = file.read_bytes()
    lines = data.splitlines()
    entries = [json.loads(line) for line in lines]
    assert [line["action"] for line in entries] == ["edit", "add", "download"]
    assert entries[2]["files"][0]["sha256"]
    assert entries[0]["places"] == ["/registration/source"]
    assert {line["actor"] for line in entries} == {"书记员"}
    assert number.encode() not in data
    assert entries[1]["before"] == hashlib.sha256(lines[0]).hexdigest()
    assert file.stat().st_mode & 0o777 == 0o600


def change_byte(lines: list[bytes]) -> None:
    """Change the actor of the second line."""
    lines[1] = lines[1].replace("书记员".encode(), "书记官".encode())


def delete_line(lines: list[bytes]) -> None:
    """Delete the second line."""
    del lines[1]


def change_last_line(lines: list[bytes]) -> None:
    """Change the last line, whose digest is in no later line."""
    lines[3] = lines[3].replace(b"/registration/note", b"/registration/kind")


def cut_last_line(lines: list[bytes]) -> None:
    """Cut the last line in half."""
    lines[3] = lines[3][:40]


def cut_line_break(lines: list[bytes]) -> None:
    """Cut only the line break of the last line."""
    lines[3] = lines[3][:-1]


def insert_rubbish(lines: list[bytes]) -> None:
    """Insert a line that is no JSON and is longer than any."""
    lines.insert(1, b"x" * 3_000_000 + b"\n")


def use_older_format(lines: list[bytes]) -> None:
    """Write the lines in the older format, without their own digests; the chain is intact."""
    previous = "0" * 64
    for number, line in enumerate(lines):
        tree = {key: value for key, value in json.loads(line).items() if key != "digest"} | {"before": previous}
        lines[number] = json.dumps(tree, ensure_ascii=False).encode() + b"\n"
        previous = hashlib.sha256(lines[number][:-1]).hexdigest()


def remove_digest(lines: list[bytes]) -> None:
    """Change the last line, and remove its digest."""
    change_last_line(lines)
    tree = {key: value for key, value in json.loads(lines[3]).items() if key != "digest"}
    lines[3] = json.dumps(tree, ensure_ascii=False).encode() + b"\n"


@pytest.mark.parametrize(
    ("tamper", "broken"),
    [
        (change_byte, 2),
        (delete_line, 2),
        (change_last_line, 4),
        (cut_last_line, 4),
        (cut_line_break, 4),
        (insert_rubbish, 2),
        (remove_digest, 4),
        (use_older_format, None),
    ],
)
def test_whoever_touches_the_audit_is_found_out(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    tamper: Callable[[list[bytes]], None],
    broken: int | None,
) -> None:
    """The command names the line and exits with status 1; a line added later continues the chain of the file as it is."""
    with clerk(tmp_path, "incomplete") as one:
        for value in "甲乙丙丁":
            one.fill("/registration/note", value, before=one.tree()["registration"].get("note"))
        root = one.folder.parent
        file = root / ".desk" / "audit.jsonl"
        assert run(["history", "--audit", str(root)]) == 0
        assert "共 4 行" in capsys.readouterr().out
        lines = file.read_bytes().splitlines(keepends=True)
        tamper(lines)
        file.write_bytes(b"".join(lines))

        assert run(["history", "--audit", str(root)]) == (0 if broken is None else 1)
        messages = capsys.readouterr().err
        assert (f"第 {broken} 行有问题" in messages) == (broken is not None)
        one.fill("/registration/note", "戊", before="丁")
        assert run(["history", "--audit", "--json", str(root)]) == (
            0 if broken is None or tamper is cut_line_break else 1
        )
        found = json.loads(capsys.readouterr().out)
        assert found["lines"] == len(lines) + 1
        assert [one["line"] for one in found["broken"]] == (
            [] if broken is None or tamper is cut_line_break else [broken]
        )


@pytest.mark.parametrize("trap", [Path.exists, os.mkfifo, Path.mkdir], ids=["none", "pipe", "folder"])
def test_an_audit_that_cannot_be_read_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], trap: Callable[[Path], object]
) -> None:
    """The command exits with status 3 and a Chinese message, and does not block."""
    (tmp_path / ".desk").mkdir()
    trap(tmp_path / ".desk" / "audit.jsonl")
    assert run(["history", "--audit", str(tmp_path)]) == 3
    assert "操作记录" in capsys.readouterr().err


def test_what_nobody_expected_is_told_without_a_value(
    desk: DeskFactory, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """An unexpected error gives a short Chinese response with all headers, and a log line without values of the request."""
    app = desk(tmp_path)

    async def broken(*_: object) -> None:
        raise RuntimeError("110101199003078515")

    token = logged_in_client(app).cookies["desk"]
    client = TestClient(
        _with_app(app, SecurityMiddleware(broken, app.state.services.access, app.state.services.sessions)),
        base_url=HOST,
    )
    client.cookies.set("desk", token)
    answer = client.get("/", headers={"hx-request": "true"})
    assert answer.status_code == 500
    assert "没有办成" in answer.text
    assert "content-security-policy" in answer.headers
    assert "RuntimeError" in caplog.text
    assert "110101199003078515" not in caplog.text + answer.text


def _with_app(app: Starlette, gate: SecurityMiddleware) -> Any:  # noqa: ANN401 (an ASGI application)
    async def within(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 (ASGI's)
        await gate(scope | {"app": app}, receive, send)

    return within


@pytest.mark.parametrize(
    "more",
    [
        ["--host", "0.0.0.0"],  # noqa: S104 (it is refused)
        ["--host", "0.0.0.0", "--behind-proxy", "127.0.0.1"],  # noqa: S104 (it is refused)
        ["--host", "0.0.0.0", "--users", "{users}"],  # noqa: S104 (it is refused)
        ["--behind-proxy", "127.0.0.1"],
        ["--users", "{users}", "--tls-cert", "证书"],
        ["--users", "无此文件"],
    ],
)
def test_other_machines_need_accounts_and_tls(
    tmp_path: Path, more: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A desk for other machines does not start without accounts, nor without TLS or a TLS proxy."""
    users = make_accounts_file(tmp_path)
    assert run(["serve", str(tmp_path), "--port", "0", *(one.format(users=users) for one in more)]) == 2
    assert "请" in capsys.readouterr().err


def test_the_address_behind_a_proxy_is_that_of_the_proxy(capsys: pytest.CaptureFixture[str]) -> None:
    """At its own port the desk would refuse whoever opens what it printed."""
    options = serve.ServeOptions(
        "127.0.0.1", 8765, ("desk.court.internal",), Path("users.json"), None, None, "127.0.0.1"
    )
    serve._print_address(options, 8765)
    assert "工作台：https://desk.court.internal/　" in capsys.readouterr().err


def test_the_desk_as_a_process(tmp_path: Path) -> None:
    """It prints a link that logs in, refuses a taken port, and ends without a traceback while an event stream is open."""
    copy_sample("incomplete", tmp_path / "案件")
    command = [sys.executable, "-m", "bundler", "serve", str(tmp_path), "--port"]
    with subprocess.Popen(
        [*WITH_SIGINT, *command, "0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            assert process.stdout
            link = re.search(r"http://127\.0\.0\.1:(\d+)(/\?token=\S+?)　", process.stdout.readline())
            assert link
            connection = HTTPConnection("127.0.0.1", int(link[1]), timeout=30)
            connection.request("GET", link[2])
            answer = connection.getresponse()
            answer.read()
            cookie = str(answer.headers["set-cookie"]).partition(";")[0]
            connection.request("GET", "/", headers={"cookie": cookie})
            page = connection.getresponse()
            text = page.read().decode()
            taken = subprocess.run([*command, link[1]], capture_output=True, text=True, check=False)
            watched = re.search(r"/cases/\w+", text)
            assert watched
            connection.request("GET", f"/live?list=&case={watched[0].rpartition('/')[2]}", headers={"cookie": cookie})
            listens = connection.getresponse()
            assert listens.readline().startswith(b"retry")
        finally:
            os.kill(process.pid, signal.SIGINT)
        rest = process.stdout.read()
        listens.close()
        connection.close()
    assert (answer.status, page.status) == (303, 200)
    assert "案件工作台" in text
    assert taken.returncode == 2
    assert "端口" in taken.stderr
    assert process.returncode == 130
    assert "Traceback" not in rest + taken.stderr
