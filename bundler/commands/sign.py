"""``bundler sign``: verify a bundle and append an electronic signature."""

from __future__ import annotations

from pathlib import Path

import click

from bundler.commands.console import print_result
from bundler.commands.options import common_options, profile_from
from bundler.commands.signing_key import passphrase_option, signing_key
from bundler.digest import sha256_of
from bundler.errors import CaseError, CaseUnreadableError, ExitCode


@click.command("sign")
@click.argument("file", metavar="FILE.pdf", type=click.Path(path_type=Path))
@click.option(
    "--key", "key_path", metavar="KEY.p12", required=True, type=click.Path(path_type=Path), help="签名证书和私钥。"
)
@passphrase_option
@click.option("-o", "--output", type=click.Path(path_type=Path), help="签名后的文件，默认写回原文件。")
@common_options
def command(
    file: Path,
    key_path: Path,
    passphrase_file: Path | None,
    output: Path | None,
    profile_path: Path | None,
    templates_path: Path | None,
) -> int:
    """给卷宗加电子签名：证明由谁制作，并写明不允许任何改动。先核对，与成卷时不一致的不签。"""
    del templates_path
    from bundler.atomic_write import write_atomic
    from bundler.signature.signing import sign_bytes

    key = signing_key(key_path, passphrase_file, profile_from(profile_path))
    data = sign_bytes(_read_unsigned_bundle(file), key)
    target = output or file
    write_atomic(target, data)
    print_result(f"{target}　已签名")
    print_result(f"SHA-256：{sha256_of(data)}")
    return ExitCode.OK


def _read_unsigned_bundle(file: Path) -> bytes:
    """Read a bundle, and make sure that it is unchanged and has no signature yet.

    Raises:
        CaseUnreadableError: the file cannot be read, or is no bundle.
        CaseError: it was changed, or is signed already.
    """
    from bundler.verification.inspect import UnreadableError
    from bundler.verification.verify import verify

    try:
        verification = verify(file)
        data = file.read_bytes()
    except (UnreadableError, OSError):
        raise CaseUnreadableError(f"“{file}”不在，或者不是能读的文件。", fix="请给出卷宗的 PDF 文件。") from None
    if not verification.ours:
        raise CaseUnreadableError(f"“{file}”不是本工具生成的卷宗。", fix="请给出 bundler build 生成的 PDF 文件。")
    if verification.observed.signature is not None:
        raise CaseError(f"“{file}”已经有电子签名，没有再签。", fix="如需另签，请用 build 重新成卷后再签。")
    if not verification.ok or sha256_of(data) != verification.observed.sha256:
        message = verification.problems[0].message if verification.problems else "核对以后被改动。"
        raise CaseError(f"“{file}”与成卷时不一致，没有签名：{message}", fix="请用 bundler verify 核对。")
    return data
