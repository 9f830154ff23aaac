"""``bundler schema``: print the JSON Schema of case.json, or compare it with the file in the repository."""

from __future__ import annotations

from pathlib import Path

import click

from bundler.commands.console import print_message, print_result
from bundler.commands.shared_options import common_options, profile_from
from bundler.errors import ExitCode


@click.command("schema")
@click.option("--check", is_flag=True, help="只比较 schemas/ 里的文件与模型是否一致。")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="写到文件，默认输出到屏幕。")
@common_options
def command(check: bool, output: Path | None, profile_path: Path | None, templates_path: Path | None) -> int:
    """输出 case.json 的 JSON Schema（每一项有中文标题和说明）。"""
    from bundler.atomic_write import write_atomic
    from bundler.case.model import SCHEMA_NAME, schema_folder, schema_text

    del templates_path
    if check:
        text = schema_text()
        path = schema_folder() / SCHEMA_NAME
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            print_message("一致。")
            return ExitCode.OK
        print_message(f"schemas/{SCHEMA_NAME} 与模型不一致。请运行 bundler schema -o schemas/{SCHEMA_NAME} 重新导出。")
        return ExitCode.INCOMPLETE
    text = schema_text(profile_from(profile_path).regulation)
    if output:
        write_atomic(output, text.encode())
    else:
        print_result(text.rstrip("\n"))
    return ExitCode.OK
