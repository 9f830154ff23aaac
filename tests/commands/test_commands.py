"""The commands, most of them as processes: results on standard output, messages on standard error, exit status."""

from __future__ import annotations

import ast
import errno
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import pytest

from bundler.commands import _COMMANDS
from bundler.errors import describe_os_error
from tests.support.bundles import run_here
from tests.support.paths import ROOT

RunResult = subprocess.CompletedProcess[str]


def run(*arguments: str, **environment: str) -> RunResult:
    """Run the command line."""
    return subprocess.run(
        [sys.executable, "-m", "bundler", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, **environment},
    )


def test_a_new_case_lacks_everything_and_is_never_overwritten(tmp_path: Path) -> None:
    """`new`, then `check`, then `new` again."""
    folder = tmp_path / "案件"
    assert run_here("new", str(folder)).returncode == 0
    before = (folder / "case.json").read_bytes()
    checked = run_here("check", str(folder), "--json")
    tree = json.loads(checked.stdout)

    assert checked.returncode == 1
    assert (tree["complete"], tree["kind"]) == (False, "write-off")
    assert {line["status"] for line in tree["checklist"]} == {"missing"}
    assert not {f["rule"] for f in tree["findings"]} & {"FILE-UNLISTED", "JSON-KEY", "JSON-SCHEMA"}
    assert run_here("new", str(folder)).returncode == 2
    assert (folder / "case.json").read_bytes() == before


def test_a_new_case_over_a_link_is_refused_in_chinese(tmp_path: Path) -> None:
    """No reason of the system reaches a person in English, whatever its number."""
    (tmp_path / "案件").symlink_to(tmp_path / "没有")
    done = run_here("new", tmp_path / "案件")

    assert done.returncode == 5
    assert "同名" in done.stderr
    reasons = [describe_os_error(OSError(number, os.strerror(number))) for number in errno.errorcode]
    assert not [reason for reason in reasons if re.search("[A-Za-z]", reason)]


def test_no_case_is_status_3_and_still_json(tmp_path: Path) -> None:
    """The JSON object with its finding is printed."""
    (tmp_path / "case.json").write_bytes(b"{")
    done = run("check", str(tmp_path), "--json")

    assert done.returncode == 3
    assert json.loads(done.stdout)["findings"][0]["rule"] == "JSON-SYNTAX"


def test_wrong_usage_is_status_2_in_chinese() -> None:
    """The message for an unknown command names the nearest one."""
    done = run("chek")

    assert done.returncode == 2
    assert "check" in done.stderr
    assert "没有" in done.stderr


@pytest.mark.parametrize("command", list(_COMMANDS))
def test_every_command_has_chinese_help(command: str) -> None:
    """Also in a locale without Chinese."""
    done = run(command, "--help", LC_ALL="C", LANG="C", PYTHONUTF8="0")

    assert done.returncode == 0
    assert done.stdout.startswith(f"用法： bundler {command} [选项]")
    assert not {"OPTIONS", "COMMAND", "ARGS"} & set(re.findall("[A-Z]+", done.stdout))
    assert "Traceback" not in done.stderr


def test_a_missing_argument_is_told_in_chinese() -> None:
    """Nothing else is printed but the usage line and where to find help."""
    done = run("check")

    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "用法： bundler check [选项] CASE…",
        "用“bundler check --help”看说明。",
        "",
        "错误：缺少 CASE…，应当写在哪里见上面的“用法”。",
    ]


def test_rules_come_from_the_law() -> None:
    """One rule is explained, and an unknown one is an error."""
    assert "受理告知送达回执" in run_here("rules", "art16-4").stdout
    assert run_here("rules", "ART99").returncode == 2
    assert "“ART14-1”“ART14-2”" in run_here("rules", "art14").stderr
    listed = {rule["rule"]: rule for rule in json.loads(run_here("rules", "--json").stdout)}
    assert {f"ART16-{n}" for n in range(1, 10)} | {f"ART14-{n}" for n in range(1, 5)} <= set(listed)
    assert {f"ART15-{n}" for n in range(1, 8)} | {"FILE-COLOUR", "SPC-LIMIT", "DATA-DUPLICATE"} <= set(listed)
    assert listed["ART06"]["article"] == "第六条（受理事由）"


def test_the_schema_is_exported_and_compared() -> None:
    """`schema --check` succeeds when the file is up to date."""
    assert run("schema", "--check").returncode == 0
    assert json.loads(run("schema").stdout)["title"]


def test_doctor_finds_what_setup_installed() -> None:
    """It checks fonts, libraries and rare characters."""
    done = run("doctor", "--json")

    assert done.returncode == 0, done.stdout
    assert all(line["ok"] for line in json.loads(done.stdout))


def test_control_characters_of_the_input_are_not_printed_raw(tmp_path: Path) -> None:
    """No text of a case can control the terminal."""
    (tmp_path / "case.json").write_text('{"\\u001b[31m": 1}', encoding="utf-8")

    assert "\x1b" not in run("check", str(tmp_path)).stdout
    assert "\x1b" not in run("check", str(tmp_path), "--json").stdout


def test_check_starts_quickly() -> None:
    """`check` imports no heavy library that the gate does not need."""
    script = "import sys, bundler.commands.check; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    heavy = {
        "pikepdf",
        "PIL",
        "lxml",
        "weasyprint",
        "docxtpl",
        "docx",
        "fontTools",
        "stdnum",
        "holidays",
        "chinese_calendar",
        "openpyxl",
        "icalendar",
        "zxingcpp",
        "pypdfium2",
    }

    assert not heavy & set(done.stdout.split())


def test_results_that_have_no_room_are_status_5(tmp_path: Path) -> None:
    """A full disk under standard output gives a Chinese message and no traceback."""
    run("new", str(tmp_path / "c"))
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "bundler", "check", str(tmp_path / "c"), "--json"],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )

    assert done.returncode == 5
    assert "磁盘已满" in done.stderr.decode()
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("{{ nope }}", "没有“nope”这个名称"),
        ("{{ reg_no.upper() }}", "调用"),
        ("{% for i in range(10**9) %}x{% endfor %}", "调用"),
        ("{% include 'index.html' %}", "填不了"),
        ("{% if %}", "第 1 行"),
        ('<img src="file:///etc/passwd">', "排版有问题"),
        ("<style>@import url(http://invalid.example/a.css);</style>", "排版有问题"),
    ],
)
def test_a_broken_page_template_is_status_4_and_nothing_is_written(tmp_path: Path, page: str, message: str) -> None:
    """Whatever is wrong with it; and it reads nothing from outside the folder."""
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    (tmp_path / "templates" / "pages" / "cover.html").write_text(page, encoding="utf-8")
    sample, target = str(ROOT / "samples" / "declined"), tmp_path / "out.pdf"
    done = run_here("build", sample, "-o", target, "--templates", tmp_path / "templates", "--today", "2021-12-20")

    assert done.returncode == 4
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not target.exists()


def test_a_case_file_that_is_no_file_is_status_3(tmp_path: Path) -> None:
    """Neither a folder nor a pipe of that name is read."""
    (tmp_path / "a" / "case.json").mkdir(parents=True)
    (tmp_path / "b").mkdir()
    os.mkfifo(tmp_path / "b" / "case.json")

    assert [run("check", str(tmp_path / name)).returncode for name in "ab"] == [3, 3]


def test_the_locale_of_the_machine_changes_nothing() -> None:
    """File names are UTF-8 in every locale."""
    sample = str(ROOT / "samples" / "declined")
    plain = run("check", sample, "--json", "--today", "2021-12-20")
    other = run("check", sample, "--json", "--today", "2021-12-20", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")

    assert plain.returncode == other.returncode == 0
    assert plain.stdout == other.stdout


def _forms(text: str | Sequence[str] | None) -> list[str]:
    """The singular and the plural of a text, however the catalogue holds them."""
    return [text] if isinstance(text, str) else list(text or ())


def test_the_compiled_texts_are_those_of_the_catalogue() -> None:
    """``make translations`` was run after the last change, and every text keeps the placeholders of its original."""
    from babel.messages.mofile import read_mo
    from babel.messages.pofile import read_po

    from bundler.commands.click_translations import LOCALE_FOLDER

    folder = LOCALE_FOLDER / "zh_CN" / "LC_MESSAGES"
    with (folder / "bundler.po").open("rb") as source, (folder / "bundler.mo").open("rb") as compiled:
        texts, found = (
            {str(_forms(message.id)): str(_forms(message.string)) for message in catalogue if message.id}
            for catalogue in (read_po(source, locale="zh_CN"), read_mo(compiled))
        )
    assert texts == found
    for original, text in texts.items():
        assert set(re.findall(r"{(\w+)", text)) <= set(re.findall(r"{(\w+)", original)), original


def test_what_click_tells_of_wrong_arguments_is_in_the_catalogue() -> None:
    """Whichever release of click is installed: it has changed such texts before."""
    from babel.messages.pofile import read_po

    from bundler.commands.click_translations import LOCALE_FOLDER

    with (LOCALE_FOLDER / "zh_CN" / "LC_MESSAGES" / "bundler.po").open("rb") as source:
        known = {_forms(message.id)[0] for message in read_po(source, locale="zh_CN") if message.id}
    calls = [
        node
        for module in ("exceptions", "types", "parser")
        for node in ast.walk(ast.parse((Path(click.__file__).parent / f"{module}.py").read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"_", "ngettext"}
    ]
    texts = {str(node.args[0].value) for node in calls if isinstance(node.args[0], ast.Constant)}
    unused = {text for text in texts if "UUID" in text or text.startswith(("Choice(", "Invalid start", "{len_type}"))}
    assert len(texts) > 20
    assert texts - unused - known == set()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["build", "案件", "--volume", "x"], "“x”不在这几个里面：'全卷', '正卷'。"),
        (["rules", "A", "B"], "多出了参数：B"),
        (["check", "--kind"], "选项“--kind”后面要有值。"),
        (["check", "--doc", "x"], "没有“--doc”这个选项。"),
        (["templates", "preview"], "没有写输出到哪里。"),
    ],
)
def test_wrong_arguments_are_told_in_chinese_in_every_locale(arguments: list[str], message: str) -> None:
    """The catalogue is found though the machine's locale is another."""
    done = run(*arguments, LC_ALL="C", LANG="en_US.UTF-8", LANGUAGE="en")
    assert done.returncode == 2
    assert message in done.stderr
