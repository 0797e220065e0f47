"""Brevo: transactional mails, text messages and parsed replies. There is no signature: a bearer token is the proof.

It retries after connection failures and 429 only; any other refusal makes it drop the event.
"""

import hmac
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from services.api.security import Unauthorized
from services.api.webhooks.vocabulary import (
    UNKNOWN,
    ProviderEvent,
    fingerprint,
    instant,
    key_of,
    part,
    reference,
    unknown,
    words,
)

MAIL: Final = {
    "request": "email.sent",
    "delivered": "email.delivered",
    "opened": "email.opened",
    "unique_opened": "email.opened",
    "proxy_open": "email.opened",
    "unique_proxy_open": "email.opened",
    "click": "email.clicked",
    "hard_bounce": "email.bounced",
    "invalid_email": "email.bounced",
    "soft_bounce": "email.deferred",
    "deferred": "email.deferred",
    "blocked": "email.rejected",
    "error": "email.failed",
    "spam": "email.complained",
    "complaint": "email.complained",
    "unsubscribed": "email.unsubscribed",
    "unsubscribe": "email.unsubscribed",
}
BY_MACHINE: Final = {"proxy_open", "unique_proxy_open"}
SMS: Final = {
    "sent": "sms.sent",
    "accepted": "sms.sent",
    "delivered": "sms.delivered",
    "soft_bounce": "sms.failed",
    "hard_bounce": "sms.failed",
    "rejected": "sms.failed",
    "replied": "sms.received",
}
_MESSAGE_IDS: Final = re.compile(r"<[^<>\s]+>")


class Brevo:
    failure_status = 429

    def verify(self, headers: Mapping[str, str], body: bytes, secret: str) -> None:  # noqa: ARG002  The body is unsigned.
        given = headers.get("authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {secret}".encode()):
            raise Unauthorized("The bearer token is not the one of this endpoint.")

    def translate(self, body: Any) -> list[ProviderEvent]:
        """One object, a batch of them, or replies under `items`."""
        items = part(body, "items")
        if isinstance(items, list):
            return [_reply(item) for item in items]
        return [_event(one) for one in (body if isinstance(body, list) else [body])]


def _event(raw: Any) -> ProviderEvent:
    if part(raw, "msg_status") is not None:
        return _sms(raw)
    name = part(raw, "event")
    if not isinstance(name, str):
        return unknown(raw)
    message = part(raw, "message-id")
    key = key_of(name, message, part(raw, "email"), part(raw, "ts_event"))
    return ProviderEvent(
        kind=MAIL.get(name, UNKNOWN),
        dedup_key=key,
        raw=raw,
        occurred_at=instant(part(raw, "ts_event")) or instant(part(raw, "ts")),
        address=words(part(raw, "email")),
        references=tuple(dict.fromkeys(filter(None, (*_ours(raw), reference(message))))),
        suspected_bot=name in BY_MACHINE,
        subject=words(part(raw, "subject")),
    )


def _ours(raw: Any) -> Iterator[str | None]:
    """What we put into the header X-Mailin-custom when we sent the mail."""
    custom = part(raw, "X-Mailin-custom")
    try:
        found = json.loads(custom) if isinstance(custom, str) else custom
    except json.JSONDecodeError:
        return
    for name in ("message_id", "crm_message_id", "message_ref"):
        yield reference(part(found, name))


def _sms(raw: Any) -> ProviderEvent:
    status, to = part(raw, "msg_status"), part(raw, "to")
    return ProviderEvent(
        kind=SMS.get(str(status), UNKNOWN),
        dedup_key=key_of("sms", status, part(raw, "messageId"), to, part(raw, "ts_event")),
        raw=raw,
        occurred_at=instant(part(raw, "ts_event")),
        address=f"+{digits}" if (digits := str(to).lstrip("+")).isdigit() else None,
        references=tuple(filter(None, (reference(str(part(raw, "messageId") or "")), words(part(raw, "reference"))))),
        text=words(part(raw, "reply")),
    )


def _reply(raw: Any) -> ProviderEvent:
    """A mail that arrived at the reply address, parsed by Brevo. Automatic answers are told apart by their headers."""
    headers = part(raw, "Headers")
    identity = reference(part(raw, "MessageId")) or fingerprint(part(raw, "Uuid") or raw)
    return ProviderEvent(
        kind="email.autoresponded" if _is_automatic(headers) else "email.replied",
        dedup_key=key_of("inbound", identity),
        raw=raw,
        occurred_at=_sent_at(part(raw, "SentAtDate")),
        address=words(part(part(raw, "From"), "Address")),
        references=tuple(dict.fromkeys(_answered(raw, headers))),
        subject=words(part(raw, "Subject")),
        text=words(part(raw, "ExtractedMarkdownMessage")) or words(part(raw, "RawTextBody")),
    )


def _answered(raw: Any, headers: Any) -> Iterator[str]:
    """The message that is answered, then the older ones of the thread, newest first."""
    if direct := reference(part(raw, "InReplyTo")):
        yield direct
    thread = part(headers, "References")
    for found in reversed(_MESSAGE_IDS.findall(thread if isinstance(thread, str) else "")[-20:]):
        yield found.strip("<>")


def _is_automatic(headers: Any) -> bool:
    lower = (
        {str(name).lower(): str(value).lower() for name, value in headers.items()} if isinstance(headers, dict) else {}
    )
    return (
        lower.get("auto-submitted", "no") != "no"
        or lower.get("precedence") in {"bulk", "auto_reply", "list"}
        or "x-autoreply" in lower
    )


def _sent_at(text: Any) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return instant(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp())
