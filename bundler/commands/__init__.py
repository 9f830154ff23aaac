"""The command line: finds the command, runs it, and turns every error into a message and an exit status."""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import click

from bundler import __version__
from bundler.commands import signal_handling
from bundler.commands.click_translations import install_translations, translate_error
from bundler.commands.console import print_error, print_message, use_utf8_output
from bundler.errors import BundlerError, ExitCode, UsageError, describe_os_error


def _start_quickly() -> None:
    """Save a tenth of a second at the start of every command.

    pydantic would read the metadata of every installed package to find plugins; a loader that finds none replaces it.
    Garbage is collected seldom, since most objects of the start live to the end.
    """
    loader = ModuleType("pydantic.plugin._loader")
    vars(loader)["get_plugins"] = tuple
    sys.modules.setdefault(loader.__name__, loader)
    gc.set_threshold(250_000, 20, 20)


_start_quickly()

STANDARD_ERROR = 2

_COMMANDS = {
    "new": ("bundler.commands.new", "新建一个案件文件夹"),
    "import": ("bundler.commands.import_register", "把登记簿（Excel）导入成案件文件夹"),
    "add": ("bundler.commands.add", "把扫描件放进案件，认出是哪一项材料"),
    "read": ("bundler.commands.read", "识读扫描件上的文字、印章和方向"),
    "check": ("bundler.commands.check", "检查材料是否齐全，逐条列出缺什么"),
    "render": ("bundler.commands.render", "生成一份文书（Word 或 PDF）"),
    "build": ("bundler.commands.build", "材料齐全时装订成一个 PDF"),
    "ledger": ("bundler.commands.ledger", "台账：今日、本周到期和已逾期的事项"),
    "figures": ("bundler.commands.figures", "考核数据：一段时间内收了多少、按期答复和化解了多少"),
    "calendar": ("bundler.commands.calendar", "把期限写成办公日历读得懂的 .ics 文件"),
    "history": ("bundler.commands.history", "列出案件的办理历史，核对有没有被改动"),
    "find": ("bundler.commands.find", "在全部案件里找字词，包括扫描件上识读出的"),
    "batch": ("bundler.commands.batch", "批处理：齐全的成卷，不齐的退回，汇总上报"),
    "submitted": ("bundler.commands.submitted", "登记上报：报送包送出以后，以后不再报送"),
    "serve": ("bundler.commands.serve", "书记员的工作台：在浏览器里办理"),
    "user": ("bundler.commands.user", "工作台的账号：新建、删除、列出、改口令"),
    "sign": ("bundler.commands.sign", "给卷宗加电子签名"),
    "verify": ("bundler.commands.verify", "核对卷宗是否还是成卷时的样子"),
    "templates": ("bundler.commands.templates", "检查、列出、复制模板"),
    "schema": ("bundler.commands.schema", "输出 case.json 的 JSON Schema"),
    "rules": ("bundler.commands.rules", "列出全部检查规则，或者解释其中一条"),
    "doctor": ("bundler.commands.doctor", "检查字体、程序库和版本是否够用"),
    "completion": ("bundler.commands.completion", "输出命令补全脚本（bash、zsh、fish）"),
}


class LazyGroup(click.Group):
    """A group that imports the module of a command when that command is called, so that `check` starts quickly."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands, in the order of a clerk's day."""
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name; None for an unknown one."""
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(_COMMANDS[cmd_name][0]).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the arguments call; the error for an unknown one names the nearest."""
        import difflib

        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], _COMMANDS, n=1)
            hint = f"是不是“{near[0]}”？" if near else f"可用的命令：{'、'.join(_COMMANDS)}。"
            ctx.fail(f"没有“{args[0]}”这个命令。{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from the table, so that ``--help`` imports none of them."""
        del ctx
        with formatter.section("命令"):
            formatter.write_dl([(name, help_text) for name, (_, help_text) in _COMMANDS.items()])


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="bundler %(version)s", help="显示版本。")
def bundler() -> None:
    """执行申诉信访案件：查缺、生成文书、装订成卷。"""


def _fill_standard_streams() -> None:
    """Open /dev/null for each standard stream that the caller closed, so that no file gets its descriptor."""
    while (handle := os.open(os.devnull, os.O_RDWR)) <= STANDARD_ERROR:
        pass
    os.close(handle)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 (stays open until the process ends)


def main() -> None:
    """Run the command line, and exit with the status of the command."""
    _fill_standard_streams()
    if sys.getfilesystemencoding() != "utf-8" and os.environ.get("PYTHONUTF8") != "1":
        # The names of files in a case folder are UTF-8, whatever the locale of this machine is.
        os.environ["PYTHONUTF8"] = "1"
        os.execv(sys.executable, [sys.executable, "-P", "-m", "bundler", *sys.argv[1:]])  # noqa: S606 (this program again, without a shell)
    status = run(sys.argv[1:])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the work is done, and the status is known
    if status == ExitCode.INTERRUPTED:
        # After an interrupt within exec() the interpreter would end by the signal instead of with this status.
        sys.stdout.flush()
        sys.stderr.flush()
        atexit._run_exitfuncs()  # noqa: SLF001 (removes the temporary folder of worker processes)
        os._exit(status)
    # Otherwise the interpreter would collect garbage among all objects three times before it ends.
    gc.freeze()
    sys.exit(status)


def _check_working_directory() -> None:
    """Check that the folder in which the command was started is still there; libraries would fail over it anywhere.

    Raises:
        UsageError: it was deleted.
    """
    try:
        Path.cwd()
    except FileNotFoundError:
        raise UsageError("当前所在的文件夹已经被删除。", fix="请先用 cd 进入一个还在的文件夹，再运行。") from None


def run(arguments: list[str]) -> int:
    """Run one command and return its exit status; an error that a user can cause is printed without a traceback."""
    try:
        signal_handling.install_signal_handlers()
        use_utf8_output()
        install_translations()
        _check_working_directory()
        status = bundler.main(arguments, prog_name="bundler", standalone_mode=False)
    except click.ClickException as error:
        translate_error(error).show()
        return ExitCode.USAGE
    except (click.Abort, KeyboardInterrupt):
        print_message(signal_handling.INTERRUPTED_MESSAGE)
        return ExitCode.INTERRUPTED
    except BundlerError as error:
        print_error(error)
        return error.exit_code
    except OSError as error:
        # The reader of standard output is gone, or its disk is full: the interpreter's last flush would fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            print_message(f"错误：读写不了：{describe_os_error(error)}。")
        return ExitCode.OUTPUT
    except Exception:
        if not signal_handling.was_interrupted():
            raise
        print_message(signal_handling.INTERRUPTED_MESSAGE)
        return ExitCode.INTERRUPTED
    return int(status or ExitCode.OK)
