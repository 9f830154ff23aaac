"""Reminders (催办、督办单): one notice for each person whose limit is near or past, and a record of what was sent."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bundler import clock
from bundler.commands import run
from bundler.documents.drafting import fill_reminder_notice
from bundler.documents.views.reminder_notice import build_reminder_line, build_reminder_view
from bundler.ledger.case_change_log import read_history
from bundler.word.docx_reader import read_blocks
from tests.ledger.test_ledger import TODAY, put, told, waiting
from tests.support.documents import PROFILE, TEMPLATES, build_case, count_pages, example_tree, read_paragraphs


@pytest.fixture
def court(tmp_path: Path) -> Path:
    """Two handlers and the team: one limit past, one today, one transfer near, one far, one planned follow-up past."""
    root = tmp_path / "案件"
    late = waiting("2021-09-15")
    late["assignment"] = {
        "body": "济南市中级人民法院",
        "notice_no": "济执信交〔2021〕9018号",
        "feedback_due": "2021-11-18",
    }
    put(root, "信1", late)
    put(root, "信2", waiting("2021-09-16") | {"people": {"handler": {"name": "郑/某"}}})
    put(root, "信3", waiting("2021-11-16", transferred=False, talked=False))
    put(root, "信4", waiting("2021-10-20"))
    done = waiting("2021-09-01") | {"follow_ups": [{"on": "2021-11-10"}, {"on": "2021-11-01", "text": "没有新的意见"}]}
    done["materials"].append({"items": ["reply_service"], "file": "b.pdf", "signed_on": "2021-10-20"})
    put(root, "信5", done)
    put(root, "信6", waiting("2026-11-20"))
    return root


def sent(target: Path) -> dict[str, list[str]]:
    """The paragraphs of each notice, by the person's name."""
    return {path.name.split("-")[1]: read_paragraphs(path.read_bytes()) for path in sorted(target.glob("*.docx"))}


def rows(notice: list[str]) -> list[str]:
    """The cells of the list."""
    return notice[notice.index("备注") + 1 : next(i for i, text in enumerate(notice) if text.startswith("注："))]


def test_each_person_gets_one_notice_of_what_is_near_or_past(court: Path, tmp_path: Path) -> None:
    """A transfer is the team's errand; a far limit and a provisional one are not told; the assigning body is named."""
    assert run(["ledger", str(court), "--today", str(TODAY), "--reminders", str(tmp_path / "催办")]) == 0
    notices = sent(tmp_path / "催办")

    assert sorted(path.name for path in (tmp_path / "催办").iterdir()) == [
        "催办单-执行信访团队-2021-11-17.docx",
        "催办单-李某某-2021-11-17.docx",
        "催办单-郑_某-2021-11-17.docx",
    ]
    assert notices["李某某"][:6] == [
        "济南市钢城区人民法院",
        "催办（督办）单",
        "□催办　☑督办",
        "督办日期：2021年11月17日",
        "督办对象：李某某",
        "下列执行申诉信访事项的办理期限临近或者已经超过，请抓紧办理。",
    ]
    assert rows(notices["李某某"]) == [
        *("1", "信5", "甲某某", "回访", "2021年11月10日", "超期7日"),
        *("2", "信1", "甲某某", "答复", "2021年11月16日", "超期1日", "济南市中级人民法院", "济执信交〔2021〕9018号"),
        *("3", "信1", "甲某某", "反馈", "2021年11月18日", "还有1日", "济南市中级人民法院", "济执信交〔2021〕9018号"),
    ]
    assert rows(notices["郑_某"]) == ["1", "信2", "甲某某", "答复", "2021年11月17日", "当日到期"]
    assert "☑催办　□督办" in notices["郑_某"]
    assert "下列执行申诉信访事项的办理期限临近，请抓紧办理。" in notices["执行信访团队"]
    assert rows(notices["执行信访团队"]) == ["1", "信3", "甲某某", "转交", "2021年11月18日", "还有1日"]
    assert "经办人（签名）：　　　　　　　年　　月　　日" in notices["执行信访团队"]
    assert "2.办结后，将办理情况和材料送执行信访团队。" in notices["李某某"]
    assert "2.办结后，写明办理情况，将本单交回催办人，材料归入信访档案。" in notices["执行信访团队"]
    rule = "《济南市钢城区人民法院关于规范执行申诉信访案件办理的实施意见》（钢法发〔2021〕24号）"
    assert [one for one in notices["执行信访团队"] if one.startswith(f"注：转交的期限按{rule}计算；")]


def test_what_was_sent_is_recorded_once_and_told_by_the_next_notice(
    court: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the history of each case, with the notice's digest; the same notice of the same day is no second reminder."""
    now = clock.now().replace(year=2021, month=11, day=17)
    monkeypatch.setattr(clock, "now", lambda: now)
    command = ["ledger", str(court), "--reminders", str(tmp_path / "催办"), "--today"]
    assert [run([*command, "2021-11-17"]), run([*command, "2021-11-17"])] == [0, 0]
    entries = read_history(court / "信1").entries
    assert [(one.action, [file.file for file in one.outputs]) for one in entries] == [
        ("remind", ["催办单-李某某-2021-11-17.docx"])
    ]
    assert read_history(court / "信4").entries == ()

    now = now.replace(day=19)
    run([*command, "2021-11-19"])
    later = read_paragraphs((tmp_path / "催办" / "催办单-李某某-2021-11-19.docx").read_bytes())
    assert [one for one in later if "次" in one][:2] == ["第2次催办，", "前次2021年11月17日"]
    _, answer = told(capsys, "ledger", str(court), "--today", "2021-11-19")
    assert {one["registration_no"]: one["reminded"] for one in answer["due"]}["信2"] == ["2021-11-17", "2021-11-19"]
    run(["history", str(court / "信1")])
    assert capsys.readouterr().out.count("　催办　") == 2


def test_a_court_that_reminds_of_the_past_alone(court: Path, tmp_path: Path) -> None:
    """`reminder_days` of the profile; with nothing due no folder is made."""
    profile = tmp_path / "法院.toml"
    default = Path("bundler/profiles/gangcheng.toml").read_text(encoding="utf-8")
    profile.write_text(f"reminder_days = 0\n{default}", encoding="utf-8")
    command = ["ledger", str(court), "--profile", str(profile), "--reminders"]
    run([*command, str(tmp_path / "a"), "--today", str(TODAY)])
    run([*command, str(tmp_path / "b"), "--today", "2021-09-01"])

    assert sorted(sent(tmp_path / "a")) == ["李某某", "郑_某"]
    assert not (tmp_path / "b").exists()


def test_render_makes_the_reminder_of_one_case(court: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As of today; a case of which nothing is due gets none."""
    now = clock.now().replace(year=2021, month=11, day=17)
    monkeypatch.setattr(clock, "now", lambda: now)
    target = tmp_path / "催办.docx"

    assert run(["render", str(court / "信1"), "--doc", "reminder_notice", "-o", str(target)]) == 0
    assert rows(read_paragraphs(target.read_bytes()))[:6] == ["1", "信1", "甲某某", "答复", "2021年11月16日", "超期1日"]
    assert run(["render", str(court / "信4"), "--doc", "reminder_notice", "-o", str(target)]) == 1
    assert [one.action for one in read_history(court / "信1").entries] == ["remind"]


def test_a_follow_up_that_was_planned_and_not_held_is_a_warning(
    court: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is due on the very day; the next one planned stands in the ledger and none that took place."""
    _, answer = told(capsys, "ledger", str(court), "--today", str(TODAY))
    _, checked = told(capsys, "check", str(court / "信5"), "--today", str(TODAY))

    follow_ups = [(one["registration_no"], one["due"]) for one in answer["due"] if one["rule"] == "ART16-FOLLOW-UP"]
    assert follow_ups == [("信5", "2021-11-10")]
    found = [one for one in checked["findings"] if one["rule"] == "ART16-FOLLOW-UP"]
    assert [(one["severity"], one["article"], one["path"]) for one in found] == [
        ("warning", "第十六条", "/follow_ups/0")
    ]
    assert "ART16-FOLLOW-UP" not in [one["rule"] for one in checked["deadlines"]]


def test_a_long_list_goes_on_under_its_heading() -> None:
    """Forty errands; a short list takes one page."""
    case = build_case(example_tree())
    line = build_reminder_line(case, "钢信执2021-0042", "答复", date(2021, 11, 1), today=TODAY, reminded_on=[])
    short, long = (
        fill_reminder_notice(build_reminder_view("李某某", [line] * count, PROFILE, TODAY), TEMPLATES)
        for count in (5, 40)
    )

    assert count_pages({"short": short}) == {"short": 1}
    assert count_pages({"long": long})["long"] > 1
    assert [one.header for one in list_rows(long)][:2] == [True, False]


def list_rows(data: bytes) -> list[Any]:
    """The rows of the list of errands."""
    tables = [block for block in read_blocks(data).body if hasattr(block, "rows")]
    return list(tables[1].rows)


def test_a_batch_writes_them_when_asked(court: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Beside its other output, and not otherwise."""
    for name in ("信2", "信3", "信4", "信5", "信6"):
        (court / name / "case.json").unlink()
    command = ["batch", str(court), "--today", str(TODAY), "--jobs", "1", "-o"]
    run([*command, str(tmp_path / "a")])
    run([*command, str(tmp_path / "b"), "--reminders"])
    capsys.readouterr()

    assert not (tmp_path / "a" / "reminders").exists()
    assert list(sent(tmp_path / "b" / "reminders")) == ["李某某"]
    assert json.loads((tmp_path / "b" / "report.json").read_text("utf-8"))["cases"][0]["registration_no"] == "信1"
