"""Report a validated signature as problems, and as one sentence in Chinese."""

from __future__ import annotations

from collections.abc import Iterator

from bundler.signature.validation import Signature, SignatureState
from bundler.verification.inspection_result import Observation
from bundler.verification.problem_codes import Problem

_PROBLEMS = {
    SignatureState.UNCHECKED: (
        "SIGNATURE-UNCHECKED",
        "文件带有电子签名，本机没有签名组件，不能核对。",
    ),
    SignatureState.INVALID: (
        "SIGNATURE-INVALID",
        "电子签名无效：签名、随签名的证书或者时间戳，或者被签名的内容有改动。",
    ),
    SignatureState.UPDATED: ("SIGNATURE-INVALID", "签名以后文件又被追加过修改，签名不覆盖整个文件。"),
    SignatureState.FOREIGN: ("SIGNATURE-FOREIGN", "签名完好，但签名人“{signer}”不在信任的证书之内。"),
    SignatureState.EXPIRED: (
        "SIGNATURE-EXPIRED",
        "签名完好，签名人“{signer}”的证书链可信，但现在不在有效期内，又没有可信的时间戳证明签名在有效期内作出。",
    ),
}


def signature_problems(observed: Observation, *, required: bool) -> Iterator[Problem]:
    """The problems of a file's signature.

    Args:
        observed: the file.
        required: trusted certificates were given, so that a missing signature is a problem.
    """
    signature = observed.signature
    if signature is None:
        if required:
            yield Problem("SIGNATURE-MISSING", "文件没有电子签名，不能证明由谁制作。")
    elif signature.state in _PROBLEMS:
        code, message = _PROBLEMS[signature.state]
        yield Problem(code, message.format(signer=signature.signer))
    elif required and signature.stamped_at is not None and not signature.stamp_trusted:
        text = "时间戳完好，但时间戳服务器不在信任的证书之内，不能证明签名的时间。"
        yield Problem("SIGNATURE-STAMP", text)
    elif not signature.certifies:
        yield Problem("SIGNATURE-INVALID", "电子签名没有写明“不允许任何改动”，不是本工具的签名。")


def signature_line(signature: Signature | None) -> str:
    """Describe the signature in one Chinese sentence."""
    if signature is None:
        return "没有电子签名：以上只能发现无意的改动，不能证明由谁制作。"
    if signature.state is SignatureState.TRUSTED:
        return f"电子签名有效，签名人“{signature.signer}”可信。{_signing_time(signature)}"
    if signature.state is SignatureState.UNKNOWN:
        return f"电子签名完好，签名人自称“{signature.signer}”；没有用 --trust 给出信任的证书，未核实是谁。{_signing_time(signature)}"
    return "电子签名不能作为证明，见上。"


def _signing_time(signature: Signature) -> str:
    if signature.stamped_at is not None:
        trust = "" if signature.stamp_trusted else "（时间戳服务器未核实）"
        return f"时间戳：{signature.stamped_at:%Y-%m-%d %H:%M:%S %Z}{trust}。"
    if signature.signed_at is not None:
        return f"签名人电脑的时间：{signature.signed_at:%Y-%m-%d %H:%M:%S %Z}，没有时间戳。"
    return "没有签名时间。"
