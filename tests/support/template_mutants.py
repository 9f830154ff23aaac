"""Mutants of a template's tags: small faults as people make them, each of which the static check must find.

Tags are read here with regular expressions and the view's types, not with the code under test.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bundler.template_check.template_contracts import Contract, declared_type
from bundler.template_check.tokens import Token
from bundler.template_check.value_types import (
    AbsentType,
    DateTimeType,
    DateType,
    ListType,
    LiteralType,
    NumberType,
    RecordType,
    TextType,
    ValueType,
    present_members,
)
from bundler.template_check.view_types import fields_of

_STRING = re.compile(r"'[^']*'|\"[^\"]*\"")
GUARANTEED = "the document's requirements guarantee that the value is present"
UNUSED = "the loop repeats blank lines and does not use its variable"
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
_CHAIN = re.compile(r"(?<![\w.|'\]])([a-z_]\w*)((?:\.[a-z_]\w*|\[\d+\])*)")
_KEYWORDS = frozenset(
    [
        "if",
        "elif",
        "else",
        "endif",
        "for",
        "endfor",
        "set",
        "endset",
        "and",
        "or",
        "not",
        "in",
        "is",
        "none",
        "true",
        "false",
    ]
)


@dataclass(frozen=True)
class Mutant:
    """One fault.

    Attributes:
        category: what was done: a letter, keyword, tag, attribute or guard.
        changes: the changed tokens by number, each with its new source; None: removed.
        mentions: what the message of the problem must contain; empty: any problem counts.
        equivalent: why it means the same as the original; empty: it does not.
    """

    category: str
    changes: tuple[tuple[int, str | None], ...]
    mentions: str = ""
    equivalent: str = ""

    @property
    def new_source(self) -> str | None:
        """The new source of the token at fault."""
        return self.changes[0][1]

    @property
    def token_number(self) -> int:
        """The number of the token at fault."""
        return self.changes[0][0]


def apply_mutants(tokens: Sequence[Token], mutants: Sequence[Mutant]) -> tuple[Token, ...]:
    """Return the tokens with these faults."""
    changed = {number: source for mutant in mutants for number, source in mutant.changes}
    kept = []
    for number, token in enumerate(tokens):
        source = changed.get(number, token.source)
        if source is not None:
            kept.append(replace(token, source=source, text=source) if number in changed else token)
    return tuple(kept)


def _blank_strings(source: str) -> str:
    """Return a tag with its strings blanked out, so that positions stay the same."""
    return _STRING.sub(lambda found: "'" + "\0" * (len(found[0]) - 2) + "'", source)


def _splice(source: str, start: int, end: int, new: str = "") -> str:
    return source[:start] + new + source[end:]


def drop_letters(tokens: Sequence[Token]) -> Iterator[Mutant]:
    """Drop a letter from every name, attribute, filter and keyword, and from every compared word.

    At the first occurrence of a word in a part, each of its letters in turn; at each later one, a single letter.
    """
    seen: dict[str, int] = {}
    uses = Counter(
        word for token in tokens if token.is_tag for word in _IDENTIFIER.findall(_blank_strings(token.source))
    )
    for number, token in enumerate(tokens):
        if not token.is_tag or not token.source:
            continue
        found = list(_IDENTIFIER.finditer(_blank_strings(token.source)))
        found += [word for word in re.finditer(r"(?<=[=(, ]')[a-z_]+(?=')", token.source) if _is_compared(token.source)]
        for name in found:
            word = name[0]
            times = seen[word] = seen.get(word, -1) + 1
            unused = uses[word] == 1 and re.search(rf"for\s+{word}\s+in\b", token.source)
            for index in range(len(word)) if times == 0 else [times % len(word)]:
                at = name.start() + index
                category = "keyword" if word in _KEYWORDS or len(word) == 1 else "letter"
                changed = ((number, _splice(token.source, at, at + 1)),)
                yield Mutant(category, changed, _splice(word, index, index + 1), UNUSED if unused else "")


def _is_compared(source: str) -> bool:
    return "==" in source or "!=" in source or " in (" in source


def drop_block_tags(tokens: Sequence[Token]) -> Iterator[Mutant]:
    """Drop a tag that opens or closes a loop, a condition or a block assignment."""
    for number, token in enumerate(tokens):
        block = token.keyword in {"for", "endfor", "if", "endif", "endset"}
        if block or (token.keyword == "set" and "=" not in token.source):
            yield Mutant("tag", ((number, None),))


# ---- attributes replaced by others


@dataclass(frozen=True)
class _Use:
    """A use of a field: its record, its position in a tag, and how the value is used there."""

    record: type
    field: str
    token_number: int
    start: int
    end: int
    usage: str
    has_default: bool
    prefix: str


def swap_attributes(tokens: Sequence[Token], contract: Contract) -> Iterator[Mutant]:
    """Replace each attribute, and each name of the view, by other fields that do not fit there by their type."""
    all_names = sorted({name for record in records_of_view(contract.view) for name in fields_of(record)})
    text = "\n".join(token.source for token in tokens)
    for count, use in enumerate(_uses(tokens, contract)):
        source = tokens[use.token_number].source
        fields = fields_of(use.record)
        chosen: dict[str, str] = {}
        for name, field in fields.items():
            is_unused = name not in text and f"{use.prefix}{name}" not in contract.guaranteed
            if name != use.field and not _fits(field.value_type, use, is_unused=is_unused):
                chosen.setdefault(_category(field.value_type), name)
        unknown = (name for name in all_names[count % len(all_names) :] + all_names if name not in fields)
        unknown_name = next(name for name in unknown if re.search(rf"\{{% (set|for) {name}\b", text) is None)
        for name in (*chosen.values(), unknown_name):
            yield Mutant("attribute", ((use.token_number, _splice(source, use.start, use.end, name)),), name)


def records_of_view(view: type) -> set[type]:
    """Return a view and every record below it."""
    found, waiting = set(), [view]
    while waiting:
        record = waiting.pop()
        found.add(record)
        for field in fields_of(record).values():
            inside = {
                item
                for member in field.value_type
                for item in (member.item if isinstance(member, ListType) else {member})
            }
            waiting += [member.type for member in inside if isinstance(member, RecordType) and member.type not in found]
    return found


def _uses(tokens: Sequence[Token], contract: Contract) -> Iterator[_Use]:
    """Yield every use of a field of the view in a tag."""
    loops: dict[str, ValueType] = {}
    for number, token in enumerate(tokens):
        if not token.is_tag or not token.source:
            continue
        bare = _blank_strings(token.source)
        for chain in _CHAIN.finditer(bare):
            if chain[0] in _KEYWORDS or chain[1] == "loop" or _is_assigned(bare, chain):
                continue
            context = f"{{% if {bare[6:]}" if _is_only_tested(token.source, tokens) else bare
            yield from _uses_in_chain(chain, number, context, contract, loops)
        loop = re.match(r"\{% for (\w+) in ([\w.]+)", bare)
        if loop and (loop[2].split(".")[0] in {*loops, *fields_of(contract.view)}):
            loops[loop[1]] = _entry_type(_type_of_path(loop[2].split("."), contract, loops))


def _is_only_tested(source: str, tokens: Sequence[Token]) -> bool:
    """Whether a tag sets a name that is only tested, never printed."""
    name = re.match(r"\{% set (\w+) =", source)
    if name is None:
        return False
    uses = [
        token.source for token in tokens if token.source is not source and re.search(rf"\b{name[1]}\b", token.source)
    ]
    return all(re.search(rf"\b(if|elif|and|or|not) {name[1]}\b", one) for one in uses)


def _is_assigned(bare: str, chain: re.Match[str]) -> bool:
    """Whether a name is assigned here, not used."""
    before = bare[: chain.start()]
    return before.endswith(("set ", "for "))


def _uses_in_chain(
    chain: re.Match[str], number: int, bare: str, contract: Contract, loops: dict[str, ValueType]
) -> Iterator[_Use]:
    """Yield the uses of fields in one dotted chain of names."""
    value_type: ValueType = frozenset({RecordType(contract.view)})
    if chain[1] in loops:
        value_type = loops[chain[1]]
    elif chain[1] not in fields_of(contract.view):
        return
    links = list(re.finditer(r"[a-z_]\w*|\[\d+\]", chain[0]))
    for index, link in enumerate(links):
        if index == 0 and chain[1] in loops:
            continue
        if link[0].startswith("["):
            value_type = _entry_type(value_type)
            continue
        record = next((member.type for member in value_type if isinstance(member, RecordType)), None)
        if record is None or link[0] not in fields_of(record):
            return
        is_last = index == len(links) - 1
        start, end = chain.start() + link.start(), chain.start() + link.end()
        usage = _usage(bare, chain) if is_last else "index" if links[index + 1][0].startswith("[") else "record"
        yield _Use(
            record, link[0], number, start, end, usage, _has_default(bare[chain.end() :]), chain[0][: link.start()]
        )
        value_type = fields_of(record)[link[0]].value_type


def _has_default(after: str) -> bool:
    return re.match(r"(\|\w+)*\s+or ", after) is not None


def _type_of_path(path: Sequence[str], contract: Contract, loops: dict[str, ValueType]) -> ValueType:
    if path[0] not in loops:
        return declared_type(contract.view, tuple(path))
    value_type = loops[path[0]]
    for name in path[1:]:
        value_type = next(
            fields_of(member.type)[name].value_type for member in value_type if isinstance(member, RecordType)
        )
    return value_type


def _entry_type(value_type: ValueType) -> ValueType:
    return next((member.item for member in value_type if isinstance(member, ListType)), frozenset())


def _usage(bare: str, chain: re.Match[str]) -> str:
    """Return how a value is used: a filter's name, ``loop``, ``in``, ``compare``, ``order``, ``test``, ``print``."""
    before, after = bare[: chain.start()], bare[chain.end() :]
    filtered = re.match(r"\|(\w+)", after)
    if filtered:
        return filtered[1]
    if before.endswith(" in "):
        return "loop" if before.startswith("{% for") else "in"
    if re.match(r"\s*(==|!=|in )", after):
        return "compare"
    if re.match(r"\s*[<>+-]", after) or re.search(r"[<>]=? $", before):
        return "order"
    is_operand = before.rstrip().endswith((" if", " and", " not", "elif", "(not"))
    is_whole_test = before.startswith(("{% if", "{% elif")) and "~" not in bare
    return "test" if is_operand or is_whole_test or re.match(r"\s*(and |is none)", after) else "print"


_ACCEPTED: dict[str, frozenset[str]] = {
    "print": frozenset({"text", "number", "word", "figure"}),
    "day": frozenset({"day", "moment"}),
    "hanzi": frozenset({"day", "moment"}),
    "year": frozenset({"day", "moment"}),
    "moment": frozenset({"moment"}),
    "cn": frozenset({"number", "figure"}),
    "names": frozenset({"texts"}),
    "first": frozenset({"texts", "records"}),
    "length": frozenset({"texts", "records"}),
    "loop": frozenset({"texts", "records"}),
    "index": frozenset({"texts", "records"}),
    "in": frozenset({"texts", "records", "text"}),
    "compare": frozenset({"text", "word", "code", "figure", "number"}),
    "order": frozenset({"number", "figure", "day", "moment"}),
    "record": frozenset({"record"}),
}


def _fits(value_type: ValueType, use: _Use, *, is_unused: bool) -> bool:
    """Whether a field fits there by its type, so that no type check could reject it."""
    optional = AbsentType() in value_type
    if use.usage in {"test", "box"}:
        return optional or _category(value_type) in {"flag", "number", "texts", "records"}
    if _category(value_type) not in _ACCEPTED[use.usage]:
        return False
    return not (optional and is_unused and not use.has_default and use.usage in {"print", "day", "hanzi", "moment"})


def _category(value_type: ValueType) -> str:
    """Return a coarse class of a type."""
    member = present_members(value_type)[0]
    if isinstance(member, LiteralType):
        if isinstance(member.value, str):
            return "code" if member.value.isascii() else "word"
        return "flag" if isinstance(member.value, bool) else "figure"
    if isinstance(member, ListType):
        return "records" if any(isinstance(item, RecordType) for item in member.item) else "texts"
    return {TextType: "text", NumberType: "number", DateType: "day", DateTimeType: "moment", RecordType: "record"}[
        type(member)
    ]


# ---- guards removed


def drop_guards(tokens: Sequence[Token], contract: Contract) -> Iterator[Mutant]:
    """Drop a condition, a default or an operand of ``and`` that keeps an absent value from being printed."""
    loops: dict[str, ValueType] = {}
    for number, token in enumerate(tokens):
        bare = _blank_strings(token.source) if token.is_tag else ""
        loop = re.match(r"\{% for (\w+) in ([\w.]+)", bare)
        if loop and (loop[2].split(".")[0] in {*loops, *fields_of(contract.view)}):
            loops[loop[1]] = _entry_type(_type_of_path(loop[2].split("."), contract, loops))
        if not _is_only_tested(token.source, tokens):
            yield from _drop_defaults(number, token.source, bare, contract)
        if token.keyword in {"if", "elif"}:
            yield from _drop_conditions(tokens, number, contract, loops)


def _drop_defaults(number: int, source: str, bare: str, contract: Contract) -> Iterator[Mutant]:
    """Drop the default of ``x or '无'`` and the condition of ``x if x else y``."""
    if bare.startswith(("{% if", "{% elif")):
        return
    for default in re.finditer(r" or ('\0*'|[a-z_.]+)(?! or )", bare):
        before = re.search(r"[\w.]*$", bare[: default.start()])
        equivalent = GUARANTEED if before and before[0] in contract.guaranteed else ""
        yield Mutant("guard", ((number, _splice(source, default.start(), default.end())),), equivalent=equivalent)
    choice = re.search(r" if ([a-z_.]+) else .*?(?= [%}]\})", bare)
    if choice and f"{choice[1]}|" in bare[: choice.start()]:
        yield Mutant("guard", ((number, _splice(source, choice.start(), choice.end())),))


def _drop_conditions(
    tokens: Sequence[Token], number: int, contract: Contract, loops: dict[str, ValueType]
) -> Iterator[Mutant]:
    source = tokens[number].source
    test = re.sub(r"^\{% (el)?if | %\}$", "", source)
    tags = _branches(tokens, number)
    body = "\n".join(token.source for token in tokens[number + 1 : tags[1]] if _prints(token))
    rest = "\n".join(token.source for token in tokens[tags[1] : tags[-1]] if _prints(token))
    operands = test.split(" and ")
    for index, operand in enumerate(operands):
        path = operand.removeprefix("not ")
        guarded = rest if operand != path else "\n".join([body, *operands[index + 1 :]])
        if " or " in test or not _guards(path, guarded, contract, loops):
            continue
        equivalent = GUARANTEED if path in contract.guaranteed else ""
        if len(operands) > 1:
            remaining = " and ".join(one for one in operands if one is not operand)
            yield Mutant("guard", ((number, source.replace(test, remaining)),), equivalent=equivalent)
        elif operand == path:
            yield Mutant("guard", tuple(_keep_only(tokens, number, tags)), equivalent=equivalent)
        elif tokens[number].keyword == "if" and tokens[tags[1]].keyword == "else":
            removed = [*range(number, tags[1] + 1), tags[-1]]
            yield Mutant("guard", tuple((one, None) for one in removed), equivalent=equivalent)


def _branches(tokens: Sequence[Token], number: int) -> list[int]:
    """Return the numbers of the tags of one ``if``, from this one to its ``endif``."""
    found, depth = [number], 0
    for index in range(number + 1, len(tokens)):
        word = tokens[index].keyword
        depth += (word == "if") - (word == "endif")
        if depth < 0 or (depth == 0 and word in {"elif", "else"} and not _in_loop(tokens, number, index)):
            found.append(index)
        if depth < 0:
            return found
    raise AssertionError(tokens[number].source)


def _in_loop(tokens: Sequence[Token], start: int, end: int) -> bool:
    words = [token.keyword for token in tokens[start + 1 : end]]
    return words.count("for") > words.count("endfor")


def _prints(token: Token) -> bool:
    return token.is_tag and (token.source.startswith("{{") or token.keyword in {"set", "if", "elif"})


def _guards(path: str, guarded: str, contract: Contract, loops: dict[str, ValueType]) -> bool:
    """Whether a value may be absent, and what the condition guards uses it."""
    if re.fullmatch(r"[a-z_][\w.]*", path) is None:
        return False
    try:
        value_type = _type_of_path(path.split("."), contract, loops)
    except (KeyError, StopIteration):
        return False  # a name that the template set itself
    name = re.escape(path)
    if any(isinstance(member, ListType) for member in value_type):
        return re.search(rf"(?<![\w.]){name}(\[|\|names|\|first)(?!.* or )", guarded) is not None
    use = re.search(rf"(?<![\w.]){name}(?=\.|\||\s*\}}\}}| >| ~)(?! or )", guarded)
    return AbsentType() in value_type and use is not None


def _keep_only(tokens: Sequence[Token], number: int, tags: Sequence[int]) -> Iterator[tuple[int, str | None]]:
    """Drop a condition: what it guarded is always printed, its other branches never."""
    yield number, None if tokens[number].keyword == "if" else "{% else %}"
    last = tags[-1] if tokens[number].keyword == "if" else tags[-1] - 1
    yield from ((index, None) for index in range(tags[1], last + 1))
