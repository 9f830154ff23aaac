"""Reading a regulation's file: TOML to a validated `Regulation`, with errors that name the place in office Chinese."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from difflib import get_close_matches
from functools import cache, reduce
from operator import getitem
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pydantic import ValidationError

from bundler.digest import sha256_of
from bundler.errors import UsageError, describe_os_error
from bundler.file_reading import parse_toml, read_bounded
from bundler.regulation.file_sections import NOTICE_FACTS, NOTICE_YOU, SHIPPED_REFUSALS, Duties, ListedPaper, Refusal
from bundler.regulation.model import RULE_BLANKS, Regulation, known_rules
from bundler.regulation.papers import PAPER_KINDS, Item
from bundler.regulation.rule_codes import ARCHIVE_RULES, REFUSAL_RULES, RULE_GROUPS, WRITE_OFF_RULES

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

DEFAULT_REGULATION = "gangcheng-2021-24"
"""The name of the shipped regulation 钢法发〔2021〕24号."""
_SHIPPED = Path(__file__).parents[1] / "regulations"
_SUFFIX = ".toml"
_MAX_BYTES = 1024 * 1024
_SECTIONS = {
    "articles": "各条",
    "duties": "其他事项所依的条",
    "limits": "期限",
    "acceptance": "受理事由",
    "refusal": "不予受理的情形",
    "archive": "信访档案的内容",
    "write_off": "核销材料",
    "binding": "装订次序",
}


def load_regulation(source: str = DEFAULT_REGULATION, folder: Path | None = None) -> Regulation:
    """Read a regulation.

    Args:
        source: the name of a shipped regulation, or the name of a .toml file beside the court's profile.
        folder: the folder of the profile.

    Raises:
        UsageError: there is no such regulation, the file cannot be read, or its content is wrong.
    """
    if not source.endswith(_SUFFIX):
        return _load_shipped(source)
    if folder is None or Path(source).name != source:
        raise UsageError(
            f"规定文件“{source}”不能这样写。", fix="规定文件和法院配置放在同一个文件夹里，只写文件名，如“规定.toml”。"
        )
    return _parse(_read(folder / source), source)


def find_regulation(sha256: str, *others: Regulation) -> Regulation | None:
    """The regulation whose file has a digest: one of the others, or a shipped one; None where it is not at hand."""
    shipped = (_load_shipped(path.stem) for path in sorted(_SHIPPED.glob(f"*{_SUFFIX}")))
    return next((one for one in (*others, *shipped) if one.sha256 == sha256), None)


@cache
def _load_shipped(name: str) -> Regulation:
    known = sorted(path.stem for path in _SHIPPED.glob(f"*{_SUFFIX}"))
    if name not in known:
        raise UsageError(
            f"没有名为“{name}”的规定。", fix=f"随软件的有：{'、'.join(known)}；自己的规定写成文件名，如“规定.toml”。"
        )
    return _parse(_read(_SHIPPED / f"{name}{_SUFFIX}"), f"{name}{_SUFFIX}")


def _read(path: Path) -> bytes:
    try:
        return read_bounded(path, _MAX_BYTES, follow=True)
    except OSError as error:
        raise UsageError(
            f"规定文件“{path.name}”读不了：{describe_os_error(error)}。",
            fix="请检查法院配置里 regulation 写的文件名；文件和配置放在同一个文件夹里。",
        ) from error


def _parse(data: bytes, name: str) -> Regulation:
    values = parse_toml(data, f"规定文件“{name}”", f"{DEFAULT_REGULATION}{_SUFFIX}")
    try:
        regulation = Regulation.model_validate(values)
    except ValidationError as error:
        found = error.errors()
        raise _refusal(name, [*map(_describe, found), *_faults_of_the_rest(values, found)]) from error
    faults = list(_find_contradictions(regulation))
    if faults:
        raise _refusal(name, faults)
    return regulation.model_copy(update={"sha256": sha256_of(data)})


_FIX = f"请照 {DEFAULT_REGULATION}{_SUFFIX} 的写法修改。"
_MAX_FAULTS = 8


def _refusal(name: str, faults: list[str]) -> UsageError:
    more = f"；另有 {len(faults) - _MAX_FAULTS} 处" if len(faults) > _MAX_FAULTS else ""
    return UsageError(f"规定文件“{name}”有 {len(faults)} 处不对：{'；'.join(faults[:_MAX_FAULTS])}{more}。", fix=_FIX)


def _describe(fault: ErrorDetails) -> str:
    """The place of a fault and what is wrong: 期限 limits.reply.days：不能小于 1."""
    place, kind, context = _place(fault["loc"]), fault["type"], fault.get("ctx") or {}
    if kind == "enum":
        return f"{place}：{_unknown_paper(fault['input'])}"
    allowed = str(context.get("expected")).replace(" or ", "、").replace(", ", "、")
    texts = {
        "missing": "没有写",
        "extra_forbidden": "不认识",
        "literal_error": f"填错，只能写：{allowed}",
        "greater_than_equal": f"不能小于 {context.get('ge')}",
        "less_than_equal": f"不能大于 {context.get('le')}",
        "too_long": f"最多 {context.get('max_length')} 个",
        "too_short": "是空的",
        "string_too_short": "是空的",
        "string_too_long": f"最多 {context.get('max_length')} 个字",
        "int_type": "数字不加引号" if str(fault["input"]).strip().isdecimal() else "要写整数，如 30，不加引号",
        "bool_type": "要写 true 或者 false，不加引号",
        "string_type": "要写文字，用英文引号括起来",
        "tuple_type": "要写成一列，用方括号括起来",
        "model_type": "要写成一段，里面一行一项",
        "dict_type": "要写成一段，里面一行一项",
    }
    return f"{place}：{texts.get(kind, '写法不对')}"


_STAND_INS = {
    "days": 1,
    "kind": "calendar",
    "start": "received",
    **dict.fromkeys(("title", "number", "short", "label", "text", "requires", "fix"), "无"),
    **dict.fromkeys(("explained", "remedy", "may_be_absent", "dated"), False),
}
"""Values in place of wrong ones on which nothing else in the file depends, by key."""


def _faults_of_the_rest(values: dict[str, Any], found: Sequence[ErrorDetails]) -> list[str]:
    """Find the contradictions of a file that also has wrong values, so that one error reports both.

    The wrong values are replaced by right ones. None are returned where a wrong value has no replacement in `_STAND_INS`,
    since a contradiction might then come from that value.
    """
    mended = deepcopy(values)
    for fault in found:
        *path, key = fault["loc"]
        try:
            section = reduce(getitem, path, cast("Any", mended))
            if fault["type"] == "extra_forbidden":
                del section[key]
            else:
                section[key] = _STAND_INS[str(key)]
        except (KeyError, IndexError, TypeError):
            return []
    try:
        return list(_find_contradictions(Regulation.model_validate(mended)))
    except ValidationError:
        return []


def _unknown_paper(written: object) -> str:
    """Say that there is no such paper, which one was probably meant, and which there are."""
    words = {word: kind for kind in PAPER_KINDS.values() for word in (kind.item.value, kind.name)}
    near = get_close_matches(str(written), words, n=1)
    meant = f"，是不是 {words[near[0]].item}（{words[near[0]].name}）" if near else ""
    known = "、".join(f"{kind.item}（{kind.name}）" for kind in PAPER_KINDS.values())
    return f"没有这种材料{meant}；可以写：{known}"


def _place(location: tuple[int | str, ...]) -> str:
    """A place in the file as its keeper finds it: 信访档案的内容 archive.items 第 7 个的 paper."""
    section, *rest = location
    path = str(section)
    for step in rest:
        path += f" 第 {step + 1} 个" if isinstance(step, int) else f"{'的 ' if path.endswith('个') else '.'}{step}"
    title = _SECTIONS.get(str(section), "")
    return f"{title} {path}" if title else path


def _find_contradictions(regulation: Regulation) -> Iterator[str]:
    """What each value alone does not show: names and codes that do not fit together."""
    yield from _check_articles(regulation)
    yield from _check_lists(regulation)
    yield from _check_binding(regulation)
    yield from _check_blanks(regulation)


_BLANK = re.compile(r"\{([^{}]*)\}")
_BRACES = frozenset("{}｛｝")
_GROUP_BLANKS = {ARCHIVE_RULES: ("label",), WRITE_OFF_RULES: ("label",), REFUSAL_RULES: ("requires",)}


def _check_blanks(regulation: Regulation) -> Iterator[str]:
    """The names in braces are ones that the text at that place knows; no brace is left that would be printed."""
    for place, text, known in _texts(regulation.model_dump(mode="json"), ()):
        names = dict.fromkeys(blank[1] for blank in _BLANK.finditer(text))
        allowed = f"可以写：{_braced(known)}" if known else "这里不能写大括号"
        yield from (f"{place} 里不认识 {_braced([name])}，{allowed}" for name in names if name not in known)
        if _BRACES.intersection(_BLANK.sub("", text)):
            yield f"{place} 里有一个大括号不成对，或者是中文的大括号；{allowed}"


def _texts(node: Any, path: tuple[int | str, ...]) -> Iterator[tuple[str, str, Sequence[str]]]:  # noqa: ANN401 (TOML)
    """Every text below a place of the file, with its place and the names that it may have in braces."""
    if isinstance(node, str):
        yield _place(path), node, _known_blanks(path)
        return
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from _texts(value, (*path, key))


def _known_blanks(path: tuple[int | str, ...]) -> Sequence[str]:
    """The names in braces that are filled in at a place of the file."""
    if "notice" in path:
        return (NOTICE_YOU, *NOTICE_FACTS)
    if path[0] == "articles" and "rules" in path:
        return _GROUP_BLANKS.get(str(path[-1]), RULE_BLANKS)
    return ()


def _braced(names: Iterable[str]) -> str:
    return "、".join(f"{{{name}}}" for name in names)


def _check_articles(regulation: Regulation) -> Iterator[str]:
    names = regulation.article_names
    yield from (f"各条里“{name}”写了两次" for name in _repeated(names))
    codes = [code for article in regulation.articles for code in article.rules]
    yield from (f"规则 {code} 列在两条里" for code in _repeated(codes))
    yield from (f"没有规则 {code}" for code in codes if code not in known_rules())
    yield from (f"没有一条写 {group}" for group in RULE_GROUPS if group not in codes)
    for article in regulation.articles:
        for paragraph, listed in article.paragraphs.items():
            yield from (
                f"{article.name}{paragraph}的 {code} 不在 rules 里" for code in listed if code not in article.rules
            )
    cited = {
        "acceptance.article": regulation.acceptance.article,
        "refusal.article": regulation.refusal.article,
        "archive.article": regulation.archive.article,
        "write_off.article": regulation.write_off.article,
        **{f"duties.{key}": getattr(regulation.duties, key) for key in Duties.model_fields},
    }
    yield from (f"{key} 写的“{name}”不在各条里" for key, name in cited.items() if name not in names)


def _check_lists(regulation: Regulation) -> Iterator[str]:
    listed = (*regulation.archive.items, *regulation.write_off.materials)
    yield from (f"材料 {item} 列了两次" for item in _repeated(one.paper for one in listed))
    yield from (f"材料 {one.paper} 没有可以核对的日期，不能写 dated" for one in listed if _has_no_date(one))
    grounds = [one.ground for one in regulation.refusal.items]
    yield from (f"不予受理的情形 ground = {ground} 写了两次" for ground in _repeated(grounds))
    for refusal in regulation.refusal.items:
        yield from _check_notice_words(refusal)
    if regulation.limits.transfer.start != "received":
        yield "转交的期限（limits.transfer）只能自收到之日（received）起算"


def _check_notice_words(refusal: Refusal) -> Iterator[str]:
    """A ground of the court's own has the words of its notice; the others have none."""
    place, notice = f"不予受理的情形 ground = {refusal.ground}", refusal.notice
    if refusal.ground <= SHIPPED_REFUSALS:
        if notice:
            yield f"{place} 的释明写在模板里，不能写 notice"
        return
    if notice is None:
        yield f"{place} 是本院另有的情形，要写 notice（found、explained、remedy）"


def _has_no_date(listed: ListedPaper) -> bool:
    return listed.dated and not PAPER_KINDS[listed.paper].dates


def _check_binding(regulation: Regulation) -> Iterator[str]:
    listed = [one.paper for one in (*regulation.archive.items, *regulation.write_off.materials)]
    for key, order in (("archive", regulation.binding.archive), ("declined", regulation.binding.declined)):
        yield from (f"binding.{key} 里 {item} 写了两次" for item in _repeated(order))
        if not order or order[-1] is not Item.OTHER:
            yield f"binding.{key} 的最后一个应是 other"
    yield from (f"binding.archive 没有写 {item}" for item in listed if item not in regulation.binding.archive)
    needed = (Item.REGISTRATION, Item.EXPLANATION_NOTICE, Item.EXPLANATION_SERVICE)
    yield from (f"binding.declined 没有写 {item}" for item in needed if item not in regulation.binding.declined)


def _repeated(values: Iterable[object]) -> Iterator[object]:
    return (value for value, count in Counter(values).items() if count > 1)
