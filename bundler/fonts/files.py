"""The font files on this machine, their digests, and the families that replace fonts named in court papers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bundler import cache as disk_cache
from bundler.digest import sha256_of


@dataclass(frozen=True, slots=True)
class FontFile:
    """A font file that can be used: the family in style sheets, the file's name, and its weight."""

    family: str
    file_name: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class FoundFont:
    """A font file on this machine."""

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
"""Fandol for the text, then fonts of wide coverage for the rare characters of names."""

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
"""The family that replaces each font named in court papers, and whether its bold weight does (小标宋 is a heavy Song)."""

DEFAULT_FACE = ("FandolFang", False)


def resolve_face(name: str | None) -> tuple[str, bool]:
    """Return the family that replaces a font by its name in a Word file, and whether its bold weight does."""
    return FACES.get(name or "", DEFAULT_FACE)


def _search_folders() -> Iterator[Path]:
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
    """Find the font files on this machine, in the order in which a glyph is looked up."""
    folders = tuple(_search_folders())
    return tuple(
        FoundFont(font, path)
        for font in FONTS
        for path in [next((f / font.file_name for f in folders if (f / font.file_name).is_file()), None)]
        if path is not None
    )


def fonts_stamp() -> str:
    """Return a digest of the paths, sizes and times of the font files; when it changes, cached data about them is stale."""
    parts = []
    for found in find_fonts():
        status = found.path.stat()
        parts.append(f"{found.path}:{status.st_size}:{status.st_mtime_ns}")
    return sha256_of("\n".join(parts).encode())


def font_digests() -> dict[str, str]:
    """Return the SHA-256 of each font file, by file name."""
    name = f"font-digests-{fonts_stamp()}.txt"
    data = disk_cache.load(name)
    if data is None:
        lines = [f"{sha256_of(f.path.read_bytes())} {f.font.file_name}" for f in find_fonts()]
        data = "\n".join(lines).encode()
        disk_cache.store(name, data)
    return {line.split(" ", 1)[1]: line.split(" ", 1)[0] for line in data.decode().splitlines()}
