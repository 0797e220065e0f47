"""How long and how large a value may be, once for the API's schemas and for imported files.

Lengths are in characters. Amounts fit numeric(18,4).
"""

from decimal import Decimal
from typing import Final

EXTERNAL_ID: Final = 200
NAME: Final = 200
EMAIL: Final = 254
PHONE: Final = 40
LABEL: Final = 100
SUBJECT: Final = 500
MESSAGE_ID: Final = 500
TEXT: Final = 10_000

TAGS: Final = 50
"""How many items a list of labels may have: tags, competitors, interests."""

INTEGER: Final = 2**31 - 1

AMOUNT_DECIMALS: Final = 4
AMOUNT_BELOW: Final = Decimal(10) ** 14
"""Every amount is strictly smaller than this, in absolute value."""
