"""What `build` and `render` never replace: the bundle of another case, and a Word file that a person has edited."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from bundler.bind.pdf_writer import TOOL_MARK
from bundler.bundle.output_path_checks import check_replaced_bundle
from bundler.errors import UsageError
from tests.support.bundles import run_here, write_sample_bundle
from tests.support.paths import copy_sample


def test_the_bundle_of_another_case_is_not_replaced(tmp_path: Path) -> None:
    """Only the case's own bundle is; the message names the other case."""
    target = write_sample_bundle("declined", tmp_path / "卷宗.pdf")
    before = target.read_bytes()
    other = copy_sample("archive-complete", tmp_path / "另案")

    done = run_here("build", other, "-o", target)
    assert (done.returncode, done.stdout) == (2, "")
    assert "是另一件案件（钢信执2021-0071）的卷宗，不能覆盖" in done.stderr
    assert target.read_bytes() == before
    assert run_here("build", copy_sample("declined", tmp_path / "本案"), "-o", target).returncode == 0


@pytest.mark.parametrize("size", [100, (1 << 20) - 30, (1 << 20) + 1, 3 << 20])
def test_the_number_of_a_bundle_is_found_wherever_it_stands(tmp_path: Path, size: int) -> None:
    """A long bundle is looked through piece by piece, also where a piece ends within the manifest."""
    target = tmp_path / "卷宗.pdf"
    start = b"%PDF-1.7\n%" + TOOL_MARK
    target.write_bytes(
        start.ljust(size, b" ") + '{ "version": 1, "registration_no": "样信执2021-0001" }'.encode() + b" " * size
    )
    check_replaced_bundle(target, "样信执2021-0001")
    with pytest.raises(UsageError, match="是另一件案件（样信执2021-0001）的卷宗"):
        check_replaced_bundle(target, "样信执2021-0002")


def test_a_word_file_that_a_person_has_edited_is_not_replaced(tmp_path: Path) -> None:
    """An office program writes other times of its entries; what `render` wrote itself is written anew."""
    target = tmp_path / "承诺书.docx"
    render = ("render", copy_sample("write-off-complete", tmp_path / "案"), "--doc", "commitment", "-o", target)
    assert run_here(*render).returncode == 0
    ours = target.read_bytes()
    assert run_here(*render).returncode == 0
    with zipfile.ZipFile(target) as source, zipfile.ZipFile(tmp_path / "edited", "w") as edited:
        for name in source.namelist():
            edited.writestr(zipfile.ZipInfo(name, (2021, 11, 12, 9, 0, 0)), source.read(name))
    (tmp_path / "edited").rename(target)
    before = target.read_bytes()

    done = run_here(*render)
    assert done.returncode == 2
    assert "已经用 Word、WPS 等改过，没有覆盖" in done.stderr
    assert "请用 -o 换一个文件名或者文件夹" in done.stderr
    assert target.read_bytes() == before != ours


def test_all_papers_are_checked_before_the_first_is_written(tmp_path: Path) -> None:
    """With ``--all`` one edited file keeps all others from being written."""
    case = copy_sample("archive-complete", tmp_path / "案")
    (tmp_path / "文书").mkdir()
    with zipfile.ZipFile(tmp_path / "文书" / "钢信执2021-0057-reply_opinion.docx", "w") as edited:
        edited.writestr("word/document.xml", "改过的")

    assert run_here("render", case, "--all", "-o", tmp_path / "文书").returncode == 2
    assert len(list((tmp_path / "文书").iterdir())) == 1
