"""``bundler verify``: whether a bundle is still what it was when it was made."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import click

from bundler.api import verify
from bundler.commands.console import print_json, print_result
from bundler.commands.options import common_options, json_option
from bundler.errors import ExitCode, UsageError, describe_os_error
from bundler.verification.inspect import UnreadableError
from bundler.verification.problems import Problem
from bundler.verification.signature_report import signature_line
from bundler.verification.verify import PointResult, Verification

_MARKS = {PointResult.PASSED: "✓ 通过", PointResult.FAILED: "✗ 不通过", PointResult.UNCHECKED: "－ 未检"}
_SHOWN = 40
_HEX_DIGITS = 64


@click.command("verify")
@click.argument("file", metavar="FILE.pdf", type=click.Path(path_type=Path))
@click.option("--case", "case", type=click.Path(path_type=Path), help="案件文件夹：同时与来源文件核对。")
@click.option("--sha256", metavar="HEX", help="成卷时记下的 SHA-256。")
@click.option(
    "--trust",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="CA.pem",
    help="信任的证书（PEM）：核实签名人，没有签名也算不一致。",
)
@json_option
@common_options
def command(
    file: Path,
    case: Path | None,
    sha256: str | None,
    trust: Path | None,
    as_json: bool,
    profile_path: Path | None,
    templates_path: Path | None,
) -> int:
    """核对一个卷宗：结构、齐全、内容，按真实性、完整性、可用性、安全性逐点列出结果。"""
    del profile_path, templates_path
    if sha256 is not None and not _is_digest(sha256):
        raise UsageError("--sha256 应是 64 位十六进制数字。", fix="请照成卷时打印的那一行填写。")
    try:
        found = verify(file, case=case, sha256=sha256, trust=_trusted(trust))
    except UnreadableError:
        return _unreadable(file, as_json)
    if as_json:
        print_json(found.as_json())
    else:
        print_result("\n".join(_lines(file, found)))
    if found.ok:
        return ExitCode.OK
    return ExitCode.INCOMPLETE if found.ours else ExitCode.UNREADABLE


def _is_digest(text: str) -> bool:
    return len(text) == _HEX_DIGITS and set(text.lower()) <= set("0123456789abcdef")


def _trusted(path: Path | None) -> bytes | None:
    """The trusted certificates."""
    if path is None:
        return None
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"信任的证书“{path}”读不了：{describe_os_error(error)}。", fix="请检查 --trust 给出的路径。"
        ) from error
    if b"-----BEGIN CERTIFICATE-----" not in data:
        raise UsageError(f"“{path}”里没有 PEM 证书。", fix="请用 --trust 给出 PEM 格式的 CA 证书。")
    return data


def _unreadable(file: Path, as_json: bool) -> ExitCode:
    problem = Problem("NOT-OURS", f"“{file}”不在，或者不是能读的文件。", file=str(file))
    if as_json:
        print_json({"ok": False, "problems": [problem.as_json()]})
    else:
        print_result(problem.message)
    return ExitCode.UNREADABLE


def _lines(file: Path, found: Verification) -> Iterator[str]:
    if not found.ours:
        yield f"{file}：{found.problems[0].message}"
        return
    manifest = found.observed.manifest
    about = f"　登记号：{manifest.registration_no}　{manifest.kind.label}　{manifest.pages} 页" if manifest else ""
    yield f"卷宗：{file}{about}"
    yield f"SHA-256：{found.observed.sha256}"
    for nature, points in groupby(found.points, key=lambda one: one[0].nature):
        yield ""
        yield nature.value
        yield from (f"  {_MARKS[outcome]}　{point.text}" for point, outcome in points)
    if found.problems:
        yield ""
        yield f"不一致（{len(found.problems)} 处）"
        yield from (f"  {n}. [{p.code}] {p.message}" for n, p in enumerate(found.problems[:_SHOWN], start=1))
        if len(found.problems) > _SHOWN:
            yield f"  其余 {len(found.problems) - _SHOWN} 处见 --json。"
    yield ""
    yield signature_line(found.observed.signature)
    yield "结论：与成卷时一致。" if found.ok else "结论：与成卷时不一致，不能作为归档原件使用。"
