"""``bundler serve``: serve the desk, the pages in a browser over a folder of case folders."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bundler.commands.console import print_message
from bundler.commands.shared_options import common_options, profile_from, templates_from, today_in_shanghai
from bundler.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from bundler.desk.security.access_config import AccessConfig

_WILDCARDS = frozenset({"0.0.0.0", "::"})  # noqa: S104 (only compared with)
_FILE = click.Path(path_type=Path, dir_okay=False)


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """The options of `bundler serve` about how the desk is reached."""

    host: str
    port: int
    sites: tuple[str, ...]
    users: Path | None
    tls_cert: Path | None
    tls_key: Path | None
    behind_proxy: str | None

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach the desk by TLS alone."""
        return self.tls_cert is not None or self.behind_proxy is not None


@click.command("serve")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="端口；0 为任取一个。")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDR", help="监听的地址；默认只有本机能用。")
@click.option("--site", "sites", multiple=True, metavar="NAME", help="浏览器里用的主机名，可以写多次。")
@click.option("--users", type=_FILE, metavar="FILE", help="账号文件（bundler user add 新建）。")
@click.option("--tls-cert", type=_FILE, metavar="FILE", help="TLS 证书。")
@click.option("--tls-key", type=_FILE, metavar="FILE", help="TLS 私钥。")
@click.option("--behind-proxy", metavar="ADDR", help="反向代理的地址；TLS 由它负责，只信它的 X-Forwarded-*。")
@click.option("--out", type=click.Path(path_type=Path), help="批处理的输出文件夹，默认 DIR/批处理。")
@common_options
def command(
    folder: Path,
    out: Path | None,
    profile_path: Path | None,
    templates_path: Path | None,
    **access_options: Any,  # noqa: ANN401 (the options that `ServeOptions` names)
) -> int:
    """书记员的工作台：在浏览器里看案件、补材料、成卷。"""
    if not folder.is_dir():
        raise UsageError(f"“{folder}”不是文件夹。", fix="请给出放案件的文件夹。")
    try:
        import uvicorn

        from bundler.desk.app import make_app
        from bundler.desk.security.access_config import REQUEST_LIMITS
        from bundler.desk.security.header_timeout import HeaderTimeoutProtocol
        from bundler.desk.sigint_handling import DeskServer
    except ModuleNotFoundError as error:
        raise UsageError(
            "没有安装工作台所需的程序库。", fix="请运行：pip install 'petition-bundler[desk]'。"
        ) from error
    from bundler.desk.settings import DeskSettings

    root, options = folder.absolute(), ServeOptions(**access_options)
    settings = DeskSettings(
        root=root,
        out=(out or root / "批处理").absolute(),
        profile=profile_from(profile_path),
        templates=templates_from(templates_path),
        today=today_in_shanghai,
        profile_path=profile_path.absolute() if profile_path else None,
    )
    _check_access_options(options)
    listener = _open_socket(options)
    access = _print_address(options, listener.getsockname()[1])
    config = uvicorn.Config(
        make_app(settings, access),
        log_level="critical",  # uvicorn logs tracebacks, which hold values of cases; the middleware logs errors without them
        access_log=False,
        http=HeaderTimeoutProtocol,
        ws="none",
        limit_concurrency=REQUEST_LIMITS.connections,
        timeout_keep_alive=REQUEST_LIMITS.idle_connection,
        server_header=False,
        proxy_headers=options.behind_proxy is not None,
        forwarded_allow_ips=options.behind_proxy,
        ssl_certfile=options.tls_cert,
        ssl_keyfile=options.tls_key,
        timeout_graceful_shutdown=3,
    )
    _load_tls(config)
    _warn_if_read_only(root)
    DeskServer(config).run(sockets=[listener])
    return ExitCode.OK


def _warn_if_read_only(root: Path) -> None:
    """Tell that a folder in which nothing can be written can only be looked at: no login and no change is recorded."""
    from bundler.ledger.audit_log import can_append_audit

    if not can_append_audit(root):
        print_message(f"提醒：“{root}”里写不了，操作记录也记不下：案件只能看，不能改，也不能下载。")


def _check_access_options(options: ServeOptions) -> None:
    """Make sure that other machines reach the desk with accounts and TLS only.

    Raises:
        UsageError: one of the options for that is missing, or the accounts cannot be read.
    """
    from bundler.desk.security.access_config import is_loopback
    from bundler.desk.security.accounts import read_accounts

    if (options.tls_cert is None) != (options.tls_key is None):
        raise UsageError("--tls-cert 和 --tls-key 要一起给出。", fix="请补上另一个。")
    if options.users is None and (options.behind_proxy or not is_loopback(options.host)):
        raise UsageError(
            "别的机器要用工作台，先要有账号。", fix="请用 bundler user add 新建账号，再用 --users FILE 给出账号文件。"
        )
    if not is_loopback(options.host) and not options.is_secure:
        raise UsageError(
            "别的机器要用工作台，口令和案件不能明文传送。",
            fix="请给出 --tls-cert 和 --tls-key，或者用 --behind-proxy 给出反向代理的地址。",
        )
    if options.users is not None:
        accounts = read_accounts(options.users)
        if without_role := "、".join(sorted(accounts.hashes.keys() - accounts.given_roles.keys())):
            print_message(f"提醒：账号{without_role}没有写角色，按书记员算；请用 bundler user role 给角色。")


def _open_socket(options: ServeOptions) -> socket.socket:
    """Open the listener socket.

    Raises:
        UsageError: the port is taken or forbidden, or the address is not one of this machine.
    """
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    try:
        return socket.create_server((options.host, options.port), family=family)
    except OSError as error:
        raise UsageError(
            f"地址 {options.host} 的端口 {options.port} 用不了：已经被占用、没有权限，或者不是本机的地址。",
            fix="请用 --port 换一个端口，或者检查 --host。",
        ) from error


def _print_address(options: ServeOptions, port: int) -> AccessConfig:
    """Print the address of the desk, and return who may log in; without accounts the address holds a token.

    Behind a proxy the address is the proxy's, at the port of HTTPS: at its own the desk refuses who comes without TLS.
    """
    from bundler.desk.security.access_config import LOOPBACK_HOSTS, AccessConfig, OneTimeToken

    shown = options.sites[0] if options.sites else f"[{options.host}]" if ":" in options.host else options.host
    link = f"{'https' if options.tls_cert else 'http'}://{shown}:{port}/"
    if options.behind_proxy and options.sites:
        link = f"https://{shown}/"
    hosts = LOOPBACK_HOSTS | {name.lower() for name in (*options.sites, options.host)}
    if options.users is not None:
        print_message(f"工作台：{link}　按 Ctrl-C 结束。")
        return AccessConfig(hosts, options.host in _WILDCARDS, options.users, options.is_secure)
    start = OneTimeToken(lambda word: print_message(f"再打开一个窗口：{link}?token={word}"))
    print_message(f"工作台：{link}?token={start.value}　按 Ctrl-C 结束。")
    return AccessConfig(hosts, secure=options.is_secure, start=start)


def _load_tls(config: Any) -> None:  # noqa: ANN401 (uvicorn's, which only this command imports)
    """Load the certificate and the key.

    Raises:
        UsageError: they cannot be read, or do not belong together.
    """
    try:
        config.load()
    except OSError as error:  # an SSLError is one
        raise UsageError("TLS 证书或者私钥读不了，或者两个不配对。", fix="请检查 --tls-cert 和 --tls-key。") from error
