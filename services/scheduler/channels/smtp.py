"""Mails by SMTP: one kept connection, opened anew when the server closed it.

The transaction is spoken command by command, because the moment of a failure decides what it means: before DATA nothing
was accepted and trying again is safe; after it only the server knows.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from email.policy import SMTP, SMTPUTF8
from typing import Final
from urllib.parse import unquote, urlsplit

from aiosmtplib import SMTP as Client
from aiosmtplib.errors import (
    SMTPConnectResponseError,
    SMTPException,
    SMTPResponseException,
    SMTPServerDisconnected,
)

from services.scheduler.channels.port import (
    Accepted,
    Deferred,
    Mail,
    Outcome,
    Rejected,
    Unanswered,
    UnfitHeader,
    address_of,
    as_email,
)
from shared.logging import get_logger

TIMEOUT: Final = 20.0
MAILS_PER_CONNECTION: Final = 100
_BAD_MAILBOX: Final = ("5.1.1", "5.1.10")
_Outside = (SMTPException, OSError, TimeoutError)


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where and how: `smtps` is TLS from the start; `smtp` upgrades if offered, and must with a password."""

    host: str
    port: int
    tls: bool
    username: str | None = None
    password: str | None = None

    @classmethod
    def of_url(cls, url: str) -> "SmtpServer":
        """Of `smtp://user:password@host:port` or `smtps://…`; raises ValueError for anything else."""
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise ValueError("the mail server is given as smtp://user:password@host:port")
        tls = parts.scheme == "smtps"
        username, password = (unquote(part) if part else None for part in (parts.username, parts.password))
        return cls(parts.hostname, parts.port or (465 if tls else 587 if username else 25), tls, username, password)

    def client(self) -> Client:
        return Client(
            hostname=self.host,
            port=self.port,
            username=self.username,
            password=self.password,
            use_tls=self.tls,
            start_tls=None if self.tls or not self.username else True,
            timeout=TIMEOUT,
        )


class Smtp:
    """A channel over one connection. Used by one worker at a time."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server
        self._client: Client | None = None
        self._sent = 0

    async def send(self, mail: Mail, now: datetime) -> Outcome:
        try:
            client = await self._greet(address_of(mail.sender))
            content = self._content(client, mail, now)
            await client.rcpt(mail.recipient)
        except UnfitHeader as error:
            return Rejected(str(error))
        except _Outside as error:
            await self.close()
            return self._before_data(error)
        try:
            response = await client.data(content)
        except SMTPResponseException as error:
            await self.close()
            return _judge(error)
        except _Outside as error:
            await self.close()
            self._warn(error)
            return Unanswered(repr(error)[:500])
        self._sent += 1
        return Accepted(f"{response.code} {response.message}"[:500])

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is None:
            return
        try:
            await asyncio.wait_for(client.quit(), 2)
        except _Outside:
            client.close()

    async def _greet(self, sender: str) -> Client:
        """A connection on which MAIL FROM was accepted: the kept one, or a new one if it is stale or worn."""
        if self._sent >= MAILS_PER_CONNECTION:
            await self.close()
        if self._client is not None and self._client.is_connected:
            try:
                await self._client.mail(sender)
                return self._client
            except (SMTPServerDisconnected, OSError, TimeoutError):
                await self.close()
        self._client, self._sent = self._server.client(), 0
        await self._client.connect()
        await self._client.mail(sender)
        return self._client

    def _before_data(self, error: Exception) -> Outcome:
        if isinstance(error, SMTPResponseException) and not isinstance(error, SMTPConnectResponseError):
            return _judge(error)
        self._warn(error)
        return Deferred(repr(error)[:500])

    def _warn(self, error: Exception) -> None:
        """The server does not answer. The type says enough: a message could quote what was being said to it."""
        server = f"{self._server.host}:{self._server.port}"
        get_logger().warning("mail_server.unavailable", server=server, error=type(error).__name__)

    @staticmethod
    def _content(client: Client, mail: Mail, now: datetime) -> bytes:
        """An address beyond ASCII needs a server that speaks SMTPUTF8."""
        if mail.recipient.isascii():
            return as_email(mail, now, SMTP).as_bytes()
        if not client.supports_extension("smtputf8"):
            raise UnfitHeader("the mail server takes no address beyond ASCII")
        return as_email(mail, now, SMTPUTF8).as_bytes()


def _judge(error: SMTPResponseException) -> Outcome:
    """What the server answered: 4xx is for now, 5xx for good."""
    told = f"{error.code} {error.message}"[:500]
    if error.code < 500:
        return Deferred(told)
    return Rejected(told, bad_address=str(error.message).startswith(_BAD_MAILBOX))
