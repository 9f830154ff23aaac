"""Models of the people and organisations of a case: petitioners, parties, the court's staff."""

import unicodedata
from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from bundler.case.field_types import Day, Unknown, Value, YesOrNo
from bundler.case.labels import ID_TYPE, KIND, POSITION, POST, ROLE, list_codes, schema_labels

Role = Literal["party", "interested", "agent", "none"]
Position = Literal["applicant", "respondent", "outsider"]
IdType = Annotated[
    Literal["resident", "other"],
    Field(
        title="证件种类",
        description=f"{list_codes(ID_TYPE)}；只校验居民身份证。",
        json_schema_extra=schema_labels(ID_TYPE),
    ),
]
"""Only the number of a resident identity card has a form that is checked."""
IdNumber = Annotated[str | None, Field(title="证件号码", description="公民身份号码（GB 11643），可不填。")]
Sex = Annotated[Literal["男", "女"] | None, Field(title="性别", description="男、女。")]
Ethnicity = Annotated[str | None, Field(title="民族", description="如“汉族”。")]
Post = Literal["president", "vice_president", "bureau_director", "bureau_deputy_director", "other"]


class Officer(Value):
    """A member of the court's staff."""

    name: str | None = Field(None, title="姓名", description="工作人员姓名。")
    title: str | None = Field(None, title="职务", description="如“副院长”“执行员”“书记员”。")
    post: Post = Field(
        "other",
        title="领导职级",
        description=f"{list_codes(POST)}；§appointments据此判断。",
        json_schema_extra=schema_labels(POST),
    )
    phone: str | None = Field(None, title="联系电话", description="办公电话。")
    in_enforcement: YesOrNo = Field(True, title="在执行岗位", description="原承办人现在是否仍在执行岗位（§ART05）。")


class Principal(Value):
    """The person or organisation for whom an agent (受托人) petitions."""

    name: str | None = Field(None, title="委托人", description="委托人姓名或者名称，须为当事人或者利害关系人。")
    authority: str | None = Field(None, title="代理权限", description="如“一般代理”“特别授权，可代为承诺”。")
    proof: str | None = Field(None, title="委托手续", description="委托手续名称，如“授权委托书”；原件附卷。")


class Petitioner(Value):
    """A petitioner (信访人): the person or organisation that raised the matter (Art. 1)."""

    kind: Literal["person", "company", "organization"] = Field(
        "person", title="类别", description=f"{list_codes(KIND)}。", json_schema_extra=schema_labels(KIND)
    )
    name: str | None = Field(
        None, title="姓名（名称）", description="信访人姓名或者单位全称（§registration）；匿名的不填。"
    )
    anonymous: YesOrNo = Field(False, title="匿名", description="匿名或者署名不详的来信、来访。")
    phone: str | Unknown | None = Field(
        None, title="联系电话", description='联系电话（§registration）；确实不知的写 {"unknown": "原因"}。'
    )
    sex: Sex = None
    ethnicity: Ethnicity = None
    birth_date: Day | None = Field(None, title="出生日期", description="自然人出生日期。")
    occupation: str | None = Field(None, title="职业", description="职业或者工作单位和职务。")
    address: str | None = Field(None, title="住址（住所地）", description="住址，也是送达地址。")
    id_type: IdType = "resident"
    id_number: IdNumber = None
    credit_code: str | None = Field(None, title="统一社会信用代码", description="单位的统一社会信用代码，可不填。")
    representative: Officer | None = Field(
        None, title="法定代表人（负责人）", description="单位的法定代表人或者负责人。"
    )
    short_name: str | None = Field(None, title="简称", description="单位在文书中的简称；不填则不用简称。")
    role: Role | None = Field(
        None,
        title="信访人身份",
        description=f"{list_codes(ROLE)}（§acceptance、§ART15-3）。",
        json_schema_extra=schema_labels(ROLE),
    )
    position: Position | None = Field(
        None, title="执行中地位", description=f"{list_codes(POSITION)}。", json_schema_extra=schema_labels(POSITION)
    )
    principal: Principal | None = Field(None, title="委托情况", description="受托人须写明委托人和委托手续。")


class Parties(Value):
    """The parties of an enforcement case (案件当事人)."""

    applicants: tuple[str, ...] = Field((), title="申请执行人", description="申请执行人姓名（名称），逐一列出。")
    respondents: tuple[str, ...] = Field((), title="被执行人", description="被执行人姓名（名称），逐一列出。")
    outsiders: tuple[str, ...] = Field((), title="案外人", description="对执行标的主张权利的案外人。")


class People(Value):
    """Who does what in the court (Art. 4, 5, 8, 13)."""

    handler: Officer | Unknown | None = Field(
        None, title="案件承办人", description='现承办人（第十二、十三条）；不予受理案件不明的写 {"unknown": "原因"}。'
    )
    leader: Officer | None = Field(None, title="主办院领导", description="主办本件信访的院领导（§ART04）。")
    co_handler: Officer | None = Field(None, title="协办承办法官", description="原生效判决案件承办法官（§ART04）。")
    former_handler: Officer | None = Field(None, title="原承办人", description="原案件承办人（§ART05）。")
    team: Officer | None = Field(
        None, title="执行信访团队经办人", description="原承办人不在执行岗位的，由团队协调（§ART05）。"
    )
    first_contact: Officer | None = Field(None, title="首访接待人", description="首问负责人（§ART05）。")
    receiver: Officer | None = Field(None, title="接待人", description="接待人及其职级（§appointments）。")
    clerk: Officer | None = Field(None, title="书记员", description="记录人。")
    registrar: Officer | None = Field(None, title="登记人", description="登记信访件的人。")
    contact: Officer | None = Field(
        None, title="对外联系人", description="告知书、答复意见书上的联系人；不得是被反映的人。"
    )


def is_same_name(one: str | None, other: str | None) -> bool:
    """Whether two names are given and equal, white space and width aside."""
    return bool(one and other) and _fold(one) == _fold(other)


def distinct_names(people: Iterable[Officer]) -> set[str]:
    """The names that are given, white space and width aside."""
    return {_fold(person.name) for person in people if person.name}


def _fold(name: str | None) -> str:
    return "".join(unicodedata.normalize("NFKC", name or "").split())
