"""The three kinds of file that the gate knows."""

from __future__ import annotations

from enum import StrEnum


class BundleKind(StrEnum):
    """What a bundle is for: the petition archive (Art. 16), a write-off (Art. 14), or a declined matter (Art. 15)."""

    ARCHIVE = "archive"
    WRITE_OFF = "write-off"
    DECLINED = "declined"

    @property
    def label(self) -> str:
        """The Chinese word for it."""
        return {"archive": "归档", "write-off": "核销", "declined": "不予受理归档"}[self.value]
