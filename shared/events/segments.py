"""What the segmenter found, and what changes what it looks for."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from shared.events.base import Event


@dataclass(frozen=True, slots=True)
class SegmentDefined(Event):
    """A segment was created or its rule changed: its members are found anew."""

    type: ClassVar[str] = "segment.defined"
    segment_id: UUID
    definition_version: int


@dataclass(frozen=True, slots=True)
class SegmentDeleted(Event):
    """A segment is gone; everybody in it leaves."""

    type: ClassVar[str] = "segment.deleted"
    segment_id: UUID


@dataclass(frozen=True, slots=True)
class SegmentEntered(Event):
    """A customer now satisfies a segment's rule."""

    type: ClassVar[str] = "segment.entered"
    customer_id: UUID
    segment_id: UUID
    definition_version: int


@dataclass(frozen=True, slots=True)
class SegmentLeft(Event):
    """A customer no longer satisfies a segment's rule."""

    type: ClassVar[str] = "segment.left"
    customer_id: UUID
    segment_id: UUID
    definition_version: int


@dataclass(frozen=True, slots=True)
class ScoreChanged(Event):
    """Classes or scores of a customer changed: `changed` has, per name, the value before and after."""

    type: ClassVar[str] = "score.changed"
    customer_id: UUID
    changed: dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class RecomputeRequested(Event):
    """Somebody asked for every figure of the workspace to be computed again."""

    type: ClassVar[str] = "recompute.requested"
    reason: str


@dataclass(frozen=True, slots=True)
class WorkspaceUpdated(Event):
    """Settings of the workspace changed: thresholds, timezone, currency or its test clock."""

    type: ClassVar[str] = "workspace.updated"
    fields: list[str]
