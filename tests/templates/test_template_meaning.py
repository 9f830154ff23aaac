"""Mistakes of meaning in templates are warnings: found where they were made, and none in templates that are right."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bundler.commands import run
from bundler.documents.definitions import find_templates_folder
from bundler.profile import load_profile
from bundler.template_check.check import check_file
from bundler.template_check.meaning import warning_kinds
from bundler.template_check.meaning.check_meaning import MeaningCheck
from bundler.template_check.template_contracts import contracts
from bundler.template_check.trial_fill import sample_cases
from bundler.template_preview.situations import all_situations
from tests.support.meaning_mistakes import MISTAKES, Mistake, make_mistake, negated_conditions
from tests.support.paths import ROOT
from tests.templates.conftest import checked_once

SHIPPED = find_templates_folder(None)
DRAWN = 12
"""Conditions drawn at random."""


@pytest.fixture(scope="module")
def meaning(tmp_path_factory: pytest.TempPathFactory) -> MeaningCheck:
    """Return the check of a copy of the shipped templates, in every situation and sample."""
    folder = tmp_path_factory.mktemp("meaning") / "模板"
    shutil.copytree(SHIPPED, folder)
    cases = {**{one.title: one.case for one in all_situations(load_profile())}, **sample_cases()}
    return MeaningCheck(folder, load_profile(), cases)


def test_all_twelve_kinds_have_mistakes_and_a_line_in_the_guide() -> None:
    """The guide names each code, so that a keeper can look up what it means."""
    guide = (ROOT / "docs" / "templates.md").read_text(encoding="utf-8")

    assert list(dict.fromkeys(one.code for one in MISTAKES)) == list(warning_kinds.KINDS)
    assert len(warning_kinds.KINDS) == 12
    assert [code for code in warning_kinds.KINDS if f"`{code}`" not in guide] == []


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda one: f"{one.code}-{one.template}-{one.changes[0][1][:12]}")
def test_a_mistake_of_meaning_is_found(
    mistake: Mistake, meaning: MeaningCheck, record_property: Callable[[str, object], None]
) -> None:
    """The proof lets it pass; the warning has its kind, its paragraph, and what to do."""
    name = f"{mistake.template}.docx"
    make_mistake(mistake, SHIPPED / name, meaning.folder / name)
    problems = list(check_file(meaning.folder, name, contracts()[name], meaning.blocks))
    found = [one for one in meaning.check([name]) if one.code == mistake.code]
    problems += check_file(meaning.folder, name, contracts()[name], meaning.blocks)  # looking for it changes nothing
    shutil.copyfile(SHIPPED / name, meaning.folder / name)
    record_property("mistake of meaning", (mistake.code, bool(found)))

    assert problems == []
    assert found
    assert all(one.is_warning and one.paragraph and one.message and one.suggestion for one in found)


def test_negated_conditions_of_a_seed_are_found(
    meaning: MeaningCheck, record_property: Callable[[str, object], None]
) -> None:
    """Drawn from all templates, not chosen: the proof refuses them, or the warning tells them, even where no case prints them."""
    missed = []
    for name, condition in negated_conditions(meaning.folder, seed=20, count=DRAWN):
        refused = check_file(meaning.folder, name, contracts()[name], meaning.blocks)
        is_found = any(refused) or any(one.code == warning_kinds.CONDITION for one in meaning.check([name]))
        record_property("negated condition of a seed", (condition, is_found))
        missed += [] if is_found else [(name, condition)]
    assert len(missed) <= 1, missed


def test_other_templates_that_are_right_get_no_warning(meaning: MeaningCheck, tmp_path: Path) -> None:
    """Those of another court, with wordings of its own; the shipped ones are checked by the command's test."""
    own = tmp_path / "模板"
    shutil.copytree(SHIPPED, own)
    shutil.copytree(ROOT / "samples" / "other-court" / "templates", own, dirs_exist_ok=True)
    profile = load_profile(ROOT / "samples" / "other-court" / "profile.toml")
    changed = [path.name for path in (ROOT / "samples" / "other-court" / "templates").glob("*.docx")]

    assert changed
    assert list(MeaningCheck(own, profile, meaning.cases).check(name for name in contracts() if name in changed)) == []


def test_a_warning_is_told_in_every_format_and_lets_the_template_pass(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With its code, where it is, and what to do; the exit status is that of templates that pass."""
    own = tmp_path / "模板"
    shutil.copytree(SHIPPED, own)
    mistake = next(one for one in MISTAKES if one.code == warning_kinds.COURT)
    make_mistake(mistake, SHIPPED / f"{mistake.template}.docx", own / f"{mistake.template}.docx")
    command = ["templates", "check", "--templates", str(own)]

    with checked_once():
        assert run([*command, "--format", "json"]) == 0
        as_json = capsys.readouterr().out
        assert run(command) == 0
        told = capsys.readouterr().out
    (found,) = json.loads(as_json)
    assert (found["severity"], found["code"], found["expression"]) == ("warning", warning_kinds.COURT, "本院")
    assert "接访后" in found["message"]
    assert found["suggestion"].startswith("改成“我院”")
    assert f"⚠ [{warning_kinds.COURT}]" in told
    assert "全部通过；提醒 1 处" in told
