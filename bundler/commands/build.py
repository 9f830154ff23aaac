"""``bundler build``: check a case, and build its bundle when it is complete."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bundler.bind.volume_scope import VolumeScope
from bundler.bundle.build import STEPS_BESIDES_PAPERS, Progress, preloaded_workers
from bundler.commands import signal_handling
from bundler.commands.console import escape_unsafe, print_json, print_message, print_result
from bundler.commands.shared_options import (
    common_options,
    json_option,
    kind_option,
    profile_from,
    templates_from,
    today_option,
)
from bundler.commands.signing_key_option import passphrase_option, signing_key
from bundler.errors import ExitCode

if TYPE_CHECKING:
    from bundler.bundle.build import BuildResult
    from bundler.bundle.read_and_check_case import CheckedCase

_SCOPES = {scope.label: scope for scope in VolumeScope}


@click.command("build")
@click.argument("case_path", metavar="CASE")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="输出的 PDF，默认 ./登记号.pdf。")
@kind_option
@click.option(
    "--volume",
    type=click.Choice(list(_SCOPES)),
    default="全卷",
    help="全卷（默认），或者可供信访人查阅的正卷：不含领导批示、审批和集体研究材料。",
)
@click.option(
    "--supplement",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="OLD.pdf",
    help="移交以后补充材料：原卷各页和页号不变，新材料接在后面，另成一个文件。",
)
@click.option(
    "--sign",
    "key_path",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="KEY.p12",
    help="成卷后用这个证书加电子签名。",
)
@passphrase_option
@click.option("--dry-run", is_flag=True, help="只列出卷内目录和页号，不写文件。")
@json_option
@today_option
@common_options
def command(
    case_path: str,
    output: Path | None,
    kind: str | None,
    volume: str,
    supplement: Path | None,
    key_path: Path | None,
    passphrase_file: Path | None,
    dry_run: bool,
    as_json: bool,
    today: date | None,
    profile_path: Path | None,
    templates_path: Path | None,
) -> int:
    """检查案件，材料齐全的装订成一个 PDF；有一处必须补正的，就什么也不写，并列出缺什么。"""
    with preloaded_workers() as workers:
        # These are imported while a process loads the typesetter.
        from bundler.api.build import build
        from bundler.api.check import check

        if workers is not None:
            workers.preload_binder()
        checked = check(case_path, kind=kind, today=today, profile=profile_from(profile_path))
        if not checked.complete:
            return _report_incomplete(checked, as_json)
        key = signing_key(key_path, passphrase_file, checked.profile) if key_path and not dry_run else None
        with _progress_bar(len(checked.case.materials)) as progress:
            built = build(
                checked,
                output,
                scope=_SCOPES[volume],
                supplement=supplement,
                key=key,
                dry_run=dry_run,
                templates=templates_from(templates_path) if templates_path else None,
                protected=[path for path in (key_path, profile_path) if path],
                progress=progress,
                workers=workers,
            )
    if built.history_error:
        from bundler.commands.history import print_history_error

        print_history_error(built.history_error)
    if as_json:
        print_json(_as_json(checked, built))
    else:
        _print_result(checked, built)
    return ExitCode.OK


def _report_incomplete(checked: CheckedCase, as_json: bool) -> ExitCode:
    """Print what is missing; nothing was written."""
    if as_json:
        print_json({**checked.as_json(), "output": None})
    else:
        from bundler.commands.check_report import report_lines
        from bundler.gate.group_findings import group_findings

        print_result("\n".join(report_lines(checked)))
        print_message(f"尚有 {len(group_findings(checked.check_result.errors))} 处须补正，未生成卷宗。")
    return ExitCode.UNREADABLE if checked.reading.unreadable else ExitCode.INCOMPLETE


def _as_json(checked: CheckedCase, built: BuildResult) -> dict[str, Any]:
    volume, first = built.volume, built.bound[0] if built.bound else None
    return {
        **checked.as_json(),
        "output": str(first.path) if first else None,
        "sha256": first.sha256 if first else None,
        "size": first.size if first else None,
        "books": [{"output": str(one.path), "sha256": one.sha256, "size": one.size} for one in built.bound],
        "volume": volume.scope.value,
        "pages": volume.pages,
        "index": [
            {
                "item": paper.item.value,
                "title": paper.title,
                "first_page": volume.folios[paper.key].first,
                "last_page": volume.folios[paper.key].last,
                "origin": paper.origin.value,
                "file": paper.material.file if paper.material else None,
            }
            for paper in volume.papers
        ],
    }


def _print_result(checked: CheckedCase, built: BuildResult) -> None:
    volume = built.volume
    if not built.bound:
        for paper in volume.papers:
            print_result(f"{volume.index_number(paper):>3}　{volume.folios[paper.key]!s:<9}{paper.title}")
        print_result(f"共 {len(volume.papers)} 件 {volume.pages} 页（封面、目录、备考表不计）；没有写文件。")
        return
    from bundler.gate.group_findings import group_findings
    from bundler.regulation.rule_codes import Severity

    for finding in group_findings(checked.check_result.findings):
        print_message(f"{'说明' if finding.severity is Severity.INFO else '提醒'}：[{finding.rule}] {finding.message}")
    if built.left_out:
        print_message(f"正卷没有装入 {built.left_out} 件不供查阅的材料，清单里只记其摘要。")
    for book, one in zip(built.books, built.bound, strict=True):
        print_result(f"{one.path}　{len(book.papers)} 件 {book.pages} 页")
        print_result(f"SHA-256：{one.sha256}")


@contextmanager
def _progress_bar(papers: int) -> Iterator[Progress]:
    """The callback that shows the steps on a terminal, and nothing elsewhere; the bar appears with the first step."""
    if not sys.stderr.isatty():
        yield lambda _: signal_handling.raise_if_interrupted()
        return
    with ExitStack() as stack:
        bar: Any = None

        def show(step: str | int) -> None:
            nonlocal bar
            signal_handling.raise_if_interrupted()
            if bar is None:
                bar = stack.enter_context(_click_bar(papers + STEPS_BESIDES_PAPERS))
            if isinstance(step, int):
                bar.length = step + STEPS_BESIDES_PAPERS
            else:
                bar.update(1, step)

        yield show


def _click_bar(length: int) -> Any:  # noqa: ANN401 (click's bar has no public type)
    return click.progressbar(
        length=length,
        label="成卷",
        file=sys.stderr,
        item_show_func=lambda done: escape_unsafe(done) if done else "",
    )
