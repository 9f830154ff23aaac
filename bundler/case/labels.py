"""Chinese labels of the codes in case.json, and schema hints for forms; used by the help, the desk's form and the schema."""

from collections.abc import Mapping
from typing import Any, Literal

from bundler.regulation.model import Regulation

CHANNEL = {"visit": "走访", "letter": "书信", "phone": "电话", "network": "网络", "other": "其他"}
NATURE = {"suggestion": "建议", "opinion": "意见", "complaint": "投诉请求"}
DECISION = {"pending": "待定", "accepted": "受理", "declined": "不予受理"}
CATEGORY = {"implementation": "执行实施类", "review": "执行审查类"}
LEDGERS = {"supervised": "催督办", "special": "专项化解", "backlog": "信访积案"}
SERVICE_METHOD = {
    "direct": "直接",
    "lien": "留置",
    "mail": "邮寄",
    "electronic": "电子",
    "entrusted": "委托",
    "forwarded": "转交",
}
SERVICE_KIND = {
    "signed": "签收",
    "refused": "拒收留置",
    "returned": "退回",
    "posted": "邮寄凭证",
    "electronic": "电子送达凭证",
}
OUTCOME = {"supported": "支持", "explained": "解释说明", "not_supported": "不予支持", "led_into": "导入程序"}
LACKS = {"facts": "事实依据", "law": "法律依据"}
REMEDIES = {
    "R1": "对执行行为提异议",
    "R2": "案外人异议",
    "R3": "逾六个月向上级申请执行",
    "R4": "提供线索、申请恢复执行",
}
RESOLUTION = {
    "enforced": "执行到位",
    "settled": "和解并履行",
    "explained": "经解释说明息诉",
    "relieved": "经司法救助息诉",
    "led_into": "导入法定程序",
}
ANSWER = {"written_off": "核销", "returned": "退回"}
OTHER_PROCEDURE = {"trial": "审判", "compensation": "国家赔偿", "bankruptcy": "破产", "other": "其他"}
POST = {
    "president": "院长",
    "vice_president": "副院长",
    "bureau_director": "执行局局长",
    "bureau_deputy_director": "执行局副局长",
    "other": "其他",
}
KIND = {"person": "自然人", "company": "公司", "organization": "其他单位"}
ID_TYPE = {"resident": "居民身份证", "other": "其他证件"}
ROLE = {"party": "当事人", "interested": "利害关系人", "agent": "受托人", "none": "以上都不是"}
POSITION = {"applicant": "申请执行人", "respondent": "被执行人", "outsider": "案外人"}
APPOINTMENT_OUTCOME = {"received": "已接待", "absent": "来访人未到", "moved": "改期", "cancelled": "取消"}
COORDINATED = {"agreed": "达成一致", "partly": "部分达成一致", "none": "未达成一致"}
DISCUSSED = {"unanimous": "一致", "majority": "多数", "none": "未形成一致意见"}

_LABELS, _WIDGET = "x-labels", "x-widget"


def list_codes(labels: Mapping[str, str]) -> str:
    """The codes with their labels, as the description of a field lists them."""
    return "、".join(f"{label} {code}" for code, label in labels.items())


def schema_labels(labels: dict[str, str]) -> dict[str, Any]:
    """Extra schema of a field with codes: their labels."""
    return {_LABELS: dict(labels)}


def schema_long_text() -> dict[str, Any]:
    """Extra schema of a field for sentences: a form shows a large text box."""
    return {_WIDGET: "long"}


def schema_regulation_labels(grounds: Literal["acceptance", "refusal"]) -> dict[str, Any]:
    """Extra schema of a field with the grounds of the regulation: which ones, since their labels are in its file."""
    return {_LABELS: grounds}


def labels_of_grounds(extra: object, regulation: Regulation) -> dict[str, str]:
    """The labels of a field with grounds of the regulation, by code; empty for any other field."""
    named = extra.get(_LABELS) if isinstance(extra, dict) else None
    if named == "acceptance":
        return {str(number): text for number, text in enumerate(regulation.acceptance.grounds, start=1)}
    return {str(one.ground): one.text for one in regulation.refusal.items} if named == "refusal" else {}


def is_labelled_by_regulation(extra: object) -> bool:
    """Whether a field holds grounds of the regulation, by its extra schema."""
    return isinstance(extra, dict) and isinstance(extra.get(_LABELS), str)


def read_labels(extra: object) -> Mapping[str, str]:
    """The labels of a field's codes from its extra schema; empty where it has none."""
    found = extra.get(_LABELS) if isinstance(extra, dict) else None
    return found if isinstance(found, dict) else {}


def is_long_text(extra: object) -> bool:
    """Whether a field is for sentences, by its extra schema."""
    return isinstance(extra, dict) and extra.get(_WIDGET) == "long"
