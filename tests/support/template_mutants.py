"""Small faults put into the marks of a template, as people make them: each has to be found by the proof.

What is mutated is read here by means of its own (regular expressions, the view's types), so that the proof does not judge itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bundler.template_check.contract import Contract, declared_type
from bundler.template_check.tokens import Token
from bundler.template_check.types import (
    AbsentType,
    DateTimeType,
    DateType,
    ListType,
    LiteralType,
    NumberType,
    RecordType,
    TextType,
    ValueType,
)
from bundler.template_check.view_types import fields_of

_STRING = re.compile(r"'[^']*'|\"[^\"]*\"")
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
        sort: what was done.
        changes: the pieces by number, each as it is now; None: taken out.
        told: what the finding has to speak of; empty: any finding will do.
        same: why it means the same as the template; empty: it does not.
    """

    sort: str
    changes: tuple[tuple[int, str | None], ...]
    told: str = ""
    same: str = ""

    @property
    def now(self) -> str | None:
        """The piece at fault, as it is now."""
        return self.changes[0][1]

    @property
    def at(self) -> int:
        """The number of the piece at fault."""
        return self.changes[0][0]


def mutated(pieces: Sequence[Token], mutants: Sequence[Mutant]) -> tuple[Token, ...]:
    """The pieces with these faults."""
    changed = {number: source for mutant in mutants for number, source in mutant.changes}
    kept = []
    for number, piece in enumerate(pieces):
        source = changed.get(number, piece.source)
        if source is not None:
            kept.append(replace(piece, source=source, text=source) if number in changed else piece)
    return tuple(kept)


def _outside_strings(source: str) -> str:
    """The mark with its strings blanked out, so that places stay the same."""
    return _STRING.sub(lambda found: "'" + "\0" * (len(found[0]) - 2) + "'", source)


def _cut(source: str, start: int, end: int, new: str = "") -> str:
    return source[:start] + new + source[end:]


def dropped_letters(pieces: Sequence[Token]) -> Iterator[Mutant]:
    """A letter lost from every name, attribute, filter and keyword, and from every word that is compared.

    Each letter the first time that a word stands in a part, and one of them, in turn, each time after.
    """
    seen: dict[str, int] = {}
    for number, piece in enumerate(pieces):
        if not piece.is_mark or not piece.source:
            continue
        found = list(_IDENTIFIER.finditer(_outside_strings(piece.source)))
        found += [word for word in re.finditer(r"(?<=[=(, ]')[a-z_]+(?=')", piece.source) if _is_compared(piece.source)]
        for name in found:
            word = name[0]
            times = seen[word] = seen.get(word, -1) + 1
            for place in range(len(word)) if times == 0 else [times % len(word)]:
                at = name.start() + place
                sort = "keyword" if word in _KEYWORDS or len(word) == 1 else "letter"
                yield Mutant(sort, ((number, _cut(piece.source, at, at + 1)),), _cut(word, place, place + 1))


def _is_compared(source: str) -> bool:
    return "==" in source or "!=" in source or " in (" in source


def lost_tags(pieces: Sequence[Token]) -> Iterator[Mutant]:
    """A mark lost that begins or ends a loop, a condition, or a text that is set."""
    for number, piece in enumerate(pieces):
        block = piece.word in {"for", "endfor", "if", "endif", "endset"}
        if block or (piece.word == "set" and "=" not in piece.source):
            yield Mutant("tag", ((number, None),))


# ---- attributes taken from a neighbour


@dataclass(frozen=True)
class _Use:
    """A value's use: its record, its field, where it stands in its mark, and what is asked of it there."""

    record: type
    field: str
    piece: int
    start: int
    end: int
    position: str
    defaulted: bool
    beside: str


def neighbours(pieces: Sequence[Token], contract: Contract) -> Iterator[Mutant]:
    """Each attribute, and each name of the view, taken from a neighbour that cannot stand in its place."""
    others = sorted({name for record in _records(contract.view) for name in fields_of(record)})
    text = "\n".join(piece.source for piece in pieces)
    for count, use in enumerate(_uses(pieces, contract)):
        source = pieces[use.piece].source
        fields = fields_of(use.record)
        chosen: dict[str, str] = {}
        for name, field in fields.items():
            unheard = name not in text and f"{use.beside}{name}" not in contract.guaranteed
            if name != use.field and not _fits(field.kinds, use, unheard=unheard):
                chosen.setdefault(_sort(field.kinds), name)
        unknown = (name for name in others[count % len(others) :] + others if name not in fields)
        stranger = next(name for name in unknown if re.search(rf"\{{% (set|for) {name}\b", text) is None)
        for name in (*chosen.values(), stranger):
            yield Mutant("neighbour", ((use.piece, _cut(source, use.start, use.end, name)),), name)


def _records(view: type) -> set[type]:
    found, waiting = set(), [view]
    while waiting:
        record = waiting.pop()
        found.add(record)
        for field in fields_of(record).values():
            inside = {item for kind in field.kinds for item in (kind.item if isinstance(kind, ListType) else {kind})}
            waiting += [kind.type for kind in inside if isinstance(kind, RecordType) and kind.type not in found]
    return found


def _uses(pieces: Sequence[Token], contract: Contract) -> Iterator[_Use]:
    """Every value that a mark takes from the view."""
    loops: dict[str, ValueType] = {}
    for number, piece in enumerate(pieces):
        if not piece.is_mark or not piece.source:
            continue
        bare = _outside_strings(piece.source)
        for chain in _CHAIN.finditer(bare):
            if chain[0] in _KEYWORDS or chain[1] == "loop" or _is_set(bare, chain):
                continue
            asked = _is_asked(piece.source, pieces)
            yield from _links(chain, number, f"{{% if {bare[6:]}" if asked else bare, contract, loops)
        loop = re.match(r"\{% for (\w+) in ([\w.]+)", bare)
        if loop:
            loops[loop[1]] = _items(_kinds(loop[2].split("."), contract, loops))


def _is_asked(source: str, pieces: Sequence[Token]) -> bool:
    """Whether a mark sets a name that is only asked for, never printed: what it sets is a condition."""
    name = re.match(r"\{% set (\w+) =", source)
    if name is None:
        return False
    taken = [
        piece.source for piece in pieces if piece.source is not source and re.search(rf"\b{name[1]}\b", piece.source)
    ]
    return all(re.search(rf"\b(if|elif|and|or|not) {name[1]}\b", one) for one in taken)


def _is_set(bare: str, chain: re.Match[str]) -> bool:
    """A name that is given here, not taken."""
    before = bare[: chain.start()]
    return before.endswith(("set ", "for "))


def _links(
    chain: re.Match[str], number: int, bare: str, contract: Contract, loops: dict[str, ValueType]
) -> Iterator[_Use]:
    """The names of one dotted chain, each with the record that it is a field of."""
    kinds: ValueType = frozenset({RecordType(contract.view)})
    if chain[1] in loops:
        kinds = loops[chain[1]]
    elif chain[1] not in fields_of(contract.view):
        return
    links = list(re.finditer(r"[a-z_]\w*|\[\d+\]", chain[0]))
    for place, link in enumerate(links):
        if place == 0 and chain[1] in loops:
            continue
        if link[0].startswith("["):
            kinds = _items(kinds)
            continue
        record = next((kind.type for kind in kinds if isinstance(kind, RecordType)), None)
        if record is None or link[0] not in fields_of(record):
            return
        last = place == len(links) - 1
        start, end = chain.start() + link.start(), chain.start() + link.end()
        position = _position(bare, chain) if last else "index" if links[place + 1][0].startswith("[") else "record"
        yield _Use(
            record, link[0], number, start, end, position, _is_defaulted(bare[chain.end() :]), chain[0][: link.start()]
        )
        kinds = fields_of(record)[link[0]].kinds


def _is_defaulted(after: str) -> bool:
    return re.match(r"(\|\w+)*\s+or ", after) is not None


def _kinds(path: Sequence[str], contract: Contract, loops: dict[str, ValueType]) -> ValueType:
    if path[0] not in loops:
        return declared_type(contract.view, tuple(path))
    kinds = loops[path[0]]
    for name in path[1:]:
        kinds = next(fields_of(kind.type)[name].kinds for kind in kinds if isinstance(kind, RecordType))
    return kinds


def _items(kinds: ValueType) -> ValueType:
    return next((kind.item for kind in kinds if isinstance(kind, ListType)), frozenset())


def _position(bare: str, chain: re.Match[str]) -> str:
    """What is asked of a value where it stands: a filter's name, ``loop``, ``in``, ``compare``, ``order``, ``test``, ``print``."""
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
    conditional = before.rstrip().endswith((" if", " and", " not", "elif", "(not"))
    whole = before.startswith(("{% if", "{% elif")) and "~" not in bare
    return "test" if conditional or whole or re.match(r"\s*(and |is none)", after) else "print"


_TAKES: dict[str, frozenset[str]] = {
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


def _fits(kinds: ValueType, use: _Use, *, unheard: bool) -> bool:
    """Whether a neighbour could stand there by its type; then no type tells the one from the other."""
    optional = AbsentType() in kinds
    if use.position in {"test", "box"}:
        return optional or _sort(kinds) in {"flag", "number", "texts", "records"}
    if _sort(kinds) not in _TAKES[use.position]:
        return False
    return not (optional and unheard and not use.defaulted and use.position in {"print", "day", "hanzi", "moment"})


def _sort(kinds: ValueType) -> str:
    """What a value is, roughly."""
    kind = next(iter(sorted((kind for kind in kinds if not isinstance(kind, AbsentType)), key=repr)))
    if isinstance(kind, LiteralType):
        if isinstance(kind.value, str):
            return "code" if kind.value.isascii() else "word"
        return "flag" if isinstance(kind.value, bool) else "figure"
    if isinstance(kind, ListType):
        return "records" if any(isinstance(item, RecordType) for item in kind.item) else "texts"
    return {TextType: "text", NumberType: "number", DateType: "day", DateTimeType: "moment", RecordType: "record"}[
        type(kind)
    ]


# ---- guards taken away


def lost_guards(pieces: Sequence[Token], contract: Contract) -> Iterator[Mutant]:
    """A condition, a default or half of an ``and`` lost that kept a value that may be absent from being printed."""
    loops: dict[str, ValueType] = {}
    for number, piece in enumerate(pieces):
        bare = _outside_strings(piece.source) if piece.is_mark else ""
        loop = re.match(r"\{% for (\w+) in ([\w.]+)", bare)
        if loop:
            loops[loop[1]] = _items(_kinds(loop[2].split("."), contract, loops))
        if not _is_asked(piece.source, pieces):
            yield from _lost_defaults(number, piece.source, bare, contract)
        if piece.word in {"if", "elif"}:
            yield from _lost_conditions(pieces, number, contract, loops)


ASSURED = "the document's needs see to it that there is this value"


def _lost_defaults(number: int, source: str, bare: str, contract: Contract) -> Iterator[Mutant]:
    """``x or '无'`` without its default; ``x if x else y`` without its condition."""
    if bare.startswith(("{% if", "{% elif")):
        return
    for default in re.finditer(r" or ('\0*'|[a-z_.]+)(?! or )", bare):
        before = re.search(r"[\w.]*$", bare[: default.start()])
        same = ASSURED if before and before[0] in contract.guaranteed else ""
        yield Mutant("guard", ((number, _cut(source, default.start(), default.end())),), same=same)
    choice = re.search(r" if ([a-z_.]+) else .*?(?= [%}]\})", bare)
    if choice and f"{choice[1]}|" in bare[: choice.start()]:
        yield Mutant("guard", ((number, _cut(source, choice.start(), choice.end())),))


def _lost_conditions(
    pieces: Sequence[Token], number: int, contract: Contract, loops: dict[str, ValueType]
) -> Iterator[Mutant]:
    source = pieces[number].source
    test = re.sub(r"^\{% (el)?if | %\}$", "", source)
    marks = _branches(pieces, number)
    body = "\n".join(piece.source for piece in pieces[number + 1 : marks[1]] if _prints(piece))
    rest = "\n".join(piece.source for piece in pieces[marks[1] : marks[-1]] if _prints(piece))
    operands = test.split(" and ")
    for place, operand in enumerate(operands):
        path = operand.removeprefix("not ")
        guarded = rest if operand != path else "\n".join([body, *operands[place + 1 :]])
        if " or " in test or not _guards(path, guarded, contract, loops):
            continue
        same = ASSURED if path in contract.guaranteed else ""
        if len(operands) > 1:
            left = " and ".join(one for one in operands if one is not operand)
            yield Mutant("guard", ((number, source.replace(test, left)),), same=same)
        elif operand == path:
            yield Mutant("guard", tuple(_keep_only(pieces, number, marks)), same=same)
        elif pieces[number].word == "if" and pieces[marks[1]].word == "else":
            gone = [*range(number, marks[1] + 1), marks[-1]]
            yield Mutant("guard", tuple((one, None) for one in gone), same=same)


def _branches(pieces: Sequence[Token], number: int) -> list[int]:
    """The marks of one ``if``, from this one to its end."""
    found, depth = [number], 0
    for place in range(number + 1, len(pieces)):
        word = pieces[place].word
        depth += (word == "if") - (word == "endif")
        if depth < 0 or (depth == 0 and word in {"elif", "else"} and not _in_loop(pieces, number, place)):
            found.append(place)
        if depth < 0:
            return found
    raise AssertionError(pieces[number].source)


def _in_loop(pieces: Sequence[Token], start: int, end: int) -> bool:
    words = [piece.word for piece in pieces[start + 1 : end]]
    return words.count("for") > words.count("endfor")


def _prints(piece: Token) -> bool:
    return piece.is_mark and (piece.source.startswith("{{") or piece.word in {"set", "if", "elif"})


def _guards(path: str, guarded: str, contract: Contract, loops: dict[str, ValueType]) -> bool:
    """Whether a path may have no value, and what it guards takes that value."""
    if re.fullmatch(r"[a-z_][\w.]*", path) is None:
        return False
    try:
        kinds = _kinds(path.split("."), contract, loops)
    except (KeyError, StopIteration):
        return False  # a name that the template set itself
    name = re.escape(path)
    if any(isinstance(kind, ListType) for kind in kinds):
        return re.search(rf"(?<![\w.]){name}(\[|\|names|\|first)(?!.* or )", guarded) is not None
    taken = re.search(rf"(?<![\w.]){name}(?=\.|\||\s*\}}\}}| >| ~)(?! or )", guarded)
    return AbsentType() in kinds and taken is not None


def _keep_only(pieces: Sequence[Token], number: int, marks: Sequence[int]) -> Iterator[tuple[int, str | None]]:
    """A condition gone: what it guarded is printed always, and its other branches never."""
    level = re.match(r"\{%", pieces[number].source)
    assert level
    yield number, None if pieces[number].word == "if" else "{% else %}"
    last = marks[-1] if pieces[number].word == "if" else marks[-1] - 1
    yield from ((place, None) for place in range(marks[1], last + 1) if place <= last)
