"""``bundler serve``: the clerk's desk, a page in the browser over a folder of case folders."""

from __future__ import annotations

import socket
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
        from bundler.desk.guard.access import Access, StartToken
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
    listening = _listen(port)
    link = f"http://127.0.0.1:{listening.getsockname()[1]}/"
    access = Access(start=StartToken(lambda word: message(f"再打开一个窗口：{link}?token={word}")))
    message(f"工作台：{link}?token={access.start.word}　按 Ctrl-C 结束。")
    config = uvicorn.Config(
        make_app(settings, access),
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        access_log=False,
        timeout_graceful_shutdown=3,
    )
    uvicorn.Server(config).run(sockets=[listening])
    return ExitCode.OK


def _listen(port: int) -> socket.socket:
    """A socket of this machine alone.

    Raises:
        UsageError: the port is taken or forbidden.
    """
    try:
        return socket.create_server(("127.0.0.1", port))
    except OSError as error:
        raise UsageError(f"端口 {port} 用不了：已经被占用，或者没有权限。", fix="请用 --port 换一个端口。") from error
