"""``bundler templates``: check templates, print one as text, set up git for them, copy them, list the names that they may use."""

from __future__ import annotations

from pathlib import Path

import click

from bundler.commands.console import print_message, print_result
from bundler.commands.options import common_options, profile_from
from bundler.commands.templates_preview import command as preview_command
from bundler.errors import ExitCode, TemplateError, UsageError


@click.group("templates")
def command() -> None:
    """模板：检查、预览、看文字、复制一套来改、列出可用的名称。"""


command.add_command(preview_command)


@command.command("check")
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["text", "json", "github", "junit"]),
    default="text",
    help="输出格式，默认 text。",
)
@common_options
def check(file_format: str, profile_path: Path | None, templates_path: Path | None) -> int:
    """逐个名称、逐个分支地检查全部模板，再试填；有问题时退出码为 4。"""
    from bundler.documents.definitions import find_templates_folder
    from bundler.template_check.check import check_folder
    from bundler.template_check.contracts import contracts
    from bundler.template_check.problem_report import REPORT_FORMATS

    folder = find_templates_folder(templates_path)
    if not folder.is_dir():
        raise UsageError(f"没有“{folder}”这个文件夹。", fix="请检查 --templates 给出的路径。")
    found = check_folder(folder, profile_from(profile_path))
    text = REPORT_FORMATS[file_format](found, folder, list(contracts()))
    if text:
        print_result(text)
    return ExitCode.TEMPLATE if found else ExitCode.OK


@command.command("text")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def text(file: Path) -> None:
    """一个 Word 文件的文字，一段一行（长段按句子、条件分行），前面写样式名；供 git 比较两个版本用。"""
    from bundler.errors import describe_os_error
    from bundler.template_check.plain_text import plain_text
    from bundler.word.package import PackageError

    try:
        print_result(plain_text(file.read_bytes()))
    except OSError as error:
        raise UsageError(f"“{file}”读不了：{describe_os_error(error)}。", fix="请检查路径。") from error
    except PackageError as error:
        raise TemplateError(f"“{file.name}”{error.message}", fix=error.fix) from error


@command.command("git")
@click.argument("folder", metavar="DIR", default=".", type=click.Path(path_type=Path, file_okay=False))
def git(folder: Path) -> None:
    """设好 DIR（默认当前文件夹）所在的 git 仓库，以后 git diff 显示 Word 模板改了哪些字。"""
    from bundler.template_check.git_settings import configure_git

    for line in configure_git(folder):
        print_result(line)


@command.command("new")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@common_options
def new(folder: Path, profile_path: Path | None, templates_path: Path | None) -> None:
    """把一整套模板复制到 DIR，连同可用名称的清单；已有的文件不会覆盖。"""
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
