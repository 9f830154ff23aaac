"""Thousands of damaged case.json: no traceback, and findings with codes, in Chinese, without personal data."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bundler.bundle.read_and_check_case import CheckedCase, check_case
from bundler.case.model import schema_text
from bundler.commands import run
from bundler.commands.check_report import report_lines
from bundler.commands.console import escape_unsafe
from bundler.profile import load_profile
from tests.support import cases
from tests.support.hostile.run_all import run_bundler
from tests.support.regulations import RULES

ID_NUMBER, PHONE = "370117197001010015", "13812345678"
PRIVATE = (ID_NUMBER, PHONE)
PROFILE = load_profile()
Path_ = tuple[str | int, ...]


def spoilable() -> tuple[dict[str, Any], ...]:
    """Complete cases of each kind, with an identity number and a phone that no output may contain."""
    trees = (cases.archive(), cases.write_off(), *(cases.declined(ground) for ground in range(1, 8)))
    for tree in trees:
        tree["petitioners"][0] |= {"id_number": ID_NUMBER, "phone": PHONE}
    return trees


TREES = spoilable()
SCHEMA: dict[str, Any] = json.loads(schema_text())


def places(node: Any, path: Path_ = ()) -> Iterator[Path_]:  # noqa: ANN401 (a JSON tree)
    """The location of every node of a tree."""
    yield path
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        yield from places(child, (*path, key))


def words_of(node: Any) -> Iterator[str]:  # noqa: ANN401 (a JSON schema)
    """Every key and every code of the schema."""
    if isinstance(node, dict):
        yield from node.get("properties", {})
        yield from (value for value in node.get("enum", []) if isinstance(value, str))
        for child in node.values():
            yield from words_of(child)
    elif isinstance(node, list):
        for child in node:
            yield from words_of(child)


WORDS = sorted(set(words_of(SCHEMA)))
ODD = [
    "", " ", "\n", "待填", "\0", "\x1b[31m", "\u202e", "\ud800", "\ue000", "\u200b", "e\u0301", "９９", "{{ x }}", "{% raw %}",
    "<script>", "&amp;", "=1+1", "../x", "/etc/passwd", "2021-02-30", "0000-00-00", "2021-13-01T25:61", "9999-12-31",
    "1-", "3-1", "0", "1-99999999999999999999", "（2021）鲁0117执信9号", "甲" * 30_000, "𠅤", "http://192.0.2.1/",
]  # fmt: skip
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(ODD),
    st.sampled_from(WORDS),
    st.text(max_size=20),
    st.dates().map(str),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS + ODD), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def spoilt_trees(draw: st.DrawFn) -> Any:  # noqa: ANN401 (a JSON tree)
    """A case in which up to four values are replaced, removed or extended."""
    tree = json.loads(json.dumps(draw(st.sampled_from(TREES))))
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from(list(places(tree))))
        if not path:
            continue
        holder = tree
        for step in path[:-1]:
            holder = holder[step]
        what = draw(st.sampled_from(("other", "gone", "more", "twice")))
        if what == "other":
            holder[path[-1]] = draw(values)
        elif what == "gone":
            del holder[path[-1]]
        elif isinstance(holder, dict):
            holder[draw(st.sampled_from(WORDS + ODD))] = draw(values)
        else:
            holder.append(holder[0] if what == "twice" else draw(values))
    return tree


@st.composite
def spoilt_bytes(draw: st.DrawFn) -> bytes:
    """The bytes of a case, some of them changed, removed, doubled or inserted."""
    data = bytearray(json.dumps(draw(st.sampled_from(TREES)), ensure_ascii=draw(st.booleans())).encode())
    for _ in range(draw(st.integers(1, 5))):
        place = draw(st.integers(0, max(len(data) - 1, 0)))
        length = draw(st.integers(0, 40))
        new = draw(
            st.one_of(
                st.just(b""),
                st.binary(max_size=6),
                st.just(bytes(data[place : place + length]) * 2),
                st.sampled_from(
                    [b"[" * 3000, b'{"a":' * 70, b"NaN", b"-Infinity", b"1e999", b"9" * 5000, b'"', b"\\u"]
                ),
            )
        )
        data[place : place + length] = new
    return bytes(data)


def examined(folder: Path, data: bytes) -> CheckedCase:
    """Check a case with these bytes."""
    (folder / "case.json").write_bytes(data)
    return check_case(str(folder), kind=None, today=cases.TODAY, profile=PROFILE)


def assert_told_well(check_result: CheckedCase) -> None:
    """Every finding has a known code and Chinese text; the printed report contains no control character."""
    tree = check_result.as_json()
    report = escape_unsafe("\n".join(report_lines(check_result)))

    assert check_result.complete or tree["findings"]
    assert not check_result.reading.unreadable or {f["rule"] for f in tree["findings"]} <= {
        "JSON-SYNTAX",
        "JSON-ENCODING",
    }
    for finding in tree["findings"]:
        assert finding["rule"] in RULES
        assert re.search("[\u4e00-\u9fff]", finding["message"]), finding
        assert re.search("[\u4e00-\u9fff]", finding["fix"]) or finding["severity"] == "info", finding
    assert not any(private in report or private in json.dumps(tree) for private in PRIVATE)
    assert "\x1b" not in report


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A case folder shared by the tests of this module."""
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)


CALM = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


@settings(max_examples=1400, database=None, suppress_health_check=CALM)
@given(tree=spoilt_trees())
def test_a_case_that_is_spoilt_where_the_schema_says_so_is_told(folder: Path, tree: Any) -> None:  # noqa: ANN401
    """Wrong types, unknown keys, removed or doubled parts, texts that fit no field."""
    assert_told_well(examined(folder, json.dumps(tree).encode()))


@settings(max_examples=700, database=None, suppress_health_check=CALM)
@given(data=spoilt_bytes())
def test_a_case_whose_bytes_are_spoilt_is_told(folder: Path, data: bytes) -> None:
    """Damage by a disk, an editor or an attacker."""
    assert_told_well(examined(folder, data))


@settings(max_examples=40, database=None, suppress_health_check=CALM)
@given(tree=spoilt_trees())
def test_what_a_spoilt_case_still_lets_be_drafted_is_drafted_or_refused_by_name(folder: Path, tree: Any) -> None:  # noqa: ANN401
    """Every document, by the command line in this process."""
    (folder / "case.json").write_bytes(json.dumps(tree).encode())

    assert run(["render", str(folder), "--all", "-o", str(folder / "out")]) in {0, 1, 3}


WHOLE = {
    b"\xef\xbb\xbf" + json.dumps(cases.archive()).encode(): 1,
    json.dumps(cases.archive()).encode("utf-16"): 3,
    b"[" * 100_000: 3,
    b"[" * 200 + b"]" * 200: 3,
    b'{"a": ' * 100_000: 3,
    b'{"a": NaN}': 3,
    b'{"a": 1e999}': 3,
    b'{"a": ' + b"9" * 5000 + b"}": 3,
    b'{"decision": "accepted", "decision": "declined"}': 1,
    b"": 3,
    b"null": 1,
    b'"\\ud800"': 1,
    b" " * (9 * 1024 * 1024): 3,
}


def test_the_real_command_says_the_same_of_whole_files(tmp_path: Path) -> None:
    """In a separate process: JSON on standard output, the exit status, no traceback."""
    for number, (data, status) in enumerate(WHOLE.items()):
        case = tmp_path / str(number)
        case.mkdir()
        (case / "case.json").write_bytes(data)
        done = run_bundler("check", "--json", case)
        assert (done.returncode, b"Traceback" in done.stderr) == (status, False), data[:40]
        assert json.loads(done.stdout)["findings"][0]["rule"].startswith(("JSON-", "FILE-", "ART"))


@pytest.mark.parametrize("kind", ["folder", "link", "pipe", "device", "unreadable"])
def test_a_case_that_is_no_regular_file_is_not_waited_on(tmp_path: Path, kind: str) -> None:
    """Exit status 3, without delay."""
    path = tmp_path / "case.json"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to({"link": "/etc/passwd", "device": "/dev/zero", "unreadable": "case.json"}[kind])
    done = run_bundler("check", tmp_path, timeout=60)

    assert (done.returncode, b"Traceback" in done.stderr) == (3, False)
    assert b"root:" not in done.stdout
