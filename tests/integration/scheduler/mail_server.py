"""A real SMTP server that keeps what it gets, and answers as a test tells it to."""

from collections.abc import Awaitable, Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.smtp import SMTP, Envelope, Session


class MailServer:
    """`answers` are given to the next mails, one each; then every mail is accepted."""

    def __init__(self) -> None:
        self.port = 0
        self.received: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.senders: list[str] = []
        self.answers: list[str] = []
        self.recipient_answers: list[str] = []
        self.before_answer: Callable[[], Awaitable[object]] | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_RCPT(  # noqa: N802 - the name is the server library's.
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.recipient_answers:
            return self.recipient_answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - same.
        if self.answers:
            return self.answers.pop(0)
        content = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        message = message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)
        self.received.append(message)
        self.raw.append(content)
        self.senders.append(str(envelope.mail_from))
        if self.before_answer:
            await self.before_answer()
        return "250 2.0.0 queued as 42"
