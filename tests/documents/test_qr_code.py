"""The QR code of a paper is the one that segno draws, mask and file."""

import io

import pytest
import segno
from segno import encoder

from bundler.documents import qr_code

SEGNO = qr_code._find_and_apply
TEXTS = (
    "样信执2021-0001|acceptance_notice",
    "鲁信执2021-0999|reply_service",
    "1",
    *("北京信访执行" * count + f"|{count}" for count in (1, 3, 8, 20, 40)),
    *(f"样信执2021-{number:04}|commitment" for number in range(40)),
)


@pytest.mark.parametrize("text", TEXTS)
def test_a_code_is_segnos(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of several sizes, so that every mask is the best of some."""
    picture = io.BytesIO()
    monkeypatch.setattr(encoder, "find_and_apply_best_mask", SEGNO)
    segno.make(text, error="m", micro=False, encoding="utf-8", eci=True).save(picture, kind="png", scale=8, border=4)

    assert qr_code.draw_qr_code(text) == picture.getvalue()
