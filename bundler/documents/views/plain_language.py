"""Text for papers that leave the file: findings without names of keys, letters in the third person, personal data masked."""

from __future__ import annotations

import re

from bundler.case.identifiers import masked
from bundler.case.json_pointer import describe_pointer, field_title

_QUOTATION = re.compile("(“[^”]*”)")
_POINTER = re.compile(r"/[a-z_]+(?:/[a-z_0-9]+)*")
_KEY = re.compile(r"(?<![A-Za-z_.])[a-z][a-z_]+(?:\.[a-z_]+)*")
_LATIN_NOTE = re.compile(r"（[^（）“”]*[a-z_]{3,}[^（）“”]*）")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_SPACE_BESIDE_CHINESE = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef]) | (?=[\u3000-\u9fff\uff00-\uffef])")
_UNTRANSLATED = frozenset({"docx", "dpi", "pdf"})

_YOU = re.compile("你们|你公司|你单位|你")


def in_third_person(text: str | None, *, us: str = "本院") -> str | None:
    """Rewrite a text of the reply for other readers: 信访人 for 你.

    Args:
        text: a text addressed to the petitioner; None and an empty one give None.
        us: how the paper calls the court, instead of 本院.
    """
    return masked(_YOU.sub("信访人", text).replace("本意见书", "答复意见书").replace("本院", us)) if text else None


def to_plain_language(text: str) -> str:
    """Rewrite a finding's message or fix without names of keys and commands; a quotation in “” is only masked."""
    text = _LATIN_NOTE.sub("", text.removeprefix("请"))
    text = re.sub(r"在 case\.json (?:的 \S+ |里)", "", text).replace("case.json", "案件数据")
    parts = [part if part.startswith("“") else _translate_names(part) for part in _QUOTATION.split(text)]
    return masked("".join(parts))


def _translate_names(text: str) -> str:
    text = _ISO_DAY.sub(lambda found: f"{int(found[1])}年{int(found[2])}月{int(found[3])}日", text)
    text = _POINTER.sub(lambda found: describe_pointer(found[0]), text)
    text = _KEY.sub(lambda found: _translate_name(found[0].rpartition(".")[2]), text)
    return _SPACE_BESIDE_CHINESE.sub("", text)


def _translate_name(name: str) -> str:
    return name if name in _UNTRANSLATED else field_title(name)
