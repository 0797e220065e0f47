"""Phone numbers of the whole world in E.164."""

import re

import phonenumbers

from shared.domain import limits
from shared.domain.contact import french_e164

FRANCE = "FR"
_LETTER = re.compile(r"[A-Za-z]")


def e164(text: str, *, country: str) -> str | None:
    """The E.164 form, or None when the text is no phone number.

    `country` (ISO code) says how to read a number without country code. A number counts when its length is possible
    there: numbering plans change more often than libraries, and a refused customer costs more than a dead number.
    Whoever stores the result keeps the raw text next to it.
    """
    if len(text) > limits.PHONE or _LETTER.search(text):
        return None
    if (country == FRANCE or text.lstrip().startswith(("+", "00"))) and (number := french_e164(text)) is not None:
        return number
    try:
        parsed = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    # "Possible within its town" is not enough: such a number cannot be called from elsewhere.
    if phonenumbers.is_possible_number_with_reason(parsed) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
