"""The content of a case folder that is to be filled in: case.json with placeholders (待填), and the guide 放置说明.txt."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bundler.regulation.model import Regulation
from bundler.regulation.papers import BundleKind, Item, Paper

GUIDE_NAME = "放置说明.txt"
_EXPLANATION = (Item.EXPLANATION_NOTICE, Item.EXPLANATION_SERVICE)
_ONLY_ACCEPTED = ("grounds", "acceptance", "interview", "approval", "reply", "measures", "claims", "transfer")


def skeleton_tree(kind: BundleKind) -> dict[str, Any]:
    """The tree of a case to fill in; placeholders (待填) count as not given."""
    tree: dict[str, Any] = json.loads((Path(__file__).parent / "skeleton.json").read_text(encoding="utf-8"))
    dropped = {
        BundleKind.ARCHIVE: ("write_off", "declined", "measures"),
        BundleKind.WRITE_OFF: ("declined",),
        BundleKind.DECLINED: ("write_off", *_ONLY_ACCEPTED),
    }[kind]
    tree["decision"] = "declined" if kind is BundleKind.DECLINED else "accepted"
    return {key: value for key, value in tree.items() if key not in dropped}


def guide_text(kind: BundleKind, regulation: Regulation) -> str:
    """The guide: how to enter scans in case.json, and which papers the case needs, by article."""
    is_declined = kind is BundleKind.DECLINED
    declined = tuple(regulation.papers[item] for item in regulation.binding.declined)
    always = tuple(paper for paper in declined if paper.declined_article or paper.item in _EXPLANATION)
    papers = always if is_declined else regulation.required_papers(kind)
    others = tuple(paper for paper in declined if paper not in always) if is_declined else regulation.other_papers
    and_proofs = "（包括所依据的那一项要求的证明材料）" if is_declined else ""
    lines = [
        "放置说明",
        "",
        "1. 把扫描件放进 materials 文件夹（PDF、JPEG、PNG、TIFF；扫描请用 200 dpi 以上，盖章的用彩色）。",
        "2. 在 case.json 的 materials 里逐件写明，例如：",
        '   {"items": ["interview"], "file": "materials/约谈笔录.pdf", "date": "2021-09-20", "signed_on": "2021-09-20"}',
        "3. 需要的材料（左边是 items 里用的代号）：",
        *(_line(paper, kind) for paper in papers),
        *([f"4. 有则放入的其他材料{and_proofs}：", *(_line(paper, kind) for paper in others)] if others else []),
        "",
        "填好以后运行 bundler check 查缺，齐全后运行 bundler build 成卷。",
    ]
    return "\n".join(lines) + "\n"


def _line(paper: Paper, kind: BundleKind) -> str:
    article, may_be_absent = paper.article, paper.may_be_absent
    if kind is BundleKind.DECLINED:
        may_be_absent = False
        article = paper.declined_article or (paper.article if paper.item in _EXPLANATION else None)
    notes = [
        note for note, holds in (("可由本工具生成", paper.document), ("确无此件可说明原因", may_be_absent)) if holds
    ]
    where = f"{article}　" if article else ""
    return f"   {paper.item.value:<22}{where}{paper.label}{'（' + '；'.join(notes) + '）' if notes else ''}"
