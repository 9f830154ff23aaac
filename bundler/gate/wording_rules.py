"""WORDING: words that no paper of the court may use, doubled punctuation and a doubled 已, in values that papers print."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bundler.gate.rule_input import GateContext
from bundler.regulation.findings import Finding, finding

_VERB = r"(?:裁定|决定|判令|驳回|责令)了?"
_BANNED = {
    r"上访|缠访|闹访|无理(?!由)|越级(?:访|来访|信访)?|稳控(?!化解)|维稳|重点人员|吸附": (
        "请改用中性的说法，如“来访”“反映”“不予支持”；引用原文的，请核对是否必要。"
    ),
    (
        r"不得再(?:次)?信访|后果自负|视为放弃|追究(?:你的?|信访人的?|其)?(?:法律)?责任"
        r"|否则[^。；]{0,16}(?:处罚|拘留|责任|后果|不再|不予|终结|追究|视为)"
    ): "请写明依据和做法，不写警告的话；引用原文的，请核对是否必要。",
    r"最终答复|信访终结|到此为止": "本院的答复不是终结；请写明答复的结果和以后可以走的程序。",
    rf"{_VERB}(?:(?:你|你们|信访人|该项|其)的?(?:信访)?|信访)(?:请求|诉求|申诉|事项)": (
        "答复信访事项不用裁判文书的话，请改写为“支持”“不予支持”“解释说明”或者“导入程序”。"
    ),
    r"复查|复核|行政复议|(?:[0-9]+|三十)日内向上一级": (
        "对答复没有复查、复核、行政复议的规定；请按信访人的身份写明法定的救济途径，引用原文的，请核对是否必要。"
    ),
    r"核销标准|案件终结办法|法发〔2016〕15号": "文书里不引用这些文件，请删去名称和文号。",
}
"""Words that a letter or record of the court must not use of a petitioner or of what becomes of a petition, with the cure."""
_ANY_BANNED = re.compile("|".join(_BANNED))
"""All of them: nearly every text has none, which one search tells."""
_DOUBLED = re.compile(r"[，。；：、！？,;!?]{2}")
_NOT_PRINTED = re.compile(r"/(?:file|proof_file|pages|items|phone|id_number|credit_code)(?:/|$)|/unknown$")
_OF_ANOTHER_BODY = re.compile(r"^/declined/(?:remedy|matter|competent_body)$")
"""What another body does may well be a review (行政复议)."""
_OF_CLAIM_MEASURE = re.compile(r"^/claims/\d+/measures/\d+/text$")
"""A measure on a claim, which papers print behind its day: 已于……, 将于……."""


def check_wording(context: GateContext) -> Iterator[Finding]:
    """WORDING: no banned word and no doubled punctuation mark in a value that is printed."""
    for path, text in context.values.items():
        if _NOT_PRINTED.search(path):
            continue
        if _ANY_BANNED.search(text) and not _OF_ANOTHER_BODY.search(path):
            banned = {found: fix for words, fix in _BANNED.items() for found in re.findall(words, text)}
            named = "、".join(f"“{word}”" for word in banned)
            yield finding(
                "WORDING",
                message=f"用了文书里不应出现的话：{named}。",
                fix="".join(dict.fromkeys(banned.values())),
                path=path,
            )
        if _OF_CLAIM_MEASURE.search(path) and text.lstrip().startswith("已"):
            yield finding(
                "WORDING",
                message=f"措施“{text.strip()[:12]}”以“已”开头，印出来是“已于某年某月某日已……”。",
                fix="请从动词写起，如“查封被执行人名下的车辆”；是不是已经完成，由“已完成”一项说明。",
                path=path,
            )
        doubled = _DOUBLED.search(text)
        if doubled:
            yield finding(
                "WORDING",
                message=f"标点重复：“{_words_around(text, doubled.start())}”。",
                fix="请删去多余的标点。",
                path=path,
            )


def _words_around(text: str, place: int) -> str:
    """A few characters before and after a place, for a message."""
    return text[max(place - 6, 0) : place + 6]
