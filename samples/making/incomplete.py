"""An incomplete case: no receipt of the acceptance notice, a missing file, a mistyped number, no approval."""

from __future__ import annotations

from typing import Any

from making.paper_model import Sample, Scan
from making.paper_templates import Service, receipt, record

_REGISTER = "钢信执2021-0063"
_NUMBER = "（2021）鲁0117执9021号"
_HOME = "济南市钢城区样某街道样南村"

_TALK = record(
    "约谈（谈话）笔录",
    """
时间：2021年10月27日⟦9⟧时⟦00⟧分至⟦9⟧时⟦40⟧分
地点：本院执行信访接待室
约谈人：曹某某（执行员）　　　　记录人：严某某（书记员）
被约谈人：华某某，女，1979年3月14日出生，汉族，住济南市钢城区样某街道样南村，联系电话13700000000
与案件的关系：（2021）鲁0117执9021号案申请执行人
事由：执行申诉信访事项（登记号：钢信执2021-0063）
""",
    """
问：我们是济南市钢城区人民法院的工作人员（出示工作证件），我是案件承办人曹某某，记录人是严某某。现就你反映的信访事项与你谈话。你有权陈述意见、提交材料，有权阅读笔录并要求补充、更正，有权申请回避。以上内容你听清楚了吗？是否申请回避？
答：听清楚了，不申请回避。
问：请说明你反映的问题和具体请求。
答：我和姜某某离婚，法院判他每月给孩子抚养费900元。今年2月我申请执行，前三个月按时给了，6月以后又不给了。我打电话问，说人找不到。我请求法院把他拖欠的抚养费执行回来。
问：你知道姜某某现在的住处或者工作单位吗？
答：听他同学说在外地一个物流园开车，哪个公司不清楚。他的手机能打通，就是不接我的电话。
告知：收到你的材料后，本院于2021年10月25日通过网络执行查控系统进行了查询，查到姜某某名下一个工资账户，由外地一家物流公司按月打款，目前余额1260.50元，已经冻结。本院准备向该公司发出协助执行通知书，按月扣留、提取应当支付的抚养费。
问：对上述情况你有什么意见？
答：同意这样做。以前拖的6月到10月五个月，一共4500元，也要给。
问：拖欠部分一并在执行范围内。孩子目前由谁抚养，生活有无特殊困难，是否申请司法救助？
答：孩子跟着我，上小学四年级。我在超市上班，能维持，暂时不申请救助。
问：还有无其他补充？
答：没有了，希望能按月打过来，不用每次都来找。
问：请阅读笔录。记录有遗漏或者差错的，可以补充、更正。核对无误后请逐页签名、捺印。
答：好的。
""",
    """
核对意见（由被约谈人亲笔书写）：
⟦以上笔录已阅，与我所述一致。⟧
被约谈人（签名、捺印）：⟦华某某⟧◎　　　⟦2021年10月27日⟧
约谈人（签名）：⟦曹某某⟧　　　　记录人（签名）：⟦严某某⟧
""",
    "被约谈人（签名捺印）：⟦华某某⟧◎　　记录人：⟦严某某⟧",
)

_RECEIPT = receipt(
    Service(
        "执行申诉信访事项（抚养费纠纷执行一案）",
        f"{_REGISTER}\n{_NUMBER}",
        "执行申诉信访事项答复意见书　1份",
        "华某某",
        _HOME,
        "⟦华某某⟧◎　⟦2021年12月3日16时⟧　",
        issuer="陶某某",
        servers="⟦曹某某　严某某⟧",
    )
)

_CASE: dict[str, Any] = {
    "registration": {
        "no": _REGISTER,
        "received_on": "2021-10-25",
        "registered_on": "2021-10-25",
        "channel": "visit",
        "source": "来访",
        "nature": "complaint",
        "visit_no": 1,
        "summary": f"信访人反映，{_NUMBER}案被执行人自2021年6月起未支付抚养费，本院未及时采取执行措施，请求执行拖欠的抚养费。",
        "brief": "未及时执行拖欠的抚养费问题",
        "proposed_opinion": "该事项属《实施意见》第六条第（二）项所列信访事由，拟予受理，转案件承办人曹某某办理，由副院长戚某某主办。",
        "system_no": "样0063",
        "system_on": "2021-10-25",
    },
    "decision": "accepted",
    "petitioners": [
        {
            "kind": "person",
            "name": "华某某",
            "phone": "13700000000",
            "sex": "女",
            "ethnicity": "汉族",
            "birth_date": "1979-03-14",
            "address": _HOME,
            "role": "party",
            "position": "applicant",
        }
    ],
    "enforcement_cases": [
        {
            "no": "(2021)鲁0117执9021号",
            "cause": "抚养费纠纷",
            "parties": {"applicants": ["华某某"], "respondents": ["姜某某"]},
            "filed_on": "2021-02-24",
        }
    ],
    "category": "implementation",
    "grounds": [2],
    "claims": [
        {
            "title": "执行拖欠的抚养费",
            "statement": "被执行人自2021年6月起未支付抚养费，本院未及时采取执行措施",
            "demand": "执行拖欠的抚养费",
            "facts": "本院于2021年10月25日通过网络执行查控系统查询，冻结被执行人名下工资账户；于2021年11月2日向其所在单位发出协助执行通知书，该单位自2021年11月起按月扣留、提取",
            "outcome": "supported",
            "measures": [{"on": "2021-11-29", "text": "将扣留、提取的抚养费4500元发放至你的账户"}],
        }
    ],
    "people": {
        "handler": {"name": "曹某某", "title": "执行员", "phone": "0531-00000003"},
        "leader": {"name": "戚某某", "title": "副院长", "post": "vice_president"},
        "co_handler": {"name": "谢某某", "title": "审判员"},
        "team": {"name": "陶某某", "title": "法官助理"},
        "first_contact": {"name": "陶某某", "title": "法官助理"},
        "clerk": {"name": "严某某", "title": "书记员"},
        "contact": {"name": "陶某某", "title": "法官助理", "phone": "0531-00000000"},
    },
    "transfer": {"transferred_on": "2021-10-25", "received_on": "2021-10-25"},
    "acceptance": {"accepted_on": "2021-10-26", "notice_on": "2021-10-26", "service_method": "direct"},
    "interview": {"held_on": "2021-10-27", "started_at": "2021-10-27T09:00", "place": "本院执行信访接待室"},
    "reply": {"replied_on": "2021-12-02", "service_method": "direct", "file_reviewed": True},
    "materials": [
        {
            "items": ["interview"],
            "file": "materials/约谈笔录.pdf",
            "title": "约谈（谈话）笔录",
            "date": "2021-10-27",
            "signed_on": "2021-10-27",
        },
        {
            "items": ["evidence"],
            "file": "materials/协助执行通知书回执.pdf",
            "title": "协助执行通知书及回执",
            "date": "2021-11-05",
        },
        {
            "items": ["reply_service"],
            "file": "materials/答复意见书送达回证.jpg",
            "title": "送达回证（答复意见书）",
            "date": "2021-12-03",
            "signed_on": "2021-12-03",
            "service_kind": "signed",
        },
    ],
    "absent": [
        {
            "item": "leader_instruction",
            "reason": "本案系信访人来访，由执行信访团队直接登记转办，未呈送院领导批示",
            "approved_by": "戚某某",
            "approved_on": "2021-12-06",
        },
        {
            "item": "investigation",
            "reason": "本案事实经网络查控和查阅执行卷宗即可查清，未另行制作调查笔录",
            "approved_by": "戚某某",
            "approved_on": "2021-12-06",
        },
    ],
}

INCOMPLETE = Sample(
    "incomplete",
    _CASE,
    (Scan("约谈笔录.pdf", (_TALK,), "pdf"), Scan("答复意见书送达回证.jpg", (_RECEIPT,), "jpeg")),
)
