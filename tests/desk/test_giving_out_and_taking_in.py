"""What the desk takes in and gives out: a register, the list as a workbook, chosen cases as one zip, a case into the bin."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from bundler.ledger.case_change_log import read_history
from tests.support.desk_client import TestClient, app_of, desk, visible_text, wait_for_page
from tests.support.paths import SAMPLES

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """A folder with one case."""
    shutil.copytree(SAMPLES / "incomplete", tmp_path / "案件" / "甲")
    return tmp_path / "案件"


@pytest.fixture
def client(cases: Path) -> Iterator[TestClient]:
    """A desk over the folder."""
    with desk(cases) as client:
        wait_for_page(client, "/", lambda text: "正在读取" not in text)
        yield client


def case_key(client: TestClient, name: str) -> str:
    """The key of a case."""
    return str(next(one.key for one in app_of(client).state.services.case_registry.scan() if one.name == name))


def register(*rows: tuple[str, ...]) -> bytes:
    """A register with the usual headings."""
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (("登记号", "来访时间", "信访人", "联系电话"), *rows):
        sheet.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_a_register_is_looked_at_first_and_then_imported_with_a_report_of_each_row(
    client: TestClient, cases: Path
) -> None:
    """Nothing is created before; a row that is doubtful or registered already says why, in its own line."""
    number = json.loads((cases / "甲" / "case.json").read_text(encoding="utf-8"))["registration"]["no"]
    data = register(
        ("钢信执2021-0101", "2021-12-01", "赵某", "13800000000"),
        ("钢信执2021-0102", "年底", "钱某", ""),
        (number, "2021-12-02", "孙某", ""),
    )
    files = {"files": ("登记簿.xlsx", data, XLSX)}
    look = client.post("/register", data={"do": "look"}, files=files)
    text = visible_text(look.text)
    assert "可以建 2 件，不能建的 1 件" in text
    assert "“来访时间”：" in text
    assert "没有另建文件夹" in text
    assert {path.name for path in cases.iterdir() if not path.name.startswith(".")} == {"甲"}
    done = client.post("/register", data={"do": "import"}, files=files)
    assert "已经建好 2 件" in visible_text(done.text)
    tree = json.loads((cases / "钢信执2021-0101" / "case.json").read_text(encoding="utf-8"))
    assert tree["petitioners"][0]["name"] == "赵某"
    (entry,) = read_history(cases / "钢信执2021-0101").entries
    assert (entry.action, entry.actor, entry.outputs[0].file) == ("import", "书记员", "登记簿.xlsx")
    refused = client.post("/register", data={"do": "look"}, files={"files": ("坏的.xlsx", b"x", XLSX)})
    assert refused.status_code == 422
    assert "坏的.xlsx" in refused.text
    assert "不是 Excel 工作簿" in refused.text


def test_the_filtered_list_is_a_workbook_with_a_chinese_name(client: TestClient, cases: Path) -> None:
    """It has the rows that the filter leaves, and no number of a person."""
    (cases / "乙").mkdir()
    tree = {"registration": {"no": "乙-1"}, "assignment": {"body": "甲中院", "notice_no": "甲执信交〔2021〕1号"}}
    (cases / "乙" / "case.json").write_text(json.dumps(tree), encoding="utf-8")
    wait_for_page(client, "/", lambda text: "乙-1" in text)
    answer = client.get("/list.xlsx?q=乙-1")
    assert answer.headers["content-disposition"].startswith("attachment; filename*=utf-8''%E6%89%A7%E8%A1%8C")
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert [row[1] for row in rows] == ["登记号", "乙-1"]
    assert rows[1][6:8] == ("甲中院，甲执信交〔2021〕1号", "缺日期")
    assert "含“乙-1”，共 1 件" in str(sheet["A1"].value)


def test_chosen_cases_are_one_zip_without_bin_and_links(client: TestClient, cases: Path) -> None:
    """Every file of the case, with its history; bundles are asked for in vain where there are none."""
    folder, key = cases / "甲", case_key(client, "甲")
    client.post(
        f"/cases/{key}/fields", data={"path": "/registration/source", "value": "来访", "before": "", "version": ""}
    )
    (folder / ".bundler-bin").mkdir()
    (folder / ".bundler-bin" / "x").write_text("x", encoding="utf-8")
    (folder / "link.pdf").symlink_to("/etc/passwd")
    answer = client.post("/package", data={"case": [key, "unknown"], "what": "cases"})
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        names = set(packed.namelist())
        assert packed.read("甲/case.json") == (folder / "case.json").read_bytes()
    wanted = {
        path.relative_to(cases).as_posix() for path in folder.rglob("*") if path.is_file() and not path.is_symlink()
    }
    assert names == {name for name in wanted if "/.bundler-bin/" not in name}
    refused = client.post("/package", data={"case": key, "what": "bundles"})
    assert refused.status_code == 400
    assert "还没有成卷" in refused.text
    assert client.post("/package", data={"what": "cases"}).status_code == 400


def test_bundles_are_given_out_with_a_note_of_the_cases_without_one(client: TestClient, cases: Path) -> None:
    """Each in the folder of its case."""
    number = json.loads((cases / "甲" / "case.json").read_text(encoding="utf-8"))["registration"]["no"]
    (cases / "甲" / f"{number}.pdf").write_bytes(b"%PDF-1.7")
    (cases / "乙").mkdir()
    tree = {"registration": {"no": "乙-1"}, "assignment": {"body": "甲中院", "notice_no": "甲执信交〔2021〕1号"}}
    (cases / "乙" / "case.json").write_text(json.dumps(tree), encoding="utf-8")
    keys = [case_key(client, "甲"), case_key(client, "乙")]
    answer = client.post("/package", data={"case": keys, "what": "bundles"})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        assert set(packed.namelist()) == {f"甲/{number}.pdf", "没有成卷的案件.txt"}
        assert "乙-1" in packed.read("没有成卷的案件.txt").decode()


def test_a_case_goes_into_the_bin_and_comes_back_whole(client: TestClient, cases: Path) -> None:
    """It is out of the list meanwhile; a number that is in use again keeps it in the bin."""
    key = case_key(client, "甲")
    before = {path.relative_to(cases): path.read_bytes() for path in (cases / "甲").rglob("*") if path.is_file()}
    assert client.post(f"/cases/{key}/remove").status_code == 303
    assert not (cases / "甲").exists()
    assert client.get(f"/cases/{key}").status_code == 404
    text = client.get("/bin").text
    entry = text.partition('name="case" value="')[2].partition('"')[0]
    assert "甲" in visible_text(text)
    (cases / "乙").mkdir()
    (cases / "乙" / "case.json").write_bytes(before[Path("甲/case.json")])
    refused = client.post("/bin/restore", data={"case": entry})
    assert refused.status_code == 400
    assert "登记号" in refused.text
    shutil.rmtree(cases / "乙")
    assert client.post("/bin/restore", data={"case": "../x"}).status_code == 400
    assert client.post("/bin/restore", data={"case": entry}).headers["location"] == f"/cases/{key}"
    after = {path.relative_to(cases): path.read_bytes() for path in (cases / "甲").rglob("*") if path.is_file()}
    assert {path: data for path, data in after.items() if path.name != ".bundler-history.jsonl"} == {
        path: data for path, data in before.items() if path.name != ".bundler-history.jsonl"
    }
    assert [one.action for one in read_history(cases / "甲").entries][-2:] == ["bin-case", "restore-case"]
    assert client.get("/bin").text.count('name="case"') == 0


def test_the_submission_is_offered_only_where_there_is_one(client: TestClient, tmp_path: Path) -> None:
    """As one zip."""
    assert client.get("/centre/submission.zip").status_code == 404
    bag = tmp_path / "批处理" / "submission" / "data"
    bag.mkdir(parents=True)
    (bag / "甲.pdf").write_bytes(b"%PDF-1.7")
    answer = client.get("/centre/submission.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        assert packed.namelist() == ["报送包/data/甲.pdf"]
