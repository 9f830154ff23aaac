"""What the index (目录) says of a material where case.json does not: title, 责任者 and date from the case and the file's name.

A fact is taken only from where it stands: what the court itself makes is 本院's, the petitioner's commitment is the
petitioners', an assigning body's notice is that body's. Whose evidence it is nobody knows, so that the column stays empty.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import PurePosixPath

from bundler.case.model import Case, Material
from bundler.documents.definitions import DOCUMENTS, find_document_date
from bundler.printable_text import readable_file_name
from bundler.regulation.papers import PAPER_KINDS, SERVICE_RECEIPTS, Item, Paper

COURT = "本院"
_NAMED_BY_THEIR_FILES = frozenset({Item.EVIDENCE, Item.LEGAL_DOCUMENT, Item.OTHER})
"""Items that hold papers of any kind, whose own label says nothing of the paper."""
_OF_OTHERS = frozenset({Item.EVIDENCE, Item.LEGAL_DOCUMENT, Item.OTHER})
"""Items whose papers may come from anybody."""
_NUMBERING = re.compile(r"^[\s\d.、．_()（）-]+|[\s_]*[-_（(]\s*\d+\s*[)）]?$")
_SAYS_NOTHING = re.compile(
    r"(?:扫描|图片|图像|照片|文档|文件|新建|未命名|微信|材料|证据|附件|副本|复印件|全部)*(?:件|图片)?[\W\d_]*"
)
_MIN_CHARACTERS = 2
_HAN = re.compile(r"[一-龥]")


def default_title(material: Material, paper: Paper) -> str:
    """The title by the file's name, where the item says nothing of the paper and the name does; else that of the item."""
    if paper.item in _NAMED_BY_THEIR_FILES:
        named = title_in_file_name(material.file)
        if named:
            return named
    return DOCUMENTS[paper.document].title if paper.document in DOCUMENTS else paper.label


def names_by_file(item: Item) -> bool:
    """Whether the papers of an item have their titles from the names of their files."""
    return item in _NAMED_BY_THEIR_FILES


def title_in_file_name(file: str) -> str:
    """The title that a file's name states; empty for names such as 扫描件001 or IMG_20211108."""
    stem = readable_file_name(PurePosixPath(file).stem)
    title = _NUMBERING.sub("", stem).strip()
    return "" if len(_HAN.findall(title)) < _MIN_CHARACTERS or _SAYS_NOTHING.fullmatch(title) else title


def default_author(case: Case, item: Item) -> str:
    """The 责任者 by the kind of paper; empty where it cannot be known."""
    if item in _OF_OTHERS:
        return ""
    if item is Item.COMMITMENT:
        return "、".join(one.name for one in case.petitioners if one.name)
    if item is Item.SUPERIOR_NOTICE:
        return (case.assignment.body if case.assignment else None) or ""
    return COURT


def index_date(case: Case, material: Material, item: Item) -> date | None:
    """The date: for a receipt the day of signature or posting, for other papers their own date, or else what the form knows."""
    if item in SERVICE_RECEIPTS:
        return material.signed_on or material.posted_on or material.date
    document = PAPER_KINDS[item].document
    known = find_document_date(case, document) if document and document in DOCUMENTS else None
    if item is Item.INTERVIEW and known is None and case.interview:
        known = case.interview.held_on
    return material.date or material.signed_on or material.posted_on or known
