"""What every transaction of the scheduler works with, and what all its mails have in common."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.scheduler.channels.port import address_of
from shared.settings import Settings
from shared.unsubscribe import Unsubscription, make_unsubscribe_token


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The sender, the address of our pages, and the key that signs links."""

    sender: str
    public_url: str
    secret_key: str

    @classmethod
    def of(cls, settings: Settings) -> "Letterhead":
        url = settings.public_url.rstrip("/")
        return cls(settings.mail_from, url, settings.secret_key.get_secret_value())

    def new_reference(self, message_id: UUID) -> str:
        """A Message-ID of our own, without its brackets."""
        domain = address_of(self.sender).rpartition("@")[2] or "localhost"
        return f"{message_id.hex}.{secrets.token_hex(4)}@{domain}"

    def unsubscribe_url(self, wish: Unsubscription) -> str:
        return f"{self.public_url}/u/{make_unsubscribe_token(self.secret_key, wish)}"


@dataclass(frozen=True, slots=True)
class Desk:
    """The door's open session, the letterhead, and the instant on the workspace's clock, taken once."""

    session: AsyncSession
    letterhead: Letterhead
    now: datetime
