"""The court's volumes: the 正卷 shows nothing inner, books keep one numbering, a supplement moves no earlier page."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bundler.bind.binding_order import BoundPaper, FolioRange, Origin, Section
from bundler.bind.volume_split import split_into_books
from bundler.commands import run
from bundler.profile import DEFAULT_PROFILE
from bundler.regulation.papers import Item
from bundler.verification.verify import verify
from tests.support.paths import SAMPLES
from tests.support.verapdf import VeraPdf

TODAY = "2021-12-20"


def build(case: Path, target: Path, *options: str) -> int:
    """Build in this process."""
    return run(["build", str(case), "-o", str(target), "--today", TODAY, *options])


def embedded(path: Path) -> dict[str, bytes]:
    """The embedded files of a bundle."""
    with pikepdf.open(path) as pdf:
        return {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}


def manifest(path: Path) -> dict[str, Any]:
    """The manifest of a bundle."""
    tree: dict[str, Any] = json.loads(embedded(path)["manifest.json"])
    return tree


def text(path: Path) -> str:
    """All its words, without blanks."""
    return "".join("".join(page.extract_text().split()) for page in pypdf.PdfReader(path).pages)


@pytest.fixture(scope="module")
def main_volume(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The 正卷 of the archive sample."""
    target = tmp_path_factory.mktemp("main") / "正卷.pdf"
    assert build(SAMPLES / "archive-complete", target, "--volume", "正卷") == 0
    return target


def test_the_main_volume_leaves_out_the_courts_inner_business(main_volume: Path) -> None:
    """No page, no name and no word of it; only its digest; its own index, and 页号 without a gap."""
    case = json.loads((SAMPLES / "archive-complete" / "case.json").read_text("utf-8"))
    inner = [m for m in case["materials"] if {"leader_instruction", "approval"} & set(m["items"])]
    digests = [hashlib.sha256((SAMPLES / "archive-complete" / m["file"]).read_bytes()).hexdigest() for m in inner]
    tree, whole = manifest(main_volume), main_volume.read_bytes()

    assert inner
    assert tree["volume"] == "main"
    assert [one["sha256"] for one in tree["left_out"] if one["sha256"]] == digests
    for material in inner:
        assert material["file"].encode() not in whole
        assert "".join(material["title"].split()) not in text(main_volume)
    assert [page["label"] for page in tree["page_digests"] if page["label"].isdigit()] == [
        str(n) for n in range(1, tree["pages"] + 1)
    ]


def test_the_main_volume_carries_only_the_cases_digest(main_volume: Path) -> None:
    """The case itself stays in the court; the volume verifies, with the case beside it too."""
    data = (SAMPLES / "archive-complete" / "case.json").read_bytes()

    assert set(embedded(main_volume)) == {"manifest.json"}
    assert manifest(main_volume)["case"]["sha256"] == hashlib.sha256(data).hexdigest()
    assert verify(main_volume, case=SAMPLES / "archive-complete").problems == ()
    assert "（正卷）" in text(main_volume)


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The write-off sample in books of at most twelve pages."""
    folder = tmp_path_factory.mktemp("books")
    profile = folder / "p.toml"
    profile.write_text("volume_pages = 12\n" + DEFAULT_PROFILE.read_text("utf-8"), "utf-8")
    assert build(SAMPLES / "write-off-complete", folder / "卷.pdf", "--profile", str(profile)) == 0
    return sorted(folder.glob("*.pdf"))


def test_books_share_one_numbering_and_keep_papers_whole(books: list[Path]) -> None:
    """1…n through all of them; none longer than the limit; each paper in one book."""
    trees = [manifest(book) for book in books]
    labels = [page["label"] for tree in trees for page in tree["page_digests"] if page["label"].isdigit()]
    papers = [paper["number"] for tree in trees for paper in tree["papers"]]

    assert [book.name for book in books] == [f"卷-第{n}册.pdf" for n in range(1, len(books) + 1)]
    assert [tree["part"] for tree in trees] == [{"number": n, "of": len(books)} for n in range(1, len(books) + 1)]
    assert labels == [str(n) for n in range(1, len(labels) + 1)]
    assert max(tree["pages"] for tree in trees) <= 12
    assert papers == list(range(1, len(papers) + 1))


def test_each_book_is_a_valid_file_of_its_own(books: list[Path]) -> None:
    """Cover, own index, own manifest; it verifies by itself, and the case lies in the first."""
    for number, book in enumerate(books, start=1):
        labels = pypdf.PdfReader(book).page_labels
        assert (labels[0], labels[1], labels[-1]) == ("封面", "目录-1", "备考表")
        assert f"第{number}册共{len(books)}册" in text(book)
        assert ("case.json" in embedded(book)) == (number == 1)
        assert verify(book, case=SAMPLES / "write-off-complete").problems == ()


def test_volumes_and_books_are_archive_files(main_volume: Path, books: list[Path], verapdf: VeraPdf) -> None:
    """PDF/A-3b, each by itself."""
    assert verapdf.faults([main_volume, *books]) == {}


def paper(number: int) -> BoundPaper:
    """A paper of that number."""
    return BoundPaper(f"material-{number}", Item.OTHER, (Item.OTHER,), f"第{number}件", Origin.FILE)


@given(st.lists(st.integers(1, 60), min_size=1, max_size=30), st.integers(10, 40))
def test_any_file_is_divided_without_loss(lengths: list[int], limit: int) -> None:
    """Every page in one book, none too long, and no paper cut that would have fitted."""
    papers = tuple(paper(number) for number in range(len(lengths)))
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
def grown(tmp_path: Path) -> Path:
    """The declined case, to which a paper came after hand-in."""
    folder = tmp_path / "case"
    shutil.copytree(SAMPLES / "declined", folder)
    add(folder, "约谈笔录.pdf", "补交的谈话笔录")
    return folder


def add(folder: Path, file: str, title: str) -> None:
    """A paper of another sample comes to a case."""
    shutil.copy(SAMPLES / "archive-complete" / "materials" / file, folder / "materials" / f"新{file}")
    tree = json.loads((folder / "case.json").read_text("utf-8"))
    tree["materials"].append({"items": ["other"], "file": f"materials/新{file}", "title": title})
    (folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False), "utf-8")


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of the declined sample, as it was handed in."""
    target = tmp_path_factory.mktemp("old") / "原卷.pdf"
    assert build(SAMPLES / "declined", target) == 0
    return target


def test_a_supplement_stands_behind_pages_that_stay_as_they_were(
    old: Path, grown: Path, tmp_path: Path, verapdf: VeraPdf
) -> None:
    """Every earlier page, its 页号 and the old manifest; the new paper goes on with the next number."""
    target = tmp_path / "补.pdf"
    assert build(grown, target, "--supplement", str(old)) == 0
    before, after, held = manifest(old), manifest(target), embedded(target)
    count = len(before["page_digests"])
    labels = [page["label"] for page in after["page_digests"]]

    assert after["page_digests"][:count] == before["page_digests"]
    assert held["manifest-1.json"] == embedded(old)["manifest.json"]
    assert held["case-1.json"] == embedded(old)["case.json"]
    assert held["case.json"] == (grown / "case.json").read_bytes()
    assert labels[count] == "补充目录-1"
    assert labels[count + 1] == str(before["pages"] + 1)
    assert labels[-1] == "补充备考表"
    assert verapdf.faults([target]) == {}
    assert [entry.title for entry in pypdf.PdfReader(target).outline if not isinstance(entry, list)][-1] == "补充材料"
    assert verify(target, case=grown).problems == ()


def test_a_second_supplement_keeps_both_manifests(old: Path, grown: Path, tmp_path: Path) -> None:
    """And the numbers run on."""
    first, second = tmp_path / "一.pdf", tmp_path / "二.pdf"
    assert build(grown, first, "--supplement", str(old)) == 0
    add(grown, "调查笔录.pdf", "补交的调查笔录")
    assert build(grown, second, "--supplement", str(first)) == 0
    held = embedded(second)

    assert held["manifest-1.json"] == embedded(old)["manifest.json"]
    assert held["manifest-2.json"] == embedded(first)["manifest.json"]
    assert manifest(second)["pages"] > manifest(first)["pages"] > manifest(old)["pages"]
    assert verify(second, case=grown).problems == ()


def test_an_earlier_page_changed_in_a_supplement_is_named(old: Path, grown: Path, tmp_path: Path) -> None:
    """Even when the newer manifest was made to fit."""
    target = tmp_path / "补.pdf"
    assert build(grown, target, "--supplement", str(old)) == 0
    with pikepdf.open(target, allow_overwriting_input=True) as pdf:
        tree = json.loads(pdf.attachments["manifest.json"].get_file().read_bytes())
        tree["page_digests"][2]["sha256"] = "0" * 64
        del pdf.attachments["manifest.json"]
        pdf.attachments["manifest.json"] = json.dumps(tree).encode()
        pdf.save(target)

    assert "EARLIER-MISMATCH" in {problem.code for problem in verify(target).problems}


def test_a_bundle_that_cannot_be_added_to_is_refused(old: Path, grown: Path, tmp_path: Path) -> None:
    """One that was changed, one of another case, one with nothing new, itself: nothing is written."""
    changed, target = tmp_path / "改.pdf", tmp_path / "补.pdf"
    changed.write_bytes(old.read_bytes() + b" ")
    before = old.read_bytes()

    assert build(grown, target, "--supplement", str(changed)) == 1
    assert build(SAMPLES / "archive-complete", target, "--supplement", str(old)) == 1
    assert build(SAMPLES / "declined", target, "--supplement", str(old)) == 1
    assert build(grown, old, "--supplement", str(old)) == 2
    assert build(grown, target, "--supplement", str(tmp_path / "没有.pdf")) == 2
    assert not target.exists()
    assert old.read_bytes() == before
