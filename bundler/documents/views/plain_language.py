"""Findings in a clerk's words: names of the data in Chinese, and personal data masked, for papers that leave the file."""

from __future__ import annotations

import re

from bundler.case.identifiers import masked
from bundler.case.json_pointer import describe_pointer, field_title

_QUOTED = re.compile("(“[^”]*”)")
_POINTER = re.compile(r"/[a-z_]+(?:/[a-z_0-9]+)*")
_NAME = re.compile(r"(?<![A-Za-z_.])[a-z][a-z_]+(?:\.[a-z_]+)*")
_SMALL_LATIN = re.compile(r"（[^（）“”]*[a-z_]{3,}[^（）“”]*）")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_SPACE = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef]) | (?=[\u3000-\u9fff\uff00-\uffef])")
_KEPT = frozenset({"docx", "dpi", "pdf"})

_YOU = re.compile("你们|你公司|你单位|你")


def told(text: str | None, *, us: str = "本院") -> str | None:
    """What a reply says to the petitioner, as a paper says it of one: 信访人 for 你; blank is none."""
    return masked(_YOU.sub("信访人", text).replace("本意见书", "答复意见书").replace("本院", us)) if text else None


def to_plain_language(text: str) -> str:
    """A finding's message or advice without names of keys or commands; what stands in “” is left as it is, but masked."""
    text = _SMALL_LATIN.sub("", text.removeprefix("请"))
    text = re.sub(r"在 case\.json (?:的 \S+ |里)", "", text).replace("case.json", "案件数据")
    parts = [part if part.startswith("“") else _translated(part) for part in _QUOTED.split(text)]
    return masked("".join(parts))


def _translated(text: str) -> str:
    text = _ISO_DAY.sub(lambda found: f"{int(found[1])}年{int(found[2])}月{int(found[3])}日", text)
    text = _POINTER.sub(lambda found: describe_pointer(found[0]), text)
    text = _NAME.sub(lambda found: _title(found[0].rpartition(".")[2]), text)
    return _SPACE.sub("", text)


def _title(name: str) -> str:
    return name if name in _KEPT else field_title(name)
