"""Models of the meetings of which a record (笔录、记录) is kept: coordination, inquiry, hearing, collective discussion."""

from typing import Literal

from pydantic import Field

from bundler.case.field_types import Day, Moment, Value, WholeNumber, YesOrNo
from bundler.case.labels import COORDINATED, DISCUSSED, list_codes, schema_labels, schema_long_text
from bundler.case.people_models import Ethnicity, IdNumber, IdType, Officer, Sex


class Attendee(Value):
    """A person who takes part or attends."""

    name: str | None = Field(None, title="姓名", description="姓名。")
    unit: str | None = Field(None, title="单位", description="所在单位，本院人员不填。")
    title: str | None = Field(
        None, title="职务或者身份", description="如“执行员”“信访人”“被执行人的委托代理人”“援助律师”。"
    )


class Statement(Value):
    """What one person said, in substance."""

    by: str = Field(title="发言人", description="姓名，或者“主持人”“信访人”等称谓。")
    title: str | None = Field(None, title="身份", description="发言人的身份；不填则不印。")
    text: str = Field(title="发言", description="原意照记，完整句子。", json_schema_extra=schema_long_text())


class FollowUpTask(Value):
    """What was left to be done, by whom, by when."""

    text: str = Field(title="工作", description="后续工作，动宾短语，不带句末标点。")
    by: str | None = Field(None, title="责任人", description="责任人。")
    due: Day | None = Field(None, title="时限", description="完成日期。")


class Coordination(Value):
    """A coordination meeting (协调会议) with the parties and others (Art. 16, item 6)."""

    started_at: Moment | None = Field(None, title="开始时间", description="会议开始的时间。")
    place: str | None = Field(None, title="地点", description="会议地点。")
    chair: Officer | None = Field(None, title="主持人", description="主持人及其职务。")
    recorder: Officer | None = Field(None, title="记录人", description="记录人；不填则为书记员。")
    court: tuple[Attendee, ...] = Field((), title="本院参加人员", description="本院参加的人员及其职务。")
    parties: tuple[Attendee, ...] = Field(
        (), title="案件当事人及代理人", description="参加的信访人、案件当事人及其代理人。"
    )
    others: tuple[Attendee, ...] = Field((), title="其他单位参加人员", description="其他单位参加的人员。")
    observers: tuple[Attendee, ...] = Field((), title="列席人员", description="列席的人员。")
    absent: str | None = Field(None, title="缺席人员及原因", description="缺席的人员及原因，不带句末标点。")
    agenda: str | None = Field(
        None, title="议题", description="不填则为信访人反映的事项。", json_schema_extra=schema_long_text()
    )
    background: str | None = Field(
        None,
        title="案件和信访事项基本情况",
        description="承办人介绍的情况，完整句子。",
        json_schema_extra=schema_long_text(),
    )
    statements: tuple[Statement, ...] = Field((), title="各方意见", description="逐人记录。")
    result: Literal["agreed", "partly", "none"] | None = Field(
        None,
        title="协调结果",
        description=f"{list_codes(COORDINATED)}；当场填写的不填。",
        json_schema_extra=schema_labels(COORDINATED),
    )
    agreed: tuple[str, ...] = Field((), title="达成的一致意见", description="逐项写完整句子；不处分权利。")
    disputed: str | None = Field(
        None,
        title="未达成一致的事项",
        description="名词短语，接在“对”之后；部分达成一致时必填。",
        json_schema_extra=schema_long_text(),
    )
    tasks: tuple[FollowUpTask, ...] = Field((), title="后续工作", description="责任人和时限。")


class Respondent(Value):
    """Who is asked in an inquiry (被调查人)."""

    name: str | None = Field(None, title="姓名", description="被调查人姓名。")
    sex: Sex = None
    birth_date: Day | None = Field(None, title="出生日期", description="出生日期。")
    ethnicity: Ethnicity = None
    occupation: str | None = Field(None, title="职业", description="工作单位和职务。")
    address: str | None = Field(None, title="住址", description="住址。")
    id_type: IdType = "resident"
    id_number: IdNumber = None
    phone: str | None = Field(None, title="联系电话", description="联系电话。")
    relation: str | None = Field(None, title="与案件的关系", description="如“被执行人的邻居”“协助执行单位工作人员”。")


class Investigation(Value):
    """Inquiries made (调查; Art. 9)."""

    on: Day | None = Field(None, title="调查日期", description="调查日期。")
    subject: str | None = Field(None, title="调查对象", description="被调查的单位或者人员。")
    finding: str | None = Field(
        None, title="调查情况", description="查明的情况。", json_schema_extra=schema_long_text()
    )
    started_at: Moment | None = Field(None, title="开始时间", description="调查笔录上的开始时间。")
    place: str | None = Field(None, title="地点", description="调查地点。")
    investigators: tuple[Officer, ...] = Field((), title="调查人", description="两名调查人及其职务。")
    recorder: Officer | None = Field(None, title="记录人", description="记录人；不填则为书记员。")
    respondent: Respondent | None = Field(
        None, title="被调查人", description="制作调查笔录时填写；只查询、不询问的不填。"
    )
    present: tuple[str, ...] = Field((), title="在场人", description="在场人及其身份；被调查人未成年的写法定代理人。")
    questions: tuple[str, ...] = Field((), title="问题", description="拟问的问题，逐条写完整问句；不诱导。")


class Hearing(Value):
    """The hearing (听证) of a major, complex or doubtful matter (Art. 9)."""

    held_on: Day = Field(title="听证日期", description="听证日期。")
    started_at: Moment | None = Field(None, title="开始时间", description="听证开始的时间。")
    place: str | None = Field(None, title="地点", description="听证地点。")
    public: YesOrNo | None = Field(
        None, title="公开听证", description="公开 true，不公开 false；不填则印方框，当场勾选。"
    )
    chair: Officer | None = Field(None, title="主持人", description="主持人及其职务。")
    panel: tuple[Attendee, ...] = Field((), title="听证员", description="听证员及其单位或者身份。")
    recorder: Officer | None = Field(None, title="记录人", description="记录人；不填则为书记员。")
    participants: tuple[Attendee, ...] = Field(
        (), title="参加人", description="信访人及代理人、案件承办人、其他当事人、援助律师、有关组织。"
    )
    audience: WholeNumber | None = Field(None, ge=1, le=9999, title="旁听人数", description="旁听人数；没有的不填。")
    petitioner_said: tuple[Statement, ...] = Field((), title="信访人陈述", description="信访人的陈述。")
    handler_said: tuple[Statement, ...] = Field((), title="案件承办人说明", description="案件承办人的说明。")
    shown: tuple[Statement, ...] = Field((), title="出示和辨认材料", description="出示的材料和辨认的意见。")
    asked: tuple[Statement, ...] = Field((), title="询问", description="听证员、参加人的询问和回答。")
    last_words: tuple[Statement, ...] = Field((), title="最后陈述", description="各方的最后陈述。")


class CollectiveDiscussion(Value):
    """A collective discussion (集体研究; Art. 13)."""

    on: Day | None = Field(None, title="研究日期", description="集体研究日期。")
    opinion: str | None = Field(
        None, title="研究意见", description="一致意见或者多数意见，不带句末标点。", json_schema_extra=schema_long_text()
    )
    started_at: Moment | None = Field(None, title="开始时间", description="研究开始的时间。")
    place: str | None = Field(None, title="地点", description="研究地点。")
    chair: Officer | None = Field(None, title="主持人", description="主持人及其职务，最后发言。")
    attendees: tuple[Officer, ...] = Field((), title="参加人员", description="参加研究的人员及其职务，至少二人。")
    observers: tuple[Officer, ...] = Field((), title="列席人员", description="列席的人员。")
    reporter: Officer | None = Field(None, title="汇报人", description="汇报人；不填则为案件承办人，先发言。")
    recorder: Officer | None = Field(None, title="记录人", description="记录人；不填则为书记员。")
    report: str | None = Field(
        None,
        title="承办人汇报",
        description="完整句子，写反映的问题、查明的事实、拟办意见和理由；不填则取各项请求、查明的事实、拟办结果和理由。",
        json_schema_extra=schema_long_text(),
    )
    statements: tuple[Statement, ...] = Field(
        (), title="讨论情况", description="逐人写明确的意见和理由；承办人先，主持人最后。"
    )
    result: Literal["unanimous", "majority", "none"] | None = Field(
        None,
        title="研究结果",
        description=f"{list_codes(DISCUSSED)}；不填则印方框，当场勾选。",
        json_schema_extra=schema_labels(DISCUSSED),
    )
    dissent: tuple[Statement, ...] = Field((), title="不同意见", description="少数人的意见，必须如实记入。")
    referred_to: str | None = Field(
        None, title="提请研究的人或者组织", description="未形成一致意见时，如“主办院领导”。"
    )
