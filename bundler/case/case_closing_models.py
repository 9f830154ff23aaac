"""Models of the closing of a case: work done, reports to the assigning body, request for write-off, archive (Art. 14, 16)."""

from typing import Literal

from pydantic import Field

from bundler.case.field_types import Day, RelativePath, Value, YesOrNo
from bundler.case.labels import ANSWER, RESOLUTION, list_codes, schema_labels, schema_long_text

Resolution = Literal["enforced", "settled", "explained", "relieved", "led_into"]


class NotOurs(Value):
    """A matter that this court is not competent to handle, as reported to the assigning body (Art. 14, paragraph 1)."""

    checked: str | None = Field(None, title="核查情况", description="完整句子。", json_schema_extra=schema_long_text())
    reason: str | None = Field(
        None,
        title="不属于本院管辖的理由",
        description="完整句子：谁有权处理、依据何种文书。",
        json_schema_extra=schema_long_text(),
    )
    work_done: str | None = Field(
        None, title="已开展的工作", description="完整句子；至少一项。", json_schema_extra=schema_long_text()
    )
    suggested_body: str | None = Field(None, title="建议转交的机关", description="有权机关；不明的不填。")
    attachments: tuple[str, ...] = Field((), title="附件", description="如“查询结果”，不带标点。")
    noted_on: Day | None = Field(None, title="说明日期", description="说明的落款日期。")
    document_no: str | None = Field(None, title="发文字号", description="没有的不填。")


class Measure(Value):
    """A dated action taken after the petition was received (接访后采取工作措施; Art. 14)."""

    on: Day | None = Field(None, title="日期", description="采取措施的日期。")
    action: str | None = Field(
        None, title="采取的措施", description="完成了什么，陈述句，不带句末标点。", json_schema_extra=schema_long_text()
    )
    by: str | None = Field(None, title="经办人", description="经办人姓名。")
    proof: str | None = Field(None, title="佐证材料", description="佐证文书的名称，不写文件名。")
    proof_file: RelativePath | None = Field(
        None, title="佐证文件", description="佐证所在的文件，须在案件文件夹里；列入材料的才装订。"
    )


class Payment(Value):
    """Money that a petitioner received, as the commitment (息诉罢访承诺书) states it."""

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
        json_schema_extra=schema_long_text(),
    )
    found: str | None = Field(
        None,
        title="调查核实情况",
        description="第三人称，完整句子；不填则用各项查明的事实和工作措施。",
        json_schema_extra=schema_long_text(),
    )
    accepted: YesOrNo | None = Field(
        None, title="信访人接受答复", description="接受 true，仍有不同意见 false；不填则不写。"
    )
    next_steps: str | None = Field(
        None, title="下一步工作", description="完整句子；不填则不写这一节。", json_schema_extra=schema_long_text()
    )
    attachments: tuple[str, ...] = Field((), title="其他附件", description="答复意见书、送达回证以外的附件名称。")


class WriteOff(Value):
    """The request for write-off (核销; Art. 14, paragraph 2) and its answer."""

    requested_on: Day | None = Field(None, title="申请日期", description="核销申请表的日期。")
    resolution: tuple[Resolution, ...] = Field(
        (),
        title="化解情况",
        description=f"{list_codes(RESOLUTION)}。",
        json_schema_extra=schema_labels(RESOLUTION),
    )
    effect: str | None = Field(
        None,
        title="工作效果",
        description="完整句子；措施说明的第二节；不填则写各项请求的结果、救助、答复送达和承诺。",
        json_schema_extra=schema_long_text(),
    )
    status: str | None = Field(
        None,
        title="目前状态",
        description="完整句子；措施说明的第三节；不填则写尚未办完的措施。",
        json_schema_extra=schema_long_text(),
    )
    statement_on: Day | None = Field(None, title="措施说明日期", description="措施说明的落款日期；不填则同申请日期。")
    payments: tuple[Payment, ...] = Field((), title="收到的款项", description="承诺书写明的收款；没有的不填。")
    superior_court: str | None = Field(None, title="上级法院", description="报请核销的上级法院。")
    reported_on: Day | None = Field(None, title="上报日期", description="执行指挥中心上报日期。")
    answer: Literal["written_off", "returned"] | None = Field(
        None, title="上级意见", description=f"{list_codes(ANSWER)}。", json_schema_extra=schema_labels(ANSWER)
    )
    answered_on: Day | None = Field(None, title="答复日期", description="上级法院答复的日期。")


class Archive(Value):
    """How the paper file is kept (Art. 16)."""

    retention: str | None = Field(None, title="保管期限", description="如“永久”“60年”“30年”；没有默认值。")
    location: str | None = Field(None, title="存放位置", description="纸质卷存放位置。")
    filed_by: str | None = Field(None, title="立卷人", description="立卷人姓名。")
    filed_on: Day | None = Field(None, title="立卷日期", description="立卷日期。")
    checked_by: str | None = Field(None, title="检查人", description="检查人姓名。")
    archived_on: Day | None = Field(None, title="归档日期", description="归档日期。")
