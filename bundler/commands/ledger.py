"""``bundler ledger``: the deadlines and the three ledgers (台账) of all cases below a folder, as of today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bundler.commands.console import print_json, print_message, print_result
from bundler.commands.shared_options import common_options, json_option, profile_from, today_in_shanghai, today_option
from bundler.errors import CaseUnreadableError, ExitCode, UsageError

if TYPE_CHECKING:
    from bundler.ledger.case_deadlines import CaseStatus, Task, Urgency
    from bundler.ledger.petition_register import Register
    from bundler.profile import Profile


_DEFAULT_REGISTER = "登记簿.xlsx"


@click.command("ledger")
@click.argument("folder", metavar="DIR", required=False, type=click.Path(path_type=Path))
@click.option("--xlsx", type=click.Path(path_type=Path, dir_okay=False), help="另写成 Excel 台账。")
@click.option(
    "--register",
    is_flag=False,
    flag_value=_DEFAULT_REGISTER,
    metavar="[FILE]",
    type=click.Path(path_type=Path),
    help=f"另写成 Excel 登记簿（规定的登记事项），列出缺号、重号；不写文件名的，写在当前文件夹的 {_DEFAULT_REGISTER}。",
)
@click.option("--full-phones", is_flag=True, help="登记簿照录联系电话，只在本院存档时用；默认遮盖。")
@click.option(
    "--reminders",
    type=click.Path(path_type=Path, file_okay=False),
    help="给期限临近或者超过的每名承办人写一份催办（督办）单（.docx），放进这个文件夹，并记入各案历史。",
)
@click.option(
    "--reception",
    type=click.Path(path_type=Path, dir_okay=False),
    help="另写当日（或者 --today 那一日）的接访登记表（.docx）：预约的、已接待的，并留空行供手填。",
)
@json_option
@today_option
@common_options
def command(
    folder: Path | None,
    xlsx: Path | None,
    register: Path | None,
    full_phones: bool,
    reminders: Path | None,
    reception: Path | None,
    as_json: bool,
    today: date | None,
    profile_path: Path | None,
    templates_path: Path | None,
) -> int:
    """台账：DIR 下各案今日、本周到期和已逾期的事项，先到期的在前；催督办、专项化解、信访积案三本台账。

    只读各案的 case.json，不打开材料：转交、约谈、反馈看填写的日期，答复看送达回证的签收或者交寄日期；材料是否真的齐全，请用
    bundler check 查。证件号码和电话已遮盖。

    催办单：转交催执行信访团队，约谈、答复、反馈、回访催承办人；几日内到期算临近，由法院配置的 reminder_days 定。
    """
    from bundler.case.find_case_folders import find_cases
    from bundler.ledger.case_deadlines import ledger_statuses

    day, profile = today or today_in_shanghai(), profile_from(profile_path)
    if folder is None and register is not None and register.is_dir():
        # The option took the folder for its file: ``ledger --register DIR``.
        folder, register = register, Path(_DEFAULT_REGISTER)
    if folder is None:
        raise UsageError("没有写放案件的文件夹。", fix="写成：bundler ledger DIR。")
    if not folder.is_dir():
        raise UsageError(f"“{folder}”不是文件夹。", fix="请给出放案件的文件夹。")
    cases = list(ledger_statuses(find_cases(folder), today=day, profile=profile))
    if not cases:
        raise CaseUnreadableError(f"“{folder}”里没有案件。", fix="案件文件夹里要有 case.json；新建用 bundler new。")
    if xlsx is not None:
        _write_workbook(xlsx, cases, folder, day)
    if reminders is not None:
        from bundler.commands.write_reminders import send_reminders

        send_reminders(cases, reminders, profile, templates_path, day)
    if reception is not None:
        _write_reception_register(reception, cases, profile, templates_path, day)
    book = None
    if register is not None:
        from bundler.ledger.petition_register import build_register

        book = build_register(cases, full_phones=full_phones)
        _write_register(register, book, folder, day, profile)
    if as_json:
        _print_json(cases, book, folder, day)
    else:
        print_result(
            "\n".join(
                [*_lines(cases, day, profile.regulation.name_of("ledgers")), *(_register_lines(book) if book else ())]
            )
        )
    return _status(cases)


def _write_workbook(target: Path, cases: Sequence[CaseStatus], folder: Path, day: date) -> None:
    from bundler.atomic_write import write_atomic
    from bundler.ledger.export_ledgers import ledger_workbook

    write_atomic(target, ledger_workbook(cases, folder, day))
    print_message(f"已写入：{target}")


def _write_reception_register(
    target: Path, cases: Sequence[CaseStatus], profile: Profile, templates_path: Path | None, day: date
) -> None:
    from bundler.api.arguments import templates_folder
    from bundler.atomic_write import write_atomic
    from bundler.documents.drafting import fill_reception_register
    from bundler.ledger.reception_bookings import reception_register

    view = reception_register(cases, profile, day)
    write_atomic(target, fill_reception_register(view, templates_folder(templates_path, ["reception_register"])))
    print_message(f"接访登记表（{day}，{len(view.lines)} 批次）：{target}")


def _write_register(target: Path, book: Register, folder: Path, day: date, profile: Profile) -> None:
    from bundler.atomic_write import write_atomic
    from bundler.ledger.petition_register import register_workbook

    if target.is_dir():
        raise UsageError(f"“{target}”是文件夹。", fix="请写登记簿的文件名，如 登记簿.xlsx。")
    write_atomic(target, register_workbook(book, folder, day, profile.regulation))
    print_message(f"已写入：{target}")


def _register_lines(book: Register) -> Iterator[str]:
    yield ""
    yield f"登记簿　{len(book.rows)} 件，缺号 {sum(gap.count for gap in book.gaps)} 个"
    for gap in book.gaps:
        yield f"  缺号　{gap.text}　在 {gap.after} 与 {gap.before} 之间"
    for number in book.repeated:
        yield f"  重号　{number}"
    for row in book.rows:
        if not row.number:
            yield f"  无号　{row.folder}"
        if row.missing:
            yield f"  登记不全　{row.number or row.folder}　缺{'、'.join(row.missing)}"


def _print_json(cases: Sequence[CaseStatus], book: Register | None, folder: Path, day: date) -> None:
    from bundler.ledger.export_ledgers import ledger_json

    answer = ledger_json(cases, folder, day)
    if book is not None:
        from bundler.ledger.petition_register import register_json

        answer["register"] = register_json(book, folder)
    print_json(answer)


def _status(cases: Sequence[CaseStatus]) -> ExitCode:
    """The exit status: 0 when every case could be read, 3 when none could, else 1."""
    unreadable = sum(case.case is None for case in cases)
    if not unreadable:
        return ExitCode.OK
    return ExitCode.UNREADABLE if unreadable == len(cases) else ExitCode.INCOMPLETE


def _lines(cases: Sequence[CaseStatus], day: date, article: str) -> Iterator[str]:
    from bundler.ledger.case_deadlines import Urgency, open_tasks, week_end

    tasks = open_tasks(cases)
    yield f"台账　{day}（本周至 {week_end(day)}）　共 {len(cases)} 件"
    for urgency in Urgency:
        here = [(task, case) for task, case in tasks if task.urgency is urgency]
        if here or urgency in {Urgency.LATE, Urgency.TODAY, Urgency.WEEK}:
            yield ""
            yield f"{urgency.label}（{len(here)} 项）"
            yield from (_task_line(task, case) for task, case in here)
    yield from _appointment_lines(cases)
    yield ""
    yield from _ledger_lines(cases, Urgency.LATE, article)
    for case in cases:
        if case.case is None:
            yield f"读不了：{case.folder}　{case.fault}"


def _task_line(task: Task, status: CaseStatus) -> str:
    from bundler.case.identifiers import masked
    from bundler.ledger.case_deadlines import handler_of, petitioners_of

    case = status.case
    names = masked(f"承办人 {handler_of(case) or '（未填）'}　信访人 {petitioners_of(case)}") if case else ""
    provisional = "（暂定）" if task.provisional else ""
    return f"  {task.due}{provisional}　{task.what}　{_when(task)}　{status.number}　{names}"


def _when(task: Task) -> str:
    """How long there is; a provisional limit and a reply that lacks its receipt alone are never overdue."""
    from bundler.ledger.case_deadlines import Urgency

    if task.urgency is Urgency.UNPROVEN:
        return "待补送达凭证"
    if task.days_left < 0:
        return f"{'已过' if task.provisional else '超期'} {-task.days_left} 天"
    return f"还有 {task.days_left} 天" if task.days_left else "今天"


def _appointment_lines(cases: Sequence[CaseStatus]) -> Iterator[str]:
    """The appointments of which no result is recorded, the earliest first."""
    from bundler.case.identifiers import masked
    from bundler.ledger.reception_bookings import pending_bookings

    pending = pending_bookings(cases)
    if pending:
        yield ""
        yield f"预约接访（{len(pending)} 次）"
    for one in pending:
        place = f"　{one.appointment.place}" if one.appointment.place else ""
        yield f"  {one.at:%Y-%m-%d %H:%M}　{one.status.number}{masked(place)}"


def _ledger_lines(cases: Sequence[CaseStatus], late: Urgency, article: str) -> Iterator[str]:
    from bundler.case.labels import LEDGERS

    yield f"三本台账（{article}）"
    for key, name in LEDGERS.items():
        listed = [case for case in cases if case.case and key in case.case.ledgers]
        overdue = sum(case.urgency is late for case in listed)
        yield f"  {name}　{len(listed)} 件，其中有逾期事项的 {overdue} 件"
    closed = sum(case.case is not None and not case.tasks for case in cases)
    yield f"没有待办期限的案件 {closed} 件"
