"""New bearer credentials: the text that is shown once, and what is kept of it."""

import secrets
from dataclasses import dataclass
from typing import Final

from services.api.security import hash_key

_SHOWN: Final = 9


@dataclass(frozen=True, slots=True)
class Credential:
    """`text` goes to its holder and nowhere else. `prefix` lets people tell keys apart; `digest` is what is stored."""

    text: str
    prefix: str
    digest: bytes


def new_credential(kind: str = "pk") -> Credential:
    """256 random bits behind a prefix that scanners of leaked secrets recognise: `pk_` for keys, `ps_` for sessions."""
    text = f"{kind}_{secrets.token_urlsafe(32)}"
    return Credential(text, text[:_SHOWN], hash_key(text))
