"""Read the caller's notifications."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, or_

from services.api.notifications.schemas import NotificationListParameters
from services.api.pagination import Sort
from services.api.records import listed, matching
from services.api.visibility import visible_facts
from services.api.work import Work
from shared.models import Notification

NAMES: Final = ("id", "user_id", "customer_id", "kind", "title", "body", "created_at", "read_at")


def as_notification(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: row[name] for name in NAMES}


def mine(work: Work) -> ColumnElement[bool]:
    """Those for the caller, and those for everybody about nobody or about a customer that the caller may see."""
    seen = visible_facts(work.principal, Notification.customer_id)
    for_all = and_(Notification.user_id.is_(None), or_(Notification.customer_id.is_(None), seen))
    return or_(Notification.user_id == work.principal.user_id, for_all) if work.principal.user_id else for_all


async def notifications_by(work: Work, wanted: NotificationListParameters) -> dict[str, Any]:
    """Newest first."""
    conditions = [mine(work), *matching(Notification, wanted, "customer_id", "kind")]
    if wanted.unread is not None:
        conditions.append(Notification.read_at.is_(None) if wanted.unread else Notification.read_at.is_not(None))
    sort = Sort(Notification.created_at, Notification.id, descending=True)
    return await listed(work, Notification, wanted, sort, as_notification, *conditions)
