"""``bundler verify``: check whether a bundle is unchanged since it was built, and print the report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import click

from bundler.api.verify import verify
from bundler.commands.console import print_json, print_result
from bundler.commands.shared_options import common_options, json_option
from bundler.errors import ExitCode, UsageError, describe_os_error
from bundler.manifest.model import NamedRegulation
from bundler.verification.inspect_bundle_file import UnreadableError
from bundler.verification.problem_codes import Problem
from bundler.verification.rebuilt_bundle_comparison import comparison_line
from bundler.verification.signature_wording import signature_line
from bundler.verification.verify import PointResult, Verification

_MARKS = {PointResult.PASSED: "✓ 通过", PointResult.FAILED: "✗ 不通过", PointResult.UNCHECKED: "－ 未检"}
_MAX_PROBLEMS = 40
_HEX_DIGITS = 64


@click.command("verify")
@click.argument("file", metavar="FILE.pdf", type=click.Path(path_type=Path))
@click.option(
    "--case", "case", type=click.Path(path_type=Path), help="案件文件夹：核对来源文件，并用案件重新成卷，逐页比较。"
)
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
    if sha256 is not None and not _is_digest(sha256):
        raise UsageError("--sha256 应是 64 位十六进制数字。", fix="请照成卷时打印的那一行填写。")
    try:
        verification = verify(
            file,
            case=case,
            sha256=sha256,
            trust=_read_trusted(trust),
            profile=profile_path,
            templates=templates_path,
        )
    except UnreadableError:
        return _report_unreadable(file, as_json)
    if as_json:
        print_json(verification.as_json())
    else:
        print_result("\n".join(_lines(file, verification)))
    if verification.ok:
        return ExitCode.OK
    return ExitCode.INCOMPLETE if verification.ours else ExitCode.UNREADABLE


def _is_digest(text: str) -> bool:
    return len(text) == _HEX_DIGITS and set(text.lower()) <= set("0123456789abcdef")


def _read_trusted(path: Path | None) -> bytes | None:
    """Read the trusted certificates of ``--trust``.

    Raises:
        UsageError: the file cannot be read or holds no PEM certificate.
    """
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


def _report_unreadable(file: Path, as_json: bool) -> ExitCode:
    problem = Problem("NOT-OURS", f"“{file}”不在，或者不是能读的文件。", file=str(file))
    if as_json:
        print_json({"ok": False, "problems": [problem.as_json()]})
    else:
        print_result(f"{problem.message}请检查文件的路径和权限。")
    return ExitCode.UNREADABLE


def _regulation_line(named: NamedRegulation, *, is_at_hand: bool) -> str:
    """Which regulation the bundle was made under, and what to do where it is not at hand."""
    text = f"规定：这一卷依《{named.title}》（{named.number}）成卷"
    if is_at_hand:
        return f"{text}，材料项目按这部规定核对。"
    return f"{text}。手头没有这部规定（或者是改过的），材料项目是否齐全没有检查；要检查，请加 --profile 写明那家法院的配置。"


def _problem_lines(problems: Sequence[Problem]) -> Iterator[str]:
    """Each problem, and what to do next once for all that follow one another with the same step."""
    numbered = enumerate(problems, start=1)
    for step, group in groupby(numbered, key=lambda one: one[1].next_step):
        yield from (f"  {n}. [{problem.code}] {problem.message}" for n, problem in group)
        yield f"     → {step}"


def _lines(file: Path, verification: Verification) -> Iterator[str]:
    if not verification.ours:
        yield f"{file}：{verification.problems[0].message}{verification.problems[0].next_step}"
        return
    manifest = verification.observed.manifest
    about = f"　登记号：{manifest.registration_no}　{manifest.kind.label}　{manifest.pages} 页" if manifest else ""
    yield f"卷宗：{file}{about}"
    yield f"SHA-256：{verification.observed.sha256}"
    for nature, points in groupby(verification.points, key=lambda one: one[0].nature):
        yield ""
        yield nature.value
        yield from (f"  {_MARKS[outcome]}　{point.text}" for point, outcome in points)
    if verification.problems:
        yield ""
        yield f"不一致（{len(verification.problems)} 处）"
        yield from _problem_lines(verification.problems[:_MAX_PROBLEMS])
        if len(verification.problems) > _MAX_PROBLEMS:
            yield f"  其余 {len(verification.problems) - _MAX_PROBLEMS} 处见 --json。"
    yield ""
    if manifest and manifest.regulation:
        yield _regulation_line(manifest.regulation, is_at_hand=verification.regulation is not None)
    if verification.comparison is not None:
        yield comparison_line(verification.comparison)
    yield signature_line(verification.observed.signature)
    yield f"结论：{verification.conclusion}"
