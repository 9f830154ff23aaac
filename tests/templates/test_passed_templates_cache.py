"""A template that passed is not filled again, and one of which anything has changed is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bundler.documents.definitions import find_templates_folder
from bundler.documents.shared_template_passages import BLOCKS_FILE
from bundler.profile import load_profile
from bundler.template_check import passed_templates_cache, trial_fill
from bundler.template_check.check import check_folder
from bundler.template_check.passed_templates_cache import PassedTemplatesCache
from bundler.template_check.problem_report import TemplateProblem
from tests.support.paths import SAMPLES

NAMES = ["acceptance_notice.docx", "reply_opinion.docx"]
PROFILE = load_profile()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the shipped templates, and an empty cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Path(shutil.copytree(find_templates_folder(None), tmp_path / "模板"))


def look_up(folder: Path) -> PassedTemplatesCache:
    """Look up the two templates of a folder."""
    return PassedTemplatesCache("trial", folder, PROFILE, NAMES)


def touch(path: Path) -> None:
    """Change a zip and not its content."""
    path.write_bytes(path.read_bytes() + b"\n")


def test_what_passed_is_remembered_until_anything_changes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its bytes, the building blocks, the profile, the kind of check, what else was given, and the code."""
    assert look_up(folder).names == NAMES
    look_up(folder).remember([])
    assert look_up(folder).names == []

    other_court = load_profile(next((SAMPLES / "other-regulation").glob("*.toml")))
    assert PassedTemplatesCache("trial", folder, other_court, NAMES).names == NAMES
    assert PassedTemplatesCache("meaning", folder, PROFILE, NAMES).names == NAMES
    assert PassedTemplatesCache("trial", folder, PROFILE, NAMES, "more").names == NAMES
    assert look_up(find_templates_folder(None)).names == NAMES
    touch(folder / NAMES[0])
    assert look_up(folder).names == NAMES[:1]
    touch(folder / BLOCKS_FILE)
    assert look_up(folder).names == NAMES
    look_up(folder).remember([])
    monkeypatch.setattr(passed_templates_cache, "_installation_digest", lambda: "other code")
    assert look_up(folder).names == NAMES


def test_what_did_not_pass_is_never_remembered(folder: Path) -> None:
    """Neither a template with a problem, nor one that changed while it was checked, nor any where the blocks are broken."""
    problem = TemplateProblem(NAMES[0], "正文", 1, "", "写错了", "")
    checked = look_up(folder)
    touch(folder / NAMES[1])
    checked.remember([problem])
    assert look_up(folder).names == NAMES

    look_up(folder).remember([TemplateProblem(BLOCKS_FILE, "正文", 1, "", "写错了", "")])
    assert look_up(folder).names == NAMES


def test_only_a_changed_template_is_filled_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check of a folder fills all templates, then none, then the one that was changed."""
    filled: list[list[str]] = []

    def fill(_: Path, __: object, names: list[str]) -> list[TemplateProblem]:
        filled.append(names)
        return []

    monkeypatch.setattr(trial_fill, "fill_templates", fill)
    for _ in range(2):
        assert check_folder(folder, PROFILE) == []
    touch(folder / NAMES[0])
    assert check_folder(folder, PROFILE) == []

    assert len(filled[0]) > 30
    assert filled[1:] == [NAMES[:1]]
