"""French company numbers (SIREN, SIRET) and VAT numbers: the compact form, or None when the number cannot be right."""

import re
from typing import Final

_PUNCTUATION: Final = str.maketrans("", "", " .-_/\u00a0\u202f\u2009")
_SIREN: Final = re.compile(r"[0-9]{9}")
_SIRET: Final = re.compile(r"[0-9]{14}")
_FRENCH_VAT: Final = re.compile(r"FR([0-9A-HJ-NP-Z]{2})([0-9]{9})")

# What every second digit counts in Luhn's sum: its double, the digits of which are added.
_DOUBLED: Final = {digit: sum(divmod(2 * int(digit), 10)) for digit in "0123456789"}

LA_POSTE: Final = "356000000"
"""Its many establishments ran out of Luhn numbers: the plain sum of their digits is a multiple of five instead."""

# The form of the VAT numbers of the other countries French companies trade with; only the French key is checked.
_VAT_FORMS: Final = {
    "AT": r"U[0-9]{8}", "BE": r"[01][0-9]{9}", "BG": r"[0-9]{9,10}", "CY": r"[0-9]{8}[A-Z]", "CZ": r"[0-9]{8,10}",
    "DE": r"[0-9]{9}", "DK": r"[0-9]{8}", "EE": r"[0-9]{9}", "EL": r"[0-9]{9}", "ES": r"[A-Z0-9][0-9]{7}[A-Z0-9]",
    "FI": r"[0-9]{8}", "HR": r"[0-9]{11}", "HU": r"[0-9]{8}", "IE": r"[0-9][0-9A-Z+*][0-9]{5}[A-Z]{1,2}",
    "IT": r"[0-9]{11}", "LT": r"(?:[0-9]{9}|[0-9]{12})", "LU": r"[0-9]{8}", "LV": r"[0-9]{11}", "MT": r"[0-9]{8}",
    "NL": r"[0-9A-Z+*]{10}[0-9]{2}", "PL": r"[0-9]{10}", "PT": r"[0-9]{9}", "RO": r"[0-9]{2,10}", "SE": r"[0-9]{12}",
    "SI": r"[0-9]{8}", "SK": r"[0-9]{10}", "XI": r"(?:[0-9]{9}|[0-9]{12}|(?:GD|HA)[0-9]{3})",
    "GB": r"(?:[0-9]{9}|[0-9]{12}|(?:GD|HA)[0-9]{3})", "CHE": r"[0-9]{9}(?:MWST|TVA|IVA)?", "NO": r"[0-9]{9}(?:MVA)?",
}  # fmt: skip
_VAT: Final = re.compile("|".join(f"{country}{form}" for country, form in _VAT_FORMS.items()))


def normalise_siren(text: str) -> str | None:
    """Nine digits with a right Luhn key."""
    digits = _compact(text)
    return digits if _SIREN.fullmatch(digits) and _luhn(digits) else None


def normalise_siret(text: str) -> str | None:
    """Fourteen digits: a right SIREN, then five that make the whole number right by Luhn or by La Poste's rule."""
    digits = _compact(text)
    if _SIRET.fullmatch(digits) is None or not _luhn(digits[:9]):
        return None
    if _luhn(digits) or (digits.startswith(LA_POSTE) and sum(map(int, digits)) % 5 == 0):
        return digits
    return None


def normalise_vat_number(text: str) -> str | None:
    """Country prefix and number. A French one must hold a right SIREN and, where its key is numeric, the right key."""
    number = _compact(text).upper()
    if match := _FRENCH_VAT.fullmatch(number):
        key, siren = match.groups()
        # A key with letters follows no rule that can be checked here, and Monaco's numbers hold no SIREN.
        right = key == french_vat_key(siren) if key.isdigit() else True
        return number if right and (_luhn(siren) or siren.startswith("000")) else None
    return number if _VAT.fullmatch(number) else None


def french_vat_key(siren: str) -> str:
    """The two digits between FR and the SIREN."""
    return f"{(12 + 3 * (int(siren) % 97)) % 97:02d}"


def _compact(text: str) -> str:
    return text if text.isalnum() else text.translate(_PUNCTUATION)


def _luhn(digits: str) -> bool:
    return (sum(map(int, digits[-1::-2])) + sum(map(_DOUBLED.__getitem__, digits[-2::-2]))) % 10 == 0
