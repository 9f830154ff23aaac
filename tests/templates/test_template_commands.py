"""``bundler templates``: check in four formats, plain text, a copy to start with, the list of names."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from lxml import etree

from bundler.commands import run
from bundler.documents.definitions import DOCUMENTS, find_templates_folder
from bundler.documents.find_document_by_name import find_document_code
from bundler.documents.views.case_view import CaseView
from bundler.profile import DEFAULT_PROFILE, load_profile
from bundler.template_check.example_views import example_views
from bundler.template_check.template_contracts import contracts, document_contract, template_titles
from bundler.template_check.trial_fill import fill_templates
from bundler.template_check.view_types import fields_of
from bundler.word.unsupported_constructs import check_docx
from tests.support.bundles import run_here
from tests.support.paths import ROOT
from tests.templates.conftest import checked_once

SHIPPED = find_templates_folder(None)
OTHER = ROOT / "samples" / "other-court"


@pytest.fixture
def own_templates(tmp_path: Path) -> Path:
    """Return a folder with a copy of the shipped templates."""
    folder = tmp_path / "模板"
    assert run(["templates", "new", str(folder)]) == 0
    return folder


def replace_text(path: Path, right: str, wrong: str) -> None:
    """Replace text of a paragraph as a user of Word would."""
    word = Document(str(path))
    paragraph = next(one for one in word.paragraphs if right in one.text)
    paragraph.runs[0].text = paragraph.text.replace(right, wrong)
    for run_ in paragraph.runs[1:]:
        run_.text = ""
    word.save(str(path))


def test_the_shipped_templates_pass(capsys: pytest.CaptureFixture[str]) -> None:
    """The static check, and filling with every sample and with example views."""
    assert run(["templates", "check"]) == 0
    assert capsys.readouterr().out == f"{len(contracts())} 个模板，全部通过。\n"


TEXT_BOX = (
    '<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml">'
    "<w:pict><v:shape><v:textbox><w:txbxContent><w:p><w:r><w:t>急件</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape>"
    "</w:pict></w:r>"
)
FAULTY = [
    "acceptance_notice.docx",
    "hearing_record.docx",
    "interview_record.docx",
    "interview_recrod.docx",
    "measures_statement.docx",
    "pages/index.html",
    "reply_opinion.docx",
    "transfer_slip.docx",
]


@dataclass(frozen=True)
class Told:
    """A folder with faults of every kind, each in a template of its own, and what the check says of it in each format."""

    folder: Path
    printed: dict[str, str]

    def problems_of(self, template: str) -> list[dict[str, Any]]:
        """The problems of a template, as JSON."""
        return [one for one in json.loads(self.printed["json"]) if one["template"] == template]

    def text_of(self, template: str) -> str:
        """What is printed of a template for a person."""
        lines = self.printed["text"].splitlines()
        start = next(number for number, line in enumerate(lines) if line.startswith(f"{template}　"))
        return "\n".join([lines[start], *takewhile(lambda line: line.startswith(" "), lines[start + 1 :])])


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Spoil templates, check them once, and print what was found in each format; the exit status is 4."""
    folder = tmp_path_factory.mktemp("faults") / "模板"
    assert run_here("templates", "new", folder).returncode == 0
    replace_text(folder / "reply_opinion.docx", "relief.case_no }}", "relief.case_on }}")
    replace_text(folder / "acceptance_notice.docx", "{{ reg_no }}", "{{ reg_nr }}")
    (folder / "pages" / "index.html").unlink()
    shutil.move(folder / "interview_record.docx", folder / "interview_recrod.docx")
    (folder / "hearing_record.docx").write_bytes(b"no zip")
    word = Document(str(folder / "measures_statement.docx"))
    next(one for one in word.paragraphs if one.text == "以上情况属实。").add_run("甲").font.strike = True
    word.save(str(folder / "measures_statement.docx"))
    word = Document(str(folder / "transfer_slip.docx"))
    next(one for one in word.paragraphs if one.text.endswith("信访事项转交（办）单"))._p.append(
        etree.fromstring(TEXT_BOX)
    )
    word.save(str(folder / "transfer_slip.docx"))
    with checked_once():
        done = {
            kind: run_here("templates", "check", "--templates", folder, "--format", kind)
            for kind in ("text", "json", "github", "junit")
        }
        done["--json"] = run_here("templates", "check", "--templates", folder, "--json")
    assert {one.returncode for one in done.values()} == {4}
    assert done["--json"].stdout == done["json"].stdout
    return Told(folder, {kind: one.stdout for kind, one in done.items()})


def test_nothing_else_is_told(told: Told) -> None:
    """Each spoilt template, and no other one."""
    assert sorted({one["template"] for one in json.loads(told.printed["json"])}) == FAULTY


def test_a_misspelt_name_in_a_rare_branch_is_told_in_json(told: Told) -> None:
    """With file, paragraph, tag, and the correct name."""
    (found,) = told.problems_of("reply_opinion.docx")
    number = next(
        n
        for n, words in enumerate(check_docx((told.folder / "reply_opinion.docx").read_bytes()).paragraphs, 1)
        if "case_on" in words
    )
    assert list(found) == ["template", "part", "paragraph", "expression", "message", "suggestion"]
    assert (found["template"], found["part"], found["paragraph"]) == ("reply_opinion.docx", "正文", number)
    assert found["expression"] == "{{ relief.case_on }}"
    assert "“relief”没有“case_on”这一项" in found["message"]
    assert "案号为" in found["message"]
    assert found["suggestion"] == "relief.case_no"


def test_github_and_junit_name_file_and_place(told: Told) -> None:
    """In the formats that GitHub and JUnit readers expect."""
    lines = told.printed["github"].splitlines()
    assert sorted(line.partition(",")[0] for line in lines) == [f"::error file={told.folder}/{name}" for name in FAULTY]
    suite = ET.fromstring(told.printed["junit"])  # noqa: S314 (our own output)
    assert (suite.get("tests"), suite.get("failures")) == (str(len(contracts()) + 1), str(len(FAULTY)))
    broken = [case.get("name") or "" for case in suite if case.find("failure") is not None]
    assert sorted(broken) == FAULTY


def test_files_that_are_no_templates_are_told(told: Told) -> None:
    """An unknown name, a file that is no Word file, and a missing file."""
    assert "没有《约谈（谈话）笔录》的模板" in told.printed["text"]
    assert (
        "interview_recrod.docx　整个文件\n    ✗ 没有这个代号的文书，这个模板用不上\n    → interview_record.docx"
        in told.printed["text"]
    )
    assert "hearing_record.docx　整个文件\n    ✗ 已损坏" in told.printed["text"]


def test_a_construct_that_is_not_carried_is_told_with_its_paragraph(told: Told) -> None:
    """Although no tag is wrong."""
    (found,) = told.problems_of("measures_statement.docx")
    assert found["paragraph"] > 0
    assert "[DOCX-UNSUPPORTED]" in found["message"]
    assert "删除线" in found["message"]


def test_a_text_box_in_a_template_is_told_what_to_do_in_word(told: Told) -> None:
    """A template is not scanned; the advice is what to press in Word or WPS."""
    words = told.text_of("transfer_slip.docx")
    assert "文本框" in words
    assert "剪切（Ctrl+X）到正文的段落里" in words
    assert "扫描" not in words
    assert "PDF" not in words


def test_the_trial_alone_finds_a_broken_template(own_templates: Path) -> None:
    """Without the static check."""
    replace_text(own_templates / "acceptance_notice.docx", "{{ reg_no }}", "{{ reg_nr }}")
    (found,) = fill_templates(own_templates, load_profile(), ["acceptance_notice.docx", "pages/cover.html"])

    assert "没有“reg_nr”这个名称" in found.message


def test_made_values_hold_each_name_present_and_absent() -> None:
    """Except those that the document's requirements guarantee."""
    contract = document_contract("acceptance_notice")
    views = example_views(contract, frozenset(fields_of(CaseView)) | {"title", "no"})
    guaranteed = DOCUMENTS["acceptance_notice"].requirements.guaranteed
    seen = {
        name: {getattr(view, name) in (None, ()) for view in views} for name in ("brief", "assign", "cases", "reg_no")
    }

    assert seen == {"brief": {True, False}, "assign": {True, False}, "cases": {True, False}, "reg_no": {False}}
    assert "reg_no" in guaranteed
    assert {view.channel for view in views} == {"visit", "letter", "phone", "network", "other"}  # type: ignore[attr-defined]


def test_a_copy_is_never_written_over(own_templates: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And contains all templates and the list of names."""
    assert {path.relative_to(own_templates).as_posix() for path in own_templates.rglob("*") if path.is_file()} == {
        *contracts(),
        "pages/pages.css",
        "building_blocks.docx",
        "可用名称.txt",
    }
    assert run(["templates", "new", str(own_templates)]) == 2
    assert "没有改动" in capsys.readouterr().err


def test_the_names_are_listed_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    """Every name of every view with its title; for one document, a guaranteed name is not listed as optional."""
    assert run(["templates", "fields"]) == 0
    listed = capsys.readouterr().out
    missing = [
        name
        for c in contracts().values()
        for name, field in fields_of(c.view).items()
        if f"{name}　{field.title}" not in listed
    ]
    assert missing == []

    assert run(["templates", "fields", "--doc", "acceptance_notice"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "  received_on　收到（来访）日期　（日期，印时写 |day）" in lines
    assert "  brief　短事由　（文字；可能没有）" in lines
    assert run(["templates", "fields", "--doc", "acceptance_notise"]) == 2
    assert "是不是“acceptance_notice”" in capsys.readouterr().err


def test_git_shows_the_changed_words_of_a_word_file(tmp_path: Path) -> None:
    """With the two settings of docs/templates.md."""

    def git(*arguments: str) -> str:
        who = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
        return subprocess.run(
            ["git", *who, *arguments], cwd=tmp_path, check=True, capture_output=True, text=True
        ).stdout

    textconv = f"{shlex.quote(sys.executable)} -P -m bundler templates text"
    shutil.copy(SHIPPED / "acceptance_notice.docx", tmp_path / "a.docx")
    (tmp_path / ".gitattributes").write_text("*.docx diff=docx\n", encoding="utf-8")
    git("init", "-q")
    git("config", "diff.docx.textconv", textconv)
    git("add", "-A")
    git("commit", "-qm", "甲")
    replace_text(tmp_path / "a.docx", "特此告知", "特此通知")
    changed = [line for line in git("diff", "--no-color").splitlines() if line.startswith(("-[", "+["))]

    assert changed == ["-[结语] 特此告知。", "+[结语] 特此通知。"]


def test_another_court_uses_its_own_profile_and_template(
    own_templates: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The sample court: one changed template among copies of the shipped ones."""
    shutil.copytree(OTHER / "templates", own_templates, dirs_exist_ok=True)
    settings = ["--templates", str(own_templates), "--profile", str(OTHER / "profile.toml")]
    target = tmp_path / "a.docx"
    case = str(ROOT / "samples" / "write-off-complete")

    assert run(["templates", "check", *settings]) == 0
    assert run(["render", case, "--doc", "acceptance_notice", "-o", str(target), *settings]) == 0
    capsys.readouterr()
    words = check_docx(target.read_bytes()).paragraphs
    assert "样某市样某区人民法院" in words
    assert "二〇二一年九月十七日" in words
    assert "本告知书一式两份，一份送达你，一份附卷（登记号：钢信执2021-0042）。" in words


def test_a_hook_of_three_lines_runs_the_check(own_templates: Path, tmp_path: Path) -> None:
    """The script of `.pre-commit-hooks.yaml` installs what is locked, and runs the check in the folder of the caller."""
    hook = dict(
        line.strip("- ").split(": ", 1)
        for line in (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8").splitlines()
        if ": " in line and "#" not in line
    )
    program, *rest = shlex.split(hook["entry"])
    checkout = tmp_path / "checkout"
    (checkout / "tools").mkdir(parents=True)
    (checkout / ".venv" / "bin").mkdir(parents=True)
    shutil.copy(ROOT / program, checkout / program)
    # The checkout's own environment is made by the script that takes every package from the lock file, and by nothing else.
    (checkout / "tools" / "setup-python.sh").write_text('#!/bin/sh\necho made >"$0.log"\n', encoding="utf-8")
    (checkout / "tools" / "setup-python.sh").chmod(0o755)
    (checkout / ".venv" / "bin" / "bundler").symlink_to(Path(sys.executable).parent / "bundler")
    done = subprocess.run(
        [checkout / program, *rest, "--templates", own_templates.name],
        capture_output=True,
        text=True,
        check=False,
        cwd=own_templates.parent,
    )

    assert (hook["id"], hook["language"], hook["pass_filenames"]) == ("bundler-templates", "script", "false")
    assert (done.returncode, done.stderr) == (0, "")
    assert (checkout / "tools" / "setup-python.sh.log").exists()
    assert "--require-hashes" in (ROOT / "tools" / "setup-python.sh").read_text(encoding="utf-8")


def test_the_projects_own_ci_proves_the_templates() -> None:
    """`.ci/run` calls the target that runs the check."""
    makefile = (ROOT / "Makefile").read_text("utf-8")

    assert "make lint types templates" in (ROOT / ".ci" / "run").read_text("utf-8")
    assert "\ntemplates: setup\n\t@.venv/bin/bundler templates check\n" in makefile
    assert "\ncheck: lint types templates test\n" in makefile


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("受理告知书", "acceptance_notice"),
        ("执行申诉信访事项受理告知书", "acceptance_notice"),
        ("《送达回证》", "service_receipt"),
        ("约谈(谈话)笔录", "interview_record"),
        ("卷内备考表", "closing_note"),
        ("reply_opinion.docx", "reply_opinion"),
    ],
)
def test_a_paper_is_named_by_its_title_or_a_part_of_it(given: str, code: str) -> None:
    """As a person calls it; and by its code or file."""
    assert find_document_code(given, template_titles()) == code


def test_a_title_that_several_papers_share_is_no_name(capsys: pytest.CaptureFixture[str]) -> None:
    """Each of them is told; a misspelt title gets the nearest."""
    assert run(["templates", "fields", "--doc", "告知书"]) == 2
    told = capsys.readouterr().err
    assert "acceptance_notice" in told
    assert "explanation_notice" in told
    assert run(["templates", "fields", "--doc", "受理告之书"]) == 2
    assert "“acceptance_notice”" in capsys.readouterr().err


def test_render_takes_the_chinese_title(tmp_path: Path) -> None:
    """As `templates fields` does."""
    target = tmp_path / "a.docx"
    case = str(ROOT / "samples" / "write-off-complete")

    assert run(["render", case, "--doc", "受理告知书", "-o", str(target)]) == 0
    assert "执行申诉信访事项受理告知书" in check_docx(target.read_bytes()).paragraphs


def test_a_template_that_fails_the_proof_prints_nothing(
    own_templates: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Although this case has the value that others may lack; where a bundle is built, the command says so."""
    replace_text(own_templates / "acceptance_notice.docx", "登记号：{{ reg_no }}", "交办机关：{{ assign.body }}")
    target, case = tmp_path / "a.docx", str(ROOT / "samples" / "write-off-complete")
    settings = ["--templates", str(own_templates)]
    capsys.readouterr()

    assert run(["render", case, "--doc", "受理告知书", "-o", str(target), *settings]) == 4
    told = capsys.readouterr().err
    assert "acceptance_notice.docx 正文第" in told
    assert "“assign”可能没有" in told
    assert "bundler templates check --templates" in told
    assert not target.exists()
    assert run(["render", case, "--doc", "送达回证", "-o", str(target), *settings]) == 0
    for command in (
        ["build", case, "--dry-run"],
        ["check", case],
        ["batch", str(tmp_path / "案件"), "-o", str(tmp_path / "结果")],
    ):
        (tmp_path / "案件").mkdir(exist_ok=True)
        capsys.readouterr()
        run([*command, *settings])
        assert "提醒：模板没有通过检查：acceptance_notice.docx 正文第" in capsys.readouterr().err


def test_check_does_not_call_complete_what_build_cannot_make(
    own_templates: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both end with status 4 over a template that this case needs and that cannot be filled; without the folder, with 2."""
    replace_text(own_templates / "acceptance_notice.docx", "登记号：{{ reg_no }}", "登记号：{{ 1 / 0 }}")
    case = str(ROOT / "samples" / "write-off-complete")
    for command in (["check", case], ["build", case, "--dry-run"]):
        capsys.readouterr()
        assert run([*command, "--templates", str(own_templates)]) == 4
        assert "acceptance_notice.docx" in capsys.readouterr().err
        assert run([*command, "--templates", str(own_templates / "没有")]) == 2
        assert "没有“" in capsys.readouterr().err


def test_git_is_set_up_by_one_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Although `bundler` is in no folder of PATH: one clause of a long paragraph, and Chinese file names, as they are."""
    repository = tmp_path / "模板库"
    repository.mkdir()
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org"]

    def run_git(*arguments: str) -> str:
        return subprocess.run(
            [*git, *arguments], cwd=repository, check=True, capture_output=True, text=True, encoding="utf-8"
        ).stdout

    assert run(["templates", "git", str(repository)]) == 2
    run_git("init", "-q")
    (repository / ".gitattributes").write_text("*.pdf binary", encoding="utf-8")
    assert run(["templates", "git", str(repository)]) == 0
    assert run(["templates", "git", str(repository)]) == 0
    assert (repository / ".gitattributes").read_text(encoding="utf-8") == "*.pdf binary\n*.docx diff=docx\n"
    shutil.copy(SHIPPED / "acceptance_notice.docx", repository / "受理告知书.docx")
    run_git("add", "-A")
    run_git("commit", "-qm", "甲")
    replace_text(repository / "受理告知书.docx", "因故不能按时到场的", "有事不能按时到场的")
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    changed = run_git("diff", "--no-color")

    assert "受理告知书.docx" in changed
    (old, new) = [line for line in changed.splitlines() if line.startswith(("-  ", "+  "))]
    assert old.strip("- ").startswith("因故不能按时到场的")
    assert new.strip("+ ").startswith("有事不能按时到场的")
    assert len(new) < 60


def test_a_copied_profile_never_prints_the_other_courts_address(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its address and telephone are left out, and the command says so."""
    copied = tmp_path / "本院.toml"
    shipped = DEFAULT_PROFILE.read_text(encoding="utf-8")
    copied.write_text(shipped.replace(load_profile().court_name, "样某市样某区人民法院"), encoding="utf-8")
    target, case = tmp_path / "a.docx", str(ROOT / "samples" / "write-off-complete")

    assert run(["render", case, "--doc", "受理告知书", "-o", str(target), "--profile", str(copied)]) == 0
    told = capsys.readouterr().err
    text = check_docx(target.read_bytes()).text()
    assert "样某市样某区人民法院" in text
    assert load_profile().court_addr not in text
    assert "court_addr、court_tel、doc_prefix 还是济南市钢城区人民法院的，没有采用" in told
    assert "court_code 与济南市钢城区人民法院的相同" in told
