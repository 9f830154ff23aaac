"""A hostile name in an address or a form is looked up and not found: it leads to no other file, and causes no server error."""

from __future__ import annotations

import contextlib
import re
import shutil
import socket
from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.routing import Mount, Route

import bundler.desk
from tests.support.desk_client import Clerk, app_of, clerk
from tests.support.desk_process import Desk, desk
from tests.support.paths import SAMPLES

NAMES = {
    "above": "..",
    "above, encoded": "%2e%2e",
    "far above": "..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
    "far above, encoded twice": "%252e%252e%252fetc%252fpasswd",
    "from the root": "%2fetc%2fpasswd",
    "a parameter": "..;%2fetc",
    "backslashes": "..%5c..%5ccase.json",
    "a drive": "C:%5cwindows%5cwin.ini",
    "nothing": "%00",
    "nothing in it": "case.json%00.pdf",
    "no UTF-8": "%ff%fe",
    "a lone surrogate": "%ed%a0%80",
    "full-width dots": "%ef%bc%8e%ef%bc%8e%ef%bc%8fcase.json",
    "full-width digits": "%ef%bc%91",
    "a line": "a%0d%0aSet-Cookie:%20x=y",
    "turned round": "%e2%80%ae1",
    "a space": "%20",
    "case.json": "case.json",
    "hidden": ".desk%2faudit.jsonl",
    "long": "a" * 5000,
    "long in Chinese": "%e9%95%bf" * 3000,
    "many digits": "9" * 5000,
    "below nothing": "-1",
    "markup": "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
}
SECRETS = ("root:", "registration", "audit.jsonl", "Traceback", "<script>alert")


def routes_with_parameters(one: Clerk) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Every route of the desk with a path parameter: its method, its path, and its parameters."""
    for route in app_of(one._client).routes:
        if isinstance(route, Mount):
            yield "GET", f"{route.path}/{{path}}", ("path",)
        elif isinstance(route, Route):
            path = re.sub(r":\w+}", "}", route.path)
            for method in sorted((route.methods or set()) - {"HEAD"}):
                if route.param_convertors:
                    yield method, path, tuple(route.param_convertors)


def read_files(folder: Path) -> dict[str, bytes]:
    """The content of every file below a folder, except the audit log."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != "audit.jsonl"}


def send_raw(one: Desk, method: str, path: str) -> tuple[int, str]:
    """The status and the text of the response to an address, which is sent byte for byte."""
    head = {**one.headers, "Host": f"127.0.0.1:{one.port}", "Connection": "close", "Content-Length": "0"}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items())]
    with socket.create_connection(("127.0.0.1", one.port), timeout=60) as connection:
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        with contextlib.closing(HTTPResponse(connection, method=method)) as answer:
            answer.begin()
            return answer.status, answer.read().decode()


def test_no_name_in_an_address_leads_anywhere_else(tmp_path: Path) -> None:
    """Each hostile spelling in each path parameter of each route, sent to a real server."""
    with clerk(tmp_path / "list", "declined") as here:
        routes = list(routes_with_parameters(here))
    assert len(routes) > 30
    shutil.copytree(SAMPLES / "declined", tmp_path / "cases" / "案")
    before = read_files(tmp_path)
    (tmp_path / "tmp").mkdir()
    with desk(tmp_path / "cases", tmp_path / "tmp") as one:
        known = {"key": one.case.rpartition("/")[2], "page": "1", "number": "1", "item": "evidence"}
        good = {
            kind: re.search(rf"/{kind}/([^/\"]+)/", one.get(f"{one.case}/{kind}")) for kind in ("materials", "papers")
        }
        wrong = []
        for method, path, names in routes:
            for name in names:
                for spelling, name_text in NAMES.items():
                    found = good.get(path.split("/")[3]) if path.count("/") > 2 else None
                    words = dict.fromkeys(names, found[1] if found else "1") | known | {name: name_text}
                    status, text = send_raw(one, method, path.format(**words))
                    is_well = (
                        status in {400, 404} and re.search("[一-鿿]", text) and not any(s in text for s in SECRETS)
                    )
                    if not is_well:
                        wrong.append((method, path, spelling, status, text[:200]))
        assert not wrong, "\n".join(map(str, wrong))
        assert one.process.poll() is None
    assert read_files(tmp_path) == before


VALUES = (
    "9" * 5000,
    "\0",
    "../../case.json",
    "/materials/" + "9" * 5000,
    "/petitioners/-1/name",
    "\ud800",
    "１",
    "{",
    "长" * 700,
)
STREAMS = {"/live"}
BUILD_ROUTE = ("POST", "/cases/{key}/bundle")
"""It takes long, and no parameter of it matters."""
_FIELD = re.compile(r"""(?:form\.(?:get|getlist|field)|params\.get|_text)\((?:form, )?"([\w-]+)\"""")


def desk_fields() -> set[str]:
    """Every field of a form or a query that the desk reads."""
    sources = (path.read_text(encoding="utf-8") for path in Path(bundler.desk.__path__[0]).rglob("*.py"))
    return {name for source in sources for name in _FIELD.findall(source)}


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_no_word_in_a_form_or_a_query_is_an_error_of_the_program(tmp_path: Path, value: str) -> None:
    """A hostile value in every field of every page: it is refused in Chinese or ignored, and nothing outside is changed."""
    names = desk_fields()
    assert {"path", "version", "token", "page", "at", "item", "since", "count"} <= names
    with clerk(tmp_path / "root", "declined") as one:
        outside = read_files(tmp_path)
        word = quote(value, errors="surrogatepass")
        room = 60_000 // (len(word) + 20)  # an address has an end
        params = [f"{name}={word}" for name in sorted(names)]
        parts = ["&".join(params[first : first + room]) for first in range(0, len(params), room)]
        card = re.search(r"/materials/([^/\"]+)/", one.get("/materials").text)
        assert card
        known = {"key": one.base.rpartition("/")[2], "name": card[1], "way": "later"}
        for method, path, words in [
            *routes_with_parameters(one),
            ("GET", "/", ()),
            ("GET", "/centre", ()),
            ("POST", "/cases", ()),
        ]:
            if path in STREAMS or (method, path) == BUILD_ROUTE:
                continue
            address = path.format(**{word: known.get(word, "1") for word in words})
            for some in parts if method == "GET" else ["&".join(params)]:
                if method == "GET":
                    answer = one._client.get(f"{address}?{some}")
                else:
                    form = {"content-type": "application/x-www-form-urlencoded"}
                    answer = one._client.post(address, content=some, headers=form)
                assert answer.status_code < 500, (method, path, answer.text)
                assert "Traceback" not in answer.text
        after = read_files(tmp_path)
    assert {path for path in after if "/案件/" not in path} == {path for path in outside if "/案件/" not in path}
