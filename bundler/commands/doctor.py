"""``bundler doctor``: check whether this machine has the Python, the libraries and the fonts that the tool needs."""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import click

from bundler.commands.console import print_json, print_result
from bundler.commands.shared_options import common_options, json_option
from bundler.errors import ExitCode, UsageError

_RARE_CHARACTERS = "㛃䶮𬭎𠅤☑"
"""Rare characters of names and the ticked box: fonts that have these have what courts print."""


@click.command("doctor")
@json_option
@common_options
def command(as_json: bool, profile_path: Path | None, templates_path: Path | None) -> int:
    """检查字体、程序库和版本，缺什么，怎么补。"""
    del profile_path, templates_path
    checks = [*_check_python(), *_check_libraries(), *_check_fonts(), *_check_reading()]
    if as_json:
        print_json([{"name": name, "ok": not fix, "detail": detail, "fix": fix} for name, detail, fix in checks])
    else:
        for name, detail, fix in checks:
            print_result(f"{'✗' if fix else '✓'} {name}：{detail}" + (f"\n    → {fix}" if fix else ""))
    return ExitCode.INCOMPLETE if any(fix for _, _, fix in checks) else ExitCode.OK


Check = tuple[str, str, str]


def _check_python() -> list[Check]:
    found = ".".join(map(str, sys.version_info[:3]))
    return [("Python", found, "" if sys.version_info >= (3, 11) else "请安装 Python 3.11 或者更新的版本。")]


def _check_libraries() -> list[Check]:
    wanted = [line.split(";")[0].strip() for line in requires("petition-bundler") or [] if "extra ==" not in line]
    return [_check_library(line) for line in wanted]


def _check_library(line: str) -> Check:
    name = line.replace("<", "=").replace(">", "=").split("=")[0].strip()
    pinned = line.partition("==")[2]
    try:
        found = version(name)
    except PackageNotFoundError:
        return name, "没有安装", "请运行 make setup。"
    return name, found, "" if not pinned or pinned == found else f"需要 {pinned}，请运行 make setup。"


def _check_fonts() -> list[Check]:
    from bundler.fonts.coverage import find_missing_glyphs
    from bundler.fonts.files import FONTS, find_fonts

    there = {found.font: found.path.parent for found in find_fonts()}
    fix = "请运行 make setup（会取得字体），或者把字体文件放进 BUNDLER_FONTS 指定的文件夹。"
    checks = [
        (f"字体 {font.file_name}", str(there.get(font, "没有找到")), "" if font in there else fix) for font in FONTS
    ]
    missing = find_missing_glyphs(_RARE_CHARACTERS)
    detail = f"印不出：{'、'.join(missing)}" if missing else f"{_RARE_CHARACTERS} 都能印"
    return [*checks, ("生僻字", detail, fix if missing else "")]


def _check_reading() -> list[Check]:
    """The engine that reads scans; it is an extra, so that it may be missing, but not be another one."""
    from bundler.text_recognition.model_files import PACKAGE, find_models

    name = "识读扫描件"
    try:
        found = version(PACKAGE)
    except PackageNotFoundError:
        return [(name, "没有安装（用 bundler read 时才需要，make setup-read）", "")]
    try:
        find_models()
    except UsageError as error:
        return [(name, error.message.rstrip("。"), error.fix)]
    return [(name, f"{PACKAGE} {found}，模型完好", "")]
