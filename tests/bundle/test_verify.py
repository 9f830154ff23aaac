"""``verify``: an unchanged bundle passes, and each change to a bundle is reported as what it is."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from bundler.commands import run
from bundler.verification.verify import verify
from tests.support import tampering
from tests.support.bundles import run_bundler, write_sample_bundle
from tests.support.paths import SAMPLES, copy_sample
from tests.support.tampering import append_an_update, resaved, sha256

FLIPPED_BITS = 120


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of the declined sample: twelve pages, scans among them."""
    return write_sample_bundle("declined", tmp_path_factory.mktemp("verify") / "卷宗.pdf")


def found_codes(path: Path, **options: Any) -> set[tuple[str, int | None]]:  # noqa: ANN401 (whatever verify takes)
    """The problems that verification finds: each code with its page."""
    return {(problem.code, problem.page) for problem in verify(path, **options).problems}


def verify_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    """The exit status and the JSON of ``verify``."""
    status = run(["verify", *arguments, "--json"])
    tree: dict[str, Any] = json.loads(capsys.readouterr().out)
    return status, tree


def test_a_bundle_that_is_as_it_was_passes(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Also with its case and its digest; all points pass but the signature, which was not asked for."""
    status, tree = verify_json(
        capsys, str(bundle), "--case", str(SAMPLES / "declined"), "--sha256", sha256(bundle).upper()
    )

    assert (status, tree["ok"], tree["problems"]) == (0, True, [])
    assert {point["check"] for point in tree["report"]} == {"真实性", "完整性", "可用性", "安全性"}
    assert [point["point"] for point in tree["report"] if point["result"] != "passed"] == ["电子签名有效，签名人可信"]


@pytest.mark.parametrize("name", ["archive-complete", "write-off-complete"])
def test_every_sample_passes(tmp_path: Path, name: str) -> None:
    """Each of the other complete samples."""
    assert found_codes(write_sample_bundle(name, tmp_path / "o.pdf"), case=SAMPLES / name) == set()


EXPECTED_PROBLEMS = {
    "nothing": {("SEAL-MISSING", None)},
    "swap_pages": {("SEAL-MISSING", None), ("PAGE-MOVED", 5), ("PAGE-MOVED", 7)},
    "take_a_page_out": {("SEAL-MISSING", None), ("PAGE-MISSING", 9)},
    "put_a_page_in": {("SEAL-MISSING", None), ("PAGE-ADDED", 9)},
    "write_on_a_page": {("SEAL-MISSING", None), ("PAGE-CHANGED", 6)},
    "embed_a_file": {("SEAL-MISSING", None), ("EMBEDDED-EXTRA", None)},
    "change_a_page_and_the_manifest": {("SEAL-MISSING", None), ("MANIFEST-CHANGED", None)},
    "add_a_script": {("SEAL-MISSING", None), ("ACTIVE-CONTENT", None)},
    "rename_an_entry_of_the_outline": {("SEAL-MISSING", None), ("OUTLINE-MISMATCH", None)},
    "lead_the_index_elsewhere": {("SEAL-MISSING", None), ("INDEX-MISMATCH", 2)},
    "take_the_manifest_out": {("SEAL-MISSING", None), ("MANIFEST-MISSING", None)},
    "change_the_case": {("SEAL-MISSING", None), ("EMBEDDED-CHANGED", None)},
}


@pytest.mark.parametrize("how", EXPECTED_PROBLEMS)
def test_what_was_done_is_named(bundle: Path, tmp_path: Path, how: str) -> None:
    """The change and its page, and that another program saved the file; nothing else."""
    assert found_codes(resaved(bundle, tmp_path / "o.pdf", getattr(tampering, how))) == EXPECTED_PROBLEMS[how]


def test_labels_that_do_not_fit_are_named_page_by_page(bundle: Path, tmp_path: Path) -> None:
    """Each of the twelve pages."""
    found = found_codes(resaved(bundle, tmp_path / "o.pdf", tampering.number_the_pages_anew))

    assert {page for code, page in found if code == "LABEL-MISMATCH"} == set(range(1, 11))


def test_an_appended_update_is_named_with_the_page_that_it_redraws(bundle: Path, tmp_path: Path) -> None:
    """No byte of the original changed."""
    assert found_codes(append_an_update(bundle, tmp_path / "o.pdf")) == {("UPDATE-APPENDED", None), ("PAGE-CHANGED", 6)}


def test_bytes_behind_the_end_are_named(bundle: Path, tmp_path: Path) -> None:
    """A single byte is enough."""
    (tmp_path / "o.pdf").write_bytes(bundle.read_bytes() + b"\n")

    assert found_codes(tmp_path / "o.pdf") == {("DATA-APPENDED", None)}


@pytest.mark.slow
def test_one_bit_changed_anywhere_is_never_called_unchanged(bundle: Path, tmp_path: Path) -> None:
    """120 bits all over the file, half of them in the trailer, which holds the seal itself, and one in the header."""
    whole, target = bundle.read_bytes(), tmp_path / "o.pdf"
    chance = random.Random(70)  # noqa: S311 (the same places each time)
    ends = [chance.randrange(8 * 1024), *(8 * (len(whole) - 1 - chance.randrange(400)) for _ in range(60))]
    places = [*ends, *(chance.randrange(8 * len(whole)) for _ in range(FLIPPED_BITS - len(ends)))]
    unnoticed = []
    for place in places:
        changed_bundle = bytearray(whole)
        changed_bundle[place // 8] ^= 1 << place % 8
        target.write_bytes(changed_bundle)
        found = verify(target)
        if found.ok or not found.ours or not found.problems:
            unnoticed.append(place)

    assert unnoticed == []


def test_a_file_cut_short_is_damaged(bundle: Path, tmp_path: Path) -> None:
    """The seal at its end is missing."""
    whole = bundle.read_bytes()
    (tmp_path / "o.pdf").write_bytes(whole[: len(whole) * 9 // 10])

    assert ("SEAL-MISSING", None) in found_codes(tmp_path / "o.pdf")
    assert {"PDF-DAMAGED"} <= {code for code, _ in found_codes(tmp_path / "o.pdf")}


@pytest.mark.parametrize("what", ["missing", "folder", "empty", "picture", "pdf"])
def test_what_is_none_of_ours_is_status_3(tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str) -> None:
    """Another program's PDF, other files, a folder, no file."""
    path = tmp_path / "o.pdf"
    if what == "folder":
        path.mkdir()
    elif what == "pdf":
        with pikepdf.new() as pdf:
            pdf.add_blank_page()
            pdf.save(path)
    elif what != "missing":
        path.write_bytes(b"" if what == "empty" else b"\xff\xd8\xff\xe0" * 100)
    status, tree = verify_json(capsys, str(path))

    assert (status, tree["ok"], [p["code"] for p in tree["problems"]]) == (3, False, ["NOT-OURS"])


def test_another_digest_than_the_one_noted_is_named(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A value that is not a digest is wrong usage."""
    status, tree = verify_json(capsys, str(bundle), "--sha256", "0" * 64)

    assert (status, [p["code"] for p in tree["problems"]]) == (1, ["SHA256-MISMATCH"])
    assert run(["verify", str(bundle), "--sha256", "00"]) == 2


def test_the_sources_are_compared_with_the_case(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A changed, a missing and a new file and case.json itself: each is reported with its name."""
    folder = tmp_path / "case"
    copy_sample("declined", folder)
    tree = json.loads((folder / "case.json").read_text("utf-8"))
    changed, gone = (material["file"] for material in tree["materials"][:2])
    (folder / changed).write_bytes((folder / changed).read_bytes() + b" ")
    (folder / gone).unlink()
    (folder / "materials" / "new.pdf").write_bytes(b"new")
    tree["materials"].append({"items": ["other"], "file": "materials/new.pdf"})
    (folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False), "utf-8")
    status, found = verify_json(capsys, str(bundle), "--case", str(folder))

    assert status == 1
    assert {(p["code"], p["file"]) for p in found["problems"]} == {
        ("SOURCE-CHANGED", changed),
        ("SOURCE-MISSING", gone),
        ("SOURCE-NEW", "materials/new.pdf"),
        ("CASE-CHANGED", "case.json"),
    }


def test_a_case_that_went_on_does_not_make_the_bundle_a_wrong_one(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """After a change of the case, and with another case: the conclusion says so, one line for each, and a next step."""
    folder = tmp_path / "case"
    copy_sample("declined", folder)
    text = (folder / "case.json").read_text("utf-8")
    (folder / "case.json").write_text(text.replace("{", "{ ", 1), "utf-8")
    for case, message in ((folder, "case.json 与成卷时不同。"), (SAMPLES / "write-off-complete", "给出的案件是另一件")):
        assert run(["verify", str(bundle), "--case", str(case)]) == 1
        shown = capsys.readouterr().out
        assert "不一致（1 处）" in shown
        assert message in shown
        assert "→ 要核对这一卷，请用成卷时的案件文件夹；案件改得对的，请重新成卷。" in shown
        assert shown.rstrip().endswith(
            "结论：卷宗本身没有发现改动；案件不是成卷时的样子，不能用它重新成卷来比较，见上。"
        )
        assert "原件使用" not in shown


def test_a_case_that_is_not_there_cannot_be_compared(bundle: Path, tmp_path: Path) -> None:
    """Reported once, not for each source."""
    assert found_codes(bundle, case=tmp_path) == {("CASE-UNREADABLE", None)}


@pytest.mark.parametrize(
    "data", [b"", b"[" * 300_000, b'{"version": 1}', b"\x00" * 1000], ids=["empty", "deep", "other", "noise"]
)
def test_a_manifest_that_is_none_is_told_and_never_a_crash(bundle: Path, tmp_path: Path, data: bytes) -> None:
    """Each kind of invalid content is reported as MANIFEST-INVALID."""

    def replace(pdf: pikepdf.Pdf) -> None:
        del pdf.attachments["manifest.json"]
        pdf.attachments["manifest.json"] = data

    assert ("MANIFEST-INVALID", None) in found_codes(resaved(bundle, tmp_path / "o.pdf", replace))


def test_the_page_on_the_terminal_says_what_holds_and_what_does_not(bundle: Path, tmp_path: Path) -> None:
    """Each point in Chinese, the conclusion last, exit status 1."""
    changed_bundle = resaved(bundle, tmp_path / "o.pdf", tampering.write_on_a_page)
    done = run_bundler("verify", changed_bundle)

    assert done.returncode == 1
    assert "✗ 不通过　每一页的内容与清单的摘要一致" in done.stdout
    assert "✓ 通过　总页数、各页次序与清单一致" in done.stdout
    assert "文件第 6 页（页号 4）的内容被改动" in done.stdout
    assert done.stdout.rstrip().endswith("结论：与成卷时不一致，不能作为归档原件使用。")
    assert done.stderr == ""
