"""Base class and field types of the case model: frozen, unknown keys are errors, text is kept exactly as given.

The modules of the model do not postpone annotations, because pydantic would evaluate 250 strings at every start.
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, Strict

from bundler.printable_text import shows_nothing

PLACEHOLDER = "待填"
"""The text with which a new case.json says that a value is still to be filled in."""


class Value(BaseModel):
    """A frozen part of the case; unknown keys are errors, and no error text contains an input value."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, str_max_length=20_000, defer_build=True
    )


def is_blank(value: Any) -> bool:
    """Whether a value is a text that shows nothing or the skeleton's placeholder (待填…), which count as not given."""
    return isinstance(value, str) and (shows_nothing(value) or value.strip().lstrip("（(【〔[").startswith(PLACEHOLDER))


def _iso_date(value: Any) -> Any:
    """Accept only ``YYYY-MM-DD``: numbers and time stamps are not dates of a court paper."""
    if isinstance(value, str) and len(value) == len("2021-09-16"):
        return value
    if type(value) is date:
        return value
    raise ValueError("不是一个日期，应写成 2021-09-16 的形式")


def _iso_time(value: Any) -> Any:
    """Accept only ``YYYY-MM-DDTHH:MM``; court papers give no seconds and no zone."""
    if isinstance(value, str) and len(value) == len("2021-09-22T09:30") and value[10] == "T":
        return value
    if type(value) is datetime:
        return value
    raise ValueError("不是一个时间，应写成 2021-09-22T09:30 的形式")


FIRST_YEAR, LAST_YEAR = 1850, 2199
"""Years of court papers and of people's births; beyond them a limit could not be reckoned."""


def _check_year(day: date) -> date:
    """Refuse a day whose year is a misprint.

    Raises:
        ValueError: the year is too early or too late.
    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"的年份不对，应在 {FIRST_YEAR} 至 {LAST_YEAR} 之间")
    return day


Day = Annotated[date, BeforeValidator(_iso_date), AfterValidator(_check_year)]
Moment = Annotated[datetime, BeforeValidator(_iso_time), AfterValidator(_check_year)]
ServiceMethod = Literal["direct", "lien", "mail", "electronic", "entrusted", "forwarded"]


WholeNumber = Annotated[int, Strict()]
"""Only a JSON number; pydantic would read a text of digits, and true as 1."""
YesOrNo = Annotated[bool, Strict()]
"""Only true and false; pydantic would read 1 and “yes”."""


def _plain_path(name: str) -> str:
    """The path without empty and ``.`` steps: ``./a//b.pdf`` is the file ``a/b.pdf``; an absolute one stays as it is."""
    steps = [step for step in name.split("/") if step not in {"", "."}]
    return name if name.startswith("/") else "/".join(steps) or name


RelativePath = Annotated[str, AfterValidator(_plain_path)]
"""A file of the case folder; what leads out of it is refused where the file is opened."""


class Unknown(Value):
    """A registration field that could not be learnt, with the reason (不详)."""

    unknown: str = Field(title="不详的原因", description="无法查明的，写明原因；登记表印为“不详（原因）”。")
