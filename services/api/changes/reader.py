"""Read a workspace's events from the broker's stream. One batched request, no consumer, nothing kept.

The stream numbers events; a cursor is such a number. Any replica may answer the batch, so that an empty one is
confirmed by the leader before the cursor moves past what other workspaces wrote.
"""

from typing import Any, Final
from uuid import UUID

import nats.errors
import orjson
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.errors import APIError, NotFoundError
from nats.js.errors import Error as StreamError

from services.api.changes.schemas import ChangesParameters
from shared.errors import Gone, InvalidInput, TemporarilyUnavailable
from shared.events.catalogue import CATALOGUE
from shared.messaging import STREAM, subject_of

PATIENCE: Final = 2.0
_BATCH: Final = f"$JS.API.DIRECT.GET.{STREAM}"
_SEQUENCE: Final = "Nats-Sequence"
_STATUS: Final = "Status"


async def changes_after(broker: Client, workspace_id: UUID, wanted: ChangesParameters) -> dict[str, Any]:
    """Raises Gone for a cursor that the stream no longer reaches, TemporarilyUnavailable without the broker."""
    if wanted.type is not None and wanted.type not in CATALOGUE:
        raise InvalidInput.at("?type", "unknown_event", "No such event; the documentation lists them.")
    if not broker.is_connected:
        raise TemporarilyUnavailable("The broker does not answer.")
    try:
        return await _read(broker, subject_of(workspace_id, wanted.type or ">"), wanted)
    except (nats.errors.Error, StreamError, OSError, TimeoutError) as error:
        raise TemporarilyUnavailable(f"The broker does not answer: {type(error).__name__}.") from error


async def _read(broker: Client, subject: str, wanted: ChangesParameters) -> dict[str, Any]:
    stream = broker.jetstream(timeout=PATIENCE)
    first, last = await _kept(stream)
    after = first - 1 if wanted.after is None else int(wanted.after)
    if not first - 1 <= after <= last:
        raise Gone("The stream does not keep what follows this cursor. Read everything once more, then begin anew.")
    if after == last:
        return {"items": [], "next_cursor": str(after)}
    messages = await _batch(broker, subject, after + 1, wanted.limit)
    if messages:
        return {"items": [_item(message) for message in messages], "next_cursor": _cursor(messages[-1])}
    try:
        await stream.get_msg(STREAM, seq=after + 1, subject=subject, next=True)
    except NotFoundError:
        return {"items": [], "next_cursor": str(last)}
    return {"items": [], "next_cursor": str(after)}


async def _kept(stream: JetStreamContext) -> tuple[int, int]:
    """The numbers of the first and the last event; (1, 0) before the very first, when there is no stream yet."""
    try:
        state = (await stream.stream_info(STREAM)).state
    except NotFoundError:
        return 1, 0
    return state.first_seq, max(state.last_seq, state.first_seq - 1)


async def _batch(broker: Client, subject: str, start: int, limit: int) -> list[Msg]:
    """At most `limit` messages from the number `start` on, in their order."""
    answers = await broker.subscribe(inbox := broker.new_inbox())
    try:
        wanted = {"seq": start, "next_by_subj": subject, "batch": limit}
        await broker.publish(_BATCH, orjson.dumps(wanted), reply=inbox)
        messages: list[Msg] = []
        while _is_message(answer := await answers.next_msg(timeout=PATIENCE)):
            messages.append(answer)
        return messages
    finally:
        await answers.unsubscribe()


def _is_message(answer: Msg) -> bool:
    """False for the end of the batch (204) and for nothing found (404). Raises APIError for any other status."""
    status = (answer.headers or {}).get(_STATUS)
    if status is None:
        return True
    if status in {"204", "404"}:
        return False
    raise APIError(code=int(status), description=str(answer.headers))


def _cursor(message: Msg) -> str:
    return str((message.headers or {})[_SEQUENCE])


def _item(message: Msg) -> dict[str, Any]:
    return {"cursor": _cursor(message), **orjson.loads(message.data)}
