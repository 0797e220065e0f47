"""A notification as its reader gets it."""

from uuid import UUID

from services.api.schemas import Flag, Instant, PageParameters, Payload, View


class Notification(View):
    """A line for the caller, or for everybody who may see the customer when `user_id` is null."""

    id: UUID
    user_id: UUID | None
    customer_id: UUID | None
    kind: str
    title: str
    body: str | None
    created_at: Instant
    read_at: Instant | None


class NotificationChange(Payload):
    """Tick it off, or take that back."""

    read: Flag


class NotificationListParameters(PageParameters):
    """Filters of the list, newest first."""

    unread: bool | None = None
    customer_id: UUID | None = None
    kind: str | None = None
