"""A bundle is written front to back: memory does not grow with it, and only what pages refer to is written."""

from __future__ import annotations

import io
import mmap
import random
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageDraw

from bundler.bind.embed_files import EmbeddedFile
from bundler.bind.join import join
from bundler.bind.join_types import BoundFile, BoundPage, JoinOptions, SourcePart, TypesetPart
from bundler.bind.page_digest import PageDigester
from bundler.bind.read_ahead_and_write_behind import READ_AHEAD_BYTES, read_ahead
from bundler.errors import FileChangedError
from bundler.file_inspection_record import JPEG, PDF
from bundler.process_limits import Limits
from bundler.sandbox import LimitExceededError, SandboxWorker, WorkFailedError
from tests.support import pdf_files

SOURCE_BYTES = 4 << 20
SOURCES = 100
MEMORY_BYTES = 224 << 20
"""Far less than all sources together, far more than one of them; most of it is reserved by threads and not used."""


def cover() -> TypesetPart:
    """The one page of the typeset text."""
    return TypesetPart(0, 0, "封面")


def pages_bound(parts: list[SourcePart], target: Path) -> list[BoundPage]:
    """Bind a cover and the parts, and return the pages as they are reported to the manifest."""
    reported: list[BoundPage] = []

    def attach(pages: Sequence[BoundPage]) -> Sequence[EmbeddedFile]:
        reported.extend(pages)
        return ()

    join(pdf_files.KINDS["set_text"](), [cover(), *parts], [], target, JoinOptions(attach))
    return reported


def source(data: bytes, pages: int = 1, free: frozenset[int] = frozenset()) -> SourcePart:
    """All pages of a PDF."""
    return SourcePart(PDF, range(1, pages + 1), lambda: data, free, file="a.pdf", touched=False)


def bind_many(base: bytes, scan: Path, target: Path, keep: int) -> BoundFile:
    """Bind a file many times, reading it each time, while memory for `keep` copies of it stays allocated."""
    kept = [mmap.mmap(-1, SOURCE_BYTES) for _ in range(keep)]
    parts = [SourcePart(PDF, range(1, 2), scan.read_bytes, size=SOURCE_BYTES, touched=False) for _ in range(SOURCES)]
    bound = join(base, read_ahead([cover(), *parts]), [], target)
    assert len(kept) == keep
    return bound


@pytest.mark.usefixtures("real_sandboxes")
def test_memory_does_not_grow_with_the_bundle(tmp_path: Path) -> None:
    """A hundred files are bound in memory for half of them; with all of them in memory, the limit is exceeded."""
    with pikepdf.new() as pdf:
        noise = random.Random(5).randbytes(SOURCE_BYTES)  # noqa: S311 (what cannot be compressed, no secret)
        pdf.add_blank_page(page_size=(595, 842))
        pdf.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=image_stream(pdf, noise)))
        pdf.pages[0].Contents = pdf.make_stream(b"q 595 0 0 842 0 0 cm /Im Do Q")
        pdf.save(tmp_path / "scan.pdf")
    limits = Limits(memory=MEMORY_BYTES, file_bytes=2 * SOURCES * SOURCE_BYTES)

    work = (bind_many, pdf_files.KINDS["set_text"](), tmp_path / "scan.pdf", tmp_path / "a.pdf")
    with second_thread(), SandboxWorker(limits) as worker:
        worker.preload(load_nothing_more)
        bound = worker.run(*work, 0)

        assert bound.pages == SOURCES + 1
        assert bound.size > SOURCES * SOURCE_BYTES
        with pytest.raises((LimitExceededError, WorkFailedError)):
            worker.run(*work, SOURCES)


def load_nothing_more() -> None:
    """The worker has imported this module to find this function, so that its limit of memory counts from there."""


@contextmanager
def second_thread() -> Iterator[None]:
    """Hold a second thread, so that a sandbox is spawned: a forked one would inherit the memory of all tests before."""
    end = threading.Event()
    thread = threading.Thread(target=end.wait)
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join()


def image_stream(pdf: pikepdf.Pdf, data: bytes) -> pikepdf.Object:
    """Bytes as a grey image with 2,048 of them per row."""
    return pdf.make_stream(
        data,
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=2048,
        Height=len(data) // 2048,
        BitsPerComponent=8,
        ColorSpace=pikepdf.Name.DeviceGray,
        Filter=pikepdf.Name.JPXDecode,
    )


def marked_page(*, rotate: int = 0) -> bytes:
    """A page of 400 by 600 points with a black square in its upper left square_position."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(400, 600))
        pdf.pages[0].Contents = pdf.make_stream(b"0 g 0 500 100 100 re f")
        pdf.pages[0].Rotate = rotate
        return saved(pdf)


def saved(pdf: pikepdf.Pdf) -> bytes:
    """The file's bytes."""
    target = io.BytesIO()
    pdf.save(target)
    return target.getvalue()


def square_position(path: Path, number: int) -> tuple[bool, bool]:
    """Whether the square on a bound page is right of the middle, and whether it is below it."""
    with pypdfium2.PdfDocument(path) as document:
        image: Image.Image = document[number].render(scale=0.5).to_pil().convert("L")
    draw = ImageDraw.Draw(image)
    draw.rectangle([image.width * 0.8, 0, image.width, 25], fill=255)  # the 页号
    left, top, right, bottom = image.point(lambda value: 255 if value < 128 else 0).getbbox() or (0, 0, 0, 0)
    return (left + right) / 2 > image.width / 2, (top + bottom) / 2 > image.height / 2


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_a_page_stands_as_its_file_turns_it(tmp_path: Path, rotate: int) -> None:
    """The sheet has the orientation of the rotated page."""
    pages_bound([source(marked_page(rotate=rotate), free=frozenset({1}))], tmp_path / "a.pdf")
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        width, height = (float(side) for side in pdf.pages[1].mediabox[2:])

    assert (width > height) == (rotate % 180 == 90)
    assert square_position(tmp_path / "a.pdf", 1) == CLOCKWISE[rotate]


CLOCKWISE = {0: (False, False), 90: (True, False), 180: (True, True), 270: (False, True)}


def test_a_picture_is_the_input_byte_for_byte(tmp_path: Path) -> None:
    """The JPEG data of the input are in the file."""
    target = io.BytesIO()
    Image.new("L", (400, 600), 90).save(target, "JPEG", dpi=(200, 200))
    pages_bound([SourcePart(JPEG, range(1, 2), target.getvalue)], tmp_path / "a.pdf")
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        data = [one.read_raw_bytes() for one in pdf.objects if one.get("/Filter") == "/DCTDecode"]

    assert data == [target.getvalue()]


def pages_with_shared_objects() -> bytes:
    """Three pages that share objects with references to each other, to pages that are not bound, and to null."""
    with pikepdf.new() as pdf:
        for _ in range(3):
            pdf.add_blank_page(page_size=(400, 600))
        words = pikepdf.String(rb"3 0 R (4 0 R) \ ) 5 0 R")
        shared = pdf.make_indirect(
            pikepdf.Dictionary(
                ExtGState=pikepdf.Dictionary(
                    {
                        "/a 1 0 R": pdf.make_indirect(
                            pikepdf.Dictionary(CA=0.5, Said=words, Odd=pikepdf.String(b"\x80(\r"))
                        )
                    }
                ),
                Away=pikepdf.Array([pdf.pages[2].obj, pikepdf.Dictionary(Page=pdf.pages[1].obj, Kept=1), 0.25]),
                Array=pikepdf.Array([pdf.pages[0].obj]),
            )
        )
        shared.Own = pdf.make_indirect(pikepdf.Dictionary(Up=shared, Page=pdf.pages[2].obj))
        for page in pdf.pages:
            page.Resources = shared
            page.Contents = pdf.make_stream(b"/a#201#200#20R gs 0 0 10 10 re f")
        pdf.Root.Hidden = pdf.make_stream(b"nobody refers to this from a page")
        return saved(pdf)


def test_pages_are_what_was_told_of_them(tmp_path: Path) -> None:
    """The reported digests and labels are those of the written file, and qpdf finds no problem."""
    reported = pages_bound(
        [source(pages_with_shared_objects(), 2), source(marked_page()), source(pages_with_shared_objects(), 3)],
        tmp_path / "a.pdf",
    )
    digester = PageDigester()
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        found = [digester.digest(page) for page in pdf.pages]
        labels = [str(page.label) for page in pdf.pages]
        problems = pdf.check_pdf_syntax()

    assert found == [page.sha256 for page in reported]
    assert labels == [page.label for page in reported] == ["封面", "1", "2", "3", "4", "5", "6"]
    assert problems == []


def test_only_what_a_page_refers_to_is_written(tmp_path: Path) -> None:
    """Objects that belong to the attached file alone are not written."""
    pages_bound([source(pages_with_shared_objects(), 1)], tmp_path / "a.pdf")
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        pages = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/Page"]
        said = next(one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/Said" in one)
        streams = [one.read_bytes() for one in pdf.objects if isinstance(one, pikepdf.Stream)]

        assert len(pages) == len(pdf.pages) == 2
        assert bytes(said.Said) == rb"3 0 R (4 0 R) \ ) 5 0 R"
        assert not any(b"nobody refers" in data for data in streams)


def test_another_program_may_save_the_file_and_each_page_stays_as_it_is(tmp_path: Path) -> None:
    """Page digests do not change, since streams are written in the form that other programs keep."""
    reported = pages_bound([source(pages_with_shared_objects(), 2)], tmp_path / "a.pdf")
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        pdf.save(tmp_path / "b.pdf", object_stream_mode=pikepdf.ObjectStreamMode.generate)
    digester = PageDigester()
    with pikepdf.open(tmp_path / "b.pdf") as pdf:
        assert [digester.digest(page) for page in pdf.pages] == [page.sha256 for page in reported]


def test_a_file_that_cannot_be_read_is_told_when_its_turn_comes() -> None:
    """Otherwise the error would be reported for the file before; a large file is not read ahead."""
    read: list[str] = []

    def load(name: str) -> bytes:
        read.append(name)
        if name == "b":
            raise FileChangedError("b", fix="")
        return name.encode()

    parts = [SourcePart(PDF, range(1, 2), partial(load, name), file=name) for name in "abc"]
    parts += [SourcePart(PDF, range(1, 2), partial(load, "d"), file="d", size=READ_AHEAD_BYTES + 1)]
    bound = []
    for part in read_ahead(parts):
        assert isinstance(part, SourcePart)
        if part.file == "b":
            with pytest.raises(FileChangedError):
                part.load()
        elif part.file == "d":
            assert read == ["a", "b", "c"]
        bound.append(part.file)
    assert bound == ["a", "b", "c", "d"]
