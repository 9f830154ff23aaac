"""Models of the steps of a case, from registration and assignment to the reply; each names its article."""

from typing import Literal

from pydantic import Field

from bundler.case.field_types import Day, Moment, ServiceMethod, Unknown, Value, WholeNumber, YesOrNo
from bundler.case.labels import (
    CHANNEL,
    LACKS,
    NATURE,
    OUTCOME,
    REMEDIES,
    SERVICE_METHOD,
    list_codes,
    schema_labels,
    schema_long_text,
)
from bundler.case.meeting_models import CollectiveDiscussion
from bundler.case.people_models import Parties

Outcome = Literal["supported", "explained", "not_supported", "led_into"]
Ledger = Literal["supervised", "special", "backlog"]


class SubmittedPaper(Value):
    """A paper that the petitioner handed in."""

    name: str = Field(title="材料名称", description="提交材料的名称。")
    copies: WholeNumber = Field(1, ge=1, le=9999, title="件数", description="件数。")
    original: YesOrNo | None = Field(None, title="是否原件", description="原件 true，复印件 false；不填则不印。")


class Registration(Value):
    """The registration (信访件登记) of Art. 12."""

    no: str | None = Field(
        None, title="登记号", description="本件信访自己的编号：1—64 个字母、数字、汉字或者（）〔〕-。"
    )
    received_on: Day | None = Field(
        None, title="来访（件）时间", description="收到信访件的日期（§registration），期限的起点。"
    )
    registered_on: Day | None = Field(None, title="登记日期", description="填写登记表的日期；不填则留空手填。")
    channel: Literal["visit", "letter", "phone", "network", "other"] | None = Field(
        None,
        title="信访形式",
        description=f"{list_codes(CHANNEL)}（§petition）。",
        json_schema_extra=schema_labels(CHANNEL),
    )
    channel_text: str | None = Field(None, title="形式说明", description="其他形式的名称，或者网络平台的名称。")
    source: str | None = Field(None, title="案件来源", description="如“来访”“来信”“上级法院交办”（§registration）。")
    nature: Literal["suggestion", "opinion", "complaint"] = Field(
        "complaint",
        title="信访性质",
        description=f"{list_codes(NATURE)}（§petition）。",
        json_schema_extra=schema_labels(NATURE),
    )
    visit_no: WholeNumber | None = Field(None, ge=1, le=999, title="信访次数", description="第几次；1 为初次。")
    summary: str | None = Field(
        None,
        title="来访（件）内容摘要",
        description="第三人称，写谁、哪一案、反映什么、请求什么（§registration）。",
        json_schema_extra=schema_long_text(),
    )
    brief: str | None = Field(None, title="短事由", description="名词短语，以“问题”收尾，不带标点，40 字以内。")
    proposed_opinion: str | None = Field(
        None, title="拟办意见", description="拟办意见（§registration）。", json_schema_extra=schema_long_text()
    )
    papers: tuple[SubmittedPaper, ...] = Field((), title="提交材料", description="信访人提交的材料。")
    system_no: str | None = Field(None, title="系统录入号", description="执行申诉信访系统的录入号（第十二、十六条）。")
    system_on: Day | None = Field(None, title="录入日期", description="录入系统的日期。")
    note: str | None = Field(None, title="备注", description="登记表的备注。", json_schema_extra=schema_long_text())


class EnforcementCase(Value):
    """An enforcement case (执行案件) that the petition is about."""

    no: str | Unknown | None = Field(
        None, title="执行案号", description="如“（2020）鲁0117执9001号”（§registration）。"
    )
    cause: str | None = Field(None, title="案由", description="如“民间借贷纠纷”。")
    parties: Parties | Unknown | None = Field(
        None, title="案件当事人", description="申请执行人、被执行人（§registration）。"
    )
    filed_on: Day | None = Field(None, title="立案日期", description="执行立案日期。")
    terminated: YesOrNo = Field(False, title="已终结本次执行程序", description="已裁定终结本次执行程序；影响权利告知。")
    overdue_six_months: YesOrNo = Field(
        False, title="逾六个月未执行", description="自收到申请执行书之日起超过六个月未执行。"
    )


class Transfer(Value):
    """The transfer (转交) to the handler within two days (Art. 13)."""

    transferred_on: Day | None = Field(None, title="转交日期", description="执行信访团队转交承办人的日期。")
    received_on: Day | None = Field(
        None, title="承办人收到日期", description="承办人签收的日期；约谈、答复期限的起点。"
    )
    attachments: tuple[str, ...] = Field(
        (), title="附件", description="随单转交的材料名称；交办通知复印件自动列入，不必写。"
    )


class ConductPart(Value):
    """The part of a petition about conduct or integrity, handed on to another department (Art. 15, item 2)."""

    transferred_on: Day = Field(title="移送日期", description="移送作风、廉洁部分材料的日期。")
    department: str = Field(title="移送部门", description="如“本院督察部门”。")
    subject: str | None = Field(None, title="所涉方面", description="“工作作风”或者“廉洁纪律”；不填则只写“有关问题”。")


class Acceptance(Value):
    """Acceptance and its notice (受理告知; Art. 6A, 16)."""

    accepted_on: Day | None = Field(None, title="受理日期", description="决定受理的日期；不填则用告知书日期。")
    notice_on: Day | None = Field(None, title="受理告知书日期", description="受理告知书的落款日期。")
    service_method: ServiceMethod | None = Field(
        None,
        title="送达方式",
        description=f"{list_codes(SERVICE_METHOD)}。",
        json_schema_extra=schema_labels(SERVICE_METHOD),
    )
    conduct_part: ConductPart | None = Field(
        None, title="作风、廉洁部分", description="混合反映时已移送的部分；未移送不填。"
    )


class Interview(Value):
    """The interview (约谈) within five days (Art. 13)."""

    planned_at: Moment | None = Field(None, title="约定时间", description="告知书上约定的时间。")
    held_on: Day | None = Field(None, title="约谈日期", description="实际约谈的日期。")
    started_at: Moment | None = Field(None, title="开始时间", description="笔录上的开始时间。")
    place: str | None = Field(None, title="地点", description="约谈地点；以电话、视频约谈的写“电话”“视频”。")
    attempted_on: Day | None = Field(None, title="约谈未成的日期", description="依约进行而未成的日期。")
    not_held_because: str | None = Field(None, title="未成原因", description="约谈未成的原因，名词短语，不带标点。")
    heard_by: str | None = Field(None, title="听取意见的方式", description="如“电话”；约谈未成时另行听取意见的方式。")
    present: tuple[str, ...] = Field((), title="在场人", description="在场人及其身份。")
    told: tuple[str, ...] = Field(
        (),
        title="告知内容",
        description="笔录中告知的执行情况，逐项写完整句子；不填而信访人都是申请执行人的，写约谈以前的执行措施。",
    )


class CoerciveMeasure(Value):
    """A coercive measure (强制措施) against a petitioner, which needs a leader's approval (Art. 10)."""

    measure: str = Field(title="措施", description="采取的强制措施。")
    taken_on: Day | None = Field(None, title="日期", description="采取措施的日期。")
    approved_by: str | None = Field(None, title="批准的院领导", description="批准的院领导姓名（§ART10）。")
    approved_on: Day | None = Field(None, title="批准日期", description="批准日期。")


class Procedure(Value):
    """The statutory procedure (法定程序) into which a matter was led (Art. 7)."""

    name: str = Field(title="程序名称", description="如“执行异议”“案外人异议”“执行监督”。")
    case_no: str | None = Field(None, title="程序案号", description="已立案的案号。")
    filed_on: Day | None = Field(None, title="立案日期", description="立案日期。")
    told_on: Day | None = Field(None, title="告知日期", description="尚未立案时，告知信访人可以申请的日期。")
    told_to: str | None = Field(None, title="告知内容", description="如“提出书面异议”“申请复议”。")


class ClaimMeasure(Value):
    """A measure taken or to be taken on a claim."""

    on: Day = Field(title="日期", description="已采取或者将采取措施的日期。")
    text: str = Field(title="措施", description="动宾短语，不带句末标点。")
    done: YesOrNo = Field(True, title="已完成", description="已完成 true；将在该日前完成 false。")


class Claim(Value):
    """One claim (反映与请求) of the petition; the reply answers each."""

    by: str | None = Field(None, title="提出人", description="多名信访人的请求不同时，写提出这一项的信访人姓名。")
    title: str | None = Field(None, title="标题", description="如“查控被执行人财产”，用于“关于……的问题”。")
    statement: str | None = Field(
        None, title="反映的问题", description="不带句末标点，接在“你反映，”之后。", json_schema_extra=schema_long_text()
    )
    demand: str | None = Field(
        None,
        title="请求",
        description="不带句末标点，接在“请求”之后；写全，如“说明终结本次执行程序的理由”。",
        json_schema_extra=schema_long_text(),
    )
    facts: str | None = Field(
        None, title="查明的事实", description="不带句末标点，接在“经查，”之后。", json_schema_extra=schema_long_text()
    )
    outcome: Outcome | None = Field(
        None,
        title="结果",
        description=f"{list_codes(OUTCOME)}。",
        json_schema_extra=schema_labels(OUTCOME),
    )
    reason: str | None = Field(
        None,
        title="理由或者说明",
        description="不带句末标点；解释说明、不予支持必填。",
        json_schema_extra=schema_long_text(),
    )
    lacks: Literal["facts", "law"] | None = Field(
        None,
        title="缺乏的依据",
        description=f"不予支持：{list_codes(LACKS)}；不填则只写理由。",
        json_schema_extra=schema_labels(LACKS),
    )
    result: str | None = Field(
        None,
        title="办理结果摘要",
        description="核销申请表、报告中的一句话，不带句末标点，如“未发现可供执行财产”；不填则取理由的第一句。",
    )
    measures: tuple[ClaimMeasure, ...] = Field((), title="措施", description="支持时已采取或者将采取的措施。")
    procedure: Procedure | None = Field(None, title="导入的程序", description="结果为导入程序时必填。")


class LeaderConsent(Value):
    """The consent of the leader in charge (主办院领导同意; Art. 13)."""

    by: str | None = Field(None, title="同意的院领导", description="院领导姓名。")
    on: Day | None = Field(None, title="同意日期", description="同意日期。")


class Approval(Value):
    """What Art. 13 asks before a reply: the leader's consent, or a collective discussion."""

    leader_consent: LeaderConsent | None = Field(None, title="主办院领导同意", description="与集体研究择一或者并有。")
    collective: CollectiveDiscussion | None = Field(None, title="集体研究", description="与院领导同意择一或者并有。")
    submitted_on: Day | None = Field(None, title="呈批日期", description="呈批表的呈批日期；不填则留空手填。")


class Reply(Value):
    """The reply (答复意见书; Art. 13)."""

    replied_on: Day | None = Field(None, title="答复意见书日期", description="答复意见书的落款日期。")
    service_method: ServiceMethod | None = Field(
        None, title="送达方式", description="同受理告知的送达方式。", json_schema_extra=schema_labels(SERVICE_METHOD)
    )
    case_facts: str | None = Field(
        None, title="案件基本情况", description="完整句子；不填则整节不印。", json_schema_extra=schema_long_text()
    )
    file_reviewed: YesOrNo | None = Field(
        None, title="查阅了执行卷宗", description="查阅了执行卷宗的填 true；不填则不写。"
    )
    answered_by_register: YesOrNo | None = Field(
        None,
        title="登记簿记明已答复",
        description="由登记簿导入、还没有送达凭证的填 true；台账列为待补送达凭证，不列为逾期。",
    )
    previous_reply_on: Day | None = Field(
        None, title="前次答复日期", description="重复反映而有新请求的，前次答复的日期。"
    )
    attachments: tuple[str, ...] = Field((), title="附件", description="附件名称，不带标点。")
    remedies: tuple[Literal["R1", "R2", "R3", "R4"], ...] | None = Field(
        None,
        title="权利告知",
        description="实际可用的救济句代号；不填则按身份选取。",
        json_schema_extra=schema_labels(REMEDIES),
    )


class Assignment(Value):
    """An assignment by a higher court or another body (交办、转办、督办; Art. 14)."""

    body: str = Field(title="交办机关", description="交办机关全称。")
    kind: Literal["交办", "转办", "督办", "催办"] = Field("交办", title="方式", description="交办、转办、督办、催办。")
    notice_title: str | None = Field(None, title="通知名称", description="交办通知的名称，不带书名号。")
    notice_no: str | None = Field(None, title="通知文号", description="如“济执信交〔2021〕9018号”。")
    received_on: Day | None = Field(None, title="收文日期", description="收到交办通知的日期。")
    feedback_due: Day | None = Field(None, title="反馈期限", description="通知要求的反馈日期，不顺延（§assignment）。")
    feedback_on: Day | None = Field(None, title="反馈日期", description="实际向交办机关反馈的日期。")
