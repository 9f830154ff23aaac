"""Reading case.json: every fault is a finding, nothing is guessed, and the readable parts are kept."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from bundler.case.model import SCHEMA_NAME, Case, schema_folder, schema_text
from bundler.case.reader import ReadResult, read_case

SAMPLE: dict[str, Any] = {"registration": {"no": "钢信执2021-0042"}, "decision": "pending"}


def read(folder: Path, content: bytes | dict[str, Any]) -> ReadResult:
    """Read a case with this content."""
    data = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
    (folder / "case.json").write_bytes(data)
    return read_case(folder)


def rules(reading: ReadResult) -> list[str]:
    """The codes of the findings."""
    return [finding.rule for finding in reading.findings]


def test_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    """Editors on Windows write a byte order mark."""
    reading = read(tmp_path, b"\xef\xbb\xbf" + json.dumps(SAMPLE).encode())

    assert reading.case is not None
    assert reading.case.registration.no == "钢信执2021-0042"
    assert not reading.findings


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "JSON-SYNTAX"),
        (b"{", "JSON-SYNTAX"),
        (b'{"decision": NaN}', "JSON-SYNTAX"),
        (b'{"registration": {"visit_no": 1e400}}', "JSON-SYNTAX"),
        (b'{"registration": {"visit_no": ' + b"9" * 5000 + b"}}", "JSON-SYNTAX"),
        (b"[" * 100_000, "JSON-SYNTAX"),
        (b"[" * 80 + b"]" * 80, "JSON-SYNTAX"),
        ('{"decision": "pending"}'.encode("utf-16"), "JSON-ENCODING"),
        ('{"note": "钢"}'.encode("gbk"), "JSON-ENCODING"),
    ],
)
def test_what_is_no_json_cannot_be_read_at_all(tmp_path: Path, content: bytes, rule: str) -> None:
    """Exit status 3 has a finding."""
    reading = read(tmp_path, content)

    assert rules(reading) == [rule]
    assert reading.unreadable


def test_a_key_given_twice_is_an_error(tmp_path: Path) -> None:
    """Otherwise the last one would silently replace the first."""
    reading = read(tmp_path, b'{"decision": "pending", "decision": "accepted"}')

    assert rules(reading) == ["JSON-DUPLICATE-KEY"]
    assert "decision" in reading.findings[0].message
    assert reading.findings[0].path == "/decision"


def test_an_unknown_key_names_the_nearest(tmp_path: Path) -> None:
    """Otherwise the value of a misspelt key would be ignored."""
    reading = read(tmp_path, {**SAMPLE, "petitoners": []})

    assert rules(reading) == ["JSON-KEY"]
    assert "petitioners" in reading.findings[0].fix
    assert reading.findings[0].path == "/petitoners"


@pytest.mark.parametrize("text", ['{"decision"："pending"}', '{“decision”: "pending"}', '{"a": 1，"b": 2}'])
def test_chinese_punctuation_is_told_as_such(tmp_path: Path, text: str) -> None:
    """The clerk's input method writes it."""
    (found,) = read(tmp_path, text.encode()).findings

    assert "英文半角" in found.fix


def test_an_unknown_key_never_names_one_that_is_there(tmp_path: Path) -> None:
    """`action` stands for `text` in a measure of a claim; `on` is filled in already."""
    reading = read(tmp_path, {**SAMPLE, "claims": [{"measures": [{"action": "查封", "on": "2022-03-10"}]}]})
    fix = next(one.fix for one in reading.findings if one.path == "/claims/0/measures/0/action")

    assert "是不是" not in fix
    assert "text" in fix


@pytest.mark.parametrize(
    ("part", "fix"),
    [
        ({"decision": "受理"}, "是不是“accepted”（受理）？"),
        ({"materials": [{"items": ["调查笔录"], "file": "a.pdf"}]}, "是不是“investigation”（调查记录）？"),
        ({"registration": {"channel": "leter"}}, "是不是“letter”（书信）？"),
    ],
)
def test_a_code_is_suggested_for_its_chinese_name_too(tmp_path: Path, part: dict[str, Any], fix: str) -> None:
    """A clerk who writes case.json by hand writes what she says."""
    assert [one.fix for one in read(tmp_path, part).findings] == [fix]


def test_a_fault_leaves_the_rest_readable(tmp_path: Path) -> None:
    """Rules about the readable parts are applied."""
    reading = read(tmp_path, {**SAMPLE, "transfer": {"transferred_on": "2021-02-30", "received_on": "2021-09-16"}})

    assert rules(reading) == ["JSON-SCHEMA"]
    assert reading.case is not None
    assert reading.case.transfer is not None
    assert reading.case.transfer.received_on is not None
    assert reading.is_unread("/transfer/transferred_on")


def test_a_lost_list_element_keeps_the_others_pointers_true(tmp_path: Path) -> None:
    """Element 0 does not fit; index 0 of the case is index 1 of the file."""
    materials = [{"items": ["evidence"]}, {"items": ["evidence"], "file": "a.pdf"}]
    reading = read(tmp_path, {**SAMPLE, "materials": materials})

    assert reading.case is not None
    assert [material.file for material in reading.case.materials] == ["a.pdf"]
    assert reading.pointer_in_file("/materials/0/file") == "/materials/1/file"


@pytest.mark.parametrize("text", ["", "   ", "待填", "待填：登记号"])
def test_blank_and_skeleton_text_count_as_missing(tmp_path: Path, text: str) -> None:
    """Placeholders written by `new` count as not given."""
    reading = read(tmp_path, {"registration": {"no": text, "received_on": text}})

    assert reading.case == Case()
    assert not reading.findings


def test_no_input_value_stands_in_a_message(tmp_path: Path) -> None:
    """An ID number in the wrong place is not repeated."""
    reading = read(tmp_path, {"petitioners": [{"id_number": 370117196805020012, "birth_date": "370117196805020012"}]})

    assert reading.findings
    assert not any("370117196805020012" in f"{f.message}{f.fix}{f.path}" for f in reading.findings)


def test_no_case_json(tmp_path: Path) -> None:
    """An empty folder is no case."""
    assert read_case(tmp_path).unreadable


def test_a_pipe_or_a_link_is_not_opened(tmp_path: Path) -> None:
    """A pipe does not block, and a link is not followed."""
    os.mkfifo(tmp_path / "case.json")
    assert read_case(tmp_path).unreadable

    (tmp_path / "case.json").unlink()
    (tmp_path / "case.json").symlink_to("/etc/hostname")
    assert read_case(tmp_path).unreadable


def test_the_exported_schema_is_the_model() -> None:
    """`bundler schema -o schemas/case.schema.json` was run after the last change of the model."""
    assert (schema_folder() / SCHEMA_NAME).read_text(encoding="utf-8") == schema_text()


def test_every_field_has_a_chinese_title_and_description() -> None:
    """Editors show the titles and descriptions of the schema to clerks."""
    schema = json.loads(schema_text())
    parts = [schema, *schema["$defs"].values()]
    bare = [
        (part["title"], name)
        for part in parts
        for name, field in part.get("properties", {}).items()
        if not _chinese(field.get("title")) or not _chinese(field.get("description"))
    ]

    assert bare == []


def _chinese(text: str | None) -> bool:
    return bool(text) and any("一" <= character <= "鿿" for character in str(text))
