"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bundler import clock
from bundler.errors import UsageError
from bundler.regulation.papers import BundleKind

if TYPE_CHECKING:
    from bundler.profile import Profile
    from bundler.reports.reporting_period import Period

Command = TypeVar("Command", bound=Callable[..., Any])


class DayType(click.ParamType[date]):
    """The type of an option that is a day, YYYY-MM-DD."""

    name = "日期"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:  # noqa: ANN401
        """Parse the day; the error says how a day is written."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail("日期写成 2021-09-16 的形式。", param, ctx)


def today_option(command: Command) -> Command:
    """Add ``--today``."""
    return click.option("--today", type=DayType(), help="按哪一天检查，默认为北京时间今天。")(command)


def _profile_option(command: Command) -> Command:
    return click.option(
        "--profile",
        "profile_path",
        type=click.Path(path_type=Path, dir_okay=False),
        help="法院配置文件（TOML），默认为钢城区人民法院。",
    )(command)


def _templates_option(command: Command) -> Command:
    return click.option(
        "--templates",
        "templates_path",
        type=click.Path(path_type=Path, file_okay=False),
        help="模板文件夹，默认为自带模板。",
    )(command)


def common_options(command: Command) -> Command:
    """Add ``--profile`` and ``--templates``, which every command accepts."""
    return _profile_option(_templates_option(command))


def unused_common_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--profile`` and ``--templates`` to a command that has no use for them; every command accepts them."""

    @wraps(command)
    def run(*arguments: Any, profile_path: Path | None, templates_path: Path | None, **options: Any) -> Any:  # noqa: ANN401
        del profile_path, templates_path
        return command(*arguments, **options)

    return common_options(run)


class KindType(click.Choice[str]):
    """The type of an option that is a kind of bundle, by its id or its Chinese name."""

    def __init__(self) -> None:
        super().__init__([kind.value for kind in BundleKind])

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ANN401
        """The id of the kind."""
        return super().convert({kind.label: kind.value for kind in BundleKind}.get(value, value), param, ctx)


def kind_option(command: Command) -> Command:
    """Add ``--kind``."""
    return click.option(
        "--kind",
        type=KindType(),
        help="归档 archive、核销 write-off、不予受理归档 declined；默认按案件内容判断。",
    )(command)


def json_option(command: Command) -> Command:
    """Add ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="输出 JSON。")(command)


def period_options(command: Command) -> Command:
    """Add ``--period``, ``--from`` and ``--to``."""
    last = click.option("--to", "last", type=DayType(), help="统计到哪一天，默认为检查当日。")
    first = click.option("--from", "first", type=DayType(), help="从哪一天起统计。")
    whole = click.option("--period", help="统计哪一年、季度、月：2021、2021Q4、2021-11；默认为今年到检查当日。")
    return whole(first(last(command)))


def period_from(whole: str | None, first: date | None, last: date | None, today: date) -> Period:
    """The period that the options name; the year up to today without them.

    Raises:
        UsageError: they contradict each other, or name no period.
    """
    from bundler.reports.reporting_period import Period, parse_period, year_to_date

    if whole is not None:
        if first or last:
            raise UsageError(
                "--period 与 --from、--to 只能用一种。", fix="整年、季度、月用 --period，其他用 --from 和 --to。"
            )
        found = parse_period(whole)
        if found is None:
            raise UsageError(f"看不懂统计期间“{whole}”。", fix="写成 2021、2021Q4 或者 2021-11。")
        return found
    if first is None:
        return year_to_date(last or today)
    if first > (last or today):
        raise UsageError(f"统计的第一天 {first} 晚于最后一天 {last or today}。", fix="请改正 --from 或者 --to。")
    return Period(first, last or today)


def today_in_shanghai() -> date:
    """Today's date in China, in every time zone of this machine."""
    return clock.now().date()


def profile_from(path: Path | None) -> Profile:
    """The court's profile that ``--profile`` names, with a message where it is a copy; the court of the regulation without it."""
    from bundler.commands.console import print_message
    from bundler.profile import describe_copied_values, load_profile

    profile = load_profile(path)
    if path is not None:
        for message in describe_copied_values(profile, path):
            print_message(f"提醒：{message}")
    return profile


def templates_from(path: Path | None) -> Path:
    """The folder of templates that ``--templates`` names, with a message where it fails the check; the package's without it.

    Raises:
        UsageError: there is no such folder.
    """
    from bundler.documents.definitions import find_templates_folder

    if path is not None:
        from bundler.commands.console import print_message
        from bundler.errors import TemplateError
        from bundler.template_check.proved_templates import require_proved_templates

        require_templates_folder(path)
        try:
            require_proved_templates(path)
        except TemplateError as error:
            print_message(f"提醒：{error.message}{error.fix}")
    return find_templates_folder(path)


def require_templates_folder(path: Path) -> None:
    """Check that the folder that ``--templates`` names is there.

    Raises:
        UsageError: there is no such folder.
    """
    if not path.is_dir():
        raise UsageError(f"没有“{path}”这个文件夹。", fix="请检查 --templates 给出的路径。")


def kind_from(value: str | None) -> BundleKind | None:
    """The kind that ``--kind`` names; None without it."""
    return BundleKind(value) if value else None
