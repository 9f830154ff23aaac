"""The form: built from the case model, saved field by field, and never over the edit of someone else."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bundler.case.model import Case
from bundler.desk.cases.form_sections import SECTION_PLANS
from tests.support.desk_client import Clerk, clerk, hidden_fields, visible_text


def test_the_form_holds_every_part_of_the_case() -> None:
    """Every top-level field of the case model is in a section of the form, or on the page of materials."""
    shown = [key for plan in SECTION_PLANS for key in plan.keys]
    assert sorted([*shown, "materials", "absent"]) == sorted(Case.model_fields)


def test_a_field_has_its_title_help_article_and_value(tmp_path: Path) -> None:
    """Each field has a Chinese label, its help text and the article that it comes from."""
    with clerk(tmp_path, "in-progress") as one:
        text = one.get().text
        assert re.search(
            r'<label for="if-registration-received_on">来访（件）时间 <span class="article">第十二条', text
        )
        assert 'value="2021-10-20"' in text
        assert "收到信访件的日期，期限的起点。" in text
        assert '<option value="visit" selected>走访</option>' in text
        assert "走访 visit" not in text


def test_the_grounds_say_what_each_item_says(tmp_path: Path) -> None:
    """A choice of an item of Art. 6A or Art. 15 shows the text of the item, not only its number."""
    law = {
        *("（二）执行人员对具备执行条件的案件，拖延执行、不予执行、久执未果或应当采取执行措施未及时采取的",),
        *("（四）执行人员在执行过程中超标的查封、冻结、扣押、处分被执行人的财产", "（八）其他属于涉执信访的事项"),
    }
    with clerk(tmp_path, "in-progress") as one:
        text = visible_text(one.get().text)
        assert [item for item in law if item not in text] == []
        first = visible_text(one.get("/rows/new?path=/declined&do=begin&version=" + one.version()).text)
        assert "（七）信访人反映的执行案件已依法提级、指定其他法院执行，并向信访人释明" in first


def test_a_refusal_asks_for_what_its_ground_needs(tmp_path: Path) -> None:
    """The fields of other grounds appear when their ground is chosen; what is filled in already stays in sight."""

    def shown(text: str) -> set[str]:
        found = set(re.findall(r'id="f-declined-(\w+)"', text))
        return found & {"standing_checked", "remedy", "transferred_to", "contact_attempts", "notice_on", "matter"}

    with clerk(tmp_path, "declined") as one:
        assert one.tree()["declined"]["ground"] == 4
        assert shown(one.get().text) == {"notice_on", "transferred_to"}
        saved = one.fill("/declined/ground", "5", before=4)
        assert shown(saved.text) == shown(one.get().text) == {"notice_on", "transferred_to", "remedy", "matter"}
        assert one.fill("/declined/standing_checked", "核对案卷").status_code == 200
        assert "standing_checked" in shown(one.get().text)
        one.post("/rows", {"path": "/declined", "do": "drop", "before": json.dumps(one.tree()["declined"])})
        assert not shown(one.get().text)


def test_what_is_filled_in_stands_in_case_json_and_the_gate_sees_it(tmp_path: Path) -> None:
    """Saving a field changes that field of case.json and nothing else."""
    with clerk(tmp_path, "in-progress") as one:
        before = one.tree()
        assert one.fill("/registration/system_no", "样9078").status_code == 200
        after = one.tree()
        assert after["registration"].pop("system_no") == "样9078"
        before["registration"].pop("system_no", None)
        assert after == before


def test_a_finding_stands_at_its_field_and_goes_when_it_is_mended(tmp_path: Path) -> None:
    """A finding is shown beside its field and disappears once the field is filled in; the counts follow."""
    with clerk(tmp_path, "in-progress") as one:
        cleared = one.fill("/registration/source", "", before=one.tree()["registration"]["source"])
        assert ("ART12", "/registration/source") in one.rules()
        note = re.search(r'id="nf-registration-source">(.*?)</div>', cleared.text, re.DOTALL)
        assert note
        assert "案件来源" in visible_text(note[1])
        errors = len([finding for finding in one.checked()["findings"] if finding["severity"] == "error"])
        assert f"必须补正 {errors} 处" in visible_text(cleared.text)
        mended = one.fill("/registration/source", "来访")
        assert ("ART12", "/registration/source") not in one.rules()
        assert f"必须补正 {errors - 1} 处" in visible_text(mended.text)


@pytest.mark.parametrize(
    ("key", "value", "title"), [("received_on", "昨天", "来访（件）时间"), ("visit_no", "三", "信访次数")]
)
def test_what_does_not_fit_is_refused_beside_its_field(tmp_path: Path, key: str, value: str, title: str) -> None:
    """A value that does not fit the model is refused beside its field, by the field's name; the file is unchanged."""
    with clerk(tmp_path, "in-progress") as one:
        data = (one.folder / "case.json").read_bytes()
        answer = one.fill(f"/registration/{key}", value, before=one.tree()["registration"][key])
        assert f'id="rf-registration-{key}"' in answer.text
        assert "没有保存" in visible_text(answer.text)
        assert title in visible_text(answer.text)
        assert (one.folder / "case.json").read_bytes() == data


def test_rows_are_added_moved_and_taken_away(tmp_path: Path) -> None:
    """Buttons add, move and remove the rows of a list."""
    with clerk(tmp_path, "write-off-complete") as one:
        first = one.tree()["measures"]
        one.post("/rows", {"path": "/measures", "do": "add", "version": one.version()})
        assert one.tree()["measures"] == [*first, {}]
        one.fill(f"/measures/{len(first)}/action", "回访信访人")
        one.post("/rows", {"path": f"/measures/{len(first)}", "do": "up", "version": one.version()})
        assert one.tree()["measures"][-2] == {"action": "回访信访人"}
        seen = json.dumps({"action": "回访信访人"}, ensure_ascii=False)
        path = f"/measures/{len(first) - 1}"
        one.post("/rows", {"path": path, "do": "drop", "before": seen, "version": one.version()})
        assert one.tree()["measures"] == first


def test_what_is_not_known_is_said_with_its_reason(tmp_path: Path) -> None:
    """A registration field may be unknown, with a reason, where Art. 12 allows that."""
    with clerk(tmp_path, "in-progress") as one:
        phone = one.tree()["petitioners"][0]["phone"]
        data = {
            "path": "/petitioners/0/phone",
            "value": phone,
            "unknown": "信访人未留电话",
            "before": json.dumps(phone),
        }
        one.post("/fields", {**data, "version": one.version()}, headers={"hx-trigger-name": "unknown"})
        assert one.tree()["petitioners"][0]["phone"] == {"unknown": "信访人未留电话"}
        assert 'value="信访人未留电话"' in one.get().text


def test_two_clerks_on_different_fields_lose_nothing(tmp_path: Path) -> None:
    """Edits of different fields of the same version are both saved."""
    with clerk(tmp_path, "in-progress") as one:
        seen = one.version()
        claims = one.tree()["claims"]
        one.fill("/claims/0/demand", "请求甲", before=claims[0].get("demand"), version=seen)
        one.fill("/registration/note", "备注乙", version=seen)
        assert one.tree()["claims"][0]["demand"] == "请求甲"
        assert one.tree()["registration"]["note"] == "备注乙"


def conflict_page(one: Clerk) -> str:
    """The page that the second of two clerks gets after both have written the same field."""
    seen, source = one.version(), one.tree()["registration"]["source"]
    one.fill("/registration/source", "来信", before=source, version=seen)
    answer = one.fill("/registration/source", "来电", before=source, version=seen)
    assert answer.headers["hx-retarget"] == "#dialog"
    return str(answer.text)


@pytest.mark.parametrize(("choice", "stands"), [("mine", "来电"), ("theirs", "来信")])
def test_the_second_of_two_is_told_and_chooses(tmp_path: Path, choice: str, stands: str) -> None:
    """No edit overwrites another unseen: the second clerk sees the present and the wanted value, and the choice is saved."""
    with clerk(tmp_path, "in-progress") as one:
        text = conflict_page(one)
        assert one.tree()["registration"]["source"] == "来信"
        text_shown = visible_text(text)
        assert "信访件登记的案件来源" in text_shown
        assert "留现在的：来信" in text_shown
        assert "写你要写的：来电" in text_shown
        one.post("/settle", {**hidden_fields(text), "choice-0": choice})
        assert one.tree()["registration"]["source"] == stands


def test_whose_row_was_renamed_meanwhile_is_shown_it_and_chooses(tmp_path: Path) -> None:
    """The page says how the row changed and who changed it, and offers the choice."""
    with clerk(tmp_path, "in-progress") as one:
        seen, claims = one.version(), one.tree()["claims"]
        one.fill("/claims/0/title", "分配方案", before=claims[0]["title"], version=seen)
        answer = one.fill("/claims/0/facts", "已制作方案", before=claims[0].get("facts"), version=seen)
        text_shown = visible_text(answer.text)
        assert f"同一行里，第1项反映与请求的标题已由“{claims[0]['title']}”改为“分配方案”（书记员" in text_shown
        assert "写你要写的：已制作方案" in text_shown
        assert "删去" not in text_shown
        one.post("/settle", {**hidden_fields(answer.text), "choice-0": "mine"})
        assert one.tree()["claims"] == [{**claims[0], "title": "分配方案", "facts": "已制作方案"}, *claims[1:]]


def test_what_was_meant_for_one_is_not_offered_to_be_written_of_another(tmp_path: Path) -> None:
    """Where the row now names another person, the page says so and offers no choice."""
    with clerk(tmp_path, "in-progress") as one:
        seen, people = one.version(), one.tree()["petitioners"]
        one.fill("/petitioners/0/name", "别某某", before=people[0]["name"], version=seen)
        answer = one.fill("/petitioners/0/phone", "13600000000", before=people[0]["phone"], version=seen)
        text_shown = visible_text(answer.text)
        assert f"留现在的：{people[0]['phone']}" in text_shown
        assert f"已由“{people[0]['name']}”改为“别某某”" in text_shown
        assert "这一行已经改成别的内容" in text_shown
        assert 'value="mine"' not in answer.text
        assert "看现在的内容" in text_shown
        assert 'value="别某某"' in one.post("/settle", {**hidden_fields(answer.text), "choice-0": "theirs"}).text
        now = json.dumps(one.tree()["petitioners"][0])
        one.post("/rows", {"path": "/petitioners/0", "do": "drop", "before": now, "version": one.version()})
        gone = one.fill("/petitioners/0/phone", "13600000000", before=people[0]["phone"], version=seen)
        assert "这一项已经被删去，或者已经改得认不出来" in visible_text(gone.text)


def test_a_change_by_somebody_else_is_told_by_its_fields(tmp_path: Path) -> None:
    """A change of the file by another program is announced by the names of its fields, and shown."""
    with clerk(tmp_path, "in-progress") as one:
        seen = one.version()
        path = one.folder / "case.json"
        path.write_text(path.read_text(encoding="utf-8").replace('"visit"', '"letter"', 1), encoding="utf-8")
        text = one.get(f"/changed?since={seen}&tab=form").text
        assert "案件刚被改动： 信访件登记的信访形式。" in visible_text(text).replace("改动：", "改动： ").replace(
            "：  ", "： "
        )
        assert '<option value="letter" selected>' in text


def test_an_address_that_means_no_case_is_none(tmp_path: Path) -> None:
    """An unknown key is not found, even where it looks like the name of a folder."""
    with clerk(tmp_path, "in-progress") as one:
        for word in ("0" * 16, "in-progress", "案件"):
            one.base = f"/cases/{word}"
            assert one.get().status_code == 404


def test_faults_of_values_stand_at_their_fields_and_a_repeated_key_hinders_saving(tmp_path: Path) -> None:
    """A value of several forms has its one finding; of a repeated key the last value is shown, and nothing is overwritten."""
    with clerk(tmp_path, "archive-complete") as one:
        file = one.folder / "case.json"
        tree = json.loads(file.read_text(encoding="utf-8"))
        tree["petitioners"][0]["phone"] = 13900000000
        tree["people"]["handler"]["titel"] = "执行员"
        file.write_text(
            json.dumps(tree, ensure_ascii=False).replace('"visit_no": 1', '"visit_no": 2, "visit_no": 1'), "utf-8"
        )
        before, text = file.read_bytes(), one.get().text
        for field, words in {
            "petitioners-0-phone": "联系电话应为文字",
            "people-handler": "没有“titel”这一项",
            "registration-visit_no": "写了 2 次",
        }.items():
            note = re.search(rf'id="nf-{field}">(.*?)</div>', text, re.DOTALL)
            assert note, field
            assert words in visible_text(note[1])
        assert tree["registration"]["summary"] in text
        answer = one.fill("/registration/source", "来访", before=tree["registration"]["source"], version="0" * 64)
        assert "没有保存" in visible_text(answer.text) or "写了 2 次" in visible_text(answer.text)
        assert file.read_bytes() == before
