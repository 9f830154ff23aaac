"""``bundler submitted``: record that the submission of a batch was sent, so that no later batch sends its cases again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from bundler.commands.console import print_json, print_message, print_result
from bundler.commands.shared_options import DayType, common_options, json_option, today_in_shanghai, today_option
from bundler.errors import CaseError, CaseUnreadableError, ExitCode, UsageError


@click.command("submitted")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("-o", "--output", "out", type=click.Path(path_type=Path), required=True, help="那次批处理的输出文件夹。")
@click.option("--on", "sent_on", type=DayType(), help="哪一天上报的，默认为今天。")
@json_option
@today_option
@common_options
def command(
    folder: Path,
    out: Path,
    sent_on: date | None,
    as_json: bool,
    today: date | None,
    profile_path: Path | None,
    templates_path: Path | None,
) -> int:
    """登记上报：报送包已经送出后，把上报日期填进其中每一件，以后的批处理不再报送。

    DIR 是放案件的文件夹，与批处理时相同。每一件的改动记入案件历史。上级退回的，重新填写核销申请日期以后，下一次批处理再报送。
    """
    from bundler.batch.record_submission_date import read_submission, record_submission

    del profile_path, templates_path
    day = today or today_in_shanghai()
    when = sent_on or day
    if when > day:
        raise UsageError(f"上报日期 {when} 晚于今天（{day}）。", fix="送出以后再登记。")
    if not folder.is_dir():
        raise UsageError(f"“{folder}”不是文件夹。", fix="请给出批处理时放案件的文件夹。")
    entries = read_submission(out)
    if not entries:
        raise CaseUnreadableError(f"“{out}”里没有报送的案件。", fix="请给出批处理的输出文件夹；先运行 bundler batch。")
    answers = []
    for entry in entries:
        try:
            record_submission(folder, entry, when)
            fault = ""
        except CaseError as error:
            fault = error.message
        answers.append({"case": entry.case, "registration_no": entry.registration_no, "fault": fault or None})
        if fault:
            print_message(f"没有登记　{entry.case}　{entry.registration_no}　{fault}")
        elif not as_json:
            print_result(f"已登记　{entry.case}　{entry.registration_no}　{when} 上报")
    if as_json:
        print_json({"reported_on": when.isoformat(), "cases": answers})
    return ExitCode.INCOMPLETE if any(answer["fault"] for answer in answers) else ExitCode.OK
