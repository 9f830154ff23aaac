"""The profile of a court: its name, codes and choices of wording, read from a TOML file."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, ValidationError

from bundler.digest import sha256_of
from bundler.errors import UsageError, describe_os_error
from bundler.file_reading import parse_toml, read_bounded
from bundler.regulation.load import DEFAULT_REGULATION, load_regulation
from bundler.regulation.model import Regulation

DEFAULT_PROFILE = Path(__file__).parent / "profiles" / "gangcheng.toml"
_MAX_BYTES = 1024 * 1024


_FEWEST_BOOK_PAGES, _MOST_BOOK_PAGES = 10, 10_000


class _FrozenModel(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Switches(_FrozenModel):
    """Choices that are left to the court: of wording (待核), and whether only sealed write-offs are submitted."""

    date_style: Literal["arabic", "hanzi"] = "arabic"
    seal_placeholder: bool = False
    cite_rule: bool = True
    leader_in_notice: bool = False
    period_sentence: bool = True
    duplicate_band: str = ""
    bureau_opinion: bool = True
    submission_sealed: bool = True


class ResolutionLabels(_FrozenModel):
    """Labels of the boxes of 化解情况; the official write-off standard was not available."""

    enforced: str = "执行到位"
    settled: str = "达成执行和解并履行"
    explained: str = "经解释说明息诉"
    relieved: str = "经司法救助息诉"
    led_into: str = "已导入法定程序"


Headings = Annotated[tuple[str, ...], BeforeValidator(lambda v: (v,) if isinstance(v, str) else v)]


USUAL_HEADINGS: Mapping[str, Headings] = {
    "no": ("登记号", "登记编号", "信访登记号", "信访编号", "信访件编号", "编号"),
    "received_on": (
        *("来访时间", "来访件时间", "来访日期", "来信时间", "来信日期", "收件日期", "收件时间", "收到日期"),
        *("收到时间", "收信日期", "信访时间", "信访日期"),
    ),
    "registered_on": ("登记日期", "登记时间"),
    "channel": ("信访形式", "信访方式", "来访形式", "形式", "渠道"),
    "source": ("案件来源", "来源", "信访来源"),
    "petitioner": ("信访人", "信访人姓名", "来访人", "来访人姓名", "来信人", "来信人姓名", "姓名"),
    "role": ("信访人身份", "身份", "与案件关系"),
    "phone": ("联系电话", "信访人联系电话", "联系方式", "电话", "手机", "手机号", "手机号码", "电话号码"),
    "id_number": ("身份证号", "身份证号码", "公民身份号码", "证件号码", "证件号"),
    "address": ("住址", "地址", "联系地址", "住所", "住所地"),
    "case_no": ("执行案号", "案号", "执行案件案号", "涉及案号"),
    "cause": ("案由",),
    "applicants": ("申请执行人", "申请人"),
    "respondents": ("被执行人", "被申请人"),
    "handler": ("承办人", "案件承办人", "承办法官", "执行法官", "执行承办人"),
    "leader": ("主办院领导", "院领导", "包案领导", "包案院领导"),
    "brief": ("短事由", "信访事由", "事由"),
    "summary": (
        *("内容摘要", "来访内容摘要", "来访件内容摘要", "来访内容", "来信内容", "信访内容", "反映内容"),
        *("反映问题", "反映的问题", "主要诉求", "诉求"),
    ),
    "proposed_opinion": ("拟办意见",),
    "visit_no": ("信访次数", "来访次数", "次数", "第几次"),
    "ledgers": ("台账类别", "台账", "所属台账"),
    "transferred_on": ("转交日期", "转交时间", "转办日期", "交承办人日期"),
    "handed_on": ("承办人收到日期", "承办人签收日期", "承办人收件日期"),
    "interviewed_on": ("约谈日期", "约谈时间", "谈话日期", "谈话时间"),
    "replied_on": (
        *("答复日期", "答复时间", "答复意见书日期", "答复意见书时间", "回复日期", "回复时间"),
        *("办结日期", "办结时间"),
    ),
    "progress": (
        "办理情况",
        "办理状态",
        "办理进度",
        "办理进展",
        "办结情况",
        "答复情况",
        "是否答复",
        "是否办结",
    ),
    "assigned_by": ("交办机关", "交办单位", "转办机关", "转办单位"),
    "assigned_no": ("交办文号", "交办通知文号", "来文文号"),
    "assigned_on": ("收文日期", "交办日期"),
    "feedback_due": ("反馈期限", "反馈时限", "要求反馈日期"),
    "system_no": ("系统录入号", "录入号", "系统编号"),
    "system_on": ("录入日期", "系统录入日期", "录入时间"),
    "note": ("备注",),
    "ignored": ("序号", "顺序号"),
}
"""Headings of the columns in a court's own register: several for each registered fact.

Width, spaces, brackets and colons of a heading are ignored.
"""


def _known_fact(name: str) -> str:
    """The name of a registered fact.

    Raises:
        ValueError: no column has this fact.
    """
    if name not in USUAL_HEADINGS:
        raise ValueError("is no registered fact")
    return name


def _with_usual_headings(given: Mapping[str, Headings]) -> Mapping[str, Headings]:
    """The headings of all facts: those that the court gives, and the usual ones of the facts that it does not name."""
    return {**USUAL_HEADINGS, **given}


RegisterColumns = Annotated[
    Mapping[Annotated[str, AfterValidator(_known_fact)], Headings], AfterValidator(_with_usual_headings)
]
"""The headings of the columns by the registered fact. A model of so many fields would cost `check` four milliseconds."""


USUAL_MEASURES = (
    *("查询银行存款", "查询车辆", "查询不动产", "查询住房公积金", "查询股权和对外投资", "查询证券、理财产品"),
    *("查询网络支付账户", "查询到期债权", "责令报告财产", "实地调查", "限制消费", "纳入失信被执行人名单"),
)
"""What courts usually do before they say that a debtor has no property."""


class Profile(_FrozenModel):
    """One court.

    Attributes:
        court_code: the court's codes in case numbers; the first is the current one.
        rule_title, rule_no, rule_short: how documents cite the regulation; those of the regulation where not given.
        regulation_name: the shipped regulation, or the file beside the profile, that the court goes by.
        return_days: days within which a returned case must be completed; 0: the notice names no day.
        rules_effective: the day on which the regulation takes effect (Art. 18); None: always in force.
        reminder_days: a handler is reminded of a limit that ends within so many days.
        usual_measures: the measures of enforcement that a table of exhausted measures (已穷尽执行措施情况表) must show.
        pages_as_pictures: a page that PDF/A cannot keep may be bound as an image, if no Chinese text is lost.
        timestamp_url: the time-stamping server for signatures (RFC 3161); empty: none.
        volume_pages: the maximum of numbered pages in one book (册); None: one book for all.
    """

    court_name: str
    court_code: Annotated[
        tuple[str, ...], BeforeValidator(lambda v: (v,) if isinstance(v, str) else v), Field(min_length=1)
    ]
    court_addr: str = ""
    court_tel: str = ""
    court_zip: str = ""
    superior_court: str = ""
    doc_prefix: str = ""
    rule_title: str
    rule_no: str
    rule_short: str
    regulation_name: str = Field(DEFAULT_REGULATION, alias="regulation", exclude=True)
    rules_effective: date | None = None
    return_days: int = Field(0, ge=0, le=365)
    reminder_days: int = Field(3, ge=0, le=365)
    usual_measures: Annotated[tuple[str, ...], Field(min_length=1)] = USUAL_MEASURES
    pages_as_pictures: bool = True
    switches: Switches = Switches()
    resolution: ResolutionLabels = ResolutionLabels()
    register_columns: RegisterColumns = USUAL_HEADINGS
    timestamp_url: Annotated[str, Field(pattern=r"^(https?://[!-~]+)?$")] = ""
    volume_pages: Annotated[int, Field(ge=_FEWEST_BOOK_PAGES, le=_MOST_BOOK_PAGES)] | None = None

    _copied: tuple[str, ...] = PrivateAttr(())
    _regulation: Regulation | None = PrivateAttr(None)

    def __hash__(self) -> int:
        """Equal profiles are of the same court; the headings, a mapping, have no hash of their own."""
        return hash((self.court_name, self.court_code))

    @property
    def copied(self) -> tuple[str, ...]:
        """The keys whose values were those of the shipped profile although the court is another one."""
        return self._copied

    def without_copied(self, emptied: dict[str, str], copied: tuple[str, ...]) -> "Profile":
        """This profile with some values emptied, and the keys of all that were copied."""
        profile = self.model_copy(update=emptied)
        profile._copied = copied  # noqa: SLF001 (a copy of itself)
        return profile

    @property
    def regulation(self) -> Regulation:
        """The regulation that the court goes by."""
        return self._regulation or load_regulation(self.regulation_name)

    def under(self, regulation: Regulation) -> "Profile":
        """This profile with a regulation that has been read."""
        profile = self.model_copy()
        profile._regulation = regulation  # noqa: SLF001 (a copy of the same class)
        return profile

    @property
    def sha256(self) -> str:
        """The digest of its values, by which manifests name it; of another regulation than the first, with its digest."""
        values = self.model_dump_json().encode()
        other = "" if self.regulation_name == DEFAULT_REGULATION else self.regulation.sha256
        return sha256_of(values + other.encode())

    @property
    def cache_key(self) -> str:
        """What a cache of results depends on: its values and the regulation's file."""
        return f"{self.sha256}{self.regulation.sha256}"

    def with_other_books(self) -> Iterator["Profile"]:
        """This profile with every other length of a book (册)."""
        for pages in (None, *range(_FEWEST_BOOK_PAGES, _MOST_BOOK_PAGES + 1)):
            yield self.model_copy(update={"volume_pages": pages})


_NEVER_SHARED = ("court_addr", "court_tel", "court_zip", "doc_prefix")
"""What two courts never have in common, and what may be left empty."""
_SELDOM_SHARED = ("court_code",)


def _without_copied_values(profile: Profile) -> Profile:
    """Empty the address, the telephone and the like that a copied profile has kept of the court that it was copied from.

    They would stand on the papers of another court. `Profile.copied` names them, and those that the court should look at.
    """
    shipped = load_profile()
    if profile.court_name == shipped.court_name:
        return profile
    kept = [
        key
        for key in (*_NEVER_SHARED, *_SELDOM_SHARED)
        if getattr(profile, key, None) and getattr(profile, key) == getattr(shipped, key)
    ]
    if not kept:
        return profile
    return profile.without_copied({key: "" for key in kept if key in _NEVER_SHARED}, tuple(kept))


def describe_copied_values(profile: Profile, source: Path) -> tuple[str, ...]:
    """Say in Chinese which values of a profile were copied from another court: those left out, and those to be looked at."""
    court = load_profile().court_name
    left_out = [key for key in profile.copied if key in _NEVER_SHARED]
    doubtful = [key for key in profile.copied if key not in _NEVER_SHARED]
    found = []
    if left_out:
        found.append(
            f"法院配置文件“{source.name}”的 {'、'.join(left_out)} 还是{court}的，没有采用，文书上不印。"
            '请改成本院的；没有的写成 ""。'
        )
    if doubtful:
        found.append(f"法院配置文件“{source.name}”的 {'、'.join(doubtful)} 与{court}的相同，请核对是不是本院的。")
    return tuple(found)


def load_profile(path: Path | None = None) -> Profile:
    """Read a court's profile; without a path, that of the court that issued the regulation.

    What a copied profile has kept of the shipped court's address and telephone is left out.

    Raises:
        UsageError: the file cannot be read, is not TOML, or has an unknown key or a wrong value.
    """
    source = path or DEFAULT_PROFILE
    try:
        data = read_bounded(source, _MAX_BYTES, follow=True)
    except OSError as error:
        raise UsageError(
            f"法院配置文件“{source.name}”读不了：{describe_os_error(error)}。", fix="请检查 --profile 给出的路径。"
        ) from error
    values = parse_toml(data, f"法院配置文件“{source.name}”", DEFAULT_PROFILE.name)
    regulation = load_regulation(_name_of_regulation(values, source), source.parent)
    cited = {"rule_title": regulation.title, "rule_no": regulation.number, "rule_short": regulation.short}
    try:
        profile = Profile.model_validate(cited | values).under(regulation)
    except ValidationError as error:
        # A wrong key of a mapping is marked "[key]", and its value may be wrong as well.
        steps = (fault["loc"][:-1] if fault["loc"][-1:] == ("[key]",) else fault["loc"] for fault in error.errors())
        found = (tuple(map(str, place)) for place in steps)
        places = list(dict.fromkeys(found))
        raise UsageError(
            f"法院配置文件“{source.name}”中这些项不对或者不认识：{'、'.join('.'.join(place) for place in places)}。",
            fix=_fix_of(places),
        ) from error
    return profile if path is None else _without_copied_values(profile)


def _fix_of(places: list[tuple[str, ...]]) -> str:
    """What to do about wrong keys; a key of the file's own that stands below a heading belongs above the first heading."""
    known = {*Profile.model_fields, "regulation"}
    low = list(dict.fromkeys(place[-1] for place in places if len(place) > 1 and place[-1] in known))
    if low:
        return f"{'、'.join(low)} 要写在第一个方括号（如 [switches]）以前：写在后面的，算作那一段里的项。"
    return "请照 gangcheng.toml 的键名和写法修改。"


def _name_of_regulation(values: dict[str, Any], source: Path) -> str:
    name = values.get("regulation", DEFAULT_REGULATION)
    if not isinstance(name, str):
        raise UsageError(
            f"法院配置文件“{source.name}”里的 regulation 不是文字。",
            fix=f'请写随软件的规定的名称，如 regulation = "{DEFAULT_REGULATION}"，或者自己的规定的文件名。',
        )
    return name
