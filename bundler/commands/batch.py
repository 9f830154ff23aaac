"""``bundler batch``: bundle or return every case below a folder, and write the reports and the submission."""

from __future__ import annotations

import itertools
import os
from concurrent.futures import Executor
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bundler.commands.console import print_json, print_message, print_result
from bundler.commands.progress import Progress, show_progress
from bundler.commands.shared_options import (
    common_options,
    json_option,
    kind_from,
    kind_option,
    period_from,
    period_options,
    profile_from,
    templates_from,
    today_in_shanghai,
    today_option,
)
from bundler.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from bundler.batch.run import Batch, ProgressCallback
    from bundler.batch.worker_tasks import BatchSettings


@click.command("batch")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("-o", "--output", "out", type=click.Path(path_type=Path), required=True, help="输出文件夹。")
@click.option("--jobs", type=click.IntRange(1, 256), help="同时处理几件，默认为处理器核数。")
@click.option(
    "--scheduler", metavar="ADDR", help="交给 Dask 集群处理，如 tcp://10.0.0.5:8786；各工作机须看得到同一个共享文件夹。"
)
@click.option(
    "--notices",
    "print_notices",
    is_flag=True,
    help="另把各承办人的退回通知单合成一个 PDF，放在输出文件夹的 notices 里，供打印。",
)
@click.option("--progress", "print_progress", is_flag=True, help="把进度逐行写到标准错误，供别的程序读。")
@click.option(
    "--reminders",
    "reminds",
    is_flag=True,
    help="另给期限临近或者超过的承办人写催办（督办）单，放在输出文件夹的 reminders 里。",
)
@kind_option
@period_options
@json_option
@today_option
@common_options
def command(
    folder: Path,
    out: Path,
    jobs: int | None,
    scheduler: str | None,
    print_progress: bool,
    print_notices: bool,
    reminds: bool,
    kind: str | None,
    period: str | None,
    first: date | None,
    last: date | None,
    as_json: bool,
    today: date | None,
    profile_path: Path | None,
    templates_path: Path | None,
) -> int:
    """批处理：DIR 下的全部案件，齐全的成卷，不齐的写退回补正通知单，并汇总上报。

    输出文件夹里有 bundles（卷宗）、returned（通知单）、report.json、report.xlsx、report.pdf 和 submission（报送包）；案件不在了、
    不再齐全的，旧卷移到 removed。
    中断以后再次运行，会接着做完；没有变动的不重做。考核数据默认统计今年到检查当日。
    """
    if not folder.is_dir():
        raise UsageError(f"“{folder}”不是文件夹。", fix="请给出放案件的文件夹。")
    if scheduler and jobs:
        raise UsageError("--jobs 和 --scheduler 只能写一个。", fix="集群上同时处理几件，由工作机的数目决定。")
    local = None if scheduler else _start_local_executor(jobs)
    from bundler.batch.run import make_settings, run_batch

    day = today or today_in_shanghai()
    settings = make_settings(
        out.absolute(),
        today=day,
        kind=kind_from(kind),
        profile=profile_from(profile_path),
        templates=templates_from(templates_path),
        period=period_from(period, first, last, day),
        print_notices=print_notices,
    )
    executor = local or _connect_to_cluster(scheduler or "", folder.absolute(), settings)
    try:
        with show_progress("批处理", _print_line if print_progress else None) as show:
            batch = run_batch(folder.absolute(), settings, executor, report_progress=_count_steps(show))
    finally:
        executor.shutdown(cancel_futures=True)
    if reminds:
        _send_reminders(batch, folder.absolute(), settings, templates_path)
    _print_summary(batch, out, as_json=as_json)
    _tell_folders_without_case(folder.absolute(), out.absolute())
    return _status(batch)


def _tell_folders_without_case(folder: Path, out: Path) -> None:
    """Print the folders that hold papers and no case.json, so that nobody overlooks them."""
    from bundler.case.find_case_folders import find_folders_without_case

    for place in find_folders_without_case(folder, skip=out):
        print_message(
            f"提醒：“{place.relative_to(folder)}”里有材料，没有 case.json，不算一件，没有检查；新建用 bundler new。"
        )


def _send_reminders(batch: Batch, folder: Path, settings: BatchSettings, templates_path: Path | None) -> None:
    from bundler.batch.worker_tasks import REMINDERS_FOLDER
    from bundler.commands.write_reminders import send_reminders
    from bundler.ledger.case_deadlines import case_status_of

    read = [(one.case, one) for one in batch.results if one.case]
    statuses = [
        case_status_of(folder / one.folder, case, one.deadlines, settings.today, settings.profile.regulation)
        for case, one in read
    ]
    send_reminders(statuses, settings.out / REMINDERS_FOLDER, settings.profile, templates_path, settings.today)


def _start_local_executor(jobs: int | None) -> Executor:
    """The processes of this machine; their server loads its libraries while this process reads profile and templates."""
    from bundler.batch.local_executor import LocalExecutor

    executor = LocalExecutor(jobs or len(os.sched_getaffinity(0)))
    executor.start_server()
    return executor


def _connect_to_cluster(scheduler: str, folder: Path, settings: BatchSettings) -> Executor:
    """The workers of a Dask cluster.

    Raises:
        UsageError: the libraries for it are not installed, or the scheduler cannot be reached.
        OutputError: a worker does not see the same files.
    """
    try:
        from bundler.batch.cluster_executor import ClusterExecutor
    except ModuleNotFoundError as error:
        raise UsageError("没有安装集群所需的程序库。", fix="请运行：pip install 'petition-bundler[dask]'。") from error
    cluster = ClusterExecutor(scheduler)
    cluster.check_workers(folder, settings)
    return cluster


def _status(batch: Batch) -> ExitCode:
    """The exit status: 0 when every case was bundled or is in progress, 3 when none could be read, 4 when a template is broken, else 1."""
    if all(one.status != "returned" for one in batch.results):
        return ExitCode.OK
    if all(one.unreadable for one in batch.results):
        return ExitCode.UNREADABLE
    return ExitCode.TEMPLATE if any(one.broken_template for one in batch.results) else ExitCode.INCOMPLETE


def _print_summary(batch: Batch, out: Path, *, as_json: bool) -> None:
    if as_json:
        print_json({"cases": [one.as_json() for one in batch.results]})
        return
    returned = [one for one in batch.results if one.status == "returned"]
    waiting = [(limit, one) for one in batch.results for limit in [one.next_limit] if limit]
    for one in returned:
        print_result(f"退回　{one.folder}　{one.registration_no or '（无登记号）'}　{len(one.errors)} 处　{one.output}")
    for limit, one in sorted(waiting, key=lambda pair: (pair[0].due, pair[1].folder)):
        print_result(f"在办　{one.folder}　{one.registration_no}　{limit.due} 前：{limit.text}")
    for one in batch.results:
        if one.awaiting_seal:
            print_result(f"待盖章　{one.folder}　{one.registration_no}　换成盖章件以后才报送")
    for gone in batch.removed:
        if gone.is_moved_now:
            what = f"旧卷移到 {gone.file}" if gone.is_bundle else f"不再用的文件移到 {gone.file}"
            where = f"{gone.case}：{gone.reason}" if gone.case else gone.reason
            print_message(f"提醒：{what}（{where}），没有列入汇总，也不上报。")
    for number in batch.unprinted:
        print_message(f"提醒：{number} 的通知单排版不了（可能有字体没有的字），没有合进 PDF；Word 文件在 returned 里。")
    kept = sum(one.bundled and not one.made for one in batch.results)
    bundled = sum(one.bundled for one in batch.results)
    in_progress = f"，在办 {len(waiting)} 件" if waiting else ""
    print_result(
        f"共 {len(batch.results)} 件：成卷 {bundled} 件（其中没有变动、未重做 {kept} 件），退回 {len(returned)} 件{in_progress}。"
    )
    before = sum(one.went_up_before for one in batch.results)
    left_out = f"，已经报送过、这次不再报送 {before} 件" if before else ""
    print_result(
        f"报请核销 {batch.submitted} 件{left_out}。结果在“{out}”里：report.pdf 是汇总，report.xlsx 是汇总表和台账。"
    )


def _count_steps(show: Progress) -> ProgressCallback:
    """Show the progress of a batch, which tells its steps one by one, beginning with that of no case."""
    count = itertools.count()
    return lambda total, _: show(next(count), total)


def _print_line(done: int, total: int) -> None:
    """Print a step as a line, which another program such as the desk reads."""
    print_message(f"进度 {done}/{total}")
