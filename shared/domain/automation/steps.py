"""The steps of a sequence as values, and the stable choice between the variants of an e-mail."""

import hashlib
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import Final
from uuid import UUID

from shared.domain.durations import Duration
from shared.domain.rules.fields import Field

OWNER: Final = "owner"
TEAM: Final = "team"


@dataclass(frozen=True, slots=True)
class Variant:
    """One wording of an e-mail with its share of the customers (weights are relative)."""

    template_id: UUID
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Email:
    id: str
    variants: tuple[Variant, ...]


@dataclass(frozen=True, slots=True)
class Wait:
    """Days and months are steps on the customer's wall clock, hours elapsed time."""

    id: str
    duration: Duration


@dataclass(frozen=True, slots=True)
class Branch:
    """`condition` is whatever the rule reader returned; only the engine's facts can judge it."""

    id: str
    condition: object
    then: tuple["Step", ...]
    otherwise: tuple["Step", ...]


@dataclass(frozen=True, slots=True)
class Task:
    """Work for `assignee`: the customer's owner, or a user. `title` may hold placeholders."""

    id: str
    title: str
    assignee: str
    due: Duration


@dataclass(frozen=True, slots=True)
class Notify:
    """A line for the customer's owner, the owner's team, or a user. `message` may hold placeholders."""

    id: str
    to: str
    message: str


@dataclass(frozen=True, slots=True)
class Exit:
    id: str
    reason: str | None


Step = Email | Wait | Branch | Task | Notify | Exit

# What a branch may ask about an earlier e-mail: `step.hello.opened`.
_FACTS: Final = {
    "sent": ("envoyé", "sent"),
    "delivered": ("remis", "delivered"),
    "opened": ("ouvert", "opened"),
    "clicked": ("cliqué", "clicked"),
    "replied": ("répondu", "replied"),
    "bounced": ("rejeté", "bounced"),
}


def step_fields(email_steps: tuple[str, ...]) -> tuple[Field, ...]:
    """The fields that rules of a sequence may name besides those of the workspace, one per e-mail step and fact."""
    return tuple(
        Field(f"step.{step_id}.{fact}", f"{step_id} : {french}", f"{step_id}: {english}", "boolean", nullable=False)
        for step_id in email_steps
        for fact, (french, english) in _FACTS.items()
    )


def choose_variant(step: Email, *, sequence_id: UUID, customer_id: UUID) -> Variant:
    """The same customer gets the same variant on every process and every retry; shares follow the weights."""
    bounds = list(accumulate(variant.weight for variant in step.variants))
    if not bounds:
        raise ValueError(f"step {step.id} has no variant")
    digest = hashlib.sha256(f"{sequence_id}/{step.id}/{customer_id}".encode()).digest()
    return step.variants[bisect_right(bounds, int.from_bytes(digest[:8]) % bounds[-1])]
