"""What a court needs to write its own templates: a copy of the shipped ones, and the list of names they may use."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from bundler.atomic_write import write_atomic
from bundler.documents.find_document_by_name import find_document_code
from bundler.documents.shared_template_passages import BLOCKS_FILE
from bundler.errors import OutputError, UsageError, describe_os_error
from bundler.template_check.filter_signatures import FILTERS
from bundler.template_check.template_contracts import Contract, contracts, template_code, template_titles, title_of
from bundler.template_check.value_types import (
    AbsentType,
    ListType,
    MemberType,
    RecordType,
    ValueType,
    chinese_name,
    is_number,
    is_text,
    literal_values,
    present_members,
)
from bundler.template_check.view_types import fields_of

NAMES_FILE = "可用名称.txt"
_STYLE_SHEET = "pages/pages.css"
_PRINT_FILTERS = {"日期": "|day", "时间": "|moment"}


def copy_templates(source: Path, folder: Path) -> tuple[Path, ...]:
    """Copy every template into a folder, with the list of names that they may use.

    Returns:
        the files written.

    Raises:
        UsageError: one of the files exists already; nothing is written.
        OutputError: the folder cannot be written.
    """
    copied = [*contracts(), _STYLE_SHEET, *([BLOCKS_FILE] if (source / BLOCKS_FILE).is_file() else [])]
    existing = [name for name in (*copied, NAMES_FILE) if (folder / name).exists()]
    if existing:
        raise UsageError(
            f"“{folder}”里已经有“{existing[0]}”，没有改动。",
            fix="请换一个文件夹；只要其中一个文件的，复制到新文件夹后取来用。",
        )
    try:
        (folder / "pages").mkdir(parents=True, exist_ok=True)
        for name in copied:
            shutil.copyfile(source / name, folder / name)
    except OSError as error:
        raise OutputError(f"“{folder}”写不了：{describe_os_error(error)}。", fix="请检查路径和权限。") from error
    write_atomic(folder / NAMES_FILE, (list_names(None) + "\n").encode())
    return tuple(folder / name for name in (*copied, NAMES_FILE))


def list_names(document: str | None) -> str:
    """Return a Chinese list of the names that templates may use.

    Args:
        document: the code or the Chinese title of one document or page; None: all.

    Raises:
        UsageError: there is no such document.
    """
    known = {template_code(name): name for name in contracts()}
    chosen = list(known.values()) if document is None else [known[find_document_code(document, template_titles())]]
    return "\n".join([*_format_sections(chosen), "", *_format_filters()])


def _format_sections(templates: list[str]) -> Iterator[str]:
    """Yield a section for each view; documents that share a view share a section."""
    all_contracts = contracts()
    groups: dict[type, list[str]] = {}
    for name in templates:
        groups.setdefault(all_contracts[name].view, []).append(name)
    for view, sharing in groups.items():
        yield "、".join(f"{name}（{title_of(name)}）" if title_of(name) != name else name for name in sharing)
        contract = all_contracts[sharing[0]] if len(sharing) == 1 else Contract(view)
        yield from _format_record(contract, view, "", 1)
        yield ""


def _format_record(contract: Contract, record: type, prefix: str, depth: int) -> Iterator[str]:
    for name, field in fields_of(record).items():
        dotted = f"{prefix}{name}"
        value_type = contract.initial_scope.narrowed.get(tuple(dotted.split(".")), field.value_type)
        yield "  " * depth + f"{dotted}　{field.title}　{_describe(value_type, field.literals)}"
        for member in present_members(value_type):
            records = _records_below(member)
            if records:
                below = f"{dotted}." if isinstance(member, RecordType) else "."
                yield from _format_record(contract, records[0], below, depth + 1)


def _records_below(member: MemberType) -> list[type]:
    """Return the record itself, or the record of a list's entries."""
    inside = member.item if isinstance(member, ListType) else {member}
    return [one.type for one in inside if isinstance(one, RecordType)]


def _describe(value_type: ValueType, literals: tuple[str | int, ...]) -> str:
    """Return what a value is, how it is printed, and whether it may be absent."""
    if literals and literal_values(value_type):
        description = "以下之一：" + "、".join(map(repr, literals))
    elif literals:
        description = "一列，每个是以下之一：" + "、".join(map(repr, literals))
    else:
        description = "、".join(sorted({_describe_member(member) for member in present_members(value_type)}))
    return f"（{description}{'；可能没有' if AbsentType() in value_type else ''}）"


def _describe_member(member: MemberType) -> str:
    name = chinese_name(member)
    if isinstance(member, ListType):
        inside = "、".join(sorted({chinese_name(item) for item in member.item}))
        return (
            f"一列{inside}{'，至少一个' if member.printed_length else ''}，用 |names 或者 for"
            if all(map(is_text, member.item))
            else f"一列，每个是{inside}，用 for 逐个取"
        )
    if is_text(member) or is_number(member) or isinstance(member, RecordType):
        return name
    return name + (f"，印时写 {_PRINT_FILTERS[name]}" if name in _PRINT_FILTERS else "，用在 if 里或者写 |box")


def _format_filters() -> Iterator[str]:
    yield "过滤器"
    for name, signature in FILTERS.items():
        yield f"  |{name}　用于{signature.accepted_name}"
