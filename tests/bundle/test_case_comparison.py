"""``verify --case``: the bundle is built anew from the case, so digests that fit do not help a forger."""

from __future__ import annotations

import json
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from bundler.commands import run
from bundler.profile import DEFAULT_PROFILE
from bundler.verification.verify import verify
from tests.support import certificate_authority
from tests.support.bundles import TODAY, add_material, build, write_sample_bundle
from tests.support.case_files import read_tree
from tests.support.forgery import draw_block, forge
from tests.support.paths import SAMPLES
from tests.support.tampering import sha256

CASE = SAMPLES / "declined"


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of the declined sample: ten pages, scans among them."""
    return write_sample_bundle(CASE.name, tmp_path_factory.mktemp("comparison") / "卷宗.pdf")


def codes(path: Path, case: Path = CASE) -> set[tuple[str, int | None]]:
    """What verification with a case finds: each code with its page."""
    return {(problem.code, problem.page) for problem in verify(path, case=case).problems}


def basis(path: Path, case: Path = CASE) -> str | None:
    """By what the bundle and the one built anew are the same; None where there is a problem."""
    found = verify(path, case=case)
    assert found.comparison is not None
    return found.comparison.basis.value if found.ok and found.comparison.basis else None


def draw_on(*pages: int) -> Callable[[pikepdf.Pdf], None]:
    """A change that draws a black block on pages, counted from 0."""

    def change(pdf: pikepdf.Pdf) -> None:
        for page in pages:
            draw_block(pdf, page)

    return change


def exchange_pages(pdf: pikepdf.Pdf) -> None:
    """What the fourth and the sixth page show; labels and numbers of objects stay."""
    fourth, sixth = pdf.pages[3].obj, pdf.pages[5].obj
    for key in ("/Contents", "/Resources"):
        fourth[key], sixth[key] = sixth[key], fourth[key]


def store_fonts_otherwise(pdf: pikepdf.Pdf) -> None:
    """Every font program with other bytes and the same outlines, as another release of a library leaves them."""
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") in {"/CIDFontType0C", "/OpenType", "/Type1C"}:
            thing.write(zlib.compress(thing.read_bytes(), 1), filter=pikepdf.Name.FlateDecode)


def elsewhere(tree: dict[str, Any]) -> None:
    """Say in the manifest that another HarfBuzz set the pages."""
    tree["tool"]["libraries"]["harfbuzz"] = "5.0.0"


def test_the_forgers_file_passes_without_the_case(bundle: Path, tmp_path: Path) -> None:
    """So these forgeries are real: nothing within the file betrays them."""
    for n, change in enumerate([draw_on(4), draw_on(8), exchange_pages]):
        assert verify(forge(bundle, tmp_path / f"{n}.pdf", change)).ok


def test_a_bundle_is_the_same_bytes_as_the_one_built_anew(bundle: Path) -> None:
    """In the surroundings in which it was made."""
    assert basis(bundle) == "bytes"


@pytest.mark.parametrize("pages", [(4,), (0, 1, 4, 8, 9)])
def test_redrawn_pages_are_named(bundle: Path, tmp_path: Path, pages: tuple[int, ...]) -> None:
    """One; and a cover, an index, a typeset page, a scan and the closing note, each of them."""
    found = codes(forge(bundle, tmp_path / "o.pdf", draw_on(*pages)))

    assert found == {("PAGE-NOT-FROM-CASE", page + 1) for page in pages}


def test_exchanged_pages_are_named(bundle: Path, tmp_path: Path) -> None:
    """Both of them."""
    found = codes(forge(bundle, tmp_path / "o.pdf", exchange_pages))

    assert found == {("PAGE-NOT-FROM-CASE", 4), ("PAGE-NOT-FROM-CASE", 6)}


def without_sources(tree: dict[str, Any]) -> None:
    """No sources, as a book that is one of two."""
    tree.update(sources=[], part={"number": 1, "of": 2})


def without_findings(tree: dict[str, Any]) -> None:
    """None of the gate's warnings."""
    tree["findings"] = []


def with_another_origin(tree: dict[str, Any]) -> None:
    """A generated paper called a file."""
    tree["papers"][0]["origin"] = "file"


@pytest.mark.parametrize("edit", [without_sources, without_findings, with_another_origin])
def test_a_manifest_that_says_otherwise_is_named(
    bundle: Path, tmp_path: Path, edit: Callable[[dict[str, Any]], None]
) -> None:
    """Although each page is as it was."""
    assert {code for code, _ in codes(forge(bundle, tmp_path / "o.pdf", edit=edit))} == {"MANIFEST-NOT-FROM-CASE"}


def rename_a_heading(pdf: pikepdf.Pdf) -> None:
    """The first heading of the outline, which the manifest does not know."""
    with pdf.open_outline() as outline:
        outline.root[0].title = "另一项"


@pytest.mark.parametrize("edit", [lambda _: None, elsewhere])
def test_a_renamed_heading_of_the_outline_is_named(
    bundle: Path, tmp_path: Path, edit: Callable[[dict[str, Any]], None]
) -> None:
    """No digest covers it but the seal."""
    found = {code for code, _ in codes(forge(bundle, tmp_path / "o.pdf", rename_a_heading, edit))}

    assert "FILE-NOT-FROM-CASE" in found


def test_pages_set_with_other_libraries_are_compared_by_what_they_show(bundle: Path, tmp_path: Path) -> None:
    """The same pages with other bytes: told, and a success; the surroundings are named."""
    forged = forge(bundle, tmp_path / "o.pdf", store_fonts_otherwise, elsewhere)
    found = verify(forged, case=CASE)

    assert basis(forged) == "appearance"
    assert found.comparison is not None
    assert len(found.comparison.surroundings) == 1
    assert "harfbuzz（成卷时 5.0.0，本机 " in found.comparison.surroundings[0]


def test_the_same_bytes_are_asked_where_the_surroundings_are_the_same(bundle: Path, tmp_path: Path) -> None:
    """Fonts that are stored otherwise are then a change."""
    assert {code for code, _ in codes(forge(bundle, tmp_path / "o.pdf", store_fonts_otherwise))} == {
        "PAGE-NOT-FROM-CASE"
    }


def test_redrawn_pages_are_no_success_whatever_the_surroundings(bundle: Path, tmp_path: Path) -> None:
    """A forger who says that he worked with other libraries gains nothing; only the pages that he drew on are named."""

    def change(pdf: pikepdf.Pdf) -> None:
        store_fonts_otherwise(pdf)
        draw_on(0, 4, 9)(pdf)

    forged = forge(bundle, tmp_path / "o.pdf", change, elsewhere)

    assert codes(forged) == {("CASE-NOT-COMPARABLE", None), *(("PAGE-NOT-FROM-CASE", page) for page in (1, 5, 10))}


def test_another_release_of_the_tool_is_said_and_no_success_where_anything_differs(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the words that a clerk reads."""

    def older(tree: dict[str, Any]) -> None:
        tree["tool"]["version"] = "0.0.1"
        tree["findings"] = []

    forged = forge(bundle, tmp_path / "o.pdf", edit=older)

    assert run(["verify", str(forged), "--case", str(CASE)]) == 1
    assert "本机与成卷时的环境不同（工具的版本（成卷时 0.0.1，本机 " in capsys.readouterr().out


def test_a_case_that_the_gate_refuses_now_proves_nothing(bundle: Path, tmp_path: Path) -> None:
    """Its case.json and its files are those of the bundle, and still it cannot be bound: with another court's profile."""
    profile = tmp_path / "court.toml"
    profile.write_text(DEFAULT_PROFILE.read_text("utf-8").replace("钢城区", "莱城区"), "utf-8")

    assert run(["verify", str(bundle), "--case", str(CASE), "--profile", str(profile)]) == 1


def test_a_supplement_is_built_anew_step_by_step(bundle: Path, tmp_path: Path) -> None:
    """Twice: the first bundle's case is vouched for by the case at hand, which only grew."""
    case, first, second = tmp_path / "case", tmp_path / "1.pdf", tmp_path / "2.pdf"
    shutil.copytree(CASE, case)
    add_material(case, "约谈笔录.pdf", "补交的谈话笔录")
    assert build(case, first, "--supplement", str(bundle)) == 0
    add_material(case, "调查笔录.pdf", "补交的调查笔录")
    assert build(case, second, "--supplement", str(first)) == 0

    assert basis(second, case) == "bytes"
    forged = forge(second, tmp_path / "o.pdf", draw_on(5))
    assert codes(forged, case) == {("PAGE-NOT-FROM-CASE", 6)}


def test_a_supplement_to_a_forged_bundle_is_refused(bundle: Path, tmp_path: Path) -> None:
    """And nothing is written."""
    case, target = tmp_path / "case", tmp_path / "o.pdf"
    shutil.copytree(CASE, case)
    add_material(case, "约谈笔录.pdf", "补交的谈话笔录")

    assert build(case, target, "--supplement", str(forge(bundle, tmp_path / "f.pdf", draw_on(5)))) == 1
    assert not target.exists()


def test_an_earlier_case_that_nothing_vouches_for_is_said(tmp_path: Path) -> None:
    """A word of the case changed between the bundle and its supplement: only the history can tell that it was so."""
    case, old, target = tmp_path / "case", tmp_path / "1.pdf", tmp_path / "2.pdf"
    shutil.copytree(CASE, case)
    assert build(case, old) == 0
    add_material(case, "约谈笔录.pdf", "补交的谈话笔录")
    tree = read_tree(case)
    tree["materials"][0]["title"] = "改过的题名"
    (case / "case.json").write_text(json.dumps(tree, ensure_ascii=False), "utf-8")

    assert run(["build", str(case), "-o", str(target), "--today", TODAY, "--supplement", str(old)]) == 0
    assert run(["verify", str(target), "--case", str(case)]) == 0
    (case / ".bundler-history.jsonl").unlink()
    assert codes(target, case) == {("CASE-EARLIER-UNPROVED", None)}


def test_a_main_volume_and_books_are_built_anew(tmp_path: Path) -> None:
    """正卷 and 分册; one drawn on is named."""
    case = SAMPLES / "archive-complete"
    profile, main = tmp_path / "court.toml", tmp_path / "正卷.pdf"
    assert build(case, main, "--volume", "正卷") == 0
    assert basis(main, case) == "bytes"
    assert codes(forge(main, tmp_path / "o.pdf", draw_on(4)), case) == {("PAGE-NOT-FROM-CASE", 5)}
    text = DEFAULT_PROFILE.read_text("utf-8")
    profile.write_text(
        "volume_pages = 10\n" + "\n".join(line for line in text.splitlines() if not line.startswith("volume_pages")),
        "utf-8",
    )
    assert build(case, tmp_path / "卷.pdf", "--profile", str(profile)) == 0
    books = sorted(tmp_path.glob("卷-第*册.pdf"))
    assert len(books) > 1
    for book in books:
        assert run(["verify", str(book), "--case", str(case), "--profile", str(profile)]) == 0
    forged = forge(books[1], tmp_path / "b.pdf", draw_on(3))
    assert run(["verify", str(forged), "--case", str(case), "--profile", str(profile)]) == 1


def test_signing_asks_for_a_proof(bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the case, the noted digest, the case beside the file, or this user's own record of what he built."""
    root = certificate_authority.authority("样本根证书")
    key, word, out = tmp_path / "key.p12", tmp_path / "word.txt", tmp_path / "o.pdf"
    key.write_bytes(certificate_authority.p12(certificate_authority.signer("样本法院档案章", root), root))
    word.write_bytes(certificate_authority.PASSPHRASE)
    forged = forge(bundle, tmp_path / "f.pdf", draw_on(5))

    def sign(file: Path, *options: str) -> int:
        out.unlink(missing_ok=True)
        status = run(["sign", str(file), "--key", str(key), "--passphrase-file", str(word), "-o", str(out), *options])
        assert out.exists() == (status == 0)
        return status

    assert sign(bundle) == 0
    assert sign(forged) == 2
    assert sign(forged, "--case", str(CASE)) == 1
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert sign(bundle) == 2
    assert sign(bundle, "--case", str(CASE)) == 0
    assert sign(bundle, "--sha256", sha256(bundle)) == 0
    assert sign(forged, "--sha256", sha256(bundle)) == 1
    case = tmp_path / "case"
    shutil.copytree(CASE, case)
    shutil.copy(bundle, case / "卷.pdf")
    shutil.copy(forged, case / "假.pdf")
    assert sign(case / "卷.pdf") == 0
    assert sign(case / "假.pdf") == 1


def test_a_bundle_whose_case_went_on_is_still_added_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scan was replaced since: the history names the file, and neither a change of it nor a lost history is accepted."""
    case, old, out = tmp_path / "case", tmp_path / "old.pdf", tmp_path / "o.pdf"
    shutil.copytree(CASE, case)
    assert build(case, old) == 0
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    add_material(case, "约谈笔录.pdf", "补交的谈话笔录")
    replaced = case / read_tree(case)["materials"][0]["file"]
    replaced.write_bytes(replaced.read_bytes() + b"\n")

    assert build(case, out, "--supplement", str(old)) == 0
    assert build(case, out, "--supplement", str(forge(old, tmp_path / "f.pdf", lambda pdf: draw_block(pdf, 5)))) == 1
    (case / ".bundler-history.jsonl").unlink()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "another"))
    assert build(case, out, "--supplement", str(old)) == 1
