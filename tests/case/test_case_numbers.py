"""Identifiers with a legal form are checked by that form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from bundler.case.identifiers import (
    case_number_fault,
    court_code_of,
    credit_code_fault,
    fold_registration_no,
    id_number_fault,
    phone_fault,
    registration_no_fault,
)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("（2020）鲁0117执9001号", "鲁0117"),
        ("（2021）鲁01执监9009号", "鲁01"),
        ("（2020）鲁0117执恢12号之一", "鲁0117"),
        ("（2021）最高法执监3号", "最高法"),
        ("（2021）鲁0117司救执9002号", "鲁0117"),
        ("（2012）莱城法执字第66号", None),
    ],
)
def test_a_right_case_number_passes_and_names_its_court(number: str, code: str | None) -> None:
    """The current form and the form before 2016 are valid."""
    assert case_number_fault(number) is None
    assert court_code_of(number) == code


@pytest.mark.parametrize(
    "number",
    [
        "(2020)鲁0117执9001号",
        "〔2020〕鲁0117执9001号",
        "（2020）鲁0117执09001号",
        "（2020）鲁0117执9001",
        "（２０２０）鲁0117执9001号",
        "（2020）鲁0117执号",
        "2020鲁0117执9001号",
        "钢法发〔2021〕24号",
    ],
)
def test_a_wrong_case_number_is_told(number: str) -> None:
    """Half-width brackets, a padded number, a missing 号."""
    assert case_number_fault(number)


def test_the_full_width_form_is_shown() -> None:
    """The fault contains the corrected number."""
    assert "（2020）鲁0117执9001号" in str(case_number_fault("(2020)鲁0117执9001号"))


def check_digit_of_gb_11643(body: str) -> str:
    """The last character by the standard's own table of weights, so that no library is compared with itself."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11]


@pytest.mark.parametrize("text", ["11010519491231002X", "440524188001010014"])
def test_the_examples_of_the_standard_are_valid(text: str) -> None:
    """GB 11643-1999, 3.4 (examples of numbers)."""
    assert id_number_fault(text) is None


@given(st.integers(1, 999), st.dates(), st.sampled_from(["370117", "371203", "110101", "999999"]))
def test_resident_numbers_are_judged_by_date_and_check_digit_alone(order: int, born: object, place: str) -> None:
    """A card of an abolished region is valid; with another check digit it is not."""
    year = 1900 + order % 120
    body = f"{place}{year}{born:%m}{1 + order % 28:02d}{order:03d}"
    digit = check_digit_of_gb_11643(body)
    other = "0" if digit != "0" else "1"

    assert id_number_fault(body + digit) is None
    assert id_number_fault(body + other)


@pytest.mark.parametrize("text", ["", "37011719680502001", "370117196813020011", "37011719680502001x"])
def test_wrong_resident_numbers(text: str) -> None:
    """Form and date."""
    assert id_number_fault(text)


def test_credit_codes() -> None:
    """The check digit of GB 32100 is verified."""
    body = "91370117MA0000000"
    good = body + uscc.calc_check_digit(body)

    assert credit_code_fault(good) is None
    assert credit_code_fault(good[:-1] + ("0" if good[-1] != "0" else "1"))


@pytest.mark.parametrize("text", ["13800000000", "0531-00000000", "053100000000", "12368", "400-000-0000"])
def test_phones(text: str) -> None:
    """Mobiles, landlines with area code, service numbers."""
    assert phone_fault(text) is None


@pytest.mark.parametrize("text", ["1380000000", "无", "00000000"])
def test_wrong_phones(text: str) -> None:
    """Too short, words, no area code."""
    assert phone_fault(text)


def test_registration_numbers_are_compared_folded() -> None:
    """Numbers that differ only in width or dashes are the same."""
    assert fold_registration_no("钢信执2021-0042") == fold_registration_no("钢信执２０２１－0042")
    assert registration_no_fault("钢信执2021-0042") is None
    assert registration_no_fault("钢信执〔二〇二一〕佐々木𠅤1") is None
    assert registration_no_fault("钢信执/2021")
    assert registration_no_fault("钢信执。2021")
    assert registration_no_fault("a" * 65)
