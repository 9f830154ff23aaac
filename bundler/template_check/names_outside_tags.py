"""Names that stand outside a tag and would be printed as they are: ``{ reg_no }``, ``{ { reg_no } }``, «登记号», a bare ``reg_no``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bundler.template_check.name_hints import suggest_path
from bundler.template_check.scope import Path
from bundler.template_check.template_contracts import Contract
from bundler.template_check.tokens import Part, PartProblem, Token
from bundler.template_check.view_types import fields_of

_SPACED = re.compile(r"[{｛]\s+[{｛%％].*?[}｝%％]\s*[}｝]|[{｛]\s*[{｛%％].*?[}｝%％]\s+[}｝]")
_SINGLE = re.compile(r"[{｛]\s*(?P<name>[^{}｛｝%％\s][^{}｛｝]*?)\s*[}｝]")
_CHEVRONS = re.compile(r"[«‹]\s*(?P<name>[^«»‹›]*?)\s*[»›]|<<\s*(?P<other>[^<>]*?)\s*>>|\$\{\s*(?P<shell>[^{}]*?)\s*\}")
_BRACE = re.compile(r"[{}｛｝]")
_BARE = re.compile(r"(?<![\w.@/])[a-z]\w*(?:[._][a-z]\w*)+(?![\w@/])", re.ASCII)
_NAME = re.compile(r"[\w.|]+")
_FULL_WIDTH = str.maketrans("｛｝％　", "{}% ")


def find_loose_names(part: Part, contract: Contract) -> Iterator[PartProblem]:
    """Yield what looks like a tag or a name in the text between the tags; of each piece of text the first."""
    reported = {problem.location.number for problem in part.problems}
    for token in part.tokens:
        if token.is_tag or token.location.number in reported:
            continue
        problem = _find_in_text(token, contract, is_word=not part.by_lines)
        if problem is not None:
            yield problem


def _find_in_text(token: Token, contract: Contract, *, is_word: bool) -> PartProblem | None:
    text = token.text
    spaced = _SPACED.search(text)
    if spaced is not None:
        return PartProblem(token.location, spaced[0], "标记的两个括号之间有空格，会原样印出", _close_up(spaced[0]))
    single = _SINGLE.search(text)
    if single is not None and (is_word or _NAME.fullmatch(single["name"])):
        return PartProblem(
            token.location, single[0], "名称写在一对大括号里，会原样印出；标记要两对", _tag(single["name"], contract)
        )
    chevrons = _CHEVRONS.search(text)
    if is_word and chevrons is not None:
        name = chevrons["name"] or chevrons["other"] or chevrons["shell"] or ""
        message = f"“{chevrons[0]}”不是标记，会原样印出"
        return PartProblem(token.location, chevrons[0], message, _tag(name, contract))
    brace = _BRACE.search(text)
    if is_word and brace is not None:
        message = f"多出一个“{brace[0]}”，会原样印出"
        return PartProblem(
            token.location, text[max(0, brace.start() - 12) : brace.end() + 12], message, "补成标记，或者删去"
        )
    bare = next((one for one in _BARE.finditer(text) if _is_name(one[0], contract)), None)
    if is_word and bare is not None:
        return PartProblem(token.location, bare[0], "名称没有写在 {{ }} 里，会原样印出", f"{{{{ {bare[0]} }}}}")
    return None


def _close_up(text: str) -> str:
    """A tag without spaces between its two braces."""
    return re.sub(r"^\{\s*([{%])\s*(.*?)\s*([}%])\s*\}$", r"{\1 \2 \3}", text.translate(_FULL_WIDTH))


def _tag(name: str, contract: Contract) -> str:
    """The tag that prints what is named, by a name of the view or by a Chinese title."""
    bare = name.partition("|")[0].strip()
    known = name if _is_name(bare, contract) else suggest_path(bare, contract.view) if bare else ""
    return (
        f"{{{{ {known or name} }}}}"
        if known or name.isascii()
        else "用 bundler templates fields 查出名称，写成 {{ 名称 }}"
    )


def _is_name(dotted: str, contract: Contract) -> bool:
    """Whether a name is one of the view, entries of its lists left out."""
    record: type | None = contract.view
    path: Path = tuple(dotted.split("."))
    for position, name in enumerate(path):
        fields = fields_of(record) if record is not None else {}
        if str(name) not in fields:
            return False
        if position + 1 < len(path):
            records = [getattr(member, "type", None) for member in fields[str(name)].value_type]
            record = next((one for one in records if one is not None), None)
    return True
