"""The normalised vocabulary: what any provider may report, in our words."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import orjson

UNKNOWN: Final = "unknown"
_LONGEST_KEY: Final = 300
_EARLIEST, _LATEST = 946_684_800, 7_258_118_400  # 2000 and 2200: anything else is no time of an event.


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A telephone call. `talked_seconds` is null when nobody answered."""

    reference: str
    direction: str | None = None
    started_at: datetime | None = None
    talked_seconds: int | None = None
    agent_email: str | None = None
    details: dict[str, Any] = field(default_factory=dict)
    transcript: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderEvent:
    """One thing that happened, as far as the provider tells.

    `dedup_key` is equal for every redelivery. `references` are the Message-IDs (without angle brackets) and ids of ours
    that may name the message, best first. `address` is an e-mail address, or a number in E.164.
    """

    kind: str
    dedup_key: str
    raw: Any
    occurred_at: datetime | None = None
    address: str | None = None
    references: tuple[str, ...] = ()
    suspected_bot: bool = False
    subject: str | None = None
    text: str | None = None
    call: Call | None = None

    @property
    def channel(self) -> str:
        return self.kind.partition(".")[0]


def key_of(*parts: object) -> str:
    """One key from the parts that make a delivery unique; long ones are hashed."""
    key = ":".join(str(part) for part in parts)
    return key if len(key) <= _LONGEST_KEY else hashlib.sha256(key.encode()).hexdigest()


def unknown(raw: Any, *parts: object) -> ProviderEvent:
    """Something that has no word here: kept, and nothing else."""
    return ProviderEvent(kind=UNKNOWN, dedup_key=key_of(*parts) if parts else fingerprint(raw), raw=raw)


def fingerprint(raw: Any) -> str:
    return hashlib.sha256(orjson.dumps(raw, option=orjson.OPT_SORT_KEYS)).hexdigest()


def instant(seconds: object) -> datetime | None:
    """From Unix seconds; None for anything that is no sensible time."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not _EARLIEST <= seconds <= _LATEST:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def reference(text: object) -> str | None:
    """A Message-ID as it is stored: without angle brackets and blanks."""
    return text.strip().strip("<>").strip()[:500] or None if isinstance(text, str) else None


def words(value: object) -> str | None:
    """Text that is not empty, or None."""
    return value if isinstance(value, str) and value.strip() else None


def part(value: object, name: str) -> Any:
    """A member of what should be an object; None if it is not there."""
    return value.get(name) if isinstance(value, dict) else None
