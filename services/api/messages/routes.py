"""/v1/messages"""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.api.dependencies import AnyDoor
from services.api.messages import queries
from services.api.messages.schemas import Message, MessageListParameters, MessageSummary
from services.api.routing import router
from services.api.schemas import Page

routes = router("messages", "automation")


@routes.get("", response_model=Page[MessageSummary])
async def list_messages(door: AnyDoor, wanted: Annotated[MessageListParameters, Query()]) -> Response:
    """Messages, newest first."""
    return await door.read(queries.messages_by, wanted)


@routes.get("/{message_id}", response_model=Message)
async def get_message(door: AnyDoor, message_id: UUID) -> Response:
    """One message with its text and everything the provider reported of it."""
    return await door.read(queries.message_by_id, message_id)
