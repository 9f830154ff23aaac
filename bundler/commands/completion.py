"""``bundler completion``: print the completion script of a shell."""

from __future__ import annotations

from pathlib import Path

import click
from click.shell_completion import get_completion_class

from bundler.commands.shared_options import common_options


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@common_options
@click.pass_context
def command(ctx: click.Context, shell: str, profile_path: Path | None, templates_path: Path | None) -> None:
    """输出补全脚本。bash：把 eval "$(bundler completion bash)" 加进 ~/.bashrc。"""
    del profile_path, templates_path
    complete = get_completion_class(shell)
    if complete is not None:
        click.echo(complete(ctx.find_root().command, {}, "bundler", "_BUNDLER_COMPLETE").source())
