"""Half the typing: the staff list, values that follow from others, the case before, and a form that asks what is due."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.desk_client import Clerk, TestClient, app_of, desk, visible_text

ID_NUMBER = "370117198001010028"
"""A woman born on the first of January 1980; the check digit is right."""
MEMBERS = (
    {"name": "孙某", "title": "执行员", "phone": "0531-86000001", "usually": ["handler", "contact"]},
    {"name": "李某", "title": "副院长", "post": "vice_president", "usually": ["leader"]},
    {"name": "周某", "title": "书记员", "account": "书记员", "usually": ["clerk", "registrar"]},
)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    """A desk over an empty folder."""
    (tmp_path / "案件").mkdir()
    with desk(tmp_path / "案件") as client:
        yield client


def staff_file(tmp_path: Path) -> Path:
    """The file of the staff list."""
    return tmp_path / "案件" / ".desk" / "staff.toml"


def save_all(client: TestClient) -> None:
    """Enter everybody on the page of the list."""
    for member in MEMBERS:
        assert client.post("/staff/save", data=member).status_code == 303


def new_case(client: TestClient, tmp_path: Path, number: str, **values: str) -> Clerk:
    """Create a case at the desk."""
    answer = client.post("/cases", data={"no": number, "received_on": "2021-12-31", "channel": "visit", **values})
    assert answer.status_code == 303
    return Clerk(client, tmp_path / "案件" / number, str(answer.headers["location"]))


def test_the_staff_list_is_edited_on_its_page_and_keeps_what_a_person_wrote_in_the_file(
    client: TestClient, tmp_path: Path
) -> None:
    """Add, change, remove; an entry that somebody else changed meanwhile is not overwritten."""
    staff_file(tmp_path).parent.mkdir()
    staff_file(tmp_path).write_text("# 由综合科维护\n", encoding="utf-8")
    save_all(client)
    entries = re.findall(r"/staff\?edit=([0-9a-f]+)", client.get("/staff").text)
    changed = {**MEMBERS[0], "replaced": entries[0], "title": "法官"}
    assert client.post("/staff/save", data=changed).status_code == 303
    assert client.post("/staff/save", data=changed).status_code == 303, "a double click saves once"
    seen = json.dumps({**MEMBERS[0], "account": "", "post": "other"})
    refused = client.post("/staff/save", data={**changed, "title": "执行员", "phone": "0531-9", "seen": seen})
    assert "刚被别人改过" in refused.text
    assert 'value="法官"' in refused.text, "what only the other person changed"
    assert 'value="0531-9"' in refused.text, "what this person wrote"
    again = re.search(r'name="replaced" value="([0-9a-f]+)"', refused.text)
    assert again
    assert again[1] != entries[0]
    assert client.post("/staff/remove", data={"replaced": entries[2]}).status_code == 303
    text = staff_file(tmp_path).read_text(encoding="utf-8")
    assert text.startswith("# 由综合科维护")
    assert [(one["name"], one["title"]) for one in tomllib.loads(text)["staff"]] == [
        ("孙某", "法官"),
        ("李某", "副院长"),
    ]
    assert "姓名要有" in client.post("/staff/save", data={"name": " "}).text


def test_a_broken_list_is_told_on_its_page_and_stops_nothing_else(client: TestClient, tmp_path: Path) -> None:
    """Nor is it overwritten."""
    staff_file(tmp_path).parent.mkdir()
    staff_file(tmp_path).write_text("[[staff]]\ntitle = 1\n", encoding="utf-8")
    assert "人员名单“.desk/staff.toml”读不了" in client.get("/staff").text
    assert "读不了" in client.post("/staff/save", data=MEMBERS[0]).text
    assert new_case(client, tmp_path, "钢信执2021-0001").tree()["registration"]["no"] == "钢信执2021-0001"
    assert staff_file(tmp_path).read_text(encoding="utf-8") == "[[staff]]\ntitle = 1\n"


def test_a_new_case_has_the_people_of_the_list_or_of_the_case_before(client: TestClient, tmp_path: Path) -> None:
    """The dialog offers both; what is filled in already is left alone."""
    save_all(client)
    first = new_case(client, tmp_path, "钢信执2021-0001", people="staff")
    people = first.tree()["people"]
    assert {role: one["name"] for role, one in people.items()} == {
        "handler": "孙某",
        "contact": "孙某",
        "leader": "李某",
        "clerk": "周某",
        "registrar": "周某",
    }
    assert people["leader"] == {"name": "李某", "title": "副院长", "post": "vice_president"}
    first.fill("/people/receiver/name", "李某")
    assert first.tree()["people"]["receiver"] == people["leader"]
    assert app_of(client).state.services.case_index.refresh(5.0) is None
    assert "与 钢信执2021-0001 相同" in visible_text(client.get("/").text)
    second = new_case(client, tmp_path, "钢信执2021-0002", people="last")
    assert second.tree()["people"] == first.tree()["people"]
    third = new_case(client, tmp_path, "钢信执2021-0003")
    third.fill("/people/handler/name", "王某")
    answer = third.post("/fill", {"section": "people", "source": "staff"})
    assert 'value="李某"' in answer.text
    assert third.tree()["people"]["handler"] == {"name": "王某"}
    assert {*third.tree()["people"]} == {*people}
    text = visible_text(client.get("/?mine=1").text)
    assert app_of(client).state.services.case_index.refresh(5.0) is None
    assert "钢信执2021-0001" in text, "the account 书记员 is 周某 by the list"


def test_sex_and_birth_date_follow_from_an_id_number_and_one_undo_takes_all_back(
    client: TestClient, tmp_path: Path
) -> None:
    """Only where they are empty, and only from a valid number of a resident's card."""
    one = new_case(client, tmp_path, "钢信执2021-0001", petitioner="甲某")
    answer = one.fill("/petitioners/0/id_number", ID_NUMBER)
    person: dict[str, Any] = one.tree()["petitioners"][0]
    assert (person["sex"], person["birth_date"]) == ("女", "1980-01-01")
    assert 'id="f-petitioners-0-sex" hx-swap-oob="true"' in answer.text
    offer = re.search(r'id="undo"[^>]*value="([^"]+)"', one.get().text)
    assert offer
    one.post("/undo", {"numbers": offer[1]})
    assert {"sex", "birth_date", "id_number"} & set(one.tree()["petitioners"][0]) == set()
    one.fill("/petitioners/0/birth_date", "1979-05-05")
    one.fill("/petitioners/0/id_number", ID_NUMBER[:-1] + "0")
    assert "sex" not in one.tree()["petitioners"][0]
    one.fill("/petitioners/0/id_number", ID_NUMBER, before=ID_NUMBER[:-1] + "0")
    assert (one.tree()["petitioners"][0]["sex"], one.tree()["petitioners"][0]["birth_date"]) == ("女", "1979-05-05")


def test_a_case_registered_today_is_not_red_for_its_reply(client: TestClient, tmp_path: Path) -> None:
    """The head says what this stage needs and what the whole file lacks; the bundle page lists all of it."""
    one = new_case(client, tmp_path, "钢信执2021-0001", petitioner="甲某")
    errors = sum(found["severity"] == "error" for found in one.checked()["findings"])
    text = one.get().text
    head = visible_text(text)
    due = re.search(r"登记： ?还要填 (\d+) 处", head)
    assert due
    assert 0 < int(due[1]) < errors
    assert f"成卷前共须补正 {errors} 处" in head
    assert sum(map(int, re.findall(r'title="必须补正">(\d+)<', text))) <= int(due[1])
    reply = text.partition('id="s-reply"')[2].partition("</section>")[0]
    assert "finding error" not in reply
    assert "aria-invalid" not in reply
    first = re.search(r'data-first="([^"]+)"', text)
    assert first
    assert first[1].startswith("f-registration-")
    assert "缺少处理（答复）意见书" in visible_text(one.get("/bundle").text)


def test_a_stage_that_is_reached_or_overdue_is_asked_for_whole(client: TestClient, tmp_path: Path) -> None:
    """A case with a reply is red for what the reply needs, and one that is late for what it is late with."""
    replied = new_case(client, tmp_path, "钢信执2021-0001", petitioner="甲某")
    replied.fill("/reply/replied_on", "2021-12-31")
    errors = sum(found["severity"] == "error" for found in replied.checked()["findings"])
    assert f"必须补正 {errors} 处" in visible_text(replied.get().text)
    late = new_case(client, tmp_path, "钢信执2021-0002", petitioner="乙某", received_on="2021-12-20")
    assert "约谈、调查： 还要填" in visible_text(late.get().text)
