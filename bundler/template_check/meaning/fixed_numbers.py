"""Numbers written into a template although a field has them: days of a limit, articles of the regulation and of a statute."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from bundler.template_check.meaning.filled_text import paragraph_key
from bundler.template_check.meaning.warning_kinds import ARTICLE, DEADLINE, STATUTE, MeaningWarning
from bundler.template_check.name_hints import plain_title
from bundler.template_check.template_contracts import Contract
from bundler.template_check.tokens import Part, Token
from bundler.template_check.value_types import RecordType, present_members
from bundler.template_check.view_types import FieldType, fields_of

_NUMERAL = "[0-9０-９一二三四五六七八九十百零]+"
_DAYS = re.compile(
    rf"(?<![月号第年0-9０-９一二三四五六七八九十]){_NUMERAL}\s*个?(?:工作日|日|天)(?=以?内|之内|报送)|(?<=前){_NUMERAL}\s*个?(?:工作日|日|天)"
)
_ARTICLE = re.compile(rf"第{_NUMERAL}条(?:第[（(]{_NUMERAL}[）)]项)?|第[（(][一二三四五六七八九十]+[）)]项")
_CLAUSE = re.compile(r"[^。；]*[。；]?")
_LAW = re.compile(r"《[^》]*》")
_TAG = re.compile(r"\{[{%].*?[%}]\}")
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_STATUTE = "民事诉讼法"
_MOST_SUGGESTIONS = 3
_ITEM_NAMES = ("number", "ground")
"""The field of a refusal that is the number of its item, where there is one, else its ground."""
_MOST_ITEMS = 2
_OTHER_LAW = re.compile(r"《[^》{]*(?:法|解释|规定|条例|办法)》")


def find_fixed_numbers(part: Part, contract: Contract) -> Iterator[MeaningWarning]:
    """Yield numbers of days and of articles in the words of a part, where the part could print a field instead."""
    rule = _record_fields(contract, "rule")
    limits = {f"rule.{name}": plain_title(field.title)[:2] for name, field in rule.items() if name.endswith("_limit")}
    articles = [f"rule.{name}" for name in rule if name.endswith("_article")]
    declined = _record_fields(contract, "declined")
    items = [
        *(["ground"] if "grounds" in fields_of(contract.view) else []),
        *(f"declined.{name}" for name in _ITEM_NAMES if name in declined),
    ][:_MOST_ITEMS]
    statutes = [f"statutes.{name}" for name in _record_fields(contract, "statutes")]
    paragraphs: dict[int, list[Token]] = defaultdict(list)
    for token in part.tokens:
        paragraphs[paragraph_key(token)].append(token)
    for tokens in paragraphs.values():
        whole = "".join(token.text for token in tokens)
        position = 0
        for token in tokens:
            for start, words in _own_words(token):
                yield from _find_days(token, words, _clause_at(whole, position + start), limits)
                yield from _find_articles(token, words, whole[: position + start], (articles, statutes, items))
            position += len(token.text)


def _record_fields(contract: Contract, name: str) -> dict[str, FieldType]:
    field = fields_of(contract.view).get(name)
    records = [one.type for one in present_members(field.value_type) if isinstance(one, RecordType)] if field else []
    return fields_of(records[0]) if records else {}


def _own_words(token: Token) -> Iterator[tuple[int, str]]:
    """Yield the words of a token, with where they begin: its text, or the quoted texts of a tag."""
    if not token.is_tag:
        yield 0, token.text
        return
    for found in _QUOTED.finditer(token.text):
        yield found.start(), found[0][1:-1]


def _clause_at(whole: str, position: int) -> str:
    return next((one[0] for one in _CLAUSE.finditer(whole) if one.start() <= position < one.end()), whole)


def _find_days(token: Token, words: str, clause: str, limits: dict[str, str]) -> Iterator[MeaningWarning]:
    for found in _DAYS.finditer(words):
        around = _clause_at(words, found.start()) + clause
        near = [(around.find(keyword), name) for name, keyword in limits.items() if keyword in around]
        if near:
            after = words[found.end() :]
            following = [name for name, keyword in limits.items() if keyword in _clause_at(after, 0)]
            name = following[0] if len(following) == 1 else min(near)[1]
            message = f"期限写成了固定的“{found[0]}”，规定或者配置改了，这里不会跟着改"
            yield MeaningWarning(DEADLINE, token.location, found[0], message, f"{{{{ {name} }}}}")


def _find_articles(
    token: Token, words: str, before: str, names: tuple[list[str], list[str], list[str]]
) -> Iterator[MeaningWarning]:
    articles, statutes, items = names
    for found in _ARTICLE.finditer(words):
        said = before + words[: found.start()]
        sentence = re.split(r"[。；]", said)[-1]
        law = _LAW.findall(sentence)
        if law and _STATUTE in law[-1]:
            if statutes:
                message = f"《民事诉讼法》的条号写成了固定的“{found[0]}”，法律修改以后不会跟着改"
                yield MeaningWarning(
                    STATUTE,
                    token.location,
                    found[0],
                    message,
                    f"第{{{{ {statutes[0]} }}}}条（或者 {'、'.join(statutes[1:])}）",
                )
        elif not (law and _OTHER_LAW.fullmatch(law[-1])) and (items if "项" in found[0] else articles):
            message = f"规定的条、项写成了固定的“{found[0]}”，换一份规定就不对了"
            fields = [f"{{{{ {name} }}}}" for name in articles[:_MOST_SUGGESTIONS]]
            suggestion = "、".join([*fields, *(f"第（{{{{ {name}|cn }}}}）项" for name in items)])
            yield MeaningWarning(ARTICLE, token.location, found[0], message, suggestion)
