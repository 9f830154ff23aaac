"""Models of how visitors are received (接访): appointments, and the reception of Art. 8."""

from typing import Literal

from pydantic import Field

from bundler.case.field_types import Day, Moment, Value, YesOrNo
from bundler.case.labels import APPOINTMENT_OUTCOME, list_codes, schema_labels, schema_long_text
from bundler.case.people_models import Officer


class Appointment(Value):
    """A reception by appointment (预约接访), arranged with the enforcement judge (Art. 8)."""

    reserved_for: Moment | None = Field(None, title="预约时间", description="预约的接待时间。")
    place: str | None = Field(None, title="接待地点", description="接待地点。")
    visitor: str | None = Field(None, title="来访人", description="来访人姓名；不填为全部信访人。")
    matter: str | None = Field(None, title="预约事项", description="要求解答的事项；不填则用短事由。")
    receiver: Officer | None = Field(
        None,
        title="接待人",
        description="预约的接待人及其职务、职级（§appointments）；不填则用人员里的接待人或者案件承办人。",
    )
    arranged_by: str | None = Field(None, title="联系人", description="与执行法官联系确定时间的信访接待人员。")
    arranged_with: str | None = Field(None, title="商定的执行法官", description="与哪一名执行法官商定了时间。")
    outcome: Literal["received", "absent", "moved", "cancelled"] | None = Field(
        None,
        title="预约结果",
        description=f"{list_codes(APPOINTMENT_OUTCOME)}；到时再填，不填为还没有到时。",
        json_schema_extra=schema_labels(APPOINTMENT_OUTCOME),
    )
    answer: str | None = Field(
        None,
        title="接待情况",
        description="解答了什么、信访人的意见，完整句子；接待后填写。",
        json_schema_extra=schema_long_text(),
    )


class Reception(Value):
    """The reception (接访) of Art. 8."""

    received_at: Day | None = Field(None, title="接待日期", description="实际接待的日期。")
    repeated: YesOrNo = Field(False, title="重复来访", description="执行当事人重复来访。")
    major: YesOrNo = Field(False, title="重大复杂", description="重大复杂信访案件。")
    appointment: Appointment | None = Field(
        None, title="本次接待的预约", description="本次接待的预约；几次预约逐次登记在“预约接访”里。"
    )
