"""An accepted case without write-off: a company's letter, answered by post; no leader's instruction exists."""

from __future__ import annotations

from typing import Any

from making import archive_papers as papers
from making.paper_model import Sample, Scan

_REGISTER = "钢信执2021-0057"
_NUMBER = "（2021）鲁0117执9012号"
_COMPANY = "钢城区样某物资有限公司"
_DEBTOR = "钢城区样某机械厂"
_PLACE = "济南市钢城区样某大街18号"

_CASE: dict[str, Any] = {
    "registration": {
        "no": _REGISTER,
        "received_on": "2021-10-11",
        "registered_on": "2021-10-11",
        "channel": "letter",
        "source": "来信",
        "nature": "complaint",
        "visit_no": 1,
        "summary": f"信访人反映，{_NUMBER}案查封的设备第一次拍卖流拍后未及时进行第二次拍卖，评估、拍卖的进展未告知，请求尽快拍卖并说明情况。",
        "brief": "查封设备处置不及时、未告知拍卖进展问题",
        "proposed_opinion": "该事项属《实施意见》第六条第（二）项所列信访事由，拟予受理，转案件承办人韩某某办理，由副院长金某某主办。",
        "papers": [
            {"name": "关于加快处置查封设备的反映", "copies": 1, "original": True},
            {"name": "授权委托书", "copies": 1, "original": True},
        ],
        "system_no": "样0057",
        "system_on": "2021-10-12",
    },
    "decision": "accepted",
    "petitioners": [
        {
            "kind": "company",
            "name": _COMPANY,
            "phone": "0531-00000018",
            "address": _PLACE,
            "representative": {"name": "卫某某", "title": "经理"},
            "role": "party",
            "position": "applicant",
        },
        {
            "kind": "person",
            "name": "蒋某某",
            "phone": "13900000000",
            "sex": "女",
            "ethnicity": "汉族",
            "birth_date": "1990-04-06",
            "occupation": f"{_COMPANY}财务部职员",
            "role": "agent",
            "principal": {"name": _COMPANY, "authority": "一般代理", "proof": "授权委托书"},
        },
    ],
    "enforcement_cases": [
        {
            "no": _NUMBER,
            "cause": "买卖合同纠纷",
            "parties": {"applicants": [_COMPANY], "respondents": [_DEBTOR, "褚某某"]},
            "filed_on": "2021-01-18",
            "terminated": False,
            "overdue_six_months": False,
        }
    ],
    "category": "implementation",
    "grounds": [2],
    "claims": [
        {
            "title": "查封设备拍卖",
            "statement": "查封的设备第一次拍卖流拍后，本院未及时进行第二次拍卖",
            "demand": "尽快发布第二次拍卖公告",
            "facts": "本院于2021年3月24日查封数控车床两台、行车一台，于2021年7月20日进行第一次网络司法拍卖，因无人报名流拍。2021年8月2日，被执行人褚某某提出一台车床系他人寄放，本院于2021年9月28日核对资产账册和购置发票，于2021年10月19日到现场核对设备编号，确认三台设备均为被执行人所有",
            "outcome": "supported",
            "measures": [
                {
                    "on": "2021-10-28",
                    "text": "发布第二次拍卖公告，上述三台设备于2021年11月9日以168160元成交，买受人已付清价款",
                },
                {"on": "2021-11-30", "text": "办理拍卖款的发放", "done": False},
            ],
        },
        {
            "title": "告知评估、拍卖情况",
            "statement": "本院未告知评估、拍卖的进展",
            "demand": "说明第一次拍卖的情况",
            "facts": "本院于2021年6月15日将评估报告邮寄你公司，邮件于2021年6月18日由你公司签收；第一次拍卖公告于2021年7月5日在网络司法拍卖平台发布，本院未另以短信通知你公司。第二次拍卖的公告和成交情况，本院于2021年10月28日、11月9日以短信通知了你公司的联系人",
            "outcome": "explained",
            "reason": "评估报告已经送达，拍卖公告依法在平台公开发布。今后本案的进展，本院将同时以短信通知你公司的联系人",
        },
    ],
    "people": {
        "handler": {"name": "韩某某", "title": "执行员", "phone": "0531-00000002"},
        "leader": {"name": "金某某", "title": "副院长", "post": "vice_president"},
        "co_handler": {"name": "魏某某", "title": "审判员"},
        "team": {"name": "沈某某", "title": "法官助理"},
        "first_contact": {"name": "沈某某", "title": "法官助理"},
        "receiver": {"name": "许某某", "title": "执行局副局长", "post": "bureau_deputy_director"},
        "clerk": {"name": "杨某某", "title": "书记员"},
        "registrar": {"name": "沈某某", "title": "法官助理"},
        "contact": {"name": "沈某某", "title": "法官助理", "phone": "0531-00000000"},
    },
    "transfer": {"transferred_on": "2021-10-12", "received_on": "2021-10-12"},
    "acceptance": {"accepted_on": "2021-10-13", "notice_on": "2021-10-13", "service_method": "direct"},
    "interview": {
        "planned_at": "2021-10-15T14:30",
        "held_on": "2021-10-15",
        "started_at": "2021-10-15T14:30",
        "place": "本院执行信访接待室",
    },
    "investigations": [
        {
            "on": "2021-10-19",
            "subject": "厂房出租人秦某某",
            "finding": "三台设备均在原处，封条完好，厂房租期至2021年12月31日",
            "started_at": "2021-10-19T09:20",
            "place": "样某工业园12号厂房",
            "investigators": [{"name": "韩某某", "title": "执行员"}, {"name": "朱某某", "title": "法官助理"}],
            "respondent": {
                "name": "秦某某",
                "sex": "男",
                "birth_date": "1971-01-09",
                "ethnicity": "汉族",
                "relation": "样某工业园12号厂房的出租人",
            },
            "questions": [
                f"{_DEBTOR}租用你的厂房，租期到什么时候？",
                "法院查封的两台数控车床和一台行车现在什么地方，状况如何？",
                "有没有人来搬运、拆卸过设备？",
                "厂房租期届满以后，设备能否继续存放？",
            ],
        }
    ],
    "approval": {
        "collective": {
            "on": "2021-11-15",
            "started_at": "2021-11-15T09:00",
            "place": "本院第三会议室",
            "chair": {"name": "尤某某", "title": "执行局局长"},
            "attendees": [
                {"name": "尤某某", "title": "执行局局长"},
                {"name": "许某某", "title": "执行局副局长"},
                {"name": "韩某某", "title": "执行员"},
                {"name": "何某某", "title": "审判员"},
            ],
            "result": "unanimous",
            "opinion": "第一项请求成立，予以支持，写明已采取的措施和发放安排；第二项予以解释说明",
        },
    },
    "reply": {
        "replied_on": "2021-11-17",
        "service_method": "mail",
        "file_reviewed": True,
        "case_facts": f"你公司与{_DEBTOR}、褚某某买卖合同纠纷一案，因{_DEBTOR}、褚某某未履行生效法律文书确定的义务，你公司于2021年1月18日申请执行，本院同日立案，案号为{_NUMBER}，申请执行标的为428600元及违约金。执行中，本院查封了{_DEBTOR}的数控车床两台、行车一台。",
    },
    "archive": {
        "retention": "30年",
        "location": "本院档案室信访档案柜第3排",
        "filed_by": "杨某某",
        "filed_on": "2021-12-06",
        "checked_by": "沈某某",
        "archived_on": "2021-12-10",
    },
    "materials": [
        {
            "items": ["acceptance_service"],
            "file": "materials/受理告知书送达回证.jpg",
            "title": "送达回证（受理告知书）",
            "date": "2021-10-14",
            "signed_on": "2021-10-14",
            "service_kind": "signed",
        },
        {
            "items": ["investigation"],
            "file": "materials/调查笔录.pdf",
            "title": "调查笔录（秦某某）",
            "date": "2021-10-19",
            "signed_on": "2021-10-19",
        },
        {
            "items": ["interview"],
            "file": "materials/约谈笔录.pdf",
            "title": "约谈（谈话）笔录",
            "date": "2021-10-15",
            "signed_on": "2021-10-15",
        },
        {
            "items": ["evidence"],
            "file": "materials/网络司法拍卖情况确认表.png",
            "title": "网络司法拍卖情况确认表",
            "date": "2021-11-12",
        },
        {
            "items": ["approval"],
            "file": "materials/集体研究记录.tif",
            "title": "集体研究记录",
            "date": "2021-11-15",
            "signed_on": "2021-11-15",
        },
        {
            "items": ["reply_service"],
            "file": "materials/答复意见书邮寄凭证.jpg",
            "title": "邮寄送达凭证（答复意见书）",
            "date": "2021-11-18",
            "posted_on": "2021-11-18",
            "signed_on": "2021-11-20",
            "service_kind": "posted",
        },
        {
            "items": ["other"],
            "file": "materials/来信及授权委托书.pdf",
            "title": "来信及授权委托书",
            "date": "2021-10-09",
            "author": _COMPANY,
        },
    ],
    "absent": [
        {
            "item": "leader_instruction",
            "reason": "本案系信访人来信，收到后由执行信访团队直接登记转办，未呈送院领导批示",
            "approved_by": "金某某",
            "approved_on": "2021-12-06",
        }
    ],
}

ARCHIVE = Sample(
    "archive-complete",
    _CASE,
    (
        Scan("受理告知书送达回证.jpg", (papers.RECEIPT,), "jpeg"),
        Scan("调查笔录.pdf", (papers.INQUIRY,), "pdf", colour=False),
        Scan("约谈笔录.pdf", (papers.TALK,), "pdf"),
        Scan("网络司法拍卖情况确认表.png", (papers.AUCTION,), "png"),
        Scan("集体研究记录.tif", (papers.COLLECTIVE,), "tiff-g4"),
        Scan("答复意见书邮寄凭证.jpg", (papers.POSTING,), "jpeg"),
        Scan("来信及授权委托书.pdf", (papers.LETTER, papers.MANDATE), "pdf"),
    ),
)
