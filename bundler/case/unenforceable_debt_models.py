"""Models for a debt that cannot be enforced: measures exhausted (Art. 6), judicial relief (Art. 11), follow-up (Art. 16)."""

from pydantic import Field

from bundler.case.field_types import Day, Value, YesOrNo
from bundler.case.labels import schema_long_text

_AMOUNT = r"^\d{1,12}(\.\d{1,2})?$"


class EnforcementMeasure(Value):
    """A measure of enforcement (执行措施) and its result; Art. 6 asks that all are exhausted while there may be property."""

    name: str = Field(title="措施", description="如“查询银行存款”；与法院配置里的通常措施同名的，列在那一行。")
    on: Day | None = Field(None, title="日期", description="采取措施的日期。")
    result: str | None = Field(
        None, title="结果", description="查到什么、怎样处理，不带句末标点。", json_schema_extra=schema_long_text()
    )
    not_taken_because: str | None = Field(
        None, title="未采取的原因", description="依法不能或者不必采取的，写明原因；采取了的不填。"
    )
    proof: str | None = Field(None, title="佐证材料", description="佐证文书的名称，不写文件名。")


class Relief(Value):
    """Judicial relief (司法救助) for an applicant in hardship (Art. 11): the facts, the referral, and what was paid."""

    hardship: YesOrNo = Field(False, title="特别困难", description="申请执行人特别困难。")
    no_property: YesOrNo = Field(False, title="无财产可供执行", description="经执行认定被执行人无财产可供执行。")
    applicant: str | None = Field(
        None, title="救助申请人", description="申请救助的信访人姓名；不填为第一名自然人申请执行人。"
    )
    enforced: str | None = Field(None, pattern=_AMOUNT, title="已执行到位金额", description="元，如“12600”或“36.20”。")
    unenforced: str | None = Field(
        None, pattern=_AMOUNT, title="未执行到位金额", description="元，如“173400”；救助以此为限。"
    )
    found: str | None = Field(
        None,
        title="执行和财产调查情况",
        description="完整句子：采取了哪些措施，因何认定无财产可供执行。",
        json_schema_extra=schema_long_text(),
    )
    difficulty: str | None = Field(
        None, title="生活困难情况", description="完整句子：困难的原因和程度。", json_schema_extra=schema_long_text()
    )
    income: str | None = Field(
        None, title="家庭成员和收入", description="完整句子。", json_schema_extra=schema_long_text()
    )
    asked: str | None = Field(None, pattern=_AMOUNT, title="申请救助金额", description="元。")
    proposed: str | None = Field(None, pattern=_AMOUNT, title="拟救助金额", description="元；由审核人填写的不填。")
    proofs: tuple[str, ...] = Field((), title="证明材料", description="如“低保证”“住院病历”，逐一列出，不带标点。")
    referred_on: Day | None = Field(None, title="报请日期", description="报请救助的日期；不填则留空手填。")
    started_on: Day | None = Field(None, title="启动日期", description="启动司法救助程序的日期。")
    case_no: str | None = Field(None, title="救助案号", description="如“（2021）鲁0117司救执1号”。")
    amount: str | None = Field(None, pattern=_AMOUNT, title="救助金额", description="元，如“12600”或“36.20”。")
    paid_on: Day | None = Field(None, title="发放日期", description="救助金发放日期。")


class FollowUp(Value):
    """A follow-up (回访、稳控化解) after the reply (Art. 16); without its text it is planned and not done yet."""

    on: Day = Field(title="日期", description="回访、化解的日期；还没有进行的，写计划的日期。")
    text: str | None = Field(
        None,
        title="情况",
        description="跟进情况，不带句末标点，回访后填写；不填为计划中的回访。",
        json_schema_extra=schema_long_text(),
    )
    by: str | None = Field(None, title="回访人", description="回访人姓名；不填则表中留空。")
    means: str | None = Field(None, title="方式", description="如“电话”“上门走访”“约见”。")
    place: str | None = Field(None, title="地点", description="回访地点；电话回访的不填。")
    person: str | None = Field(None, title="被回访人", description="被回访的信访人姓名；只有一名信访人的可以不填。")
    new_request: str | None = Field(
        None,
        title="新的反映和请求",
        description="信访人新的反映、请求，不带句末标点；没有的不填。",
        json_schema_extra=schema_long_text(),
    )
    next_steps: str | None = Field(
        None, title="下一步工作", description="完整句子；没有的不填。", json_schema_extra=schema_long_text()
    )
