"""Model of a declined petition (不予受理; Art. 15): its ground, and the facts that this ground requires."""

from typing import Annotated, Literal

from pydantic import Field

from bundler.case.field_types import Day, ServiceMethod, Value, WholeNumber, YesOrNo
from bundler.case.labels import (
    OTHER_PROCEDURE,
    SERVICE_METHOD,
    list_codes,
    schema_labels,
    schema_long_text,
    schema_regulation_labels,
)
from bundler.regulation.file_sections import MOST_GROUNDS


class ContactAttempt(Value):
    """An attempt to reach the petitioner (Art. 15, item 1)."""

    on: Day | None = Field(None, title="日期", description="联系的日期。")
    means: str | None = Field(None, title="方式", description="如“电话”“短信”“信函”。")


class TransferredTo(Value):
    """To whom and when the papers were handed on (Art. 15, items 2 and 4)."""

    department: str | None = Field(None, title="接收部门", description="接收材料的部门，如“本院督察部门”。")
    on: Day | None = Field(None, title="移送日期", description="移送日期。")
    document_no: str | None = Field(None, title="移送文号", description="没有的不填。")


class ReturnedPapers(Value):
    """Papers returned to the petitioner."""

    name: str = Field(title="材料名称", description="退还的材料。")
    on: Day | None = Field(None, title="退还日期", description="不填则为随告知书退还。")


class Declined(Value):
    """A declined matter: its ground (1-7) and that ground's facts."""

    ground: Annotated[WholeNumber, Field(ge=1, le=MOST_GROUNDS)] = Field(
        title="不予受理的项", description="选一项（§refusal）。", json_schema_extra=schema_regulation_labels("refusal")
    )
    notice_on: Day | None = Field(None, title="释明告知书日期", description="不予受理释明告知书的落款日期。")
    service_method: ServiceMethod | None = Field(
        None,
        title="送达方式",
        description=f"{list_codes(SERVICE_METHOD)}。",
        json_schema_extra=schema_labels(SERVICE_METHOD),
    )
    explained_on: Day | None = Field(
        None, title="释明日期", description="当面或者书面释明的日期；有注明日期的释明记录时填。"
    )
    explained_how: str | None = Field(None, title="释明方式", description="如“当面”“电话”。")
    contact_attempts: tuple[ContactAttempt, ...] = Field(
        (), title="联系记录", description="第§g1项：无法联系的各次联系。"
    )
    talked_on: Day | None = Field(None, title="沟通日期", description="第§g1项：沟通后仍无法确认案件的日期。")
    conduct_subject: Literal["工作作风", "廉洁纪律"] | None = Field(
        None, title="所涉方面", description="第§g2项：工作作风或者廉洁纪律；不写被反映人。"
    )
    transferred_to: TransferredTo | None = Field(None, title="移送", description="第§g2§g4项：移送部门和日期。")
    standing_checked: str | None = Field(
        None, title="核对方式", description="第§g3项：如何核对信访人的身份。", json_schema_extra=schema_long_text()
    )
    other_procedure: Literal["trial", "compensation", "bankruptcy", "other"] | None = Field(
        None,
        title="其他法定程序",
        description=f"第§g4项：{list_codes(OTHER_PROCEDURE)}。",
        json_schema_extra=schema_labels(OTHER_PROCEDURE),
    )
    procedure_name: str | None = Field(None, title="程序名称", description="第§g4项“其他”：程序名称。")
    judgment_no: str | None = Field(None, title="执行依据文号", description="第§g4项“审判”：有异议的裁判文书文号。")
    bankrupt: str | None = Field(None, title="破产的被执行人", description="第§g4项“破产”：被执行人名称。")
    employee_claim: YesOrNo | None = Field(
        None,
        title="职工债权",
        description="第§g4项“破产”：信访人的债权是劳动报酬、经济补偿等职工债权 true，须申报的债权 false；不填用两可的写法。",
    )
    bankruptcy_court: str | None = Field(None, title="破产受理法院", description="第§g4项“破产”：法院全称。")
    bankruptcy_no: str | None = Field(None, title="破产案号", description="第§g4项“破产”：案号。")
    administrator: str | None = Field(None, title="管理人", description="第§g4项“破产”：管理人名称。")
    matter: str | None = Field(None, title="反映的事项", description="第§g5项：名词短语，不带标点。")
    competent_body: str | None = Field(None, title="有权机关", description="第§g5项：依照职责处理的机关。")
    remedy: str | None = Field(None, title="救济途径", description="第§g5项：告知的途径，如“申请仲裁”。")
    enforcing_court: str | None = Field(None, title="现执行法院", description="第§g6§g7项：执行该案的法院全称。")
    superior_court: str | None = Field(None, title="上级法院", description="第§g7项：提级或者指定的法院。")
    instrument: str | None = Field(
        None, title="文书名称及文号", description="第§g7项：如“（2021）鲁01执监9009号执行裁定书”。"
    )
    designated: YesOrNo | None = Field(
        None,
        title="指定执行",
        description="第§g7项：指定执行 true，提级执行 false；不填则看现执行法院是不是上级法院。",
    )
    new_case_no: str | None = Field(None, title="现执行案号", description="第§g7项：现执行法院的案号。")
    phone: str | None = Field(None, title="对方电话", description="管理人或者对方法院的联系电话，可不填。")
    returned: ReturnedPapers | None = Field(None, title="退还材料", description="退还信访人提交的材料；没有的不填。")
