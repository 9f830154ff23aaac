"""Check a folder of templates: every expected file, part by part, and files that belong to no document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bundler.documents.shared_template_passages import BLOCKS_FILE, BuildingBlock, uses_blocks
from bundler.errors import describe_os_error
from bundler.profile import Profile
from bundler.template_check.expand_shared_passages import check_blocks_file
from bundler.template_check.name_hints import closest_name
from bundler.template_check.names_outside_tags import find_loose_names
from bundler.template_check.passed_templates_cache import PassedTemplatesCache
from bundler.template_check.problem_report import TemplateProblem, locate_problem
from bundler.template_check.read_template_parts import template_parts
from bundler.template_check.syntax_tree_walker import check_tree
from bundler.template_check.tag_syntax import match_blocks, parse_tokens
from bundler.template_check.template_contracts import Contract, contracts, title_of
from bundler.template_check.tokens import Part, PartProblem
from bundler.word.docx_package import PackageError
from bundler.word.unsupported_constructs import locate_problems


def check_folder(folder: Path, profile: Profile) -> list[TemplateProblem]:
    """Check every template statically, then fill those without problems with samples and example views, unless they passed before."""
    problems = check_folder_statically(folder)
    untried = PassedTemplatesCache("trial", folder, profile, sound_templates(folder, problems))
    if not untried.names:
        return problems
    from bundler.template_check.trial_fill import fill_templates  # loads docxtpl, which the static check does not need

    failures = fill_templates(folder, profile, untried.names)
    untried.remember(failures)
    return [*problems, *failures]


def sound_templates(folder: Path, problems: Sequence[TemplateProblem]) -> list[str]:
    """Return the templates without problems, their building blocks included."""
    broken = {problem.template for problem in problems}
    sound = [name for name in contracts() if name not in broken]
    if BLOCKS_FILE in broken:
        sound = [name for name in sound if name.endswith(".html") or not uses_blocks((folder / name).read_bytes())]
    return sound


def check_folder_statically(folder: Path) -> list[TemplateProblem]:
    """Return the problems that can be found without filling a template."""
    known = contracts()
    blocks, block_problems = check_blocks_file(folder)
    problems = [problem for name, contract in known.items() for problem in check_file(folder, name, contract, blocks)]
    # A fault in a building block is found in each template that inserts it, and told once.
    return list(dict.fromkeys([*problems, *block_problems, *_find_unknown_files(folder, [*known, BLOCKS_FILE])]))


def check_file(
    folder: Path, name: str, contract: Contract, blocks: Mapping[str, BuildingBlock]
) -> Iterator[TemplateProblem]:
    """Yield the problems of one template, those of the building blocks that it inserts among them."""
    try:
        data = (folder / name).read_bytes()
        parts = template_parts(name, data, blocks)
    except FileNotFoundError:
        message = f"没有《{title_of(name)}》的模板"
        yield TemplateProblem(name, "", 0, "", message, "用 bundler templates new 取一份来改")
    except OSError as error:
        yield TemplateProblem(name, "", 0, "", f"读不了：{describe_os_error(error)}", "请检查模板文件夹")
    except UnicodeDecodeError:
        yield TemplateProblem(name, "", 0, "", "不是 UTF-8 编码", "请用 UTF-8 编码另存")
    except PackageError as error:
        yield TemplateProblem(name, "", 0, "", error.message, error.fix)
    else:
        yield from (locate_problem(name, part, problem) for part in parts for problem in check_part(part, contract))
        yield from _find_unsupported_constructs(name, data)


def check_part(part: Part, contract: Contract) -> list[PartProblem]:
    """Return the problems of one part, in the order of its paragraphs."""
    tokens, block_problems = match_blocks(part.tokens)
    tree, syntax_problems = parse_tokens(tokens)
    problems = [*part.problems, *find_loose_names(part, contract), *block_problems, *syntax_problems]
    if tree is not None and part.is_whole:  # without a block, names that it sets or uses would seem wrong
        for problem in check_tree(tree, contract):
            token = tokens[problem.line - 1]
            problems.append(PartProblem(token.location, token.text, problem.message, problem.suggestion))
    return sorted(dict.fromkeys(problems), key=lambda problem: problem.location.number)


def _find_unsupported_constructs(name: str, data: bytes) -> Iterator[TemplateProblem]:
    """Yield the constructs of a Word template that the typesetter does not support."""
    if name.endswith(".docx"):
        for part, number, problem in locate_problems(data):
            yield TemplateProblem(name, part, number, "", f"[{problem.rule}] {problem.message}", problem.fix)


def _find_unknown_files(folder: Path, known: list[str]) -> Iterator[TemplateProblem]:
    """Yield the files that no document uses, most often because the name is misspelt."""
    found = [
        path.relative_to(folder).as_posix() for pattern in ("*.docx", "pages/*.html") for path in folder.glob(pattern)
    ]
    for name in sorted(found):
        if name not in known and not name.startswith("~$"):
            suggestion = closest_name(name, known) or "改名或者移走"
            yield TemplateProblem(name, "", 0, "", "没有这个代号的文书，这个模板用不上", suggestion)
