"""A workspace as its administrators change and get it."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from services.api.schemas import Currency, Flag, Instant, Name, Payload, View
from services.api.zones import Timezone
from shared.domain.thresholds import Settings

Language = Literal["fr", "en"]
WallTime = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$"), Field(examples=["20:00"])]
Overrides = Annotated[
    dict[str, Any],
    Field(
        description="Thresholds of the methods; those that are sent change, null gives one back its default",
        examples=[{"dormant_days": 120, "abc_cum_pct": [70, 90], "risk": {"complaints": 3}}],
    ),
]


class QuietHours(Payload):
    """No message leaves from one wall-clock time to the other, in the customer's time zone; it may cross midnight."""

    from_: Annotated[WallTime, Field(alias="from")]
    to: WallTime


class WorkspaceChange(Payload):
    """The fields to change."""

    name: Name | None = None
    timezone: Timezone | None = None
    currency: Annotated[Currency | None, Field(description="Fixed once a transaction exists")] = None
    language: Language | None = None
    settings: Overrides | None = None
    quiet_hours: QuietHours | None = None
    require_if_match: Flag | None = None


class QuietHoursView(View):
    """See `QuietHours`."""

    from_: Annotated[WallTime, Field(alias="from")]
    to: WallTime


class Workspace(View):
    """A workspace. `settings` are all thresholds as they apply."""

    id: UUID
    name: str
    timezone: str
    currency: str
    language: str
    sandbox: bool
    settings: Settings
    quiet_hours: QuietHoursView | None
    require_if_match: bool = Field(description="Whether changes without If-Match are refused (428)")
    version: int
    created_at: Instant


class ClockSetting(Payload):
    """What time it shall be, at once: nothing in between happens."""

    now: Instant


class ClockAdvance(Payload):
    """How far to go: everything due until then happens, in its order."""

    to: Instant


class TestClock(View):
    """What time it is in a sandbox, and where its clock is going."""

    now: Instant
    offset_seconds: float
    advancing_to: Instant | None
