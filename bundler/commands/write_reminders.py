"""Reminders (催办、督办单) of `ledger` and `batch`: written for each person, and told on standard error."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bundler.commands.console import print_message

if TYPE_CHECKING:
    from bundler.ledger.case_deadlines import CaseStatus
    from bundler.profile import Profile


def send_reminders(
    cases: Sequence[CaseStatus], target: Path, profile: Profile, templates_path: Path | None, day: date
) -> None:
    """Write the reminders that are due, record them in the histories, and say what was written."""
    from bundler.api.arguments import templates_folder
    from bundler.ledger.reminders import reminders_due, write_reminders

    due = reminders_due(cases, profile)
    if not due:
        print_message("没有临近期限或者超过期限的事项，没有写催办单。")
        return
    templates = templates_folder(templates_path, ["reminder_notice"])
    for one in write_reminders(due, target, profile, templates, day):
        tasks = f"{len(one.reminder.tasks)} 项，其中超期 {one.reminder.late} 项"
        state = "已写入，并记入案件历史" if one.is_new else "今日已经写过"
        print_message(f"催办单（{state}）：{one.path}　{tasks}")
        for case in one.unrecorded:
            print_message(f"说明：没有记入案件历史：{case}。")
