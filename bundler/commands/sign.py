"""``bundler sign``: verify a bundle and append an electronic signature."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bundler.case.reader import CASE_FILE
from bundler.commands.console import print_result
from bundler.commands.shared_options import common_options, profile_from
from bundler.commands.signing_key_option import passphrase_option, signing_key
from bundler.digest import sha256_of
from bundler.errors import CaseError, CaseUnreadableError, ExitCode, UsageError

if TYPE_CHECKING:
    from bundler.profile import Profile


@click.command("sign")
@click.argument("file", metavar="FILE.pdf", type=click.Path(path_type=Path))
@click.option(
    "--key", "key_path", metavar="KEY.p12", required=True, type=click.Path(path_type=Path), help="签名证书和私钥。"
)
@passphrase_option
@click.option(
    "--case", "case", type=click.Path(path_type=Path), help="案件文件夹，用来重新成卷核对；不写则用卷宗所在的文件夹。"
)
@click.option("--sha256", metavar="HEX", help="没有案件文件夹时：成卷时记下的 SHA-256。")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="签名后的文件，默认写回原文件。")
@common_options
def command(
    file: Path,
    key_path: Path,
    passphrase_file: Path | None,
    case: Path | None,
    sha256: str | None,
    output: Path | None,
    profile_path: Path | None,
    templates_path: Path | None,
) -> int:
    """给卷宗加电子签名：证明由谁制作，并写明不允许任何改动。先用案件重新成卷核对，不能证明的不签。"""
    from bundler.atomic_write import write_atomic
    from bundler.bundle.built_here_proof import remember_built
    from bundler.signature.signing import sign_bytes

    profile = profile_from(profile_path)
    key = signing_key(key_path, passphrase_file, profile)
    data = sign_bytes(_read_proved_bundle(file, case, sha256, profile, templates_path), key)
    target = output or file
    write_atomic(target, data)
    remember_built([sha256_of(data)])
    print_result(f"{target}　已签名")
    print_result(f"SHA-256：{sha256_of(data)}")
    return ExitCode.OK


def _read_proved_bundle(
    file: Path, case: Path | None, sha256: str | None, profile: Profile, templates: Path | None
) -> bytes:
    """Read a bundle, and make sure that it is the one that its case gives, and has no signature yet.

    Raises:
        CaseUnreadableError: the file cannot be read, or is no bundle.
        CaseError: it was changed, is signed already, or is not proved.
        UsageError: there is nothing to prove it with.
    """
    from bundler.api.verify import is_proved, verify
    from bundler.bundle.built_here_proof import was_built_here
    from bundler.verification.inspect_bundle_file import UnreadableError

    folder = case or (file.parent if sha256 is None and (file.parent / CASE_FILE).is_file() else None)
    try:
        verification = verify(file, case=folder, sha256=sha256, profile=profile, templates=templates)
        data = file.read_bytes()
    except (UnreadableError, OSError):
        raise CaseUnreadableError(f"“{file}”不在，或者不是能读的文件。", fix="请给出卷宗的 PDF 文件。") from None
    if not verification.ours:
        raise CaseUnreadableError(f"“{file}”不是本工具生成的卷宗。", fix="请给出 bundler build 生成的 PDF 文件。")
    if verification.observed.signature is not None:
        raise CaseError(f"“{file}”已经有电子签名，没有再签。", fix="如需另签，请用 build 重新成卷后再签。")
    is_good = verification.ok if folder is None else is_proved(verification, folder)
    if not is_good or sha256_of(data) != verification.observed.sha256:
        message = verification.problems[0].message if verification.problems else "核对以后被改动。"
        raise CaseError(f"“{file}”与成卷时不一致，没有签名：{message}", fix="请用 bundler verify --case 核对。")
    if folder is None and sha256 is None and not was_built_here(verification.observed.sha256):
        raise UsageError(
            f"“{file}”不是在本机成的卷，又没有案件可以核对，不能证明它出自哪个案件，没有签名。",
            fix="请用 --case 给出案件文件夹，或者用 --sha256 给出成卷时记下的摘要。",
        )
    return data
