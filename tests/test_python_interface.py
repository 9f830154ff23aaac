"""The public Python interface: its documentation is true, it loads lazily, and it does what the commands do."""

from __future__ import annotations

import doctest
import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import bundler
from bundler.commands import run
from tests.support.paths import ROOT

TODAY = date(2021, 12, 20)
EXAMPLES = {"案件": "declined", "不齐的案件": "incomplete"}


def run_python(code: str) -> str:
    """What a new interpreter prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_the_examples_of_the_documentation_are_true(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every example of docs/python.md, from top to bottom, in a folder with the two cases that it names."""
    for name, sample in EXAMPLES.items():
        shutil.copytree(ROOT / "samples" / sample, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    test = doctest.DocTestParser().get_doctest(text, {}, "docs/python.md", None, None)
    report: list[str] = []
    assert len(test.examples) > 10
    assert doctest.DocTestRunner(verbose=False).run(test, out=report.append).failed == 0, "".join(report)


def test_importing_the_package_loads_nothing_of_it() -> None:
    """``import bundler`` imports no module of the package and no library."""
    code = "import sys; before = set(sys.modules); import bundler; print(*(set(sys.modules) - before))"
    assert run_python(code) == "bundler"


def test_every_public_name_is_found_and_documented() -> None:
    """Each name of `__all__` exists, has a docstring and is listed by `dir`; another name is an AttributeError."""
    assert set(bundler.__all__) <= set(dir(bundler))
    assert [name for name in bundler.__all__ if not getattr(bundler, name).__doc__] == []
    assert sorted(name for names in bundler._MODULES.values() for name in names) == sorted(bundler.__all__)
    with pytest.raises(AttributeError):
        bundler.nothing  # type: ignore[attr-defined]  # noqa: B018 (the access is the test)


def test_no_module_takes_the_place_of_a_function() -> None:
    """Importing rooms and commands leaves the five functions callable."""
    code = (
        "import bundler, bundler.api.build, bundler.api.check, bundler.api.render, bundler.api.verify, "
        "bundler.bundle.write_books, bundler.commands.build, bundler.commands.check, "
        "bundler.commands.render, bundler.commands.verify, bundler.gate.check, bundler.verification.verify; "
        "print(all(callable(getattr(bundler, name)) for name in ('read_case', 'check', 'render', 'build', 'verify')))"
    )
    assert run_python(code) == "True"


def test_functions_and_commands_give_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same findings, papers, bundle and report, byte for byte."""
    case = tmp_path / "案件"
    shutil.copytree(ROOT / "samples" / "declined", case)
    day = ["--today", TODAY.isoformat()]

    assert run(["check", str(case), "--json", *day]) == 0
    checked = bundler.check(case, today=TODAY)
    assert json.loads(capsys.readouterr().out) == {**checked.as_json(), "case": str(case)}

    run(["render", str(case), "--all", "-o", str(tmp_path / "文书")])
    papers = {paper.file_name: paper.data for paper in bundler.render(case, None)}
    assert papers == {path.name: path.read_bytes() for path in (tmp_path / "文书").iterdir()}

    assert run(["build", str(case), "-o", str(tmp_path / "command.pdf"), *day]) == 0
    built = bundler.build(checked, tmp_path / "function.pdf")
    assert (tmp_path / "function.pdf").read_bytes() == (tmp_path / "command.pdf").read_bytes()
    assert built.history_error == ""

    capsys.readouterr()
    assert run(["verify", str(tmp_path / "command.pdf"), "--json", "--case", str(case)]) == 0
    verification = bundler.verify(tmp_path / "function.pdf", case=case)
    assert json.loads(capsys.readouterr().out) == verification.as_json()


def test_an_incomplete_case_is_not_built_and_a_wrong_argument_is_told(tmp_path: Path) -> None:
    """Errors are raised with their Chinese message and fix, and nothing is written."""
    case = ROOT / "samples" / "incomplete"
    with pytest.raises(bundler.CaseError, match="没有成卷"):
        bundler.build(bundler.check(case, today=TODAY), tmp_path / "卷宗.pdf")
    with pytest.raises(bundler.UsageError, match="没有“notice”这份文书"):
        bundler.render(case, "notice")
    with pytest.raises(bundler.UsageError, match="类别"):
        bundler.check(case, kind="all")
    with pytest.raises(bundler.UnreadableError):
        bundler.verify(tmp_path / "无.pdf")
    assert list(tmp_path.iterdir()) == []
