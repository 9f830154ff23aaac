"""Generate reference cases with 12 typeset pages and 40 scanned pages each, from a seed.

A scanned page is A4 at 300 dpi in grey, about 150 KB as a JPEG: lines of print on uneven paper.
"""

from __future__ import annotations

import io
import json
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import img2pdf
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from bundler.fonts.files import find_fonts

TODAY = "2021-12-20"
SCANS = 40
PAGE_BYTES = 150_000
_SIZE = (2480, 3508)
_DPI = 300
_WORDS = "经查本院立案后依法向被执行人发出执行通知责令其报告财产并通过网络执行查控系统查询银行存款车辆不动产登记情况"

_ITEMS: tuple[tuple[str, int, dict[str, str]], ...] = (
    ("leader_instruction", 1, {}),
    ("acceptance_notice", 2, {"date": "2021-09-17"}),
    ("acceptance_service", 1, {"signed_on": "2021-09-17"}),
    ("investigation", 4, {}),
    ("interview conversation_record", 4, {"signed_on": "2021-09-22"}),
    ("evidence", 10, {}),
    ("reply_service", 1, {"signed_on": "2021-11-12"}),
    ("legal_document", 10, {}),
    ("commitment", 1, {"signed_on": "2021-11-18"}),
    ("other", 6, {}),
)
"""Items, page count and other keys of the materials of one case; 40 pages in all."""

_CLAIMS = [
    {
        "title": "查控被执行人财产",
        "statement": "本院立案后未及时查控被执行人财产",
        "demand": "继续查找财产并采取执行措施",
        "facts": "本院立案后于2020年3月11日、6月10日、12月2日通过网络执行查控系统查询二被执行人的财产，冻结乙某某名下银行账户并扣划12600元",
        "outcome": "explained",
        "reason": "该案未全部执行到位，系因被执行人目前没有可供执行的财产",
    },
    {
        "title": "终结本次执行程序",
        "statement": "本院终结本次执行程序不当",
        "demand": "说明理由",
        "facts": "本院已向被执行人发出执行通知，责令其报告财产，并完成财产调查，于2020年12月10日将财产调查情况告知你",
        "outcome": "explained",
        "reason": "终结本次执行程序，是在完成财产调查后暂时结束本次执行的程序安排，不免除被执行人的义务",
    },
]


_FACTS = "本院于2020年3月4日立案，于2020年7月22日扣划执行款12600元并发放，于2020年12月18日裁定终结本次执行程序。" * 5


def case_data(number: int) -> dict[str, Any]:
    """Return an invented case.json."""
    return {
        "registration": {
            "no": f"样信执2021-{number:04}",
            "received_on": "2021-09-16",
            "channel": "visit",
            "source": "来访",
            "brief": "未及时查控财产问题",
            "summary": "信访人反映执行案件未全部执行到位，请求继续查找财产。",
            "proposed_opinion": "拟予受理。",
            "system_no": f"样{number:04}",
            "system_on": "2021-09-16",
        },
        "decision": "accepted",
        "category": "implementation",
        "grounds": [2],
        "petitioners": [{"name": "甲某某", "phone": "13800000000", "role": "party", "position": "applicant"}],
        "enforcement_cases": [
            {
                "no": f"（2020）鲁0117执{number}号",
                "cause": "民间借贷纠纷",
                "parties": {"applicants": ["甲某某"], "respondents": ["乙某某"]},
            }
        ],
        "people": {
            "handler": {"name": "李某某"},
            "leader": {"name": "王某某", "title": "副院长"},
            "first_contact": {"name": "孙某某"},
            "contact": {"name": "孙某某", "phone": "0531-00000000"},
        },
        "transfer": {"transferred_on": "2021-09-16", "received_on": "2021-09-16"},
        "acceptance": {"accepted_on": "2021-09-17", "notice_on": "2021-09-17"},
        "interview": {"held_on": "2021-09-22"},
        "approval": {"leader_consent": {"by": "王某某", "on": "2021-11-08"}},
        "claims": _CLAIMS,
        "reply": {"replied_on": "2021-11-10", "case_facts": _FACTS},
        "measures": [{"on": "2021-09-24", "action": "查询被执行人财产", "proof": "查询反馈"}] * 4,
        "write_off": {"requested_on": "2021-11-22"},
        "materials": [
            {"items": items.split(), "file": f"materials/{index:02}.pdf", **facts}
            for index, (items, _, facts) in enumerate(_ITEMS)
        ],
    }


def make_case(folder: Path, number: int) -> None:
    """Write a case folder; every file differs from every other."""
    (folder / "materials").mkdir(parents=True)
    (folder / "case.json").write_text(json.dumps(case_data(number), ensure_ascii=False), encoding="utf-8")
    first = 0
    for index, (_, pages, _) in enumerate(_ITEMS):
        scans = [_add_comment(make_scan(first + page), f"{number}/{first + page}") for page in range(pages)]
        (folder / "materials" / f"{index:02}.pdf").write_bytes(_make_pdf(scans))
        first += pages


def make_long_case(folder: Path, pages: int, per_file: int = 40) -> None:
    """Write a case with additional evidence, up to `pages` scanned pages in all, in files of `per_file` pages."""
    make_case(folder, 9000 + pages)
    facts = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    for index in range(max(pages - SCANS, 0) // per_file):
        name = f"materials/more-{index:03}.pdf"
        step = 1 + 2 * (index // SCANS)  # the scans in another order in each file: the same order would be a duplicate
        scans = [
            _add_comment(make_scan((page * step + index) % SCANS), f"long/{index}/{page}") for page in range(per_file)
        ]
        (folder / name).write_bytes(_make_pdf(scans))
        facts["materials"].append({"items": ["evidence"], "file": name})
    (folder / "case.json").write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")


@cache
def make_scan(number: int) -> bytes:
    """Return a scanned page as a JPEG of about `PAGE_BYTES`."""
    page = _draw_page(Random(f"scan {number}"))  # noqa: S311 (no secret hangs on it)
    return min(
        (_encode_jpeg(page, quality) for quality in range(16, 60, 4)), key=lambda data: abs(len(data) - PAGE_BYTES)
    )


def _draw_page(rng: Random) -> Image.Image:
    grain = Image.effect_noise((620, 877), 8).resize(_SIZE)
    page = Image.blend(Image.new("L", _SIZE, 246), grain, 0.06)
    draw = ImageDraw.Draw(page)
    for row in range(15):
        line = "".join(rng.choice(_WORDS) for _ in range(rng.randint(14, 28)))
        draw.text((330, 450 + row * 160), line, font=_load_font(), fill=rng.randint(20, 60))
    return page.filter(ImageFilter.GaussianBlur(1.6))


@cache
def _load_font() -> ImageFont.FreeTypeFont:
    path = next(found.path for found in find_fonts() if found.font.family == "FandolFang")
    return ImageFont.truetype(path, 66)


def _encode_jpeg(page: Image.Image, quality: int) -> bytes:
    target = io.BytesIO()
    page.save(target, "JPEG", quality=quality, dpi=(_DPI, _DPI))
    return target.getvalue()


def _add_comment(jpeg: bytes, mark: str) -> bytes:
    """Return the JPEG with a comment, so that no two files are equal."""
    comment = mark.encode()
    return jpeg[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + jpeg[2:]


def _make_pdf(scans: list[bytes]) -> bytes:
    return bytes(img2pdf.convert(scans, nodate=True, producer="", engine=img2pdf.Engine.internal))
