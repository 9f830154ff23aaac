"""Chinese texts for what click prints itself, from a gettext catalogue in the package.

click passes its texts through the standard library's `gettext`, which finds the catalogue by the domain and the language
that are set here. A text without a line in the catalogue stays as click has it. Two texts do not pass through it: the
usage line's names for the arguments, and the full stop after a missing argument.
"""

from __future__ import annotations

import gettext
import os
from pathlib import Path

import click

_DOMAIN = "bundler"
_LANGUAGE = "zh_CN"
LOCALE_FOLDER = Path(__file__).with_name("locale")
"""The catalogue: ``bundler.po`` to edit, and ``bundler.mo``, which ``make translations`` compiles from it."""
_USAGE_NAMES = (("[OPTIONS]", "[选项]"), ("COMMAND [ARGS]...", "命令 [参数]…"))


class ChineseHelpFormatter(click.HelpFormatter):
    """Writes the usage line with Chinese names for options, command and arguments."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage line."""
        for name, translation in _USAGE_NAMES:
            args = args.replace(name, translation)
        super().write_usage(prog, args, prefix)


def translate_error(error: click.ClickException) -> click.ClickException:
    """The error to show; where an argument or an option is missing, a whole Chinese sentence below the usage line."""
    if not isinstance(error, click.MissingParameter) or error.param is None:
        return error
    names = error.param.get_error_hint(error.ctx).replace("'", "")
    return click.UsageError(f"缺少 {names}，应当写在哪里见上面的“用法”。", error.ctx)


def install_translations() -> None:
    """Select the catalogue, whatever the locale of the machine; `gettext` asks the environment for the language."""
    click.Context.formatter_class = ChineseHelpFormatter
    os.environ["LANGUAGE"] = _LANGUAGE
    gettext.bindtextdomain(_DOMAIN, str(LOCALE_FOLDER))
    gettext.textdomain(_DOMAIN)
