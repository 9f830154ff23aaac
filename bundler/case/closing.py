"""What closes a matter: money received, told in the commitment, and the report to the assigning body."""

from pydantic import Field

from bundler.case.field_types import Day, Value
from bundler.case.labels import long


class Payment(Value):
    """Money that a petitioner received, as the commitment (息诉罢访承诺书) tells it."""

    on: Day = Field(title="收到日期", description="信访人收到款项的日期。")
    name: str = Field(title="款项名称", description="如“执行款”“司法救助金”。")
    amount: str = Field(pattern=r"^\d{1,12}(\.\d{1,2})?$", title="金额", description="元，如“12600”或“36.20”。")
    to: str | None = Field(
        None, title="收款的信访人", description="多名信访人的，写收款人姓名（名称）；不填为各人相同。"
    )


class FeedbackReport(Value):
    """The report on the handling (办理情况报告) to the body that assigned the matter (Art. 13, 14)."""

    reported_on: Day | None = Field(None, title="报告日期", description="报告的落款日期；不填则留空。")
    document_no: str | None = Field(None, title="发文字号", description="没有的不填，由办公室编填。")
    signer: str | None = Field(None, title="签发人", description="签发报告的院领导姓名。")
    subject: str | None = Field(None, title="标题事由", description="15 字以内，如“执行进度问题”；不填则用短事由。")
    case_facts: str | None = Field(
        None,
        title="案件基本情况",
        description="第三人称，完整句子；不填则用答复意见书的案件基本情况。",
        json_schema_extra=long(),
    )
    found: str | None = Field(
        None,
        title="调查核实情况",
        description="第三人称，完整句子；不填则用各项查明的事实和工作措施。",
        json_schema_extra=long(),
    )
    accepted: bool | None = Field(
        None, title="信访人接受答复", description="接受 true，仍有不同意见 false；不填则不写。"
    )
    next_steps: str | None = Field(
        None, title="下一步工作", description="完整句子；不填则不写这一节。", json_schema_extra=long()
    )
    attachments: tuple[str, ...] = Field((), title="其他附件", description="答复意见书、送达回证以外的附件名称。")
