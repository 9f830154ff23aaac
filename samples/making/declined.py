"""A declined petition (Art. 15, item 4): the debtor is bankrupt, so the claim belongs in the bankruptcy procedure."""

from __future__ import annotations

from typing import Any

from making.paper_model import BODY, SPEECH, TITLE, Cell, KeepTogether, Paper, Paragraph, Row, Sample, Scan, Table
from making.paper_templates import FORM_MARGINS, Service, form, label, paragraphs, receipt, speech, value

_REGISTER = "钢信执2021-0071"
_NUMBER = "（2020）鲁0117执9033号"
_BANKRUPTCY = "（2021）鲁0117破9003号"
_DEBTOR = "钢城区样某纺织有限公司"
_HOME = "济南市钢城区样某街道样北村"

_HANDOVER = form(
    "信访材料移送函",
    (f"登记号：{_REGISTER}", "移送日期：2021年10月20日"),
    Table(
        (30, 48, 30, 48),
        (
            Row((label("移送部门"), value("执行局（执行信访团队）"), label("接收部门"), value("破产审判团队"))),
            Row((label("信访人"), value("辛某某（申请执行人）"), label("收到日期"), value("2021年10月18日"))),
            Row((label("执行案号"), value(_NUMBER), label("破产案号"), value(_BANKRUPTCY)), 12),
            Row(
                (
                    label("移送内容"),
                    Cell(
                        f"信访人辛某某反映{_NUMBER}劳动争议执行一案中，被执行人{_DEBTOR}欠付其劳动报酬及经济补偿36800元，要求对该公司的厂房、设备恢复执行。经核查，该公司已于2021年6月15日由本院裁定受理破产清算，管理人为样某律师事务所，上述劳动报酬、经济补偿由管理人调查后列出清单并公示，应当在破产程序中清偿。现将信访人提交的材料移送你团队，请转交管理人审查，并将办理情况告知执行信访团队。",
                        3,
                        align="justify",
                        first=2,
                        top=True,
                    ),
                ),
                54,
            ),
            Row(
                (
                    label("移送清单"),
                    value(
                        "1.信访材料（来访登记时提交）1份3页\n2.劳动争议仲裁裁决书复印件1份6页\n3.工资欠条复印件1份1页\n4.信访人身份证复印件1份1页",
                        3,
                    ),
                ),
                32,
            ),
            Row(
                (
                    label("移送人"),
                    Cell(
                        "\n\n\n　　　　　　　　　　　　　　　　　◉",
                        3,
                        top=True,
                        foot="执行信访团队　⟦潘某某⟧　⟦2021年10月20日⟧　",
                    ),
                ),
                44,
            ),
            Row(
                (
                    label("接收人"),
                    Cell(
                        "材料与清单核对一致，已收到。",
                        3,
                        first=2,
                        top=True,
                        foot="破产审判团队　⟦葛某某　2021年10月20日⟧　",
                    ),
                ),
                26,
            ),
        ),
    ),
    "注：本函一式二份，移送部门、接收部门各执一份。",
)

_RECEIPT = receipt(
    Service(
        "执行申诉信访事项（劳动争议执行一案）",
        f"{_REGISTER}\n{_NUMBER}",
        "执行申诉信访事项不予受理释明告知书　1份",
        "辛某某",
        _HOME,
        "⟦辛某某⟧◎　⟦2021年10月22日9时⟧　",
        issuer="潘某某",
        servers="⟦潘某某　范某某⟧",
        remark="送达时当面说明：劳动报酬、经济补偿由管理人调查后列出清单并公示，有异议的可以要求管理人更正；并告知管理人的联系方式。",
    )
)

_RULING = Paper(
    (
        Paragraph("山东省济南市钢城区人民法院", TITLE, "centre", 0),
        Paragraph("民事裁定书", TITLE, "centre", 0),
        Paragraph("", BODY),
        Paragraph(_BANKRUPTCY, BODY, "right", 0, right=1),
        *paragraphs(
            f"""
申请人：样某棉业有限公司，住所地样某市样某区样某路9号。
法定代表人：鲁某某，经理。
被申请人：{_DEBTOR}，住所地济南市钢城区样某工业园21号。
法定代表人：苗某某，执行董事。
2021年5月20日，申请人样某棉业有限公司以被申请人{_DEBTOR}不能清偿到期债务，并且明显缺乏清偿能力为由，向本院申请对该公司进行破产清算。本院依法通知了被申请人，被申请人在法定期限内未提出异议。
本院查明：{_DEBTOR}成立于2009年8月，登记机关为济南市钢城区市场监督管理部门，企业类型为有限责任公司，经营范围为纺织品的生产、销售。申请人对被申请人享有经生效判决确认的债权1273500元，经强制执行未获清偿。以该公司为被执行人的案件，本院尚有17件未执行完毕，未履行标的合计640余万元。该公司已停止生产，现有厂房、织机等资产经初步评估约310万元，且厂房设有抵押。
本院认为，被申请人系企业法人，住所地在本院辖区，本院对本案有管辖权。申请人对被申请人享有到期债权，被申请人不能清偿到期债务，现有资产不足以清偿全部债务，明显缺乏清偿能力，具备破产原因。申请人的申请符合受理条件。依照有关法律规定，裁定如下：
受理申请人样某棉业有限公司对被申请人{_DEBTOR}的破产清算申请。
本裁定自即日起生效。
"""
        ),
        KeepTogether(
            (
                Paragraph("", BODY),
                Paragraph("审　判　长　　葛某某", BODY, "right", 0, right=2),
                Paragraph("审　判　员　　奚某某", BODY, "right", 0, right=2),
                Paragraph("审　判　员　　范某某", BODY, "right", 0, right=2),
                Paragraph("", BODY),
                Paragraph("二〇二一年六◉月十五日", BODY, "right", 0, right=2),
                Paragraph("", BODY),
                Paragraph("书　记　员　　彭某某", BODY, "right", 0, right=2),
            )
        ),
    ),
    foot="－{page}－",
)

_PETITION = Paper(
    (
        Paragraph("信访材料", TITLE, "centre", 0),
        *speech(
            "济南市钢城区人民法院：",
            f"我叫辛某某，男，46岁，住{_HOME}，原来是{_DEBTOR}的机修工，在厂里干了十一年。",
            "2019年下半年厂里开始拖欠工资，2020年3月停产，让我们回家等通知。我申请了劳动仲裁，裁决公司支付我工资和经济补偿一共36800元。公司没有给，我于2020年9月向法院申请执行。",
            "执行了一年，只听说公司的账上没有钱，案子终结了。可是公司的厂房还在，里面几十台织机也还在，前几天我去看，有人在里面清点设备，还贴了封条。我问他们，他们说是管理人，让我找法院。",
            "我不明白，既然有厂房、有设备，为什么不给我执行？我们一起的工友还有十几个，都等着这个钱。孩子今年考上了大专，学费是借的。",
            "我的请求是：对公司的厂房和设备恢复执行，把欠我的36800元付给我；不能执行的，请告诉我应该找谁、怎么办手续。",
            "附：仲裁裁决书复印件一份、工资欠条复印件一份、身份证复印件一份。",
            before=10,
            flush="法院：",
        ),
        KeepTogether(
            (
                Paragraph("反映人：⟦辛某某⟧◎", SPEECH, "right", 0, right=4, before=12),
                Paragraph("⟦2021年10月18日⟧", SPEECH, "right", 0, right=4),
                Paragraph("联系电话：13600000000", SPEECH, "left", 2),
            )
        ),
    ),
    margins=FORM_MARGINS,
)

_CASE: dict[str, Any] = {
    "registration": {
        "no": _REGISTER,
        "received_on": "2021-10-18",
        "registered_on": "2021-10-18",
        "channel": "visit",
        "source": "来访",
        "nature": "complaint",
        "visit_no": 1,
        "summary": f"信访人反映，{_NUMBER}案被执行人{_DEBTOR}有厂房、设备，请求恢复执行，支付劳动报酬及经济补偿36800元。",
        "brief": "恢复执行、支付劳动报酬及经济补偿等问题",
        "proposed_opinion": "该事项属《实施意见》第十五条第（四）项情形，拟不予受理，材料移送破产审判团队，向信访人释明。",
        "papers": [
            {"name": "信访材料", "copies": 1, "original": True},
            {"name": "劳动争议仲裁裁决书", "copies": 1, "original": False},
            {"name": "工资欠条", "copies": 1, "original": False},
            {"name": "身份证", "copies": 1, "original": False},
        ],
        "system_no": "样0071",
        "system_on": "2021-10-18",
    },
    "decision": "declined",
    "petitioners": [
        {
            "kind": "person",
            "name": "辛某某",
            "phone": "13600000000",
            "sex": "男",
            "ethnicity": "汉族",
            "birth_date": "1975-02-11",
            "address": _HOME,
            "role": "party",
            "position": "applicant",
        }
    ],
    "enforcement_cases": [
        {
            "no": _NUMBER,
            "cause": "劳动争议",
            "parties": {"applicants": ["辛某某"], "respondents": [_DEBTOR]},
            "filed_on": "2020-09-21",
            "terminated": True,
        }
    ],
    "claims": [
        {
            "statement": "被执行人有厂房、设备，本院未恢复执行",
            "demand": "恢复执行，支付劳动报酬及经济补偿36800元",
        }
    ],
    "category": "implementation",
    "people": {
        "handler": {"name": "郎某某", "title": "执行员", "phone": "0531-00000004"},
        "first_contact": {"name": "潘某某", "title": "法官助理"},
        "team": {"name": "潘某某", "title": "法官助理"},
        "registrar": {"name": "范某某", "title": "书记员"},
        "contact": {"name": "潘某某", "title": "法官助理", "phone": "0531-00000000"},
    },
    "declined": {
        "ground": 4,
        "notice_on": "2021-10-21",
        "service_method": "direct",
        "other_procedure": "bankruptcy",
        "transferred_to": {"department": "本院破产审判团队", "on": "2021-10-20"},
        "bankrupt": _DEBTOR,
        "employee_claim": True,
        "bankruptcy_court": "济南市钢城区人民法院",
        "bankruptcy_no": _BANKRUPTCY,
        "administrator": "样某律师事务所",
        "phone": "0531-00000005",
    },
    "archive": {
        "retention": "10年",
        "location": "本院档案室信访档案柜第5排",
        "filed_by": "范某某",
        "filed_on": "2021-11-08",
        "checked_by": "潘某某",
    },
    "materials": [
        {
            "items": ["transfer_proof"],
            "file": "materials/信访材料移送函.jpg",
            "title": "信访材料移送函",
            "date": "2021-10-20",
            "signed_on": "2021-10-20",
        },
        {
            "items": ["explanation_service"],
            "file": "materials/释明告知书送达回证.jpg",
            "title": "送达回证（不予受理释明告知书）",
            "date": "2021-10-22",
            "signed_on": "2021-10-22",
            "service_kind": "signed",
        },
        {
            "items": ["legal_document"],
            "file": "materials/受理破产申请裁定书.tif",
            "title": "民事裁定书（受理破产清算申请）",
            "date": "2021-06-15",
            "document_no": _BANKRUPTCY,
        },
        {
            "items": ["other"],
            "file": "materials/信访材料.jpg",
            "title": "信访材料",
            "date": "2021-10-18",
            "author": "辛某某",
        },
    ],
}

DECLINED = Sample(
    "declined",
    _CASE,
    (
        Scan("信访材料移送函.jpg", (_HANDOVER,), "jpeg"),
        Scan("释明告知书送达回证.jpg", (_RECEIPT,), "jpeg"),
        Scan("受理破产申请裁定书.tif", (_RULING,), "tiff-g4"),
        Scan("信访材料.jpg", (_PETITION,), "jpeg"),
    ),
)
