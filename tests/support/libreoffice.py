"""LibreOffice as a second reader of our Word files: what a clerk who opens one on another machine would print.

It is handed the fonts under the names that a court has them by, so that the lines are those of the same glyphs. Five
things are set right in the file between; the first four because LibreOffice 7.4 does not do what the .docx says:

- ``autoSpaceDE`` and ``autoSpaceDN`` are not read, so a quarter em would stand between Chinese and digits;
- ``overflowPunct`` of a style is not read, so a full stop would stand beyond the right edge;
- the characters that begin no line, and those that end none, are not read, though it keeps to such lists of its own;
- the tightening of 0.25 pt is left out at each change between Chinese and digits, so a line of exactly 28 characters with
  some dozen such changes would be up to 3 pt too long; 0.3 pt, left out as often, gives the same 28 characters;
- a newer LibreOffice (25.2) ends a line within 〔2021〕24号, which the typesetter keeps whole, as LibreOffice 7.4 does: a word
  joiner, which shows nothing, keeps it whole there, too.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from fontTools.ttLib import TTFont
from lxml import etree

from bundler.fonts.files import FALLBACKS, find_fonts
from tests.support.run_cache import made_once, run_folder

_FACES = {
    "方正小标宋简体": "FandolSong-Bold.otf",
    "仿宋_GB2312": "FandolFang-Regular.otf",
    "楷体_GB2312": "FandolKai-Regular.otf",
    "黑体": "FandolHei-Regular.otf",
    "宋体": "FandolSong-Regular.otf",
}
_NAMES = {1: "{face}", 2: "Regular", 3: "{face}", 4: "{face}", 6: "{plain}"}
_MENDED = {
    'text-autospace="ideograph-alpha"': 'text-autospace="none"',
    'letter-spacing="-0.0035in"': 'letter-spacing="-0.0042in"',
    'punctuation-wrap="hanging"': 'punctuation-wrap="simple"',
}
_SETTINGS = '<config:config-item-set config:name="ooo:configuration-settings">'
_NUMBER_OF_YEAR = re.compile("〕(?=[0-9])")
_MINUTES = 5


def printed(files: Sequence[Path], folder: Path) -> dict[str, Path]:
    """The PDFs that LibreOffice makes of Word files, by the files' stems; files with the same bytes are printed once."""
    same: dict[bytes, Path] = {}
    first = {path: same.setdefault(path.read_bytes(), path) for path in files}
    made = _print(list(same.values()), folder)
    return {path.stem: made[first[path].stem] for path in files}


def _print(files: Sequence[Path], folder: Path) -> dict[str, Path]:
    environment = {**os.environ, "FONTCONFIG_FILE": _court_fonts(), "HOME": str(folder)}
    between = _convert(files, "fodt", folder / "between", environment)
    for path, source in zip(between, files, strict=True):
        text = path.read_text(encoding="utf-8").replace(_SETTINGS, _SETTINGS + _line_rules(source))
        for old, new in _MENDED.items():
            text = text.replace(old, new)
        path.write_text(_NUMBER_OF_YEAR.sub("〕\u2060", text), encoding="utf-8")
    return {path.stem: path for path in _convert(between, "pdf", folder / "printed", environment)}


def convert(path: Path, kind: str, folder: Path) -> Path:
    """The file that LibreOffice makes of one, such as an .odt of a .docx."""
    # The typesetter's font configuration, which an earlier test may have set for this process, is not LibreOffice's.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FONTCONFIG")}
    return _convert([path], kind, folder / "converted", {**environment, "HOME": str(folder)})[0]


def _line_rules(path: Path) -> str:
    """A .docx file's characters that begin no line, and those that end none, as LibreOffice writes them; "" without any."""
    with zipfile.ZipFile(path) as package:
        if "word/settings.xml" not in package.namelist():
            return ""
        settings = etree.fromstring(package.read("word/settings.xml"))
    values = {"Language": "zh", "Country": "CN", "Variant": ""}
    for name, key in (("BeginLine", "noLineBreaksBefore"), ("EndLine", "noLineBreaksAfter")):
        found = settings.find(f"{{*}}{key}")
        values[name] = "" if found is None else found.get(f"{{{found.nsmap[found.prefix]}}}val", "")
    items = "".join(
        f'<config:config-item config:name="{name}" config:type="string">{escape(value)}</config:config-item>'
        for name, value in values.items()
    )
    return (
        '<config:config-item-map-indexed config:name="ForbiddenCharacters"><config:config-item-map-entry>'
        f"{items}</config:config-item-map-entry></config:config-item-map-indexed>"
    )


def _convert(files: Sequence[Path], kind: str, target: Path, environment: dict[str, str]) -> list[Path]:
    """All files in one process, with a profile of its own."""
    command = ["soffice", f"-env:UserInstallation={(target.parent / 'profile').as_uri()}", "--headless"]
    done = subprocess.run(
        [*command, "--convert-to", kind, "--outdir", str(target), *map(str, files)],
        capture_output=True,
        check=False,
        env=environment,
        timeout=60 * _MINUTES,
    )
    made = [target / f"{path.stem}.{kind}" for path in files]
    assert [path.name for path in made if not path.is_file()] == [], done.stderr.decode()
    return made


@made_once
def _court_fonts() -> str:
    """A fontconfig file that knows the court's faces, drawn by the open fonts, and the fonts for rare characters."""
    folder = Path(tempfile.mkdtemp(prefix="fonts-", dir=run_folder()))
    found = {one.path.name: one for one in find_fonts()}
    for number, (face, name) in enumerate(_FACES.items()):
        _rename(found[name].path, folder / f"{number}.otf", face, f"CourtFace{number}")
    for one in find_fonts():
        if one.font.family in FALLBACKS:
            (folder / one.path.name).symlink_to(one.path)
    config = folder / "fonts.conf"
    config.write_text(
        f'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>{folder}</dir>'
        f"<cachedir>{folder / 'cache'}</cachedir></fontconfig>",
        encoding="utf-8",
    )
    return str(config)


def _rename(path: Path, target: Path, face: str, plain: str) -> None:
    """Write a font under another name; the outlines are copied as they are, since only the names are looked at."""
    with TTFont(path, lazy=True) as font:
        table = font["name"]
        table.names = []
        for number, name in _NAMES.items():
            for language in (0x409, 0x804):
                table.setName(name.format(face=face, plain=plain), number, 3, 1, language)
        font["OS/2"].usWeightClass, font["OS/2"].fsSelection, font["head"].macStyle = 400, 0x40, 0
        font.save(target)
