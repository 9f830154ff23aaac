"""``bundler build``: the gate, then one PDF."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bundler.bind.volume_scope import VolumeScope
from bundler.bundle.preload import preloaded_worker
from bundler.commands import interrupts
from bundler.commands.console import escape_unsafe, print_json, print_message, print_result
from bundler.commands.options import (
    common_options,
    json_option,
    kind_from,
    kind_option,
    profile_from,
    today_in_shanghai,
    today_option,
)
from bundler.commands.signing_key import passphrase_option, signing_key
from bundler.errors import ExitCode

if TYPE_CHECKING:
    from bundler.bind.parts import BoundFile
    from bundler.bundle.check import CheckedCase
    from bundler.bundle.sandboxed import BuildResult
    from bundler.bundle.supplement import EarlierBundle

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
    with preloaded_worker() as setter:
        # What follows is imported while the other process loads the typesetter.
        from bundler.bundle.check_case import check_case
        from bundler.bundle.outputs import case_inputs, check_book_names, check_target

        profile = profile_from(profile_path)
        examined = check_case(case_path, kind=kind_from(kind), today=today or today_in_shanghai(), profile=profile)
        if not examined.complete:
            return _refuse(examined, as_json)
        from bundler.bundle.sandboxed import BuildOptions, BuildRequest, make
        from bundler.documents.definitions import find_templates_folder

        key = signing_key(key_path, passphrase_file, profile) if key_path and not dry_run else None
        wish = BuildOptions(_SCOPES[volume], _old(examined, supplement), key)
        target = output or Path(wish.file_name(examined.case.registration.no or ""))
        templates = find_templates_folder(templates_path)
        inputs = [
            *case_inputs(examined.reading.folder, examined.case),
            *(path for path in (supplement, key_path) if path),
        ]
        check_target(target, inputs, profile_path, templates)
        check_book_names(target, inputs)
        with _progress(len(examined.case.materials)) as step:
            made = make(BuildRequest(examined, templates, None if dry_run else target, wish), step, setter)
    if made.bound:
        _remember(examined, made.bound)
    if as_json:
        print_json(_as_json(examined, made))
    else:
        _tell(examined, made)
    return ExitCode.OK


def _old(examined: CheckedCase, path: Path | None) -> EarlierBundle | None:
    if path is None:
        return None
    from bundler.commands.previous_bundle import read_previous_bundle

    return read_previous_bundle(examined.case, path)


def _remember(examined: CheckedCase, bound: Sequence[BoundFile]) -> None:
    from bundler.commands.case_history import record_history
    from bundler.ledger.case_history import FileDigest

    record_history(examined.reading.folder, "build", [FileDigest(one.path.name, one.sha256) for one in bound])


def _refuse(examined: CheckedCase, as_json: bool) -> ExitCode:
    """Say what is missing; nothing is written."""
    if as_json:
        print_json({**examined.as_json(), "output": None})
    else:
        from bundler.commands.check_report import report_lines

        print_result("\n".join(report_lines(examined)))
        print_message(f"没有成卷：还有 {len(examined.check_result.errors)} 处必须补正，什么也没有写。")
    return ExitCode.UNREADABLE if examined.reading.unreadable else ExitCode.INCOMPLETE


def _as_json(examined: CheckedCase, made: BuildResult) -> dict[str, Any]:
    volume, first = made.volume, made.bound[0] if made.bound else None
    return {
        **examined.as_json(),
        "output": str(first.path) if first else None,
        "sha256": first.sha256 if first else None,
        "size": first.size if first else None,
        "books": [{"output": str(one.path), "sha256": one.sha256, "size": one.size} for one in made.bound],
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


def _tell(examined: CheckedCase, made: BuildResult) -> None:
    volume = made.volume
    if not made.bound:
        for paper in volume.papers:
            print_result(f"{volume.place(paper):>3}　{volume.folios[paper.key]!s:<9}{paper.title}")
        print_result(f"共 {len(volume.papers)} 件 {volume.pages} 页（封面、目录、备考表不计）；没有写文件。")
        return
    for finding in examined.check_result.findings:
        print_message(f"提醒：[{finding.rule}] {finding.message}")
    if made.left_out:
        print_message(f"正卷没有装入 {made.left_out} 件不供查阅的材料，清单里只记其摘要。")
    for book, one in zip(made.books, made.bound, strict=True):
        print_result(f"{one.path}　{len(book.papers)} 件 {book.pages} 页")
        print_result(f"SHA-256：{one.sha256}")


class _Progress:
    """What is being done, on a terminal's bar or told to nobody."""

    def __init__(self, bar: Any | None = None, beside: int = 0) -> None:  # noqa: ANN401 (click's bar has no public type)
        self._bar, self._beside = bar, beside

    def __call__(self, news: str | int) -> None:
        """One step more; a number says how many papers are to be joined."""
        interrupts.raise_if_interrupted()
        if self._bar is None:
            return
        if isinstance(news, int):
            self._bar.length = news + self._beside
        else:
            self._bar.update(1, news)


@contextmanager
def _progress(papers: int) -> Iterator[_Progress]:
    """A progress bar on a terminal, and nothing at all elsewhere."""
    if not sys.stderr.isatty():
        yield _Progress()
        return
    from bundler.bundle.sandboxed import STEPS_BESIDES_PAPERS

    with click.progressbar(
        length=papers + STEPS_BESIDES_PAPERS,
        label="成卷",
        file=sys.stderr,
        item_show_func=lambda done: escape_unsafe(done) if done else "",
    ) as bar:
        yield _Progress(bar, STEPS_BESIDES_PAPERS)
