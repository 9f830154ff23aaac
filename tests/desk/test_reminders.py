"""Reminders and the register of receptions on the desk: shown, handed out, and recorded in the histories."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest

from bundler import clock
from bundler.ledger.case_change_log import read_history
from bundler.word.unsupported_constructs import check_docx
from tests.ledger.test_ledger import put, waiting
from tests.support.desk_client import TestClient, clerk, desk, visible_text


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """On 2021-12-31: two replies overdue, of two handlers, and an appointment of that day."""
    root = tmp_path / "案件"
    put(root, "信1", waiting("2021-10-20") | {"people": {"handler": {"name": "李某某"}}})
    put(root, "信2", waiting("2021-10-21") | {"people": {"handler": {"name": "郑某某13800000000"}}})
    put(
        root,
        "信3",
        waiting("2021-12-20") | {"appointments": [{"reserved_for": "2021-12-31T09:30", "visitor": "丁某某"}]},
    )
    return root


def send(client: TestClient, person: str) -> bytes:
    """Ask for the notice to a person as the page does."""
    token = re.search(r'name="csrf" value="([^"]+)"', client.get("/centre/reminders").text)
    data = {"person": person, "csrf": token[1] if token else ""}
    return bytes(client.post("/centre/reminders/notice", data=data).content)


def test_the_centre_sends_each_person_a_notice_and_it_is_recorded(cases: Path) -> None:
    """The page names who is late with what; a phone in a name is masked; the next view tells of the reminder."""
    with desk(cases) as client:
        text = visible_text(client.get("/centre/reminders").text)
        assert "李某某（1 项）" in text
        assert "郑某某138****0000（1 项）" in text
        assert "信3" not in text
        words = check_docx(send(client, "李某某")).text()
        assert "办对象：李某某" in words
        assert "信1" in words
        assert "信2" not in words
        assert [one.action for one in read_history(cases / "信1").entries] == ["remind"]
        assert read_history(cases / "信2").entries == ()
        assert str(clock.now().date()) in visible_text(client.get("/centre/reminders").text)
        assert client.post("/centre/reminders/notice", data={"person": "无某某"}).status_code == 404
    audit = [json.loads(line) for line in (cases / ".desk" / "audit.jsonl").read_text("utf-8").splitlines()]
    assert [line["action"] for line in audit] == ["remind"]


def test_the_register_of_a_day_is_handed_out(cases: Path) -> None:
    """Today's where no day is given; a day that is none is refused."""
    with desk(cases) as client:
        today = client.get("/centre/receptions.docx")
        other = client.get("/centre/receptions.docx?day=2021-12-30")
        assert "9时30分" in check_docx(today.content).text()
        assert "丁某某" not in check_docx(other.content).text()
        assert client.get("/centre/receptions.docx?day=x").status_code == 400


def test_a_case_offers_its_own_reminder(tmp_path: Path) -> None:
    """With the other papers; it is recorded once however often it is handed out."""
    with clerk(tmp_path, "in-progress") as one:
        assert "催办（督办）单（" in visible_text(one.get("/papers").text)
        first = one.get("/papers/reminder_notice-1/docx").content
        recorded = [entry.action for entry in read_history(one.folder).entries]
        one.get("/papers/reminder_notice-1/pdf")
        assert recorded.count("remind") == 1
        assert "办对象：" in check_docx(first).text()
        assert io.BytesIO(first).read(2) == b"PK"
