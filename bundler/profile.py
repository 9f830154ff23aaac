"""The court as values: its name, codes and choices of wording, read from a TOML file."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bundler.errors import UsageError, reason

DEFAULT_PROFILE = Path(__file__).parent / "profiles" / "gangcheng.toml"


class _Values(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Switches(_Values):
    """Choices that the drafting brief leaves to the court (待核), with its defaults."""

    date_style: Literal["arabic", "hanzi"] = "arabic"
    seal_placeholder: bool = False
    cite_rule: bool = True
    leader_in_notice: bool = False
    period_sentence: bool = True
    duplicate_band: str = ""
    bureau_opinion: bool = True


class ResolutionLabels(_Values):
    """What the boxes of 化解情况 are called; the write-off standard itself was never seen."""

    enforced: str = "执行到位"
    settled: str = "达成执行和解并履行"
    explained: str = "经解释说明息诉"
    relieved: str = "经司法救助息诉"
    led_into: str = "已导入法定程序"


class Profile(_Values):
    """One court.

    Attributes:
        court_code: the court's codes as they stand in case numbers; the first is today's.
        return_days: within how many days returned papers are to be mended; 0: the notice names no day.
        rules_effective: the day from which the rules bind (Art. 18); None: always in force.
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
    rule_short: str = "实施意见"
    rules_effective: date | None = None
    return_days: int = Field(0, ge=0, le=365)
    switches: Switches = Switches()
    resolution: ResolutionLabels = ResolutionLabels()


def load_profile(path: Path | None = None) -> Profile:
    """Read a court's profile; the court of the regulation when no path is given.

    Raises:
        UsageError: the file cannot be read, is no TOML, or has a wrong key or value.
    """
    source = path or DEFAULT_PROFILE
    try:
        values: dict[str, Any] = tomllib.loads(source.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise UsageError(
            f"法院配置文件“{source.name}”读不了：{reason(error)}。", fix="请检查 --profile 给出的路径。"
        ) from error
    except UnicodeDecodeError as error:
        raise UsageError(f"法院配置文件“{source.name}”不是 UTF-8 编码。", fix="请用 UTF-8 编码另存。") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(
            f"法院配置文件“{source.name}”不是正确的 TOML：{error}", fix="请照 gangcheng.toml 的写法修改。"
        ) from error
    try:
        return Profile.model_validate(values)
    except ValidationError as error:
        names = "、".join(".".join(map(str, fault["loc"])) for fault in error.errors())
        raise UsageError(
            f"法院配置文件“{source.name}”中这些项不对或者不认识：{names}。",
            fix="请照 gangcheng.toml 的键名和写法修改。",
        ) from error
