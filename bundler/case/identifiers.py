"""Identifiers with a legal form: case numbers, resident cards, credit codes, phones, registration numbers; and masking.

Each ``…_fault`` function returns one Chinese sentence that says what is wrong, or None. No sentence repeats the number,
because these are personal data. The number libraries are imported at first use, so that `check` starts quickly.
"""

from __future__ import annotations

import re
import unicodedata

from bundler.case.deferred_imports import deferred_imports

_CASE_NO = re.compile(
    r"（(?P<year>[0-9]{4})）(?P<court>最高法|[一-龥][0-9]{0,4})(?P<type>(?:(?![字第])[一-龥]){1,6})"
    r"(?P<number>[1-9][0-9]{0,7})号(之[一二三四五六七八九十]{1,3})?"
)
_OLD_CASE_NO = r"（(?P<year>(19|20)[0-9]{2})）(?P<court>[一-龥]{1,8})字第(?P<number>[1-9][0-9]{0,7})号(之[一二三四五六七八九十]{1,3})?"
_HAN = (
    r"\u3005\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufa6d\ufa70-\ufad9\U00020000-\U000323af"
)
"""The characters of the Han script (汉字) in a pattern; 〇, as in 二〇二一, and 々 are among them."""
_REGISTRATION_NO = re.compile(f"[0-9A-Za-z{_HAN}（）〔〕-]{{1,64}}")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－﹣", "-"))
_ID_OR_ACCOUNT = re.compile(r"(?<![0-9A-Za-z])[0-9]{6}[0-9]{5,9}[0-9]{3}[0-9Xx](?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<![0-9])(1[3-9][0-9])([- ]?)[0-9]{4}([- ]?)([0-9]{4})(?![0-9])")
_LANDLINE = re.compile(r"(?<![0-9A-Za-z])(0[0-9]{2,3}[- ]?)[0-9]{3,4}([0-9]{4})(?![0-9])")
_UNUSED_BY_STDNUM = ("ssl", "pydoc")
"""What python-stdnum imports to ask web services and to print its own documentation: 2.4 % of the instructions of a `check`."""
_FULL_WIDTH = {ord(wide): str(digit) for digit, wide in enumerate("０１２３４５６７８９")}


def case_number_fault(text: str) -> str | None:
    """Say why a case number (案号) is invalid by 《关于人民法院案件案号的若干规定》 and by the form used before 2016."""
    if _CASE_NO.fullmatch(text) or re.fullmatch(_OLD_CASE_NO, text):
        return None
    full_width = corrected_case_number(text)
    if full_width and full_width != text:
        return f"案号的括号或者数字不对，应写成“{full_width}”"
    if re.search(r"\D0[0-9]*号", text) or re.search(r"第[0-9]+号", text):
        plain = corrected_case_number(re.sub(r"第?0*([1-9][0-9]*)号", r"\1号", text))
        return f"应为“{plain}”" if plain else "案件编号前面不写“第”，也不写 0；" + _FORM
    return _FORM


_FORM = "案号应写成“（2020）鲁0117执9001号”的形式：全角圆括号、年份、法院代字、类型代字、编号、“号”字"


def corrected_case_number(text: str) -> str | None:
    """The case number with full-width round brackets and half-width digits; None if that does not make it valid."""
    candidate = unicodedata.normalize("NFKC", re.sub(r"\s", "", text))
    candidate = re.sub(r"^[(〔\[【]([0-9]{4})[)〕\]】]", r"（\1）", candidate)
    return candidate if _CASE_NO.fullmatch(candidate) or re.fullmatch(_OLD_CASE_NO, candidate) else None


def court_code_of(case_no: str) -> str | None:
    """The court's code in a case number of the current form, such as 鲁0117; None for the form used before 2016."""
    found = _CASE_NO.fullmatch(case_no)
    return found["court"] if found else None


def id_number_fault(text: str, birth_date: str | None = None) -> str | None:
    """Say why a resident's number is invalid by GB 11643: form, birth date or check digit; the region is not checked.

    The library's outdated table of regions rejects valid cards, so only birth date and check digit are checked with it.

    Args:
        text: the number as given.
        birth_date: the birth date given beside it, as YYYY-MM-DD, which must agree.
    """
    with deferred_imports(*_UNUSED_BY_STDNUM):
        from stdnum.cn import ric
        from stdnum.exceptions import ValidationError

    if not re.fullmatch(r"[1-9][0-9]{16}[0-9X]", text):
        return "公民身份号码应为 18 位：前 17 位是数字，末位是数字或者大写 X"
    try:
        born = ric.get_birth_date(text)
    except ValidationError:
        return "公民身份号码第 7 至 14 位不是一个日期"
    if ric.calc_check_digit(text) != text[-1]:
        return "公民身份号码的校验码（末位）不对"
    if birth_date is not None and born.isoformat() != birth_date:
        return "公民身份号码与出生日期不一致"
    return None


def credit_code_fault(text: str) -> str | None:
    """Say why a unified social credit code is invalid by GB 32100: form or check digit."""
    with deferred_imports(*_UNUSED_BY_STDNUM):
        from stdnum.cn import uscc

    if not re.fullmatch(r"[0-9A-HJ-NPQRTUWXY]{18}", text):
        return "统一社会信用代码应为 18 位数字和大写字母（不用 I、O、S、V、Z）"
    return None if uscc.is_valid(text) else "统一社会信用代码的校验码（末位）不对"


def phone_fault(text: str) -> str | None:
    """Say why a text is not a Chinese phone number: mobile, landline with area code, or service number."""
    if re.fullmatch(
        r"1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}(-[0-9]{1,6})?|[48]00-?[0-9]{3}-?[0-9]{4}|1[0-9]{4}|\+?86-?1[3-9][0-9]{9}",
        text,
    ):
        return None
    return "联系电话应为 11 位手机号码，或者带区号的固定电话，如 0531-00000000"


def registration_no_fault(text: str) -> str | None:
    """Say why a registration number (登记号) is not 1 to 64 letters, digits, 汉字 or （）〔〕-."""
    if _REGISTRATION_NO.fullmatch(text):
        return None
    return "登记号只能由 1 至 64 个字母、数字、汉字或者（）〔〕- 组成"


def fold_registration_no(text: str) -> str:
    """The form in which registration numbers are compared: width, kinds of dashes and letter case do not matter."""
    return unicodedata.normalize("NFKC", text.translate(_DASHES)).casefold()


def masked(text: str) -> str:
    """The text with masked (遮盖) identity and account numbers (first 6 and last 4 digits stay) and phones (``138****0000``)."""
    plain = text.translate(_FULL_WIDTH)
    covered = _ID_OR_ACCOUNT.sub(lambda found: _mask_middle(found[0]), plain)
    covered = _MOBILE.sub(r"\1\2****\3\4", covered)
    covered = _LANDLINE.sub(r"\1****\2", covered)
    return text if covered == plain else covered


def _mask_middle(number: str) -> str:
    return number[:6] + "*" * (len(number) - 10) + number[-4:]
