"""E-mail addresses, names and French phone numbers in the one form they are stored and compared in."""

import re
import unicodedata
from typing import Final

from shared.domain import limits

_LOCAL_PART: Final = 64

# A dot-atom of RFC 5321 without quoted forms or comments, and a host name with at least one dot.
_EMAIL: Final = re.compile(
    r"(?P<local>[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*)"
    r"@(?P<domain>(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+(?:[A-Za-z]{2,63}|[Xx][Nn]--[A-Za-z0-9-]{1,59}))"
)

_NOT_A_WORD: Final = re.compile(r"[^\w]+|_+")
# NFKD leaves these whole, although people type them apart.
_LIGATURES: Final = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ł": "l"})

_PHONE_PUNCTUATION: Final = str.maketrans("", "", " .-/()\u00a0\u202f\u2009\u2011\u2013")
_FRENCH: Final = re.compile(r"0([1-9][0-9]{8})")
_FRENCH_ABROAD: Final = re.compile(r"(?:\+|00)330?([1-9][0-9]{8})")
# The overseas departments are dialled like any French number, but have country codes of their own.
_OVERSEAS: Final = {
    "262": "262", "263": "262", "269": "262", "639": "262", "692": "262", "693": "262",
    "590": "590", "690": "590", "691": "590",
    "594": "594", "694": "594",
    "596": "596", "696": "596", "697": "596",
}  # fmt: skip
# 06 39 98 is set aside for works of fiction, inside the range of Mayotte but in metropolitan France.
_FICTION: Final = "63998"


def normalise_email(text: str) -> str | None:
    """The address with its domain in lower case and in ASCII, or None when it is not a plausible address.

    The local part keeps its case: only its own host may say that case means nothing. Compare addresses in lower case.
    """
    local, at, domain = text.strip().rpartition("@")
    if not at:
        return None
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            return None
    address = f"{local}@{domain.lower()}"
    if len(local) > _LOCAL_PART or len(address) > limits.EMAIL or _EMAIL.fullmatch(address) is None:
        return None
    return address


def fold_name(name: str) -> str:
    """The name as people compare names: no accents, no case, punctuation and blanks as one blank.

    "Société  d'Élevage" and "SOCIETE D ELEVAGE" fold to the same text.
    """
    if not name.isascii():
        decomposed = unicodedata.normalize("NFKD", name.casefold().translate(_LIGATURES))
        name = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _NOT_A_WORD.sub(" ", name.casefold()).strip()


def french_e164(text: str) -> str | None:
    """The E.164 form of a number written the French way (06 12 …, +33 (0)6 12 …), or None when it is not written so.

    Enough for almost every number of a French file, without the price of a full numbering plan.
    """
    digits = text.translate(_PHONE_PUNCTUATION)
    if match := _FRENCH.fullmatch(digits):
        subscriber = match[1]
        country = "33" if subscriber.startswith(_FICTION) else _OVERSEAS.get(subscriber[:3], "33")
        return f"+{country}{subscriber}"
    if match := _FRENCH_ABROAD.fullmatch(digits):
        return f"+33{match[1]}"
    return None
