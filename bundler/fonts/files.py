"""Which font files there are, and which stand for the faces that a court's papers name."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bundler import cache as kept


@dataclass(frozen=True, slots=True)
class FontFile:
    """One font file: its name here, the file's name, and the weight it serves."""

    family: str
    file_name: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class FoundFont:
    """A font file that is on this machine."""

    font: FontFile
    path: Path


FONTS: tuple[FontFile, ...] = (
    FontFile("FandolFang", "FandolFang-Regular.otf"),
    FontFile("FandolKai", "FandolKai-Regular.otf"),
    FontFile("FandolHei", "FandolHei-Regular.otf"),
    FontFile("FandolHei", "FandolHei-Bold.otf", bold=True),
    FontFile("FandolSong", "FandolSong-Regular.otf"),
    FontFile("FandolSong", "FandolSong-Bold.otf", bold=True),
    FontFile("BabelStone Han", "BabelStoneHan.ttf"),
    FontFile("HanaMinA", "HanaMinA.ttf"),
    FontFile("HanaMinB", "HanaMinB.ttf"),
)
"""Fandol for the page, then wide fonts for the rare characters of names."""

FALLBACKS: tuple[str, ...] = ("BabelStone Han", "HanaMinA", "HanaMinB")

FACES: dict[str, tuple[str, bool]] = {
    "方正小标宋简体": ("FandolSong", True),
    "方正小标宋_GBK": ("FandolSong", True),
    "小标宋": ("FandolSong", True),
    "仿宋_GB2312": ("FandolFang", False),
    "仿宋": ("FandolFang", False),
    "FangSong": ("FandolFang", False),
    "楷体_GB2312": ("FandolKai", False),
    "楷体": ("FandolKai", False),
    "KaiTi": ("FandolKai", False),
    "黑体": ("FandolHei", False),
    "SimHei": ("FandolHei", False),
    "宋体": ("FandolSong", False),
    "SimSun": ("FandolSong", False),
    "Times New Roman": ("FandolSong", False),
}
"""A court's face names: the family that stands for each, and whether its bold cut does (小标宋 is a heavy Song)."""

DEFAULT_FACE = ("FandolFang", False)


def resolve_face(name: str | None) -> tuple[str, bool]:
    """The family, and whether its bold cut, that stands for a face by its court name."""
    return FACES.get(name or "", DEFAULT_FACE)


def _folders() -> Iterator[Path]:
    given = os.environ.get("BUNDLER_FONTS")
    if given:
        yield Path(given)
    yield Path(__file__).parents[2] / ".fonts"
    yield Path("/usr/local/share/bundler/fonts")
    yield Path("/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol")
    for name in ("opentype", "truetype"):
        base = Path("/usr/share/fonts") / name
        yield base
        yield from sorted(path for path in base.glob("*") if path.is_dir())


@cache
def find_fonts() -> tuple[FoundFont, ...]:
    """The font files on this machine, in the order in which a character looks for its glyph."""
    folders = tuple(_folders())
    return tuple(
        FoundFont(font, path)
        for font in FONTS
        for path in [next((f / font.file_name for f in folders if (f / font.file_name).is_file()), None)]
        if path is not None
    )


def fonts_stamp() -> str:
    """What the font files look like from outside: a new stamp means that what was learnt of them is stale."""
    parts = []
    for found in find_fonts():
        status = found.path.stat()
        parts.append(f"{found.path}:{status.st_size}:{status.st_mtime_ns}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def font_digests() -> dict[str, str]:
    """SHA-256 of each font file, by file name."""
    name = f"font-digests-{fonts_stamp()}.txt"
    known = kept.load(name)
    if known is None:
        lines = [f"{hashlib.sha256(f.path.read_bytes()).hexdigest()} {f.font.file_name}" for f in find_fonts()]
        known = "\n".join(lines).encode()
        kept.store(name, known)
    return {line.split(" ", 1)[1]: line.split(" ", 1)[0] for line in known.decode().splitlines()}
