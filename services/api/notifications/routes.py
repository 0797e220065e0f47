"""/v1/notifications"""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.api.dependencies import AnyDoor
from services.api.notifications import commands, queries
from services.api.notifications.schemas import Notification, NotificationChange, NotificationListParameters
from services.api.routing import router
from services.api.schemas import Page

routes = router("notifications", "automation")


@routes.get("", response_model=Page[Notification])
async def list_notifications(door: AnyDoor, wanted: Annotated[NotificationListParameters, Query()]) -> Response:
    """What the caller is told, newest first."""
    return await door.read(queries.notifications_by, wanted)


@routes.patch("/{notification_id}", response_model=Notification)
async def update_notification(door: AnyDoor, notification_id: UUID, change: NotificationChange) -> Response:
    """Mark it as read, or as unread."""
    return await door.write(commands.change_notification, notification_id, change)
