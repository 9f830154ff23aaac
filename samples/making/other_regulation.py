"""The second court's own case: written off after enforcement, under its regulation (samples/other-regulation)."""

from __future__ import annotations

from typing import Any

from making.paper_model import BODY, SPEECH, TITLE, Cell, KeepTogether, Paper, Paragraph, Row, Sample, Scan, Table
from making.paper_templates import (
    FORM_MARGINS,
    Service,
    form,
    heading,
    label,
    paragraphs,
    receipt,
    record,
    signed,
    speech,
    value,
)

_COURT = "样某县人民法院"
_SUPERIOR = "样某市中级人民法院"
_REGISTER = "样县信2023-0007"
_NUMBER = "（2022）样0723执9105号"
_JUDGMENT = "（2022）样0723民初9062号"
_DEBTOR = "样某县样某建材有限公司"
_HOME = "样某县样某镇样东村"

_ASSIGNMENT = Paper(
    (
        *heading("关于交办邴某某执行信访事项的通知", _SUPERIOR),
        Paragraph("样中执信〔2023〕9011号", BODY, "centre", 0),
        Paragraph("", BODY),
        Paragraph(f"{_COURT}：", BODY, first=0),
        *paragraphs(
            f"""
我院收到邴某某的信访材料，反映{_NUMBER}运输合同纠纷执行一案，你院查封被执行人{_DEBTOR}的装载机后未及时处置，请求尽快处置并发放执行款。现将该事项交你院办理。
请依照规定核查、答复信访人，并于2023年4月28日前将办理情况书面报告我院。
"""
        ),
        signed(_SUPERIOR, "2023年3月3日"),
    )
)

_PETITION = Paper(
    (
        Paragraph("信访材料", TITLE, "centre", 0),
        *speech(
            f"{_SUPERIOR}：",
            f"我叫邴某某，住{_HOME}，跑货运。{_DEBTOR}欠我运费58600元，样某县法院判了，2022年9月我申请执行。",
            "11月法院查封了公司一台装载机，以后就没有动静。我去问过两次，都说在排队。车在院子里放着，一天一天折旧。",
            "请上级法院督促，把装载机卖了，把运费给我。",
            before=10,
            flush="法院：",
        ),
        KeepTogether(
            (
                Paragraph("反映人：⟦邴某某⟧◎", SPEECH, "right", 0, right=4, before=12),
                Paragraph("⟦2023年2月27日⟧", SPEECH, "right", 0, right=4),
                Paragraph("联系电话：13500000000", SPEECH, "left", 2),
            )
        ),
    ),
    margins=FORM_MARGINS,
)


def _receipt(papers: str, signature: str) -> Paper:
    return receipt(
        Service(
            "执行信访事项（运输合同纠纷执行一案）",
            f"{_REGISTER}\n{_NUMBER}",
            papers,
            "邴某某",
            _HOME,
            signature,
            issuer="齐某某",
            servers="⟦时某某　康某某⟧",
            court=_COURT,
        )
    )


_INTERVIEW = record(
    "面谈笔录",
    f"""
时间：2023年3月9日⟦9⟧时⟦00⟧分至⟦9⟧时⟦35⟧分
地点：本院信访接待室
谈话人：时某某（执行员）　　　　记录人：康某某（书记员）
被谈话人：邴某某，男，1980年6月11日出生，汉族，住{_HOME}，联系电话13500000000
与案件的关系：{_NUMBER}案申请执行人
事由：执行信访事项（登记号：{_REGISTER}）
""",
    f"""
问：我们是{_COURT}的工作人员（出示工作证件），我是案件承办人时某某，记录人是康某某。现就你反映的信访事项与你面谈。你有权陈述意见、提交材料，有权阅读笔录并要求补充、更正，有权申请回避。是否申请回避？
答：听清楚了，不申请回避。
问：请说明你反映的问题和请求。
答：公司欠我运费58600元，你们去年11月查封了装载机，到现在没有卖。请尽快卖掉，把钱给我。
告知：装载机于2022年11月8日查封，评估报告2023年1月作出，未及时上网拍卖。本院将于3月13日在网络司法拍卖平台发布公告。
问：对这个安排有什么意见？
答：同意，希望不要再拖。
问：还有无其他补充？
答：没有了。
问：请阅读笔录，核对无误后签名、捺印。
答：好的。
""",
    """
核对意见（由被谈话人亲笔书写）：
⟦以上笔录已阅，与我所述一致。⟧
被谈话人（签名、捺印）：⟦邴某某⟧◎　　　⟦2023年3月9日⟧
谈话人（签名）：⟦时某某⟧　　　　记录人（签名）：⟦康某某⟧
""",
    "被谈话人（签名捺印）：⟦邴某某⟧◎　　记录人：⟦康某某⟧",
    body=_COURT,
)

_INQUIRY = record(
    "核查笔录",
    f"""
时间：2023年3月10日⟦14⟧时⟦30⟧分至⟦14⟧时⟦50⟧分
地点：{_DEBTOR}
核查人：时某某（执行员）、皮某某（审判员）　　　　记录人：康某某（书记员）
被询问人：宁某某，男，1975年8月2日出生，汉族，{_DEBTOR}经理，住样某县样某街道
与案件的关系：被执行人的工作人员
""",
    """
问：我们是样某县人民法院的工作人员（出示工作证件）。本院查封的装载机现在放在哪里，有没有使用、转移？
答：一直放在公司院内，封条还在，没有用过。
问：公司对拍卖装载机有什么意见？
答：没有意见，卖了还运费。
问：还有无其他补充？
答：没有。
""",
    """
⟦以上笔录已阅，无误。⟧
被询问人（签名、捺印）：⟦宁某某⟧◎　　　⟦2023年3月10日⟧
核查人（签名）：⟦时某某　皮某某⟧　　　　记录人（签名）：⟦康某某⟧
""",
    "被询问人（签名捺印）：⟦宁某某⟧◎　　记录人：⟦康某某⟧",
    body=_COURT,
)

_PAYMENT = form(
    "执行款发放凭证",
    (f"案号：{_NUMBER}", "发放日期：2023年4月6日"),
    Table(
        (34, 44, 34, 44),
        (
            Row((label("收款人"), value("邴某某"), label("收款账户"), value("样某银行尾号0000"))),
            Row((label("款项来源"), value("装载机拍卖成交价款62000元（2023年3月31日到账）", 3))),
            Row((label("发放金额"), value("58600元（伍万捌仟陆佰元整）", 3))),
            Row((label("余款处理"), value("扣除评估费、执行费后退还被执行人", 3))),
            Row((label("审批"), Cell("同意发放。", 3, first=2, top=True, foot="⟦金某某　2023年4月4日⟧　")), 26),
            Row((label("收款确认"), Cell("已收到。", 3, first=2, top=True, foot="⟦邴某某⟧◎　⟦2023年4月6日⟧　")), 26),
        ),
    ),
    "",
    _COURT,
)

_APPROVAL = form(
    "办理意见呈批表",
    (f"登记号：{_REGISTER}", "呈批日期：2023年4月7日"),
    Table(
        (34, 44, 34, 44),
        (
            Row((label("信访人"), value("邴某某"), label("承办人"), value("时某某"))),
            Row((label("执行案号"), value(_NUMBER, 3))),
            Row(
                (
                    label("查明的事实"),
                    value(
                        "装载机于2022年11月8日查封，2023年1月16日评估，未及时拍卖；2023年3月13日发布拍卖公告，3月28日成交，价款62000元；4月6日向信访人发放58600元。",
                        3,
                        long=True,
                    ),
                ),
                34,
            ),
            Row(
                (label("拟办意见"), value("信访人的请求成立，已处置财产、发放执行款，拟予支持并答复。", 3, long=True)),
                24,
            ),
            Row((label("承办人"), Cell("", 3, foot="⟦时某某　2023年4月7日⟧　")), 18),
            Row(
                (
                    label("主办院领导\n意见"),
                    Cell("⟦同意。⟧", 3, first=2, top=True, foot="⟦金某某　2023年4月10日⟧　"),
                ),
                30,
            ),
        ),
    ),
    "",
    _COURT,
)

_JUDGMENT_PAPER = Paper(
    (
        *heading("民事判决书", _COURT),
        Paragraph("", BODY),
        Paragraph(_JUDGMENT, BODY, "right", 0, right=1),
        *paragraphs(
            f"""
原告：邴某某，男，1980年6月11日出生，汉族，住{_HOME}。
被告：{_DEBTOR}，住所地样某县样某镇工业园5号。
原告邴某某与被告{_DEBTOR}运输合同纠纷一案，本院于2022年5月16日立案，公开开庭进行了审理。本案现已审理终结。
本院查明：2021年3月至12月，原告为被告运输砂石，双方于2022年1月20日结算，被告尚欠运费58600元，出具结算单一份。
本院认为，双方的运输合同合法有效，被告应当支付尚欠的运费。依照有关法律规定，判决如下：
被告{_DEBTOR}于本判决生效之日起十日内支付原告邴某某运费58600元。
"""
        ),
        KeepTogether(
            (
                Paragraph("审　判　员　　贺某某", BODY, "right", 0, right=2, before=10),
                Paragraph("二〇二二年七◉月十八日", BODY, "right", 0, right=2),
                Paragraph("书　记　员　　伍某某", BODY, "right", 0, right=2),
            )
        ),
    ),
    foot="－{page}－",
)

_COMMITMENT = Paper(
    (
        Paragraph("息访承诺书", TITLE, "centre", 0),
        Paragraph(f"{_COURT}：", SPEECH, first=0, before=10),
        Paragraph(
            f"本人邴某某就{_NUMBER}案反映的处置装载机、发放执行款问题（登记号：{_REGISTER}），你院已与本人面谈，已于2023年4月12日向本人送达答复意见书。本人已于2023年4月6日收到执行款58600元。",
            SPEECH,
        ),
        Paragraph("本人对办理结果没有不同意见，不再就同一事项信访。本承诺是本人真实意思。", SPEECH),
        KeepTogether(
            (
                Paragraph("承诺人：⟦邴某某⟧◎", SPEECH, "right", 0, right=4, before=12),
                Paragraph("⟦2023年4月17日⟧", SPEECH, "right", 0, right=4),
            )
        ),
    ),
    margins=FORM_MARGINS,
)

_CASE: dict[str, Any] = {
    "registration": {
        "no": _REGISTER,
        "received_on": "2023-03-06",
        "registered_on": "2023-03-06",
        "channel": "letter",
        "source": "上级法院交办",
        "nature": "complaint",
        "visit_no": 1,
        "summary": f"信访人反映，{_NUMBER}案查封被执行人{_DEBTOR}的装载机后未及时处置，请求尽快处置并发放执行款。",
        "brief": "未及时处置查封的装载机问题",
        "proposed_opinion": "该事项属《办理规程》第六条第（二）项所列信访事由，拟予受理，转案件承办人时某某办理，由副院长金某某主办。",
        "papers": [{"name": "信访材料", "copies": 1, "original": False}],
        "system_no": "样县0007",
        "system_on": "2023-03-06",
    },
    "decision": "accepted",
    "petitioners": [
        {
            "kind": "person",
            "name": "邴某某",
            "phone": "13500000000",
            "sex": "男",
            "ethnicity": "汉族",
            "birth_date": "1980-06-11",
            "address": _HOME,
            "role": "party",
            "position": "applicant",
        }
    ],
    "enforcement_cases": [
        {
            "no": _NUMBER,
            "cause": "运输合同纠纷",
            "parties": {"applicants": ["邴某某"], "respondents": [_DEBTOR]},
            "filed_on": "2022-09-05",
        }
    ],
    "category": "implementation",
    "ledgers": ["supervised"],
    "grounds": [2],
    "claims": [
        {
            "title": "处置查封的装载机",
            "statement": "本院查封装载机后未及时处置",
            "demand": "尽快处置装载机，发放执行款",
            "facts": "本院于2022年11月8日查封被执行人的装载机，2023年1月16日作出评估报告后未及时拍卖。收到你的信访材料后，本院于2023年3月13日发布拍卖公告，3月28日以62000元成交，价款于3月31日到账",
            "outcome": "supported",
            "result": "已处置装载机，执行到位58600元",
            "measures": [{"on": "2023-04-06", "text": "将执行款58600元发放至你的账户", "done": True}],
        }
    ],
    "people": {
        "handler": {"name": "时某某", "title": "执行员", "phone": "000-11111112"},
        "leader": {"name": "金某某", "title": "副院长", "post": "vice_president"},
        "co_handler": {"name": "皮某某", "title": "审判员"},
        "team": {"name": "齐某某", "title": "法官助理"},
        "clerk": {"name": "康某某", "title": "书记员"},
        "registrar": {"name": "伍某某", "title": "书记员"},
        "contact": {"name": "齐某某", "title": "法官助理", "phone": "000-11111113"},
    },
    "assignment": {
        "body": _SUPERIOR,
        "kind": "交办",
        "notice_title": "关于交办邴某某执行信访事项的通知",
        "notice_no": "样中执信〔2023〕9011号",
        "received_on": "2023-03-06",
        "feedback_due": "2023-04-28",
        "feedback_on": "2023-04-24",
    },
    "transfer": {"transferred_on": "2023-03-07", "received_on": "2023-03-07", "attachments": ["信访材料"]},
    "acceptance": {"accepted_on": "2023-03-07", "notice_on": "2023-03-07", "service_method": "direct"},
    "interview": {
        "held_on": "2023-03-09",
        "started_at": "2023-03-09T09:00",
        "place": "本院信访接待室",
    },
    "investigations": [
        {
            "on": "2023-03-10",
            "subject": f"{_DEBTOR}经理宁某某",
            "finding": "装载机存放在公司院内，封条完好，未使用、转移",
        }
    ],
    "approval": {"leader_consent": {"by": "金某某", "on": "2023-04-10"}, "submitted_on": "2023-04-07"},
    "reply": {
        "replied_on": "2023-04-11",
        "service_method": "direct",
        "file_reviewed": True,
        "case_facts": f"你与{_DEBTOR}运输合同纠纷一案，本院于2022年7月18日作出{_JUDGMENT}民事判决。因{_DEBTOR}未履行生效法律文书确定的义务，你申请执行，本院于2022年9月5日立案，案号为{_NUMBER}，申请执行标的为58600元。",
    },
    "measures": [
        {
            "on": "2023-03-09",
            "action": "与信访人面谈，告知处置装载机的安排，听取意见",
            "by": "时某某",
            "proof": "面谈笔录",
            "proof_file": "materials/面谈笔录.pdf",
        },
        {
            "on": "2023-03-10",
            "action": "到被执行人处核查装载机的存放情况",
            "by": "时某某",
            "proof": "核查笔录",
            "proof_file": "materials/核查笔录.pdf",
        },
        {
            "on": "2023-04-06",
            "action": "将装载机拍卖所得执行款58600元发放给信访人，执行到位",
            "by": "时某某",
            "proof": "执行款发放凭证",
            "proof_file": "materials/执行款发放凭证.jpg",
        },
    ],
    "archive": {
        "retention": "30年",
        "location": "本院档案室信访柜第1排",
        "filed_by": "康某某",
        "filed_on": "2023-04-19",
        "checked_by": "齐某某",
    },
    "materials": [
        {
            "items": ["superior_notice"],
            "file": "materials/交办通知.jpg",
            "title": "关于交办邴某某执行信访事项的通知",
            "date": "2023-03-03",
            "document_no": "样中执信〔2023〕9011号",
            "author": _SUPERIOR,
        },
        {
            "items": ["acceptance_service"],
            "file": "materials/受理通知送达回证.jpg",
            "title": "送达回证（受理告知书）",
            "date": "2023-03-08",
            "signed_on": "2023-03-08",
            "service_kind": "signed",
        },
        {
            "items": ["investigation"],
            "file": "materials/核查笔录.pdf",
            "title": "核查笔录",
            "date": "2023-03-10",
            "signed_on": "2023-03-10",
        },
        {
            "items": ["interview", "conversation_record"],
            "file": "materials/面谈笔录.pdf",
            "title": "面谈笔录",
            "date": "2023-03-09",
            "signed_on": "2023-03-09",
        },
        {
            "items": ["evidence"],
            "file": "materials/执行款发放凭证.jpg",
            "title": "执行款发放凭证",
            "date": "2023-04-06",
        },
        {
            "items": ["approval"],
            "file": "materials/办理意见呈批表.jpg",
            "title": "办理意见呈批表",
            "date": "2023-04-10",
            "signed_on": "2023-04-10",
        },
        {
            "items": ["reply_service"],
            "file": "materials/答复意见书送达回证.jpg",
            "title": "送达回证（答复意见书）",
            "date": "2023-04-12",
            "signed_on": "2023-04-12",
            "service_kind": "signed",
        },
        {
            "items": ["legal_document"],
            "file": "materials/民事判决书.tif",
            "title": "民事判决书",
            "date": "2022-07-18",
            "document_no": _JUDGMENT,
            "sealed": True,
        },
        {
            "items": ["commitment"],
            "file": "materials/息访承诺书.jpg",
            "title": "息访承诺书",
            "date": "2023-04-17",
            "signed_on": "2023-04-17",
            "author": "邴某某",
        },
        {
            "items": ["other"],
            "file": "materials/信访材料.jpg",
            "title": "信访材料",
            "date": "2023-02-27",
            "author": "邴某某",
        },
    ],
    "absent": [
        {
            "item": "hearing_record",
            "reason": "本案事实清楚，没有组织听证、评议",
            "approved_by": "金某某",
            "approved_on": "2023-04-18",
        }
    ],
    "write_off": {
        "requested_on": "2023-04-20",
        "resolution": ["enforced"],
        "effect": "查封的装载机已拍卖成交，执行款58600元已于2023年4月6日发放给信访人。答复意见书已于2023年4月12日送达，信访人于2023年4月17日签署承诺书。",
        "status": "申请执行标的已全部执行到位。",
        "payments": [{"on": "2023-04-06", "name": "执行款", "amount": "58600"}],
        "superior_court": _SUPERIOR,
    },
}

OTHER_REGULATION = Sample(
    "other-regulation/case",
    _CASE,
    (
        Scan("交办通知.jpg", (_ASSIGNMENT,), "jpeg"),
        Scan("受理通知送达回证.jpg", (_receipt("受理告知书　1份", "⟦邴某某⟧◎　⟦2023年3月8日10时⟧　"),), "jpeg"),
        Scan("核查笔录.pdf", (_INQUIRY,), "pdf"),
        Scan("面谈笔录.pdf", (_INTERVIEW,), "pdf"),
        Scan("执行款发放凭证.jpg", (_PAYMENT,), "jpeg"),
        Scan("办理意见呈批表.jpg", (_APPROVAL,), "jpeg"),
        Scan("答复意见书送达回证.jpg", (_receipt("答复意见书　1份", "⟦邴某某⟧◎　⟦2023年4月12日15时⟧　"),), "jpeg"),
        Scan("民事判决书.tif", (_JUDGMENT_PAPER,), "tiff-g4"),
        Scan("息访承诺书.jpg", (_COMMITMENT,), "jpeg"),
        Scan("信访材料.jpg", (_PETITION,), "jpeg"),
    ),
)
