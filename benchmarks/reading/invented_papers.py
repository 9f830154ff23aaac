"""Invented cases with the words of their papers: people, numbers, days, and what each paper says. Nobody in them exists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from page_drawing import Paper

_SURNAMES = "赵钱孙李周吴郑王冯陈卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛"
_GIVEN = "建国志强秀英桂兰海涛晓东文静立军玉梅德胜春华永福淑珍洪波雪莲国庆丽娟长河敏慧少卿宝山彩霞"
_TOWNS = ("艾山街道", "里辛街道", "颜庄街道", "黄庄镇", "辛庄镇", "汶源街道")
_VILLAGES = ("东坡村", "石门村", "沙河村", "柳树店村", "大庄子村", "北岭村")
_TRADES = ("五金", "建材", "物流", "食品", "机械", "商贸", "园林")
_CAUSES = ("买卖合同纠纷", "民间借贷纠纷", "劳动争议", "承揽合同纠纷", "房屋租赁合同纠纷", "机动车交通事故责任纠纷")
_COURT = "济南市钢城区人民法院"
_FEET = ("第{n}页 共{m}页", "第 {n} 页　共 {m} 页", "共{m}页 第{n}页", "被谈话人签名：~{s}~　　第{n}页共{m}页")


@dataclass(frozen=True)
class InventedPaper:
    """A paper of an invented case.

    Attributes:
        material: its entry in case.json; without the file.
        paper: what is drawn.
        is_sealed: a seal is on it.
    """

    material: dict[str, Any]
    paper: Paper
    is_sealed: bool = False

    @property
    def item(self) -> str:
        """The first of its items."""
        return str(self.material["items"][0])


@dataclass(frozen=True)
class InventedCase:
    """A case: its case.json without materials, and its papers."""

    tree: dict[str, Any]
    papers: tuple[InventedPaper, ...]


def invent_case(number: int, seed: str) -> InventedCase:
    """Invent the case of a number; the same seed gives the same case."""
    return _Inventor(number, Random(f"{seed}-{number}")).case()  # noqa: S311 (an invention, no secret)


class _Inventor:
    """The facts of one case, and the papers written from them."""

    def __init__(self, number: int, rng: Random) -> None:
        self.rng = rng
        year = rng.choice((2021, 2022, 2023))
        self.registration_no = f"钢信执{year}-{number:04d}"
        self.case_no = f"（{year - rng.randint(0, 2)}）鲁0117执{rng.choice(('', '恢'))}{1000 + number * 7}号"
        self.judgment_no = f"（{year - 2}）鲁0117民初{2000 + number * 3}号"
        self.petitioner, self.clerk, self.judge, self.leader = (self._person() for _ in range(4))
        self.debtor = self._company() if rng.random() < 0.5 else self._person()
        self.witness = self._person()
        self.cause = rng.choice(_CAUSES)
        self.village = f"{rng.choice(_TOWNS)}{rng.choice(_VILLAGES)}"
        self.phone = f"1{rng.choice('3578')}{rng.randint(10**8, 10**9 - 1)}"
        self.sum = rng.randint(12, 900) * 1000 + rng.choice((0, 350, 620))
        self.received = date(year, rng.randint(2, 10), rng.randint(1, 28))

    def _person(self) -> str:
        return self.rng.choice(_SURNAMES) + "".join(self.rng.sample(_GIVEN, self.rng.choice((1, 2, 2, 2))))

    def _company(self) -> str:
        return f"济南{''.join(self.rng.sample(_GIVEN, 2))}{self.rng.choice(_TRADES)}有限公司"

    def day(self, after: int) -> date:
        """A day of the case, so many days after it was received."""
        return self.received + timedelta(after)

    def case(self) -> InventedCase:
        """The case with its papers."""
        makers = (
            *(
                self.assignment,
                self.acceptance_receipt,
                self.talk,
                self.inquiry,
                self.property_query,
                self.reply_receipt,
            ),
            *(self.order, self.promise, self.opinion_form, self.letter),
        )
        tree = {
            "registration": {"no": self.registration_no, "received_on": self.received.isoformat()},
            "decision": "accepted",
            "petitioners": [{"name": self.petitioner, "phone": self.phone, "role": "party", "position": "applicant"}],
            "enforcement_cases": [
                {
                    "no": self.case_no,
                    "cause": self.cause,
                    "parties": {"applicants": [self.petitioner], "respondents": [self.debtor]},
                }
            ],
            "people": {"handler": {"name": self.judge}, "leader": {"name": self.leader}, "clerk": {"name": self.clerk}},
        }
        return InventedCase(tree, tuple(make() for make in makers))

    def assignment(self) -> InventedPaper:
        """A letter of the higher court."""
        day, number = self.day(-2), self.rng.randint(10, 400)
        paper = Paper(
            ("济南市中级人民法院", "执行信访案件交办函"),
            (
                f">济执信交〔{day.year}〕{number}号",
                f"<{_COURT}：",
                f"我院近日收到{self.petitioner}的来信，反映你院执行的其与{self.debtor}{self.cause}一案长期没有进展。现将来信及附件转去，请依照规定办理，并于三十日内将办理情况和结果书面报我院执行局。",
                "办理中应当约谈信访人，查清有关事实；来信反映的问题成立的，及时纠正；不成立的，做好解释工作。",
                "附：来信一件，共三页。",
                ">济南市中级人民法院@执行局",
                f">{_written(day)}",
            ),
        )
        return InventedPaper(
            {
                "items": ["superior_notice"],
                "title": "执行信访案件交办函",
                "date": day.isoformat(),
                "author": "济南市中级人民法院",
            },
            paper,
            is_sealed=True,
        )

    def acceptance_receipt(self) -> InventedPaper:
        """The receipt of the notice of acceptance."""
        return self._receipt("acceptance_service", "信访事项受理告知书", self.day(self.rng.randint(1, 4)))

    def reply_receipt(self) -> InventedPaper:
        """The receipt of the reply, or the voucher of its posting."""
        day = self.day(self.rng.randint(35, 50))
        if self.rng.random() < 0.6:
            return self._receipt("reply_service", "执行申诉信访事项答复意见书", day)
        number = "".join(self.rng.choices("0123456789", k=13))
        paper = Paper(
            ("国内标准快递", "邮件详情单"),
            (
                (
                    ("邮件号码", number),
                    ("寄件人", f"{_COURT}执行局　{self.clerk}", "电话", "0531-75870000"),
                    ("收件人", self.petitioner, "电话", self.phone),
                    ("收件地址", f"济南市钢城区{self.village}"),
                    ("内件品名", f"执行申诉信访事项答复意见书一份（{self.registration_no}）"),
                    ("收寄日期", f"~{_figures(day)}~", "收寄人", f"~{self._person()}~"),
                    ("收件人签收", f"~{self.petitioner}　{_figures(day + timedelta(2))}~"),
                ),
                "<请收件人当面核对外包装；保价、代收货款等服务以约定为准。",
            ),
        )
        return InventedPaper(
            {"items": ["reply_service"], "title": "邮件详情单", "posted_on": day.isoformat(), "service_kind": "posted"},
            paper,
        )

    def _receipt(self, item: str, what: str, day: date) -> InventedPaper:
        filed = (f"登记号：{self.registration_no}", f"案号：{self.case_no}")
        if self.rng.random() < 0.5:
            paper = Paper(
                (_COURT, "送 达 回 证"),
                (
                    (
                        ("案由", f"{self.cause}（执行信访）", "编号", "　".join(filed)),
                        ("送达的文书", f"《{what}》壹份"),
                        (
                            "受送达人",
                            self.petitioner,
                            "送达方式",
                            self.rng.choice(("直接送达", "委托送达", "留置送达")),
                        ),
                        ("送达地点", f"济南市钢城区{self.village}"),
                        ("收件人签名或者盖章", f"~{self.petitioner}~\n~{_figures(day)}~"),
                        ("代收人及代收理由", ""),
                        ("送达人", f"~{self.clerk}　{self.judge}~", "签发人", self.judge),
                        ("备注", ""),
                    ),
                    "<说明：送达的文书应当直接送交受送达人；本人不在的，交与其同住的成年家属签收。",
                ),
            )
        else:
            paper = Paper(
                ("送达回执",),
                (
                    f"<{filed[0]}",
                    f"<{filed[1]}",
                    f"今收到{_COURT}送达的《{what}》一份。",
                    f"<受送达人（签名）：~{self.petitioner}~^",
                    f"<收到时间：~{_figures(day)}~",
                    f"<送达人（签名）：~{self.clerk}~　~{self.judge}~",
                    "<送达地点：本院执行信访窗口",
                ),
            )
        return InventedPaper(
            {
                "items": [item],
                "title": "送达回证",
                "date": day.isoformat(),
                "signed_on": day.isoformat(),
                "service_kind": "signed",
            },
            paper,
        )

    def talk(self) -> InventedPaper:
        """The record of the interview."""
        day = self.day(self.rng.randint(4, 6))
        questions = (
            (
                "你反映的是哪一个案件？",
                f"是我申请执行{self.debtor}的案子，案号是{self.case_no}，判决书是{self.judgment_no}。",
            ),
            ("执行标的是多少，到现在执行到位多少？", f"标的{self.sum}元，到今天一分钱没有拿到。"),
            ("你认为执行中有什么问题？", "主要是时间太长。我打过几次电话，都说还在查，没有人告诉我查到了什么。"),
            ("你能提供什么财产线索？", f"{self.debtor}在外面好像还有货款，具体的我说不清，请法院去查。"),
            (
                "承办人向你说明：已经查询银行存款、车辆和不动产，没有发现可以执行的财产。你听清楚了吗？",
                "听清楚了，但是希望再查一遍。",
            ),
            ("你有什么要求？", "第一，继续查财产；第二，把查的结果书面告诉我。"),
            ("对今后联系的方式有什么意见？", f"就打我的电话{self.phone}，信寄到{self.village}。"),
            ("还有没有要补充的？", "没有了。"),
        )
        lines = [
            text
            for question, answer in questions
            for text in (f"问：{question}", f"答：~{answer}~" if self.rng.random() < 0.15 else f"答：{answer}")
        ]
        paper = Paper(
            (self.rng.choice(("谈话笔录", "约谈笔录", "执行信访约谈（谈话）笔录")),),
            (
                f"<时间：{_written(day)}上午9时",
                "<地点：本院第三接待室",
                f"<谈话人：{self.judge}　　记录人：{self.clerk}",
                f"<被谈话人：{self.petitioner}，住济南市钢城区{self.village}，系申请执行人",
                *lines,
                "<以上笔录我已看过，和我说的一样。",
                f"<被谈话人：~{self.petitioner}~^　　~{_written(day)}~",
            ),
            foot=self.rng.choice(_FEET).replace("{s}", self.petitioner),
        )
        return InventedPaper(
            {
                "items": ["interview", "conversation_record"],
                "title": "谈话笔录",
                "date": day.isoformat(),
                "signed_on": day.isoformat(),
            },
            paper,
        )

    def inquiry(self) -> InventedPaper:
        """The record of an inquiry."""
        day = self.day(self.rng.randint(10, 20))
        answers = (
            ("你和案件的双方是什么关系？", f"{self.debtor}租过我的房子，我不认识{self.petitioner}。"),
            ("租到什么时候？", f"去年年底就搬走了，还欠我两个月的房租，一共{self.rng.randint(2, 9) * 1000}元。"),
            ("院子里还有什么东西？", "就剩几件旧家具和一台坏了的磅秤，说是不要了。"),
            ("有没有见过别的人来找？", "来过几拨要账的，都没有见到人。听说去了南方，电话也换了。"),
            ("你知道其名下有没有车辆？", "以前有一辆白色的面包车，车牌记不得了，后来卖给了收旧车的。"),
            ("厂里的机器呢？", "机器是分期付款买的，没有付完，让卖机器的拉回去了，当时我在场，拉了两车。"),
            ("以上说的是否属实？", "属实，我愿意负责。"),
        )
        paper = Paper(
            ("调 查 笔 录",),
            (
                f"<调查时间：{_written(day)}",
                f"<调查地点：{self.village}村委会",
                f"<调查人：{self.judge}、{self.clerk}",
                f"<被调查人：{self.witness}，男，务农，住本村",
                f"<案号：{self.case_no}",
                "我们是钢城区人民法院的执行人员，这是我们的证件。今天找你了解一些情况，希望你如实说，不清楚的可以说不清楚。",
                *(text for question, answer in answers for text in (f"问：{question}", f"答：{answer}")),
                f"<被调查人签名：~{self.witness}~^",
                f"<日期：~{_figures(day)}~",
            ),
            foot=self.rng.choice(_FEET[:3]),
        )
        return InventedPaper(
            {"items": ["investigation"], "title": "调查笔录", "date": day.isoformat(), "signed_on": day.isoformat()},
            paper,
        )

    def property_query(self) -> InventedPaper:
        """Evidence: the answer of an authority."""
        day = self.day(self.rng.randint(6, 18))
        paper = Paper(
            ("协助查询财产结果反馈表",),
            (
                (
                    ("查询法院", _COURT, "执行案号", self.case_no),
                    ("被查询人", self.debtor, "查询日期", _figures(day)),
                    ("房屋登记", "经查，没有登记信息。"),
                    ("土地使用权", "经查，没有登记信息。"),
                    ("机动车", f"{self.rng.choice(('没有登记信息', '小型普通客车一辆，状态：达到报废标准'))}。"),
                    ("存款余额", f"{self.rng.randint(0, 900)}.{self.rng.randint(10, 99)}元"),
                ),
                "<本结果只对查询当日的登记信息负责。",
                ">济南市钢城区自然@资源登记中心",
                f">{_written(day)}",
            ),
        )
        return InventedPaper(
            {"items": ["evidence"], "title": "协助查询财产结果反馈表", "date": day.isoformat(), "sealed": True},
            paper,
            is_sealed=True,
        )

    def order(self) -> InventedPaper:
        """An order of the court."""
        day = self.day(-self.rng.randint(60, 200))
        paper = Paper(
            (_COURT, "执行裁定书"),
            (
                f">{self.case_no}",
                f"申请执行人：{self.petitioner}，住济南市钢城区{self.village}。",
                f"被执行人：{self.debtor}。",
                f"本院在执行{self.petitioner}与{self.debtor}{self.cause}一案中，责令被执行人履行{self.judgment_no}民事判决书确定的义务，被执行人没有履行。经网络查控和实地走访，未发现被执行人有可供执行的财产，申请执行人也未能提供财产线索。",
                "依照《中华人民共和国民事诉讼法》和最高人民法院关于执行工作的有关规定，裁定如下：",
                "终结本次执行程序。",
                "申请执行人发现被执行人有可供执行财产的，可以再次申请执行。本裁定送达后立即生效。",
                f">审　判　员　{self.judge}",
                f">{_chinese_figures(day)[:5]}@{_chinese_figures(day)[5:]}",
                f">书　记　员　{self.clerk}",
            ),
        )
        return InventedPaper(
            {
                "items": ["legal_document"],
                "title": "执行裁定书",
                "date": day.isoformat(),
                "document_no": self.case_no,
                "sealed": True,
            },
            paper,
            is_sealed=True,
        )

    def promise(self) -> InventedPaper:
        """The commitment."""
        day = self.day(self.rng.randint(51, 60))
        paper = Paper(
            (self.rng.choice(("息诉罢访承诺书", "息 访 承 诺 书")),),
            (
                f"<承诺人：{self.petitioner}，住济南市钢城区{self.village}，电话{self.phone}。",
                f"本人因与{self.debtor}{self.cause}一案（{self.case_no}）的执行问题向法院反映。经承办人多次解释，本人对法院的工作表示理解，现自愿承诺：不再就同一事由信访；发现被执行人财产的，向法院提供线索，依法申请恢复执行。",
                "以上承诺出于自愿，没有受到任何强迫。",
                f"<承诺人（签名、捺印）：~{self.petitioner}~^",
                f">~{_written(day)}~",
            ),
        )
        return InventedPaper(
            {"items": ["commitment"], "title": "息诉罢访承诺书", "date": day.isoformat(), "signed_on": day.isoformat()},
            paper,
        )

    def opinion_form(self) -> InventedPaper:
        """The form on which the leader consents."""
        day = self.day(self.rng.randint(25, 33))
        paper = Paper(
            ("执行信访案件审批表",),
            (
                (
                    ("登记号", self.registration_no, "承办人", self.judge),
                    ("信访人", self.petitioner, "被执行人", self.debtor),
                    ("反映问题", "案件长期没有执行到位，承办人不主动联系。"),
                    ("拟办意见", "财产调查措施已经穷尽，对第一项予以解释；对第二项予以支持，今后每月联系一次。"),
                    ("执行局意见", f"~同意。　{self._person()}　{_figures(day - timedelta(1))}~"),
                    ("主管院领导意见", f"~同意承办人意见。　{self.leader}　{_figures(day)}~"),
                ),
            ),
        )
        return InventedPaper({"items": ["approval"], "title": "执行信访案件审批表", "date": day.isoformat()}, paper)

    def letter(self) -> InventedPaper:
        """The petitioner's letter, by hand."""
        day = self.day(-self.rng.randint(5, 12))
        paper = Paper(
            ("反映材料",),
            (
                f"我叫{self.petitioner}，是{self.village}的村民。我和{self.debtor}的官司早就判了，到现在钱还没有执行回来。",
                f"案号是{self.case_no}，一共欠我{self.sum}元。我家里老人有病，孩子上学，都等着用这个钱。请领导过问一下，让法院抓紧办。",
                f">反映人：{self.petitioner}",
                f">{_written(day)}",
            ),
            all_by_hand=True,
        )
        return InventedPaper(
            {"items": ["other"], "title": "反映材料", "date": day.isoformat(), "author": self.petitioner}, paper
        )


def _written(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _figures(day: date) -> str:
    """The day in one of the ways in which people write it."""
    return (_written(day), f"{day.year}.{day.month}.{day.day}", f"{day:%Y-%m-%d}")[(day.toordinal()) % 3]


def _chinese_figures(day: date) -> str:
    """The day as courts write it: 二〇二一年十月九日."""
    figures = "〇一二三四五六七八九"

    def small(value: int) -> str:
        tens, ones = divmod(value, 10)
        return (("" if tens == 1 else figures[tens]) + "十" if tens else "") + (figures[ones] if ones else "")

    return "".join(figures[int(figure)] for figure in str(day.year)) + f"年{small(day.month)}月{small(day.day)}日"
