"""The documents, the bundle, the history and the cached check of a case: the desk produces what the commands produce."""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from bundler.bundle.read_and_check_case import check_case
from bundler.commands import run
from bundler.desk.cases import checked_case_cache
from tests.support.desk_client import TODAY, clerk, visible_text
from tests.support.forgery import draw_block, forge
from tests.support.paths import SAMPLES
from tests.support.tampering import sha256

PETITION = SAMPLES / "write-off-complete" / "materials" / "领导批示.jpg"


def test_papers_are_those_that_render_makes(tmp_path: Path) -> None:
    """The Word file and the PDF of a document equal those of ``render`` byte for byte."""
    with clerk(tmp_path, "incomplete") as one:
        text = one.get("/papers").text
        assert "还不能生成的文书" in visible_text(text)
        for kind in ("docx", "pdf"):
            run(
                [
                    "render",
                    str(one.folder),
                    "--doc",
                    "acceptance_notice",
                    "--format",
                    kind,
                    "-o",
                    str(tmp_path / f"a.{kind}"),
                ]
            )
            assert one.get(f"/papers/acceptance_notice-1/{kind}").content == (tmp_path / f"a.{kind}").read_bytes()
        assert one.get("/papers/acceptance_notice-1/view").text.count("<img") >= 1
        assert one.get("/papers/acceptance_notice-1/pages/1").headers["content-type"] == "image/webp"
        assert one.get("/papers/return_notice-1/docx").status_code == 200
        assert one.get("/papers/coordination_record-1/docx").status_code == 404


def test_the_bundle_is_the_one_that_build_makes(tmp_path: Path) -> None:
    """The button builds the bundle with progress; the file equals that of ``build`` and can be verified."""
    with clerk(tmp_path, "write-off-complete") as one:
        assert "正在成卷" in one.post("/bundle", {"kind": "write-off", "scope": "whole"}).text
        while (progress := one.get("/bundle/progress")).status_code == HTTPStatus.OK:
            assert "正在成卷" in progress.text
            time.sleep(0.05)
        assert progress.status_code == HTTPStatus.NO_CONTENT
        number = one.tree()["registration"]["no"]
        made = (one.folder / f"{number}.pdf").read_bytes()
        run(["build", str(one.folder), "-o", str(tmp_path / "b.pdf"), "--today", TODAY.isoformat()])
        assert made == (tmp_path / "b.pdf").read_bytes()
        digest = hashlib.sha256(made).hexdigest()
        assert digest in one.get("/bundle").text
        assert one.get(f"/bundle/{digest}/file").content == made
        proof = one.post(f"/bundle/{digest}/proof").text
        assert "与成卷时一致。" in proof
        assert "用案件重新成卷，与这一卷逐字节相同。" in proof
        forged = forge(one.folder / f"{number}.pdf", one.folder / f"{number}.pdf", lambda pdf: draw_block(pdf, 5))
        proof = one.post(f"/bundle/{sha256(forged)}/proof").text
        assert "文件第 6 页（页号 3）的内容与用案件重做的这一页不同" in proof
        assert "不能作为归档原件使用" in proof
        (one.folder / f"{number}.pdf").write_bytes(made)
        one.fill("/registration/note", "后来改动")
        assert "成卷以后案件改动过" in one.get("/bundle").text
        assert "卷宗本身没有发现改动" in one.post(f"/bundle/{digest}/proof").text
        assert one.checked()["complete"]


def test_a_closed_gate_makes_nothing(tmp_path: Path) -> None:
    """While there is an error the button is disabled, each finding links to where it is fixed, and a request builds nothing."""
    with clerk(tmp_path, "incomplete") as one:
        text = one.get("/bundle").text
        assert re.search(r'<button type="submit" class="primary" disabled', text)
        assert f"{one.base}/materials#place-acceptance_service" in text
        one.post("/bundle", {"kind": "archive", "scope": "whole"})
        while one.get("/bundle/progress").status_code == HTTPStatus.OK:
            time.sleep(0.05)
        assert not list(one.folder.glob("*.pdf"))


def test_what_is_done_stands_in_the_history(tmp_path: Path) -> None:
    """Each change is an entry of the history, which ``history`` finds intact."""
    with clerk(tmp_path, "incomplete") as one:
        one.fill("/registration/note", "备注")
        one.upload(PETITION, "evidence")
        text = visible_text(one.get("/history").text)
        assert "加入材料" in text
        assert "修改 信访件登记的备注： （没有填） → 备注" in " ".join(text.split())
        assert run(["history", str(one.folder)]) == 0
        assert (
            json.loads((one.folder / ".bundler-history.jsonl").read_text("ascii").splitlines()[0])["action"] == "edit"
        )


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{", b'{"materials": 1}', b'{"materials": [{"file": "a"}], "petitioners": {}}', b"\xff\xfe"]
)
def test_a_case_that_cannot_be_read_still_has_its_pages(tmp_path: Path, data: bytes) -> None:
    """With any content of case.json every page is shown and says what is wrong."""
    with clerk(tmp_path, "incomplete") as one:
        (one.folder / "case.json").write_bytes(data)
        for part in ("", "/materials", "/papers", "/bundle", "/history"):
            assert one.get(part).status_code == 200, part
        assert "finding error" in one.get("/bundle").text


def overwrite_in_place(path: Path, old: bytes, new: bytes) -> None:
    """Replace bytes in the same file without changing its size or its modification time."""
    status, data = path.stat(), path.read_bytes()
    assert len(old) == len(new)
    assert old in data
    with path.open("r+b") as file:
        file.write(data.replace(old, new))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_the_gate_is_asked_again_when_a_file_is_another_and_only_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages of an unchanged case share one check; a change by another program shows on the next page, however it was written."""
    checked_folders: list[str] = []

    def counting_check(given: str, **options: Any) -> Any:  # noqa: ANN401 (passed through)
        checked_folders.append(given)
        return check_case(given, **options)

    monkeypatch.setattr(checked_case_cache, "check_case", counting_check)
    monkeypatch.setattr(checked_case_cache, "_SETTLE_SECONDS", -1.0)
    with clerk(tmp_path, "write-off-complete") as one:
        for path in ("", "/materials", "/papers", "/bundle"):
            assert "材料齐全，可以成卷" in one.get(path).text
        assert len(checked_folders) == 1
        overwrite_in_place(one.folder / "case.json", "上级法院交办".encode(), "上级法院来信".encode())
        assert 'value="上级法院来信"' in one.get().text
        assert len(checked_folders) == 2
        overwrite_in_place(one.folder / "materials" / "领导批示.jpg", b"\xff\xd8\xff", b"\0\0\0")
        assert "必须补正" in one.get("/bundle").text
        assert len(checked_folders) == 3
