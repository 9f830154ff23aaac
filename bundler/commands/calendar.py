"""``bundler calendar``: write the open deadlines as a calendar file (.ics)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from bundler.commands.console import print_message, print_result
from bundler.commands.shared_options import common_options, profile_from, today_in_shanghai, today_option
from bundler.errors import CaseUnreadableError, ExitCode

_MAX_BYTES = 64 * 1024 * 1024


@click.command("calendar")
@click.argument("places", metavar="DIR|CASE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="输出的 .ics，默认输出到屏幕。")
@today_option
@common_options
def command(
    places: tuple[Path, ...],
    output: Path | None,
    today: date | None,
    profile_path: Path | None,
    templates_path: Path | None,
) -> int:
    """把还没有办的期限和还没有结果的预约接访写成日历文件（.ics），可以导入办公日历；已办的不写。

    每个期限一个全天日程，前一日和当日 9 时提醒；暂定的期限注明“暂定”；预约接访按约定的时间，前一日和前一小时提醒。没有证件号码和电话。再次导入会更新原来的日程。
    写在原来的 .ics 上时，已经办完的和登记号改过的，在新文件里注明取消，导入后日历会撤下。
    """
    from bundler.atomic_write import write_atomic
    from bundler.case.find_case_folders import find_cases
    from bundler.ledger.case_deadlines import ledger_statuses
    from bundler.ledger.ics_calendar import build_calendar, is_in_calendar
    from bundler.ledger.reception_bookings import pending_bookings

    del templates_path
    folders = dict.fromkeys(folder for place in places for folder in find_cases(_case_folder(place)))
    day = today or today_in_shanghai()
    cases = list(ledger_statuses(folders, today=day, profile=profile_from(profile_path)))
    unreadable = [case for case in cases if case.case is None]
    for case in unreadable:
        print_message(f"读不了：{case.folder}　{case.fault}")
    if len(unreadable) == len(cases):
        raise CaseUnreadableError("没有一个案件可以读。", fix="请给出案件文件夹，或者放案件的文件夹。")
    data = build_calendar(cases, day, _earlier(output))
    if output is not None:
        write_atomic(output, data)
        booked = len(pending_bookings(cases))
        more = f"，{booked} 个预约接访" if booked else ""
        print_result(f"{output}　{sum(is_in_calendar(task) for case in cases for task in case.tasks)} 个期限{more}")
    else:
        # Not through `print_result`, which would escape the CR LF of the format; the events have no other control.
        click.echo(data, nl=False)
    return ExitCode.INCOMPLETE if unreadable else ExitCode.OK


def _case_folder(place: Path) -> Path:
    return place.parent if place.name == "case.json" and not place.is_dir() else place


def _earlier(output: Path | None) -> bytes:
    """The file that the output replaces; empty for none, or for one that cannot be read as a calendar."""
    from bundler.file_reading import read_bounded

    try:
        return read_bounded(output, _MAX_BYTES) if output is not None else b""
    except OSError:
        return b""
