"""The articles of the regulation by name, and the grounds that Art. 6 and 15 list."""

from __future__ import annotations

ART_4 = "第四条"
ART_5 = "第五条"
ART_6A = "第六条（受理事由）"
ART_6B = "第六条（实施类原则）"
ART_7 = "第七条"
ART_8 = "第八条"
ART_10 = "第十条"
ART_11 = "第十一条"
ART_12 = "第十二条"
ART_13 = "第十三条"
ART_14 = "第十四条"
ART_15 = "第十五条"
ART_16 = "第十六条"

ARTICLES: tuple[str, ...] = (
    ART_4,
    ART_5,
    ART_6A,
    ART_6B,
    ART_7,
    ART_8,
    ART_10,
    ART_11,
    ART_12,
    ART_13,
    ART_14,
    ART_15,
    ART_16,
)
"""The articles that findings name, in the order in which findings are sorted."""

ACCEPTANCE_GROUNDS: dict[int, str] = {
    1: "执行人员具有法定回避情形，不依法回避的",
    2: "执行人员对具备执行条件的案件，拖延执行、不予执行、久执未果或应当采取执行措施未及时采取的",
    3: "执行人员在执行程序中违法采取强制措施的",
    # The text as issued has 无法法律依据, one character too many.
    4: "执行人员在执行过程中超标的查封、冻结、扣押、处分被执行人的财产，超期限查封、冻结、扣押被执行财产或无法律依据解除"
    "已被查封、冻结、扣押被执行财产的",
    5: "错误变更、追加被执行主体或应当变更、追加被执行主体而不变更、追加的",
    6: "执行人员违法执行第三人财产或应当执行第三人财产而不予执行的",
    7: "执行人员拖延发放执行款或其他财产及违反法律规定对案件暂缓执行、中止执行、终结执行的",
    8: "其他属于涉执信访的事项",
}
"""What a party or an interested third person may complain of (Art. 6, grounds of acceptance)."""

REFUSAL_GROUNDS: dict[int, str] = {
    1: "信访人反映的案件信息不明确，且无法联系到信访人进行核实，或经与信访人沟通后，无法确认对应的执行案件",
    2: "信访人未反映执行案件问题，仅反映执行干警存在工作作风、廉洁纪律等问题，已将信访材料移送纪检等部门，并向信访人释明",
    3: "信访人不是所反映执行案件的当事人、利害关系人，也未受当事人、利害关系人委托",
    4: "信访人反映的问题依法应通过审判、国家赔偿、破产等其他法定程序处理，已将材料移送相关部门，并向信访人释明",
    5: "信访人反映的问题不属于人民法院管辖范围，已向其释明救济途径",
    6: "信访人反映的不是本院的执行案件，已向信访人释明",
    7: "信访人反映的执行案件已依法提级、指定其他法院执行，并向信访人释明",
}
"""Grounds on which a petition may be declined (Art. 15), once what the item asks for has been done."""
