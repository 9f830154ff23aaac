"""Volumes: the 正卷 shows no internal paper, books share one numbering, a supplement moves no earlier page."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pikepdf
import pypdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bundler.bind.binding_order import BoundPaper, FolioRange, Origin, Section
from bundler.bind.volumes_and_books import split_into_books
from bundler.profile import DEFAULT_PROFILE
from bundler.regulation.papers import Item
from bundler.verification.verify import verify
from tests.support.bundles import (
    add_material,
    build,
    read_embedded_files,
    read_manifest_tree,
    write_sample_bundle,
)
from tests.support.case_files import read_tree
from tests.support.paths import SAMPLES, copy_sample
from tests.support.verapdf import VeraPdf


def page_text(path: Path) -> str:
    """The text of all pages without white space."""
    return "".join("".join(page.extract_text().split()) for page in pypdf.PdfReader(path).pages)


@pytest.fixture(scope="module")
def main_volume(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The 正卷 of the archive sample."""
    target = tmp_path_factory.mktemp("main") / "正卷.pdf"
    assert build(SAMPLES / "archive-complete", target, "--volume", "正卷") == 0
    return target


def test_the_main_volume_leaves_out_the_courts_inner_business(main_volume: Path) -> None:
    """Neither its pages nor its file names nor its titles are in the file, only digests; the 页号 have no gap."""
    case = json.loads((SAMPLES / "archive-complete" / "case.json").read_text("utf-8"))
    inner = [m for m in case["materials"] if {"leader_instruction", "approval"} & set(m["items"])]
    digests = [hashlib.sha256((SAMPLES / "archive-complete" / m["file"]).read_bytes()).hexdigest() for m in inner]
    tree, whole = read_manifest_tree(main_volume), main_volume.read_bytes()

    assert inner
    assert tree["volume"] == "main"
    assert [one["sha256"] for one in tree["left_out"] if one["sha256"]] == digests
    for material in inner:
        assert material["file"].encode() not in whole
        assert "".join(material["title"].split()) not in page_text(main_volume)
    assert [page["label"] for page in tree["page_digests"] if page["label"].isdigit()] == [
        str(n) for n in range(1, tree["pages"] + 1)
    ]


def test_the_main_volume_carries_only_the_cases_digest(main_volume: Path) -> None:
    """case.json is not embedded, and the volume verifies also against the case folder."""
    data = (SAMPLES / "archive-complete" / "case.json").read_bytes()

    assert set(read_embedded_files(main_volume)) == {"manifest.json"}
    assert read_manifest_tree(main_volume)["case"]["sha256"] == hashlib.sha256(data).hexdigest()
    assert verify(main_volume, case=SAMPLES / "archive-complete").problems == ()
    assert "（正卷）" in page_text(main_volume)


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The write-off sample in books of at most twelve pages."""
    folder = tmp_path_factory.mktemp("books")
    profile = folder / "p.toml"
    profile.write_text("volume_pages = 12\n" + DEFAULT_PROFILE.read_text("utf-8"), "utf-8")
    assert build(SAMPLES / "write-off-complete", folder / "卷.pdf", "--profile", str(profile)) == 0
    return sorted(folder.glob("*.pdf"))


def test_books_share_one_numbering_and_keep_papers_whole(books: list[Path]) -> None:
    """页号 1…n through all books, no book longer than the limit, each paper in one book."""
    trees = [read_manifest_tree(book) for book in books]
    labels = [page["label"] for tree in trees for page in tree["page_digests"] if page["label"].isdigit()]
    papers = [paper["number"] for tree in trees for paper in tree["papers"]]

    assert [book.name for book in books] == [f"卷-第{n}册.pdf" for n in range(1, len(books) + 1)]
    assert [tree["part"] for tree in trees] == [{"number": n, "of": len(books)} for n in range(1, len(books) + 1)]
    assert labels == [str(n) for n in range(1, len(labels) + 1)]
    assert max(tree["pages"] for tree in trees) <= 12
    assert papers == list(range(1, len(papers) + 1))


def test_each_book_is_a_valid_file_of_its_own(books: list[Path]) -> None:
    """Each has a cover, an index and a manifest, and verifies by itself; the case is embedded in the first.

    `test_case_comparison` binds books anew from their case.
    """
    for number, book in enumerate(books, start=1):
        labels = pypdf.PdfReader(book).page_labels
        assert (labels[0], labels[1], labels[-1]) == ("封面", "目录-1", "备考表")
        assert f"第{number}册共{len(books)}册" in page_text(book)
        assert ("case.json" in read_embedded_files(book)) == (number == 1)
        assert verify(book).problems == ()


def test_volumes_and_books_are_archive_files(main_volume: Path, books: list[Path], verapdf: VeraPdf) -> None:
    """Each file is PDF/A-3b."""
    assert verapdf.faults([main_volume, *books]) == {}


def make_paper(number: int) -> BoundPaper:
    """A bound paper with this number."""
    return BoundPaper(f"material-{number}", Item.OTHER, (Item.OTHER,), f"第{number}件", Origin.FILE)


@given(st.lists(st.integers(1, 60), min_size=1, max_size=30), st.integers(10, 40))
def test_any_file_is_divided_without_loss(lengths: list[int], limit: int) -> None:
    """Every page is in one book, no book is too long, and no paper is divided that would fit into a book."""
    papers = tuple(make_paper(number) for number in range(len(lengths)))
    folios, following = {}, 1
    for one, length in zip(papers, lengths, strict=True):
        folios[one.key] = FolioRange(following, following + length - 1)
        following += length
    divided = split_into_books((Section(Item.OTHER, papers),), folios, limit)
    spans = [[book.folios[one.key] for section in book.sections for one in section.papers] for book in divided]
    pages = [[n for span in book for n in range(span.first, span.last + 1)] for book in spans]

    assert [n for book in pages for n in book] == list(range(1, following))
    assert all(0 < len(book) <= limit for book in pages)
    for one, length in zip(papers, lengths, strict=True):
        holding = [book for book in divided if one in book.sections[0].papers]
        assert len(holding) == 1 or length > limit


@pytest.fixture
def case_with_new_paper(tmp_path: Path) -> Path:
    """The declined sample with a paper that arrived after the bundle was handed in."""
    folder = tmp_path / "case"
    copy_sample("declined", folder)
    add_material(folder, "约谈笔录.pdf", "补交的谈话笔录")
    return folder


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of the declined sample as it was handed in."""
    return write_sample_bundle("declined", tmp_path_factory.mktemp("old") / "原卷.pdf")


def test_a_supplement_stands_behind_pages_that_stay_as_they_were(
    original: Path, case_with_new_paper: Path, tmp_path: Path, verapdf: VeraPdf
) -> None:
    """Earlier pages, their 页号 and the old manifest are kept; the new paper gets the next number."""
    target = tmp_path / "补.pdf"
    assert build(case_with_new_paper, target, "--supplement", str(original)) == 0
    before, after, held = read_manifest_tree(original), read_manifest_tree(target), read_embedded_files(target)
    count = len(before["page_digests"])
    labels = [page["label"] for page in after["page_digests"]]

    assert after["page_digests"][:count] == before["page_digests"]
    assert held["manifest-1.json"] == read_embedded_files(original)["manifest.json"]
    assert held["case-1.json"] == read_embedded_files(original)["case.json"]
    assert held["case.json"] == (case_with_new_paper / "case.json").read_bytes()
    assert labels[count] == "补充目录-1"
    assert labels[count + 1] == str(before["pages"] + 1)
    assert labels[-1] == "补充备考表"
    assert verapdf.faults([target]) == {}
    assert [entry.title for entry in pypdf.PdfReader(target).outline if not isinstance(entry, list)][-1] == "补充材料"
    assert verify(target, case=case_with_new_paper).problems == ()


def test_a_second_supplement_keeps_both_manifests(original: Path, case_with_new_paper: Path, tmp_path: Path) -> None:
    """The numbering continues."""
    first, second = tmp_path / "一.pdf", tmp_path / "二.pdf"
    assert build(case_with_new_paper, first, "--supplement", str(original)) == 0
    add_material(case_with_new_paper, "调查笔录.pdf", "补交的调查笔录")
    assert build(case_with_new_paper, second, "--supplement", str(first)) == 0
    held = read_embedded_files(second)

    assert held["manifest-1.json"] == read_embedded_files(original)["manifest.json"]
    assert held["manifest-2.json"] == read_embedded_files(first)["manifest.json"]
    assert (
        read_manifest_tree(second)["pages"] > read_manifest_tree(first)["pages"] > read_manifest_tree(original)["pages"]
    )
    assert verify(second, case=case_with_new_paper).problems == ()


def test_an_earlier_page_changed_in_a_supplement_is_named(
    original: Path, case_with_new_paper: Path, tmp_path: Path
) -> None:
    """Also where the newer manifest was changed to agree."""
    target = tmp_path / "补.pdf"
    assert build(case_with_new_paper, target, "--supplement", str(original)) == 0
    with pikepdf.open(target, allow_overwriting_input=True) as pdf:
        tree = json.loads(pdf.attachments["manifest.json"].get_file().read_bytes())
        tree["page_digests"][2]["sha256"] = "0" * 64
        del pdf.attachments["manifest.json"]
        pdf.attachments["manifest.json"] = json.dumps(tree).encode()
        pdf.save(target)

    assert "EARLIER-MISMATCH" in {problem.code for problem in verify(target).problems}


def test_a_bundle_that_cannot_be_added_to_is_refused(original: Path, case_with_new_paper: Path, tmp_path: Path) -> None:
    """A changed bundle, one of another case, no new paper, the bundle itself as target: nothing is written."""
    changed, target = tmp_path / "改.pdf", tmp_path / "补.pdf"
    changed.write_bytes(original.read_bytes() + b" ")
    before = original.read_bytes()

    assert build(case_with_new_paper, target, "--supplement", str(changed)) == 1
    assert build(SAMPLES / "archive-complete", target, "--supplement", str(original)) == 1
    assert build(SAMPLES / "declined", target, "--supplement", str(original)) == 1
    assert build(case_with_new_paper, original, "--supplement", str(original)) == 2
    assert build(case_with_new_paper, target, "--supplement", str(tmp_path / "没有.pdf")) == 2
    assert not target.exists()
    assert original.read_bytes() == before


RECEIPT = "答复意见书送达回证.png"


def test_the_cover_tells_each_day_of_service(tmp_path: Path) -> None:
    """Of several petitioners the reply is served on several days; none of them is left out."""
    case = copy_sample("archive-complete", tmp_path / "案件")
    shutil.copy(SAMPLES / "write-off-complete" / "materials" / RECEIPT, case / "materials" / RECEIPT)
    tree = read_tree(case)
    receipt = {"items": ["reply_service"], "file": f"materials/{RECEIPT}", "title": "答复意见书送达回证"}
    tree["materials"].append({**receipt, "signed_on": "2021-11-22"})
    (case / "case.json").write_text(json.dumps(tree, ensure_ascii=False), "utf-8")
    assert build(case, tmp_path / "卷.pdf") == 0

    with pypdfium2.PdfDocument(tmp_path / "卷.pdf") as pdf:
        cover = "".join(pdf[0].get_textpage().get_text_bounded().split())
    assert "答复送达日期2021年11月20日、2021年11月22日" in cover
