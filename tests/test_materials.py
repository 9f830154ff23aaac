"""Attached files: told by content, opened without leaving the folder, never a traceback."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from bundler.errors import FileChangedError
from bundler.materials.folder import read_unchanged
from bundler.materials.inspection import inspect
from bundler.materials.reading import read_materials
from bundler.materials.record import JPEG, PDF, TIFF, FileRecord


def picture(file_format: str, dpi: int | None = 200, **options: object) -> bytes:
    """A page with a word's worth of black."""
    image = Image.new("L", (827, 1169), 240)
    ImageDraw.Draw(image).rectangle([80, 80, 500, 160], fill=10)
    target = io.BytesIO()
    image.save(target, file_format, **({"dpi": (dpi, dpi)} if dpi else {}), **options)
    return target.getvalue()


def pdf(pages: int = 1) -> bytes:
    """A PDF with a line on each page."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(595, 842))
        document.pages[-1].contents_add(b"10 10 m 500 500 l S")
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def read(folder: Path, name: str, data: bytes | None = None) -> FileRecord:
    """The record of one file."""
    if data is not None:
        (folder / name).write_bytes(data)
    return read_materials(folder, [name])[name]


def rules(record: FileRecord) -> list[str]:
    """The problems' rules."""
    return [problem.rule for problem in record.problems]


def test_accepted_files_are_told_by_content(tmp_path: Path) -> None:
    """And their pages counted."""
    frames = [Image.new("1", (1654, 2339), 1) for _ in range(3)]
    for frame in frames:
        ImageDraw.Draw(frame).rectangle([200, 200, 1200, 400], fill=0)
    tiff = io.BytesIO()
    frames[0].save(tiff, "TIFF", save_all=True, append_images=frames[1:], compression="group4", dpi=(200, 200))

    assert (read(tmp_path, "a.pdf", pdf(2)).media_type, len(read(tmp_path, "a.pdf").pages)) == (PDF, 2)
    assert rules(read(tmp_path, "b.jpg", picture("JPEG"))) == []
    assert (read(tmp_path, "c.tif", tiff.getvalue()).media_type, len(read(tmp_path, "c.tif").pages)) == (TIFF, 3)
    assert rules(read(tmp_path, "d.pdf", picture("JPEG"))) == ["FILE-EXTENSION"]


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("../x.pdf", "FILE-OUTSIDE"),
        ("/etc/hostname", "FILE-OUTSIDE"),
        ("a\\b.pdf", "FILE-OUTSIDE"),
        ("C:x.pdf", "FILE-OUTSIDE"),
        ("link.pdf", "FILE-OUTSIDE"),
        ("there/x.pdf", "FILE-OUTSIDE"),
        ("pipe.pdf", "FILE-TYPE"),
        ("folder", "FILE-TYPE"),
        ("not there.pdf", "FILE-MISSING"),
    ],
)
def test_names_never_lead_out_and_nothing_waits(tmp_path: Path, name: str, rule: str) -> None:
    """Links, pipes, folders and paths out are told."""
    (tmp_path / "link.pdf").symlink_to("/etc/hostname")
    (tmp_path / "there").symlink_to("/etc")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe.pdf")

    assert rules(read(tmp_path, name)) == [rule]


def test_both_spellings_of_a_name_match(tmp_path: Path) -> None:
    """A Mac decomposes names."""
    (tmp_path / "e\u0301.pdf").write_bytes(pdf())

    assert rules(read(tmp_path, "\u00e9.pdf")) == []


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "FILE-EMPTY"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "FILE-TYPE"),
        (b"GIF89a" + bytes(50), "FILE-TYPE"),
        (bytes(500), "FILE-TYPE"),
        (picture("JPEG")[:3000], "FILE-DAMAGED"),
        (picture("PNG")[:900], "FILE-DAMAGED"),
        (pdf()[:200], "FILE-DAMAGED"),
        (picture("JPEG", 96), "SCAN-DPI"),
        (picture("JPEG", None), "SCAN-DPI"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, data: bytes, rule: str) -> None:
    """Each kind of fault by its own rule."""
    name = "a.jpg" if data[:2] == b"\xff\xd8" else "a.png" if data[:2] == b"\x89P" else "a.pdf"

    assert rules(read(tmp_path, name, data)) == [rule]


def test_a_white_scan_is_empty(tmp_path: Path) -> None:
    """Dust is not writing."""
    image = Image.new("L", (1654, 2339), 250)
    image.putpixel((100, 100), 0)
    target = io.BytesIO()
    image.save(target, "JPEG", dpi=(200, 200))

    assert rules(read(tmp_path, "a.jpg", target.getvalue())) == ["FILE-EMPTY"]


def test_a_password_is_told(tmp_path: Path) -> None:
    """One that only forbids changes lets it open, with a word about it."""
    for owner, user, rule in (("o", "u", "FILE-ENCRYPTED"), ("o", "", "FILE-OWNER-LOCKED")):
        target = io.BytesIO()
        with pikepdf.open(io.BytesIO(pdf())) as document:
            document.save(target, encryption=pikepdf.Encryption(owner=owner, user=user))
        assert rules(read(tmp_path, f"{rule}.pdf", target.getvalue())) == [rule]


def test_a_font_that_is_not_embedded_is_named(tmp_path: Path) -> None:
    """With the page."""
    with pikepdf.open(io.BytesIO(pdf(2))) as document:
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.TrueType, BaseFont=pikepdf.Name("/SimSun")
        )
        document.pages[1].obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        target = io.BytesIO()
        document.save(target)
    problem = read(tmp_path, "a.pdf", target.getvalue()).problems[0]

    assert (problem.rule, problem.pages) == ("FILE-FONT", (2,))
    assert "SimSun" in problem.message


def test_a_spoilt_cache_is_as_good_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was learnt is asked for again."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    first = read(tmp_path, "a.pdf", pdf())
    for kept in (tmp_path / "cache" / "bundler").iterdir():
        kept.write_bytes(b'{"size": ')

    assert read(tmp_path, "a.pdf") == first


def test_a_file_changed_after_the_check_is_refused(tmp_path: Path) -> None:
    """What is bound is what was checked."""
    record = read(tmp_path, "a.pdf", pdf())
    assert read_unchanged(tmp_path, "a.pdf", record.sha256) == pdf()

    (tmp_path / "a.pdf").write_bytes(pdf(2))
    with pytest.raises(FileChangedError):
        read_unchanged(tmp_path, "a.pdf", record.sha256)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([PDF, JPEG, TIFF]), st.integers(0, 400), st.binary(min_size=1, max_size=8))
def test_mutated_files_give_a_record(media_type: str, place: int, noise: bytes) -> None:
    """Never a traceback."""
    data = {PDF: pdf(), JPEG: picture("JPEG"), TIFF: picture("TIFF")}[media_type]
    record = inspect(data[:place] + noise + data[place + len(noise) :], media_type)

    assert record.pages or record.problems
