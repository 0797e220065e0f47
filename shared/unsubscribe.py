"""The token in an unsubscribe link: who opts out of what, signed, so that nobody can make one for somebody else.

It never expires: whoever finds an old mail may still say no. It needs no row in the database.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from typing import Final
from uuid import UUID

_PURPOSE: Final = b"portefeuille unsubscribe, version 1"
_NO_MESSAGE: Final = UUID(int=0)
_IDS, _MAC = 48, 16


@dataclass(frozen=True, slots=True)
class Unsubscription:
    """A person who wants no more of a channel, and the message in which the link stood, if any."""

    workspace_id: UUID
    customer_id: UUID
    channel: str = "email"
    message_id: UUID | None = None


def make_unsubscribe_token(secret_key: str, wish: Unsubscription) -> str:
    """Url-safe text without padding. The same wish gives the same token."""
    ids = (wish.workspace_id, wish.customer_id, wish.message_id or _NO_MESSAGE)
    content = b"".join(id_.bytes for id_ in ids) + wish.channel.encode()
    return base64.urlsafe_b64encode(content + _mac(secret_key, content)).rstrip(b"=").decode()


def read_unsubscribe_token(secret_key: str, token: str) -> Unsubscription | None:
    """None for anything that this key did not sign."""
    try:
        signed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        return None
    content, mac = signed[:-_MAC], signed[-_MAC:]
    if len(content) <= _IDS or not hmac.compare_digest(mac, _mac(secret_key, content)):
        return None
    workspace_id, customer_id, message_id = (UUID(bytes=content[at : at + 16]) for at in range(0, _IDS, 16))
    channel = content[_IDS:].decode()
    return Unsubscription(workspace_id, customer_id, channel, None if message_id == _NO_MESSAGE else message_id)


def _mac(secret_key: str, content: bytes) -> bytes:
    key = hmac.digest(secret_key.encode(), _PURPOSE, hashlib.sha256)
    return hmac.digest(key, content, hashlib.sha256)[:_MAC]
