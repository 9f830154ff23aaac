"""我的今天: a person's own cases with what is due, today's appointments, and the next step of each."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from tests.desk.test_roles import open_desk
from tests.support.desk_client import TODAY, Clerk, TestClient, desk, visible_text, wait_for_page
from tests.support.paths import SAMPLES, copy_sample


def own_day(client: TestClient) -> str:
    """The page once the gate has checked every case."""
    return wait_for_page(client, "/today", lambda text: not re.search("正在读取|正在核对|等待核对", text))


def section(text: str, title: str) -> str:
    """The HTML of one section; empty where the page has none of that heading."""
    found = re.search(rf"<section [^>]*>\n<h2 [^>]*>{title}（\d+）.*?</section>", text, re.DOTALL)
    return found[0] if found else ""


def write_tree(folder: Path, **parts: Any) -> None:  # noqa: ANN401 (parts of a case)
    """Replace parts of a case.json."""
    path = folder / "case.json"
    tree = json.loads(path.read_text(encoding="utf-8")) | parts
    path.write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")


def test_each_open_case_stands_there_with_its_next_step(tmp_path: Path) -> None:
    """The most urgent first; the step leads to what is missing, to scans that wait, or to the bundle, and goes once it is bound."""
    root = tmp_path / "案件"
    for name in ("in-progress", "incomplete", "archive-complete"):
        copy_sample(name, root / name)
    with desk(root) as client:
        text = own_day(client)
        assert "还有事要办的 3 件" in text
        numbers = re.findall(r'<th scope="row"><a href="/cases/\w+">([^<]+)</a>', text)
        assert len(set(numbers)) == 3
        bundle = re.search(r'<a href="(/cases/\w+)/bundle">成卷</a>', text)
        assert bundle
        lacking = re.search(r'<a href="(/cases/\w+[^"]*#[^"]+)">([^<]+)</a>', text)
        assert lacking
        page = client.get(lacking[1].partition("#")[0]).text
        assert f'id="{lacking[1].partition("#")[2]}"' in page
        # A scan that waits comes first.
        (root / "incomplete" / "materials" / "新来的.jpg").write_bytes(
            (SAMPLES / "archive-complete" / "materials" / "受理告知书送达回证.jpg").read_bytes()
        )
        wait_for_page(client, "/today", lambda text: "放好待放的扫描件（1 份）" in text)
        # A bound case is done, until it is changed again.
        case = Clerk(client, root / "archive-complete", bundle[1])
        case.post("/bundle", {"kind": "archive", "scope": "whole"})
        wait_for_page(client, f"{case.base}/bundle/panel", lambda text: "已成卷：" in text)
        text = own_day(client)
        assert f'{case.base}/bundle">成卷' not in text
        assert "还有事要办的 2 件" in text
        case.fill("/registration/note", "补记一笔")
        wait_for_page(client, "/today", lambda text: f'{case.base}/bundle">成卷' in text)


def test_everyone_sees_the_own_cases_and_a_leader_what_waits_for_him(tmp_path: Path) -> None:
    """Those that name the person; consents and absences stand first for a leader, and go once they are given."""
    with open_desk(tmp_path) as desk_of_accounts:
        folder = desk_of_accounts.folder
        absence = {"item": "leader_instruction", "reason": "没有领导批示"}
        write_tree(folder, absent=[absence], approval={"submitted_on": "2021-11-05"})
        number = _number_of(folder)
        for account, is_listed in {"李某某": True, "外承办人": False, "wang": True, "沈书记员": False}.items():
            text = own_day(desk_of_accounts.client(account))
            assert (number in text) is is_listed, account
            assert ("没有写着你姓名的案件" in text) is not is_listed, account
            assert ("等你同意、批准（2）" in text) is (account == "wang"), account
        leader = desk_of_accounts.clerk("wang")
        steps = section(own_day(desk_of_accounts.client("wang")), "等你同意、批准")
        assert 'href="' + leader.base + '#f-approval-leader_consent">同意答复（2021-11-05 呈批）' in steps
        assert 'href="' + leader.base + '/materials#place-leader_instruction">批准确无此件' in steps
        assert 'id="f-approval-leader_consent"' in leader.get().text
        given = {"reason": absence["reason"], "approved_by": "王某某", "approved_on": TODAY.isoformat()}
        assert leader.post("/absent/leader_instruction", given).status_code == 200
        consented = leader.fill("/approval/leader_consent/on", TODAY.isoformat())
        assert consented.status_code == 200
        wait_for_page(desk_of_accounts.client("wang"), "/today", lambda text: "等你同意、批准" not in text)


def _number_of(folder: Path) -> str:
    return str(json.loads((folder / "case.json").read_text(encoding="utf-8"))["registration"]["no"])


def test_appointments_of_today_stand_there_with_their_time(tmp_path: Path) -> None:
    """Until their result is recorded; one of a later day is not there yet, an earlier one without a result is, with its day."""
    folder = copy_sample("in-progress", tmp_path / "案件" / "甲")
    times = [f"{TODAY}T14:30", "2021-12-01T09:00", "2022-01-04T09:00"]
    write_tree(folder, appointments=[{"reserved_for": one} for one in times])
    with desk(folder.parent) as client:
        listed = section(own_day(client), "接待：今天的，没有登记结果的")
        assert re.findall(r'<td class="keep">([^<]*)</td>', listed) == ["2021-12-01 09:00", "14:30"]
        write_tree(folder, appointments=[{"reserved_for": times[0], "outcome": "received"}])
        wait_for_page(client, "/today", lambda text: "没有登记结果的" not in text)


def test_only_those_who_work_in_cases_have_an_own_day(tmp_path: Path) -> None:
    """The command centre, an auditor and an administrator have no cases of their own."""
    with open_desk(tmp_path) as desk_of_accounts:
        for account in ("郑某某", "周督查", "管理员"):
            assert desk_of_accounts.client(account).get("/today").status_code == 403
        assert "我的今天" in visible_text(own_day(desk_of_accounts.client("沈书记员")))


def test_a_long_section_names_the_list_that_shows_the_rest(tmp_path: Path) -> None:
    """Thirty lines of a section, and a link to all of them."""
    root = tmp_path / "案件"
    for number in range(31):
        (root / f"甲-{number}").mkdir(parents=True)
        registration = {"no": f"甲-{number}", "received_on": "2021-09-01"}
        (root / f"甲-{number}" / "case.json").write_text(
            json.dumps({"registration": registration, "decision": "accepted"})
        )
    with desk(root) as client:
        late = section(own_day(client), "已逾期")
        assert late.count("<tr>") == 31
        assert '<a href="/?stand=late">全部 31 件</a>' in late
