"""Tick notifications off."""

from typing import Any
from uuid import UUID

from sqlalchemy import update

from services.api.notifications.queries import as_notification, mine
from services.api.notifications.schemas import NotificationChange
from services.api.records import find
from services.api.work import Work
from shared.models import Notification


async def change_notification(work: Work, notification_id: UUID, given: NotificationChange) -> dict[str, Any]:
    """The first reading counts; ticking off twice changes nothing. Raises NotFound for somebody else's."""
    current = await find(work, Notification, notification_id, mine(work))
    if given.read is (current["read_at"] is not None):
        return as_notification(current)
    await work.session.execute(
        update(Notification)
        .where(Notification.workspace_id == work.workspace_id, Notification.id == notification_id)
        .values(read_at=work.now if given.read else None)
    )
    return as_notification(await find(work, Notification, notification_id))
