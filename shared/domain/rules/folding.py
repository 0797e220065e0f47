"""Text without case and accents, so that "Éléonore" equals "eleonore" and "cœur" contains "COEUR".

The definition: compatibility decomposition (NFKD), without combining marks, case-folded, then the small table below.

PostgreSQL's `lower(unaccent(x))` agrees on every ASCII character, on every Latin letter with accents of U+00C0-U+017F
and of U+1E00-U+1E99 and U+1EA0-U+1EF9 (Vietnamese), and on typographic apostrophes and dashes; the Catalan l with
middle dot (U+013F, U+0140) is the one exception. It differs on signs rather than letters (² ½ © « » and the spaces
that do not break) and on phonetic letters. A function made of `normalize(x, NFKD)`, the removal of U+0300-U+036F,
`lower` and the same table agrees on these too.
"""

import unicodedata

# Letters that Unicode does not decompose, and punctuation that keyboards and word processors write differently.
SPELLED_OUT = {
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ħ": "h",
    "ŧ": "t",
    "ŋ": "n",
    "ı": "i",
    "ĸ": "q",
    "‘": "'",
    "’": "'",
    "‛": "'",
    "ʼ": "'",
    "‐": "-",
    "‒": "-",
    "–": "-",
    "—": "-",
    "―": "-",
}
_TABLE = str.maketrans(SPELLED_OUT)


def fold(text: str) -> str:
    """The form in which two texts are compared. Folding twice changes nothing."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return bare.casefold().translate(_TABLE)
