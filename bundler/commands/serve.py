"""``bundler serve``: the clerk's desk, a page in the browser over a folder of case folders."""

from __future__ import annotations

from pathlib import Path

import click

from bundler.commands.console import message
from bundler.commands.options import common_options, profile_from, today_in_shanghai
from bundler.errors import ExitCode, UsageError


@click.command("serve")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="端口。")
@click.option("--out", type=click.Path(path_type=Path), help="批处理的输出文件夹，默认 DIR/批处理。")
@common_options
def command(folder: Path, port: int, out: Path | None, profile_path: Path | None, templates_path: Path | None) -> int:
    """书记员的工作台：在浏览器里看案件、补材料、成卷。"""
    if not folder.is_dir():
        raise UsageError(f"“{folder}”不是文件夹。", fix="请给出放案件的文件夹。")
    try:
        import uvicorn

        from bundler.desk.app import make_app
    except ModuleNotFoundError as error:
        raise UsageError(
            "没有安装工作台所需的程序库。", fix="请运行：pip install 'petition-bundler[desk]'。"
        ) from error
    from bundler.desk.settings import Settings
    from bundler.documents.render import templates_folder

    root = folder.absolute()
    settings = Settings(
        root=root,
        out=(out or root / "批处理").absolute(),
        profile=profile_from(profile_path),
        templates=templates_folder(templates_path),
        today=today_in_shanghai,
    )
    message(f"工作台：http://127.0.0.1:{port}/　按 Ctrl-C 结束。")
    uvicorn.run(make_app(settings), host="127.0.0.1", port=port, log_level="warning", server_header=False)
    return ExitCode.OK
