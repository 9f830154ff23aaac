"""The whole folder of templates: every file that there should be, proved part by part."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bundler.errors import reason
from bundler.profile import Profile
from bundler.template_check.contract import Contract
from bundler.template_check.contracts import contracts, title_of
from bundler.template_check.part import prove
from bundler.template_check.problem_report import TemplateProblem, finding
from bundler.template_check.problems import nearest
from bundler.template_check.reading import template_parts
from bundler.word.docx_check import locate_problems
from bundler.word.package import PackageError


def check_folder(folder: Path, profile: Profile) -> list[TemplateProblem]:
    """The proof of every template, then the trial of those that passed it."""
    from bundler.template_check.trial import try_folder  # loads docxtpl, which the proof does without

    found = check_folder_statically(folder)
    broken = {one.template for one in found}
    return [*found, *try_folder(folder, profile, [name for name in contracts() if name not in broken])]


def check_folder_statically(folder: Path) -> list[TemplateProblem]:
    """Every fault that can be seen without a case."""
    known = contracts()
    found = [one for name, contract in known.items() for one in check_file(folder, name, contract)]
    return [*found, *_unknown_files(folder, list(known))]


def check_file(folder: Path, name: str, contract: Contract) -> Iterator[TemplateProblem]:
    """Every fault of one template."""
    try:
        data = (folder / name).read_bytes()
        parts = template_parts(name, data)
    except FileNotFoundError:
        yield TemplateProblem(name, "", 0, "", f"没有《{title_of(name)}》的模板", "用 bundler templates new 取一份来改")
    except OSError as error:
        yield TemplateProblem(name, "", 0, "", f"读不了：{reason(error)}", "请检查模板文件夹")
    except UnicodeDecodeError:
        yield TemplateProblem(name, "", 0, "", "不是 UTF-8 编码", "请用 UTF-8 编码另存")
    except PackageError as error:
        yield TemplateProblem(name, "", 0, "", error.message, error.fix)
    else:
        yield from (finding(name, part, flaw) for part in parts for flaw in prove(part, contract))
        yield from _constructs(name, data)


def _constructs(name: str, data: bytes) -> Iterator[TemplateProblem]:
    """What the typesetter does not carry, in a Word template."""
    if name.endswith(".docx"):
        for part, number, problem in locate_problems(data):
            yield TemplateProblem(name, part, number, "", f"[{problem.rule}] {problem.message}", problem.fix)


def _unknown_files(folder: Path, known: list[str]) -> Iterator[TemplateProblem]:
    """Files that no document takes, most often because their name is misspelt."""
    found = [
        path.relative_to(folder).as_posix() for pattern in ("*.docx", "pages/*.html") for path in folder.glob(pattern)
    ]
    for name in sorted(found):
        if name not in known and not name.startswith("~$"):
            yield TemplateProblem(
                name, "", 0, "", "没有这个代号的文书，这个模板用不上", nearest(name, known) or "改名或者移走"
            )
