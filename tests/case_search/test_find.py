"""`bundler find` finds words wherever a case holds them, says where, and is never behind the files."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from docx import Document

from bundler.case.reader import CASE_FILE
from bundler.case_search.full_text_search import search_cases, search_words, words_around
from bundler.case_search.normalize_text import fold_text
from bundler.commands import run
from tests.support.paths import SAMPLES
from tests.support.pdf_files import page_pdf
from tests.support.scan_readings import read_page, write_record

SCAN = "materials/受理告知书送达回证.jpg"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of two cases, in one of which a scan was read; the cache is empty."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "cases"
    for name in ("archive-complete", "incomplete"):
        shutil.copytree(SAMPLES / name, folder / name)
    write_record(
        folder / "archive-complete",
        SCAN,
        [read_page(1, ["送 达 回 证", "受送达人：欧阳某", "某，电话13900001234", "（2021）鲁0117执9012号"])],
    )
    return folder


def _add_font(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=pdf.make_indirect(font)))


def find(root: Path, words: str) -> list[dict[str, Any]]:
    """The hits of a search."""
    return [hit.as_json() for hit in search_cases(root, search_words(words), progress=lambda *_: None).hits]


def test_a_hit_says_case_file_page_words_and_place(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Also where a name is broken over two lines of a scan."""
    assert run(["find", "欧阳某某", str(root), "--json"]) == 0
    (hit,) = json.loads(capsys.readouterr().out)
    assert (hit["case"], hit["registration_no"], hit["file"], hit["page"]) == (
        "archive-complete",
        "钢信执2021-0057",
        SCAN,
        1,
    )
    assert hit["around"].startswith("送 达 回 证 受送达人：欧阳某 某")
    assert hit["size"] == [1654, 2339]
    left, top, right, bottom = hit["box"]
    assert left == 200
    assert 300 < top < bottom < 600
    assert right > left

    assert run(["find", "欧阳某某", str(root)]) == 0
    out = capsys.readouterr().out
    assert f"{SCAN}　第1页" in out
    assert "在 2 件案件里找到 1 处，1 件。" in out


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("送达回证", True),
        ("（2021)鲁0117执9012号", True),
        ("鲁０１１７", True),
        ("证", True),
        ("号", True),
        ("回证 欧阳", True),
        ("回证 不在这里", False),
        ("达证", False),
        ("阳欧", False),
        ("，", True),
    ],
)
def test_width_brackets_spaces_and_punctuation_do_not_matter(root: Path, words: str, *, found: bool) -> None:
    """One character is enough, and several words must stand on one page."""
    assert any(hit["file"] == SCAN for hit in find(root, words)) is found


def test_phones_are_found_and_masked(root: Path) -> None:
    """Who knows a number finds its case; the list shows it to nobody else."""
    (hit,) = find(root, "13900001234")
    assert "139****1234" in hit["around"]
    assert "13900001234" not in json.dumps(hit)


def test_case_word_file_and_pdf_with_text_are_searched(root: Path) -> None:
    """Not only scans: what was typed is found too."""
    case = root / "incomplete"
    document = Document()
    document.add_paragraph("关于装载机的补充说明")
    document.save(str(case / "materials" / "说明.docx"))
    (case / "materials" / "清单.pdf").write_bytes(page_pdf(b"BT /F1 12 Tf 50 700 Td (EXCAVATOR 9911) Tj ET", _add_font))
    tree = json.loads((case / CASE_FILE).read_text("utf-8"))
    tree["materials"] += [{"items": ["evidence"], "file": f"materials/{name}"} for name in ("说明.docx", "清单.pdf")]
    (case / CASE_FILE).write_text(json.dumps(tree, ensure_ascii=False), "utf-8")

    assert [(hit["file"], hit["page"]) for hit in find(root, "装载机的补充")] == [("materials/说明.docx", None)]
    assert [(hit["file"], hit["page"]) for hit in find(root, "excavator9911")] == [("materials/清单.pdf", 1)]
    number = tree["registration"]["no"]
    assert (CASE_FILE, None) in [(hit["file"], hit["page"]) for hit in find(root, number)]


def test_codes_of_the_case_are_shown_in_chinese(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where a clerk reads; `--json` has the case as it is, and a label is no text of a case."""
    (hit,) = [one for one in find(root, "蒋某某") if one["file"] == CASE_FILE]
    assert "person" in hit["around"]

    assert run(["find", "蒋某某", str(root)]) == 0
    out = capsys.readouterr().out
    assert "自然人" in out
    assert "person" not in out
    assert find(root, "自然人") == []


def test_the_index_follows_every_change(root: Path) -> None:
    """A new record, a changed case, a case that is gone, a scan that was replaced."""
    assert len(find(root, "欧阳")) == 1
    case = root / "archive-complete"
    write_record(case, SCAN, [read_page(1, ["送达回证", "受送达人：司马某某"])])
    assert (find(root, "欧阳"), len(find(root, "司马"))) == ([], 1)

    tree = json.loads((root / "incomplete" / CASE_FILE).read_text("utf-8"))
    tree["registration"]["note"] = "独一无二的备注"
    (root / "incomplete" / CASE_FILE).write_text(json.dumps(tree, ensure_ascii=False), "utf-8")
    assert [hit["case"] for hit in find(root, "独一无二")] == ["incomplete"]

    (case / SCAN).write_bytes((case / SCAN).read_bytes() + b"\0")
    assert find(root, "司马") == []

    shutil.rmtree(root / "incomplete")
    assert find(root, "独一无二") == []


def test_a_damaged_index_is_made_anew_and_an_unwritable_cache_only_costs_time(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index is a cache, and nothing else."""
    assert len(find(root, "欧阳")) == 1
    (index,) = (root.parent / "cache" / "bundler").glob("find-*")
    assert index.stat().st_mode & 0o077 == 0
    index.write_bytes(b"not a database" * 1000)
    assert len(find(root, "欧阳")) == 1
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/nowhere")
    assert len(find(root, "欧阳")) == 1


def test_a_forged_record_is_not_searched(root: Path) -> None:
    """It is no text of the case."""
    record = next((root / "archive-complete" / ".readings").iterdir())
    record.write_text(record.read_text("utf-8").replace('"turn":0', '"turn":7'), "utf-8")
    assert find(root, "欧阳") == []


def test_wrong_usage_is_told(root: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """No words, no folder, no case."""
    assert run(["find", str(root)]) == 2
    assert "没有写要找的字词" in capsys.readouterr().err
    assert run(["find", "甲", str(root / "nowhere")]) == 2
    assert "不是文件夹" in capsys.readouterr().err
    (tmp_path / "empty").mkdir()
    assert run(["find", "甲", str(tmp_path / "empty")]) == 3
    assert "没有案件" in capsys.readouterr().err
    assert run(["find", "绝对没有的字", str(root)]) == 0
    assert "都没有找到" in capsys.readouterr().out


def test_words_around_are_cut_and_joined() -> None:
    """Two words far apart are two pieces, two near each other one."""
    text = "一" * 50 + "甲某某" + "二" * 100 + "乙某某" + "三" * 50
    assert words_around(text, ["甲某某", "乙某某"]).count("……") == 1
    assert words_around("甲某某和乙某某", ["甲某某", fold_text("乙某某")]) == "甲某某和乙某某"
