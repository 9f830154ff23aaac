"""``bundler templates``: check templates, print one as text, set up git for them, copy them, list the names that they may use."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bundler.atomic_write import write_atomic
from bundler.bundle.output_path_checks import check_target
from bundler.commands.console import print_message, print_result
from bundler.commands.shared_options import (
    common_options,
    profile_from,
    require_templates_folder,
    unused_common_options,
)
from bundler.commands.templates_branches import command as branches_command
from bundler.commands.templates_preview import command as preview_command
from bundler.errors import ExitCode, TemplateError, UsageError, output_error

if TYPE_CHECKING:
    from bundler.template_check.problem_report import TemplateProblem


@click.group("templates")
def command() -> None:
    """模板：检查、预览、看条件、看文字、复制一套来改、列出可用的名称。"""


command.add_command(preview_command)
command.add_command(branches_command)


@command.command("check")
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["text", "json", "github", "junit"]),
    default="text",
    help="输出格式，默认 text。",
)
@click.option("--json", "file_format", flag_value="json", help="与 --format json 相同。")
@click.option(
    "--comments",
    type=click.Path(path_type=Path),
    metavar="OUT",
    help="把问题作为批注写进有问题的 Word 模板的副本，放在文件夹 OUT 里；只有一个的，也可以写成 .docx。",
)
@common_options
def check(file_format: str, comments: Path | None, profile_path: Path | None, templates_path: Path | None) -> int:
    """逐个名称、逐个分支地检查全部模板，再试填；有问题时退出码为 4。像是写错了意思的，只提醒。"""
    from bundler.documents.definitions import find_templates_folder
    from bundler.template_check.check import check_folder, sound_templates
    from bundler.template_check.meaning.check_meaning import check_meaning
    from bundler.template_check.problem_report import REPORT_FORMATS
    from bundler.template_check.template_contracts import contracts
    from bundler.template_preview.situations import all_situations

    folder = find_templates_folder(templates_path)
    require_templates_folder(folder)
    profile = profile_from(profile_path)
    found = check_folder(folder, profile)
    situations = {situation.title: situation.case for situation in all_situations(profile)}
    warnings = check_meaning(folder, profile, sound_templates(folder, found), situations)
    text = REPORT_FORMATS[file_format]([*found, *warnings], folder, list(contracts()))
    if text:
        print_result(text)
    if comments is not None:
        _write_comments(folder, [*found, *warnings], comments)
    return ExitCode.TEMPLATE if found else ExitCode.OK


def _write_comments(folder: Path, problems: Sequence[TemplateProblem], output: Path) -> None:
    """Write the commented copies of the Word templates that have problems, and say where they are.

    Raises:
        UsageError: one file is wanted and several have problems, or the output is among the templates.
        OutputError: a copy cannot be written.
    """
    from bundler.template_check.word_comments import commented_copies

    copies = dict(commented_copies(folder, problems))
    is_file = output.suffix == ".docx"
    if is_file and len(copies) > 1:
        raise UsageError(f"有问题或者提醒的模板有 {len(copies)} 个，批注没有写。", fix="--comments 请写一个文件夹。")
    targets = {name: output if is_file else output / name for name in copies}
    for target in targets.values():
        check_target(target, (), folder)
    for name, target in targets.items():
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise output_error(target, error) from error
        write_atomic(target, copies[name])
        print_message(f"批注写在：{target}")
    outside = sum(problem.template not in copies for problem in problems)
    if outside:
        print_message(f"另有 {outside} 处不在能打开的 Word 文件里，见上面的清单。")
    elif not copies:
        print_message("没有问题，没有写批注。")


@command.command("text")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@unused_common_options
def text(file: Path) -> None:
    """一个 Word 文件的文字，一段一行（长段按句子、条件分行），前面写样式名；供 git 比较两个版本用。"""
    from bundler.errors import describe_os_error
    from bundler.template_check.docx_text_for_git_diff import plain_text
    from bundler.word.docx_package import PackageError

    try:
        print_result(plain_text(file.read_bytes()))
    except OSError as error:
        raise UsageError(f"“{file}”读不了：{describe_os_error(error)}。", fix="请检查路径。") from error
    except PackageError as error:
        raise TemplateError(f"“{file.name}”{error.message}", fix=error.fix) from error


@command.command("git")
@click.argument("folder", metavar="DIR", default=".", type=click.Path(path_type=Path, file_okay=False))
@unused_common_options
def git(folder: Path) -> None:
    """设好 DIR（默认当前文件夹）所在的 git 仓库，以后 git diff 显示 Word 模板改了哪些字。"""
    from bundler.template_check.git_settings import configure_git

    for line in configure_git(folder):
        print_result(line)


@command.command("new")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@common_options
def new(folder: Path, profile_path: Path | None, templates_path: Path | None) -> None:
    """把一整套模板复制到新的文件夹 DIR，连同可用名称的清单；里面已有模板的，什么也不写。"""
    from bundler.documents.definitions import find_templates_folder
    from bundler.template_check.template_kit import copy_templates

    del profile_path
    for path in copy_templates(find_templates_folder(templates_path), folder):
        print_result(str(path))
    print_message("用 Word 改好以后，运行 bundler templates check --templates " + str(folder))


@command.command("fields")
@click.option("--doc", "document_id", help="只列一份文书（或者卷页）可用的名称，如 受理告知书、卷内目录，或者代号。")
@common_options
def fields(document_id: str | None, profile_path: Path | None, templates_path: Path | None) -> None:
    """列出模板可以用的全部名称，每个名称的中文含义、种类，可不可能没有。"""
    from bundler.template_check.template_kit import list_names

    del profile_path, templates_path
    print_result(list_names(document_id))
