"""``bundler templates preview``: every paper in every situation before and after a change, as a page and a PDF."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from bundler.atomic_write import write_atomic
from bundler.bundle.output_path_checks import check_target
from bundler.commands.console import print_json, print_message, print_result
from bundler.commands.shared_options import common_options, json_option, profile_from
from bundler.errors import ExitCode, UsageError, output_error

if TYPE_CHECKING:
    from bundler.template_preview.build_preview import PreviewBuilder

_PAGE, _PDF, _VERSION = "preview.html", "preview.pdf", "preview-version.js"
_POLL_SECONDS = 0.5
_SHIPPED = "自带模板"


@click.command("preview")
@click.option(
    "--against",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="改前的模板文件夹；不写的，与自带模板对照。",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="OUT",
    help="输出（只要 --json 的可以不写）：文件夹，里面是 preview.html 和 preview.pdf；写成 .html 或者 .pdf 的，只输出这一个文件。",
)
@click.option("--doc", "named", multiple=True, help="只看这份文书（代号、名称或者文件）；可以写几次。")
@click.option("--watch", is_flag=True, help="一直看着模板文件夹，Word 保存一次就重做一次；按 Ctrl-C 结束。")
@json_option
@common_options
def command(
    against: Path | None,
    output: Path | None,
    named: tuple[str, ...],
    watch: bool,
    as_json: bool,
    profile_path: Path | None,
    templates_path: Path | None,
) -> int:
    """看改了模板以后，每份文书在每种情形里是什么样：改前改后并排，列出改了哪些话、在哪些情形里。"""
    from bundler.bundle.draft_single_papers import DRAFT_LIMITS
    from bundler.documents.definitions import find_templates_folder
    from bundler.sandbox import SandboxWorker
    from bundler.template_preview.build_preview import PreviewBuilder, documents_named

    templates, shipped = find_templates_folder(templates_path), find_templates_folder(None)
    for folder in (templates, *([against] if against else [])):
        if not folder.is_dir():
            raise UsageError(f"没有“{folder}”这个文件夹。", fix="请检查 --templates 和 --against 给出的路径。")
    before = against or (shipped if templates.resolve() != shipped.resolve() else None)
    if output is None and (watch or not as_json):
        raise UsageError("没有写输出到哪里。", fix="请加上 -o 预览；只要 JSON 的，只写 --json。")
    targets = _targets(output, templates, *([before] if before else [])) if output else {}
    documents, profile = documents_named(named), profile_from(profile_path)
    with ExitStack() as stack:
        if before is None and watch:
            before = stack.enter_context(_copied(templates))
        name = _SHIPPED if before == shipped else "开始时的模板" if against is None else ""
        worker = stack.enter_context(SandboxWorker(DRAFT_LIMITS))
        builder = PreviewBuilder(profile, templates, before, worker, documents, name)
        _build(builder, targets, is_watched=watch)
        if watch:
            _watch(builder, targets)
    if as_json:
        print_json(builder.as_json())
    else:
        _print_report(builder, targets)
    return ExitCode.TEMPLATE if builder.has_problems else ExitCode.OK


def _targets(output: Path, *folders: Path) -> dict[str, Path]:
    """The files to write, by their kind; a folder is made.

    Raises:
        UsageError: one of them is in a folder of templates, or the folder is a file.
        OutputError: the folder cannot be made.
    """
    if output.suffix in {".html", ".pdf"}:
        targets = {output.suffix[1:]: output}
    elif output.exists() and not output.is_dir():
        raise UsageError(f"“{output}”不是文件夹。", fix="-o 写一个文件夹，或者写一个 .html、.pdf 文件。")
    else:
        targets = {"html": output / _PAGE, "pdf": output / _PDF}
    for target in targets.values():
        for folder in folders:
            check_target(target, (), folder)
    try:
        next(iter(targets.values())).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise output_error(output, error) from error
    return targets


@contextmanager
def _copied(templates: Path) -> Iterator[Path]:
    """A copy of the templates, which stays as it is while they are changed."""
    with TemporaryDirectory(prefix="bundler-preview-") as name:
        (Path(name) / "pages").mkdir()
        for path in (*templates.glob("*.docx"), *templates.glob("pages/*.html")):
            shutil.copy(path, Path(name) / path.relative_to(templates))
        yield Path(name)


def _build(builder: PreviewBuilder, targets: dict[str, Path], *, is_watched: bool) -> None:
    from bundler.template_preview.build_preview import version_script

    builder.update(lambda title: print_message(f"起草：{title}"))
    if "html" in targets:
        version = f"{time.time_ns()}" if is_watched else ""
        write_atomic(targets["html"], builder.html(version))
        if is_watched:
            write_atomic(targets["html"].with_name(_VERSION), version_script(version))
    if "pdf" in targets:
        write_atomic(targets["pdf"], builder.pdf(lambda title: print_message(f"排版：{title}")))


def _watch(builder: PreviewBuilder, targets: dict[str, Path]) -> None:
    """Build again whenever a template was saved, until the user ends it."""
    from bundler.template_preview.build_preview import templates_stamp

    print_message(f"正在看着“{builder.templates}”，用 Word 改好保存就会重做。按 Ctrl-C 结束。")
    stamp = templates_stamp(builder.templates)
    try:
        while True:
            time.sleep(_POLL_SECONDS)
            found = templates_stamp(builder.templates)
            if found == stamp:
                continue
            time.sleep(_POLL_SECONDS)  # Word writes a file in several steps
            stamp = templates_stamp(builder.templates)
            if stamp == found:
                _build(builder, targets, is_watched=True)
                print_message(f"已重做（{len(builder.as_json()['changes'])} 处改动）。")
            else:
                stamp = ""  # still being written: look again
    except KeyboardInterrupt:
        print_message("已结束，不再看着模板。")


def _print_report(builder: PreviewBuilder, targets: dict[str, Path]) -> None:
    from bundler.template_preview.compare_versions import changed_sentences, unprinted_changes
    from bundler.template_preview.draft_papers import template_file

    for preview in builder.shown:
        for problem in preview.problems:
            print_result(f"✗ 《{preview.title}》{problem}")
    changes = changed_sentences(builder.shown)
    for one in changes:
        print_result(f"{template_file(one.document)}　在 {len(one.situations)} 种情形里：{'；'.join(one.situations)}")
        print_result(f"    改前：{one.before or '（没有）'}")
        print_result(f"    改后：{one.after or '（删去）'}")
    if builder.before:
        print_result(f"改了 {len(changes)} 处。" if changes else "各种情形里印出来的话没有变化。")
    unprinted = unprinted_changes(builder.shown)
    if unprinted:
        print_result(f"改动了、各种情形里都没有印出来的话：{len(unprinted)} 处，请在模板里核对。")
    for word in unprinted:
        print_result(f"{word.template}　{word.place}")
        print_result(f"    改前：{word.before or '（没有）'}")
        print_result(f"    改后：{word.after or '（删去）'}")
    for target in targets.values():
        print_result(str(target))
