"""Building blocks in the proof: their tags stand for those that insert them, and their file is checked by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from bundler.documents.shared_template_passages import (
    BLOCKS_FILE,
    KEYWORD,
    BuildingBlock,
    inserted_name,
    load_blocks,
    read_blocks_file,
    unknown_block,
)
from bundler.errors import describe_os_error
from bundler.template_check.name_hints import closest_name
from bundler.template_check.problem_report import TemplateProblem
from bundler.template_check.tokens import BLOCKS_PART, Location, Part, PartProblem, TagLevel, Token, tokenize
from bundler.word.docx_package import PackageError


def insert_block_tokens(part: Part, blocks: Mapping[str, BuildingBlock]) -> Part:
    """Return a part in which the tokens of a building block stand for each tag that inserts it.

    For a name that no block has, those of the block with the nearest name stand, so that the misspelt name is the only
    problem; without such a block, the part is not whole.
    """
    if not any(token.keyword == KEYWORD for token in part.tokens):
        return part
    tokens: list[Token] = []
    problems, is_whole = list(part.problems), True
    for token in part.tokens:
        if token.keyword != KEYWORD:
            tokens.append(token)
            continue
        name = inserted_name(token.source)
        meant = name if name in blocks else closest_name(name, blocks)
        if meant != name:
            suggestion = f"{{% {KEYWORD} {meant} %}}" if meant else f"构件写在 {BLOCKS_FILE} 里"
            problems.append(PartProblem(token.location, token.text, unknown_block(name, blocks), suggestion))
        if meant in blocks:
            inserted, own_problems = _block_tokens(blocks[meant], token.location.containers)
            tokens += inserted
            problems += own_problems
        else:
            is_whole = False
    return replace(part, tokens=tuple(tokens), problems=tuple(problems), is_whole=is_whole)


def _block_tokens(block: BuildingBlock, containers: dict[TagLevel, int]) -> tuple[list[Token], list[PartProblem]]:
    """The tokens of a block at a place of a template, and what is wrong with how they are written."""
    location = Location(block.paragraph, block.text, containers, BLOCKS_FILE)
    tokens, problems = tokenize(location, is_word=True)
    kept = []
    for token in tokens:
        if token.keyword == KEYWORD:
            problems.append(PartProblem(location, token.text, "构件里不能再用构件", "把那一段的字抄进来"))
        elif token.is_tag and token.level is not TagLevel.TEXT:
            message = f"构件放在一段文字里，不能用“{token.text[:4]}”这种去掉整段、整行的标记"
            problems.append(PartProblem(location, token.text, message, "去掉 % 后面的 p、tr、tc"))
        else:
            kept.append(token)
    return kept, problems


def check_blocks_file(folder: Path) -> tuple[dict[str, BuildingBlock], list[TemplateProblem]]:
    """Return the building blocks of a folder, and the problems of their file that no template shows."""
    try:
        blocks = load_blocks(folder)
        return blocks, list(_find_repeated_names(folder)) if blocks else []
    except OSError as error:
        problem = TemplateProblem(BLOCKS_FILE, "", 0, "", f"读不了：{describe_os_error(error)}", "请检查模板文件夹")
    except PackageError as error:
        problem = TemplateProblem(BLOCKS_FILE, "", 0, "", error.message, error.fix)
    return {}, [problem]


def _find_repeated_names(folder: Path) -> Iterator[TemplateProblem]:
    seen: set[str] = set()
    for name, block in read_blocks_file((folder / BLOCKS_FILE).read_bytes()):
        if name in seen:
            message = f"有两个构件都叫“{name}”，只用得上后一个"
            yield TemplateProblem(BLOCKS_FILE, BLOCKS_PART, block.paragraph, f"【{name}】", message, "其中一个改名")
        seen.add(name)
