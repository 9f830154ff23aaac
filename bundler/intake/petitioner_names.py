"""Read names as registers have them: several in one cell, with spaces or numbers, and with notes, which are never a name."""

from __future__ import annotations

import re
from dataclasses import replace

from bundler.intake.parse_register_cells import CellResult, UnclearCellError, read_text
from bundler.intake.read_register_worksheet import Cell

_SEPARATORS = re.compile(r"[、，,;；/|｜\n]+|(?:^|(?<=\W)|(?<=[\u3400-\u9fff]))(?:[0-9]{1,2}[.．、]|[①-⑳])\s*")
_AND = re.compile(r"(?<=[\u3400-\u9fff]{2})[和及与暨](?=[\u3400-\u9fff]{2})")
_AND_OTHERS = re.compile(r"(.+?)等(?:(?:[0-9一二三四五六七八九十百]+余?)?[人名户位])?")
_AND_OTHERS_ENDINGS = "等人名户位"
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")
_SPACED_NAME = re.compile(r"[\u3400-\u9fff](?:\s+[\u3400-\u9fff]){1,3}")
_ORGANISATION = re.compile(
    r"(?:公司|企业|集团|银行|支行|分行|信用社|联社|合作社|工厂|商店|超市|酒店|学校|大学|中学|小学|幼儿园|医院|研究所|事务所|服务所"
    r"|委员会|村委会|居委会|业委会|合伙|基金会|协会|商会|中心|法院|检察院|政府|办事处|管委会|经营部|工作室|个体工商户|农场)"
    r"(?:（(?:有限合伙|普通合伙|特殊普通合伙|个体工商户|集团|个人独资)）)?$"
)
_SHORT_SUFFIX = re.compile(r"[厂店局厅矿站部所社会村组队行]$")
_SUFFIX_ALONE = re.compile(r"(?:股份)?有限(?:责任)?公司|(?:分|总)?公司|合作社|委员会|事务所")
_ORGANISATION_NOTE = re.compile(
    r"[:：]|[0-9]{7}|代理人|法定代表人|已注销|已吊销|等人|等[0-9一二三四五六七八九十百]+[人名户位]"
)
_NO_NAME = re.compile(
    r"(?:匿名|无名|佚名|不详|不明|未知|未署名|署名不详|没有署名|某群众|群众|多人|若干人?|全体.*|同上|同前|同左|本人|略|[〃″]+|空白?|以下空白"
    r"|待查|待补|无|未提供|.*合计|.*小计|.*总计|共?[0-9一二三四五六七八九十百]+余?[人名户位件起])"
)
ANONYMOUS = re.compile(r"[（(]?(?:匿名|无名|佚名|不详|未署名|署名不详|没有署名|匿名信|匿名举报|匿名人?)[)）]?")
_NOTE = re.compile(
    r"[（(〔\[【<《{]|[)）〕\]】>》}]|[:：?？*＊★☆#&+=_]|代理|代签|代诉|代为|受托|委托|律师|监护|继承|遗孀|家属|亲属|亲友|夫妇|夫妻|夫妻俩"
    r"|一家|全家|父子|父女|母子|母女|兄弟|姐妹|姊妹|之[子女妻夫父母兄弟姐妹孙媳婿]|的(?:儿子|女儿|妻子|丈夫|父亲|母亲|哥哥|弟弟|姐姐|妹妹|家人)"
    r"|已故|亡故|去世|死亡|病故|身故|曾用名|化名|又名|别名|原名|法定代表人|法代|负责人|申请人|被申请人|申请执行人|被执行人|信访人|案外人|原告|被告"
    r"|等人|等[0-9一二三四五六七八九十百]+[人名户位]|一行|转交|电话|手机|女士|先生|[0-9０-９]"
)
_ORDINAL = re.compile("第[0-9０-９]+")
"""In the name of an organisation, such as 样某村第3村民小组."""
_COMPOUND_SURNAMES = frozenset(
    [
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "夏侯",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "长孙",
        "宇文",
        "司徒",
        "司空",
        "端木",
        "百里",
        "东郭",
        "南宫",
        "呼延",
        "轩辕",
    ]
)
_LONGEST_NAME = 4
"""Chinese characters of a usual person's name."""
_LONGEST = 6
"""More Chinese characters without a dot are several names, or no name."""
_MOST_NAMES = 200

_NOTED = "姓名旁有注明（如代理人、已故、之子、括号里的字）的没有读入"
_NOT_A_NAME = "写的不是姓名（如匿名、同上、合计）的没有读入"
_FIX = "请只补填姓名；身份、亲属关系等注明请写进相应的栏目。"


def read_names(cell: Cell) -> CellResult[list[str]]:
    """Read names in a row; what is no plain name, such as one with a note or “等三人”, is left out and reported.

    Raises:
        UnclearCellError: there is no plain name.
    """
    given = [part.strip() for part in _SEPARATORS.split(read_text(cell).value) if part and part.strip()]
    names: list[str] = []
    left_out: list[str] = []
    notes: list[str] = []
    for part in given[:_MOST_NAMES]:
        named, has_others = _without_others(part)
        for piece in _split(named):
            name, has_more = _without_others(piece)
            if has_others or has_more:
                left_out.append("写着“等”，其余的人没有列出")
            fault = _fault(name)
            if fault:
                left_out.append(fault)
            else:
                names.append(name)
                notes += _doubts(name)
        if _SPACED_NAME.fullmatch(part):
            notes.append("姓名中间的空格已去掉，请核对")
    if len(given) > _MOST_NAMES:
        left_out.append(f"超过 {_MOST_NAMES} 个姓名，后面的没有读入")
    reasons = "；".join(dict.fromkeys(left_out))
    if not names:
        raise UnclearCellError(reasons or "没有姓名", _FIX if reasons else "请核对后补填。")
    if len(names) > 1:
        notes.insert(0, f"读成 {len(names)} 个，请核对")
    return CellResult(names, "；".join(dict.fromkeys(notes)), reasons)


def read_petitioners(cell: Cell) -> CellResult[list[str]]:
    """Read the petitioners' names; the list is empty for an anonymous one. A note says which are taken for companies."""
    if ANONYMOUS.fullmatch(re.sub(r"\s", "", read_text(cell).value)):
        return CellResult([], "读成匿名的信访人，请核对")
    read = read_names(cell)
    is_company = any(name.endswith("公司") for name in read.value)
    notes = [read.note, "名称以“公司”结尾，按单位登记，请核对" if is_company else ""]
    return replace(read, note="；".join(note for note in notes if note))


def read_name(cell: Cell) -> CellResult[str]:
    """Read one name."""
    names = read_names(cell)
    if len(names.value) > 1 or names.left_out:
        raise UnclearCellError(names.left_out or "不止一个姓名", "请只补填现在的一名。")
    return CellResult(names.value[0], names.note)


def _without_others(text: str) -> tuple[str, bool]:
    """What stands before “等”, “等三人” and the like at the end of a text, and whether that was there."""
    others = _AND_OTHERS.fullmatch(text)
    if others is None or text[-1] not in _AND_OTHERS_ENDINGS:
        return text, False
    return others[1].strip(), True


def _split(part: str) -> list[str]:
    """Split what spaces or 和, 及, 与 join; a short name with spaces (李　明) is one."""
    if _SPACED_NAME.fullmatch(part):
        return [re.sub(r"\s", "", part)]
    if _is_organisation(part):
        return [part]
    pieces = part.split()
    if len(pieces) > 1:
        are_names = all(_HAN.fullmatch(piece) and len(piece) > 1 for piece in pieces)
        is_one = pieces[0] in _COMPOUND_SURNAMES or any(_SUFFIX_ALONE.fullmatch(piece) for piece in pieces)
        return [name for piece in pieces for name in _split(piece)] if are_names and not is_one else [part]
    return _AND.split(part) if len(part) > _LONGEST_NAME else [part]


def _fault(name: str) -> str:
    """Why a text is no plain name; empty where it is one."""
    if _NO_NAME.fullmatch(name):
        return _NOT_A_NAME
    if _is_organisation(name):
        return _NOTED if _ORGANISATION_NOTE.search(name) else ""
    if _NOTE.search(name):
        return _NOTED
    if (re.search(r"\s", name) and _HAN.search(name)) or (_HAN.fullmatch(name) and not 1 < len(name) <= _LONGEST):
        return "有的姓名写得不清楚（太长、只有一个字，或者中间有空格），没有读入"
    return ""


def _is_organisation(name: str) -> bool:
    """Whether a name is that of an organisation; one that ends in 会, 村 and the like may be a person's, or end with one."""
    if re.search(r"\s", name):
        return False
    is_long = len(name) > _LONGEST_NAME and bool(_SHORT_SUFFIX.search(name))
    return bool(_ORGANISATION.search(name)) or (is_long and not _NOTE.search(_ORDINAL.sub("", name)))


def _doubts(name: str) -> list[str]:
    """Why a name that was read may be several."""
    if _is_organisation(name):
        return ["单位名称里有“和”“及”等字，请核对是不是几个"] if _AND.search(name) else []
    return ["有的姓名较长，请核对是不是几个人"] if _HAN.fullmatch(name) and len(name) > _LONGEST_NAME else []
