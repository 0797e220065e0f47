"""Aircall: calls, transcripts and text messages. There is no signature: a token inside the body is the proof.

Deliveries are unordered, repeated, and hours late when they are retried. The token never leaves this module.
"""

import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from services.api.security import Unauthorized
from services.api.webhooks.vocabulary import UNKNOWN, Call, ProviderEvent, instant, key_of, part, unknown, words
from services.api.wire import parse_json
from shared.phone_numbers import e164

KINDS: Final = {
    "call.created": "call.started",
    "call.answered": "call.answered",
    "call.ended": "call.ended",
    "call.voicemail_left": "call.voicemail",
    "call.comm_assets_generated": "call.recording_ready",
    "transcription.created": "call.transcript_ready",
    "message.received": "sms.received",
    "message.sent": "sms.sent",
}
SPEAKERS: Final = {"internal": "—", "external": ">"}


class Aircall:
    failure_status = 503

    def verify(self, headers: Mapping[str, str], body: bytes, secret: str) -> None:  # noqa: ARG002  Headers prove nothing.
        given = part(parse_json(body), "token")
        if not hmac.compare_digest(str(given).encode("utf-8", "replace"), secret.encode()):
            raise Unauthorized("The token is not the one of this endpoint.")

    def translate(self, body: Any) -> list[ProviderEvent]:
        if not isinstance(body, dict):
            return [unknown(body)]
        raw = body | {"token": "***"}
        name, data = str(body.get("event")), body.get("data")
        kind = KINDS.get(name, UNKNOWN)
        key = key_of(name, part(data, "id"))
        if kind.startswith("call."):
            return [_call(kind, key, raw, data, instant(body.get("timestamp")))]
        if kind.startswith("sms."):
            return [_text_message(kind, key, raw, data)]
        # Several of a kind may happen to one call: told apart by their time.
        return [unknown(raw, name, part(data, "id"), body.get("timestamp"))]


def _call(kind: str, key: str, raw: Any, data: Any, told_at: datetime | None) -> ProviderEvent:
    is_transcript = kind == "call.transcript_ready"
    call_id = part(data, "call_id") if is_transcript else part(data, "id")
    if call_id is None:
        return unknown(raw)
    started, answered, ended = (instant(part(data, f"{moment}_at")) for moment in ("started", "answered", "ended"))
    moments = {"call.started": started, "call.answered": answered, "call.ended": ended}
    return ProviderEvent(
        kind=kind,
        dedup_key=key,
        raw=raw,
        occurred_at=moments.get(kind) or told_at,
        address=None if is_transcript else _number(part(data, "raw_digits")),
        references=(f"aircall:{call_id}",),
        call=Call(
            reference=f"aircall:{call_id}",
            direction=_direction(data),
            started_at=started,
            talked_seconds=int((ended - answered).total_seconds())
            if ended and answered and ended >= answered
            else None,
            agent_email=words(part(part(data, "user"), "email")),
            details=_details(data, call_id, started, answered or ended),
            transcript=_transcript(part(data, "content")) if is_transcript else None,
        ),
    )


def _details(data: Any, call_id: object, started: datetime | None, picked_up: datetime | None) -> dict[str, Any]:
    """What is worth keeping beside the call itself; only what is known."""
    rang = int((picked_up - started).total_seconds()) if started and picked_up else None
    found = {
        "provider": "aircall",
        "call_id": call_id,
        "ring_seconds": rang,
        "recording_url": part(data, "recording"),
        "voicemail_url": part(data, "voicemail"),
        "missed_reason": part(data, "missed_call_reason"),
        "agent": part(part(data, "user"), "name"),
        "line": part(part(data, "number"), "name"),
    }
    return {name: value for name, value in found.items() if value is not None}


def _text_message(kind: str, key: str, raw: Any, data: Any) -> ProviderEvent:
    at = _iso(part(data, "created_at")) or instant(part(raw, "timestamp"))
    number = _number(part(data, "external_number")) or _number(part(data, "raw_digits"))
    identity = part(data, "id")
    return ProviderEvent(
        kind=kind,
        dedup_key=key,
        raw=raw,
        occurred_at=at,
        address=number,
        references=(f"aircall:{identity}",) if identity is not None else (),
        text=words(part(data, "body")),
    )


def _direction(data: Any) -> str | None:
    direction = part(data, "direction")
    return direction if direction in {"inbound", "outbound"} else None


def _number(text: Any) -> str | None:
    """E.164; None for `anonymous`. Aircall writes numbers internationally."""
    return e164(text, country="FR") if isinstance(text, str) else None


def _iso(text: Any) -> datetime | None:
    try:
        return instant(datetime.fromisoformat(text).timestamp())
    except (TypeError, ValueError, OverflowError):
        return None


def _transcript(content: Any) -> str | None:
    """One line for each utterance; a dash before ours, an arrow before theirs."""
    utterances = part(content, "utterances")
    if not isinstance(utterances, list):
        return None
    lines = [
        f"{SPEAKERS.get(str(part(one, 'participant_type')), '?')} {text.strip()}"
        for one in utterances
        if (text := words(part(one, "text"))) is not None
    ]
    return "\n".join(lines) or None
