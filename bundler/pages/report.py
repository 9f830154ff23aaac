"""What report.pdf prints, as plain data; its words stand in ``templates/pages/report.html``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from bundler.documents.views.case_view import Rule


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """A figure of the summary."""

    label: Annotated[str, "项目"]
    value: Annotated[str, "数值"]
    note: Annotated[str, "说明"]


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a chart, in one or two parts; lengths in tenths of a millimetre."""

    label: Annotated[str, "名称"]
    good: Annotated[int, "第一段长度"]
    bad: Annotated[int, "第二段长度"]
    text: Annotated[str, "数字"]
    line: Annotated[bool, "上面画期限线：从这一条起超过期限"]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of lying bars."""

    title: Annotated[str, "标题"]
    note: Annotated[str, "说明"]
    good: Annotated[str, "第一段的图例"]
    bad: Annotated[str | None, "第二段的图例"]
    bars: Annotated[tuple[Bar, ...], "各条"]


@dataclass(frozen=True, slots=True)
class OfficerLine:
    """An officer in charge (Art. 17)."""

    name: Annotated[str, "案件承办人"]
    cases: Annotated[int, "案件数"]
    bundled: Annotated[int, "成卷"]
    returned: Annotated[int, "退回补正"]
    replied: Annotated[int, "已答复"]
    late_interviews: Annotated[int, "约谈超期"]
    late_replies: Annotated[int, "答复超期"]
    average_reply: Annotated[str, "答复平均工作日"]


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case of the list."""

    number: Annotated[str, "登记号或者文件夹名"]
    petitioners: Annotated[str, "信访人"]
    kind: Annotated[Literal["归档", "核销", "不予受理归档"], "类别"]
    status: Annotated[Literal["成卷", "退回补正"], "结果"]
    handler: Annotated[str, "承办人"]
    received_on: Annotated[date | None, "收到日期"]
    overdue: Annotated[int, "最多超期天数"]
    pages: Annotated[int, "页数"]
    faults: Annotated[str, "缺少的材料和其他问题"]


@dataclass(frozen=True, slots=True)
class RemovedLine:
    """An output moved aside."""

    file: Annotated[str, "文件"]
    case: Annotated[str, "原案件文件夹"]


@dataclass(frozen=True, slots=True)
class ReportView:
    """The names that ``templates/pages/report.html`` may use."""

    court: Annotated[str, "法院名称"]
    rule: Annotated[Rule, "规定"]
    today: Annotated[date, "检查日期"]
    total: Annotated[int, "案件总数"]
    bundled: Annotated[int, "成卷"]
    returned: Annotated[int, "退回补正"]
    submitted: Annotated[int, "报请核销"]
    summary: Annotated[tuple[SummaryLine, ...], "汇总"]
    charts: Annotated[tuple[Chart, ...], "图"]
    officers: Annotated[tuple[OfficerLine, ...], "承办人"]
    cases: Annotated[tuple[CaseLine, ...], "案件"]
    removed: Annotated[tuple[RemovedLine, ...], "移出的旧卷"]
