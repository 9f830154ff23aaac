"""The manifest of a bundle is true and does not depend on the day; it is read as untrusted input."""

from __future__ import annotations

import contextlib
import copy
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bundler.commands import run
from bundler.manifest.serialization import ManifestError, manifest_bytes, read_manifest
from tests.support.bundles import TODAY, read_embedded_files, write_sample_bundle
from tests.support.paths import ROOT, SAMPLES

SAMPLE = SAMPLES / "write-off-complete"


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of the complete sample."""
    return write_sample_bundle(SAMPLE.name, tmp_path_factory.mktemp("manifest") / "卷宗.pdf")


@pytest.fixture(scope="module")
def embedded(bundle: Path) -> dict[str, bytes]:
    """The files embedded in it."""
    return read_embedded_files(bundle)


@pytest.fixture(scope="module")
def tree(embedded: dict[str, bytes]) -> dict[str, Any]:
    """Its manifest."""
    manifest: dict[str, Any] = json.loads(embedded["manifest.json"])
    return manifest


def test_the_whole_bundle_carries_its_manifest_and_its_case(embedded: dict[str, bytes], tree: dict[str, Any]) -> None:
    """case.json byte for byte, and no other file."""
    data = (SAMPLE / "case.json").read_bytes()

    assert set(embedded) == {"manifest.json", "case.json"}
    assert embedded["case.json"] == data
    assert tree["case"] == {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "embedded": True}


def test_each_source_is_named_with_its_digest_and_its_pages(
    tree: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """Digests are those of the files in the folder, and pages those of the index."""
    run(["build", str(SAMPLE), "--dry-run", "--json", "--today", TODAY])
    index = json.loads(capsys.readouterr().out)["index"]
    filed = [(one["file"], one["first_page"], one["last_page"]) for one in index if one["file"]]

    assert [(one["file"], one["first_page"], one["last_page"]) for one in tree["sources"]] == filed
    for source in tree["sources"]:
        data = (SAMPLE / source["file"]).read_bytes()
        assert (source["sha256"], source["size"]) == (hashlib.sha256(data).hexdigest(), len(data))
    assert [paper["title"] for paper in tree["papers"]] == [one["title"] for one in index]


def test_what_made_the_bundle_is_named_by_digest(tree: dict[str, Any]) -> None:
    """Templates, profile, fonts and tool, and no regulation, which is the first; digests of templates are those of the files."""
    templates = ROOT / "templates"

    assert "regulation" not in tree
    assert {"cover.html", "pages.css", "reply_opinion.docx"} < set(tree["templates"])
    for name, digest in tree["templates"].items():
        path = templates / name if name.endswith(".docx") else templates / "pages" / name
        assert hashlib.sha256(path.read_bytes()).hexdigest() == digest
    assert "FandolFang-Regular.otf" in tree["fonts"]
    assert tree["tool"]["name"] == "petition-bundler"


def test_the_file_is_dated_by_its_case(bundle: Path) -> None:
    """Document information and XMP metadata have the day of filing, whatever the clock says."""
    filed = json.loads((SAMPLE / "case.json").read_text(encoding="utf-8"))["archive"]["filed_on"]
    with pikepdf.open(bundle) as pdf:
        assert str(pdf.docinfo["/CreationDate"])[2:10] == filed.replace("-", "")
        assert f"<xmp:CreateDate>{filed}" in pdf.Root.Metadata.read_bytes().decode()


def test_it_is_read_back_as_it_was_written(embedded: dict[str, bytes]) -> None:
    """Reading and writing it again gives the same bytes."""
    data = embedded["manifest.json"]

    assert manifest_bytes(read_manifest(data)) == data


CORRUPTIONS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "an unknown key": lambda tree: tree | {"extra": 1},
    "a key that is missing": lambda tree: {key: value for key, value in tree.items() if key != "sources"},
    "another version": lambda tree: tree | {"version": 2},
    "a digest that is none": lambda tree: tree | {"profile": "0" * 63},
    "a number as text": lambda tree: tree | {"pages": "59"},
    "a count that is not that of the pages": lambda tree: tree | {"pages": tree["pages"] + 1},
    "a page twice": lambda tree: tree | {"page_digests": [*tree["page_digests"], tree["page_digests"][5]]},
    "a paper taken out": lambda tree: tree | {"papers": tree["papers"][1:]},
    "a source where no paper is": lambda tree: tree | {"sources": [tree["sources"][0] | {"last_page": 999}]},
}


@pytest.mark.parametrize("how", CORRUPTIONS)
def test_a_manifest_that_is_not_ours_or_contradicts_itself_is_refused(tree: dict[str, Any], how: str) -> None:
    """Each raises ManifestError and no error of a library."""
    corrupted = CORRUPTIONS[how](copy.deepcopy(tree))

    with pytest.raises(ManifestError):
        read_manifest(json.dumps(corrupted).encode())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"\xff\xfe",
        b'{"version": NaN}',
        b'{"version": 1e400}',
        b'{"version": ' + b"9" * 5000 + b"}",
        b'{"version": 1, "version": 1}',
        b"[" * 200_000,
        b'{"a":' * 100_000,
    ],
    ids=["empty", "list", "no utf-8", "nan", "huge float", "huge int", "key twice", "deep list", "deep object"],
)
def test_bytes_that_are_no_manifest_are_refused(data: bytes) -> None:
    """Each raises ManifestError."""
    with pytest.raises(ManifestError):
        read_manifest(data)


@given(st.data())
def test_no_change_of_the_bytes_raises_anything_else(embedded: dict[str, bytes], data: st.DataObject) -> None:
    """After a change of bytes the manifest is either read or refused with ManifestError."""
    whole = embedded["manifest.json"]
    place = data.draw(st.integers(0, len(whole)))
    corrupted = whole[:place] + data.draw(st.binary(max_size=3)) + whole[place + data.draw(st.integers(0, 3)) :]
    with contextlib.suppress(ManifestError):
        assert read_manifest(corrupted).version == 1


def test_a_single_paper_carries_its_manifest_with_the_digest_of_its_case_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`verify` does not accept it as a bundle."""
    target = tmp_path / "答复意见书.pdf"
    assert run(["render", str(SAMPLE), "--doc", "reply_opinion", "--format", "pdf", "-o", str(target)]) == 0
    with pikepdf.open(target) as pdf:
        pages = len(pdf.pages)
    files = read_embedded_files(target)
    paper_manifest = json.loads(files["manifest.json"])

    assert list(files) == ["manifest.json"]
    assert paper_manifest["case"]["sha256"] == hashlib.sha256((SAMPLE / "case.json").read_bytes()).hexdigest()
    assert (paper_manifest["document"], paper_manifest["pages"], paper_manifest["case"]["embedded"]) == (
        "reply_opinion",
        pages,
        False,
    )

    assert run(["verify", str(target)]) == 3
    assert "单独一份文书" in capsys.readouterr().out
