"""Numbers of the whole world, read with the country they were written in."""

import phonenumbers
import pytest

from shared.phone_numbers import e164


@pytest.mark.parametrize(
    ("written", "country", "number"),
    [
        ("06 12 34 56 78", "FR", "+33612345678"),
        ("+33 6 12 34 56 78", "BE", "+33612345678"),
        ("0471 12 34 56", "BE", "+32471123456"),
        ("0049 30 123456", "FR", "+4930123456"),
        ("+49 (0)30 123456", "FR", "+4930123456"),
        ("(212) 555-0100", "US", "+12125550100"),
        ("+262 692 12 34 56", "FR", "+262692123456"),
        ("612345678", "FR", "+33612345678"),
    ],
)
def test_a_number_is_read_in_its_country(written: str, country: str, number: str) -> None:
    assert e164(written, country=country) == number


@pytest.mark.parametrize(
    ("written", "country"),
    [
        ("", "FR"), ("abc", "FR"), ("12", "FR"), ("06 12 34 56 78 poste 3", "FR"), ("555-0100", "US"),
        ("06 12 34 56 78 / 01 23 45 67 89", "FR"), ("+33612", "FR"), ("06 12 34 56 78", "ZZ"), ("1" * 41, "FR"),
    ],
)  # fmt: skip
def test_what_cannot_be_called_is_none(written: str, country: str) -> None:
    assert e164(written, country=country) is None


def test_the_fast_path_agrees_with_the_numbering_plan_of_mainland_france() -> None:
    for start in ("01", "02", "03", "04", "05", "06", "07", "08", "09"):
        written = f"{start} 11 22 33 44"
        parsed = phonenumbers.parse(written, "FR")
        assert e164(written, country="FR") == phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
