"""Engagement with our messages (rule E1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.segmenter.domain.calendar import Window
from services.segmenter.domain.ratios import percentage


@dataclass(frozen=True, slots=True)
class Touch:
    """An interaction on its local day, on or before the day asked about; `cost` in minor units."""

    day: date
    kind: str
    message_id: str = ""
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Engagement:
    """Distinct messages, their rates in % (None when none was delivered), and social interactions."""

    delivered: int
    opened: int
    clicked: int
    rate_pct: Decimal | None
    click_rate_pct: Decimal | None
    social: int


def measure(touches: Sequence[Touch], window: Window) -> Engagement:
    """E1 for one customer: of the messages sent in the window, those that ever bounced, were opened or clicked.

    A click without an open is an open. An interaction that names no message tells nothing about one: neither
    delivered nor opened, since its opens could never be matched.
    """
    sent = _messages("email_sent", (touch for touch in touches if touch.day in window))
    delivered = sent - _messages("email_bounced", touches)
    clicked = delivered & _messages("email_clicked", touches)
    opened = clicked | (delivered & _messages("email_opened", touches))
    return Engagement(
        delivered=len(delivered),
        opened=len(opened),
        clicked=len(clicked),
        rate_pct=percentage(len(opened), len(delivered)),
        click_rate_pct=percentage(len(clicked), len(delivered)),
        social=sum(touch.kind == "social" and touch.day in window for touch in touches),
    )


def _messages(kind: str, touches: Iterable[Touch]) -> set[str]:
    return {touch.message_id for touch in touches if touch.kind == kind and touch.message_id}
