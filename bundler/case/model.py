"""The model of case.json: a case with all its parts; and the JSON Schema exported from it."""

import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from bundler.case.case_closing_models import Archive, FeedbackReport, Measure, NotOurs, WriteOff
from bundler.case.case_step_models import (
    Acceptance,
    Approval,
    Assignment,
    Claim,
    CoerciveMeasure,
    EnforcementCase,
    Interview,
    Ledger,
    Procedure,
    Registration,
    Reply,
    Transfer,
)
from bundler.case.declined_petition_model import Declined
from bundler.case.field_types import Day, RelativePath, Unknown, Value, WholeNumber, YesOrNo
from bundler.case.labels import (
    CATEGORY,
    DECISION,
    LEDGERS,
    SERVICE_KIND,
    labels_of_grounds,
    list_codes,
    schema_labels,
    schema_long_text,
    schema_regulation_labels,
)
from bundler.case.meeting_models import Coordination, Hearing, Investigation
from bundler.case.people_models import People, Petitioner
from bundler.case.unenforceable_debt_models import EnforcementMeasure, FollowUp, Relief
from bundler.case.visitor_reception_models import Appointment, Reception
from bundler.regulation.file_sections import MOST_GROUNDS
from bundler.regulation.load import load_regulation
from bundler.regulation.model import Regulation
from bundler.regulation.papers import Item, notice_of

SCHEMA_NAME = "case.schema.json"
"""The file in schemas/ that holds the exported schema for editors and tools."""

Decision = Literal["pending", "accepted", "declined"]


class Material(Value):
    """A file in the case folder, and which papers it is."""

    items: tuple[Item, ...] = Field(min_length=1, title="材料项目", description="这份文件是哪几项材料。")
    file: RelativePath = Field(min_length=1, title="文件", description="相对案件文件夹的路径，用 / 分隔。")
    pages: str | None = Field(
        None,
        pattern=r"^[1-9]\d{0,4}(-[1-9]\d{0,4})?$",
        title="页码范围",
        description="只用文件的一部分时填，如“1-3”；不填为全部。",
    )
    title: str | None = Field(
        None, title="文书名称", description="目录里的名称；不填则用项目名称，证据、法律文书、其他材料用文件名。"
    )
    date: Day | None = Field(None, title="形成日期", description="落款日期或者形成日期。")
    signed_on: Day | None = Field(None, title="签收（签名）日期", description="送达回证、笔录、承诺书上的签名日期。")
    sealed: YesOrNo | None = Field(
        None, title="已盖章", description="文书上已盖院印或者公章的填 true；核销材料清单印“已盖章”。"
    )
    posted_on: Day | None = Field(None, title="交寄日期", description="邮寄凭证上的交寄日期。")
    document_no: str | None = Field(None, title="文号", description="文书的文号，照录。")
    author: str | None = Field(
        None,
        title="责任者",
        description="形成这份文书的单位或者人。不填的：本院制作的为“本院”，承诺书为信访人，交办通知为交办机关，其余留空。",
    )
    service_kind: Literal["signed", "refused", "returned", "posted", "electronic"] | None = Field(
        None,
        title="送达结果",
        description=f"{list_codes(SERVICE_KIND)}。",
        json_schema_extra=schema_labels(SERVICE_KIND),
    )


class Absent(Value):
    """A declaration that a paper truly does not exist (确无此件)."""

    item: Item = Field(title="材料项目", description="§absent")
    reason: str | None = Field(None, title="原因", description="确无此件的原因。", json_schema_extra=schema_long_text())
    approved_by: str | None = Field(None, title="批准人", description="批准人姓名。")
    approved_on: Day | None = Field(None, title="批准日期", description="批准日期。")


class Case(Value):
    """A case of enforcement petition (执行申诉信访案件)."""

    registration: Registration = Field(
        default_factory=Registration, title="信访件登记", description="§registration的登记事项。"
    )
    decision: Decision = Field(
        "pending", title="受理情况", description=f"{list_codes(DECISION)}。", json_schema_extra=schema_labels(DECISION)
    )
    petitioners: tuple[Petitioner, ...] = Field((), title="信访人", description="一名或者多名信访人。")
    enforcement_cases: tuple[EnforcementCase, ...] = Field((), title="执行案件", description="所反映的执行案件。")
    category: Literal["implementation", "review"] | None = Field(
        None,
        title="案件类别",
        description=f"{list_codes(CATEGORY)}（§acceptance、§ART07）。",
        json_schema_extra=schema_labels(CATEGORY),
    )
    ledgers: tuple[Ledger, ...] = Field(
        (),
        title="台账类别",
        description=f"{list_codes(LEDGERS)}（§ledgers）。",
        json_schema_extra=schema_labels(LEDGERS),
    )
    grounds: tuple[Annotated[WholeNumber, Field(ge=1, le=MOST_GROUNDS)], ...] = Field(
        (),
        title="受理事由",
        description="可以选几项（§acceptance）。",
        json_schema_extra=schema_regulation_labels("acceptance"),
    )
    claims: tuple[Claim, ...] = Field((), title="反映与请求", description="逐项填写；答复意见书逐项答复。")
    people: People = Field(default_factory=People, title="人员", description="本院有关人员。")
    assignment: Assignment | None = Field(None, title="交办", description="上级交办、转办、督办的情况（§assignment）。")
    feedback_report: FeedbackReport | None = Field(
        None, title="办理情况报告", description="向交办机关的报告（§handling、§assignment）。"
    )
    not_ours: NotOurs | None = Field(
        None, title="不属于本院管辖", description="不属于本院管辖范围的说明（§ART14-JURISDICTION）。"
    )
    transfer: Transfer | None = Field(None, title="转交", description="转交承办人的情况（§handling）。")
    acceptance: Acceptance | None = Field(None, title="受理", description="受理和受理告知。")
    reception: Reception | None = Field(None, title="接访", description="接待情况（§appointments）。")
    appointments: tuple[Appointment, ...] = Field((), title="预约接访", description="逐次登记的预约（§appointments）。")
    interview: Interview | None = Field(None, title="约谈", description="约谈情况（§handling）。")
    coordination: Coordination | None = Field(None, title="协调会议", description="协调会议的情况（§archive）。")
    investigations: tuple[Investigation, ...] = Field((), title="调查", description="调查情况（§inquiry）。")
    hearing: Hearing | None = Field(None, title="听证", description="听证情况（§inquiry）。")
    coercive_measure: CoerciveMeasure | None = Field(
        None, title="强制措施", description="对来访人采取的强制措施（§ART10）。"
    )
    relief: Relief | None = Field(None, title="司法救助", description="救助情况（§relief）。")
    led_into: tuple[Procedure, ...] = Field((), title="导入的程序", description="导入的法定程序（§ART07）。")
    no_procedure_reason: str | None = Field(
        None,
        title="不导入程序的理由",
        description="审查类信访案件不宜导入法定程序的，写明理由（§ART07）。",
        json_schema_extra=schema_long_text(),
    )
    approval: Approval | None = Field(None, title="审批", description="办理意见的审批（§handling）。")
    reply: Reply | None = Field(None, title="答复", description="答复意见书（§handling）。")
    enforcement_measures: tuple[EnforcementMeasure, ...] = Field(
        (),
        title="执行措施",
        description="已采取的执行措施和结果，逐项填写，用于已穷尽执行措施情况表（§ART06-MEASURES）。",
    )
    measures: tuple[Measure, ...] = Field((), title="工作措施", description="接访后采取的工作措施（§write_off）。")
    follow_ups: tuple[FollowUp, ...] = Field((), title="跟进情况", description="稳控化解的跟进（§archive）。")
    archive: Archive = Field(default_factory=Archive, title="归档", description="保管期限、存放位置等（§archive）。")
    materials: tuple[Material, ...] = Field((), title="材料", description="案件文件夹里的材料。")
    absent: tuple[Absent, ...] = Field((), title="确无此件", description="确无此件的项目。")
    declined: Declined | None = Field(None, title="不予受理", description="不予受理的项和事实（§refusal）。")
    write_off: WriteOff | None = Field(None, title="核销", description="申请核销的填写；写上即为申请核销。")

    def materials_for(self, item: Item) -> tuple[Material, ...]:
        """The materials that serve an item, in the order given."""
        return tuple(m for m in self.materials if item in m.items)

    @property
    def named_files(self) -> tuple[str, ...]:
        """Every file that the case names, once: those of its materials, then those that prove its measures."""
        proofs = (measure.proof_file for measure in self.measures if measure.proof_file)
        return tuple(dict.fromkeys((*(material.file for material in self.materials), *proofs)))

    @property
    def handler_name(self) -> str | None:
        """The handler's name; None where it is not given or unknown."""
        handler = self.people.handler
        return None if handler is None or isinstance(handler, Unknown) else handler.name

    def notice_date(self, receipt: Item) -> Day | None:
        """The date of the notice whose service a receipt proves; None where the case does not give it."""
        keys = notice_of(receipt).date_keys
        part = getattr(self, keys[0]) if keys else None
        day: Day | None = getattr(part, keys[1]) if keys and part else None
        return day


def schema_text(regulation: Regulation | None = None) -> str:
    """The schema as text: indented by two spaces, keys in the model's order, a newline at the end.

    Args:
        regulation: the court's, whose articles and grounds it names; None: the shipped one.
    """
    regulation = regulation or load_regulation()
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Case.model_json_schema()}
    return json.dumps(_with_regulation(schema, regulation), ensure_ascii=False, indent=2) + "\n"


def _with_regulation(node: Any, regulation: Regulation) -> Any:
    """A part of the schema with the names of articles and the texts of grounds filled in."""
    if isinstance(node, dict):
        filled = {key: _with_regulation(value, regulation) for key, value in node.items()}
        labels = labels_of_grounds(node, regulation)
        return _limit_to_labels(filled | {"x-labels": labels}) if labels else filled
    if isinstance(node, list):
        return [_with_regulation(one, regulation) for one in node]
    return regulation.fill(node) if isinstance(node, str) else node


def _limit_to_labels(node: dict[str, Any]) -> dict[str, Any]:
    """The schema of a field with grounds, in which only the grounds of the regulation are allowed."""
    if "items" in node:
        return node | {"items": node["items"] | {"maximum": len(node["x-labels"])}}
    allowed = {"enum": sorted(map(int, node["x-labels"]))}
    return dict(sorted((allowed | {key: node[key] for key in node if key not in {"minimum", "maximum"}}).items()))


def schema_folder() -> Path:
    """The folder of the exported schema: that of the checkout, or the data of the installed package."""
    checkout = Path(__file__).parents[2] / "schemas"
    return checkout if checkout.is_dir() else Path(__file__).parents[1] / "_data" / "schemas"
